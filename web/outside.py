"""A member on her way through the municipality's sign-in, and back.

What belongs to one way follows from a random word in her cookie, so that asking for it
writes nothing. The cookie is sent by no link from elsewhere (SameSite=Strict); so what
the provider leads back to opens itself once more, as a page of our own.
"""

import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from flask import abort, session

from intake.errors import SealBroken
from intake.outside import tag_of
from intake.vault import lock, unlock
from web.environment import Face
from web.oidc import Once, OutsideRefused, Provider
from web.settings import Settings
from web.wiring import now, wired

BACK = "/sign-in/outside/back"  # registered with the provider, to the letter
COMES_IN = "in"
_WAY, _PROVED = "way", "proved"  # in the cookie
_LASTS = timedelta(minutes=10)  # to sign in there, and to type the password here
REFUSALS: Mapping[str, str] = {
    "state": (
        "Svaret hörde inte ihop med en inloggning som har börjat här, eller så tog det "
        "för lång tid. Börja om härifrån."
    ),
    "nonce": "Svaret var gjort för en annan inloggning. Börja om härifrån.",
    "audience": (
        "Svaret var utställt för ett annat system. Säg till den som sköter driften."
    ),
    "issuer": (
        "Svaret kom från någon annan än kommunens inloggning. Säg till den som sköter "
        "driften."
    ),
    "expired": (
        "Svaret hade slutat gälla när det kom fram. Börja om. Händer det igen går en "
        "klocka fel: säg till den som sköter driften."
    ),
    "unsigned": (
        "Svaret var inte undertecknat som det ska. Säg till den som sköter driften."
    ),
    "code": "Kommunens inloggning tog tillbaka sitt svar. Börja om härifrån.",
    "denied": "Inloggningen avbröts hos kommunen.",
    "unreachable": (
        "Kommunens inloggning svarar inte. Logga in med lösenord och kod så länge."
    ),
    "unknown": (
        "Den inloggningen är inte kopplad till någon här. Logga in med lösenord och "
        "kod, och koppla den under Min inloggning."
    ),
    "taken": "Den inloggningen är redan kopplad till någon annan här.",
}


@dataclass(frozen=True, slots=True)
class Proved:
    """Who came back from the provider, on which way, and when."""

    purpose: str
    tag: bytes = field(repr=False)
    word: str = field(repr=False)  # spent with the sign-in, so that it counts once
    ends_at: datetime


def build(settings: Settings) -> Provider | None:
    """Return the provider that a staff site is set up with, if any."""
    if settings.face is not Face.STAFF or settings.oidc_secret_file is None:
        return None
    secret = settings.oidc_secret_file.read_text("utf-8").strip()
    back = settings.staff_url + BACK
    return Provider(settings.oidc_issuer, settings.oidc_client_id, secret, back)


def provider() -> Provider:
    """Return the provider; where none is set up, its pages are not there."""
    found = wired().provider
    if found is None:
        abort(404)
    return found


def begin(purpose: str) -> str:
    """Begin a way through the provider; return where it leads. Raises OutsideRefused.

    Whoever begins twice goes on with the last one.
    """
    word = secrets.token_urlsafe(32)
    leads_to = provider().leads_to(_once(word), now())
    session[_WAY] = [word, purpose, int(now().timestamp())]
    return leads_to


def come_back(said: Mapping[str, str]) -> Proved:
    """Take what the provider sent back, and keep it sealed. Raises OutsideRefused."""
    word, purpose, began = session.pop(_WAY, None) or ("", "", 0)
    once, own = _once(word), provider()
    is_ours = hmac.compare_digest(once.state.encode(), said.get("state", "").encode())
    if not word or not is_ours or _is_over(began):
        raise OutsideRefused("state")
    if said.get("iss", own.issuer) != own.issuer:  # RFC 9207
        raise OutsideRefused("issuer")
    if "error" in said:
        raise OutsideRefused("denied")
    subject = own.subject(once, said.get("code", ""), now())
    tag = tag_of(_key(), own.issuer, subject)
    at = int(now().timestamp())
    kept = json.dumps([purpose, tag.hex(), word, at]).encode()
    session[_PROVED] = lock(kept, _own_key("proved")).hex()
    return Proved(purpose, tag, word, _moment(at) + _LASTS)


def proved(purpose: str) -> Proved:
    """Return who came back on this way lately. Raises OutsideRefused."""
    box = bytes.fromhex(session.get(_PROVED, ""))
    try:
        for_what, tag, word, at = json.loads(unlock(box, _own_key("proved")))
    except SealBroken as error:
        raise OutsideRefused("state") from error
    if for_what != purpose or _is_over(at):
        raise OutsideRefused("state")
    return Proved(for_what, bytes.fromhex(tag), word, _moment(at) + _LASTS)


def forget() -> None:
    """Let go of who came back."""
    session.pop(_PROVED, None)


def _is_over(began: int) -> bool:
    return now() > _moment(began) + _LASTS


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _once(word: str) -> Once:
    return Once(*(_own_key(f"{what} {word}").hex() for what in ("s", "n", "v")))


def _own_key(purpose: str) -> bytes:
    return hmac.digest(_key(), f"outside {purpose}".encode(), "sha256")


def _key() -> bytes:
    return wired().settings.account_key
