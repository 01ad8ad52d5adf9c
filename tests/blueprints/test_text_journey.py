"""From her first text to ours in Somali, over HTTP, however the carrier behaves.

The desk is the staff site; carrier and webhooks talk over sockets, as in a house.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import select
from urllib3.util import Timeout
from werkzeug.serving import make_server

from intake.duty import Worker
from intake.messages import Delivery, OutboundText
from intake.models import Request
from intake.sms import wire
from intake.sms.texts import shipped
from intake.sms.twilio import TwilioGateway
from intake.store import reading
from intake.topics import Opening
from intake.windows import coming
from intake.worker import STEPS, clean_texts, finish_texts, send_texts
from tests.blueprints.conftest import Browser, Given, StaffBureau
from tests.hookup import NUMBER, SENDER, site, texting
from tests.standin import Answer, Callbacks, StandIn
from tests.standin.behaviour import Conduct
from tests.workbench import HERS, Postman
from web.wiring import Wiring

FIRST, SECOND = "waxaan rabaa caawimaad", "fadlan i soo wac"
LATER = shipped().text("later", Opening.CLUB, "so")


@dataclass
class Town:
    """The desk, the webhooks, the worker, and a stand-in for the carrier."""

    staff: StaffBureau
    standin: StandIn
    url: str

    def worker(self) -> Worker:
        gateway = TwilioGateway(
            *(self.standin.sid, SENDER),
            auth_token=self.standin.token,
            api_url=self.standin.url,
        )
        return Worker(
            engine=self.staff.engine,
            office=self.staff.office,
            pair=self.staff.worker.pair,
            number_key=self.staff.worker.number_key,
            gateway=gateway,
            mailer=Postman(),
            status_url=f"{self.url}/hooks/status",
            clock=self.staff.clock,
            numbers=(NUMBER, SENDER),
        )

    def round(self) -> None:
        """Let a worker take every step once, and every callback come."""
        self.take(*STEPS)

    def take(self, *steps: Callable[[Worker], int]) -> None:
        """Let a worker take some steps, and every callback come."""
        worker = self.worker()
        for step in steps:
            step(worker)
        self.standin.settle()

    def she_texts(self, body: str) -> None:
        assert self.standin.incoming(HERS, body, f"{self.url}/hooks/sms").status == 200
        self.round()

    def taken(self) -> int:
        """Count the texts that the carrier has taken, deleted ones too."""
        kept = [m for m in self.standin.messages if m.direction != "inbound"]
        ours = [sid for sid in self.standin.deleted if sid in self.redacted_of_ours()]
        return len(kept) + len(ours)

    def redacted_of_ours(self) -> set[str]:
        """Return the carrier's names of the texts of ours that it has forgotten."""
        return {row.provider_sid or "" for row in self.rows() if row.deleted_at}

    def handed_over(self) -> int:
        """Count how often the carrier was asked to send."""
        asked = self.standin.asked
        return sum(one.method == "POST" and "To" in one.form for one in asked)

    def rows(self) -> list[OutboundText]:
        with reading(self.staff.engine) as session:
            return list(session.scalars(select(OutboundText)))

    def reference(self) -> str:
        with reading(self.staff.engine) as session:
            return session.scalars(select(Request.reference)).one()


@pytest.fixture
def town(staff: StaffBureau, tmp_path: Path) -> Iterator[Town]:
    app = site(staff, texting(tmp_path / "hooks"))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    with StandIn(senders=[SENDER], conduct=Conduct(late=0.1)) as standin:
        standin.clock = staff.clock
        url = f"http://127.0.0.1:{server.server_port}"
        wiring: Wiring = app.extensions["stilla"]
        here = replace(
            wiring.settings, public_url=url, twilio_auth_token=(standin.token,)
        )
        app.extensions["stilla"] = replace(wiring, settings=here)
        thread.start()
        yield Town(staff, standin, url)
        standin.settle()
        server.shutdown()
        thread.join()
        server.server_close()


def agrees_in_a_call(town: Town) -> tuple[Browser, str]:
    """Come as far as her yes: two texts, a call in vain, and one in which she talks."""
    town.she_texts(FIRST)
    amina, path = town.staff.signed_in("amina"), f"/r/{town.reference()}"
    page = amina.press(path, "/reading", {"urgency": "normal"})
    assert FIRST in page.words
    amina.press(path, "/claim")
    amina.press(path, "/call")
    amina.press(path, "/outcome", {"outcome": "no-answer"})
    assert amina.open(path).soup.select('form[action$="/text"]') == []
    town.staff.clock.forward(minutes=10)
    town.she_texts(SECOND)
    amina.press(path, "/reading", {"urgency": "normal"})
    amina.press(path, "/call")
    amina.press(path, "/outcome", {"outcome": "said-unasked"})
    shown = amina.open(path).form("/after-call").get_text()
    assert all(shipped().text("later", kind, "so") in shown for kind in Opening)
    slot = str(
        amina.open(path).form("/after-call").select("[name=windows]")[0]["value"]
    )
    said: Given = {
        "windows": [slot],
        "phone": "own",
        "texts": "yes",
        "opening": "club",
    }
    page = amina.press(path, "/after-call", said)
    assert page.response.status_code == 200
    return amina, path


def writes_later(town: Town) -> tuple[Browser, str]:
    """Write "we try later" in her words, once her window is open."""
    amina, path = agrees_in_a_call(town)
    with reading(town.staff.engine) as session:
        (window,) = coming(session.scalars(select(Request)).one(), town.staff.clock())
        town.staff.clock.now = window.starts_at
    amina = town.staff.signed_in("amina")
    amina.press(path, "/claim")
    form = amina.open(path).form("/text")
    assert LATER in form.get_text()
    assert shipped().text("later", Opening.CLUB, "sv") in form.get_text()
    amina.press(path, "/text", {"template": "later"})
    return amina, path


@pytest.mark.rule("S11", "S12", "S18", "S20", "S21")
@pytest.mark.parametrize("callbacks", list(Callbacks))
def test_from_her_text_to_ours_and_nothing_is_left_of_either(
    town: Town, callbacks: Callbacks
) -> None:
    town.standin.conduct.callbacks = callbacks
    amina, path = writes_later(town)
    town.round()
    (row,) = town.rows()
    sent = [one.form["Body"] for one in town.standin.asked if "To" in one.form]
    assert (row.language, sent) == ("so", [[LATER]])
    if callbacks is Callbacks.NONE:
        assert row.state is Delivery.SENT
        assert "Ingen uppgift än om det kom fram" in amina.open(path).words
        town.staff.clock.forward(hours=3)
    else:
        assert row.state is Delivery.DELIVERED
        assert "Framme i telefonen" in amina.open(path).words
    town.round()
    (row,) = town.rows()
    assert row.worker_box is None
    assert row.provider_sid in town.standin.redacted
    assert row.provider_sid in town.standin.deleted
    assert town.standin.messages == []  # hers neither
    assert town.taken() == 1


@pytest.mark.rule("S12", "S22")
def test_what_failed_and_was_told_nobody_is_asked_before_it_is_forgotten(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.standin.conduct.callbacks = Callbacks.NONE
    town.standin.conduct.failing[HERS] = 30006
    amina, path = writes_later(town)
    town.round()
    assert town.rows()[0].state is Delivery.SENT
    town.staff.clock.forward(hours=3)
    # An answer that tells nothing lets nothing be deleted either.
    town.take(finish_texts)
    step_answered(town, monkeypatch, clean_texts, Answer.UNAVAILABLE)
    (row,) = town.rows()
    assert (row.state, row.worker_box, row.deleted_at) == (Delivery.SENT, None, None)
    town.staff.clock.forward(hours=1)
    town.round()
    (row,) = town.rows()
    assert (row.state, row.error) == (Delivery.FAILED, "30006")
    nothing_is_left_of_the_one_text(town)
    amina = town.staff.signed_in("amina")
    assert "kom inte fram" in amina.open(path).words
    assert path.removeprefix("/r/") in amina.open("/texts").words


@pytest.mark.rule("S12")
@pytest.mark.parametrize("answer", [a for a in Answer if a is not Answer.SILENCE])
def test_however_the_carrier_answers_it_goes_once_or_staff_see_that_it_did_not(
    town: Town, answer: Answer
) -> None:
    town.standin.conduct.answers.append(answer)
    amina, path = writes_later(town)
    for _ in range(4):
        town.round()
        town.staff.clock.forward(minutes=1)
    (row,) = town.rows()
    assert town.taken() <= 1
    if row.state is Delivery.DELIVERED:
        assert town.taken() == 1
        assert "Framme i telefonen" in amina.open(path).words
        return
    assert (row.state, town.taken()) == (Delivery.UNKNOWN, 0)
    assert "Kan ha gått iväg" in amina.open(path).words
    town.staff.clock.forward(minutes=5)
    page = amina.open("/texts")
    assert path.removeprefix("/r/") in page.words
    assert "Det kan ha kommit fram." in page.words


@pytest.mark.rule("S12")
def test_a_silent_carrier_is_asked_and_never_sent_to_again(town: Town) -> None:
    """The longest wait there is: ten seconds, once."""
    town.standin.conduct.answers.append(Answer.SILENCE)
    town.standin.conduct.callbacks = Callbacks.NONE
    amina, path = writes_later(town)
    town.round()
    assert town.rows()[0].state is Delivery.UNKNOWN
    town.round()
    # It was found by the number and the time, and had got there by then.
    assert town.rows()[0].state is Delivery.DELIVERED
    assert "Framme i telefonen" in amina.open(path).words
    assert town.taken() == 1


# Done late; not done; not done; done, but answered with nonsense; done without a word.
LATER_ANSWERS = (
    Answer.SLOW,
    Answer.SERVER_ERROR,
    Answer.TOO_MANY,
    Answer.GARBAGE,
    Answer.SILENCE,
)


def step_answered(
    town: Town,
    patch: pytest.MonkeyPatch,
    step: Callable[[Worker], int],
    *answers: Answer | None,
) -> None:
    """Take one step whose questions about the text are answered so, in this order."""
    town.standin.conduct.later_answers.extend(answers)
    with patch.context() as hurried:
        if Answer.SILENCE in answers:
            hurried.setattr(wire, "_PATIENCE", Timeout(connect=2, total=2))
        town.take(step)
    assert not town.standin.conduct.later_answers  # they were asked for


def nothing_is_left_of_the_one_text(town: Town) -> None:
    (row,) = town.rows()
    assert row.deleted_at
    assert row.provider_sid in town.standin.redacted
    assert row.provider_sid in town.standin.deleted
    assert (row.worker_box, town.standin.messages) == (None, [])
    assert town.handed_over() == town.taken() == 1


@pytest.mark.rule("S12", "S22")
@pytest.mark.parametrize("answer", LATER_ANSWERS)
def test_badly_answered_about_a_doubt_it_is_asked_again_and_never_sent_again(
    town: Town, monkeypatch: pytest.MonkeyPatch, answer: Answer
) -> None:
    town.standin.conduct.callbacks = Callbacks.NONE
    town.standin.conduct.answers.append(Answer.DROPPED)
    amina, path = writes_later(town)
    town.take(send_texts)
    assert "Kan ha gått iväg" in amina.open(path).words
    step_answered(town, monkeypatch, send_texts, answer)
    if answer is not Answer.SLOW:
        assert town.rows()[0].state is Delivery.UNKNOWN
        assert "Kan ha gått iväg" in amina.open(path).words
    town.staff.clock.forward(minutes=1)
    town.round()
    assert town.rows()[0].state is Delivery.DELIVERED
    assert "Framme i telefonen" in amina.open(path).words
    nothing_is_left_of_the_one_text(town)


@pytest.mark.rule("S12", "S22")
@pytest.mark.parametrize("before", [[], [None]], ids=["emptying", "deleting"])
@pytest.mark.parametrize("answer", LATER_ANSWERS)
def test_badly_answered_at_forgetting_it_is_asked_again_and_all_is_forgotten(
    town: Town,
    monkeypatch: pytest.MonkeyPatch,
    before: list[Answer | None],
    answer: Answer,
) -> None:
    amina, path = writes_later(town)
    town.take(send_texts)
    town.take(finish_texts)
    step_answered(town, monkeypatch, clean_texts, *before, answer)
    (row,) = town.rows()
    assert bool(row.deleted_at) == (answer is Answer.SLOW)
    assert bool(row.redacted_at) == (answer is Answer.SLOW or bool(before))
    assert "Framme i telefonen" in amina.open(path).words
    town.staff.clock.forward(hours=1)
    town.round()
    nothing_is_left_of_the_one_text(town)
    assert "Framme i telefonen" in town.staff.signed_in("amina").open(path).words


@pytest.mark.rule("S22")
@pytest.mark.parametrize("answer", [None, Answer.GARBAGE, Answer.TOO_MANY])
def test_no_log_of_the_whole_way_holds_a_number_or_a_word(
    town: Town,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    answer: Answer | None,
) -> None:
    caplog.set_level(logging.DEBUG)  # of every library that is not silenced
    logging.getLogger("any.library").debug("this is heard")
    if answer:
        town.standin.conduct.answers.append(answer)
    if answer is Answer.GARBAGE:
        # Untold what became of it, the carrier is asked by the number itself.
        town.standin.conduct.callbacks = Callbacks.NONE
    writes_later(town)
    for _ in range(3):
        town.round()
        town.staff.clock.forward(minutes=1)
    logged = "".join((*capfd.readouterr(), caplog.text))
    assert "this is heard" in logged
    plain = HERS.removeprefix("+")
    for secret in (plain, plain[2:], FIRST, SECOND, LATER, "soo wac"):
        assert secret not in logged
