"""Foreign text has its approved route beside it, whose time counts (S45)."""

import pytest

from tests.blueprints.conftest import StaffBureau
from tests.factories import text


@pytest.mark.rule("S45")
def test_the_approved_route_and_its_time_stand_beside_foreign_text(
    staff: StaffBureau,
) -> None:
    path = f"/r/{staff.send(text('مرحبا', language='ar'))}"
    page = staff.signed_in("maria").open(path)
    shown = page.soup.select_one(".papers .translation")
    assert shown is not None
    words = " ".join(shown.get_text().split())
    assert "Exempelbyråns skyddade tjänst" in words
    assert "Den tiden ingår i svarstiden." in words
    assert "före svarstiden" in words
    staff.clock.forward(days=2)
    late = staff.signed_in("maria").open(path).soup.select_one(".papers .translation")
    assert late is not None
    assert "efter svarstiden" in late.get_text()


@pytest.mark.rule("S45")
def test_swedish_text_needs_no_route(staff: StaffBureau) -> None:
    page = staff.signed_in("maria").open(f"/r/{staff.send(text())}")
    assert page.soup.select(".translation") == []
