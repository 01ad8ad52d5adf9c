"""The units' mails: each says only that something came, in the same words and length.

Whether it was urgent, and whose it was, shows in nothing but who gets one.
"""

import secrets
import smtplib
import ssl
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Protocol, TextIO
from urllib.parse import SplitResult, unquote, urlsplit

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from intake.messages import OutboundMail
from intake.units import Unit

LEASE = timedelta(minutes=2)
SUBJECT = "Något nytt att läsa"
BODY = "Det finns något nytt att läsa. Logga in som vanligt.\n"
_BACK_OFF = (30, 60, 300, 900)  # seconds, then every quarter of an hour
_TIMEOUT = 15  # seconds; shorter than the lease
_PORTS = {"smtp": 587, "smtps": 465}
# An address that is no more, its mailbox full, letters that no server takes.
_OF_THIS_ONE = (
    *(smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError),
    smtplib.SMTPNotSupportedError,
)


class MailFailed(Exception):
    """A mail was not taken. It names no address."""


class MailRefused(MailFailed):
    """A mail was not taken by a server that is there: it may well take others."""


class Mailer(Protocol):
    """Who carries the constant mail."""

    def send(self, to: str, now: datetime, body: str = BODY) -> None:
        """Hand one mail over, always of the same length. Raises MailFailed."""


@dataclass(frozen=True, slots=True)
class Batch:
    """A unit's waiting mails, of which one is sent for all."""

    unit: str
    ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PrintMailer:
    """Says on the terminal that a mail would have gone out."""

    out: TextIO = field(default_factory=lambda: sys.stdout)

    def send(self, to: str, now: datetime, body: str = BODY) -> None:
        """Print one line."""
        self.out.write(f"  mail to {to}: {SUBJECT}\n")
        self.out.flush()


@dataclass(frozen=True, slots=True)
class SmtpMailer:
    """Hands mails in by SMTP, over TLS where its address asks for it."""

    url: str = field(repr=False)  # smtp://user:password@host:587?starttls
    sender: str

    def send(self, to: str, now: datetime, body: str = BODY) -> None:
        """Send the constant mail. Raises MailFailed."""
        url, trust = urlsplit(self.url), ssl.create_default_context()
        try:
            with _connection(url, trust) as server:
                if "starttls" in url.query:
                    server.starttls(context=trust)
                if url.username:
                    server.login(unquote(url.username), unquote(url.password or ""))
                _hand_in(server, _message(self.sender, to, now, body))
        except (smtplib.SMTPException, OSError, ValueError) as error:
            # The server's own words may hold addresses; they end here.
            raise MailFailed(type(error).__name__) from None


def mailer_for(url: str, sender: str) -> Mailer:
    """Return what a setting names: `print`, or an SMTP address."""
    return PrintMailer() if url == "print" else SmtpMailer(url, sender)


def take(session: Session, name: str, now: datetime) -> list[Batch]:
    """Claim every mail that is due, a batch a unit; the caller commits, then sends.

    What failed least comes first: one address that never works must not be what
    each round ends at, before the others had their turn.
    """
    due = (
        select(OutboundMail.id)
        .where(
            OutboundMail.sent_at.is_(None),
            OutboundMail.next_try_at <= now,
            or_(OutboundMail.lease_until.is_(None), OutboundMail.lease_until <= now),
        )
        .with_for_update(skip_locked=True)
    )
    claimed = session.execute(
        update(OutboundMail)
        .where(OutboundMail.id.in_(due))
        .values(leased_by=name, lease_until=now + LEASE)
        .returning(OutboundMail.unit, OutboundMail.attempts, OutboundMail.id)
        .execution_options(synchronize_session=False)
    ).all()
    by_unit: dict[str, list[int]] = {}
    for unit, _, mail_id in sorted(claimed, key=lambda row: (row.attempts, row.unit)):
        by_unit.setdefault(unit, []).append(mail_id)
    return [Batch(unit, tuple(ids)) for unit, ids in by_unit.items()]


def sent(session: Session, batch: Batch, now: datetime) -> None:
    """Note that one mail went out for all of a batch."""
    for row in _rows(session, batch):
        row.sent_at = now
        row.leased_by = row.lease_until = None
    session.flush()


def put_back(session: Session, batch: Batch, now: datetime, was_tried: bool) -> None:
    """Let a batch wait for its next try; it is tried until it is sent."""
    for row in _rows(session, batch):
        wait = _BACK_OFF[min(row.attempts, len(_BACK_OFF) - 1)]
        row.attempts += was_tried
        row.next_try_at = now + timedelta(seconds=wait)
        row.leased_by = row.lease_until = None
    session.flush()


def address(units: Mapping[str, Unit], key: str) -> str | None:
    """Return where a unit is told; None for one that units.toml no longer has."""
    unit = units.get(key)
    return unit.mail if unit else None


def _rows(session: Session, batch: Batch) -> list[OutboundMail]:
    mails = select(OutboundMail).where(OutboundMail.id.in_(batch.ids))
    return list(session.scalars(mails))


def _hand_in(server: smtplib.SMTP, message: EmailMessage) -> None:
    try:
        server.send_message(message)
    except _OF_THIS_ONE as error:
        raise MailRefused(type(error).__name__) from None


def _connection(url: SplitResult, trust: ssl.SSLContext) -> smtplib.SMTP:
    host, port = url.hostname or "localhost", url.port or _PORTS[url.scheme]
    if url.scheme == "smtps":
        return smtplib.SMTP_SSL(host, port, timeout=_TIMEOUT, context=trust)
    return smtplib.SMTP(host, port, timeout=_TIMEOUT)


def _message(sender: str, to: str, now: datetime, body: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, SUBJECT
    message["Date"] = format_datetime(now)
    domain = parseaddr(sender)[1].rpartition("@")[2]
    # The library's own would tell the host's name, and vary in length.
    message["Message-ID"] = f"<{secrets.token_hex(16)}@{domain}>"
    message.set_content(body)
    return message
