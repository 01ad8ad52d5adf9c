"""What a visit may leave: nothing that tells, and the host name in known places only.

The known places stand in `places.json`, per engine, version and way. They may only
become fewer: `make traces` names those that a visit no longer leaves, for a person to
strike out, and adds a list only for a browser's version that has none yet.
"""

import json
import re
from pathlib import Path

from tests.journeys.traces.scan import Place
from tests.journeys.traces.visits import Outcome, Way

FILE = Path(__file__).with_name("places.json")
TELLING = ("message", "phone", "receipt", "body")
# Where no host name may stand at all: cookies, what pages store, what was typed.
_NEVER = re.compile(
    r"cookies|local.?storage|session.?storage|indexeddb|service.?worker|databases"
    r"|storage/default|ls-archive|webappsstore|hsts|formhistory|web data|login data"
    r"|shortcuts|autofill|thumbnails.*\(unpacked\)",
    re.IGNORECASE,
)

# The first page; with script off also a form, a one-time page and the exit.
_FIRST = re.compile(r"(?:/(?:[a-z]{2}/)?)?")
_STEP = re.compile(r"/[a-z]{2}/(?:\w{1,3}|p/[\w-]+)")
Known = dict[str, dict[str, dict[str, list[str]]]]


def faults(outcome: Outcome, known: list[str]) -> list[str]:
    """Return what is wrong with what a visit left, each as one line.

    Where the way in is refused the host is the municipality's own: only words tell.
    """
    found = []
    for place in outcome.places:
        telling = [kind for kind in TELLING if place.counts[kind]]
        if telling:
            found.append(f"{', '.join(telling)} in {place.name}")
        if outcome.way.refused:
            continue
        if place.names_host and _NEVER.search(place.name):
            found.append(f"host name in {place.name}")
        found += _paths(outcome.way, place)
        if place.name not in known:
            kinds = ", ".join(sorted(place.counts))
            found.append(f"new place: {place.name} ({kinds})")
    return found + _lists(outcome)


def _paths(way: Way, place: Place) -> list[str]:
    """Return the paths that may not stand on disk."""
    if place.name.endswith("(freed)"):
        return []  # in a page's raw bytes the next column follows without a gap
    telling = [one for one in place.trails if not _FIRST.fullmatch(one)]
    if not way.script:
        telling = [one for one in telling if not _STEP.fullmatch(one)]
    return [f"path {one} in {place.name}" for one in sorted(telling)]


def _lists(outcome: Outcome) -> list[str]:
    if outcome.way.refused:
        return []
    most = most_listed(outcome.way)
    if len(outcome.listed) > most:
        return [f"listed, {most} allowed: {', '.join(outcome.listed)}"]
    return []


def most_listed(way: Way) -> int:
    """Return how many addresses the browser's own lists may show."""
    if way.engine == "Chromium":
        return 0
    if not way.script:
        return 5
    if way.door in {"frame", "near"}:
        return 0
    return 0 if (way.engine, way.door) == ("Firefox", "post") else 1


def read_known() -> Known:
    """Return all known places: by engine, by major version, by way."""
    known: Known = json.loads(FILE.read_text()) if FILE.exists() else {}
    return known


def known_places(known: Known, outcome: Outcome) -> list[str]:
    """Return the places known for a way; of the nearest older version for a new one."""
    versions = known.get(outcome.way.engine, {})
    mine = major(outcome.version)
    older = [one for one in versions if int(one) <= int(mine)] or list(versions)
    if not older:
        return []
    nearest = versions[max(older, key=int)]
    return nearest.get(key(outcome.way), [])


def record(known: Known, outcomes: list[Outcome]) -> list[str]:
    """Add lists for what has none yet; return the known places that were not found.

    Several outcomes of one way count together: not each run leaves everything. So what
    was not found is struck out by a person, who knows why it is gone.
    """
    left: dict[tuple[str, str, str], set[str]] = {}
    for one in outcomes:
        at = (one.way.engine, major(one.version), key(one.way))
        left.setdefault(at, set()).update(place.name for place in one.places)
    gone = []
    for (engine, version, way), places in left.items():
        ways = known.setdefault(engine, {}).setdefault(version, {})
        listed = ways.setdefault(way, sorted(places))
        gone += [f"{engine}, {way}: {one}" for one in listed if one not in places]
    FILE.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n")
    return gone


def key(way: Way) -> str:
    """Return the name under which a way's places stand."""
    script = "script" if way.script else "no script"
    return f"{way.door}, {script}, {way.ending}"


def major(version: str) -> str:
    """Return a package's major version."""
    found = re.match(r"(?:\d+:)?(\d+)", version)
    assert found, version
    return found[1]
