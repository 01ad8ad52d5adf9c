"""Giving a form back as it was typed, with what is to be put right (S39)."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from flask import request
from werkzeug.datastructures import MultiDict

from intake.errors import UnknownReceipt
from web.forms import PublicForm
from web.i18n import _
from web.once import Content, Page, gives_back
from web.wiring import db

F = TypeVar("F", bound=PublicForm)
# The token is kept beside them; the trap and the button are no words of hers.
_NOT_TYPED = frozenset({"token", "website"})


class Refused(Exception):
    """A form can't be taken as it stands; `message` tells her why, under a field."""

    def __init__(self, status: int = 422, message: str = "", field: str = "") -> None:
        super().__init__(str(status))
        self.status = status
        self.message = message
        self.field = field


def attempt(form: PublicForm, make: Callable[[], Page], **more: str) -> Page:
    """Return the page that a form leads to, or the form itself as it was typed.

    Where its half hour is over, the page asks for the number and keeps the text.
    `more` is what else the form's own page needs.
    """
    try:
        return make()
    except UnknownReceipt:
        return number_again(form.data.get("text") or "")
    except Refused as refused:
        # Before the page is kept, or what gives her text back would go too.
        db().rollback()
        return typed_page(form, refused, **more)


def gives_form_back(endpoint: str, kind: type[PublicForm]) -> None:
    """Let a form's page be made again when its POST broke in our hands."""

    def give(said: str) -> Page:
        given = request.view_args or {}
        more = {"letter": given["letter"]} if "letter" in given else {}
        return typed_page(kind(), Refused(500, said), **more)

    gives_back(endpoint, give)


def typed_page(form: PublicForm, refused: Refused, **more: str) -> Page:
    """Return the page that shows a form as it was typed: the view of the form's name.

    The token stays as it is: sent again, the form still counts once (S3).
    """
    # Said now and as text: a lazy one could not be kept, nor know her language later.
    errors = {name: [str(said) for said in form[name].errors] for name in form.data}
    said = [str(said) for said in form.form_errors]
    if refused.field in errors:
        errors[refused.field] = [refused.message]
    elif refused.message:
        said.append(refused.message)
    content: Content = {
        "typed": _typed(form),
        "token": form.token.data,
        "errors": {name: texts for name, texts in errors.items() if texts},
        "said": said,
        **more,
    }
    return Page(form.form_name, content, status=refused.status)


def prefilled(view: str, said: str = "", **typed: str) -> Page:
    """Return the page that shows a form not yet sent, with texts and a word on why."""
    content: Content = {
        "typed": list(typed.items()),
        "token": "",
        "errors": {},
        "said": [said] if said else [],
    }
    return Page(view, content)


def number_again(text: str = "") -> Page:
    """Return the page that asks for the number anew, and keeps what was written."""
    said = _("Half an hour has passed. Write your number once more to go on.")
    return prefilled("back", said, text=text)


def refilled(kind: type[F], content: Content) -> F:
    """Return the form of a typed page: typed texts, choices, errors."""
    form = kind(MultiDict(content["typed"]))
    form.token.data = content["token"]
    # Put back, not checked anew: a time that has ended since would add another.
    errors: Mapping[str, Sequence[str]] = content["errors"]
    for name, texts in errors.items():
        form[name].errors = list(texts)
    form.form_errors = list(content["said"])
    return form


def _typed(form: PublicForm) -> list[tuple[str, str]]:
    # What no field of the form asked for would only fill the disk (S36).
    names = {one.name for one in form} - _NOT_TYPED
    # As it was sent: a field may have turned it into something else already.
    return [pair for pair in request.form.items(multi=True) if pair[0] in names]
