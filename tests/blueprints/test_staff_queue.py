"""The queue as staff see it: nothing of what she wrote, and who holds what."""

from datetime import timedelta

import pytest

from blueprints.staff import lists
from intake import today
from intake.topics import Audience
from tests.blueprints.conftest import StaffBureau
from tests.factories import HERS, text

SECRETS = ("Hemligheten", "äppelkaka", "onsdag", "Kim", HERS, "+4670", "Utsatt själv")


@pytest.mark.rule("S35")
def test_lists_show_the_day_and_never_topic_text_or_number(staff: StaffBureau) -> None:
    staff.clock.forward(minutes=17)
    reference = staff.send(staff.callback())
    page = staff.signed_in("maria").open("/")
    row = page.soup.select_one("a.row")
    assert row is not None
    words = " ".join(row.get_text(" ").split())
    # No call starts in the last quarter of an hour (S12), nor is one asked for.
    last = "ring nu, före kl. 11.02"
    for shown in (reference, "Vuxenenheten", "Oläst", "svenska", "kom i dag", last):
        assert shown in words
    for minute in ("10:17", "10.17"):  # of arrival
        assert minute not in words
    for secret in SECRETS:
        assert secret not in page.response.text


@pytest.mark.rule("S38")
def test_what_is_still_unread_is_the_top_count(staff: StaffBureau) -> None:
    maria = staff.signed_in("maria")
    counts = maria.open("/").soup.select(".counts li")
    assert [count.get_text(" ", strip=True) for count in counts] == ["0 Olästa"]
    for _ in range(2):
        staff.send(text())
    first = maria.open("/").soup.select(".counts li")[0]
    assert first.get_text(" ", strip=True) == "2 Olästa"


def test_the_one_who_comes_second_is_told_who_has_it(staff: StaffBureau) -> None:
    reference = staff.send(text())
    maria, amina = staff.signed_in("maria"), staff.signed_in("amina")
    seen_by_amina = amina.open(f"/r/{reference}")
    maria.press(f"/r/{reference}", "/claim")
    answer = amina.send(seen_by_amina, "/claim")
    assert answer.response.status_code == 409
    assert "Maria har ärendet" in answer.words
    assert "Maria har ärendet" in amina.open(f"/r/{reference}").words
    assert "Maria har det" in amina.open("/").words


def test_giving_back_leads_to_the_queue(staff: StaffBureau) -> None:
    reference, maria = staff.send(text()), staff.signed_in("maria")
    maria.press(f"/r/{reference}", "/claim")
    page = maria.press(f"/r/{reference}", "/release")
    assert page.response.request.path == "/"
    assert "du har det" not in page.words


def test_search_is_by_reference_and_finds_what_she_may_see(staff: StaffBureau) -> None:
    mine, hidden = staff.send(text()), staff.send(text(under_18=True))
    maria = staff.signed_in("maria")
    first, last = mine.split("-")
    bare = first + last
    for typed in (f" {mine.lower()} ", bare, bare.lower(), f"{first} – {last}"):
        found = maria.press("/", "/find", {"reference": typed})
        assert found.response.request.path == f"/r/{mine}"
    for typed in (hidden, "Hemligheten", HERS, mine[:4]):
        missing = maria.press("/", "/find", {"reference": typed})
        assert missing.response.status_code == 404
        assert "finns i dina köer" in missing.words


@pytest.mark.rule("S36")
def test_what_was_set_aside_is_counted_and_put_back(staff: StaffBureau) -> None:
    reference, maria = staff.send(text(set_aside=True)), staff.signed_in("maria")
    page = maria.open("/")
    counted = [
        count.get_text(" ", strip=True) for count in page.soup.select(".counts li")
    ]
    assert "1 Undanlagda" in counted
    maria.press(f"/r/{reference}", "/put-back")
    assert "Undanlagda" not in maria.open("/").words
    assert "1 Olästa" in maria.open("/").words


def test_an_empty_queue_says_so_and_leads_nowhere(staff: StaffBureau) -> None:
    page = staff.signed_in("maria").open("/")
    assert "Inget väntar här just nu." in page.words
    assert page.soup.select(".counts a") == []


@pytest.mark.rule("S31")
def test_one_side_is_shown_at_a_time_and_of_the_other_a_count(
    staff: StaffBureau,
) -> None:
    hurt = staff.send(text(under_18=True))
    hurts = staff.send(text(under_18=True, audience=Audience.USES_VIOLENCE))
    sara = staff.signed_in("sara")
    for path, here, other in (("/", hurt, hurts), ("/?side=hurts", hurts, hurt)):
        page = sara.open(path)
        assert here in page.response.text
        assert other not in page.response.text
    beside = sara.open(f"/r/{hurts}").soup.select_one("nav.lists")
    assert beside is not None
    assert hurts in str(beside)
    assert hurt not in str(beside)
    assert sara.open("/?side=nonsense").response.status_code == 200


def test_who_sees_one_side_is_not_told_of_another(staff: StaffBureau) -> None:
    page = staff.signed_in("amina").open("/?side=hurts")
    assert page.soup.select(".sides a") == []
    assert "Den som använder våld" not in page.response.text


@pytest.mark.rule("S37")
@pytest.mark.parametrize(
    ("minutes", "kind", "words"),
    [(61, [], "läs senast"), (59, ["soon"], "◆ snart:"), (-1, ["late"], "▲ sen:")],
)
def test_what_is_due_is_told_in_words_and_in_colour(
    staff: StaffBureau, minutes: int, kind: list[str], words: str
) -> None:
    reference = staff.send(text())
    with staff.writing() as session:
        due = staff.clock() + timedelta(minutes=minutes)
        staff.request(session, reference).reading_due_at = due
    row = staff.signed_in("maria").open("/").soup.select_one(f"a[href$='{reference}']")
    assert row is not None
    told = row.select_one(".due")
    assert told is not None
    assert [*told["class"]] == ["due", *kind]
    assert words in told.get_text()


@pytest.mark.rule("S26")
def test_a_child_without_a_decision_is_listed_of_its_own(staff: StaffBureau) -> None:
    reference, maria = staff.send(text(children=True)), staff.signed_in("maria")
    assert maria.open("/").soup.select("#children") == []
    maria.open(f"/r/{reference}")
    listed = maria.open("/").soup.select_one("#children")
    assert listed is not None
    assert reference in listed.get_text()
    assert listed.select(".late") == []
    maria = staff.signed_in("maria")
    staff.clock.forward(minutes=25)
    for _ in range(60):
        staff.clock.forward(minutes=25)
        maria.open("/")
    maria = staff.signed_in("maria")
    late = maria.open("/").soup.select_one("#children .late")
    assert late is not None
    assert "besluta senast" in late.get_text()


def test_the_lists_tell_when_they_changed_and_let_go_of_the_line(
    staff: StaffBureau,
) -> None:
    maria = staff.signed_in("maria")
    live = maria.open("/").soup.select_one(".live")
    assert live is not None
    before = live["data-version"]
    asked = maria.client.get(str(live["data-news"]))
    assert asked.mimetype == "text/event-stream"
    assert f"data: {before}\n" in asked.text
    assert asked.text.endswith("\n\n")
    same = {"Last-Event-ID": str(before)}
    assert "data" not in maria.client.get(str(live["data-news"]), headers=same).text
    staff.send(text())
    assert "data" in maria.client.get(str(live["data-news"]), headers=same).text


def test_a_page_that_asks_by_itself_keeps_no_session_alive(staff: StaffBureau) -> None:
    maria = staff.signed_in("maria")
    maria.open("/")
    for _ in range(2):
        staff.clock.forward(minutes=14)
        assert maria.client.get("/news").status_code == 200
        assert maria.client.get("/?auto=1").status_code == 200
    staff.clock.forward(minutes=3)
    for path in ("/news", "/?auto=1"):
        assert maria.client.get(path).status_code == 303
    # The cookie stays, so that a text sent now is given back and not refused.
    assert maria.client.get_cookie("desk") is not None


def test_without_script_the_page_is_read_in_again_by_hand_or_by_choice(
    staff: StaffBureau,
) -> None:
    maria = staff.signed_in("maria")
    page = maria.open("/")
    offered = [str(link["href"]) for link in page.soup.select("noscript a")]
    assert len(offered) == 2
    assert page.soup.select("meta[http-equiv]") == []
    by_itself = maria.open(next(href for href in offered if "auto" in href))
    assert by_itself.soup.select("noscript > meta[http-equiv=refresh]") != []


def test_a_long_pile_goes_on_on_pages_of_its_own(
    staff: StaffBureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module, name, few in (
        (today, "FEW", 1),
        (today, "MANY", 2),
        (lists, "MANY", 2),
    ):
        monkeypatch.setattr(module, name, few)
    sent = [staff.send(text()) for _ in range(3)]
    maria = staff.signed_in("maria")
    first = maria.open("/")
    assert len(first.soup.select("a.row")) == 1
    assert first.soup.select(".counts li")[0].get_text(" ", strip=True) == "3 Olästa"
    seen: list[str] = []
    page = maria.open(str(first.soup.select(".unread .more a")[0]["href"]))
    seen += [one.get_text() for one in page.soup.select("a.row .ref")]
    page = maria.open(str(page.soup.select("a[rel=next]")[0]["href"]))
    seen += [one.get_text() for one in page.soup.select("a.row .ref")]
    assert sorted(seen) == sorted(sent)
    assert maria.open("/list/nothing").response.status_code == 404
    assert maria.open("/list/unread?after=x").response.status_code == 200


def test_who_sits_at_two_units_sees_what_waits_in_each(staff: StaffBureau) -> None:
    staff.send(text())
    staff.send(text(under_18=True))
    rows = staff.signed_in("amina").open("/").soup.select(".units tbody tr")
    told = {
        row.select("th")[0].get_text(): row.select("td")[0].get_text() for row in rows
    }
    assert told == {"Vuxenenheten": "1", "Mottagningen": "0"}
