"""Forms of the way in: signing in, and the first time by an invitation."""

from wtforms import Field, PasswordField, StringField
from wtforms.validators import EqualTo, Length

from blueprints.staff.forms import needed
from intake.access import SHORTEST_PASSWORD
from web.forms import StaffForm


class SignInForm(StaffForm):
    """Login, password and code, on one page."""

    login = StringField("Användarnamn", [needed])
    password = PasswordField("Lösenord", [needed])
    code = StringField("Engångskod, sex siffror", [needed])

    def credentials(self) -> tuple[str, str, str]:
        """Return login, password and code as typed."""
        return self.login.data or "", self.password.data or "", self.code.data or ""


class InvitationForm(StaffForm):
    """A new password, twice, and a first code from the secret that is shown."""

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
    code = StringField("Koden som appen visar nu, sex siffror", [needed])

    def choice(self) -> tuple[str, str]:
        """Return password and code as typed."""
        return self.password.data or "", self.code.data or ""

    def refuse_password(self) -> None:
        """Say that the password is too short."""
        _refuse(self.password, "Minst tolv tecken. En mening går bra.")

    def refuse_code(self) -> None:
        """Say that the code is not of the secret that was shown."""
        _refuse(self.code, "Koden stämde inte. Kontrollera klockan, prova nästa kod.")


def _refuse(field: Field, message: str) -> None:
    field.errors = [*field.errors, message]
