"""A unit's hours in Swedish words: days, times, and what an edit changes."""

from collections.abc import Iterator
from datetime import date, datetime, time

from babel.dates import format_date, get_day_names

from intake.hours import HOME_ZONE, Slot, Span
from intake.schedule import Hours, Plan

# By number: Babel's own order begins with Sunday.
DAYS = tuple(get_day_names(locale="sv")[n].capitalize() for n in range(7))
WEEKS = {
    Hours.OPEN: "Öppet",
    Hours.CALLS: "Utlovade samtal",
    Hours.PHONE: "Telefon",
    Hours.VISITS: "Besök",
}
_CLOSED = "stängt"


def spans_words(spans: tuple[Span, ...]) -> str:
    """Return hours as they are written in a form: "08:00–12:00, 13:00–16:30"."""
    return ", ".join(f"{one.opens:%H:%M}–{_closing(one.closes)}" for one in spans)


def slots_words(slots: list[Slot]) -> str:
    """Return dated stretches of one day as a Swedish clock shows them."""
    pairs = [(_local(one.starts_at), _local(one.ends_at)) for one in slots]
    told = ", ".join(f"{start:%H:%M}–{_closing(end.time())}" for start, end in pairs)
    return told or _CLOSED


def date_words(day: date) -> str:
    """Return a day with its weekday: "ons 23 dec. 2026"."""
    return format_date(day, "EEE d MMM y", locale="sv")


def day_words(plan: Plan, day: date) -> str:
    """Return a day that is not as others: its date, what holds, and why."""
    return f"{date_words(day)}: {_held(plan, day)}"


def changes(before: Plan, after: Plan) -> list[str]:
    """Return what an edit changed, a line each; empty where it changed nothing."""
    every = _changed(before, after)
    return [f"{what}: {was} → {now}" for what, was, now in every if was != now]


def _changed(before: Plan, after: Plan) -> Iterator[tuple[str, str, str]]:
    both = (before, after)
    for hours in Hours:
        for n, day in enumerate(DAYS):
            was, now = (_of_week(plan, hours, n) for plan in both)
            yield f"{WEEKS[hours]} {day.lower()}", was, now
    was, now = (spans_words(plan.red_days) or _CLOSED for plan in both)
    yield "Röda dagar", was, now
    for one in sorted({day for p in both for day in (*p.specials, *p.no_calls)}):
        yield date_words(one), _held(before, one), _held(after, one)
    was, now = (f"{plan.slot_minutes} minuter" for plan in both)
    yield "En tid varar", was, now
    was, now = (str(plan.slot_capacity) for plan in both)
    yield "Platser i varje tid", was, now


def _of_week(plan: Plan, hours: Hours, day: int) -> str:
    return spans_words(plan.weeks[hours].get(day, ())) or "inga"


def _held(plan: Plan, day: date) -> str:
    said = []
    if day in plan.specials:
        special = plan.specials[day]
        told = spans_words(special.spans)
        said.append(_because(f"öppet {told}" if told else _CLOSED, special.reason))
    if day in plan.no_calls:
        said.append(_because("inga utlovade samtal", plan.no_calls[day]))
    return "; ".join(said) or "som vanligt"


def _because(what: str, reason: str) -> str:
    return f"{what} ({reason})" if reason else what


def _closing(clock: time) -> str:
    return "24:00" if clock == time() else f"{clock:%H:%M}"


def _local(moment: datetime) -> datetime:
    return moment.astimezone(HOME_ZONE)
