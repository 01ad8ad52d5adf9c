"""Forms of the bridge: where to ring the member, and how a head tests it."""

from collections.abc import Iterable
from typing import Self

from wtforms import BooleanField, StringField
from wtforms.validators import DataRequired, Length, ValidationError

from blueprints.staff.forms import SeenForm, needed
from intake.numbers import BadNumber, CallableNumber, read_number
from web.forms import StaffForm
from web.not_hers import service

_UNREADABLE = "Det går inte att ringa dit. Skriv numret som vanligt, med riktnummer."
_TOO_LONG = Length(max=40, message="För långt.")


def answerable(_: StaffForm, field: StringField) -> None:
    """Take any number that a person can answer. Raises ValidationError."""
    try:
        read_number(field.data or "")
    except BadNumber:
        raise ValidationError(_UNREADABLE) from None
    if service(field.data or ""):
        raise ValidationError(_UNREADABLE)


class BridgeForm(SeenForm):
    """The telephone that the member answers herself, before anybody else is rung."""

    phone = StringField("Din egen arbetstelefon", [needed, _TOO_LONG, answerable])
    locks: Iterable[str] = ()

    def offer(self, locks: Iterable[str]) -> Self:
        """Take what locks the bridge beyond what locks every call."""
        self.locks = [reason for reason in locks if reason.startswith("bridge-")]
        return self

    def called(self) -> CallableNumber:
        """Return the number that was checked."""
        return read_number(self.phone.data or "")


class BridgeTrialForm(StaffForm):
    """Two telephones that a head has before her: the bridge rings them in turn."""

    phone = StringField("Telefonen som svarar", [needed, _TOO_LONG, answerable])
    other = StringField(
        "En annan telefon, som du också har hos dig", [needed, _TOO_LONG, answerable]
    )

    def validate_other(self, field: StringField) -> None:
        """Refuse one phone for both. Raises ValidationError."""
        if _read(field) == _read(self.phone):
            raise ValidationError("Det ska vara en annan telefon än den som svarar.")

    def called(self) -> tuple[CallableNumber, CallableNumber]:
        """Return the numbers that were checked."""
        return read_number(self.phone.data or ""), read_number(self.other.data or "")


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


def _read(field: StringField) -> CallableNumber | None:
    try:
        return read_number(field.data or "")
    except BadNumber:
        return None
