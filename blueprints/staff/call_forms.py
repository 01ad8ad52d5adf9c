"""Forms of calls and texts: what was agreed, what a call came to, which text goes."""

from collections.abc import Iterable, Mapping
from typing import Self

from wtforms import BooleanField, RadioField, StringField
from wtforms.validators import DataRequired, Length, Optional

from blueprints.staff.forms import DeskForm, needed
from intake.outcomes import Outcome
from web.forms import StaffForm, choices_of
from web.labels import label


class WordsForm(DeskForm):
    """Words agreed with her in a call (S10)."""

    word = StringField("Ordet för ”jag kan prata fritt”", [needed, Length(max=60)])
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


class CallTestForm(StaffForm):
    """What a head has seen and heard on a telephone of her own (S17)."""

    shown = BooleanField(
        "Numret som syns är inte publicerat någonstans", [DataRequired()]
    )
    heard = BooleanField(
        "Den som ringer tillbaka möts av ett neutralt svar, eller inget",
        [DataRequired()],
    )
