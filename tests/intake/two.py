"""Two requests at one desk, and the member who joins them (S8)."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from intake import calls, queue, returning, uniting
from intake.messages import Delivery, OutboundText
from intake.models import Request
from intake.numbers import read_number
from intake.outcomes import Outcome
from intake.piles import View
from intake.queue import Desktop
from intake.returning import Return
from intake.submissions import Submission
from intake.today import Row, today
from intake.topics import JoinGround, Opening, Side, Urgency
from intake.vault import seal
from tests.factories import HERS, Bureau, text

OTHER = read_number("070-174 06 77")
READ = JoinGround.READ


@dataclass
class Two:
    """Two requests at one desk, each read; Maria sits there."""

    bureau: Bureau
    session: Session
    desk: Desktop
    first: Request
    later: Request
    digits: dict[str, str] = field(default_factory=dict)

    def unite(self, because: JoinGround = READ) -> None:
        queue.claim(self.desk, self.first, self.bureau.clock())
        now = self.bureau.clock()
        uniting.unite(self.desk, self.first, self.later, because, now)

    def both(self) -> tuple[Request, Request]:
        return self.first, self.later

    def visit(self, request: Request) -> Return:
        digits, peppers = self.digits[request.reference], self.bureau.peppers
        now = self.bureau.clock()
        return returning.enter(self.session, peppers, digits, "", now)

    def ring(self, request: Request, outcome: Outcome) -> None:
        queue.claim(self.desk, request, self.bureau.clock())
        calls.start(self.desk, request, self.bureau.clock())
        calls.finish(self.desk, request, outcome, self.bureau.clock())

    def locks(self, request: Request) -> list[str]:
        queue.claim(self.desk, request, self.bureau.clock())
        return calls.locks(self.desk, request, self.bureau.clock())

    def text_out(self) -> OutboundText:
        """Return a text of the first one's, due now."""
        window, now = self.first.windows[0], self.bureau.clock()
        number = read_number(HERS).e164.encode()
        return OutboundText(
            id="t1",
            request_id=self.first.id,
            window_id=window.id,
            member_id=self.desk.member.id,
            template="later",
            opening=Opening.CLUB,
            language="sv",
            worker_box=seal(number, self.bureau.worker.pair.public),
            state=Delivery.WAITING,
            not_after=window.ends_at,
            next_try_at=now,
            created_at=now,
        )

    def rows(self, login: str = "maria") -> dict[str, Row]:
        self.session.flush()
        member = self.bureau.member(self.session, login)
        view = View(member.id, Side.HURT, self.bureau.clock())
        piles = today(self.session, view).piles.values()
        found = [row for pile in piles for row in pile]
        rows = {row.request.reference: row for row in found}
        assert len(rows) == len(found)
        return rows

    def answers(self, request: Request) -> list[str]:
        now, visit = self.bureau.clock(), self.visit(request)
        found = returning.answers(self.session, self.bureau.office, visit, now)
        return [one.text for one in found]


@contextmanager
def sitting(bureau: Bureau, *sent: Submission) -> Iterator[Two]:
    """Let two requests come, a minute apart, and let Maria read them."""
    digits = {}
    for submission in (*sent, *[text()] * (2 - len(sent))):
        number = bureau.digits()
        digits[bureau.send(submission, number)] = number
        bureau.clock.forward(minutes=1)
    with bureau.writing() as session:
        desk = bureau.desk(session, "maria")
        first, later = (bureau.request(session, one) for one in digits)
        for request in (first, later):
            least = Urgency.of(request.danger)
            queue.first_reading(desk, request, least, bureau.clock())
        yield Two(bureau, session, desk, first, later, digits)


def both_called(bureau: Bureau) -> tuple[Submission, Submission]:
    """Return two forms that ask for a call now, each to a number of its own."""
    own = bureau.callback(word="banan", number=OTHER)
    return bureau.callback(), own
