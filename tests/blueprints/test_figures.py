"""The yearly figures as a head reads them: counts, and small ones never."""

from intake.keyring import desk_of
from intake.people import Membership
from intake.topics import Audience, Role, Side
from tests.blueprints.conftest import Browser, StaffBureau
from tests.factories import text


def tables(who: Browser) -> dict[str, str]:
    """Return the tables that somebody reads, in words, by their headings."""
    return {
        table.caption.get_text(): " ".join(table.get_text(" ", strip=True).split())
        for table in who.open("/figures").soup.select("table")
        if table.caption
    }


def test_what_was_asked_is_counted_and_a_small_count_never_shown(
    staff: StaffBureau,
) -> None:
    paths = [f"/r/{staff.send(text())}" for _ in range(6)]
    maria = staff.signed_in("maria")
    maria.press(paths[0], "/claim")
    maria.press(paths[0], "/asked", {"exposed": "yes"})
    maria.press(paths[0], "/guided", {"whither": "police"})
    read = tables(maria)
    asked = read["Frågat personen: utsatt för våld"]
    assert asked.endswith("Ärenden Inte frågat 5 Ja färre än 5")
    assert read["Hänvisad vidare, vart"].endswith("Polisen färre än 5")
    assert "Vad samtalen ledde till" not in read
    for words in read.values():
        assert " 1" not in words
        assert " 6" not in words


def test_a_head_counts_the_sides_that_she_holds_a_key_to_and_an_analyst_both(
    staff: StaffBureau,
) -> None:
    for audience in (Audience.EXPOSED, Audience.USES_VIOLENCE):
        for _ in range(5):
            staff.send(text(audience=audience))
    hers, all_of_them = (
        tables(staff.signed_in("maria")),
        tables(staff.signed_in("olof")),
    )
    assert hers["Enhet"].endswith(" 5")
    assert "Använder våld" not in hers["Den som hörde av sig"]
    assert all_of_them["Enhet"].endswith(" 10")
    with staff.writing() as session:
        maria = staff.member(session, "maria").id
        session.add(
            Membership(  # who waits at a desk counts nothing there yet
                member_id=maria,
                desk_id=desk_of(session, "adult", Side.HURTS).id,
                asked_at=staff.clock(),
            )
        )
    assert tables(staff.signed_in("maria")) == hers


def test_a_head_of_the_other_side_counts_that_one(staff: StaffBureau) -> None:
    for _ in range(5):
        staff.send(text())
    with staff.writing() as session:
        staff.member(session, "leila").role = Role.HEAD
    assert tables(staff.signed_in("leila")) == {}


def test_the_page_says_whose_requests_it_leaves_out(staff: StaffBureau) -> None:
    for login in ("maria", "olof"):
        words = staff.signed_in(login).open("/figures").words
        assert "Ärenden i den slutna kretsen räknas inte" in words


def test_attempts_are_counted_and_few_of_them_never_shown(staff: StaffBureau) -> None:
    paths = [f"/r/{staff.send(staff.callback())}" for _ in range(2)]
    maria = staff.signed_in("maria")
    for path in paths:
        maria.press(path, "/claim")
        maria.press(path, "/call")
        maria.press(path, "/outcome", {"outcome": "no-answer"})
    tried = tables(maria)["Försök att ringa utan svar"]
    assert tried.endswith("Ärenden Ett färre än 5")
