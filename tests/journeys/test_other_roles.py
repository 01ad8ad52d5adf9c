"""The pages of those who are no heads: axe, and every control by keyboard alone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.journeys.demonstration import Demonstration
from tests.journeys.desk_pages import FOR_THE_COORDINATOR, unfold, walk
from tests.journeys.people import Member
from tests.journeys.test_accessibility import barriers
from tests.journeys.test_keyboard import all_come_to

pytestmark = pytest.mark.journey
# What each must come to, beside what every member has.
_PAGES = {
    "vera": FOR_THE_COORDINATOR,
    "karin": {"staff.members", "staff.member", "staff.leaving"},
    "olof": {"reports.figures"},
}


@pytest.fixture(scope="module")
def reference(chromium: Browser, demo: Demonstration) -> str:
    """Return a request that the co-ordinator has a key to."""
    office = chromium.new_context(base_url=demo.staff_url)
    rows = Member.signs_in(office, demo, "johan").page.locator("a.row")
    hers = rows.filter(has_text="Vuxenenheten").filter(has_text="ring nu")
    path = hers.first.get_attribute("href") or ""
    office.close()
    return path.removeprefix("/r/")


@pytest.fixture(scope="module", params=_PAGES)
def at_her_pages(
    chromium: Browser,
    demo: Demonstration,
    reference: str,
    request: pytest.FixtureRequest,
) -> Iterator[tuple[Member, dict[str, str]]]:
    """Return a member, and an address of each page that she can come to."""
    office = chromium.new_context(base_url=demo.staff_url)
    member = Member.signs_in(office, demo, request.param)
    page, starts = member.page, list[str]()
    if request.param == "vera":
        page.goto("/consult")
        page.locator("[name=reference]").fill(reference)
        page.locator("[name=reason]").fill("Gemensam bedömning av säkerheten")
        page.locator("main form button").first.click()
        page.wait_for_url("**/consult/file")
        starts = ["/consult", "/consult/file"]
    found = walk(page, *starts)
    assert set(found) >= _PAGES[request.param]
    yield member, found
    office.close()


@pytest.mark.timeout(600)
@pytest.mark.parametrize("width", [1280, 360])
def test_their_pages_hold_no_barrier(
    at_her_pages: tuple[Member, dict[str, str]], width: int
) -> None:
    (member, every), found = at_her_pages, list[str]()
    page = member.page
    page.set_viewport_size({"width": width, "height": 800})
    for path in every.values():
        page.goto(path)
        unfold(page)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            found += barriers(page)
    assert found == []


@pytest.mark.timeout(600)
def test_their_pages_are_worked_by_keyboard_alone(
    at_her_pages: tuple[Member, dict[str, str]],
) -> None:
    member, every = at_her_pages
    all_come_to(member.page, every)
