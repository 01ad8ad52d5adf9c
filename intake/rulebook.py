"""The rules' file: reading it, and refusing rules that leave somebody out."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from itertools import combinations, product
from pathlib import Path

from intake.datafile import Table, read
from intake.errors import BadData
from intake.routing import (
    FEWEST,
    AlsoRule,
    Desks,
    Facts,
    Rule,
    Rules,
    When,
    another_unit,
    called,
    told,
)
from intake.topics import Audience, Side, Urgency
from intake.units import Unit, UnitKind

_LONGEST = 20_000  # open minutes, about two months of office hours
_UNNAMED = "other"  # stands for every language that no rule names
_ASKED = "the form's own question (S29)"


def load_rules(path: Path, units: Mapping[str, Unit]) -> Rules:
    """Read the rules and refuse what `check` finds in them. Raises BadData."""
    rules = read_rules(path)
    findings = check(rules, units)
    if findings:
        raise BadData(f"{path.name}: {'; '.join(findings)}")
    return rules


def read_rules(path: Path) -> Rules:
    """Read the rules as they are written, unchecked. Raises BadData."""
    file = read(path)
    file.only("rule", "also")
    rules = tuple(_rule(table) for table in file.rows("rule", named_by="name"))
    also = tuple(_also(table) for table in file.rows("also", named_by="name"))
    return Rules(rules, also)


def check(
    rules: Rules, units: Mapping[str, Unit], members_by_desk: Desks | None = None
) -> list[str]:
    """Return what is wrong with the rules, for people to read; empty when nothing is.

    Without `members_by_desk` it is not asked how many can open what (S33).
    """
    cases = list(_every_case(rules))
    reached = _reached(rules, units, cases)
    return [
        *_gaps(rules, cases),
        *_idle(rules, {name for name, _, _ in reached}),
        # An unknown unit is found once for each side.
        *dict.fromkeys(_shut(reached, units, members_by_desk)),
    ]


def thin_desks(
    rules: Rules, units: Mapping[str, Unit], members_by_desk: Desks
) -> list[str]:
    """Return the desks, as unit:side, that requests reach and too few can open."""
    reached = _reached(rules, units, _every_case(rules))
    return sorted(
        f"{key}:{side}"
        for key, side in {(key, side) for _, key, side in reached}
        if members_by_desk.get((key, side), 0) < FEWEST
    )


def _rule(table: Table) -> Rule:
    table.only("name", "when", "unit", "due_minutes", "first_reading_minutes")
    return Rule(
        name=table.text("name"),
        when=_when(table),
        unit=table.text("unit"),
        due_minutes=_minutes(table, "due_minutes"),
        first_reading_minutes=_minutes(table, "first_reading_minutes"),
    )


def _also(table: Table) -> AlsoRule:
    table.only("name", "when", "unit", "alert")
    alert = bool(table.flag("alert"))
    return AlsoRule(table.text("name"), _when(table), table.text("unit"), alert)


def _when(table: Table) -> When:
    when = table.table("when")
    when.only(*(f.name for f in fields(When)))
    for key, value in when.values.items():
        if value == []:
            raise when.wrong("names nothing, so the rule could never fire", key)
    return When(
        audience=frozenset(when.choices("audience", Audience)) or None,
        under_18=when.flag("under_18"),
        urgency=frozenset(when.choices("urgency", Urgency)) or None,
        closed=when.flag("closed"),
        language=frozenset(when.texts("language")) or None,
        topics=frozenset(when.texts("topics")) or None,
    )


def _minutes(table: Table, key: str) -> dict[Urgency, int]:
    if not isinstance(table.values.get(key), dict):
        return dict.fromkeys(Urgency, table.number(key, 0, _LONGEST))
    soon = table.table(key)
    soon.only(*Urgency)
    return {urgency: soon.number(urgency, 0, _LONGEST) for urgency in Urgency}


def _every_case(rules: Rules) -> Iterator[Facts]:
    """Yield every combination of facts that rules can tell apart.

    A rule asks for any one of its topics and never that one is missing. So what fires
    for many topics fires for two of them, one for the rule and one for what it adds,
    and a gap shows where there is none: larger sets need not be walked.
    """
    whens = [rule.when for rule in rules.rules] + [more.when for more in rules.also]
    languages = {tag for when in whens for tag in when.language or ()}
    topics = {topic for when in whens for topic in when.topics or ()}
    either = (False, True)
    spoken = [_UNNAMED, *sorted(languages)]
    named = [frozenset(some) for n in range(3) for some in combinations(topics, n)]
    for case in product(Audience, either, Urgency, either, spoken, named):
        yield Facts(*case)


def _reached(
    rules: Rules, units: Mapping[str, Unit], cases: Iterable[Facts]
) -> set[tuple[str, str, Side]]:
    """Return every rule, unit and side that some request is sent to."""
    reached = {way for facts in cases for way in _ways(rules, units, facts)}
    for unit in units.values():
        if unit.kind is UnitKind.CLOSED_CIRCLE:
            reached |= {(_ASKED, unit.key, s) for s in Side}
    return reached


def _ways(
    rules: Rules, units: Mapping[str, Unit], facts: Facts
) -> Iterator[tuple[str, str, Side]]:
    """Yield what sends these facts anywhere new, by its name, with unit and side."""
    first = rules.first(facts)
    if first is None:
        return
    side = Side.of(facts.audience)
    yield called(first), first.unit, side
    # No rule may lead there, and yet it is where another unit is asked for.
    other = another_unit(units, first.unit, side)
    if other is not None:
        yield _ASKED, other, side
    there = {first.unit}
    for more in rules.also:
        if more.when.matches(facts) and more.unit not in there:
            there.add(more.unit)
            yield called(more), more.unit, side


def _gaps(rules: Rules, cases: Iterable[Facts]) -> Iterator[str]:
    gaps = [facts for facts in cases if rules.first(facts) is None]
    if gaps:
        example = ", ".join(told(gaps[0], f.name) for f in fields(Facts))
        yield f"gap: {len(gaps)} combinations match no rule, such as {example}"


def _idle(rules: Rules, busy: set[str]) -> Iterator[str]:
    for name in (*map(called, rules.rules), *map(called, rules.also)):
        if name not in busy:
            yield f"{name} can never fire: rules above it take everything"


def _shut(
    reached: Iterable[tuple[str, str, Side]],
    units: Mapping[str, Unit],
    members_by_desk: Desks | None,
) -> Iterator[str]:
    for name, key, side in sorted(reached):
        if key not in units:
            yield f"{name} names unit {key!r}, which does not exist"
        elif units[key].kind is UnitKind.EXTERNAL:
            # Nothing goes out of the house but with her consent, by hand-over (S33).
            yield f"{name} leads to unit {key!r}, which is external: by hand-over only"
        elif side not in units[key].sides:
            yield f"{name} leads to unit {key!r}, which has no side {side.value!r}"
        elif members_by_desk is not None:
            openers = members_by_desk.get((key, side), 0)
            if openers < FEWEST:
                yield (
                    f"{name} leads to unit {key!r}, side {side.value!r}, which only"
                    f" {openers} active members can open; {FEWEST} must (S33)"
                )
