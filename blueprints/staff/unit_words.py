"""Units as they are offered for a choice: by name, with whom to ask there."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from intake import key_persons
from web.desk import unit_name


def with_key_persons(session: Session, units: Iterable[str]) -> dict[str, str]:
    """Return units in words, each with its key person's working name, if any (S35)."""
    named = key_persons.names(session)
    return {
        key: f"{unit_name(key)}, nyckelperson {named[key]}"
        if key in named
        else unit_name(key)
        for key in units
    }
