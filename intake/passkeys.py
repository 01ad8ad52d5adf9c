"""Passkeys (WebAuthn): a member's own device says that it is she; it opens no key.

A challenge is signed and short-lived, so that asking for one writes nothing; the answer
to it counts once. Attestation is not asked for: what make of device she has is hers.
"""

import hmac
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.structs import (
    AuthenticationCredential,
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from intake.errors import IntakeError
from intake.people import Member
from intake.tables import LOCKED
from intake.ways_in import AccountEvent, Passkey, note, spend

LASTS = timedelta(minutes=5)  # to find the device, and to touch it
LONGEST_NAME = 40  # characters
_NONCE, _TIME, _TAG = 16, 8, 32  # bytes of a challenge
_SIGN_IN = "sign in"
_VERIFIED = UserVerificationRequirement.REQUIRED  # a found device alone is nothing


class PasskeyRefused(IntakeError):
    """What a device answered is not a passkey that can be kept or let in by."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where passkeys are good: the staff site's host and origin, and its own key."""

    host: str
    origin: str
    key: bytes = field(repr=False)


def to_add(site: Site, session: Session, member: Member, now: datetime) -> str:
    """Return what the browser needs to make a passkey, as JSON."""
    options = generate_registration_options(
        rp_id=site.host,
        rp_name="Desk",  # neutral, as the name of the phone's codes
        user_name=member.login,
        user_display_name=member.working_name,
        user_id=_handle(site, member),
        challenge=_challenge(site, _adding(member), now),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=_VERIFIED
        ),
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=one.credential)
            for one in own(session, member)
        ],
    )
    return options_to_json(options)


def to_sign_in(site: Site, now: datetime) -> str:
    """Return what the browser needs to use one, as JSON; it names no account."""
    options = generate_authentication_options(
        rp_id=site.host,
        challenge=_challenge(site, _SIGN_IN, now),
        user_verification=_VERIFIED,
    )
    return options_to_json(options)


def add(
    site: Site, session: Session, member: Member, name: str, answer: str, now: datetime
) -> None:
    """Keep the passkey that a member's browser made. Raises PasskeyRefused."""
    session.get(Member, member.id, with_for_update=LOCKED)  # an answer counts once
    try:
        given = parse_registration_credential_json(answer)
        challenge = _asked(given.response.client_data_json)
        _read(site, _adding(member), challenge, now)
        made = verify_registration_response(
            credential=given,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    # Whatever breaks on the way: what a browser sends can be any bytes at all.
    except Exception as error:
        raise PasskeyRefused("not a passkey") from error
    known = select(Passkey.id).where(Passkey.credential == made.credential_id)
    if session.scalars(known).first() or not spend(
        session, challenge, now + LASTS, now
    ):
        raise PasskeyRefused("it was kept before")
    session.add(
        Passkey(
            member_id=member.id,
            credential=made.credential_id,
            public_key=made.credential_public_key,
            uses=made.sign_count,
            name=" ".join(name.split())[:LONGEST_NAME] or "Utan namn",
            added_at=now,
        )
    )
    note(session, member, AccountEvent.PASSKEY_ADDED, now)


def own(session: Session, member: Member) -> list[Passkey]:
    """Return a member's passkeys, in the order that she added them."""
    hers = select(Passkey).where(Passkey.member_id == member.id).order_by(Passkey.id)
    return list(session.scalars(hers))


def remove(session: Session, member: Member, passkey_id: int, now: datetime) -> bool:
    """Remove a member's passkey; False when she has no such one."""
    row = session.get(Passkey, passkey_id)
    if row is None or row.member_id != member.id:
        return False
    session.delete(row)
    note(session, member, AccountEvent.PASSKEY_REMOVED, now)
    return True


@dataclass(frozen=True, slots=True)
class ShownPasskey:
    """What a device answered at sign-in, in place of a code."""

    site: Site
    answer: str = field(repr=False)
    event = AccountEvent.PASSKEY

    def fits(self, session: Session, member: Member, now: datetime) -> bool:
        """Say whether it is one of this member's; each answer counts once."""
        try:
            given = parse_authentication_credential_json(self.answer)
            challenge = _asked(given.response.client_data_json)
        except Exception:  # as above: any bytes at all
            return False
        hers = select(Passkey).where(
            Passkey.member_id == member.id, Passkey.credential == given.raw_id
        )
        row = session.scalars(hers.with_for_update()).first()
        if row is None:
            return False
        uses = self._verified(given, challenge, member, row, now)
        if uses is None or not spend(session, challenge, now + LASTS, now):
            return False
        return _is_first_use(session, member, row, uses, now)

    def _verified(
        self,
        given: AuthenticationCredential,
        challenge: bytes,
        member: Member,
        row: Passkey,
        now: datetime,
    ) -> int | None:
        """Return the device's counter; None where anything is not as it must be."""
        if given.response.user_handle not in (None, _handle(self.site, member)):
            return None
        try:
            _read(self.site, _SIGN_IN, challenge, now)
            return verify_authentication_response(
                credential=given,
                expected_challenge=challenge,
                expected_rp_id=self.site.host,
                expected_origin=self.site.origin,
                credential_public_key=row.public_key,
                credential_current_sign_count=0,  # `_is_first_use` looks at it
                require_user_verification=True,
            ).new_sign_count
        except Exception:  # as above
            return None


def _is_first_use(
    session: Session, member: Member, row: Passkey, uses: int, now: datetime
) -> bool:
    """Refuse a counter that does not rise, and tell her: there may be a copy."""
    # Devices that keep no counter answer 0 for ever.
    if (uses or row.uses) and uses <= row.uses:
        note(session, member, AccountEvent.PASSKEY_COPIED, now)
        return False
    row.uses, row.used_at = uses, now
    return True


def _handle(site: Site, member: Member) -> bytes:
    """Return what a device knows a member by: it tells nobody who she is."""
    return hmac.digest(site.key, f"passkey of {member.id}".encode(), "sha256")


def _adding(member: Member) -> str:
    return f"add for {member.id}"


def _challenge(site: Site, purpose: str, now: datetime) -> bytes:
    seconds = int(now.timestamp()).to_bytes(_TIME)
    body = secrets.token_bytes(_NONCE) + seconds
    return body + _tag(site, purpose, body)


def _tag(site: Site, purpose: str, body: bytes) -> bytes:
    return hmac.digest(site.key, f"passkey to {purpose}".encode() + body, "sha256")


def _asked(client_data: bytes) -> bytes:
    """Return the challenge that a browser says it was asked."""
    return parse_client_data_json(client_data).challenge


def _read(site: Site, purpose: str, challenge: bytes, now: datetime) -> None:
    """Raise PasskeyRefused for a challenge not ours, for something else, or too old."""
    body = challenge[:-_TAG]
    if not hmac.compare_digest(_tag(site, purpose, body), challenge[-_TAG:]):
        raise PasskeyRefused("not asked by us")
    made_at = datetime.fromtimestamp(int.from_bytes(body[_NONCE:]), UTC)
    if not made_at <= now <= made_at + LASTS:
        raise PasskeyRefused("too old")
