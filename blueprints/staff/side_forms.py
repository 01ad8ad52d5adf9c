"""Forms of the wall: the position, a corrected side, "may be the one who hurts"."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Self

from wtforms import BooleanField, HiddenField, RadioField, TextAreaField
from wtforms.validators import AnyOf, DataRequired, Optional

from blueprints.staff.forms import (
    AVOID_READ,
    AvoidForm,
    SeenForm,
    TicksField,
    fits,
)
from intake import handover, sides
from intake.errors import NoDesk, NotAllowed
from intake.models import Request
from intake.people import Desk
from intake.queue import Desktop
from intake.topics import Mark, Position, Protection, Side
from web.forms import StaffForm, choices_of
from web.labels import label, options

# *May be the one who hurts* is no tick: it has to move the request (S30).
SET_BY_STAFF = (Mark.HONOUR, Mark.TRAFFICKING, Mark.PROTECTED_DATA)
NO_POSITION = ""
NO_LEVEL = ""
_LEVELS = {NO_LEVEL: "Ingen nivå känd", **options(Protection)}
_READERS = (
    "De som tar emot läser skälet. Skriv vad som står i det här ärendet, aldrig något "
    "om ett annat."
)
_why = DataRequired("Skriv varför. Ärendet flyttas till den andra sidan.")


@dataclass(frozen=True, slots=True)
class Way:
    """Where a press would move the request, or what locks it."""

    unit: str = ""
    side: Side = Side.HURT
    keeps: bool = False  # the member who presses can open it there too
    lock: str = ""


class PositionForm(SeenForm):
    """What the person is found to be, apart from the door she came in by."""

    position = RadioField(
        "Personens roll",
        choices=choices_of({NO_POSITION: "Vet inte än", **options(Position)}),
        default=NO_POSITION,
    )
    marks = TicksField(
        "Märkning",
        choices=choices_of({mark.value: label(mark) for mark in SET_BY_STAFF}),
    )
    own_level = RadioField(
        "Skyddade personuppgifter: personens",
        choices=choices_of(_LEVELS),
        default=NO_LEVEL,
        description="En nivå sätter märkningen: ärendet öppnas sedan av två.",
    )
    child_level = RadioField(
        "Skyddade personuppgifter: barns",
        choices=choices_of(_LEVELS),
        default=NO_LEVEL,
    )
    reason = TextAreaField(
        "Skäl, om rollen hör till den andra sidan",
        [Optional(), fits],
        description=_READERS,
    )

    @classmethod
    def showing(cls, request: Request) -> "PositionForm":
        """Return the form with what is recorded now."""
        position = request.position.value if request.position else NO_POSITION
        return cls.fresh(
            position=position,
            marks=request.marks,
            own_level=request.protection or NO_LEVEL,
            child_level=request.child_protection or NO_LEVEL,
        )

    def offer(self, request: Request) -> Self:
        """Ask for a reason when the position chosen moves the request."""
        chosen = self.position.data
        position = Position(chosen) if chosen in set(Position) else None
        if sides.belongs(position, request) is not request.side:
            self.reason.validators = [_why, fits]
        return self

    def chosen(self, request: Request) -> tuple[Position | None, list[Mark]]:
        """Return position and marks; those that this form does not offer stay."""
        kept = {Mark(mark) for mark in request.marks} - set(SET_BY_STAFF)
        ticked = {Mark(mark) for mark in self.marks.data or ()}
        position = Position(self.position.data) if self.position.data else None
        return position, sorted(kept | ticked)

    def levels(self) -> tuple[Protection | None, Protection | None]:
        """Return the levels of protection, the person's and the children's."""
        own, child = (
            Protection(level) if level else None
            for level in (self.own_level.data, self.child_level.data)
        )
        return own, child


class _Crossing(AvoidForm):
    avoid_read = BooleanField(*AVOID_READ)
    finds: ClassVar["staticmethod[[Desktop, Request, datetime], Desk]"]
    way: Way

    def offer(self, desk: Desktop, request: Request, now: datetime) -> Self:
        """Say where it leads; who may not see it is asked for where she named one."""
        self.way = _way(self.finds, desk, request, now)
        return self.asks(handover.has_avoid(request))


class SideForm(_Crossing):
    """The other side of the wall, with a reason (S30)."""

    finds = staticmethod(sides.across)
    # What the page offered: a second press finds it there, and moves nothing back.
    side = HiddenField(validators=[AnyOf(list(Side))])
    reason = TextAreaField("Skäl", [_why, fits], description=_READERS)


class MarkForm(_Crossing):
    """ "May be the one who hurts", by any member who can open it (S30)."""

    finds = staticmethod(sides.apart)
    sure = BooleanField(
        "Ja, märk ärendet och flytta det nu",
        [DataRequired("Kryssa i rutan om ärendet ska flyttas.")],
    )


def side_offers(desk: Desktop, request: Request, now: datetime) -> dict[str, StaffForm]:
    """Return the fresh forms, by name."""
    other = sides.other(request).value
    return {
        "position": PositionForm.showing(request),
        "side": SideForm.fresh(side=other).offer(desk, request, now),
        "mark": MarkForm.fresh().offer(desk, request, now),
    }


def _way(
    find: Callable[[Desktop, Request, datetime], Desk],
    desk: Desktop,
    request: Request,
    now: datetime,
) -> Way:
    try:
        target = find(desk, request, now)
    except NotAllowed as error:
        return Way(lock=error.reason)
    except NoDesk:
        return Way(lock="too-few")
    places = {place.desk_id for place in desk.member.memberships if place.box}
    return Way(target.unit, target.side, target.id in places)
