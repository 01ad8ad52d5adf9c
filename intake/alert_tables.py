"""Tables of on-call: who is alerted in which order, and what went out to whom (S25)."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from intake.messages import Delivery
from intake.people import Desk
from intake.tables import Base, key


class AlertWhen(StrEnum):
    """When a name on the list is alerted, by the hours of the unit."""

    ALWAYS = "always"
    OPEN = "open"
    CLOSED = "closed"


class OnCallName(Base):
    """One name on a desk's on-call list. Number and address are the worker's alone."""

    __tablename__ = "on_call_names"

    id: Mapped[int] = mapped_column(primary_key=True)
    desk_id: Mapped[int] = mapped_column(ForeignKey("desks.id"), index=True)
    place: Mapped[int]  # its order; unique by how the list is written, from 1
    name: Mapped[str] = mapped_column(String(64))  # a working name (S35)
    when: Mapped[AlertWhen] = mapped_column(key(AlertWhen))
    is_head: Mapped[bool] = mapped_column(default=False)  # told of danger to life (S24)
    shown: Mapped[str] = mapped_column(String(64))  # enough to know the way again by
    worker_box: Mapped[bytes]

    desk: Mapped[Desk] = relationship()


class AlertRound(Base):
    """A desk's alerts that go on: whose turn it is, until somebody has acted."""

    __tablename__ = "alert_rounds"

    desk_id: Mapped[int] = mapped_column(ForeignKey("desks.id"), primary_key=True)
    turn: Mapped[int]  # counted from 0 through the list, and round again
    turned_at: Mapped[datetime]
    last_at: Mapped[datetime]
    count: Mapped[int]  # how many waited then


class OutboundAlert(Base):
    """One alert to one person. What it was about stands nowhere in it."""

    __tablename__ = "outbound_alerts"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    desk_id: Mapped[int] = mapped_column(ForeignKey("desks.id"), index=True)
    name: Mapped[str] = mapped_column(String(64))  # "" for the unit's own mail
    count: Mapped[int]
    to_head: Mapped[bool] = mapped_column(default=False)
    worker_box: Mapped[bytes | None]  # number and address, shredded when done
    state: Mapped[Delivery] = mapped_column(key(Delivery), index=True)
    not_after: Mapped[datetime]
    next_try_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    leased_by: Mapped[str | None] = mapped_column(String(40))
    lease_until: Mapped[datetime | None]
    provider_sid: Mapped[str | None] = mapped_column(String(40))
    error: Mapped[str | None] = mapped_column(String(16))
    created_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]  # at the carrier
