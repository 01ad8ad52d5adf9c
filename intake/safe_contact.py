"""How she may be contacted: her sealed choices, opened and read with care."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from intake.models import Envelope, Request
from intake.queue import Desktop
from intake.together import of_same_number, others
from intake.topics import Kind, Opening, Origin, Phone, ShownNumber, Voice

Choices = dict[str, Any]
Read = list[tuple[Origin, Choices]]


@dataclass(frozen=True, slots=True)
class SafeContact:
    """Her choices. What nobody said is the careful answer: unknown means no."""

    opening: Opening = Opening.WRONG_PERSON
    voice: Voice = Voice.ANY
    shown: ShownNumber = ShownNumber.HIDDEN
    phone: Phone = Phone.UNSAID
    voicemail: bool = False
    texts: bool = False
    note: str = ""
    later_note: str = ""  # by someone with the number: it never replaces hers (S4)
    country: str = ""
    interpreter: str = ""
    by_receipt: bool = False  # someone with the number changed it (S4)


@dataclass(frozen=True, slots=True)
class Words:
    """The words agreed with her, for staff to recognise and never to say (S10)."""

    word: str
    not_now_word: str


def safe_contact(desk: Desktop, request: Request) -> SafeContact:
    """Open her choices. Who has the number may narrow what she ticked, never widen it.

    Raises SealBroken.
    """
    papers = [one for one in request.envelopes if one.kind is Kind.SAFETY]
    read = [(one.origin, json.loads(desk.keyring.text(one))) for one in papers]
    holds = asdict(SafeContact()) | _together(read)
    # A later paper of hers may tell of one choice only: the others stay another's.
    tellers = {name: origin for origin, said in read for name in said}
    return SafeContact(
        opening=Opening(holds["opening"]),
        voice=Voice(holds["voice"]),
        shown=ShownNumber(holds["shown"]),
        phone=Phone(holds["phone"]),
        voicemail=holds["voicemail"],
        texts=holds["texts"],
        note=holds["note"],
        later_note=holds["later_note"],
        country=holds["country"],
        interpreter=holds["interpreter"],
        by_receipt=Origin.RECEIPT in tellers.values(),
    )


def may_ring(desk: Desktop, request: Request) -> bool:
    """Say whether the phone is safe for what is known by now, told first or later.

    Raises SealBroken.
    """
    every = [request, *others(desk.session, request)]
    under_18 = any(one.under_18 for one in every)
    for_other = any(one.for_other for one in every)
    if not (under_18 or for_other):
        return True
    # Whose phone it is was perhaps told twice: the more careful answer holds (S8).
    told = [request, *of_same_number(desk.session, request)]
    phones = [safe_contact(desk, one).phone for one in told]
    return all(phone.may_ring(under_18, for_other) for phone in phones)


def agreed_words(desk: Desktop, request: Request) -> Words | None:
    """Open the words that hold now, if any were agreed. Raises SealBroken."""
    word = _last(request.envelopes, Kind.WORD)
    other = _last(request.envelopes, Kind.NOT_NOW_WORD)
    if word is None:
        return None
    not_now = desk.keyring.text(other) if other else ""
    return Words(desk.keyring.text(word), not_now)


def alias(desk: Desktop, request: Request) -> str:
    """Return what she wants to be called, or nothing. Raises SealBroken."""
    found = _last(request.envelopes, Kind.ALIAS)
    return desk.keyring.text(found) if found else ""


def _together(read: Read) -> Choices:
    """Return what holds after each paper; one may tell only whose phone it is."""
    holds: Choices = {}
    for origin, said in _anew(read):
        if origin is Origin.STAFF and "note" in said:
            holds["later_note"] = ""  # she was asked about all advice, and said this
        holds |= _by_receipt(holds, said) if origin is Origin.RECEIPT else said
    return holds


def _anew(read: Read) -> Iterator[tuple[Origin, Choices]]:
    """Leave out what a form sent again only repeats: what was said since holds (S3)."""
    form: Choices = {}
    for origin, said in read:
        told = said
        if origin is Origin.AGAIN:
            told = {name: new for name, new in said.items() if _is_new(name, new, form)}
        if origin in (Origin.FORM, Origin.AGAIN):
            form |= said
        yield origin, told


def _is_new(name: str, new: str | bool, form: Choices) -> bool:
    # What belongs to the number comes again with it; a no counts however often said.
    return name in ("phone", "country") or new is False or form.get(name) != new


def _by_receipt(holds: Choices, said: Choices) -> Choices:
    """Return what one with the number makes of what was said before (S4)."""
    # Advice of hers is never replaced by words that may be another's.
    told = {_APART.get(name, name): new for name, new in said.items()}
    before = told.keys() & holds.keys() & _NARROWED.keys()
    return told | {name: _NARROWED[name](holds[name], told[name]) for name in before}


def _one_more(held: str, new: str) -> str:
    notes = held.split(_BETWEEN) if held else []
    return held if new in notes else _BETWEEN.join([*notes, new])


def _interpreter(held: str, new: str) -> str:
    if new == Voice.ANY:
        return held or new
    # What staff wrote down may name a language, which no form asks with the voice.
    return f"{held}, {new}" if held and held not in set(Voice) else new


_APART = {"note": "later_note"}
_BETWEEN = "\n\n"
# Choices that may be narrowed with the number, and are never widened.
_NARROWED: Mapping[str, Callable[[Any, Any], Any]] = {
    # What is said on the phone is hers: another could pick what gives her away.
    "opening": lambda held, new: held,
    "voice": lambda held, new: held if new == Voice.ANY else new,
    "shown": lambda held, new: held if new == ShownNumber.SHOWN else new,
    "voicemail": lambda held, new: held and new,
    "texts": lambda held, new: held and new,
    "later_note": _one_more,
    "interpreter": _interpreter,
}


def _last(envelopes: Iterable[Envelope], kind: Kind) -> Envelope | None:
    # S4: agreed words never come by receipt; what she is called may.
    found = [
        one
        for one in envelopes
        if one.kind is kind and (one.origin is not Origin.RECEIPT or kind is Kind.ALIAS)
    ]
    return found[-1] if found else None
