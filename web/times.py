"""Dated times as boxes to tick, as the doors and the desk both ask for them (S9)."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from wtforms import Field, SelectMultipleField
from wtforms.widgets import CheckboxInput

from intake.hours import Slot
from web.forms import choices_of
from web.i18n import _, clock, day, local_day

# Times are printed an hour ahead, and taken until they begin: filling in takes time.
UNTIL_IT_BEGINS = timedelta()


class WindowsField(SelectMultipleField):
    """Dated times as boxes to tick. What is offered comes from `offer`."""

    option_widget = CheckboxInput()

    offered: tuple[Slot, ...] = ()

    def offer(self, slots: Iterable[Slot]) -> None:
        """Say which times there are to choose among."""
        self.offered = tuple(slots)
        labels = {_key(slot): self.hours_of(slot) for slot in self.offered}
        self.choices = choices_of(labels)

    def chosen(self) -> tuple[Slot, ...]:
        """Return the chosen times that there are."""
        return tuple(slot for slot in self.offered if _key(slot) in (self.data or ()))

    def has_others(self) -> bool:
        """Say whether a time was chosen that there is not, or no more."""
        return bool(set(self.data or ()) - {_key(slot) for slot in self.offered})

    def by_day(self) -> Iterator[tuple[str, list[Field]]]:
        """Yield each day's name, with weekday and date, and its boxes (S9)."""
        days: dict[str, list[Field]] = {}
        for option, slot in zip(self, self.offered, strict=True):
            days.setdefault(self.day_of(slot), []).append(option)
        yield from days.items()

    def day_of(self, slot: Slot) -> str:
        """Return the weekday and date of a time, as its reader writes them."""
        return day(local_day(slot.starts_at))

    def hours_of(self, slot: Slot) -> str:
        """Return from when to when a time lasts, as its reader writes it."""
        return _(
            "%(start)s to %(end)s, Swedish time",
            start=clock(slot.starts_at),
            end=clock(slot.ends_at),
        )


def _key(slot: Slot) -> str:
    # The moment, not its place in the list: the list moves on while she fills it in.
    return slot.starts_at.isoformat()
