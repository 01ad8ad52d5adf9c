"""The forms to write with, and to come back with the number."""

from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError

from intake.submissions import Submission
from intake.topics import Audience, Channel
from web.forms import PublicForm
from web.i18n import lazy
from web.questions import (
    NOT_SENT,
    TOO_LONG,
    Questions,
    check_digits,
    receipt_alone,
    text_rule,
)

_SOMETHING = DataRequired(
    message=lazy("Write something first. One sentence is enough.")
)


class WriteForm(Questions):
    """Write without a name; only the text is needed."""

    form_name = "write"
    channel = Channel.FORM

    text = TextAreaField(lazy("Your text"), [_SOMETHING, text_rule()])


class BackForm(PublicForm):
    """Come back with the number. What was written meanwhile travels along."""

    form_name = "back"

    digits = StringField(
        lazy("Your number"),
        [
            DataRequired(message=lazy("Write the number. It has 20 digits.")),
            Length(max=200, message=TOO_LONG),
        ],
    )
    word = StringField(
        lazy("Your own word, if you chose one"), [Length(max=200, message=TOO_LONG)]
    )
    text = TextAreaField(lazy("What you wrote"), [text_rule()])

    def validate_digits(self, field: StringField) -> None:
        """Catch a mistyped number before the slow hash does."""
        check_digits(field.data or "")


class MoreForm(PublicForm):
    """Write more to a request whose door a hidden handle keeps open."""

    form_name = "more"

    handle = HiddenField(label="")
    text = TextAreaField(lazy("Your text"), [_SOMETHING, text_rule()])

    def validate_text(self, field: TextAreaField) -> None:
        """Catch a number of ours: sent as a text, staff would read it (S1)."""
        if receipt_alone(field.data or ""):
            raise ValidationError(str(NOT_SENT))

    def submission(self, language: str, audience: Audience) -> Submission:
        """Return the words in the domain's terms."""
        return Submission(language, audience, text=self.text.data or "")
