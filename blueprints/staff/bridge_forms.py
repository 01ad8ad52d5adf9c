"""Forms of the bridge: where to ring the member, and what a head tested of it."""

from collections.abc import Iterable
from typing import Self

from wtforms import BooleanField, StringField
from wtforms.validators import DataRequired, Length, ValidationError

from blueprints.staff.forms import DeskForm, needed
from intake.numbers import BadNumber, CallableNumber, read_number
from web.forms import StaffForm
from web.not_hers import service

_UNREADABLE = (
    "Det går inte att ringa dig där. Skriv numret som vanligt, med riktnummer."
)


class BridgeForm(DeskForm):
    """The telephone that the member answers herself, before anybody else is rung."""

    phone = StringField(
        "Din egen arbetstelefon", [needed, Length(max=40, message="För långt.")]
    )
    locks: Iterable[str] = ()

    def offer(self, locks: Iterable[str]) -> Self:
        """Take what locks the bridge beyond what locks every call."""
        self.locks = [reason for reason in locks if reason.startswith("bridge-")]
        return self

    def validate_phone(self, field: StringField) -> None:
        """Take any number that a person can answer. Raises ValidationError."""
        try:
            read_number(field.data or "")
        except BadNumber:
            raise ValidationError(_UNREADABLE) from None
        if service(field.data or ""):
            raise ValidationError(_UNREADABLE)

    def called(self) -> CallableNumber:
        """Return the number that was checked."""
        return read_number(self.phone.data or "")


class BridgeTestForm(StaffForm):
    """What a head has seen and heard of the bridge on telephones of her own (S17)."""

    shown = BooleanField(
        "Numret som syns är det som står här, och det är inte publicerat någonstans",
        [DataRequired()],
    )
    heard = BooleanField(
        "Den som ringer tillbaka möts av upptaget, eller inget", [DataRequired()]
    )
    voicemail = BooleanField(
        "När min egen telefonsvarare svarade kopplades ingen upp", [DataRequired()]
    )
