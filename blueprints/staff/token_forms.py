"""Forms that one press is enough for: their token makes a second one the same (S3)."""

import json
from typing import ClassVar, Self

from wtforms import HiddenField, StringField
from wtforms.validators import Length, Optional, ValidationError

from blueprints.staff.forms import DeskForm
from intake import arrivals
from intake.receipts import ReceiptKey, from_seed
from web.tokens import FormTokens, Token, TokenExpired, TokenForged
from web.wiring import now, wired

_STALE = "Sidan har stått öppen länge. Läs igenom den och spara en gång till."
_CHANGED = (
    "Det du sparade förut är registrerat. Det du har ändrat sedan dess är inte sparat. "
    "Spara en gång till om det ska bli ett eget ärende."
)
_NOT_CONTENT = frozenset({"csrf_token", "token"})


class TokenForm(DeskForm):
    """A form with a token, from which a number given by voice can follow (S6)."""

    form_name: ClassVar[str]

    token = HiddenField("Sidan")
    own_word = StringField(
        "Personens eget ord till numret", [Optional(), Length(max=60)]
    )

    def stamped(self) -> Self:
        """Put a fresh token in, unless it carries a genuine one: that stays."""
        if not _tokens().is_genuine(self.token.data or ""):
            self._renew()
        return self

    def validate_token(self, field: HiddenField) -> None:
        """Refuse a token that is too old to tell one press from two."""
        try:
            self._read()
        except (TokenForged, TokenExpired):
            self._renew()
            raise ValidationError(_STALE) from None

    def refuse_change(self) -> None:
        """Say that other content was sent with this token, and give a new one."""
        self._renew()
        self.token.errors = [_CHANGED]

    def hashes(self) -> arrivals.Token:
        """Return what the database may know of the token and of what was typed."""
        nonce = self._read().nonce
        said = {one.name: one.data for one in self if one.name not in _NOT_CONTENT}
        content = json.dumps(said, sort_keys=True).encode()
        made = _tokens()
        return arrivals.Token(
            made.database_hash(nonce), made.content_hash(nonce, content)
        )

    def receipt(self) -> tuple[str, ReceiptKey]:
        """Return the digits that follow from the token, and what they open with."""
        peppers = wired().peppers
        if peppers is None:
            raise LookupError("this face has no pepper")
        digits = from_seed(_tokens().receipt_seed(self._read().nonce))
        return digits, peppers.key(digits, self.own_word.data or "")

    def _read(self) -> Token:
        return _tokens().read(self.token.data or "", self.form_name, now())

    def _renew(self) -> None:
        self.token.data = _tokens().issue(self.form_name, "sv", now())


def _tokens() -> FormTokens:
    made = wired().tokens
    if made is None:
        raise LookupError("this face has no form key")
    return made
