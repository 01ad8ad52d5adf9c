"""How many texts may go out: a wrong loop or a stranger's forms must not send more."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from intake.messages import OutboundText
from intake.models import Number
from intake.store import is_free, one_at_a_time

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
_NEAR = 64  # texts left; more workers than that never take one at the same moment
_TURN = b"text caps"


@dataclass(frozen=True, slots=True)
class Caps:
    """The most texts that may go out; what is over waits, and then ends unsent.

    Texts count as long as they may have gone out, whatever became of them. Alerts to
    on-call don't: whoever fills the caps must not silence them (S25).
    """

    a_number: int  # to one number within a day
    an_hour: int  # to all numbers together
    a_day: int

    def are_reached(self, session: Session, now: datetime) -> bool:
        """Say whether the site has sent all that it may for now."""
        return self._left(session, now) <= 0

    def leave_one(self, session: Session, now: datetime) -> bool:
        """Say whether one more may go, and hold that against other workers.

        Near a cap they take turns until each has committed, so that none passes it.
        """
        if self._left(session, now) > _NEAR:
            return True
        one_at_a_time(session, _TURN)
        return not self.are_reached(session, now)

    def _left(self, session: Session, now: datetime) -> int:
        return min(
            self.an_hour - _went(session, now - HOUR, self.an_hour),
            self.a_day - _went(session, now - DAY, self.a_day),
        )

    def may_count(self, session: Session, tag: bytes, now: datetime) -> bool:
        """Say whether a number's texts are ours to count, until this transaction ends.

        Near its cap workers take turns. None waits for its turn: it holds a request,
        and may come from another number.
        """
        far = self._to(session, tag, now) <= self.a_number - _NEAR
        return far or is_free(session, tag)

    def is_reached_by(self, session: Session, tag: bytes, now: datetime) -> bool:
        """Say whether a number has more than it may, one on its way counted in.

        Its day begins anew with its tag, which is shredded at close (S22).
        """
        return self._to(session, tag, now) > self.a_number

    def _to(self, session: Session, tag: bytes, now: datetime) -> int:
        theirs = select(Number.request_id).where(Number.tag == tag)
        to_it = _since(now - DAY).where(OutboundText.request_id.in_(theirs))
        return _count(session, to_it, self.a_number + 1)


def _since(moment: datetime) -> Select[str]:
    # The last lease ends only with a refusal: what has one may have gone out.
    return select(OutboundText.id).where(OutboundText.lease_until > moment)


def _went(session: Session, moment: datetime, most: int) -> int:
    return _count(session, _since(moment), most)


def _count(session: Session, found: Select[str], most: int) -> int:
    """Count rows, no further than is asked for."""
    some = found.limit(most).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0
