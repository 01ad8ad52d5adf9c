"""The yearly figures as a head reads them: counts, and small ones never."""

from tests.blueprints.conftest import StaffBureau
from tests.factories import text


def test_what_was_asked_is_counted_and_a_small_count_never_shown(
    staff: StaffBureau,
) -> None:
    paths = [f"/r/{staff.send(text())}" for _ in range(6)]
    maria = staff.signed_in("maria")
    maria.press(paths[0], "/claim")
    maria.press(paths[0], "/asked", {"exposed": "yes"})
    maria.press(paths[0], "/guided", {"whither": "police"})
    page = maria.open("/figures")
    tables = {
        table.caption.get_text(): " ".join(table.get_text(" ", strip=True).split())
        for table in page.soup.select("table")
        if table.caption
    }
    asked = tables["Frågat personen: utsatt för våld"]
    assert asked.endswith("Ärenden Inte frågat 5 Ja färre än 5")
    assert tables["Hänvisad vidare, vart"].endswith("Polisen färre än 5")
    assert "Vad samtalen ledde till" not in tables
    for words in tables.values():
        assert " 1" not in words
        assert " 6" not in words
