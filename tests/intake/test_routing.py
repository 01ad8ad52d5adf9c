"""Routing: where requests go, what the checker refuses, what it explains."""

from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import chain, combinations, product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.errors import BadData, NoDesk
from intake.routing import AlsoRule, Facts, Route, Rule, Rules, When, at, explain
from intake.rulebook import check, load_rules, read_rules, thin_desks
from intake.topics import Audience, Side, Urgency
from intake.units import Unit, load_units

DATA = Path(__file__).parents[2] / "intake" / "data"
MINUTES = dict.fromkeys(Urgency, 60)
TOPICS = ("debt", "forced-marriage", "stalking")


@pytest.fixture(scope="module")
def units() -> Mapping[str, Unit]:
    return load_units(DATA / "units.toml")


@pytest.fixture(scope="module")
def shipped(units: Mapping[str, Unit]) -> Rules:
    return load_rules(DATA / "routing.toml", units)


@pytest.fixture
def enough(units: Mapping[str, Unit]) -> dict[tuple[str, Side], int]:
    """Return two members for every desk there is."""
    return {(unit.key, side): 2 for unit in units.values() for side in unit.sides}


def facts(
    audience: Audience = Audience.EXPOSED,
    under_18: bool = False,
    urgency: Urgency = Urgency.NORMAL,
    closed: bool = False,
    language: str = "sv",
    topics: tuple[str, ...] = (),
) -> Facts:
    return Facts(audience, under_18, urgency, closed, language, frozenset(topics))


def rule(name: str, unit: str = "adult", when: When | None = None) -> Rule:
    return Rule(name, when or When(), unit, MINUTES, MINUTES)


def write(folder: Path, text: str) -> Path:
    file = folder / "routing.toml"
    file.write_text(text, "utf-8")
    return file


@pytest.mark.rule("S26")
@pytest.mark.parametrize("audience", Audience)
def test_a_child_s_own_request_goes_to_the_children_s_unit(
    shipped: Rules, audience: Audience
) -> None:
    assert shipped.route(facts(audience, under_18=True)).unit == "children"


@pytest.mark.rule("S26")
def test_only_a_child_s_own_request_goes_to_the_children_s_unit(
    shipped: Rules,
) -> None:
    # Whether there are children in an adult's request is no fact that rules can ask
    # for; and nothing else takes it from the adult unit.
    assert "children" not in Facts.__dataclass_fields__
    for audience, urgency, closed, language in product(
        Audience, Urgency, (False, True), ("sv", "ar", "other")
    ):
        route = shipped.route(facts(audience, False, urgency, closed, language))
        assert "children" not in (route.unit, *route.also)


@pytest.mark.parametrize(
    ("audience", "unit"),
    [
        (Audience.EXPOSED, "adult"),
        (Audience.USES_VIOLENCE, "adult"),
        (Audience.RELATIVE, "reception"),
        (Audience.PROFESSIONAL, "reception"),
        (Audience.UNSAID, "reception"),
    ],
)
def test_adults_go_where_the_division_says(
    shipped: Rules, audience: Audience, unit: str
) -> None:
    assert shipped.route(facts(audience)).unit == unit


@pytest.mark.parametrize(
    ("urgency", "closed", "also"),
    [
        (Urgency.NORMAL, False, ()),
        (Urgency.HIGH, False, ()),
        (Urgency.ACUTE, False, ("on-call",)),
        (Urgency.NORMAL, True, ("on-call",)),
        (Urgency.ACUTE, True, ("on-call",)),
    ],
)
@pytest.mark.parametrize("under_18", [False, True])
def test_what_is_urgent_or_comes_in_closed_hours_goes_to_on_call_too(
    shipped: Rules,
    under_18: bool,
    urgency: Urgency,
    closed: bool,
    also: tuple[str, ...],
) -> None:
    route = shipped.route(facts(under_18=under_18, urgency=urgency, closed=closed))
    assert route.also == also


@pytest.mark.rule("S38")
def test_the_more_urgent_is_read_sooner_and_all_is_read_before_it_is_due(
    shipped: Rules,
) -> None:
    for audience, under_18 in product(Audience, (False, True)):
        routes = [shipped.route(facts(audience, under_18, u)) for u in Urgency]
        readings = [route.first_reading_minutes for route in routes]
        assert readings == sorted(readings, reverse=True)
        assert readings[-1] < readings[0]
        assert all(r.first_reading_minutes < r.due_minutes for r in routes)


def test_the_shipped_rules_leave_nobody_out(
    shipped: Rules, units: Mapping[str, Unit], enough: dict[tuple[str, Side], int]
) -> None:
    assert check(shipped, units, enough) == []


@pytest.mark.rule("S33")
@pytest.mark.parametrize("members", [0, 1])
@pytest.mark.parametrize(
    ("desk", "by"),
    [
        (("adult", Side.HURT), "rule 'adult'"),
        (("adult", Side.HURTS), "rule 'adult'"),
        (("children", Side.HURTS), "rule 'child'"),
        (("reception", Side.HURT), "rule 'others'"),
        (("on-call", Side.HURTS), "also 'acute'"),
        (("closed-circle", Side.HURT), "the form's own question (S29)"),
        (("reception", Side.HURTS), "the form's own question (S29)"),
    ],
)
def test_a_desk_that_fewer_than_two_can_open_is_refused(
    shipped: Rules,
    units: Mapping[str, Unit],
    enough: dict[tuple[str, Side], int],
    desk: tuple[str, Side],
    by: str,
    members: int,
) -> None:
    unit, side = desk
    findings = check(shipped, units, enough | {desk: members})
    assert any(finding.startswith(by) and "S33" in finding for finding in findings)
    assert all(f"{unit!r}, side {side.value!r}" in finding for finding in findings)


@pytest.mark.rule("S33")
def test_a_desk_that_no_rule_leads_to_may_stand_empty(
    units: Mapping[str, Unit], enough: dict[tuple[str, Side], int]
) -> None:
    rules = Rules((rule("all"),))  # to the adult unit, or to the reception (S29)
    empty = enough | {("children", Side.HURTS): 0, ("on-call", Side.HURT): 0}
    assert check(rules, units, empty) == []
    assert thin_desks(rules, units, empty) == []


@pytest.mark.rule("S33")
@pytest.mark.parametrize("members", [0, 1])
def test_the_desk_of_the_other_unit_that_is_asked_for_is_counted(
    shipped: Rules,
    units: Mapping[str, Unit],
    enough: dict[tuple[str, Side], int],
    members: int,
) -> None:
    few = enough | {("reception", Side.HURTS): members}
    assert thin_desks(shipped, units, few) == ["reception:hurts"]


@pytest.mark.rule("S33")
def test_a_side_that_the_unit_has_not_is_refused(units: Mapping[str, Unit]) -> None:
    narrow = Unit(
        **{f: getattr(units["adult"], f) for f in Unit.__dataclass_fields__}
        | {"sides": (Side.HURT,)}
    )
    findings = check(Rules((rule("all"),)), {**units, "adult": narrow})
    assert findings == ["rule 'all' leads to unit 'adult', which has no side 'hurts'"]


def test_a_gap_is_found_and_told_by_example(units: Mapping[str, Unit]) -> None:
    most = When(audience=frozenset(Audience) - {Audience.UNSAID})
    (finding,) = check(Rules((rule("most", when=most),)), units)
    assert finding.startswith("gap: 12 combinations")
    assert "audience is unsaid" in finding


def test_a_gap_that_only_a_missing_topic_opens_is_found(
    units: Mapping[str, Unit],
) -> None:
    some = When(topics=frozenset(TOPICS))
    assert check(Rules((rule("some", when=some),)), units)[0].startswith("gap")


def test_rules_that_can_never_fire_are_named(units: Mapping[str, Unit]) -> None:
    acute = When(urgency=frozenset({Urgency.ACUTE}))
    rules = Rules(
        (rule("all"), rule("late", when=acute)),
        (AlsoRule("same", When(), "adult"), AlsoRule("more", acute, "on-call")),
    )
    assert check(rules, units) == [
        "rule 'late' can never fire: rules above it take everything",
        "also 'same' can never fire: rules above it take everything",
    ]


def test_an_unknown_unit_is_named_once(units: Mapping[str, Unit]) -> None:
    assert check(Rules((rule("all", "nowhere"),)), units) == [
        "rule 'all' names unit 'nowhere', which does not exist"
    ]


def test_what_only_two_topics_together_make_fire_is_not_refused(
    units: Mapping[str, Unit],
) -> None:
    debt, stalking = (When(topics=frozenset({key})) for key in ("debt", "stalking"))
    rules = Rules(
        (rule("money", "reception", debt), rule("all", "adult")),
        (AlsoRule("follows", stalking, "adult"),),
    )
    assert rules.route(facts(topics=("debt", "stalking"))).also == ("adult",)
    assert check(rules, units) == []


keys = st.sampled_from(TOPICS)
whens = st.builds(
    When,
    audience=st.none() | st.frozensets(st.sampled_from(Audience), min_size=1),
    under_18=st.none() | st.booleans(),
    language=st.none() | st.just(frozenset({"ar"})),
    topics=st.none() | st.frozensets(keys, min_size=1),
)
places = st.sampled_from(["adult", "reception", "on-call"])
rulesets = st.builds(
    lambda firsts, more: Rules(
        tuple(rule(f"r{n}", unit, when) for n, (unit, when) in enumerate(firsts)),
        tuple(AlsoRule(f"a{n}", when, unit) for n, (unit, when) in enumerate(more)),
    ),
    st.lists(st.tuples(places, whens), min_size=1, max_size=4),
    st.lists(st.tuples(places, whens), max_size=3),
)


@settings(max_examples=60, deadline=None)
@given(rulesets)
def test_the_checker_agrees_with_trying_everything(rules: Rules) -> None:
    every_set = chain.from_iterable(combinations(TOPICS, n) for n in range(4))
    fired, gap = set(), False
    for audience, under_18, language, topics in product(
        Audience, (False, True), ("sv", "ar"), list(every_set)
    ):
        case = facts(audience, under_18, language=language, topics=topics)
        try:
            route = rules.route(case)
        except NoDesk:
            gap = True
            continue
        fired.add(f"rule {route.rule!r}")
        for unit in route.also:
            names = [m.name for m in rules.also if m.unit == unit]
            adds = [m.name for m in rules.also if m.when.matches(case)]
            fired.add(f"also {next(n for n in names if n in adds)!r}")
    findings = check(rules, load_units(DATA / "units.toml"))
    idle = {f.split(" can")[0] for f in findings if "can never fire" in f}
    assert any(f.startswith("gap") for f in findings) == gap
    called = {f"rule {r.name!r}" for r in rules.rules}
    called |= {f"also {m.name!r}" for m in rules.also}
    assert idle == called - fired


def test_facts_that_no_rule_takes_are_no_silent_loss() -> None:
    rules = Rules((rule("children", when=When(under_18=True)),))
    with pytest.raises(NoDesk):
        rules.route(facts())
    assert explain(rules, facts())[-1] == "no rule holds: a gap"


def test_the_first_rule_that_holds_decides() -> None:
    first = rule("first", "reception", When(topics=frozenset({"debt"})))
    rules = Rules((first, rule("all")), (AlsoRule("too", When(), "on-call"),) * 2)
    debts = facts(topics=("debt", "stalking"))
    assert rules.route(debts) == Route("first", "reception", ("on-call",), 60, 60)
    assert rules.route(facts(topics=("stalking",))).rule == "all"


def test_an_explanation_says_why_each_rule_did_or_did_not(shipped: Rules) -> None:
    case = facts(urgency=Urgency.ACUTE)
    assert explain(shipped, case) == [
        "rule 'child': no, under_18 is no",
        "rule 'adult': yes, audience is exposed: to 'adult'",
        "read within 15 and answered within 60 open minutes",
        "also 'acute': yes, urgency is acute: to 'on-call'",
        "also 'closed': no, closed is no",
    ]


@pytest.mark.parametrize(
    ("hour", "closed"),
    # 12:30 is the adult unit's lunch in November, when Sweden is an hour ahead of UTC.
    [(10, False), (11, True), (22, True)],
)
def test_closed_is_what_the_unit_s_own_hours_say(
    shipped: Rules, units: Mapping[str, Unit], hour: int, closed: bool
) -> None:
    now = datetime(2026, 11, 24, hour, 30, tzinfo=UTC)
    assert at(shipped, units, facts(closed=not closed), now).closed is closed


GOOD = """
[[rule]]
name = "all"
when = {}
unit = "adult"
due_minutes = 480
first_reading_minutes = { normal = 60, high = 30, acute = 10 }
"""


def test_a_good_file_is_read(tmp_path: Path, units: Mapping[str, Unit]) -> None:
    rules = load_rules(write(tmp_path, GOOD), units)
    urgent = rules.route(facts(urgency=Urgency.ACUTE))
    assert urgent == Route("all", "adult", (), 480, 10)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("when = {}", "when = { age = 5 }", "rule 'all' when age"),
        ("when = {}", 'when = { audience = ["victim"] }', "rule 'all' when audience"),
        ("when = {}", "when = { audience = [] }", "rule 'all' when audience"),
        ("when = {}", 'when = { closed = "yes" }', "rule 'all' when closed"),
        ("when = {}", "when = 3", "rule 'all' when"),
        ("480", "-1", "rule 'all' due_minutes"),
        ("480", "true", "rule 'all' due_minutes"),
        ("normal = 60, ", "", "rule 'all' first_reading_minutes normal"),
        ('name = "all"', "", "[[rule]] number 1 name"),
        ('"all"', '"All of them"', "[[rule]]"),
        ("[[rule]]", "[[rules]]", "rules"),
        ("[[rule]]", "[rule]", "rule"),
        ('unit = "adult"', "unit = adult", "line"),
        ("[[rule]]", GOOD + "[[rule]]", "stands there twice"),
    ],
)
def test_a_bad_file_is_refused_with_its_place(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    with pytest.raises(BadData) as refusal:
        read_rules(write(tmp_path, GOOD.replace(old, new, 1)))
    assert str(refusal.value).startswith("routing.toml: ")
    assert told in str(refusal.value)


def test_rules_that_do_not_hold_together_stop_the_start(
    tmp_path: Path, units: Mapping[str, Unit]
) -> None:
    file = write(tmp_path, GOOD.replace('"adult"', '"adults"'))
    with pytest.raises(BadData, match="names unit 'adults', which does not exist"):
        load_rules(file, units)
