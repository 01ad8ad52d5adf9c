"""What she says in a call holds from then on: words, times, number, choices (S9, S10).

Nothing of it is taken down but after a call in which she could talk, by who made it.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, not_, select

from intake.deliveries import call_off
from intake.envelopes import current_number, put, put_number
from intake.errors import NotAllowed
from intake.hours import Slot
from intake.joining import NUMBERS_OWN
from intake.life import EventKind
from intake.models import Event, Request
from intake.numbers import CallableNumber
from intake.outcomes import DOUBTS, TALKS, Outcome
from intake.queue import Desktop, check_seen, hold, note
from intake.receipts import plain_word
from intake.safe_contact import Words, agreed_words, safe_contact
from intake.topics import (
    Contact,
    Kind,
    Opening,
    Origin,
    Phone,
    ShownNumber,
    State,
    Voice,
    Wish,
)
from intake.windows import reserve, withdraw

# A call's words are taken down before another call, and before it leaves her hands.
_TURNS = (
    EventKind.CLAIMED,
    EventKind.RELEASED,
    EventKind.HANDED_OVER,
    EventKind.SIDE,
    EventKind.MARK,
    EventKind.CALL_STARTED,
    EventKind.OUTCOME,
)
# A call starts only where contact is allowed. What stopped it since may have come after
# she hung up, and then nothing that she said before lifts it.
_OPEN = (Contact.ALLOWED, Contact.NONE_SAFE, Contact.NOT_HER_PHONE)


@dataclass(frozen=True, slots=True)
class Said:
    """What she said of the next contact; what is None or empty stays as it was."""

    slots: tuple[Slot, ...] = ()
    none_safe: bool = False
    number: CallableNumber | None = None
    phone: Phone | None = None
    country: str = ""
    voicemail: bool | None = None
    texts: bool | None = None
    opening: Opening | None = None
    voice: Voice | None = None
    shown: ShownNumber | None = None
    note: str = ""
    interpreter: bool | None = None
    interpreter_note: str = ""
    wish: Wish | None = None

    def choices(self) -> dict[str, str | bool]:
        """Return what is sealed with her choices: the keys that she spoke of only."""
        named = {
            "phone": self.phone,
            "country": self.country,
            "opening": self.opening,
            "voice": self.voice,
            "shown": self.shown,
            "note": self.note,
            "interpreter": self.interpreter_note,
        }
        told = {name: value for name, value in named.items() if value}
        if self.interpreter is False:
            told["interpreter"] = ""
        return told | self._ticks()

    def is_whole(self) -> bool:
        """Say whether a new number comes with whose phone it is, and its times."""
        times = self.none_safe or bool(self.slots)
        return self.number is None or (self.phone is not None and times)

    def _ticks(self) -> dict[str, bool]:
        ticks = {"voicemail": self.voicemail, "texts": self.texts}
        # S27: where another may hold it, no yes counts.
        if self.phone not in (None, Phone.OWN, Phone.OTHER_KNOWS):
            return dict.fromkeys(ticks, False)
        # A yes was said of the number before; of a new one it has to be said anew.
        unsaid = False if self.number else None
        said = {name: unsaid if yes is None else yes for name, yes in ticks.items()}
        return {name: yes for name, yes in said.items() if yes is not None}


def talked(desk: Desktop, request: Request) -> bool:
    """Say whether the member's last call, since she took the request, was a talk."""
    # Her lease may run out over the form: taken again at once, nothing was lost.
    again = and_(
        Event.kind == EventKind.CLAIMED.value, Event.member_id == desk.member.id
    )
    last = desk.session.scalars(
        select(Event)
        .where(Event.request_id == request.id, Event.kind.in_(_TURNS), not_(again))
        .order_by(Event.seq.desc())
        .limit(1)
    ).first()
    if last is None or last.kind != EventKind.OUTCOME:
        return False
    by_her = last.member_id == desk.member.id
    return by_her and Outcome(last.data["outcome"]) in TALKS


def doubted(desk: Desktop, request: Request) -> bool:
    """Say whether another may know the words: a doubt came after they were agreed."""
    told = (
        select(Event)
        .where(
            Event.request_id == request.id,
            Event.kind.in_((EventKind.OUTCOME, EventKind.WORDS)),
        )
        .order_by(Event.seq)
    )
    doubt = False
    for event in desk.session.scalars(told):
        if event.kind == EventKind.WORDS:
            doubt = False
        elif Outcome(event.data["outcome"]) in DOUBTS:
            doubt = True
    return doubt


def check_talk(desk: Desktop, request: Request, now: datetime) -> None:
    """Renew the hold of who made the call. Raises NotHeld, and NotAllowed without one.

    Which outcomes a call may have depends on the words that held when it was made, so
    the outcome is recorded before anything of it.
    """
    hold(desk, request, now)
    if request.state is State.CALLING:
        raise NotAllowed("call-without-outcome")
    if request.contact is Contact.TAKEN_BACK:
        raise NotAllowed("taken-back")
    if not talked(desk, request):
        raise NotAllowed("no-talk")


def agree_words(desk: Desktop, request: Request, words: Words, now: datetime) -> None:
    """Seal the words that were agreed with her in a call (S10).

    Without a second word the one she has goes on. After a doubt both must be new.
    Raises NotHeld, and NotAllowed when there was no talk or the words don't do.
    """
    check_talk(desk, request, now)
    _check_words(desk, request, words)
    texts = {Kind.WORD: words.word, Kind.NOT_NOW_WORD: words.not_now_word}
    for kind, text in texts.items():
        if text:
            put(desk.session, request, kind, text, Origin.STAFF, now, desk.member.id)
    note(desk, request, EventKind.WORDS, now)


def take_down(
    desk: Desktop, request: Request, said: Said, now: datetime, seen: int | None = None
) -> None:
    """Let what she said of safe contact hold from now on (S9); the rest stays.

    Texts that wait are called off: they were written for what held before. Raises
    NotHeld, NotAllowed, SlotFull and SealBroken.
    """
    check_talk(desk, request, now)
    if request.contact not in _OPEN:
        raise NotAllowed("contact")
    # What came meanwhile may be later than the call, and say something else.
    if request.unread_since is not None:
        raise NotAllowed("unread-words")
    check_seen(desk.session, request, seen)
    if said == Said():
        raise NotAllowed("nothing-said")
    if not said.is_whole():
        raise NotAllowed("number-not-whole")
    contact = _contact_after(desk, request, said)
    author, choices = desk.member.id, said.choices()
    if choices:
        paper = json.dumps(choices)
        put(desk.session, request, Kind.SAFETY, paper, Origin.STAFF, now, author)
    if said.number:
        office = desk.office
        put_number(desk.session, office, request, said.number, Origin.STAFF, now)
    call_off(desk.session, request.id)
    _take_facts(request, said)
    note(desk, request, EventKind.SAFE_CONTACT, now)
    _move_times(desk, request, said, contact, now)


def _check_words(desk: Desktop, request: Request, words: Words) -> None:
    new = {plain_word(words.word), plain_word(words.not_now_word)}
    before = agreed_words(desk, request)
    old = {plain_word(before.word), plain_word(before.not_now_word)} if before else {""}
    if doubted(desk, request) and (not words.not_now_word or new & old):
        raise NotAllowed("both-words-new")
    if not words.not_now_word and before:
        new = {plain_word(words.word), plain_word(before.not_now_word)}
    # Said on the phone, one word must not mean two things.
    if len(new) == 1:
        raise NotAllowed("same-words")


def _contact_after(desk: Desktop, request: Request, said: Said) -> Contact:
    """Return what holds about contact when she has said this (S19, S27)."""
    speaks_of_it = said.number or said.phone or said.slots or said.none_safe
    if not speaks_of_it:
        return request.contact
    phone = said.phone or safe_contact(desk, request).phone
    if not phone.may_ring(request.under_18, request.for_other):
        return request.contact.or_stricter(Contact.NOT_HER_PHONE)
    if said.number is None and request.contact in NUMBERS_OWN:
        return request.contact
    if said.none_safe:
        return Contact.NONE_SAFE
    return Contact.ALLOWED if said.slots else request.contact


def _take_facts(request: Request, said: Said) -> None:
    request.wish = said.wish or request.wish
    if said.interpreter is not None or said.interpreter_note:
        request.interpreter = said.interpreter is not False


def _move_times(
    desk: Desktop, request: Request, said: Said, contact: Contact, now: datetime
) -> None:
    """Put her new times in the place of those to come, and let the event say so."""
    new_times = said.slots or said.none_safe
    if not new_times and contact is request.contact:
        return
    if current_number(request) is None:
        raise NotAllowed("no-number")
    # The old places go back first, or she could be refused one that she holds.
    withdraw(desk.session, request, now)
    slots = said.slots if contact is Contact.ALLOWED else ()
    reserve(desk.session, desk.office.units, request, slots, Origin.STAFF)
    note(
        desk,
        request,
        EventKind.NUMBER if said.number else EventKind.WINDOWS,
        now,
        origin=Origin.STAFF.value,
        state=request.state.value,
        contact=contact.value,
    )
