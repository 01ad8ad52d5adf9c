"""The forms of the desk. Long texts are called `text` or `reason` in all of them."""

from collections.abc import Iterable, Mapping
from typing import Self

from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    Field,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, EqualTo, InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from intake.access import SHORTEST_PASSWORD
from intake.decisions import LIFTABLE
from intake.handover import ChildDecision
from intake.models import Request
from intake.outcomes import Outcome
from intake.topics import (
    Contact,
    HandOverGround,
    Mark,
    Position,
    Urgency,
)
from web.forms import StaffForm, choices_of
from web.labels import label, options

LONGEST = 10_000  # characters, as for her own text
# *May be the one who hurts* is no tick: it has to move the request (S30).
SET_BY_STAFF = (Mark.HONOUR, Mark.TRAFFICKING, Mark.PROTECTED_DATA)
NO_POSITION = ""
_REASON = "Skriv några ord. De syns bara för kollegor som kan öppna ärendet."
_needed = DataRequired("Fyll i det här.")
_fits = Length(max=LONGEST, message="Högst 10 000 tecken. Dela upp texten.")


class DeskForm(StaffForm):
    """A form of the request's page, which holds many: each takes only its own."""

    @classmethod
    def fresh(cls, **shown: object) -> Self:
        """Return the form as it is before anything is sent to it."""
        return cls(MultiDict(), data=shown)


class TicksField(SelectMultipleField):
    """Several of a few, each with a box to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class PressForm(StaffForm):
    """A button that sends nothing but itself."""


class SignInForm(StaffForm):
    """Login, password and code, on one page."""

    login = StringField("Användarnamn", [_needed])
    password = PasswordField("Lösenord", [_needed])
    code = StringField("Engångskod, sex siffror", [_needed])

    def credentials(self) -> tuple[str, str, str]:
        """Return login, password and code as typed."""
        return self.login.data or "", self.password.data or "", self.code.data or ""


class InvitationForm(StaffForm):
    """A new password, twice, and a first code from the secret that is shown."""

    password = PasswordField(
        "Nytt lösenord",
        [
            _needed,
            Length(
                min=SHORTEST_PASSWORD, message="Minst tolv tecken. En mening går bra."
            ),
        ],
    )
    again = PasswordField(
        "Lösenordet en gång till",
        [EqualTo("password", "Det blev inte samma lösenord båda gångerna.")],
    )
    code = StringField("Koden som appen visar nu, sex siffror", [_needed])

    def choice(self) -> tuple[str, str]:
        """Return password and code as typed."""
        return self.password.data or "", self.code.data or ""

    def refuse_password(self) -> None:
        """Say that the password is too short."""
        _refuse(self.password, "Minst tolv tecken. En mening går bra.")

    def refuse_code(self) -> None:
        """Say that the code is not of the secret that was shown."""
        _refuse(self.code, "Koden stämde inte. Kontrollera klockan, prova nästa kod.")


class FindForm(StaffForm):
    """A reference, the only thing that can be searched by."""

    reference = StringField("Beteckning", [_needed])


class ReadingForm(DeskForm):
    """What first reading found: how urgent it is (S38)."""

    urgency = RadioField(
        "Hur bråttom är det?", choices=choices_of(options(Urgency)), default="normal"
    )
    # What came after the page was shown is not read by a press on it.
    seen = IntegerField(widget=HiddenInput(), validators=[InputRequired()])


class PositionForm(DeskForm):
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

    @classmethod
    def showing(cls, request: Request) -> "PositionForm":
        """Return the form with what is recorded now."""
        position = request.position.value if request.position else NO_POSITION
        return cls.fresh(position=position, marks=request.marks)

    def chosen(self, request: Request) -> tuple[Position | None, list[Mark]]:
        """Return position and marks; those that this form does not offer stay."""
        kept = {Mark(mark) for mark in request.marks} - set(SET_BY_STAFF)
        ticked = {Mark(mark) for mark in self.marks.data or ()}
        position = Position(self.position.data) if self.position.data else None
        return position, sorted(kept | ticked)


class NoteForm(DeskForm):
    """An internal note."""

    text = TextAreaField("Anteckning", [_needed, _fits], description=_REASON)


class AnswerForm(DeskForm):
    """What her number will show."""

    text = TextAreaField("Svar", [_needed, _fits])


class WordsForm(DeskForm):
    """Words agreed with her in a call (S10)."""

    word = StringField("Ordet för ”jag kan prata fritt”", [_needed, Length(max=60)])
    not_now_word = StringField("Ordet för ”inte nu”", [Optional(), Length(max=60)])


class OutcomeForm(DeskForm):
    """What a call came to."""

    # Nothing is chosen beforehand: a slip must not record that she answered.
    outcome = RadioField("Vad hände?")
    never_again = BooleanField("Ring aldrig det här numret igen, från någon enhet")

    def offer(self, outcomes: Iterable[Outcome]) -> Self:
        """Take the outcomes that are possible as choices."""
        self.outcome.choices = choices_of({one.value: label(one) for one in outcomes})
        return self


class TextForm(DeskForm):
    """Which text goes out, in the wording that she chose."""

    template = RadioField("Vilket sms?")

    def offer(self, words: Mapping[str, str]) -> Self:
        """Take each text, exactly as it would go out, as a choice."""
        self.template.choices = choices_of(words)
        return self


class ChildForm(DeskForm):
    """A concern report, or the reason for none (S26)."""

    decision = RadioField(
        "Beslut",
        choices=choices_of(
            {
                "report": "Orosanmälan görs. Texten nedan går till barnenheten",
                "none": "Ingen orosanmälan. Skälet står nedan",
            }
        ),
    )
    text = TextAreaField("Anmälan, eller skälet", [_needed, _fits])

    def decided(self) -> ChildDecision:
        """Return the decision in the domain's words."""
        return ChildDecision(self.decision.data == "report", self.text.data or "")


class HandOverForm(DeskForm):
    """Where a request goes, and on what ground (S33)."""

    unit = SelectField("Till")
    ground = RadioField("Grund", choices=choices_of(options(HandOverGround)))
    reason = TextAreaField("Att veta för dem som tar emot", [Optional(), _fits])
    leaves_circle = BooleanField(
        "Jag har läst vem som inte får se det. Ingen sådan kan öppna det dit det går",
        [DataRequired("Bekräfta det, eller låt ärendet vara kvar.")],
    )

    def offer(self, units: Mapping[str, str], in_circle: bool) -> Self:
        """Take the units that can have it now as choices, by key and name.

        To leave the closed circle is confirmed, with a reason (S29).
        """
        self.unit.choices = choices_of(units)
        if in_circle:
            self.reason.validators = [_needed, _fits]
        else:
            del self.leaves_circle
        return self

    def confirms(self) -> bool:
        """Say whether it was confirmed that it leaves the closed circle."""
        return "leaves_circle" in self and bool(self.leaves_circle.data)


class DecideForm(DeskForm):
    """What follows a stop or three attempts, with a reason (S14)."""

    # No default here either: lifting a stop takes a choice of its own (S14).
    lifts = RadioField("Beslut")
    reason = TextAreaField("Skäl", [_needed, _fits], description=_REASON)

    def offer(self, request: Request, is_head: bool) -> Self:
        """Take as choices what the member may decide."""
        words = {"no": "Öppna ärendet igen. Det som gäller om kontakt står kvar"}
        if request.contact is Contact.ALLOWED:
            words = {"no": "Öppna ärendet igen. Nya försök får göras i personens tider"}
        if is_head and request.contact in LIFTABLE:
            words["yes"] = "Häv stoppet. Personen får ringas i de tider som hen valt"
        self.lifts.choices = choices_of(words)
        return self

    def contact(self, request: Request) -> Contact:
        """Return what holds about contact from now on."""
        return Contact.ALLOWED if self.lifts.data == "yes" else request.contact


class CloseForm(DeskForm):
    """The question that each close asks (S30)."""

    conflict_checked = BooleanField(
        "Jävskontrollen utanför systemet är gjord", [DataRequired()]
    )


class CallTestForm(StaffForm):
    """What a head has seen and heard on a telephone of her own (S17)."""

    shown = BooleanField(
        "Numret som syns är inte publicerat någonstans", [DataRequired()]
    )
    heard = BooleanField(
        "Den som ringer tillbaka möts av ett neutralt svar, eller inget",
        [DataRequired()],
    )


def _refuse(field: Field, message: str) -> None:
    field.errors = [*field.errors, message]
