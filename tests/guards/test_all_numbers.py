"""With the database and all keys of both web processes, trying all numbers finds none.

The worker's key is not among them, nor a unit's or a member's. There are fifty million
Swedish mobile numbers: whoever could try one could try them all in a minute.

All fifty million are tried in `tests/load/test_every_number.py`: in the form that is
tagged (E.164), by HMAC-SHA-256 under each key at hand, against the beginning of every
value. What is tried here is tried for a sample:

- ten thousand numbers of one series, hers among them: in four ways of writing, by each
  digest with and without each key, against every piece of every value;
- hers alone: by HMAC and SHA-256 with every other value of the database as salt.

A sample suffices, as each try is made of its own number and no other. It hits where
something was made of that number, so among all tries only that of hers could hit, and
it is made; the rest show that nothing hits by chance.

Whatever else is made of a number alone, in a way that nobody thought of here, the last
test shows, for any number. What is salted by its row, in a way that is not tried here,
no test would find.
"""

import hashlib
import hmac
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from intake.numbers import CallableNumber, read_number
from intake.store import writing
from tests.factories import quicken
from tests.guards import loot, stolen
from tests.guards.loot import ENOUGH, Fact, Loot, pieces
from tests.guards.stolen import NUMBER
from web.settings import Settings

SERIES = [f"+4670174{tail:04d}" for tail in range(10_000)]
_UNKEYED = ("md5", "sha1", "sha256", "sha512", "sha3_256", "blake2b", "blake2s")
_BETWEEN = (b"", b":", b"\n")  # of salt and number


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Settings]:
    quicken(monkeypatch)
    return stolen.make_secrets(tmp_path)


@pytest.fixture
def taken(engine: Engine, tmp_path: Path, settings: dict[str, Settings]) -> Loot:
    """Take a house in which her number stands wherever one can stand."""
    return loot.take(engine, tmp_path, settings)


@pytest.mark.rule("S22")
def test_no_digest_of_any_number_is_in_the_database(taken: Loot) -> None:
    """The series that holds hers is tried: every form, digest and key at hand."""
    assert NUMBER.e164 in SERIES
    assert len(taken.web) > 15
    assert _found(SERIES, taken.values, taken.web) == set()


@pytest.mark.rule("S22")
def test_with_the_workers_key_the_same_trying_finds_it(taken: Loot) -> None:
    """Shows that the attack could succeed, had the key been at hand."""
    assert _found(SERIES, taken.values, [taken.worker.number_key]) == {NUMBER.e164}


@pytest.mark.rule("S22")
def test_no_digest_of_hers_is_salted_by_what_stands_beside_it(taken: Loot) -> None:
    there, keys = pieces(taken.values), [*taken.web, b"stilla"]
    salted = (
        message
        for salt in taken.values
        for form in _forms(NUMBER.e164)
        for between in _BETWEEN
        for message in (salt + between + form, form + between + salt)
    )
    for message in salted:
        assert hashlib.sha256(message).digest()[:ENOUGH] not in there
        for key in keys:
            assert hmac.digest(key, message, "sha256")[:ENOUGH] not in there


@pytest.mark.rule("S22")
def test_the_workers_keys_are_in_nothing_that_was_taken(taken: Loot) -> None:
    for key in (taken.worker.number_key, taken.worker.pair.secret):
        assert key not in taken.web
        assert not any(key in value for value in taken.values)


@pytest.mark.rule("S22")
def test_no_number_stands_there_as_it_is_written(taken: Loot) -> None:
    """Not even inside of something longer."""
    digits = re.compile(rb"\d{7,}")
    runs = {run for value in taken.values for run in digits.findall(value)}
    tails = {number[3:].encode() for number in SERIES}
    assert not [run for run in runs for tail in tails if tail in run]


@pytest.mark.rule("S22")
def test_nothing_but_the_tag_depends_on_a_number_alone(
    engine: Engine, settings: dict[str, Settings]
) -> None:
    """So no attack on what else is stored can tell that a guess is right.

    Two houses with one number and one with another are alike in all else, in every
    table: what the first two share and the third does not have was made of the number
    and no chance. Of a number on a list of on-call, its end is shown on purpose.
    """
    # The third between the two, so that what time changes is not taken for it.
    numbers = (NUMBER, read_number("070-174 06 67"), NUMBER)
    one, third, twin = (_house(engine, settings, number) for number in numbers)
    tag = loot.worker_keys(settings).tag(NUMBER.e164)
    assert (one & twin) - third == {
        ("numbers", "tag", tag),
        ("stopped_numbers", "tag", tag),
        ("on_call_names", "shown", f"…{NUMBER.e164[-4:]}".encode()),
    }


def _house(
    engine: Engine, settings: dict[str, Settings], number: CallableNumber
) -> set[Fact]:
    """Return all that is stored where a number stands everywhere; it is not kept."""
    with writing(engine) as session:
        stolen.let_in(session, settings)
        loot.fill(session, settings, loot.worker_keys(settings), number)
        return loot.facts(session)


def _forms(e164: str) -> list[bytes]:
    """Return a Swedish number as it may be written: …46…, 070…, and with a hyphen."""
    home = f"0{e164[3:]}"
    return [one.encode() for one in (e164, e164[1:], home, f"{home[:3]}-{home[3:]}")]


def _found(numbers: list[str], values: set[bytes], keys: list[bytes]) -> set[str]:
    """Return the numbers of which a digest, or a piece of one, is there."""
    there = pieces(values)
    return {
        number
        for number in numbers
        for form in _forms(number)
        for digest in _digests(form, keys)
        if digest[:ENOUGH] in there
    }


def _digests(form: bytes, keys: list[bytes]) -> Iterator[bytes]:
    for name in _UNKEYED:
        yield hashlib.new(name, form).digest()
    for key in (*keys, b"stilla"):
        yield hmac.digest(key, form, "sha256")
        yield hashlib.blake2b(form, key=key, digest_size=32).digest()
        yield hashlib.sha256(key + form).digest()
