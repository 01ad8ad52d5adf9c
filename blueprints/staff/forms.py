"""The forms of the desk. Long texts are called `text` or `reason` in all of them."""

from collections.abc import Iterable, Mapping
from typing import Self

from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    Optional,
    ValidationError,
)
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from intake.handover import ChildDecision
from intake.models import Request
from intake.outcomes import LIFTABLE
from intake.topics import (
    Contact,
    HandOverGround,
    State,
    Urgency,
)
from web.forms import StaffForm, choices_of
from web.labels import options

LONGEST = 10_000  # characters, as for her own text
_REASON = "Skriv några ord. De syns bara för kollegor som kan öppna ärendet."
needed = DataRequired("Fyll i det här.")
fits = Length(max=LONGEST, message="Högst 10 000 tecken. Dela upp texten.")


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


class FindForm(StaffForm):
    """A reference, the only thing that can be searched by."""

    reference = StringField("Beteckning", [needed])


class SeenForm(DeskForm):
    """A form that what came after the page was shown could have changed."""

    # What came since is not read by a press on the page, whoever else has read it.
    seen = IntegerField(widget=HiddenInput(), validators=[InputRequired()])


# The words of the tick by which a request goes on that somebody must not see.
AVOID_READ = (
    "Jag har läst vem som inte får se det. Ingen sådan kan öppna det dit det går",
    [DataRequired("Bekräfta det, eller låt ärendet vara kvar.")],
)


class AvoidForm(DeskForm):
    """A form that asks who must not see what it sends on, if anybody (S29)."""

    avoid_read: BooleanField

    def asks(self, avoids: bool) -> Self:
        """Ask only where somebody is named."""
        if not avoids:
            del self.avoid_read
        return self

    def confirms(self) -> bool:
        """Say whether it was confirmed that nobody who must not see it can."""
        return "avoid_read" in self and bool(self.avoid_read.data)


class ReadingForm(SeenForm):
    """What first reading found: how urgent it is (S38)."""

    urgency = RadioField(
        "Hur bråttom är det?", choices=choices_of(options(Urgency)), default="normal"
    )


class NoteForm(DeskForm):
    """An internal note."""

    text = TextAreaField("Anteckning", [needed, fits], description=_REASON)


class AnswerForm(DeskForm):
    """What her number will show."""

    text = TextAreaField("Svar", [needed, fits])


class ChildForm(AvoidForm):
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
    text = TextAreaField("Anmälan, eller skälet", [needed, fits])
    avoid_read = BooleanField(
        "Jag har läst vem som inte får se det. Ingen sådan kan läsa anmälan dit den går"
    )

    def offer(self, request: Request, avoids: bool) -> Self:
        """Ask who must not see it, if so, where a report goes to others (S29)."""
        return self.asks(avoids and not request.under_18)

    def validate_avoid_read(self, field: BooleanField) -> None:
        """Refuse a report that somebody may read who must not."""
        # The reason for none leaves with nobody, and ends the clock as well (S26).
        if self.decision.data == "report" and not field.data:
            raise ValidationError(
                "Bekräfta det. Kan du inte det: anmäl genom chefen, och skriv det som "
                "skäl till att ingen anmälan görs här."
            )

    def decided(self) -> ChildDecision:
        """Return the decision in the domain's words."""
        return ChildDecision(self.decision.data == "report", self.text.data or "")


class HandOverForm(AvoidForm):
    """Where a request goes, and on what ground (S33)."""

    unit = SelectField("Till")
    ground = RadioField("Grund", choices=choices_of(options(HandOverGround)))
    reason = TextAreaField("Att veta för dem som tar emot", [Optional(), fits])
    avoid_read = BooleanField(*AVOID_READ)

    def offer(
        self, units: Mapping[str, str], avoids: bool, in_circle: bool = False
    ) -> Self:
        """Take the units that can have it now as choices, by key and name.

        Where someone must not see it, that is confirmed; to leave the closed circle
        asks for a reason too (S29).
        """
        self.unit.choices = choices_of(units)
        if in_circle:
            self.reason.validators = [needed, fits]
        return self.asks(avoids)


class DecideForm(SeenForm):
    """What follows a stop or three attempts, with a reason (S14)."""

    # No default here either: lifting a stop takes a choice of its own (S14).
    lifts = RadioField("Beslut")
    reason = TextAreaField("Skäl", [needed, fits], description=_REASON)
    is_for_head = False  # a head could lift it, and the member is none

    def offer(self, request: Request, is_head: bool, is_paused: bool = False) -> Self:
        """Take as choices what the member may decide; `is_paused`: on the number."""
        liftable = request.contact in LIFTABLE or is_paused
        self.is_for_head = liftable and not is_head
        words = {"no": "Öppna ärendet igen. Det som gäller om kontakt står kvar"}
        if is_paused and request.state is not State.DECISION:
            words = {"no": "Låt stoppet på numret stå kvar"}
        elif request.contact is Contact.ALLOWED and not is_paused:
            words = {"no": "Öppna ärendet igen. Nya försök får göras i personens tider"}
            if request.state is not State.DECISION:
                words = {
                    "no": "Låt ärendet vänta. Jouren larmas först när något nytt kommer"
                }
        if is_head and liftable:
            words["yes"] = "Häv stoppet. Personen får ringas i de tider som hen valt"
        self.lifts.choices = choices_of(words)
        return self

    def contact(self, request: Request) -> Contact:
        """Return what holds about contact from now on."""
        return Contact.ALLOWED if self.lifts.data == "yes" else request.contact


def shows(offered: Iterable[StaffForm], seen: int) -> bool:
    """Let forms carry what their page shows; say if it is more than was seen before."""
    has_news = False
    for one in offered:
        if isinstance(one, SeenForm):
            has_news |= one.seen.data is not None and one.seen.data < seen
            # What was sent would be printed before what is set.
            one.seen.data, one.seen.raw_data = seen, None
    return has_news
