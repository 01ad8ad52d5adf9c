"""Calling from the page: a POST shows the number, and only an outcome ends it."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from intake import returning
from intake.missed import ended_uncalled, mark_missed
from intake.models import Number, Request, StoppedNumber
from intake.numbers import read_number
from intake.returning import Return
from intake.topics import Danger, Opening, State
from intake.vault import KeyPair
from tests.blueprints.conftest import Browser, StaffBureau
from tests.blueprints.public import Seen
from tests.factories import HERS


def state(staff: StaffBureau) -> State:
    with staff.writing() as session:
        return session.scalars(select(Request)).one().state


@pytest.fixture
def path(staff: StaffBureau) -> str:
    """Return the page of a request that may be called now."""
    return f"/r/{staff.send(staff.callback())}"


@pytest.fixture
def maria(staff: StaffBureau, path: str) -> Browser:
    """Return a head of unit who holds it."""
    browser = staff.signed_in("maria")
    browser.press(path, "/claim")
    return browser


@pytest.mark.rule("S12")
def test_call_is_a_post_after_which_the_number_stands(
    staff: StaffBureau, maria: Browser, path: str
) -> None:
    assert maria.open(f"{path}/call").response.status_code == 405
    page = maria.press(path, "/call")
    link = page.soup.select_one('a[href^="tel:"]')
    assert link is not None
    assert link["href"] == f"tel:{read_number(HERS).e164}"
    assert "070-174 06 55" in link.get_text()
    assert page.soup.select_one(".calling [data-left]") is not None
    assert page.soup.select_one(".calling .script") is not None  # beside the number
    johan = staff.signed_in("johan")
    assert 'href="tel:' not in johan.open(path).response.text


MESSAGE = "Cykeln är inte lagad än. Vi provar igen senare."


@pytest.mark.rule("S11")
@pytest.mark.rule("S12")
@pytest.mark.parametrize(
    ("ticked", "confirmed", "may"),
    [(True, True, True), (True, False, False), (False, True, False)],
)
def test_a_message_may_be_left_where_she_allows_it_or_nobody_waits_for_the_tone(
    staff: StaffBureau, ticked: bool, confirmed: bool, may: bool
) -> None:
    wish = staff.callback(voicemail=ticked, opening=Opening.WRONG_PERSON)
    path, maria = f"/r/{staff.send(wish)}", staff.signed_in("maria")
    maria.press(path, "/claim")
    if confirmed:
        with staff.writing() as session:
            session.scalars(select(Number)).one().confirmed_at = staff.clock()
    words = maria.press(path, "/call").words
    assert ("Röstmeddelande får lämnas" in words) is may
    assert (f"Svarar röstbrevlådan, säg bara: Hej! {MESSAGE}" in words) is may
    assert ("Lämna aldrig något röstmeddelande" in words) is not may
    assert ("Lägg på efter 20 sekunder" in words) is not may


@pytest.mark.parametrize("texts", [True, False])
def test_what_follows_where_nobody_answered_is_as_she_chose(
    staff: StaffBureau, texts: bool
) -> None:
    path = f"/r/{staff.send(staff.callback(texts=texts))}"
    maria = staff.signed_in("maria")
    maria.press(path, "/claim")
    with staff.writing() as session:
        session.scalars(select(Number)).one().confirmed_at = staff.clock()
    assert "Ingen svarade" not in maria.open(path).words
    outcome(maria, path, outcome="no-answer")
    words = maria.open(path).words
    assert ("ja till sms: välj ”vi provar igen”" in words) is texts
    assert ("inte sagt ja till sms" in words) is not texts


@pytest.mark.rule("S12")
@pytest.mark.parametrize("minutes", [45, 61])
def test_what_was_open_on_the_screen_is_checked_again_at_the_press(
    staff: StaffBureau, maria: Browser, path: str, minutes: int
) -> None:
    page = maria.open(path)
    assert page.soup.select(".to-call button.go")
    for _ in range(3):
        maria.press(path, "/note", {"text": "kvar"})
        staff.clock.forward(minutes=minutes / 3)
    answer = maria.send(page, "/call")
    assert answer.response.status_code == 409
    assert state(staff) is State.OPEN or state(staff) is State.UNREAD
    assert 'href="tel:' not in answer.response.text


@pytest.mark.rule("S12", "S17")
def test_where_a_lock_is_there_is_no_button_but_reasons(
    staff: StaffBureau, path: str
) -> None:
    maria = staff.signed_in("maria")
    maria.press("/people", "/call-test/adult/off")
    page = maria.open(path)
    assert page.soup.select('form[action$="/call"]') == []
    reasons = [reason.get_text() for reason in page.soup.select(".to-call li")]
    assert len(reasons) == 2
    assert reasons[0] == "Du har inte ärendet. Ta det först."
    assert "Till dess är samtal och sms avstängda." in reasons[1]


@pytest.mark.rule("S13")
def test_nothing_but_an_outcome_ends_a_call(
    staff: StaffBureau, maria: Browser, path: str
) -> None:
    calling = maria.press(path, "/call")
    for action in ("/release", "/call"):
        assert calling.soup.select(f'form[action$="{action}"]') == []
    maria.press("/", "/sign-out")
    staff.clock.forward(days=1)
    again = staff.signed_in("maria")
    page = again.open(path)
    assert 'href="tel:' in page.response.text
    assert "Samtal utan utfall" in again.open("/").words
    page = again.press(path, "/outcome", {"outcome": "no-answer"})
    assert 'href="tel:' not in page.response.text
    assert state(staff) is not State.CALLING


def outcome(browser: Browser, path: str, **said: str) -> Seen:
    browser.press(path, "/call")
    return browser.press(path, "/outcome", {**said})


def test_an_outcome_has_to_be_chosen(maria: Browser, path: str) -> None:
    page = outcome(maria, path)
    assert page.response.status_code == 422
    assert page.soup.select_one(".calling .error") is not None
    assert 'href="tel:' in page.response.text


@pytest.mark.rule("S10")
def test_only_outcomes_that_fit_the_agreed_word_are_offered(
    staff: StaffBureau, maria: Browser, path: str
) -> None:
    page = maria.press(path, "/call")
    offered = {str(one["value"]) for one in page.soup.select("[name=outcome]")}
    assert {"word-came", "no-word", "not-now"} <= offered
    assert "said-unasked" not in offered


@pytest.mark.rule("S14")
def test_another_answered_stops_all_contact(maria: Browser, path: str) -> None:
    page = outcome(maria, path, outcome="another-answered")
    assert "✕ Ring inte. Någon annan har svarat." in page.words
    assert page.soup.select('form[action$="/call"]') == []


@pytest.mark.rule("S16")
def test_never_again_is_a_stop_that_says_ask_the_head(
    staff: StaffBureau, maria: Browser, path: str
) -> None:
    outcome(maria, path, outcome="said-stop", never_again="y")
    with staff.writing() as session:
        assert len(session.scalars(select(StoppedNumber)).all()) == 1
    other = f"/r/{staff.send(staff.callback(staff.around(hours=0)))}"
    page = maria.press(other, "/claim")
    reasons = [reason.get_text() for reason in page.soup.select(".to-call li")]
    assert reasons == ["Stopp. Fråga chefen."]


@pytest.mark.rule("S14", "S16")
def test_another_answered_stops_her_number_elsewhere_until_a_head_lifts_it(
    staff: StaffBureau, maria: Browser, path: str
) -> None:
    other, amina = f"/r/{staff.send(staff.callback())}", staff.signed_in("amina")
    amina.press(other, "/claim")
    outcome(maria, path, outcome="another-answered")
    staff.clock.forward(minutes=1)
    page = amina.open(other)
    assert "✕ Ring inte. Det står ett stopp på numret." in page.words
    assert [one.get_text() for one in page.soup.select(".to-call li")] == [
        "Stopp. Fråga chefen."
    ]
    assert page.soup.select("[name=lifts]") == []
    assert "annan har svarat" not in page.words  # nothing of the other request
    page = maria.open(other)
    choices = [str(one["value"]) for one in page.soup.select("[name=lifts]")]
    assert choices == ["no", "yes"]
    stays = maria.press(other, "/decide", {"lifts": "no", "reason": "Vet inte än"})
    assert "Det står ett stopp på numret" in stays.words
    lifted = maria.press(other, "/decide", {"lifts": "yes", "reason": "Hen ringde"})
    assert "Det står ett stopp på numret" not in lifted.words
    assert amina.open(other).soup.select(".to-call button.go")
    assert "Någon annan har svarat" in maria.open(path).words


@pytest.mark.rule("S14")
def test_a_head_lifts_a_stop_with_a_reason(
    staff: StaffBureau, maria: Browser, path: str
) -> None:
    outcome(maria, path, outcome="said-stop")
    page = maria.press(path, "/decide", {"lifts": "yes", "reason": " "})
    assert page.response.status_code == 422
    page = maria.press(path, "/decide", {"lifts": "yes", "reason": "Talat med henne"})
    assert "Någon har sagt stopp" not in page.words
    assert "Talat med henne" in page.words


@pytest.mark.rule("S14")
def test_who_is_no_head_is_not_offered_to_lift_it(
    staff: StaffBureau, path: str
) -> None:
    amina = staff.signed_in("amina")
    amina.press(path, "/claim")
    page = outcome(amina, path, outcome="said-stop")
    choices = [str(one["value"]) for one in page.soup.select("[name=lifts]")]
    assert choices == ["no"]
    forged = amina.press(path, "/decide", {"lifts": "yes", "reason": "Ändå"})
    assert forged.response.status_code == 422
    assert "Någon har sagt stopp" in amina.open(path).words


@pytest.mark.rule("S25")
def test_after_a_call_in_vain_what_is_acute_is_let_wait_with_a_reason(
    staff: StaffBureau,
) -> None:
    amina = staff.signed_in("amina")
    for danger, alerts in ((Danger.SOON, False), (Danger.NOW, True)):
        reference = staff.send(replace(staff.callback(), danger=danger))
        path = f"/r/{reference}"
        amina.press(path, "/claim")
        page = outcome(amina, path, outcome="no-answer")
        assert ("annars larmas jouren igen" in page.words) is alerts
    choices = [str(one["value"]) for one in page.soup.select("[name=lifts]")]
    assert choices == ["no"]
    page = amina.press(path, "/decide", {"lifts": "no", "reason": "Ring 08"})
    assert "Ring 08" in page.words
    assert "annars larmas jouren igen" not in page.words


@pytest.mark.rule("S13")
def test_a_head_takes_over_a_call_that_a_colleague_left(
    staff: StaffBureau, path: str
) -> None:
    amina, maria = staff.signed_in("amina"), staff.signed_in("maria")
    amina.press(path, "/claim")
    amina.press(path, "/call")
    early = maria.open(path)
    assert "Samtalet kan pågå. Från i dag kl. 10.16 kan du ta över det" in early.words
    assert early.soup.select('form[action$="/take-over"]') == []
    staff.clock.forward(minutes=15)
    page = maria.press(path, "/take-over", {"reason": " "})
    assert page.response.status_code == 422
    assert page.soup.select_one("details[open] #take_over-reason") is not None
    page = maria.press(path, "/take-over", {"reason": "Amina blev sjuk"})
    assert page.soup.select('form[action$="/outcome"]')
    assert "Amina blev sjuk" in page.words
    assert "tog över ett samtal utan utfall" in page.words
    assert amina.open(path).soup.select('form[action$="/outcome"]') == []


@pytest.mark.rule("S13")
def test_who_is_no_head_is_not_offered_to_take_a_call_over(
    staff: StaffBureau, maria: Browser, path: str
) -> None:
    maria.press(path, "/call")
    staff.clock.forward(minutes=20)
    page = staff.signed_in("amina").open(path)
    assert page.soup.select('form[action$="/take-over"]') == []
    assert "kan du ta över det" not in page.words


@pytest.mark.rule("S5", "S13")
def test_a_call_that_was_taken_back_can_still_be_ended(
    staff: StaffBureau, path: str
) -> None:
    amina = staff.signed_in("amina")
    amina.press(path, "/claim")
    amina.press(path, "/call")
    with staff.writing() as session:
        visit = Return(0, session.scalars(select(Request)).one(), KeyPair.generate())
        returning.take_back(session, staff.office, visit, staff.clock())
    page = amina.open(path)
    assert page.soup.select('form[action$="/outcome"]')
    assert 'href="tel:' not in page.response.text  # S12: it stands no more
    maria = staff.signed_in("maria")
    staff.clock.forward(minutes=15)
    page = maria.press(path, "/take-over", {"reason": "Amina gick hem"})
    assert page.soup.select('form[action$="/outcome"]')
    maria.press(path, "/outcome", {"outcome": "no-answer"})
    assert state(staff) is State.TAKEN_BACK


@pytest.mark.rule("S10", "S14", "S15")
@pytest.mark.parametrize(
    ("what", "told"),
    [
        ("cancelled", "Samtalen avbokades i ett samtal, med ordet."),
        ("no-word", "Någon svarade, men ordet kom inte."),
        ("another-answered", "Någon annan har svarat."),
    ],
)
def test_a_stop_says_what_happened(
    maria: Browser, path: str, what: str, told: str
) -> None:
    assert told in outcome(maria, path, outcome=what).words


@pytest.mark.rule("S14")
@pytest.mark.parametrize(
    ("what", "lifts"),
    [("said-stop", True), ("wrong-number", False), ("cancelled", False)],
)
def test_only_what_a_head_may_lift_is_said_to_be_hers(
    staff: StaffBureau, path: str, what: str, lifts: bool
) -> None:
    amina = staff.signed_in("amina")
    amina.press(path, "/claim")
    words = outcome(amina, path, outcome=what).words
    assert ("kan bara en chef häva" in words) == lifts


@pytest.mark.rule("S12")
def test_the_page_counts_down_to_the_last_moment_of_a_call(
    staff: StaffBureau, path: str
) -> None:
    page = staff.signed_in("maria").open(path)
    verdict = page.soup.select_one(".safe .verdict")
    assert verdict is not None
    words = " ".join(verdict.get_text().split())
    assert "Ring före kl. 10.45, tiden slutar kl. 11.00." in words
    assert "44 minuter kvar att ringa" in words


@pytest.mark.rule("S37")
@pytest.mark.parametrize(
    ("what", "stays"), [("line-fault", True), ("word-came", False)]
)
def test_a_time_that_we_missed_is_said_until_we_have_talked(
    staff: StaffBureau, path: str, what: str, stays: bool
) -> None:
    later = (*staff.around(), *staff.around(hours=2))
    path = f"/r/{staff.send(staff.callback(later))}"
    staff.clock.forward(hours=2)
    with staff.writing() as session:
        for found in ended_uncalled(session, staff.clock()):
            mark_missed(session, staff.office, found, staff.clock())
    maria = staff.signed_in("maria")
    page = maria.press(path, "/claim")
    sorry = "En tid missades av oss måndag 23 november. Säg förlåt"
    assert sorry in page.words
    assert (sorry in outcome(maria, path, outcome=what).words) == stays
    again = f"/r/{staff.send(staff.callback())}"
    assert sorry not in maria.open(again).words


@pytest.mark.rule("S9")
def test_a_request_is_not_closed_over_a_time_unseen(
    staff: StaffBureau, maria: Browser, path: str
) -> None:
    maria.press(path, "/reading", {"urgency": "normal"})
    form = maria.open(path).form("/close")
    assert "måndag 23 november kl. 10.00–11.00" in " ".join(form.get_text().split())
    said = {"conflict": "mine", "ending": "helped"}
    page = maria.press(path, "/close", said)
    assert page.response.status_code == 422
    said["drops_times"] = "y"
    assert maria.press(path, "/close", said).response.request.path == "/"
    assert state(staff) is State.CLOSED
