"""Tables of a request: keys and times in plain, everything typed in sealed boxes."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from intake.people import Desk, Member
from intake.tables import Base, key
from intake.topics import (
    Audience,
    Channel,
    Contact,
    Danger,
    Half,
    JoinGround,
    Kind,
    Origin,
    Position,
    Protection,
    Side,
    State,
    Urgency,
    Wish,
)


class Request(Base):
    """One person's request, behind whichever door it came in."""

    __tablename__ = "requests"
    __table_args__ = (Index("ix_requests_queue", "state", "unit", "side"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(12), unique=True)
    channel: Mapped[Channel] = mapped_column(key(Channel))
    audience: Mapped[Audience] = mapped_column(key(Audience))
    side: Mapped[Side] = mapped_column(key(Side))
    unit: Mapped[str] = mapped_column(ForeignKey("units.key"))
    rule: Mapped[str] = mapped_column(String(64))  # the routing rule that fired
    language: Mapped[str] = mapped_column(String(24))
    wish: Mapped[Wish] = mapped_column(key(Wish))
    danger: Mapped[Danger] = mapped_column(key(Danger))
    urgency: Mapped[Urgency] = mapped_column(key(Urgency))
    state: Mapped[State] = mapped_column(key(State), default=State.UNREAD)
    contact: Mapped[Contact] = mapped_column(key(Contact))
    position: Mapped[Position | None] = mapped_column(key(Position))
    marks: Mapped[list[str]] = mapped_column(JSON, default=list)
    protection: Mapped[Protection | None] = mapped_column(key(Protection))
    child_protection: Mapped[Protection | None] = mapped_column(key(Protection))
    interpreter: Mapped[bool] = mapped_column(default=False)
    under_18: Mapped[bool] = mapped_column(default=False)
    for_other: Mapped[bool] = mapped_column(default=False)
    # Since when the day is to hear what on-call did; empty once the day takes it.
    night_at: Mapped[datetime | None]
    set_aside: Mapped[bool] = mapped_column(default=False)  # over a limit (S36)
    alerts: Mapped[bool] = mapped_column(default=False)  # by a routing rule (S25)

    arrived_at: Mapped[datetime]
    reading_due_at: Mapped[datetime]  # S38: first reading has a due time of its own
    due_at: Mapped[datetime]  # the first, frozen on arrival (S33)
    # Until when to answer, kept through hand-overs; empty while nobody waits for it.
    answer_due_at: Mapped[datetime | None]
    unread_since: Mapped[datetime | None]
    callable_until: Mapped[datetime | None] = mapped_column(index=True)  # S37
    touched_at: Mapped[datetime | None]  # staff last answered, called or decided
    attempts: Mapped[int] = mapped_column(default=0)
    hold_until: Mapped[datetime | None]  # S5: nothing is deleted before

    # The first of what staff joined, which it is shown with; and on what ground (S8).
    joined_to_id: Mapped[int | None] = mapped_column(
        ForeignKey("requests.id"), index=True
    )
    joined_because: Mapped[JoinGround | None] = mapped_column(key(JoinGround))

    holder_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    lease_until: Mapped[datetime | None]

    child_mark: Mapped[bool] = mapped_column(default=False)
    child_due_at: Mapped[datetime | None]  # S26: runs from the first opening
    child_decision: Mapped[str | None] = mapped_column(String(16))

    account_public: Mapped[bytes]
    answer_public: Mapped[bytes]

    holder: Mapped[Member | None] = relationship()
    joined_to: Mapped["Request | None"] = relationship(
        remote_side=[id], back_populates="later"
    )
    later: Mapped[list["Request"]] = relationship(
        back_populates="joined_to", order_by="Request.id"
    )
    keys: Mapped[list["RequestKey"]] = relationship(back_populates="request")
    envelopes: Mapped[list["Envelope"]] = relationship(
        back_populates="request", order_by="Envelope.id"
    )
    windows: Mapped[list["Window"]] = relationship(
        back_populates="request", order_by="Window.starts_at"
    )
    numbers: Mapped[list["Number"]] = relationship(
        back_populates="request", order_by="Number.id"
    )
    doors: Mapped[list["Door"]] = relationship(back_populates="request")
    events: Mapped[list["Event"]] = relationship(
        back_populates="request", order_by="Event.seq"
    )


class RequestKey(Base):
    """A secret content key, sealed to a desk. Who holds none can't see the request."""

    __tablename__ = "request_keys"

    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), primary_key=True)
    desk_id: Mapped[int] = mapped_column(ForeignKey("desks.id"), primary_key=True)
    half: Mapped[Half] = mapped_column(key(Half), primary_key=True)
    generation: Mapped[int] = mapped_column(default=1)  # of the desk's key; 0 for none
    box: Mapped[bytes]

    request: Mapped[Request] = relationship(back_populates="keys")
    desk: Mapped[Desk] = relationship()


class Envelope(Base):
    """One sealed text of a request."""

    __tablename__ = "envelopes"

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), index=True)
    kind: Mapped[Kind] = mapped_column(key(Kind))
    origin: Mapped[Origin] = mapped_column(key(Origin))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    at: Mapped[datetime]
    box: Mapped[bytes]

    request: Mapped[Request] = relationship(back_populates="envelopes")
    author: Mapped[Member | None] = relationship()


class Door(Base):
    """What a receipt opens: a lookup tag, and the answer key sealed to the receipt."""

    __tablename__ = "doors"

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), index=True)
    # Finds the door; the other half of the same slow hash opens it.
    tag: Mapped[bytes] = mapped_column(unique=True)
    pepper_version: Mapped[int]
    answer_box: Mapped[bytes]
    by_voice: Mapped[bool] = mapped_column(default=False)
    ends_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    request: Mapped[Request] = relationship(back_populates="doors")


class Sending(Base):
    """A form's token, spent: its keyed hash, so that sending again is no second one."""

    __tablename__ = "sendings"

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    content_hash: Mapped[bytes]
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"))
    door_id: Mapped[int | None] = mapped_column(ForeignKey("doors.id"))
    sent_at: Mapped[datetime]
    burned_at: Mapped[datetime | None]  # its number is never shown again (S3)

    request: Mapped[Request] = relationship()
    door: Mapped[Door | None] = relationship()


class OnePage(Base):
    """A page that shows for some minutes, sealed under the handle in its address."""

    __tablename__ = "one_pages"

    handle_hash: Mapped[bytes] = mapped_column(primary_key=True)
    box: Mapped[bytes]
    ends_at: Mapped[datetime] = mapped_column(index=True)
    sending_hash: Mapped[bytes | None]  # burned together with the page (S3)


class Window(Base):
    """A dated time in which she may be called, rung at most once (S9, S13)."""

    __tablename__ = "windows"
    # This, and no count beforehand, decides who gets the last place (S37).
    __table_args__ = (UniqueConstraint("unit", "starts_at", "place"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), index=True)
    unit: Mapped[str] = mapped_column(ForeignKey("units.key"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    place: Mapped[int | None]  # a reserved place of the unit's capacity (S37)
    series: Mapped[str | None] = mapped_column(String(40))  # one ring a series (S21)
    origin: Mapped[Origin] = mapped_column(key(Origin))
    rung_at: Mapped[datetime | None]
    missed_at: Mapped[datetime | None]
    missed_seen_by: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    withdrawn_at: Mapped[datetime | None]

    request: Mapped[Request] = relationship(back_populates="windows")


class Number(Base):
    """A number as the worker knows it: a keyed tag, or a box awaiting one (S22)."""

    __tablename__ = "numbers"

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), index=True)
    envelope_id: Mapped[int] = mapped_column(ForeignKey("envelopes.id"))
    origin: Mapped[Origin] = mapped_column(key(Origin))
    worker_box: Mapped[bytes | None]  # shredded when the tag stands
    tag: Mapped[bytes | None] = mapped_column(index=True)  # shredded at close
    confirmed_at: Mapped[datetime | None]  # S11: her ticks count from here on
    withdrawn_at: Mapped[datetime | None]

    request: Mapped[Request] = relationship(back_populates="numbers")
    envelope: Mapped[Envelope] = relationship()


class StoppedNumber(Base):
    """A number not to be rung, in any unit; known by its keyed tag only (S16)."""

    __tablename__ = "stopped_numbers"

    tag: Mapped[bytes] = mapped_column(primary_key=True)
    since: Mapped[datetime]
    until_return: Mapped[bool] = mapped_column(default=False)  # another answered (S14)


class Event(Base):
    """Who did what and when, without content; one authenticated chain a request."""

    __tablename__ = "events"
    __table_args__ = (UniqueConstraint("request_id", "seq"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"))
    seq: Mapped[int]
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(24))
    signer: Mapped[str] = mapped_column(String(8))  # the process whose key signed
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    mac: Mapped[bytes]

    request: Mapped[Request] = relationship(back_populates="events")
    member: Mapped[Member | None] = relationship()
