"""The same story on PostgreSQL, chosen by one setting."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.conftest import fresh_postgres
from tests.journeys.conftest import on_a_phone
from tests.journeys.demonstration import Demonstration, demonstration
from tests.journeys.people import Member, Visitor, is_answered

pytestmark = [pytest.mark.journey, pytest.mark.postgres]
WORDS = "Finns det någon som kan lyssna?"
ANSWER = "Ja. Vi är här på måndag."


@pytest.fixture(scope="module")
def elsewhere(
    tmp_path_factory: pytest.TempPathFactory, postgres_url: str
) -> Iterator[Demonstration]:
    """Run the demonstration on a PostgreSQL server, as STILLA_DATABASE_URL says."""
    folder = tmp_path_factory.mktemp("elsewhere")
    url = fresh_postgres(postgres_url, empty=True)
    with demonstration(folder, STILLA_DATABASE_URL=url) as running:
        yield running
        assert not list(folder.glob("*.db"))


def test_she_writes_and_is_answered(
    elsewhere: Demonstration, chromium: Browser
) -> None:
    office = chromium.new_context(base_url=elsewhere.staff_url)
    maria = Member.signs_in(office, elsewhere, "maria")
    context = on_a_phone(chromium, elsewhere.url)
    is_answered(Visitor(context.new_page()), maria, WORDS, ANSWER)
    office.close()
    context.close()


def test_a_text_comes_in(elsewhere: Demonstration, chromium: Browser) -> None:
    office = chromium.new_context(base_url=elsewhere.staff_url)
    amina = Member.signs_in(office, elsewhere, "amina")
    before = amina.queue()
    elsewhere.text_in("+46701740687", "kan ni ringa")
    amina.waits_for_more_than(before)
    assert len(amina.queue() - before) == 1
    office.close()
