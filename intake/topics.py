"""The keys of the domain. Labels in any language live elsewhere; keys never change."""

from enum import StrEnum


class Audience(StrEnum):
    """Who writes, in the words that the visitor chose a section by."""

    EXPOSED = "exposed"
    RELATIVE = "relative"
    USES_VIOLENCE = "uses-violence"
    PROFESSIONAL = "professional"
    UNSAID = "unsaid"


class Side(StrEnum):
    """The two sides of the wall. Who does not use violence counts as hurt."""

    HURT = "hurt"
    HURTS = "hurts"

    @classmethod
    def of(cls, audience: Audience) -> "Side":
        """Return the side that an audience's requests belong to."""
        return cls.HURTS if audience is Audience.USES_VIOLENCE else cls.HURT


class Position(StrEnum):
    """What staff find the person to be, apart from the door she came in by."""

    EXPOSED = "exposed"
    CHILD_WITNESS = "child-witness"
    USES_VIOLENCE = "uses-violence"
    RELATIVE = "relative"


class Mark(StrEnum):
    """Marks of their own that staff set on a request, whatever its position."""

    HONOUR = "honour"
    TRAFFICKING = "trafficking"
    MAY_BE_WHO_HURTS = "may-be-who-hurts"
    PROTECTED_DATA = "protected-data"


class Protection(StrEnum):
    """How a person's data is protected in the population register; the last most."""

    SECRECY_MARK = "secrecy-mark"  # sekretessmarkering: a warning flag
    REGISTERED_ELSEWHERE = "registered-elsewhere"  # skyddad folkbokföring
    ASSUMED_IDENTITY = "assumed-identity"  # fingerade personuppgifter


class Channel(StrEnum):
    """How a request came in."""

    FORM = "form"
    CALLBACK = "callback"
    SMS = "sms"
    PHONE = "phone"
    VISIT = "visit"
    ON_CALL = "on-call"
    CONCERN = "concern"  # a concern report that an adult's request led to (S26)


class Danger(StrEnum):
    """Her own answer to "how dangerous is it now?"; it can only raise urgency (S23)."""

    UNSAID = "unsaid"
    NOT_NOW = "not-now"
    SOON = "soon"
    NOW = "now"


class Urgency(StrEnum):
    """How soon a person must act, set from the danger told and by first reading."""

    NORMAL = "normal"
    HIGH = "high"
    ACUTE = "acute"

    @classmethod
    def of(cls, danger: Danger) -> "Urgency":
        """Return the urgency that her own answer starts a request with."""
        return {Danger.NOW: cls.ACUTE, Danger.SOON: cls.HIGH}.get(danger, cls.NORMAL)


class State(StrEnum):
    """Where a request stands in its life."""

    UNREAD = "unread"
    OPEN = "open"
    CALLING = "calling"  # a call was started and no outcome is recorded (S13)
    DECISION = "decision"  # waits for a person's decision
    TAKEN_BACK = "taken-back"
    CLOSED = "closed"


class Contact(StrEnum):
    """Whether she may be contacted at all; the later, the fewer can lift it."""

    ALLOWED = "allowed"
    # A head of unit may lift these two, and so do new times by receipt.
    SAID_STOP = "said-stop"  # someone said stop (S15)
    ANOTHER_ANSWERED = "another-answered"  # S14
    # New times lift these.
    NOT_ASKED = "not-asked"  # she gave no number
    NONE_SAFE = "none-safe"  # "none of these is safe" (S9)
    CANCELLED = "cancelled"  # the calls, by receipt: perhaps by another (S4, S15)
    SAID_NO = "said-no"  # to calls, in one, with her word (S15)
    # Only another number does.
    NOT_HER_PHONE = "not-her-phone"  # a child's shared or parent's phone (S27), or S19
    WRONG_NUMBER = "wrong-number"  # S14
    TAKEN_BACK = "taken-back"  # S5: nothing does

    def or_stricter(self, other: "Contact") -> "Contact":
        """Return what holds when both were said: a stop never loosens another."""
        return max(self, other, key=list(Contact).index)


class Wish(StrEnum):
    """What a request asks for."""

    ANSWER = "answer"
    CALL = "call"
    MEETING = "meeting"


class Kind(StrEnum):
    """What an envelope holds. Account kinds open for the unit, answers for her too."""

    ACCOUNT = "account"  # her own words
    MORE = "more"  # what she wrote later, by receipt or by sending again
    TEXT = "text"  # a text message as it came
    NUMBER = "number"
    ALIAS = "alias"
    WORD = "word"  # "I can talk freely" (S10)
    NOT_NOW_WORD = "not-now-word"
    SAFETY = "safety"  # notes on safe contact
    AVOID = "avoid"  # someone who works there must not see this (S29)
    NOTE = "note"  # staff's internal notes
    GUIDE = "guide"  # what was told in a call, question by question
    CONSULTED = "consulted"  # why the co-ordinator read it; for the access log (S31)
    CONSENT = "consent"  # with whom to co-ordinate, and what they may know
    ANSWER = "answer"  # what staff wrote to her


class Phone(StrEnum):
    """Whose phone a number belongs to (S19, S27)."""

    OWN = "own"
    SHARED = "shared"
    PARENT = "parent"
    OTHER_KNOWS = "other-knows"  # she knows and says this number is safe
    UNSAID = "unsaid"

    def may_ring(self, under_18: bool, for_other: bool) -> bool:
        """Say whether a call or text to it reaches only who may know (S19, S27)."""
        if under_18 and self is not Phone.OWN:
            return False
        return not for_other or self in (Phone.OWN, Phone.OTHER_KNOWS)


class Opening(StrEnum):
    """The plausible kinds of opening line and of text that she picks among (S18)."""

    SURVEY = "survey"
    DELIVERY = "delivery"
    WRONG_PERSON = "wrong-person"
    CLUB = "club"


class Voice(StrEnum):
    """Whether a man's or a woman's voice is safe (S18)."""

    ANY = "any"
    WOMAN = "woman"
    MAN = "man"


class ShownNumber(StrEnum):
    """What her call list will hold (S17)."""

    HIDDEN = "hidden"
    SHOWN = "shown"


class Role(StrEnum):
    """What a member of staff may do beside the queues that her keys open."""

    STAFF = "staff"
    HEAD = "head"
    ADMINISTRATOR = "administrator"  # who has access, and never to a request
    ANALYST = "analyst"  # counts only
    COORDINATOR = "coordinator"  # the safety co-ordinator (S31)

    @property
    def sits(self) -> bool:
        """Say whether she may have a place at a desk, and so open requests."""
        return self not in (Role.ADMINISTRATOR, Role.ANALYST)

    @property
    def acts(self) -> bool:
        """Say whether she works with requests. The co-ordinator only consults them."""
        return self in (Role.STAFF, Role.HEAD)


class HandOverGround(StrEnum):
    """Why a request may go to another unit (S33)."""

    CONSENT = "consent"
    CHILD_DUTY = "child-duty"
    RIGHT_UNIT = "right-unit"


class JoinGround(StrEnum):
    """Why staff take two requests for one person's (S8)."""

    SAID = "said"  # in our calls, after the word in each: either number shows answers
    READ = "read"  # by what stands in them: each number shows its own


class Half(StrEnum):
    """The two content key pairs of a request (S1)."""

    ACCOUNT = "account"  # what she wrote; opens for units only
    ANSWER = "answer"  # what we wrote; opens for units and for her receipt

    @classmethod
    def of(cls, kind: Kind) -> "Half":
        """Return the half that an envelope of this kind is sealed to."""
        return cls.ANSWER if kind is Kind.ANSWER else cls.ACCOUNT


class Origin(StrEnum):
    """Where a text, a number or a window came from."""

    FORM = "form"
    AGAIN = "again"  # the same form sent again with other content (S3)
    RECEIPT = "receipt"  # by someone with the receipt, perhaps not she (S4)
    SMS = "sms"
    STAFF = "staff"
