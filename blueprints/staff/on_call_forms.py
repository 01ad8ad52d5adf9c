"""The form of the on-call list: who is alerted, by which way, and when."""

import re

from wtforms import BooleanField, RadioField, StringField
from wtforms.validators import Length, ValidationError

from blueprints.staff.forms import needed
from intake.alert_outbox import Ways
from intake.alert_tables import AlertWhen
from intake.numbers import BadNumber, read_number
from intake.on_call import Entry
from web.forms import StaffForm, choices_of
from web.labels import options

_MAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\"]+")
_WAY = "Fyll i ett telefonnummer, en e-postadress, eller båda."


class OnCallForm(StaffForm):
    """A name to be put on an on-call list."""

    name = StringField(
        "Arbetsnamn", [needed, Length(max=64, message="Högst 64 tecken.")]
    )
    number = StringField("Telefon för sms", [Length(max=40, message="För långt.")])
    mail = StringField("E-post", [Length(max=120, message="Högst 120 tecken.")])
    when = RadioField(
        "Larmas", choices=choices_of(options(AlertWhen)), default=AlertWhen.ALWAYS.value
    )
    is_head = BooleanField("Chef: får veta genast vid fara för liv, alla tider")

    def validate_number(self, field: StringField) -> None:
        """Refuse what no text can be sent to, and a name without any way."""
        if not field.data:
            if not self.mail.data:
                raise ValidationError(_WAY)
            return
        try:
            read_number(field.data)
        except BadNumber:
            raise ValidationError("Det är inget nummer att sms:a.") from None

    def validate_mail(self, field: StringField) -> None:
        """Refuse what is no address."""
        if field.data and not _MAIL.fullmatch(field.data):
            raise ValidationError("Skriv adressen som namn@kommun.se.")

    def entry(self) -> Entry:
        """Return what was filled in, in the domain's words."""
        typed = self.number.data
        number = read_number(typed).e164 if typed else ""
        return Entry(
            name=self.name.data or "",
            ways=Ways(number, self.mail.data or ""),
            when=AlertWhen(self.when.data),
            is_head=bool(self.is_head.data),
        )
