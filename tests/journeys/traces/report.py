"""`docs/traces.md`: what was measured, written down for people."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from tests.journeys.traces import gate
from tests.journeys.traces.after import harmful
from tests.journeys.traces.speed import Timing
from tests.journeys.traces.visits import ENGINES, Outcome, Way

FILE = Path(__file__).resolve().parents[3] / "docs" / "traces.md"
# Of GNOME Web's strings some lie in rows that its base has freed: more or fewer by the
# second in which it wrote. So these ways are taken several times; the middle counts.
_AGAIN = 11
# The demands of the issue that ordered this: host strings on disk, with script.
_MOST = {
    "link": {"Chromium": 20, "Firefox": 6, "WebKit": 11},
    "frame": {"Chromium": 5, "Firefox": 1, "WebKit": 8},
}
_TOP = """# What a visit leaves in the browser

Written by `make traces` on {day}; don't edit by hand. Real browsers with a window, a
kept profile and a hand that clicks and types, closed the way a person closes them. Then
the whole home is searched: every row of every SQLite table, freed pages and logs,
session, cache and LevelDB files unpacked, file names; in UTF-8, UTF-16, percent- and
base64-encoded forms. Over TLS and HTTP/2, on Debian: {versions}.

*Journey*: from a search page (or the municipality's page with the doors), land, change
the language, read a section, open the form, write a text and a phone number, send, see
the number, leave. *Tells*: places with a word of what was written, two neighbouring
groups of the number, text of a page, a heading or a telling path. *Listed*: what the
browser's own screens show (Chromium: history list, new-tab tile, completion and
suggestions of the address bar; Firefox and GNOME Web: addresses in the history).
*Strings*: how often the host name stands on disk (in brackets: beside that in base64),
with the least and the most where a way was taken several times; *places*: in how many
files or columns. *Pictures*: GNOME Web keeps one of each address a second or so after
it has loaded, readable, in full length; no search for texts finds what is in it.
"""
_ON_VISITS = """Demanded with script: at most these strings, in this order,
{demanded}.
Leave's target redirects once, as docs/operations.md asks for. Without script the frame
door's button sends its form: then it is the POST door. Under paths of the same site the
name is the municipality's own: its page is counted, too."""
_ON_BACKS = """What shows, in this order, without repetitions; the back/forward cache is
on. *Restored*: what shows at last when the browser is killed and started again, once
the target has come and the session was saved (Firefox does so every 15 s). Killed 3 s
after the press, with the target still to come, Chromium leads on from an empty page,
Firefox shows the landing document, and GNOME Web a page of its own, which names our
address as what may have ended it."""
_ON_TIMES = """Read off the screen, from the moment in which the button or the key goes
down; it is let go 80 ms later, and nothing may show again then. The target takes 5 s to
answer. Median of the runs. GOV.UK's component *Exit this page* stands on a page with
the same content; it acts when the button or the key is let go.

Where the button goes down and up in one moment, as an assistive tool presses, GNOME Web
without script asks for our own empty page before it paints, and paints no more until
that answers: about 125 ms with a server on the same machine, more on a slow line."""

Rows = dict[tuple[str, ...], dict[str, str]]
Visits = dict[tuple[str, str], dict[str, list[Outcome]]]
_DOORS = {
    "link": "a link",
    "typed": "a typed address",
    "post": "the POST door",
    "frame": "the frame door",
    "near": "the frame door, Stilla on a subdomain of the same site",
    "path": "the frame door, Stilla under paths of the same site (refused)",
}
_ENDINGS = {
    "closed": "closed without leaving, the number on the screen",
    "unsent": "typed, not sent, left after 18 s",
    "killed": "typed, not sent, killed after 18 s",
}


def write(outcomes: list[Outcome], backs: list[Outcome], times: list[Timing]) -> None:
    """Write the document."""
    parts = [_top(outcomes), _visits(outcomes), _endings(outcomes), _backs(backs)]
    FILE.write_text("\n".join([*parts, _times(times), _places(outcomes)]))


def renew(outcomes: list[Outcome]) -> None:
    """Write some ways into the document again, where they stand; the rest stays."""
    lines = FILE.read_text().split("\n")
    for one in outcomes:
        made = [other for other in outcomes if other.way == one.way]
        at = _line(lines, one.way)
        cells = lines[at].split(" | ")
        cells[2 + [engine.name for engine in ENGINES].index(one.way.engine)] = _cell(
            made
        )
        lines[at] = " | ".join(cells).rstrip(" |") + " |"
    FILE.write_text("\n".join(lines))


def missing(ways: Iterable[Way]) -> list[str]:
    """Return the ways that the document has no line for."""
    lines = FILE.read_text().split("\n")
    return [str(way) for way in ways if _line(lines, way) < 0]


def _line(lines: list[str], way: Way) -> int:
    first = f"| {_DOORS[way.door]} | {_switch(way)} |"
    found = (n for n, line in enumerate(lines) if line.startswith(first))
    return next(found, -1)


def _top(outcomes: list[Outcome]) -> str:
    versions = {one.way.engine: one.version for one in outcomes}
    named = ", ".join(f"{_name(engine)} {v}" for engine, v in sorted(versions.items()))
    day = datetime.datetime.now(datetime.UTC).date().isoformat()
    return _TOP.format(day=day, versions=named)


def _name(engine: str) -> str:
    return "GNOME Web (WebKitGTK)" if engine == "WebKit" else engine


def _visits(outcomes: list[Outcome]) -> str:
    """Return the table of all ways in that end with Leave."""
    rows = _rows((_DOORS[one.way.door], one) for one in outcomes if _leaves(one))
    demanded = "; ".join(
        f"by {_DOORS[door]} {' / '.join(map(str, most.values()))}"
        for door, most in _MOST.items()
    )
    said = _ON_VISITS.format(demanded=demanded)
    return _table("Ways in, left by *Leave*", said, ("way in", "script"), rows)


def _endings(outcomes: list[Outcome]) -> str:
    """Return the table of visits that end in other ways."""
    rows = _rows(
        (_ENDINGS[one.way.ending], one) for one in outcomes if not _leaves(one)
    )
    said = (
        "*Restored*: what shows when the browser is started again after it was killed."
    )
    return _table("Other endings, by a link", said, ("ending", "script"), rows)


def _backs(backs: list[Outcome]) -> str:
    """Return the table of what Back, Forward, reload and reopening show."""
    rows: Rows = defaultdict(dict)
    for one in backs:
        bad = _bad(one)
        *rest, last = one.after
        shown = ", ".join([*rest, f"restored: {last}"])
        shown += f" **({', '.join(bad)})**" if bad else ""
        first = (f"{_DOORS[one.way.door]}, {one.way.ending}", _switch(one.way))
        rows[first][one.way.engine] = shown
    title = (
        "After leaving: Back, Forward, reload, the closed tab reopened, and restored"
    )
    return _table(title, _ON_BACKS, ("after", "script"), rows)


def _times(times: list[Timing]) -> str:
    """Return the table of times, beside GOV.UK's component."""
    rows: Rows = defaultdict(dict)
    for one in times:
        shown = f"{one.median} (longest {one.longest}, {len(one.runs)} runs)"
        rows[one.page, one.press][one.engine] = shown
    title = "From the press until the page is gone, ms"
    return _table(title, _ON_TIMES, ("page", "press"), rows)


def _table(title: str, said: str, first: tuple[str, ...], rows: Rows) -> str:
    names = [*first, *(_name(engine.name) for engine in ENGINES)]
    lines = [f"## {title}", "", said, "", _row(names), "|" + "---|" * len(names)]
    for key, cells in rows.items():
        shown = [cells.get(engine.name, "–") for engine in ENGINES]
        lines.append(_row([*key, *shown]))
    return "\n".join([*lines, ""])


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _places(outcomes: list[Outcome]) -> str:
    """Return where the host name stands, by engine, over all ways."""
    lines = ["## Where the host name stands", ""]
    for engine in ENGINES:
        found: dict[str, set[str]] = defaultdict(set)
        for one in outcomes:
            for place in () if one.way.refused else one.places:
                if one.way.engine == engine.name and place.names_host:
                    found[place.name].add(gate.key(one.way))
        lines += [f"### {_name(engine.name)}", ""]
        mine = [one for one in outcomes if one.way.engine == engine.name]
        ways = len({gate.key(one.way) for one in mine if not one.way.refused})
        lines += [
            f"- `{name}`: {len(keys)} of {ways} ways"
            for name, keys in sorted(found.items())
        ]
        lines.append("")
    return "\n".join(lines)


def _leaves(one: Outcome) -> bool:
    return one.way.ending == "leaves"


def _rows(told: Iterable[tuple[str, Outcome]]) -> Rows:
    """Return a table's cells: all visits of one way make one."""
    visits: Visits = defaultdict(lambda: defaultdict(list))
    for name, one in told:
        visits[name, _switch(one.way)][one.way.engine].append(one)
    return {
        first: {engine: _cell(made) for engine, made in engines.items()}
        for first, engines in visits.items()
    }


def _cell(made: list[Outcome]) -> str:
    """Return what visits of one way left, in a few words: the one in the middle's."""
    one = _middle(made)
    known = [place.name for place in one.places]
    tells = [fault for each in made for fault in gate.faults(each, known)]
    told = [fault for fault in dict.fromkeys(tells) if "new place" not in fault]
    listed = ", ".join(one.listed)
    if one.listed and one.way.engine != "Chromium":
        listed = str(len(one.listed))
    return ", ".join(
        [
            f"**{'; '.join(told)}**" if told else "tells nothing",
            *([f"pictures {one.pictures}"] if one.pictures else []),
            f"restored: {one.after[0]}" if one.after else f"listed {listed or 'none'}",
            _strings(made),
            f"places {sum(1 for place in one.places if place.names_host)}",
        ]
    )


def _strings(made: list[Outcome]) -> str:
    one, counts = _middle(made), [each.strings for each in made]
    shown = f"strings {one.strings} ({one.encoded})"
    if min(counts) < max(counts):
        shown += f" ({min(counts)}–{max(counts)} in {len(made)} runs)"
    return shown


def _middle(made: list[Outcome]) -> Outcome:
    """Return the visit in the middle, by how often the host name stands on disk."""
    return sorted(made, key=lambda one: one.strings)[len(made) // 2]


def over(outcomes: list[Outcome]) -> list[str]:
    """Return the ways that leave more strings than was demanded, each as one line."""
    found = []
    for door, engines in _MOST.items():
        for engine, most in engines.items():
            made = [one for one in outcomes if one.way == Way(engine, door)]
            if made and _middle(made).strings > most:
                strings = _middle(made).strings
                found.append(f"{made[0].way}: {strings} strings, {most} demanded")
    return found


def shown(backs: list[Outcome]) -> list[str]:
    """Return what may not show after leaving and did, each as one line."""
    return [f"{one.way}: {what} shows" for one in backs for what in _bad(one)]


def _bad(back: Outcome) -> list[str]:
    arrived = back.way.ending == "back"
    # Who did not leave finds the first page again, and nothing that she wrote.
    script = back.way.script and back.way.ending != "killed"
    return harmful(back.after, script=script, arrived=arrived)


def _switch(way: Way) -> str:
    """Return whether scripts run, in a word."""
    return "on" if way.script else "off"


def core() -> list[Way]:
    """Return the ways that each run of the tests measures, too."""
    return [Way(one.name, script=script) for script in (True, False) for one in ENGINES]


def repeated(doors: Iterable[str]) -> list[Way]:
    """Return the ways by some doors that are taken again."""
    return [Way("WebKit", door) for door in doors if door in _MOST] * (_AGAIN - 1)


def ways() -> list[Way]:
    """Return all ways that are measured."""
    names = [engine.name for engine in ENGINES]
    made = [
        Way(name, door, script)
        for door in ("link", "typed", "post")
        for script in (True, False)
        for name in names
    ]
    made += [Way(name, door) for door in ("frame", "near", "path") for name in names]
    made += repeated(_MOST)
    made += [
        Way(name, "link", script, ending)
        for ending in _ENDINGS
        for script in (True, False)
        for name in names
    ]
    return made
