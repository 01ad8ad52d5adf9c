"""How many texts may go out: a wrong loop or a stranger's forms must not send more."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from intake.messages import OutboundText
from intake.models import Number

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Caps:
    """The most texts that may go out; what is over waits, and then ends unsent.

    Texts count as long as they may have gone out, whatever became of them. Several
    workers at once may pass the site's caps by one text each.
    """

    a_number: int  # to one number within a day
    an_hour: int  # to all numbers together
    a_day: int

    def are_reached(self, session: Session, now: datetime) -> bool:
        """Say whether the site has sent all that it may for now."""
        return (
            _went(session, now - HOUR, self.an_hour) >= self.an_hour
            or _went(session, now - DAY, self.a_day) >= self.a_day
        )

    def is_reached_by(self, session: Session, tag: bytes, now: datetime) -> bool:
        """Say whether a number has more than it may, one on its way counted in."""
        theirs = select(Number.request_id).where(Number.tag == tag)
        to_it = _since(now - DAY).where(OutboundText.request_id.in_(theirs))
        return _count(session, to_it, self.a_number + 1) > self.a_number


def _since(moment: datetime) -> Select[str]:
    # The last lease ends only with a refusal: what has one may have gone out.
    return select(OutboundText.id).where(OutboundText.lease_until > moment)


def _went(session: Session, moment: datetime, most: int) -> int:
    return _count(session, _since(moment), most)


def _count(session: Session, found: Select[str], most: int) -> int:
    """Count rows, no further than is asked for."""
    some = found.limit(most).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0
