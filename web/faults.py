"""What is to be put right in a page's forms, as a summary that leads to each field."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from wtforms import Field, Form, RadioField, SelectMultipleField

_SEVERAL = (RadioField, SelectMultipleField)


@dataclass(frozen=True, slots=True)
class Fault:
    """One field that could not be taken; `id` is where it stands on the page."""

    id: str
    label: str
    text: str


def faults_of(forms: Mapping[str, Form]) -> list[Fault]:
    """Return the faults of a page's forms, by the names that make their ids unique."""
    return [fault for name, form in forms.items() for fault in _faults(name, form)]


def _faults(name: str, form: Form) -> Iterator[Fault]:
    for field in form:
        if field.errors:
            yield Fault(_id(name, field), field.label.text, str(field.errors[0]))


def _id(name: str, field: Field) -> str:
    # A group can't take the focus; its first option can.
    return f"{name}-{field.name}" + ("-1" if isinstance(field, _SEVERAL) else "")
