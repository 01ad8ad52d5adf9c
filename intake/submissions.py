"""What a visitor sends, in the domain's words, before anything of it is stored."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from intake.hours import Slot
from intake.numbers import CallableNumber
from intake.topics import (
    Audience,
    Channel,
    Contact,
    Danger,
    Kind,
    Mark,
    Opening,
    Phone,
    ShownNumber,
    Voice,
    Wish,
)

TEXT_LIMIT = 10_000  # characters
# Read by staff, whose words are Swedish: the tick alone must leave its trace (S29).
NOBODY_NAMED = "Inget namn är skrivet."


@dataclass(frozen=True, slots=True)
class CallWish:
    """How she may be called. Every default is the careful answer: unknown means no."""

    number: CallableNumber | None = None
    slots: tuple[Slot, ...] = ()
    alias: str = ""
    word: str = ""
    not_now_word: str = ""
    note: str = ""
    country: str = ""
    opening: Opening = Opening.WRONG_PERSON
    voice: Voice = Voice.ANY
    shown: ShownNumber = ShownNumber.HIDDEN
    phone: Phone = Phone.UNSAID
    voicemail: bool = False
    texts: bool = False

    def choices(self) -> dict[str, str | bool]:
        """Return the choices on safe contact; a line left empty tells nothing."""
        # Whose phone it is belongs to a number: without one it is said of none.
        phone = {"phone": self.phone} if self.number else {}
        lines = {"note": self.note, "country": self.country}
        return {
            **phone,
            "opening": self.opening,
            "voice": self.voice,
            "shown": self.shown,
            "voicemail": self.voicemail,
            "texts": self.texts,
            **{name: line for name, line in lines.items() if line},
        }

    def phone_alone(self) -> str:
        """Return whose phone a later number is, as the JSON that is sealed with it.

        Where another may hold it, what was ticked for an earlier number ends.
        """
        kept = self.phone in (Phone.OWN, Phone.OTHER_KNOWS)
        ended = {} if kept else {"voicemail": False, "texts": False}
        return json.dumps({"phone": self.phone, **ended})


@dataclass(frozen=True, slots=True)
class Submission:
    """One sent form, in the domain's words."""

    language: str
    audience: Audience = Audience.UNSAID
    channel: Channel = Channel.FORM
    wish: Wish = Wish.ANSWER
    text: str = ""
    danger: Danger = Danger.UNSAID
    under_18: bool = False
    children: bool = False
    interpreter: bool = False
    interpreter_note: str = ""
    avoid: bool = False
    elsewhere: bool = False  # not to the head and her deputy either (S29)
    avoid_text: str = ""
    for_other: bool = False
    protected: bool = False
    set_aside: bool = False
    call: CallWish | None = None
    texts: Mapping[Kind, str] = field(default_factory=dict)  # further sealed texts
    # What a member of staff who registers it adds; a visitor's form has none of it.
    author_id: int | None = None
    kept_at: str = ""  # her own unit, in place of the one that the rules lead to
    marks: tuple[Mark, ...] = ()
    # What stands already against contact with the number: a text never lifts it (S20).
    standing: Contact = Contact.ALLOWED

    def all_marks(self) -> list[str]:
        """Return the marks that its request starts with."""
        protected = {Mark.PROTECTED_DATA} if self.protected else set()
        return sorted(protected | set(self.marks))

    def contact(self) -> Contact:
        """Return whether she may be contacted, erring on the side of no."""
        if self.channel is Channel.SMS:
            return self.standing  # the text itself asks for a call (S21)
        if self.call is None or self.call.number is None:
            return Contact.NOT_ASKED
        if not self.call.slots:
            return Contact.NONE_SAFE
        if not self.call.phone.may_ring(self.under_18, self.for_other):
            return Contact.NOT_HER_PHONE
        return Contact.ALLOWED

    def sealed_texts(self) -> dict[Kind, str]:
        """Return every text that is to be sealed to the unit, by kind."""
        call = self.call or CallWish()
        texts = {
            Kind.ACCOUNT: self.text,
            Kind.AVOID: self.avoid_text or (NOBODY_NAMED if self.avoid else ""),
            Kind.ALIAS: call.alias,
            Kind.WORD: call.word,
            Kind.NOT_NOW_WORD: call.not_now_word,
            Kind.SAFETY: self._safety(),
            **self.texts,
        }
        return {kind: text for kind, text in texts.items() if text}

    def _safety(self) -> str:
        """Return what is said of safe contact, as the JSON that is sealed."""
        # What this form did not ask must not be laid over what she said before.
        said = self.call.choices() if self.call else {}
        if self.interpreter_note:
            said["interpreter"] = self.interpreter_note
        return json.dumps(said) if said else ""
