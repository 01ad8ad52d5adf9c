"""Forms of a member's own way in."""

from wtforms import HiddenField, StringField
from wtforms.validators import Length

from blueprints.staff.forms import DeskForm, needed
from intake.passkeys import LONGEST_NAME


class PasskeyForm(DeskForm):
    """A new passkey: what she calls it, and what the browser made."""

    passkey = HiddenField()  # filled in by static/passkey.js
    name = StringField(
        "Vad ska den heta?",
        [needed, Length(max=LONGEST_NAME, message="Högst 40 tecken.")],
        description="Till exempel: nyckeln på nyckelknippan.",
    )

    def made(self) -> tuple[str, str]:
        """Return its name and the browser's answer."""
        return self.name.data or "", self.passkey.data or ""

    def refuse(self) -> None:
        """Say that what the browser made can't be kept."""
        self.name.errors = ["Passnyckeln kunde inte sparas. Försök en gång till."]
