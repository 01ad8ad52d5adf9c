"""What the forms to write and to be called ask alike: optional, in her own words."""

from collections.abc import Mapping
from typing import ClassVar

from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import Length, Optional

from intake.errors import MistypedReceipt
from intake.receipts import grouped, parse
from intake.submissions import TEXT_LIMIT, Submission
from intake.topics import Audience, Channel, Danger, Voice
from web.forms import PublicForm, choices_of
from web.i18n import _, current_language, lazy

OTHER_LANGUAGE = "other"
# Names of languages in themselves (CLDR); she may want an answer in any of them.
SPOKEN: Mapping[str, str] = {
    "sv": "svenska",
    "lattlast": "lättläst svenska",
    "en": "English",
    "ar": "العربية",
    "fi": "suomi",
    "so": "Soomaali",
    "fa": "فارسی",
    "fa-AF": "دری",
    "ti": "ትግርኛ",
    "ckb": "کوردیی ناوەندی",
    "ku": "kurdî (kurmancî)",
    "uk": "українська",
    "ru": "русский",
    "pl": "polski",
    "es": "español",
    "tr": "Türkçe",
    "th": "ไทย",
    "se": "davvisámegiella",
    "bs": "bosanski, hrvatski, srpski",
    "sq": "shqip",
    "ro": "română",
    "fr": "français",
    "de": "Deutsch",
    "ps": "پښتو",
    "ur": "اردو",
    OTHER_LANGUAGE: lazy("Another language"),
}
VOICES: Mapping[str, str] = {
    Voice.ANY: lazy("It does not matter"),
    Voice.WOMAN: lazy("A woman's voice"),
    Voice.MAN: lazy("A man's voice"),
}
TOO_LONG = lazy("That is too long for this line. Write it shorter.")
NOT_SENT = lazy("This is a number that you got from us. It has not been sent.")
_SHORT = [Length(max=200, message=TOO_LONG)]
_UNSEEN = frozenset({"token", "website"})
_BETWEEN_DIGITS = frozenset(" \n\t-–—.,:·/")


def text_rule() -> Length:
    """Return the rule of the text box; the limit counts characters as she sees them."""
    return Length(
        max=TEXT_LIMIT,
        message=lazy(
            "The text is longer than 10,000 characters. "
            "Send the first part now and the rest after it."
        ),
    )


def receipt_alone(text: str) -> str:
    """Return the number of ours that a text consists of, as it is printed, or ""."""
    if not all(c.isdecimal() or c in _BETWEEN_DIGITS for c in text):
        return ""
    try:
        return grouped(parse(text))
    except MistypedReceipt:
        return ""


class Questions(PublicForm):
    """The questions that both forms share. Only the text is ever required."""

    channel: ClassVar[Channel]

    text = TextAreaField(lazy("Your text"), [text_rule()])
    # Names that tell nothing: browsers may keep them beside what was typed.
    danger = RadioField(
        lazy("How dangerous is it now, for anyone?"),
        [Optional()],  # nothing is chosen before: silence is an answer (S23)
        choices=choices_of(
            {
                Danger.NOT_NOW: lazy("It is not dangerous now"),
                Danger.SOON: lazy("It may become dangerous soon"),
                Danger.NOW: lazy("It is dangerous now"),
                # A radio button once pressed can't be let go: this takes it back.
                Danger.UNSAID: lazy("I do not know, or do not want to say"),
            }
        ),
        name="q1",
    )
    language = SelectField(
        lazy("Language that you want the answer in"),
        choices=choices_of(SPOKEN),
        default=lambda: current_language().code,
    )
    interpreter = BooleanField(lazy("I want an interpreter when we talk"))
    interpreter_voice = RadioField(
        lazy("Which voice may the interpreter have?"),
        choices=choices_of(VOICES),
        default=Voice.ANY.value,
    )
    under_18 = BooleanField(lazy("I am under 18"), name="q2")
    children = BooleanField(lazy("There are children where this happens"), name="q3")
    avoid = BooleanField(lazy("Someone who works there must not see this"), name="q4")
    avoid_text = StringField(lazy("Who must not see it?"), _SHORT, name="q5")
    elsewhere = BooleanField(lazy("It is the head or the deputy"), name="q10")
    for_other = BooleanField(lazy("I write for someone else"), name="q6")
    protected = BooleanField(lazy("I have protected personal data"), name="q7")
    earlier = StringField(lazy("The number that you have already"), _SHORT)
    earlier_word = StringField(
        lazy("Your word for that number, if you chose one"), _SHORT
    )
    own_word = StringField(lazy("Your own word for the new number"), _SHORT)
    no_number = BooleanField(lazy("I do not want a number"))

    def validate_earlier(self, field: StringField) -> None:
        """Catch a mistyped number before the slow hash does."""
        if field.data:
            check_digits(field.data)

    def validate_text(self, field: TextAreaField) -> None:
        """Catch a number of ours: sent as a text, staff would read it (S1)."""
        if self.receipt_as_text():
            raise ValidationError(str(NOT_SENT))

    def receipt_as_text(self) -> str:
        """Return the number of ours that stands in the text box with no word, or ""."""
        return receipt_alone(self.text.data or "")

    def says_only_a_receipt(self) -> bool:
        """Say whether a number of ours is all that the form says."""
        untouched = type(self)(MultiDict()).data | {"text": self.text.data}
        said = {name: data for name, data in self.data.items() if name not in _UNSEEN}
        others = any(data and data != untouched[name] for name, data in said.items())
        return bool(self.receipt_as_text()) and not others

    def avoids_someone(self) -> bool:
        """Say whether someone who works there must not see this (S29)."""
        # A name without the tick says the same: a slip must not expose her.
        return bool(self.avoid.data or self.avoid_text.data or self.elsewhere.data)

    def submission(self, audience: Audience) -> Submission:
        """Return the answers in the domain's words."""
        wants_interpreter = bool(self.interpreter.data)
        return Submission(
            language=self.language.data,
            audience=audience,
            channel=self.channel,
            text=self.text.data or "",
            danger=Danger(self.danger.data or Danger.UNSAID),
            under_18=self.under_18.data,
            children=self.children.data,
            interpreter=wants_interpreter,
            interpreter_note=self.interpreter_voice.data if wants_interpreter else "",
            avoid=self.avoids_someone(),
            elsewhere=self.elsewhere.data,
            avoid_text=self.avoid_text.data or "",
            for_other=self.for_other.data,
            protected=self.protected.data,
        )


def check_digits(typed: str) -> str:
    """Return the digits of a typed number. Raises ValidationError, kindly."""
    try:
        return parse(typed)
    except MistypedReceipt:
        raise ValidationError(
            _(
                "There is a slip of the pen in the number. It has 20 digits. "
                "Compare it with what you wrote down."
            )
        ) from None
