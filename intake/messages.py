"""Tables of what comes in and goes out by text message and mail."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from intake.models import Request, Window
from intake.tables import Base, key
from intake.topics import Opening


class Delivery(StrEnum):
    """Where an outgoing text stands; `UNKNOWN` after a time-out that may have sent."""

    WAITING = "waiting"
    SENDING = "sending"
    UNKNOWN = "unknown"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class InboundText(Base):
    """A text message as it came, sealed to the worker until it has been read in."""

    __tablename__ = "inbound_texts"

    # Unique: a carrier that got no answer in time delivers the same text again.
    message_sid: Mapped[str] = mapped_column(String(40), primary_key=True)
    received_at: Mapped[datetime]
    box: Mapped[bytes | None]  # sender and text; shredded when the request stands
    request_id: Mapped[int | None] = mapped_column(ForeignKey("requests.id"))
    next_try_at: Mapped[datetime | None]  # when the carrier is asked again to forget it
    deleted_at: Mapped[datetime | None]  # at the carrier


class OutboundText(Base):
    """A text that waits to be sent: a template, a sealed number, and a safe window."""

    __tablename__ = "outbound_texts"
    # In the order in which they are claimed: else each claim sorts all that waits.
    __table_args__ = (Index("ix_outbound_texts_due", "state", "next_try_at"),)

    # Random: it stands in the address that the carrier calls, and must not be guessed.
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), index=True)
    window_id: Mapped[int] = mapped_column(ForeignKey("windows.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    template: Mapped[str] = mapped_column(String(24))
    opening: Mapped[Opening] = mapped_column(key(Opening))
    language: Mapped[str] = mapped_column(String(24))
    worker_box: Mapped[bytes | None]  # the number, shredded in a final state
    state: Mapped[Delivery] = mapped_column(key(Delivery))
    not_after: Mapped[datetime]
    next_try_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    leased_by: Mapped[str | None] = mapped_column(String(40))
    # Indexed, as what has gone out of late is counted before each sending.
    lease_until: Mapped[datetime | None] = mapped_column(index=True)
    provider_sid: Mapped[str | None] = mapped_column(String(40), unique=True)
    provider_status: Mapped[str | None] = mapped_column(String(20))
    error: Mapped[str | None] = mapped_column(String(16))
    created_at: Mapped[datetime]
    redacted_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]  # staff have seen that it did not get there

    request: Mapped[Request] = relationship()
    window: Mapped[Window] = relationship()


class OutboundMail(Base):
    """A constant, content-free mail to a unit: its whole content is that it came."""

    __tablename__ = "outbound_mails"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit: Mapped[str] = mapped_column(String(32))
    request_id: Mapped[int | None] = mapped_column(ForeignKey("requests.id"))
    urgent: Mapped[bool] = mapped_column(default=False)
    next_try_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    leased_by: Mapped[str | None] = mapped_column(String(40))
    lease_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
