"""The forms to be called: number, dated times, and what makes a call safe."""

from collections.abc import Mapping

from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import Length

from intake.numbers import BadNumber, CallableNumber, NumberFault, read_number
from intake.receipts import plain_word
from intake.topics import Phone
from web.forms import PublicForm, choices_of
from web.i18n import _, lazy
from web.not_hers import is_ours, service
from web.questions import TOO_LONG
from web.times import WindowsField

_SHORT = [Length(max=200, message=TOO_LONG)]
_SERVICE = lazy(
    "You call this number yourself. Write here a number where you can be reached."
)
_FAULTS = {
    NumberFault.EMERGENCY: _SERVICE,
    NumberFault.PREMIUM: lazy(
        "We cannot call numbers that cost extra. Write another number."
    ),
    NumberFault.UNREADABLE: lazy(
        "We cannot read this as a phone number. Write it as you usually do, for "
        "example 070-174 06 05, or with + and the country first."
    ),
}
WHOSE: Mapping[str, str] = {
    Phone.OWN: lazy("My own. Nobody else answers it or reads on it"),
    Phone.SHARED: lazy("I share it with someone"),
    Phone.PARENT: lazy("A parent's, or someone else's at home"),
    Phone.OTHER_KNOWS: lazy(
        "Someone else's, who knows about this and says that the number is safe"
    ),
}


class CallForm(PublicForm):
    """What every form that asks for a call needs to know."""

    number = StringField(lazy("Phone number"), _SHORT)
    phone = RadioField(
        lazy("Whose phone is it?"), choices=choices_of(WHOSE), validate_choice=False
    )
    country = StringField(lazy("Which country are you in?"), _SHORT)
    # WTForms would call a time that has just ended an invalid choice, and not say why.
    windows = WindowsField(lazy("When may we call?"), choices=[], validate_choice=False)
    none_safe = BooleanField(lazy("None of these is safe"), name="q8")

    def called(self) -> CallableNumber | None:
        """Return the number that may be rung, if one was given."""
        try:
            # What is wrong with a number `validate_number` says; here it is only none.
            return read_number(self.number.data) if self.number.data else None
        except BadNumber:
            return None

    def service(self) -> tuple[str, ...]:
        """Return the service that was written as her number, to ring it; or ()."""
        return service(self.number.data or "")

    def needs_number(self) -> bool:
        """Say whether the number may not be left out."""
        return not self.none_safe.data

    def needs_times(self) -> bool:
        """Say whether a time, or the word that none is safe, must be chosen."""
        # Before the number is there, too: else she would be told so after it, alone.
        return bool(self.number.data) or self.needs_number()

    def validate_number(self, field: StringField) -> None:
        """Take any number of any country but what must not be rung."""
        if field.data:
            _refuse_number(field.data)
        elif self.needs_number():
            raise ValidationError(
                _("Write a number, or choose “None of these is safe”.")
            )

    def validate_phone(self, field: RadioField) -> None:
        """Ask whose phone it is: a call there may be answered by another (S19, S27)."""
        unknown = bool(field.data) and field.data not in WHOSE
        needed = bool(self.number.data) or self.needs_number()
        if unknown or (needed and not field.data):
            raise ValidationError(_("Say whose phone it is, so that a call is safe."))

    def validate_country(self, field: StringField) -> None:
        """Ask where she is, since every time here is Swedish (S9)."""
        number = self.called()
        if number and number.is_foreign and not field.data:
            raise ValidationError(
                _(
                    "The number is from another country. Write which country you are "
                    "in. All times here are Swedish time."
                )
            )

    def validate_windows(self, field: WindowsField) -> None:
        """Take dated times that are still to come, or the word that none is safe."""
        if field.has_others():
            raise ValidationError(
                _("A time that you chose is over, or cannot be had. Choose again.")
            )
        if self.none_safe.data and field.data:
            raise ValidationError(
                _("You chose times, and also that none is safe. Choose one of the two.")
            )
        if self.needs_times() and not field.data and not self.none_safe.data:
            raise ValidationError(
                _("Choose at least one time, or “None of these is safe”.")
            )


class ChangeForm(CallForm):
    """Change the callback by the number that she came in with (S4)."""

    form_name = "change"

    handle = HiddenField(label="")
    has_number = True  # unless the view finds that none stands

    def needs_number(self) -> bool:
        """Say whether the number may not be left out: one that stands goes on."""
        return super().needs_number() and not self.has_number

    def needs_times(self) -> bool:
        """Say that times are what a change is about."""
        return True


def same_word(one: str | None, other: str | None) -> bool:
    """Say whether two agreed words can't be told apart when spoken."""
    return bool(one) and plain_word(one or "") == plain_word(other or "")


def _refuse_number(typed: str) -> None:
    """Raise ValidationError for a number that must not be rung, or is not hers."""
    if service(typed):
        raise ValidationError(str(_SERVICE))
    try:
        number = read_number(typed)
    except BadNumber as bad:
        raise ValidationError(str(_FAULTS[bad.fault])) from None
    if is_ours(number.e164):
        raise ValidationError(
            _("This is our own number. Write one where you can be reached.")
        )


def text_box() -> TextAreaField:
    """Return a further optional text box."""
    return TextAreaField(lazy("Anything else that makes a call safer"), _SHORT)
