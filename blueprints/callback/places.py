"""Who would call her, and which of its times still have a place."""

from blueprints.callback.asking import AskForm
from blueprints.callback.forms import CallForm
from intake.arrivals import route_of
from intake.hours import Slot
from intake.units import Unit
from intake.windows import taken
from web.document import way_of
from web.receiving import SLOT_FULL
from web.times import UNTIL_IT_BEGINS
from web.wiring import db, now, wired


def caller(form: AskForm, letter: str) -> Unit:
    """Return who would call: it follows from the section, her age and S29."""
    office, facts = wired().office, form.facts(way_of(letter).audience)
    return office.units[route_of(office, facts, now(), db()).unit]


def offer_all(form: CallForm, unit: Unit) -> None:
    """Let a sent form know the times there are; full ones show when they are taken."""
    form.windows.offer(unit.calendar.slots(now(), lead=UNTIL_IT_BEGINS))


def offer_free(form: CallForm, unit: Unit) -> None:
    """Offer the times with a free place; one that she chose already may be nearer."""
    offered = set(unit.calendar.slots(now()))
    offer_all(form, unit)
    offered |= set(form.windows.chosen())
    form.windows.offer(sorted(offered - _full(unit, offered)))


def tell_full(form: CallForm, unit: Unit) -> None:
    """Say of a form that is refused also that a time in it has no place any more.

    Such a time is not printed again: untold, its loss would be a second round.
    """
    is_full = _full(unit, set(form.windows.chosen()))
    if form.errors and is_full and not form.windows.errors:
        form.windows.errors = [str(SLOT_FULL)]


def _full(unit: Unit, slots: set[Slot]) -> set[Slot]:
    places, most = taken(db(), unit.key, now()), unit.calendar.slot_capacity
    return {one for one in slots if places.get(one.starts_at, 0) >= most}
