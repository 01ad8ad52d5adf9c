"""What a thief may have: a house's database, and the secrets of its processes."""

import hashlib
import hmac
import re
from pathlib import Path

from sqlalchemy.orm import Session

from intake.arrivals import Token, send
from intake.life import Signer
from intake.models import Request
from intake.numbers import CallableNumber, read_number
from intake.office import Office
from intake.receipts import Peppers, from_seed
from intake.rulebook import load_rules
from intake.submissions import CallWish, Submission
from intake.topics import Audience, Channel, Phone, Wish
from intake.units import load_units
from web import demo, key_files
from web.settings import Settings
from web.tokens import FormTokens
from web.wiring import system_clock

NUMBER = read_number("070-174 06 66")
TYPED = (
    "Hemligheten i texten",
    "Aliaset Zebra",
    "Ordet Giraff",
    "Pingvin",
    "Egen Uggla",
)


def make_secrets(folder: Path) -> dict[str, Settings]:
    """Make the secrets of all three processes; returns each one's settings."""
    surroundings = {"STILLA_MODE": "demo", "STILLA_DATA_DIR": str(folder)}
    secrets = folder / "secrets"
    key_files.make(secrets, key_files.DEMO_MARK, surroundings)
    return {f: Settings.from_env(key_files.read(secrets, f)) for f in key_files.FACES}


def known(folder: Path, *faces: str) -> list[bytes]:
    """Return every 32 bytes that processes' secrets hold or lead to at once.

    Each once, in the order in which they are found: what the secrets hold, what is
    derived of them under a fixed name, and the SHA-256 of all they hold.
    """
    read = [key_files.read(folder / "secrets", face) for face in faces]
    held = [_key(value) for secrets in read for value in secrets.values()]
    held = [key for key in held if key]
    derived = [
        key
        for secrets in read
        for name, derive in _DERIVED.items()
        if name in secrets
        for key in derive(_key(secrets[name]))
    ]
    hashed = [hashlib.sha256(key).digest() for key in held]
    return list(dict.fromkeys((*held, *derived, *hashed)))


def _key(value: str) -> bytes:
    """Return the 32 bytes that a setting holds, whatever mark they bear, or none."""
    found = re.search(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])", value)
    return bytes.fromhex(found[0]) if found else b""


def _of_forms(key: bytes) -> list[bytes]:
    return list(vars(FormTokens(key)).values())


def _of_accounts(key: bytes) -> list[bytes]:
    """Return what seals who came by the municipality's sign-in (web/outside.py)."""
    return [hmac.digest(key, b"outside proved", "sha256")]


_DERIVED = {"STILLA_FORM_KEY": _of_forms, "STILLA_ACCOUNT_KEY": _of_accounts}


def office(settings: Settings) -> Office:
    """Return the office of a process."""
    units = load_units(settings.units)
    rules = load_rules(settings.routing, units)
    worker, signer = settings.worker_public_key, Signer("public", settings.event_key)
    return Office(units, rules, worker, signer)


def let_in(session: Session, settings: dict[str, Settings]) -> None:
    """Let the members in, so that every desk has holders."""
    peppers = Peppers(settings["public"].receipt_pepper)
    keys = settings["worker"].number_key, settings["staff"].account_key
    place = office(settings["public"])
    demo.seed_people(demo.Stage(session, place, peppers, *keys, system_clock()))


def ask_for_a_call(
    session: Session,
    settings: dict[str, Settings],
    number: CallableNumber = NUMBER,
    nonce: bytes = b"the form's nonce",
    times: int = 2,
) -> Request:
    """Send a form as the public face does.

    Its content is the number alone: any other content only makes its hash harder to
    find by trying numbers.
    """
    public, now = settings["public"], system_clock()
    place, tokens = office(public), FormTokens(public.form_key)
    account, alias, word, not_now, own = TYPED
    slots = tuple(place.units["adult"].calendar.slots(now)[:times])
    call = CallWish(number, slots, alias, word, not_now, phone=Phone.OWN)
    submission = Submission(
        "sv", Audience.EXPOSED, Channel.CALLBACK, Wish.CALL, account, call=call
    )
    content = tokens.content_hash(nonce, number.e164.encode())
    token = Token(tokens.database_hash(nonce), content)
    digits = from_seed(tokens.receipt_seed(nonce))
    receipt = Peppers(public.receipt_pepper).key(digits, own)
    _, sent = send(session, place, submission, token, receipt, now)
    return sent.request
