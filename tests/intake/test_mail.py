"""The units' mails: constant, content-free, and never in anybody's way."""

import io
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import Engine, select

from intake import mail
from intake.mail import MailFailed, PrintMailer, SmtpMailer, mailer_for
from intake.messages import OutboundMail
from intake.store import reading
from intake.worker import read_inbound, send_mails
from tests.workbench import MONDAY_10, House, Postman, found, worker_in


@pytest.fixture
def house(engine: Engine) -> House:
    return found(engine)


def _let(house: House, unit: str, count: int = 1, urgent: bool = False) -> None:
    with house.writing() as session:
        for _ in range(count):
            now = house.clock()
            session.add(OutboundMail(unit=unit, urgent=urgent, next_try_at=now))


def _unsent(house: House) -> list[OutboundMail]:
    with reading(house.engine) as session:
        rows = select(OutboundMail).where(OutboundMail.sent_at.is_(None))
        return list(session.scalars(rows))


def test_each_unit_with_something_new_gets_one(house: House) -> None:
    _let(house, "adult", 3)
    _let(house, "children")
    postman = Postman()
    worker = replace(worker_in(house, None), mailer=postman)
    send_mails(worker)
    send_mails(worker)
    assert postman.sent == ["vuxenenheten@kommun.example", "barnenheten@kommun.example"]
    assert not _unsent(house)


def test_a_text_that_came_in_is_told(house: House) -> None:
    postman = Postman()
    worker = replace(worker_in(house, None), mailer=postman)
    house.text_in("ring mig", "SM1")
    read_inbound(worker)
    send_mails(worker)
    assert len(postman.sent) == 1


def test_what_is_refused_waits_longer_each_time_and_is_not_lost(house: House) -> None:
    _let(house, "adult")
    postman = Postman(refuses=True)
    worker = replace(worker_in(house, None), mailer=postman)
    waits = []
    for _ in range(6):
        send_mails(worker)
        (row,) = _unsent(house)
        waits.append((row.next_try_at - house.clock()).total_seconds())
        house.clock.now = row.next_try_at
    assert waits == [30, 60, 300, 900, 900, 900]
    postman.refuses = False
    send_mails(worker)
    assert len(postman.sent) == 1


def test_after_one_refusal_the_others_do_not_hold_up_the_round(house: House) -> None:
    tries = []

    class Hanging(Postman):
        def send(self, to: str, now: object, body: str = "") -> None:
            tries.append(to)
            raise MailFailed("TimeoutError")

    _let(house, "adult")
    _let(house, "children")
    send_mails(replace(worker_in(house, None), mailer=Hanging()))
    assert len(tries) == 1
    assert len(_unsent(house)) == 2


def test_an_address_that_always_hangs_lets_the_others_go_first(house: House) -> None:
    hangs = house.office.units["adult"].mail

    class Hanging(Postman):
        def send(self, to: str, now: object, body: str = "") -> None:
            self.sent.append(to)
            if to == hangs:
                raise MailFailed("SMTPServerDisconnected")

    for unit in ("adult", "children", "on-call"):
        _let(house, unit)
    postman = Hanging()
    worker = replace(worker_in(house, None), mailer=postman)
    send_mails(worker)
    house.clock.forward(seconds=30)
    send_mails(worker)
    told = [house.office.units[unit].mail for unit in ("children", "on-call")]
    assert postman.sent == [hangs, *told, hangs]
    assert [row.unit for row in _unsent(house)] == ["adult"]


def test_killed_while_it_sends_another_worker_sends_it_later(house: House) -> None:
    _let(house, "adult")
    with house.writing() as session:
        assert mail.take(session, "killed", house.clock())
    postman = Postman()
    worker = replace(worker_in(house, None), mailer=postman)
    send_mails(worker)
    assert not postman.sent
    house.clock.forward(minutes=3)
    send_mails(worker)
    assert len(postman.sent) == 1


def test_a_unit_that_is_no_more_is_told_nothing(house: House) -> None:
    _let(house, "gone")
    postman = Postman()
    send_mails(replace(worker_in(house, None), mailer=postman))
    assert not postman.sent
    assert not _unsent(house)


def test_two_workers_claim_no_mail_twice(house: House) -> None:
    _let(house, "adult", 5)
    with house.writing() as session:
        (first,) = mail.take(session, "one", house.clock())
    with house.writing() as session:
        assert not mail.take(session, "two", house.clock())
    assert len(first.ids) == 5


class _Smtp(socketserver.StreamRequestHandler):
    """Speaks as much SMTP as a mail needs, and keeps what it is handed."""

    def handle(self) -> None:
        self._say("220 here")
        full = False
        for line in self.rfile:
            word, full = line.split()[0].upper(), full or b"full" in line
            if word == b"DATA" and full:
                self._say("452 there is no room for <full@kommun.example>")
            elif word == b"DATA":
                self._say("354 go on")
                self._keep()
            elif word == b"QUIT":
                self._say("221 bye")
                return
            elif word == b"RCPT" and b"refused" in line:
                self._say("550 unknown <refused@kommun.example>")
            else:
                self._say("250 well")

    def _keep(self) -> None:
        lines = iter(self.rfile.readline, b".\r\n")
        _kept(self.server).append(b"".join(lines))
        self._say("250 kept")

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Smtp)
        self.kept: list[bytes] = []


def _kept(server: socketserver.BaseServer) -> list[bytes]:
    assert isinstance(server, _Server)
    return server.kept


@pytest.fixture
def smtp() -> Iterator[_Server]:
    with _Server() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def _url(server: _Server) -> str:
    return f"smtp://127.0.0.1:{server.server_address[1]}"


def test_by_smtp_every_mail_has_the_same_words_and_length(smtp: _Server) -> None:
    mailer = mailer_for(_url(smtp), "Stöd och råd <robot@kommun.example>")
    for _ in range(2):
        mailer.send("vuxenenheten@kommun.example", MONDAY_10)
    first, second = smtp.kept
    assert len(first) == len(second)
    (own,) = set(first.splitlines()) - set(second.splitlines())
    assert own.startswith(b"Message-ID")
    assert b"vuxenenheten@kommun.example" in first


def test_a_refusal_names_no_address(smtp: _Server) -> None:
    mailer = SmtpMailer(_url(smtp), "robot@kommun.example")
    with pytest.raises(MailFailed) as caught:
        mailer.send("refused@kommun.example", MONDAY_10)
    assert "refused@" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.rule("S25")
@pytest.mark.parametrize("local", ["refused", "full", "vård"])
def test_one_units_address_that_is_refused_holds_back_no_other_units_mail(
    house: House, smtp: _Server, local: str
) -> None:
    units = dict(house.office.units)
    units["adult"] = replace(units["adult"], mail=f"{local}@kommun.example")
    office = replace(house.office, units=units)
    mailer = SmtpMailer(_url(smtp), "robot@kommun.example")
    worker = replace(worker_in(house, None), office=office, mailer=mailer)
    _let(house, "adult")
    _let(house, "on-call")
    send_mails(worker)
    (kept,) = smtp.kept
    assert units["on-call"].mail.encode() in kept
    (waits,) = _unsent(house)
    assert (waits.unit, waits.attempts) == ("adult", 1)


def test_a_server_that_is_not_there_is_a_refusal() -> None:
    with pytest.raises(MailFailed):
        SmtpMailer("smtp://127.0.0.1:1", "r@kommun.example").send(
            "a@b.example", MONDAY_10
        )


def test_what_is_asked_of_a_server_without_tls_is_not_sent_bare(smtp: _Server) -> None:
    mailer = SmtpMailer(f"{_url(smtp)}?starttls", "robot@kommun.example")
    with pytest.raises(MailFailed):
        mailer.send("vuxenenheten@kommun.example", MONDAY_10)
    assert not smtp.kept


def test_by_default_it_is_printed() -> None:
    out = io.StringIO()
    PrintMailer(out).send("vuxenenheten@kommun.example", MONDAY_10)
    assert (
        out.getvalue() == "  mail to vuxenenheten@kommun.example: Något nytt att läsa\n"
    )
    assert isinstance(mailer_for("print", ""), PrintMailer)


def test_the_password_is_in_no_repr() -> None:
    assert "hemligt" not in repr(SmtpMailer("smtp://robot:hemligt@mail.example", "r@x"))
