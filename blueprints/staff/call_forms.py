"""Forms of calls and texts: what was agreed, what a call came to, which text goes."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Self

from wtforms import BooleanField, RadioField, TextAreaField
from wtforms.validators import DataRequired

from blueprints.staff.forms import DeskForm, SeenForm, fits, needed
from intake.outcomes import Outcome
from intake.replies import Preview
from intake.sms.segments import segments
from web.forms import StaffForm, choices_of
from web.labels import label


class CallForm(SeenForm):
    """A press that rings her."""


class OutcomeForm(DeskForm):
    """What a call came to."""

    # Nothing is chosen beforehand: a slip must not record that she answered.
    outcome = RadioField("Vad hände?")
    never_again = BooleanField("Ring aldrig det här numret igen, från någon enhet")

    def offer(self, outcomes: Iterable[Outcome]) -> Self:
        """Take the outcomes that are possible as choices."""
        self.outcome.choices = choices_of({one.value: label(one) for one in outcomes})
        return self


class TakeOverForm(DeskForm):
    """A head's reason to take over a call that was left (S13)."""

    reason = TextAreaField("Varför tar du över samtalet?", [needed, fits])
    opens_at: datetime

    def offer(self, opens_at: datetime) -> Self:
        """Say from when it may be pressed: before, the call may be going on."""
        self.opens_at = opens_at
        return self


class TextForm(SeenForm):
    """Which text goes out, in the wording that she chose."""

    template = RadioField("Vilket sms?")

    hints: Mapping[str, str]

    def offer(self, shown: Mapping[str, Preview]) -> Self:
        """Take each text, exactly as it would go out, as a choice."""
        words = {key: preview.text for key, preview in shown.items()}
        self.template.choices = choices_of(words)
        self.hints = {key: _beside(preview) for key, preview in shown.items()}
        return self


def _beside(shown: Preview) -> str:
    """Return what staff need to know of a text: its meaning, and how it travels."""
    size = segments(shown.text)
    parts = "1 sms" if size.count == 1 else f"{size.count} sms"
    travels = f"{parts}, {len(shown.text)} tecken, {size.encoding}"
    if shown.text == shown.in_swedish:
        return travels
    return f"På svenska: {shown.in_swedish} ({travels})"


class TextTestForm(StaffForm):
    """What a head has seen of a text on a telephone of her own, and heard (S17)."""

    shown = BooleanField(
        "Ett sms kom till min egen telefon. Avsändaren är den som står här, och den är "
        "inte publicerad någonstans",
        [DataRequired()],
    )
    heard = BooleanField(
        "Jag svarade på sms:et och fick inget tillbaka, och den som ringer upp möts "
        "av ett neutralt svar, eller inget",
        [DataRequired()],
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
