"""Leave without script: the way out comes first, and nothing typed stays behind it."""

import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from intake.models import OnePage
from tests.apps import public_app
from tests.blueprints.public import NAVIGATES, ORIGIN, OWN, PublicHouse, Seen, opened
from web.wiring import Wiring

TYPED = "Det är inte bra hemma, och ingen vet."
NUMBER = "070-174 06 55"
ONWARD = "url=https://smhi.se/"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[PublicHouse]:
    with opened(tmp_path) as made:
        yield made


def fetched(house: PublicHouse, path: str, came_from: str = "", **more: str) -> Seen:
    """Go to an address by a link of another page, as a browser without script does."""
    headers = {**NAVIGATES, **more}
    if came_from:
        headers["Referer"] = ORIGIN + came_from
    return Seen(house.app.test_client(use_cookies=False).get(path, headers=headers))


def is_over(house: PublicHouse, address: str) -> bool:
    """Say whether an address shows nothing any more; the burning may lag a little."""
    for _ in range(50):
        if fetched(house, address).response.status_code == 303:
            return True
        time.sleep(0.02)
    return False


def sent(house: PublicHouse, page: Seen, path: str, at: str, **said: str) -> str:
    """Send a form of the page at an address; returns where the answer leads."""
    filled = page.filled(path)
    for name, value in said.items():
        filled.setlist(name, [value])
    client = house.app.test_client(use_cookies=False)
    headers = {**NAVIGATES, "Referer": ORIGIN + at}
    answer = client.post(str(page.form(path)["action"]), data=filled, headers=headers)
    assert answer.status_code == 303
    return str(answer.headers["Location"])


def written(house: PublicHouse, **said: str) -> str:
    """Write; returns the address of the page with the number."""
    page = fetched(house, "/en/2")
    return sent(house, page, "/2", "/en/2", **{"text": TYPED, **said})


def refused_call(house: PublicHouse) -> str:
    """Ask for a call in a way that can't be taken; returns where her text waits."""
    page = fetched(house, "/en/3a")
    window = page.form("/3a").select_one("input[name=windows]")
    assert window is not None
    times = str(window["value"])
    said = {"number": "112", "phone": "own", "windows": times, "text": TYPED}
    at = sent(house, page, "/3a", "/en/3a", **said)
    assert TYPED in fetched(house, at).response.text
    return at


def test_a_locked_database_never_holds_the_way_out(
    house: PublicHouse, tmp_path: Path
) -> None:
    at = written(house)
    other = sqlite3.connect(tmp_path / "stilla.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    began = time.monotonic()
    page = fetched(house, "/en/u", came_from=at)
    took = time.monotonic() - began
    assert page.response.status_code == 404  # as every page that is not to be listed
    assert ONWARD in page.response.text
    assert page.response.headers["Clear-Site-Data"]
    assert took < 2
    other.execute("ROLLBACK")
    assert is_over(house, at)


@pytest.mark.parametrize("path", ["/sv/u", "/sv/u2"])
def test_leaving_clears_what_is_ours_and_nothing_else(
    tmp_path: Path, path: str
) -> None:
    # As a proxy may show it: under a path of the municipality's own site.
    app = public_app(tmp_path, public_url="http://localhost:8000")
    client = app.test_client(use_cookies=False)
    own = client.get(path, base_url="http://localhost:8000")
    assert own.headers["Clear-Site-Data"] == '"cache", "storage"'
    for host in ("www.kommun.example", "kommun.example:8000"):
        answer = client.get(path, base_url=f"https://{host}")
        assert "Clear-Site-Data" not in answer.headers
        assert answer.status_code == own.status_code


def test_what_the_script_sends_clears_as_well(house: PublicHouse) -> None:
    client = house.app.test_client(use_cookies=False)
    answer = client.post("/en/u", data={"handles": "some"}, headers=OWN)
    assert answer.status_code == 204
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'


@pytest.mark.parametrize("engine", ["Gecko/20100101 Firefox/153.0", "Chrome/156.0.0.0"])
def test_who_notes_a_clearing_is_asked_for_none(
    house: PublicHouse, engine: str
) -> None:
    agent = {"User-Agent": f"Mozilla/5.0 (X11) {engine}"}
    client = house.app.test_client(use_cookies=False)
    answer = client.post("/en/u", data={"handles": "some"}, headers=OWN | agent)
    assert "Clear-Site-Data" not in answer.headers
    # Without script it is what keeps pages from coming back.
    assert "Clear-Site-Data" in client.get("/en/u", headers=agent).headers


def test_where_visits_are_listed_two_answers_lead_away(tmp_path: Path) -> None:
    client = public_app(tmp_path, unlisted="off").test_client(use_cookies=False)
    assert "url=/sv/u2" in client.get("/sv/u", headers=NAVIGATES).text
    second = client.get("/sv/u2", headers=NAVIGATES)
    assert (second.status_code, ONWARD) == (303, f"url={second.location}")


@pytest.mark.parametrize("came_from", ["http://[", "http://[/en/p/x", "\xff", "/p/"])
def test_no_referer_breaks_the_way_out(house: PublicHouse, came_from: str) -> None:
    page = fetched(house, "/en/u", Referer=came_from)
    assert ONWARD in page.response.text


def test_a_database_that_is_gone_leaves_the_way_out(
    house: PublicHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("web.leaving.burn_page", broken)
    assert ONWARD in fetched(house, "/en/u", "/en/p/some").response.text
    client = house.app.test_client(use_cookies=False)
    answer = client.post("/en/u", data={"handles": "some"}, headers=OWN)
    assert answer.status_code == 204


@pytest.mark.rule("S3")
def test_the_number_shows_again_until_she_leaves(house: PublicHouse) -> None:
    at = written(house)
    digits = fetched(house, at, came_from="/en/2").digits
    house.wait(minutes=4)
    assert digits
    assert fetched(house, at, came_from="/en/2").digits == digits
    fetched(house, "/en/u", came_from=at)
    assert is_over(house, at)


@pytest.mark.rule("S3")
def test_the_next_part_keeps_the_number_and_leave_ends_both(house: PublicHouse) -> None:
    first = written(house, part="y")
    page = fetched(house, first)
    second = sent(house, page, "/5", first, text="Och sedan")
    assert fetched(house, first).digits == page.digits
    third = sent(house, fetched(house, second), "/5", second, text="Och till sist")
    fetched(house, "/en/u", came_from=third)
    assert is_over(house, first)
    assert is_over(house, second)
    assert is_over(house, third)


@pytest.mark.rule("S39")
def test_what_was_put_right_and_sent_is_gone(house: PublicHouse) -> None:
    first = refused_call(house)
    page = fetched(house, first)
    again = sent(house, page, "/3a", first, number="113")
    assert TYPED in fetched(house, first).response.text  # the answer may get lost
    last = sent(house, fetched(house, again), "/3a", again, number=NUMBER)
    assert fetched(house, last).digits
    assert is_over(house, again)
    fetched(house, "/en/u", came_from=last)
    assert is_over(house, first)
    assert is_over(house, last)


@pytest.mark.rule("S3")
def test_going_home_by_the_pages_own_link_ends_it(house: PublicHouse) -> None:
    first = written(house, part="y")
    second = sent(house, fetched(house, first), "/5", first, text="Och sedan")
    assert fetched(house, "/en/", came_from=second).response.status_code == 404
    assert is_over(house, second)
    assert is_over(house, first)


def test_the_script_going_home_ends_nothing(house: PublicHouse) -> None:
    at = written(house)
    fetched(house, "/en/", came_from=at, **{"Stilla-Fetch": "1"})
    assert fetched(house, at).digits


@pytest.mark.rule("S3")
def test_saved_goes_on_to_the_next_part_and_leave_ends_all(house: PublicHouse) -> None:
    first = written(house, part="y")
    second = sent(house, fetched(house, first), "/saved", first)
    assert is_over(house, first)
    third = sent(house, fetched(house, second), "/5", second, text="Och sedan")
    assert "It has come in" in fetched(house, third).words
    fetched(house, "/en/u", came_from=third)
    assert is_over(house, second)
    with house.writing() as session:
        assert session.scalars(select(OnePage)).all() == []


@pytest.mark.rule("S3")
@pytest.mark.parametrize("minutes", [0, 6])
def test_leave_shuts_the_door_that_the_thread_hid(
    house: PublicHouse, minutes: int
) -> None:
    digits = fetched(house, written(house)).digits
    page = fetched(house, "/en/4")
    thread = sent(house, page, "/4", "/en/4", digits=digits)
    shown = fetched(house, thread)
    more = sent(house, shown, "/5", thread, text="Mer")
    house.wait(minutes=minutes)
    fetched(house, "/en/u", came_from=more)
    assert is_over(house, thread)
    told = fetched(house, sent(house, shown, "/8", thread)).words
    assert "Half an hour has passed" in told


def test_the_script_names_what_it_showed_and_it_ends(house: PublicHouse) -> None:
    first = written(house, part="y")
    second = sent(house, fetched(house, first), "/5", first, text="Och sedan")
    handles = " ".join(at.rpartition("/")[2] for at in (first, second))
    client = house.app.test_client(use_cookies=False)
    client.post("/en/u", data={"handles": handles}, headers=OWN)
    assert is_over(house, first)
    assert is_over(house, second)


def test_thousands_of_handles_are_not_worth_the_work(house: PublicHouse) -> None:
    at = written(house)
    many = " ".join([*(f"A{one:021}" for one in range(20_000))])
    client = house.app.test_client(use_cookies=False)
    asked: list[str] = []
    parts: Wiring = house.app.extensions["stilla"]
    assert parts.engine is house.engine
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("web.leaving.burn_page", lambda _, one, __: asked.append(one))
        named = f"{many} {at.rpartition('/')[2]}"
        client.post("/en/u", data={"handles": named}, headers=OWN)
    assert len(asked) == 20
    assert asked[-1] == at.rpartition("/")[2]
