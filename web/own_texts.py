"""The municipality's own words of texts and calls: checked by the same rules."""

import re
from collections.abc import Iterable, Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from intake.people import Member
from intake.sms.texts import FILE, Texts, load_texts, shipped
from intake.units import Municipality, Unit
from web.settings import Settings

_SHORTEST = 3  # letters of a name's word that tells by itself


def load(settings: Settings, home: Municipality, units: Iterable[Unit]) -> Texts:
    """Return all texts, the municipality's own lines among them. Raises BadData."""
    shelves = settings.shelves
    if shelves.own is None or not any(shelves.own.glob(f"*/{FILE}")):
        return shipped()
    return load_texts(shelves.package, shelves.own, frozenset(_names(home, units)))


def naming(session: Session, texts: Texts) -> Iterator[str]:
    """Say which own texts hold a member's surname; they are never offered."""
    names = session.scalars(select(Member.real_name)).all()
    for key, kind, locale in texts.naming(names):
        yield f"{locale}/{FILE}: text {key} {kind} holds a surname of staff: not used"


def _names(home: Municipality, units: Iterable[Unit]) -> Iterator[str]:
    """Yield what the service is called, whole, and each word of the municipality."""
    yield from home.site_names.values()
    for unit in units:
        yield from unit.names.values()
    yield home.name
    words = re.findall(r"\w+", home.name)
    yield from (word for word in words if len(word) >= _SHORTEST)
