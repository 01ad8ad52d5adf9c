"""How she may be contacted: her sealed choices, opened and read with care."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from intake.models import Envelope, Request
from intake.queue import Desktop
from intake.submissions import CallWish
from intake.together import of_same_number, others
from intake.topics import Kind, Opening, Origin, Phone, ShownNumber, Voice

Choices = dict[str, Any]
Read = list[tuple[Origin, Choices]]
_CAREFUL: Choices = {"phone": Phone.UNSAID} | json.loads(CallWish().safety(""))


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
    if not papers:
        return SafeContact()
    read = [(one.origin, json.loads(desk.keyring.text(one))) for one in papers]
    own = _together(*(said for origin, said in read if origin is not Origin.RECEIPT))
    last = _together(_CAREFUL, *(said for _, said in read))
    # A later paper of hers may tell of one choice only: the others stay another's.
    tellers = {name: origin for origin, said in read for name in said}
    return SafeContact(
        # What is said on the phone is hers: another could pick what gives her away.
        opening=Opening((last | own)["opening"]),
        voice=Voice(last["voice"]),
        shown=ShownNumber(last["shown"]),
        phone=Phone(last["phone"]),
        voicemail=_agreed("voicemail", read),
        texts=_agreed("texts", read),
        note=last["note"],
        country=last["country"],
        interpreter=last["interpreter"],
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


def _together(*papers: Choices) -> Choices:
    """Return what holds after each paper; one may tell only whose phone it is."""
    return {name: said for paper in papers for name, said in paper.items()}


def _agreed(name: str, read: Read) -> bool:
    agreed = None
    for origin, said in read:
        if name in said:
            narrows = agreed is not None and origin is Origin.RECEIPT
            agreed = said[name] and (agreed or not narrows)
    return bool(agreed)


def _last(envelopes: Iterable[Envelope], kind: Kind) -> Envelope | None:
    # S4: agreed words never come by receipt; what she is called may.
    found = [
        one
        for one in envelopes
        if one.kind is kind and (one.origin is not Origin.RECEIPT or kind is Kind.ALIAS)
    ]
    return found[-1] if found else None
