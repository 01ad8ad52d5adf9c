"""The table of the voice bridge: the calls that it was asked for."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from intake.tables import Base, key


class BridgeState(StrEnum):
    """How far a bridged call has come; from `DIALLING` on her phone may have rung."""

    WAITING = "waiting"
    RINGING = "ringing"  # the member's phone
    PRESSED = "pressed"  # she pressed the digits; nobody has been rung up yet
    DIALLING = "dialling"
    OVER = "over"
    FAILED = "failed"  # her phone has certainly not rung

    @property
    def never_rang(self) -> bool:
        """Say whether her phone has certainly not rung."""
        return self not in (BridgeState.DIALLING, BridgeState.OVER)


class BridgedCall(Base):
    """One call through the bridge. Both numbers are the worker's alone, and shredded.

    What it comes to is a person's to say; this tells only what the carrier told. A
    head's trial belongs to no request, but to a unit, and to the line it was tried on.
    """

    __tablename__ = "bridged_calls"

    # Random: it stands in the addresses that the carrier calls.
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    request_id: Mapped[int | None] = mapped_column(
        ForeignKey("requests.id"), index=True
    )
    unit: Mapped[str | None] = mapped_column(ForeignKey("units.key"))
    line: Mapped[str | None] = mapped_column(String(16))
    code: Mapped[str] = mapped_column(String(2))  # stands on the member's screen only
    staff_box: Mapped[bytes | None]  # the member's number
    her_box: Mapped[bytes | None]  # hers
    state: Mapped[BridgeState] = mapped_column(key(BridgeState), index=True)
    started_at: Mapped[datetime]
    pressed_at: Mapped[datetime | None]
    provider_sid: Mapped[str | None] = mapped_column(String(40))
    heard: Mapped[str | None] = mapped_column(String(16))  # the carrier, of her phone
    error: Mapped[str | None] = mapped_column(String(16))
    next_try_at: Mapped[datetime | None]  # when the carrier is asked to forget it
    deleted_at: Mapped[datetime | None]  # at the carrier
