"""Routing: which unit a request goes to, read from rules that are data."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime

from intake.errors import NoDesk
from intake.topics import Audience, Side, Urgency
from intake.units import Unit, UnitKind

FEWEST = 2  # active members who can open a desk before anything is sent there (S33)
Desks = Mapping[tuple[str, Side], int]  # active members who can open a unit's side


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a rule may look at."""

    audience: Audience
    under_18: bool
    urgency: Urgency
    closed: bool
    language: str
    topics: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class When:
    """A rule's conditions; one that is None holds for everybody."""

    audience: frozenset[Audience] | None = None
    under_18: bool | None = None
    urgency: frozenset[Urgency] | None = None
    closed: bool | None = None
    language: frozenset[str] | None = None
    topics: frozenset[str] | None = None  # one of them is enough

    def failing(self, facts: Facts) -> list[str]:
        """Return the names of the conditions that do not hold."""
        holds = {
            "audience": self.audience is None or facts.audience in self.audience,
            "under_18": self.under_18 in (None, facts.under_18),
            "urgency": self.urgency is None or facts.urgency in self.urgency,
            "closed": self.closed in (None, facts.closed),
            "language": self.language is None or facts.language in self.language,
            "topics": self.topics is None or bool(facts.topics & self.topics),
        }
        return [name for name, is_so in holds.items() if not is_so]

    def matches(self, facts: Facts) -> bool:
        """Say whether every condition holds."""
        return not self.failing(facts)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: when it holds, where to, and how soon in the unit's open minutes."""

    name: str
    when: When
    unit: str
    due_minutes: Mapping[Urgency, int]
    first_reading_minutes: Mapping[Urgency, int]


@dataclass(frozen=True, slots=True)
class AlsoRule:
    """A rule that sends a request to one more unit, whatever rule came first."""

    name: str
    when: When
    unit: str
    alert: bool = False  # what comes by it alerts on-call, acute or not (S25)


@dataclass(frozen=True, slots=True)
class Route:
    """Where one request goes. Minutes are open minutes of `unit`."""

    rule: str
    unit: str
    also: tuple[str, ...]
    due_minutes: int
    first_reading_minutes: int
    alerts: bool = False


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules in their order, and those that add a unit."""

    rules: tuple[Rule, ...]
    also: tuple[AlsoRule, ...] = ()

    def first(self, facts: Facts) -> Rule | None:
        """Return the first rule that holds, if any."""
        return next((rule for rule in self.rules if rule.when.matches(facts)), None)

    def route(self, facts: Facts) -> Route:
        """Return where facts lead. Raises NoDesk when no rule holds."""
        rule = self.first(facts)
        if rule is None:
            raise NoDesk("no routing rule holds")
        more = [one for one in self.also if one.when.matches(facts)]
        also = [one.unit for one in more]
        return Route(
            rule=rule.name,
            unit=rule.unit,
            # Two rules may add one unit, which is to be told once.
            also=tuple(dict.fromkeys(unit for unit in also if unit != rule.unit)),
            due_minutes=rule.due_minutes[facts.urgency],
            first_reading_minutes=rule.first_reading_minutes[facts.urgency],
            alerts=any(one.alert for one in more),
        )


def at(rules: Rules, units: Mapping[str, Unit], facts: Facts, now: datetime) -> Facts:
    """Return the facts with `closed` as the hours of the unit say. Raises NoDesk."""
    # Whose hours count? Those of the unit that would have it by day.
    unit = rules.route(replace(facts, closed=False)).unit
    return replace(facts, closed=not units[unit].calendar.is_open(now))


def another_unit(
    units: Mapping[str, Unit],
    unit: str,
    side: Side,
    members_by_desk: Desks | None = None,
) -> str | None:
    """Return a day unit that is not the one who would have had it, if there is one.

    The first that enough can open, else the first that anybody can. Where nobody can
    it waits at the first of all: those it is kept from must not have it instead (S29).
    """
    # From the end: reception comes last in the file, and is nobody's special unit.
    others = [
        key
        for key, other in reversed(list(units.items()))
        if other.kind is UnitKind.DAY
        and key not in (unit, "children")
        and side in other.sides
    ]
    openers = members_by_desk or {}
    # The first of those that come out alike.
    return max(
        others, key=lambda key: min(openers.get((key, side), 0), FEWEST), default=None
    )


def explain(rules: Rules, facts: Facts) -> list[str]:
    """Return a line for each rule up to the one that fired: why it did or did not."""
    fired = rules.first(facts)
    if fired is None:
        tried = rules.rules
        end = "no rule holds: a gap"
    else:
        tried = rules.rules[: rules.rules.index(fired) + 1]
        end = (
            f"read within {fired.first_reading_minutes[facts.urgency]} and answered"
            f" within {fired.due_minutes[facts.urgency]} open minutes"
        )
    return [
        *(_why(rule, facts) for rule in tried),
        end,
        *(_why(more, facts) for more in rules.also if fired),
    ]


def called(rule: Rule | AlsoRule) -> str:
    """Return what people call a rule: its kind and its name."""
    return f"{'rule' if isinstance(rule, Rule) else 'also'} {rule.name!r}"


def told(facts: Facts, condition: str) -> str:
    """Say one of the facts in words."""
    value = getattr(facts, condition)
    if isinstance(value, bool):
        value = "yes" if value else "no"
    elif isinstance(value, frozenset):
        value = "+".join(sorted(value)) or "none"
    return f"{condition} is {value}"


def _why(rule: Rule | AlsoRule, facts: Facts) -> str:
    failing = rule.when.failing(facts)
    asked = [f.name for f in fields(When) if getattr(rule.when, f.name) is not None]
    because = ", ".join(told(facts, condition) for condition in failing or asked)
    if failing:
        return f"{called(rule)}: no, {because}"
    return f"{called(rule)}: yes, {because or 'it takes everybody'}: to {rule.unit!r}"
