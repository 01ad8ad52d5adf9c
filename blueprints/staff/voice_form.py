"""The form of a new number in the place of a lost one."""

from wtforms import BooleanField
from wtforms.validators import DataRequired

from blueprints.staff.token_forms import TokenForm


class VoiceForm(TokenForm):
    """A new number, given in the call that goes on (S6)."""

    form_name = "voice"

    sure = BooleanField(
        "Personen har tappat sitt nummer och vill ha ett nytt",
        [DataRequired("Kryssa i rutan om ett nytt nummer ska ges.")],
    )
