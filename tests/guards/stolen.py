"""What a thief may have: a house's database, and the secrets of its processes."""

import hashlib
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
    """Return every 32 bytes that processes' secrets hold or lead to at once."""
    held = [
        bytes.fromhex(found)
        for face in faces
        for value in key_files.read(folder / "secrets", face).values()
        for found in re.findall(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])", value)
    ]
    return [*held, *(hashlib.sha256(key).digest() for key in held)]


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
    """Send a form as the public face does."""
    public, now = settings["public"], system_clock()
    place, tokens = office(public), FormTokens(public.form_key)
    account, alias, word, not_now, own = TYPED
    slots = tuple(place.units["adult"].calendar.slots(now)[:times])
    call = CallWish(number, slots, alias, word, not_now, phone=Phone.OWN)
    submission = Submission(
        "sv", Audience.EXPOSED, Channel.CALLBACK, Wish.CALL, account, call=call
    )
    token = Token(tokens.database_hash(nonce), tokens.content_hash(nonce, b"all of it"))
    digits = from_seed(tokens.receipt_seed(nonce))
    receipt = Peppers(public.receipt_pepper).key(digits, own)
    _, sent = send(session, place, submission, token, receipt, now)
    return sent.request
