"""Stops on a number, which hold in every unit: known by its keyed tag only (S16)."""

from datetime import datetime

from sqlalchemy.orm import Session

from intake.models import StoppedNumber


def is_stopped(session: Session, tag: bytes) -> bool:
    """Say blindly whether a number must not be rung, in any unit (S16)."""
    return session.get(StoppedNumber, tag) is not None


def stop_number(session: Session, tag: bytes, now: datetime) -> None:
    """Put a stop on a number that holds in all units."""
    if not is_stopped(session, tag):
        session.add(StoppedNumber(tag=tag, since=now))
        session.flush()
