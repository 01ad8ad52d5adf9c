"""Who works with no requests: an analyst sees counts, and nothing else is there."""

import pytest

from intake import founding
from intake.errors import NoDesk
from intake.topics import Audience, Role, Side
from tests.blueprints.conftest import StaffBureau
from tests.factories import text
from web.desk import OPEN


def every_page(staff: StaffBureau, **known: object) -> dict[str, str]:
    """Return the path of every page that can be opened, by its view."""
    adapter = staff.app.url_map.bind("localhost")
    values = {"reference": "AAAA-AAAA", "who": "adult", "unit": "adult", **known}
    pages = (
        rule for rule in staff.app.url_map.iter_rules() if "GET" in (rule.methods or ())
    )
    return {
        rule.endpoint: adapter.build(
            rule.endpoint, {name: values.get(name, 1) for name in rule.arguments}
        )
        for rule in pages
    }


def test_an_analyst_begins_at_the_figures_and_finds_nothing_else(
    staff: StaffBureau,
) -> None:
    reference = staff.send(text())
    olof = staff.signed_in("olof")
    start = olof.open("/").response
    assert (start.status_code, start.headers["Location"]) == (303, "/figures")
    page = olof.open("/figures")
    assert page.soup.select_one('form[action="/find"]') is None
    pages = every_page(staff, reference=reference)
    found = {
        view: path
        for view, path in pages.items()
        if view not in OPEN and olof.open(path).response.status_code != 404
    }
    # Her own way in is hers as everybody's; how the desk works tells of nobody.
    others = {view for view, path in found.items() if not path.startswith("/account")}
    assert others == {"staff.start", "reports.figures", "staff.working"}
    shown = {str(link["href"]) for link in page.soup.select("header nav a")}
    assert shown <= set(found.values())


def test_the_closed_circle_is_counted_by_nobody(
    staff: StaffBureau,
) -> None:
    circle = staff.office.units["closed-circle"].name("sv")
    for _ in range(5):
        staff.send(text())
        staff.send(text(audience=Audience.USES_VIOLENCE))
        staff.send(text(avoid="Maria"))
    counted = staff.signed_in("olof").open("/figures")
    assert "Vuxenenheten 10" in counted.words
    assert circle not in counted.words
    assert "dina enheter" not in counted.words
    # Nor a head's, who holds its key: figures are printed and handed on (S29).
    assert circle not in staff.signed_in("maria").open("/figures").words


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.ANALYST])
def test_who_works_with_no_requests_gets_no_place(
    staff: StaffBureau, role: Role
) -> None:
    who = ("ny", "Ny", "Ny Exempel", role)
    with staff.writing() as session, pytest.raises(NoDesk):
        founding.add_member(session, *who, [("adult", Side.HURT)], staff.clock())
