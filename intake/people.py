"""Tables of the staff side: members, desks, and who holds which key."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from intake.tables import Base, key
from intake.topics import Role, Side


class Installation(Base):
    """One row: whether this database holds a demonstration or real people."""

    __tablename__ = "installation"

    id: Mapped[int] = mapped_column(primary_key=True)
    mode: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]  # since when visitors are let in (S33)


class UnitRecord(Base):
    """What a unit has recorded about itself, beside what units.toml says."""

    __tablename__ = "units"

    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    call_tested_at: Mapped[datetime | None]  # S17: what is shown and heard was tested
    call_tested_by: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    key_person_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))

    key_person: Mapped["Member | None"] = relationship(foreign_keys=[key_person_id])


class Desk(Base):
    """One walled queue of a unit, with its own key pair: a unit and a side."""

    __tablename__ = "desks"
    __table_args__ = (UniqueConstraint("unit", "side"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit: Mapped[str] = mapped_column(ForeignKey("units.key"))
    side: Mapped[Side] = mapped_column(key(Side))
    public_key: Mapped[bytes]
    recovery_public: Mapped[bytes]  # of the key on paper: its unit's, or one of its own
    recovery_box: Mapped[bytes]  # the secret half, sealed to that
    generation: Mapped[int] = mapped_column(default=1)  # how many pairs it has had
    turned_at: Mapped[datetime | None]
    owed_since: Mapped[datetime | None]  # somebody who held its key has left


class FormerKey(Base):
    """A pair that a desk no longer has, until nothing is sealed to it any more."""

    __tablename__ = "former_keys"

    desk_id: Mapped[int] = mapped_column(ForeignKey("desks.id"), primary_key=True)
    generation: Mapped[int] = mapped_column(primary_key=True)
    box: Mapped[bytes]  # its secret half, sealed to the key that the desk has now


class Member(Base):
    """A member of staff. Her secret key opens only with her passphrase."""

    __tablename__ = "members"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(64), unique=True)
    working_name: Mapped[str] = mapped_column(String(64))  # S35: what others see
    real_name: Mapped[str] = mapped_column(String(128))
    role: Mapped[Role] = mapped_column(key(Role))
    takes_children: Mapped[bool] = mapped_column(default=False)
    password_hash: Mapped[str | None] = mapped_column(String(160))
    public_key: Mapped[bytes | None]
    wrap_salt: Mapped[bytes | None]
    wrapped_secret: Mapped[bytes | None]
    totp_box: Mapped[bytes | None]  # sealed with a key that only the staff process has
    totp_step: Mapped[int] = mapped_column(default=0)  # a code counts once
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]

    memberships: Mapped[list["Membership"]] = relationship(
        back_populates="member", foreign_keys="Membership.member_id"
    )


class Membership(Base):
    """A member's place at a desk. Without a box she waits for approval."""

    __tablename__ = "memberships"

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    desk_id: Mapped[int] = mapped_column(ForeignKey("desks.id"), primary_key=True)
    box: Mapped[bytes | None]  # the desk's secret half, sealed to the member
    asked_at: Mapped[datetime]
    approved_at: Mapped[datetime | None]
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("members.id"))

    member: Mapped[Member] = relationship(
        back_populates="memberships", foreign_keys=[member_id]
    )
    desk: Mapped[Desk] = relationship()


class Invitation(Base):
    """A one-time link by which a member sets password and code, first or anew."""

    __tablename__ = "invitations"

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    ends_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    member: Mapped[Member] = relationship()


class SignIn(Base):
    """A signed-in session. Only the cookie holds the key that opens the box."""

    __tablename__ = "sign_ins"

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    box: Mapped[bytes]  # the member's secret key, locked under the cookie's secret
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]

    member: Mapped[Member] = relationship()
