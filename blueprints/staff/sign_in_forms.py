"""Forms of the way in: signing in, and the two steps of an invitation."""

from typing import Self

from werkzeug.datastructures import MultiDict
from wtforms import Field, HiddenField, PasswordField, StringField
from wtforms.validators import EqualTo, Length

from blueprints.staff.forms import needed
from intake.links import SHORTEST_PASSWORD
from web.forms import StaffForm


class SignInForm(StaffForm):
    """Login, password and code, or a passkey's answer in its place, on one page."""

    passkey = HiddenField()  # filled in by static/passkey.js
    login = StringField("Användarnamn", [needed])
    password = PasswordField("Lösenord", [needed])
    code = StringField(
        "Engångskod, sex siffror",
        description="Utan telefon: skriv en av dina reservkoder här.",
    )

    def validate_code(self, field: StringField) -> None:
        """Ask for a code where no passkey was shown."""
        if not self.passkey.data:
            needed(self, field)

    def credentials(self) -> tuple[str, str]:
        """Return login and password as typed."""
        return self.login.data or "", self.password.data or ""

    def forget_code(self) -> None:
        """Show no code again: on paper it may still be good."""
        self.code.data = ""


class KeyForm(StaffForm):
    """The password alone, after the municipality has said who it is."""

    password = PasswordField("Lösenord hit", [needed])


class FirstCodeForm(StaffForm):
    """A first code from the secret that is shown."""

    code = StringField("Koden som appen visar nu, sex siffror", [needed])

    def refuse_code(self) -> None:
        """Say that the code is not of the secret that was shown."""
        _refuse(self.code, "Koden stämde inte. Kontrollera klockan, prova nästa kod.")


class PasswordForm(StaffForm):
    """A new password, twice, after a first code that was right."""

    proof = HiddenField()
    password = PasswordField(
        "Nytt lösenord",
        [
            needed,
            Length(
                min=SHORTEST_PASSWORD, message="Minst tolv tecken. En mening går bra."
            ),
        ],
    )
    again = PasswordField(
        "Lösenordet en gång till",
        [EqualTo("password", "Det blev inte samma lösenord båda gångerna.")],
    )

    @classmethod
    def after(cls, proof: str) -> Self:
        """Return the form as it is before a password was typed."""
        return cls(MultiDict(), data={"proof": proof})

    def refuse_password(self) -> None:
        """Say that the password is too short."""
        _refuse(self.password, "Minst tolv tecken. En mening går bra.")


def _refuse(field: Field, message: str) -> None:
    field.errors = [*field.errors, message]
