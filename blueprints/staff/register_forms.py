"""The forms of what staff register for others: the facts that the doors ask for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Self

from wtforms import BooleanField, RadioField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from blueprints.staff.forms import TicksField, fits, needed
from blueprints.staff.token_forms import TokenForm
from intake.submissions import Submission
from intake.topics import Audience, Channel, Danger, Mark
from web.desk import unit_name
from web.forms import choices_of
from web.labels import label, options

_short = Length(max=200, message="Högst 200 tecken.")


@dataclass(frozen=True, slots=True)
class Who:
    """Whom it is about: it decides which unit gets it, and which times there are."""

    words: str
    audience: Audience
    under_18: bool = False


WHO: Mapping[str, Who] = {
    **{one.value: Who(label(one), one) for one in Audience},
    "child": Who("Barn, under 18, som själv hör av sig", Audience.EXPOSED, True),
    "child-hurts": Who(
        "Barn, under 18, som använder våld", Audience.USES_VIOLENCE, True
    ),
}
# S28: about whom a third party's report is.
ABOUT: Mapping[str, Who] = {
    "child": Who("Ett barn", Audience.UNSAID, True),
    "adult": Who("En vuxen", Audience.RELATIVE),
}


class EntryForm(TokenForm):
    """What is asked whoever tells it."""

    who: Who
    own: Mapping[str, str]

    text = TextAreaField("Vad som sades", [needed, fits])
    danger = RadioField(
        "Hur farligt är det nu, för någon?",
        choices=choices_of(options(Danger)),
        default=Danger.UNSAID.value,
    )
    children = BooleanField("Det finns barn där det händer")
    protected = BooleanField("Skyddade personuppgifter")
    marks = TicksField(
        "Märkning",
        choices=choices_of(
            {m.value: label(m) for m in (Mark.HONOUR, Mark.TRAFFICKING)}
        ),
    )
    avoid = BooleanField("Någon som arbetar här får inte se det")
    avoid_text = StringField("Vem?", [Optional(), _short])
    elsewhere = BooleanField("Det är chefen eller ställföreträdaren")
    kept = RadioField("Vart går ärendet?", default="")

    def about(self, who: Who, units: Iterable[str]) -> Self:
        """Say whom it is about, and at which units of hers the member may keep it."""
        self.who = who
        # A child's own goes to the children's unit, whoever hears it first (S26).
        self.own = {} if who.under_18 else {key: unit_name(key) for key in units}
        stays = {key: f"Stannar hos {name}" for key, name in self.own.items()}
        self.kept.choices = choices_of({"": "Dit reglerna leder", **stays})
        return self

    def facts(self) -> Submission:
        """Return what routing needs to know, before any rule has looked at the form."""
        return Submission(
            language="sv",
            audience=self.who.audience,
            under_18=self.who.under_18,
            avoid=self._avoids(),
            elsewhere=bool(self.elsewhere.data),
            kept_at=self.kept.data if self.kept.data in self.own else "",
        )

    def submission(self) -> Submission:
        """Return what was told, in the domain's words."""
        return Submission(
            language="sv",
            audience=self.who.audience,
            under_18=self.who.under_18,
            text=self.text.data or "",
            danger=Danger(self.danger.data),
            children=bool(self.children.data),
            protected=bool(self.protected.data),
            marks=tuple(Mark(one) for one in self.marks.data or ()),
            avoid=self._avoids(),
            avoid_text=self.avoid_text.data or "",
            elsewhere=bool(self.elsewhere.data),
            kept_at=self.kept.data or "",
        )

    def _avoids(self) -> bool:
        # A name without the tick says the same: a slip must not expose her (S29).
        return bool(self.avoid.data or self.avoid_text.data or self.elsewhere.data)


class ConcernForm(EntryForm):
    """What a third party reports; it has no field for her number (S28)."""

    form_name = "concern"

    def submission(self) -> Submission:
        """Return the report, in the domain's words."""
        told = super().submission()
        return replace(told, channel=Channel.CONCERN, for_other=not told.under_18)
