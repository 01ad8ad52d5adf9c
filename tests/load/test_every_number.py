"""With the database and all keys of both web processes, all numbers are tried.

All fifty million that a Swedish mobile telephone can have, as they are tagged: E.164 by
HMAC-SHA-256, under each key at hand, against every piece of 8 bytes of every value in
the database. Other ways of writing and other digests are tried for a sample in
`tests/guards/test_all_numbers.py`, which says why that suffices.
"""

import hmac
import os
import random
import struct
import subprocess
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.factories import quicken
from tests.guards import loot, stolen
from tests.guards.loot import ENOUGH, Loot, pieces
from tests.guards.stolen import NUMBER

SERIES = ("70", "72", "73", "76", "79")  # PTS's plan: all that is for mobile telephones
EACH = 10**7  # numbers of a series: seven digits
_SHARE = 10**6  # numbers that the program is given at once
_SOURCE = Path(__file__).with_name("every_number.c")
_BLOCK = 64  # bytes of a key, filled up with zeros (RFC 2104)
# Under a minute on two cores that hash 16 numbers at a time; older ones do 4.
pytestmark = [pytest.mark.timeout(900), pytest.mark.rule("S22")]


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Translate the program for the very machine that it runs on."""
    built = tmp_path_factory.mktemp("every") / "every_number"
    command = ["cc", "-O3", "-march=native", "-Wall", "-Werror", "-o", str(built)]
    subprocess.run([*command, str(_SOURCE)], check=True)
    return built


@pytest.fixture
def taken(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Loot:
    """Take a house in which her number stands wherever one can stand."""
    quicken(monkeypatch)
    return loot.take(engine, tmp_path, stolen.make_secrets(tmp_path))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_number_of_all_is_found_without_the_workers_key(
    program: Path, taken: Loot
) -> None:
    """Whose key finds it in the same trying: so it could succeed."""
    beginnings = pieces(taken.values)
    assert len(taken.web) > 15
    assert _found(program, beginnings, [*taken.web, b"stilla"]) == set()
    assert _found(program, beginnings, [taken.worker.number_key]) == {NUMBER.e164}


def test_no_number_is_left_out_in_the_trying(program: Path) -> None:
    """Of each series the first and the last, at each share's ends, and some between."""
    some = random.Random(7).sample(range(EACH), 200)
    ends = [at for end in range(0, EACH, _SHARE) for at in (end, end + _SHARE - 1)]
    numbers = {f"+46{one}{at:07d}" for one in SERIES for at in (*some, *ends)}
    key = bytes(range(32))
    digests = (hmac.digest(key, one.encode(), "sha256") for one in numbers)
    assert _found(program, {one[:ENOUGH] for one in digests}, [key]) == numbers


def _found(program: Path, beginnings: Iterable[bytes], keys: list[bytes]) -> set[str]:
    """Return every number whose tag under a key begins with one of these bytes."""
    digests = sorted(int.from_bytes(one) for one in beginnings)
    wanted = b"".join(
        (
            struct.pack("=II", len(keys), len(digests)),
            *(key.ljust(_BLOCK, b"\0") for key in keys),
            struct.pack(f"={len(digests)}Q", *digests),
        )
    )
    firsts = [int(one) * EACH + at for one in SERIES for at in range(0, EACH, _SHARE)]
    with ThreadPoolExecutor(os.cpu_count()) as cores:
        found = cores.map(partial(_share, program, wanted), firsts)
    return {line.split()[0] for lines in found for line in lines}


def _share(program: Path, wanted: bytes, first: int) -> list[str]:
    command = [str(program), str(first), str(_SHARE)]
    done = subprocess.run(command, input=wanted, capture_output=True, check=True)
    return done.stdout.decode().splitlines()
