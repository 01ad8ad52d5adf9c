"""A head's opening hours: seen before they are saved, hers alone, nothing dropped."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from intake.hours import Slot
from intake.models import Window
from intake.schedule import PlanEdit, standing
from tests.blueprints.conftest import Browser, StaffBureau
from tests.blueprints.public import Seen

PATH = "/hours/adult"


@pytest.fixture
def maria(staff: StaffBureau) -> Browser:
    return staff.signed_in("maria")


def part(page: Seen, heading: str) -> str:
    """Return what stands under a heading of the page."""
    (found,) = [one for one in page.soup.select("h2") if heading in one.get_text()]
    assert found.parent is not None
    return " ".join(found.parent.get_text(" ").split())


def day_row(page: Seen, day: str) -> str:
    (row,) = [one for one in page.soup.select(".ahead > li") if day in one.get_text()]
    return " ".join(row.get_text(" ").split())


def save(maria: Browser, **values: str) -> Seen:
    """Change some fields, look at what changes, and save it."""
    look = maria.press(PATH, PATH, {**values, "look": "1"})
    answer = maria.send(look, PATH, {"save": "1"})
    assert answer.response.status_code == 303, answer.said
    return maria.open(answer.response.headers["Location"])


def slots(staff: StaffBureau) -> list[Slot]:
    return staff.office.units["adult"].calendar.slots(staff.clock())


def edits(staff: StaffBureau) -> int:
    with staff.writing() as session:
        return len(session.scalars(select(PlanEdit)).all())


def test_a_head_sees_what_visitors_are_offered(
    staff: StaffBureau, maria: Browser
) -> None:
    staff.send(staff.callback((slots(staff)[0],)))
    page = maria.open(PATH)
    assert len(page.soup.select(".ahead > li")) == 14
    today = day_row(page, "23 nov.")
    assert "08:00–12:00, 13:00–16:30" in today
    assert "○ 11.00 2 kvar" in today  # within the hour
    assert "13.00 1 kvar" in today
    assert "○ 08.00 2 kvar" in day_row(page, "2 dec.")
    assert "inga tider att välja" in day_row(page, "29 nov.")


def test_an_edit_is_seen_before_it_is_saved(staff: StaffBureau, maria: Browser) -> None:
    look = maria.press(PATH, PATH, {"open_3": "9-12", "slot_capacity": "3"})
    changed = part(look, "Det här ändras")
    assert "Öppet torsdag: 08:00–12:00, 13:00–16:30 → 09:00–12:00" in changed
    assert "Platser i varje tid: 2 → 3" in changed
    assert "Ändras. Förut: 08:00–12:00, 13:00–16:30; 7 tider" in day_row(look, "26 nov")
    assert "09:00–12:00" in day_row(look, "26 nov")
    assert edits(staff) == 0
    assert "09:00–12:00" not in day_row(maria.open(PATH), "26 nov")


def test_a_saved_edit_holds_at_once_and_is_remembered(
    staff: StaffBureau, maria: Browser
) -> None:
    page = save(maria, open_3="9-12")
    assert "Tiderna är sparade" in page.words
    assert "09:00–12:00" in day_row(page, "26 nov")
    history = page.soup.select_one("details.history")
    assert history is not None
    told = " ".join(history.get_text(" ").split())
    assert "Öppet torsdag: 08:00–12:00, 13:00–16:30 → 09:00–12:00 Maria" in told
    thursday = date(2026, 11, 26)
    assert len(staff.office.units["adult"].calendar.spans(thursday)) == 1


def test_a_day_that_nobody_covers_is_named_before_it_is_saved(maria: Browser) -> None:
    gap = "Varken enheten eller jouren har öppet"
    assert gap not in maria.open(PATH).words
    closed = {"from_day": "2026-11-26", "reason": "Flytt", "look": "1"}
    look = maria.press(PATH, PATH, closed)
    assert f"{gap}: 08:00–16:30" in day_row(look, "26 nov")
    assert gap not in day_row(look, "25 nov")


def test_days_that_differ_have_a_reason_and_can_be_dropped(maria: Browser) -> None:
    page = save(
        maria, from_day="2026-11-26", to_day="2026-11-27", reason="Planeringsdagar"
    )
    assert "stängt" in day_row(page, "26 nov")
    assert "stängt" in day_row(page, "27 nov")
    assert "tors 26 nov. 2026: stängt (Planeringsdagar)" in page.words
    look = maria.press(PATH, PATH, {"drop": ["2026-11-26"], "look": "1"})
    assert "stängt (Planeringsdagar) → som vanligt" in look.words
    maria.send(look, PATH, {"save": "1"})
    page = maria.open(PATH)
    assert "08:00–12:00" in day_row(page, "26 nov")
    assert "stängt" in day_row(page, "27 nov")


def test_a_day_may_have_other_hours_or_no_calls(maria: Browser) -> None:
    new = {"from_day": "2026-11-26", "reason": "Utbildning"}
    page = save(maria, change="other", day_hours="10–12", **new)
    assert "10:00–12:00" in day_row(page, "26 nov")
    page = save(maria, change="no-calls", **{**new, "from_day": "2026-11-27"})
    friday = day_row(page, "27 nov")
    assert "08:00–12:00, 13:00–15:00 inga tider att välja" in friday


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"open_0": "åtta till fem"}, "Öppet måndag: Skriv tider så här"),
        ({"open_0": "8-25"}, "Öppet måndag: Skriv tider så här"),
        ({"open_0": "13-9"}, "Öppet måndag: Stängningen är före öppningen."),
        ({f"open_{n}": "" for n in range(7)}, "Enheten måste ha öppet"),
        ({f"visits_{n}": "" for n in range(7)}, "Adressen står på sidan"),
        ({"slot_capacity": "0"}, "Hur många kan välja samma tid?: Skriv 1 till 50."),
        ({"slot_capacity": "många"}, "Hur många kan välja samma tid?"),
        ({"slot_minutes": "1"}, "Hur länge varar en tid?"),
        ({"from_day": "2026-11-26"}, "Skriv ett skäl"),
        ({"from_day": "i morgon", "reason": "x"}, "Från och med"),
        ({"reason": "Flytt"}, "Skriv vilken dag det gäller."),
        (
            {"from_day": "2026-11-26", "to_day": "2026-11-25", "reason": "x"},
            "Skriv en dag efter den första",
        ),
        (
            {"from_day": "2026-11-26", "change": "other", "reason": "x"},
            "Skriv de andra öppettiderna",
        ),
    ],
)
def test_what_does_not_do_is_given_back(
    staff: StaffBureau, maria: Browser, values: dict[str, str], said: str
) -> None:
    page = maria.press(PATH, PATH, {**values, "save": "1"})
    assert page.response.status_code == 422
    assert said in " ".join(page.said)
    filled = page.filled(PATH)
    assert all(
        filled[name] == text for name, text in values.items() if "_m" not in name
    )
    assert edits(staff) == 0


def test_a_head_is_told_on_today_of_days_without_a_free_place(
    staff: StaffBureau, maria: Browser
) -> None:
    first, second = (
        [one for one in slots(staff) if one.starts_at.day == day] for day in (24, 25)
    )
    said = "utan en enda ledig tid: Vuxenenheten"
    for slot in [*first * 2, *second * 2][:-1]:  # all but the very last place
        staff.send(staff.callback((slot,)))
    page = maria.open("/")
    assert f"1 dag framåt {said}" in page.words
    assert page.soup.select_one(f'a[href="{PATH}"]')
    staff.send(staff.callback((second[-1],)))
    assert f"2 dagar framåt {said}" in maria.open("/").words
    assert said not in staff.signed_in("amina").open("/").words


def test_one_press_ends_the_calls_of_today_and_one_undoes_it(
    staff: StaffBureau, maria: Browser
) -> None:
    page = maria.press(PATH, "/no-calls")
    assert "Inga fler samtal utlovas i dag." in page.words
    assert "inga tider att välja" in day_row(page, "23 nov")
    assert slots(staff)[0].starts_at.day == 24
    again = maria.press(PATH, "/calls-again")
    assert "13.00 2 kvar" in day_row(again, "23 nov")
    assert slots(staff)[0].starts_at.day == 23
    assert edits(staff) == 3  # with what the file said before


@pytest.mark.rule("S37")
def test_promised_times_outside_the_hours_are_named_and_kept(
    staff: StaffBureau, maria: Browser
) -> None:
    slot = slots(staff)[0]
    mine = staff.send(staff.callback((slot,)))
    look = maria.press(
        PATH, PATH, {"from_day": "2026-11-23", "reason": "Brand", "look": "1"}
    )
    assert mine in part(look, "Lovade tider utanför de nya tiderna: 1")
    maria.send(look, PATH, {"save": "1"})
    told = part(maria.open(PATH), "Lovade tider utanför öppettiderna: 1")
    assert f"måndag 23 november 13.00–14.00: {mine}" in told
    with staff.writing() as session:
        window = session.scalars(select(Window)).one()
        assert (window.withdrawn_at, window.place) == (None, 0)
    staff.clock.now = slot.ends_at + timedelta(minutes=1)
    again = staff.signed_in("maria").open(PATH)
    assert "Lovade tider" not in again.words


def test_two_heads_at_once_overwrite_nothing(
    staff: StaffBureau, maria: Browser
) -> None:
    old = maria.press(PATH, PATH, {"open_3": "9-12", "look": "1"})
    save(maria, open_4="9-12")
    late = maria.send(old, PATH, {"save": "1"})
    assert late.response.status_code == 409
    assert "Någon annan ändrade tiderna medan du skrev" in late.words
    assert late.filled(PATH)["open_3"] == "9-12"
    assert "Öppet fredag: 09:00–12:00 → 08:00–12:00, 13:00–15:00" in late.words
    assert maria.send(late, PATH, {"save": "1"}).response.status_code == 303
    with staff.writing() as session:
        unit = staff.office.units["adult"]
        assert standing(session, unit).number == 2


def test_a_head_changes_her_own_units_only(staff: StaffBureau, maria: Browser) -> None:
    assert "Vuxenenheten" in maria.open("/hours").words
    assert "Barn- och ungdomsenheten" not in maria.open("/hours").words
    token = maria.open(PATH).filled("/sign-out")["csrf_token"]
    assert maria.open("/hours/children").response.status_code == 404
    for action in ("", "/no-calls", "/calls-again"):
        said = {"csrf_token": token, "save": "1"}
        answer = maria.client.post(f"/hours/children{action}", data=said)
        assert answer.status_code == 404
    amina = staff.signed_in("amina")
    assert amina.open(PATH).response.status_code == 404
    assert "Öppettider" not in amina.open("/").response.text
    assert edits(staff) == 0
