"""What all forms share; the only module that imports Flask-WTF."""

import unicodedata
from collections.abc import Mapping, MutableMapping
from datetime import datetime
from typing import Any, ClassVar, TypeVar

from flask import Flask, request
from flask_wtf import CSRFProtect, FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import Field, HiddenField, PasswordField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the types lag behind
from wtforms.fields.core import UnboundField
from wtforms.form import BaseForm

from web.i18n import _
from web.tokens import FormTokens, Token

F = TypeVar("F", bound=Field)


def tidy(text: str | None) -> str:
    """Strip a text and write its line ends as one character, as she sees them."""
    if not text:
        return ""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip()


def digits_of(text: str) -> str:
    """Write digits of any script (Arabic-Indic, Persian, Devanagari …) as 0 to 9."""
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)


def choices_of(labels: Mapping[str, str]) -> list[Any]:
    """Return the choices of a field from values and labels, which may be lazy."""
    return [SelectChoice(value=value, label=label) for value, label in labels.items()]


class _PublicWords:
    """Says one translated sentence where WTForms would say one of its own.

    Its own are English, and some repeat what was typed.
    """

    def gettext(self, string: str) -> str:
        # Names of fields come this way too, and stay; only messages are sentences.
        return _("Choose one of the answers.") if string.endswith(".") else string

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return self.gettext(singular)


class _StaffWords:
    """The same for staff, in Swedish."""

    def gettext(self, string: str) -> str:
        return "Välj eller skriv ett giltigt svar." if string.endswith(".") else string

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return self.gettext(singular)


class _TidyForm(FlaskForm):
    """A form whose texts are tidied before any rule looks at them."""

    class Meta(FlaskForm.Meta):
        def bind_field(
            self,
            form: BaseForm,
            unbound_field: "UnboundField[F]",
            options: MutableMapping[str, Any],
        ) -> F:
            kind = unbound_field.field_class
            # A password is taken to the letter: it opens a key.
            if issubclass(kind, StringField) and not issubclass(kind, PasswordField):
                own = unbound_field.kwargs.get("filters", ())
                options["filters"] = [tidy, *own]
            return unbound_field.bind(form=form, **options)

    def __init__(
        self,
        formdata: "MultiDict[str, str] | None" = None,
        *,
        data: Mapping[str, object] | None = None,
        prefix: str = "",
    ) -> None:
        """Take what was sent, or `formdata` in its place; `data` is shown before."""
        given = {} if formdata is None else {"formdata": formdata}
        super().__init__(data=data, prefix=prefix, **given)  # type: ignore[no-untyped-call]  # Flask-WTF has no types

    def validate_on_submit(
        self, extra_validators: Mapping[str, Any] | None = None
    ) -> bool:
        """Say whether the form was sent and keeps every rule."""
        return request.method == "POST" and self.validate(extra_validators)


class PublicForm(_TidyForm):
    """A visitors' form. It needs no cookie; its token is checked apart."""

    form_name: ClassVar[str]  # what the token is bound to

    token = HiddenField(label="")
    # A trap: no person sees it. Filled in, the message is set aside, not refused.
    website = StringField(label="", render_kw={"tabindex": "-1"})

    class Meta:
        csrf = False

        def get_translations(self, form: BaseForm) -> _PublicWords:
            return _PublicWords()

    def stamp(self, tokens: FormTokens, language: str, now: datetime) -> None:
        """Put a fresh token in, unless it carries a genuine one: that stays (S3)."""
        if not tokens.is_genuine(self.token.data or ""):
            self.token.data = tokens.issue(self.form_name, language, now)

    def renew(self, tokens: FormTokens, language: str, now: datetime) -> None:
        """Put a fresh token in, whatever it carries."""
        self.token.data = tokens.issue(self.form_name, language, now)

    def read_token(self, tokens: FormTokens, now: datetime) -> Token:
        """Return what its token says. Raises TokenForged or TokenExpired."""
        return tokens.read(self.token.data or "", self.form_name, now)

    def holds_words(self) -> bool:
        """Say whether something stands in a field that is written in."""
        return any(
            isinstance(one, StringField) and not isinstance(one, HiddenField)
            for one in self
            if one.data and one is not self.website
        )

    def is_suspect(self, token: Token, now: datetime) -> bool:
        """Say whether a machine filled it in: too fast, or fell into the trap."""
        return token.too_fast(now) or bool(self.website.data)


class DoorForm(PublicForm):
    """One press behind the door that a hidden handle keeps open."""

    form_name = "door"

    handle = HiddenField(label="")


class StaffForm(_TidyForm):
    """A form of the staff site, with Flask-WTF's token bound to the session."""

    class Meta:
        csrf = True

        def get_translations(self, form: BaseForm) -> _StaffWords:
            return _StaffWords()


def init_staff_csrf(app: Flask) -> None:
    """Refuse every POST of the staff site without the session's token, with 400."""
    # The token lives as long as the session, so a long note is never lost to a clock.
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    CSRFProtect(app)  # type: ignore[no-untyped-call]  # Flask-WTF has no types
