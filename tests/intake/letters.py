"""What visitors send in tests: letters, callbacks, tokens and numbers."""

import hashlib
from dataclasses import dataclass

from sqlalchemy.orm import Session

from intake.arrivals import Result, Token, send
from intake.hours import Slot
from intake.models import Request, Sending
from intake.numbers import read_number
from intake.receipts import Peppers, ReceiptKey, from_seed
from intake.submissions import CallWish, Submission
from intake.topics import Audience, Channel, Phone, Wish
from tests.workbench import HERS, House

PEPPERS = Peppers({1: b"p" * 32})
WORDS = "Det är inte bra hemma."


def letter(text: str = WORDS) -> Submission:
    """Return what an adult wrote about herself."""
    return Submission("sv", Audience.EXPOSED, text=text)


def call(*slots: Slot, number: str = HERS, phone: Phone = Phone.OWN) -> Submission:
    """Return the wish to be called on a number."""
    wish = CallWish(read_number(number), slots, word="körsbär", phone=phone)
    return Submission(
        "sv", Audience.EXPOSED, Channel.CALLBACK, Wish.CALL, WORDS, call=wish
    )


def token(form: str = "form", content: str = "content") -> Token:
    """Return the hashes of one printed form, filled in one way."""
    return Token(
        hashlib.sha256(form.encode()).digest(),
        hashlib.sha256(content.encode()).digest(),
    )


@dataclass(frozen=True)
class Posted:
    """A letter that came in, with its number."""

    result: Result
    sending: Sending
    digits: str
    receipt: ReceiptKey

    @property
    def request(self) -> Request:
        return self.sending.request


def receipt(form: str = "form", word: str = "") -> tuple[str, ReceiptKey]:
    """Return the digits and the key that belong to one printed form."""
    digits = from_seed(hashlib.sha512(form.encode()).digest())
    return digits, PEPPERS.key(digits, word)


def post(
    house: House,
    session: Session,
    submission: Submission,
    form: str = "form",
    content: str = "content",
    word: str = "",
) -> Posted:
    """Send a form as the web does, at the house's time."""
    digits, key = receipt(form, word)
    ticket, now = token(form, content), house.clock()
    result, sending = send(session, house.office, submission, ticket, key, now)
    return Posted(result, sending, digits, key)
