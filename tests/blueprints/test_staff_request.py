"""The page of one request: safe contact first, and what may be read by whom."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from blueprints.staff.papers import MOST_APART, Paper, as_one
from intake import returning
from intake.envelopes import put_number
from intake.joining import join
from intake.life import EventKind
from intake.models import Event
from intake.numbers import read_number
from intake.returning import Return
from intake.submissions import CallWish, Submission
from intake.topics import Audience, Channel, Danger, Kind, Origin, Phone, Wish
from intake.vault import KeyPair
from tests.blueprints.conftest import Browser, Given, StaffBureau
from tests.blueprints.public import Seen
from tests.factories import HERS, text


def warnings(page: Seen) -> str:
    shown = page.soup.select_one(".warnings")
    return shown.get_text(" ", strip=True) if shown else ""


def test_who_wants_an_interpreter_is_told_of_first_and_how(
    staff: StaffBureau,
) -> None:
    maria = staff.signed_in("maria")
    plain = maria.open(f"/r/{staff.send(text())}")
    assert "tolk" not in str(plain.soup.select_one("main .safe")).lower()
    wished = replace(
        staff.callback(), interpreter=True, interpreter_note="Kvinna, dari"
    )
    page = maria.open(f"/r/{staff.send(wished)}")
    head, safe = page.soup.select_one("main .head"), page.soup.select_one("main .safe")
    assert head is not None
    assert safe is not None
    assert "vill ha tolk" in head.get_text()
    how = "Tolk På telefon, inte från trakten, inga namn. Kvinna, dari"
    assert how in safe.get_text(" ", strip=True)


@pytest.mark.parametrize(
    ("note", "shown"),
    [
        ("woman", "Bara en kvinnas röst"),
        ("man", "Bara en mans röst"),
        ("any", "Vilken röst som helst"),
        ("dari", "dari"),
        ("dari, woman", "dari, bara en kvinnas röst"),
        ("Kvinna, dari, inte man", "Kvinna, dari, inte man"),
    ],
)
def test_the_interpreters_voice_is_told_in_words(
    staff: StaffBureau, note: str, shown: str
) -> None:
    wished = replace(staff.callback(), interpreter=True, interpreter_note=note)
    page = staff.signed_in("maria").open(f"/r/{staff.send(wished)}")
    (told,) = page.soup.select('main .safe dt:-soup-contains("Tolk") + dd bdi')
    assert told.get_text() == shown


def opened_by(staff: StaffBureau) -> list[str]:
    with staff.writing() as session:
        events = session.scalars(
            select(Event).where(Event.kind == EventKind.OPENED.value)
        )
        return [event.member.login for event in events if event.member]


def test_safe_contact_is_the_first_thing_on_the_page(staff: StaffBureau) -> None:
    reference = staff.send(staff.callback())
    page = staff.signed_in("maria").open(f"/r/{reference}")
    first = page.soup.select_one("main section")
    assert first is not None
    assert "safe" in first["class"]
    verdict = page.soup.select_one(".safe.yes .verdict")
    assert verdict is not None
    said = "✓ Får ringas nu. Ring före kl. 10.45, tiden slutar kl. 11.00."
    assert said in verdict.get_text()
    assert "minuter kvar" in verdict.get_text()
    assert "måndag 23 november kl. 10.00–11.00, svensk tid" in page.words


def test_times_are_written_one_way_whatever_the_browser_asks(
    staff: StaffBureau,
) -> None:
    reference, maria = staff.send(staff.callback()), staff.signed_in("maria")
    for path in (f"/r/{reference}", "/"):
        page = Seen(maria.client.get(path, headers={"Accept-Language": "en"}))
        assert "kl. 10.45" in page.words
        assert re.findall(r"[0-9]{1,2}:[0-9]{2}", page.words) == []


@pytest.mark.rule("S9")
@pytest.mark.parametrize(
    ("hours", "kind", "words"),
    [
        (0, "yes", "Får ringas nu"),
        (3, "wait", "Ring inte nu. Nästa tid står här under."),
        (None, "no", "Ring inte. Ingen tid är säker."),
    ],
)
def test_the_verdict_says_in_words_what_the_colour_repeats(
    staff: StaffBureau, hours: int | None, kind: str, words: str
) -> None:
    slots = () if hours is None else staff.around(hours)
    reference = staff.send(staff.callback(slots))
    page = staff.signed_in("maria").open(f"/r/{reference}")
    verdict = page.soup.select_one(f".safe.{kind} .verdict")
    assert verdict is not None
    assert words in verdict.get_text()


@pytest.mark.rule("S12")
def test_the_number_is_nowhere_on_the_page_before_a_call(staff: StaffBureau) -> None:
    reference, maria = staff.send(staff.callback()), staff.signed_in("maria")
    pages = [maria.open(f"/r/{reference}"), maria.press(f"/r/{reference}", "/claim")]
    digits = read_number(HERS).e164[3:]
    for page in pages:
        plain = page.response.text.replace(" ", "").replace("-", "")
        assert digits not in plain
        assert page.soup.select('a[href^="tel:"]') == []


@pytest.mark.rule("S10")
def test_the_words_are_shown_to_who_has_it_to_be_recognised(
    staff: StaffBureau,
) -> None:
    reference, maria = staff.send(staff.callback()), staff.signed_in("maria")
    before = maria.open(f"/r/{reference}")
    assert "äppelkaka" not in before.response.text
    assert "Det finns ett avtalat ord" in before.words
    after = maria.press(f"/r/{reference}", "/claim")
    for said in ("äppelkaka", "onsdag", "Säg aldrig ordet. Fråga aldrig efter det."):
        assert said in after.words
    assert "jag ringer om en kort undersökning" in after.words  # the line she chose
    assert "Förlåt, jag har fel nummer." in after.words
    staff.clock.forward(minutes=31)  # her lease has ended
    maria = staff.signed_in("maria")
    assert "äppelkaka" not in maria.open(f"/r/{reference}").response.text


@pytest.mark.rule("S10")
def test_where_no_word_was_agreed_nothing_is_named(staff: StaffBureau) -> None:
    reference = staff.send(staff.callback(word="", not_now_word=""))
    page = staff.signed_in("maria").press(f"/r/{reference}", "/claim")
    assert "Hej, kommer jag rätt?" in page.words
    assert "undersökning" not in page.words
    assert "Nämn ingenting. Fråga ingenting." in page.words


@pytest.mark.rule("S11")
def test_a_tick_is_an_upper_limit_until_the_number_is_confirmed(
    staff: StaffBureau,
) -> None:
    reference = staff.send(staff.callback(texts=True))
    page = staff.signed_in("maria").open(f"/r/{reference}")
    assert "Nej, inte än. Personens ja gäller när numret är bekräftat" in page.words
    assert "Nej. Lämna aldrig något." in page.words


@pytest.mark.rule("S4")
def test_what_the_number_changed_is_marked(staff: StaffBureau) -> None:
    reference = staff.send(staff.callback(staff.around(hours=4)))
    with staff.writing() as session:
        request = staff.request(session, reference)
        call = CallWish(read_number("070-174 06 77"), staff.around(hours=2))
        wish = Submission(language="sv", call=call)
        visit = Return(0, request, KeyPair.generate())
        now = staff.clock()
        returning.change_callback(session, staff.office, visit, wish, now)
    page = staff.signed_in("maria").open(f"/r/{reference}")
    assert "Numret är ändrat med numret till svaret" in warnings(page)
    marks = [mark.get_text() for mark in page.soup.select(".safe em")]
    assert "ändrat med numret, kan vara en annan person" in marks


@pytest.mark.rule("S4", "S9")
def test_advice_by_the_number_is_not_shown_as_hers(staff: StaffBureau) -> None:
    reference = staff.send(staff.callback(note="Inte när bilen står hemma"))
    with staff.writing() as session:
        request = staff.request(session, reference)
        more = staff.callback(staff.around(hours=2), note="Ring när som helst")
        join(session, staff.office, request, more, Origin.RECEIPT, staff.clock())
    page = staff.signed_in("maria").open(f"/r/{reference}")
    safe = page.soup.select_one("main .safe")
    assert safe is not None
    words = safe.get_text(" ", strip=True)
    assert "Personens egna råd Inte när bilen står hemma" in words
    assert "Råd skrivna med numret Ring när som helst" in words


def sms(staff: StaffBureau) -> str:
    """Send what the worker makes of a text."""
    born = Submission(
        "sv", channel=Channel.SMS, wish=Wish.CALL, texts={Kind.TEXT: "ring mig"}
    )
    reference = staff.send(born)
    with staff.writing() as session:
        request, number = staff.request(session, reference), read_number(HERS)
        put_number(session, staff.office, request, number, Origin.SMS, staff.clock())
    return reference


CASES = {
    "helper": (text(for_other=True), "Den som hjälper kan vara den som skadar"),
    "violence": (
        text(audience=Audience.USES_VIOLENCE),
        "Nämn aldrig någon utsatt",
    ),
    "child": (text(under_18=True), "Svara aldrig genom en förälder"),
    "concern": (
        text(channel=Channel.CONCERN, under_18=True),
        "Obekräftat",
    ),
    "danger": (text(danger=Danger.NOW), "ring 112"),
    "protected": (text(protected=True), "Skyddade personuppgifter"),
    "avoid": (text(avoid=True, avoid_text="Bo"), "får inte se ärendet"),
}
READERS = {"violence": "leila", "child": "sara", "concern": "sara", "helper": "maria"}


@pytest.mark.rule("S19", "S27", "S28", "S29")
@pytest.mark.parametrize("case", CASES)
def test_what_must_not_be_missed_is_said(staff: StaffBureau, case: str) -> None:
    submission, words = CASES[case]
    reference = staff.send(submission)
    staff.let_in(reference, "maria")
    page = staff.signed_in(READERS.get(case, "maria")).open(f"/r/{reference}")
    assert words in warnings(page)
    calm = staff.signed_in("johan").open(f"/r/{staff.send(text())}")
    assert warnings(calm) == ""


@pytest.mark.rule("S21", "S22")
def test_a_text_may_have_been_written_by_someone_else(staff: StaffBureau) -> None:
    page = staff.signed_in("amina").open(f"/r/{sms(staff)}")
    assert "Sms kan ha skrivits av någon annan" in warnings(page)
    assert "lämna inget röstmeddelande" in warnings(page)
    paper = page.soup.select_one(".paper.text em")
    assert paper is not None
    assert paper.get_text() == "kan ha skrivits av någon annan"


@pytest.mark.rule("S5")
def test_what_was_taken_back_says_perhaps_not_by_her(staff: StaffBureau) -> None:
    reference = staff.send(staff.callback())
    with staff.writing() as session:
        visit = Return(0, staff.request(session, reference), KeyPair.generate())
        returning.take_back(session, staff.office, visit, staff.clock())
    page = staff.signed_in("maria").open(f"/r/{reference}")
    assert "Återtaget, kanske inte av personen själv." in warnings(page)
    assert page.soup.select_one(".safe.no") is not None


@pytest.mark.rule("S27")
def test_a_childs_parents_phone_is_a_no_in_words(staff: StaffBureau) -> None:
    wish = replace(staff.callback(phone=Phone.PARENT), under_18=True)
    page = staff.signed_in("sara").open(f"/r/{staff.send(wish)}")
    assert "Ring inte. Telefonen är inte personens egen." in page.words


@pytest.mark.rule("S45")
def test_foreign_text_carries_its_warning(staff: StaffBureau) -> None:
    reference = staff.send(text("مرحبا", language="ar"))
    page = staff.signed_in("maria").open(f"/r/{reference}")
    assert "Klistra aldrig in text i en öppen översättningstjänst" in page.words
    paper = page.soup.select_one(".paper .text")
    assert paper is not None
    assert paper["dir"] == "auto"


def test_each_opening_is_logged_and_looked_at_twice_is_one(staff: StaffBureau) -> None:
    reference, maria = staff.send(text()), staff.signed_in("maria")
    for _ in range(2):
        maria.open(f"/r/{reference}")
    staff.signed_in("amina").open(f"/r/{reference}")
    assert opened_by(staff) == ["maria", "amina"]


@pytest.mark.rule("S38")
def test_first_reading_takes_nothing(staff: StaffBureau) -> None:
    reference, amina = staff.send(text()), staff.signed_in("amina")
    page = amina.open(f"/r/{reference}")
    assert "Hemligheten om trappan" in page.words
    after = amina.press(f"/r/{reference}", "/reading", {"urgency": "high"})
    assert "Brådskande" in after.words
    assert "Ingen har ärendet." in after.words
    assert after.soup.select(".reading") == []


@pytest.mark.rule("S38")
def test_i_have_read_marks_only_what_the_page_showed(staff: StaffBureau) -> None:
    reference, amina = staff.send(text()), staff.signed_in("amina")
    page = amina.open(f"/r/{reference}")
    with staff.writing() as session:
        visit = Return(0, staff.request(session, reference), KeyPair.generate())
        more, now = text("Han vet nu"), staff.clock.forward(minutes=1)
        returning.write_more(session, staff.office, visit, more, now)
    answer = amina.send(page, "/reading", {"urgency": "normal"})
    assert answer.response.status_code == 409
    assert "Något nytt kom medan du läste." in answer.words
    page = amina.open(f"/r/{reference}")
    assert "Han vet nu" in page.words
    amina.send(page, "/reading", {"urgency": "normal"})
    assert amina.open(f"/r/{reference}").soup.select(".reading") == []
    forged = amina.send(page, "/reading", {"urgency": "normal", "seen": ""})
    assert forged.response.status_code == 422


@pytest.mark.rule("S23")
def test_reading_below_her_own_word_is_refused_in_words(staff: StaffBureau) -> None:
    reference, maria = staff.send(text(danger=Danger.NOW)), staff.signed_in("maria")
    answer = maria.press(f"/r/{reference}", "/reading", {"urgency": "normal"})
    assert answer.response.status_code == 409
    assert "lägre brådska än den personen själv" in answer.words


def act(browser: Browser, reference: str, action: str, **said: str) -> Seen:
    return browser.press(f"/r/{reference}", action, {**said})


def test_position_marks_and_notes_are_kept(staff: StaffBureau) -> None:
    reference, maria = staff.send(text(protected=True)), staff.signed_in("maria")
    staff.let_in(reference, "maria")
    act(maria, reference, "/claim")
    marks: Given = {
        "marks": ["honour", "protected-data"],
        "position": "child-witness",
    }
    page = maria.press(f"/r/{reference}", "/position", marks)
    assert "Barn som bevittnar" in page.words
    assert "Heder: medla inte" in warnings(page)
    page = act(maria, reference, "/note", text="Ring skolan först")
    assert "Ring skolan först" in page.words
    noted = page.soup.select_one(".paper.note h3")
    assert noted is not None
    said = " ".join(noted.get_text().split())
    assert said == "Intern anteckning måndag 23 november, Maria"


def test_what_can_not_be_taken_is_given_back_at_the_field(staff: StaffBureau) -> None:
    reference, maria = staff.send(text()), staff.signed_in("maria")
    act(maria, reference, "/claim")
    page = act(maria, reference, "/note", text="x" * 10_001)
    assert page.response.status_code == 422
    assert "Högst 10 000 tecken" in page.words
    shown = page.soup.select_one("#note-text")
    assert shown is not None
    assert "x" * 10_001 in shown.get_text()
    answer = page.soup.select_one("#answer-text")
    assert answer is None or answer.get_text().strip() == ""


def test_who_lost_the_lease_gets_her_text_back(staff: StaffBureau) -> None:
    reference, maria = staff.send(text()), staff.signed_in("maria")
    page = act(maria, reference, "/claim")
    maria.press(f"/r/{reference}", "/release")
    answer = maria.send(page, "/note", {"text": "En lång anteckning"})
    assert answer.response.status_code == 409
    assert "En lång anteckning" in answer.response.text


def ready_to_close(staff: StaffBureau, browser: Browser) -> str:
    reference = staff.send(text())
    act(browser, reference, "/reading", urgency="normal")
    act(browser, reference, "/claim")
    return reference


@pytest.mark.rule("S30")
@pytest.mark.parametrize("lacking", [{}, {"conflict": "colleague"}, {"told": "Anna"}])
def test_closing_asks_whether_the_conflict_check_was_done(
    staff: StaffBureau, lacking: dict[str, str]
) -> None:
    maria = staff.signed_in("maria")
    reference = ready_to_close(staff, maria)
    form = maria.open(f"/r/{reference}").form("/close")
    assert form.select('[name="conflict"][checked]') == []
    assert (
        act(maria, reference, "/close", ending="helped", **lacking).response.status_code
        == 422
    )
    page = act(maria, reference, "/close", conflict="mine", ending="helped")
    assert page.response.request.path == "/"
    closed = maria.open(f"/r/{reference}")
    assert "Avslutat" in closed.words
    assert "Avslutades: jävskontroll gjord av den som avslutade" in closed.words
    assert [form["action"] for form in closed.soup.select("main form")] == []


@pytest.mark.rule("S30")
def test_a_conflict_check_left_undone_says_why(staff: StaffBureau) -> None:
    maria = staff.signed_in("maria")
    reference = ready_to_close(staff, maria)
    said = {"conflict": "not-done", "told": "Registret låg nere", "ending": "helped"}
    assert act(maria, reference, "/close", **said).response.request.path == "/"
    page = maria.open(f"/r/{reference}")
    assert "Avslutades: jävskontroll inte gjord" in page.words
    noted = page.soup.select_one(".paper.note .text")
    assert noted is not None
    assert noted.get_text() == "Jävskontrollen: nej. Registret låg nere"


@pytest.mark.rule("S35")
def test_history_tells_day_and_working_name_and_no_content(staff: StaffBureau) -> None:
    reference, maria = staff.send(text()), staff.signed_in("maria")
    act(maria, reference, "/claim")
    act(maria, reference, "/note", text="Hemlig anteckning")
    history = maria.open(f"/r/{reference}").soup.select_one(".history")
    assert history is not None
    words = history.get_text(" ", strip=True)
    assert "2026-11-23 Togs Maria" in words
    for hidden in ("Exempelsson", "Hemlig", ":0"):
        assert hidden not in words


@pytest.mark.rule("S36")
def test_a_flood_of_texts_is_shown_as_one() -> None:
    day = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    texts = [
        Paper("text", "Sms", day + timedelta(minutes=n), f"text {n % 40}", "")
        for n in range(60)
    ]
    answer = Paper("answer", "Svar", day + timedelta(hours=2), "hej", "")
    shown = list(as_one([*texts, answer]))
    assert [one.text for one in shown[:MOST_APART]] == [f"text {n}" for n in range(5)]
    flood, last = shown[MOST_APART:]
    assert flood.title == "55 sms till samma dag"
    assert flood.text.count("text ") == 40  # each wording once
    assert last is answer
    assert list(as_one(texts[:MOST_APART])) == texts[:MOST_APART]
