"""Talking to the carrier of texts: never while a transaction is open."""

import logging

from intake import finding, forgetting, outbox
from intake.duty import Worker, look, turn
from intake.finding import Doubt
from intake.hours import HOME_ZONE
from intake.outbox import Outgoing
from intake.sms.gateway import (
    Ambiguous,
    Misconfigured,
    OutgoingText,
    Refused,
    Sent,
    SmsGateway,
)
from intake.sms.texts import NoText

_log = logging.getLogger(__name__)
_MOST = 50  # texts a round, so that the other steps have their turn


def send(worker: Worker) -> int:
    """Send what is due and still allowed; returns how many were tried."""
    if worker.gateway is None and not worker.dry_run:
        return 0
    held = (worker.office, worker.keys, worker.name)
    for tried in range(_MOST):
        with turn(worker) as session:
            text = outbox.take(session, *held, worker.clock(), worker.caps)
        if text is None:
            return tried
        if worker.dry_run or worker.gateway is None:
            _rehearse(worker, text)
        else:
            _send(worker, worker.gateway, text)
    return _MOST


def ask(worker: Worker) -> int:
    """Ask the carrier about texts that may have gone out; returns how many had."""
    if worker.gateway is None:
        return 0
    with turn(worker) as session:
        doubted = finding.doubted(session, worker.keys, worker.clock())
    return sum(_ask(worker, worker.gateway, text) for text in doubted)


def clean(worker: Worker) -> int:
    """Empty and delete at the carrier what is over; what it refuses waits an hour."""
    if worker.gateway is None:
        return 0
    steps = (_clean_sent, _clean_read, _clean_alerts)
    return sum(step(worker, worker.gateway) for step in steps)


def _clean_sent(worker: Worker, gateway: SmsGateway) -> int:
    over = look(worker, lambda s: forgetting.uncleaned(s, worker.clock()))
    for text_id, sid, is_untold in over:
        asked = not is_untold or _is_asked(worker, gateway, text_id, sid)
        redacted, deleted = _forget(gateway, sid) if asked else (False, False)
        with turn(worker) as session:
            forgetting.cleaned(session, text_id, redacted, deleted, worker.clock())
    return len(over)


def _is_asked(worker: Worker, gateway: SmsGateway, text_id: str, sid: str) -> bool:
    """Ask how a text ended that nobody told of; deleted, nobody could tell any more."""
    try:
        sent = gateway.status(sid)
    except (Refused, Misconfigured):
        return False
    if sent is not None:
        with turn(worker) as session:
            outbox.accepted(session, worker.office, text_id, sent, worker.clock())
    return True


def _clean_read(worker: Worker, gateway: SmsGateway) -> int:
    """Do the same for texts that came in: they tell her number and her words (S22)."""
    read = look(worker, lambda s: forgetting.uncleaned_inbound(s, worker.clock()))
    for sid in read[:_MOST]:
        _, deleted = _forget(gateway, sid)
        with turn(worker) as session:
            forgetting.cleaned_inbound(session, sid, deleted, worker.clock())
    return len(read[:_MOST])


def _clean_alerts(worker: Worker, gateway: SmsGateway) -> int:
    """Do the same for alerts to staff: they tell a number, and that something came."""
    over = look(worker, lambda s: forgetting.uncleaned_alerts(s, worker.clock()))
    for alert_id, sid in over[:_MOST]:
        _, deleted = _forget(gateway, sid)
        with turn(worker) as session:
            forgetting.cleaned_alert(session, alert_id, deleted, worker.clock())
    return len(over[:_MOST])


def _rehearse(worker: Worker, text: Outgoing) -> None:
    with turn(worker) as session:
        now = worker.clock()
        outbox.rehearsed(session, worker.office, text.id, worker.name, now)


def _send(worker: Worker, gateway: SmsGateway, text: Outgoing) -> None:
    office, name = worker.office, worker.name
    sent, refusal = None, None
    try:
        sent = gateway.send(_message(worker, text))
    except Ambiguous:
        pass  # it may have gone out
    except Refused as error:
        refusal = error
    except Misconfigured as error:
        # What is wrong with our own account may be put right while her window lasts.
        _log.error("texts: the carrier refuses our account or settings: %s", error.code)
        refusal = Refused(error.code, permanent=False)
    except NoText:
        refusal = Refused("no-text", permanent=True)
    with turn(worker) as session:
        now = worker.clock()
        if sent is not None:
            outbox.accepted(session, office, text.id, sent, now)
        elif refusal is not None:
            outbox.refused(session, office, text.id, name, refusal, now)
        else:
            outbox.unsure(session, office, text.id, name, now)


def _message(worker: Worker, text: Outgoing) -> OutgoingText:
    start = text.next_call
    clocks = {"time": start.astimezone(HOME_ZONE).time()} if start else {}
    return OutgoingText(
        own_id=text.id,
        to=text.to,
        body=worker.office.texts.text(
            text.template, text.opening, text.language, **clocks
        ),
        valid_for=text.valid_for,
        status_url=f"{worker.status_url}/{text.id}",
    )


def _ask(worker: Worker, gateway: SmsGateway, text: Doubt) -> bool:
    known = look(worker, lambda s: finding.known_sids(s, text.since))
    try:
        sent = gateway.find(text.to, text.since, text.id, known)
        if sent is not None and _found(worker, text, sent):
            return True
        if text.is_over and _let_go(worker, gateway, text, known):
            with turn(worker) as session:
                forgetting.given_up(session, text.id, worker.clock())
    except (Refused, Misconfigured):
        pass  # asked again later; staff see that it is unknown
    return False


def _found(worker: Worker, text: Doubt, sent: Sent) -> bool:
    office, keys = worker.office, worker.keys
    with turn(worker) as session:
        return finding.found(session, office, keys, text, sent, worker.clock())


def _let_go(
    worker: Worker, gateway: SmsGateway, text: Doubt, known: frozenset[str]
) -> bool:
    """Let the carrier forget all that may be a text in doubt; says whether it has.

    Raises Refused, Misconfigured.
    """
    all_gone = True
    for _ in range(_MOST):
        sent = gateway.find(text.to, text.since, text.id, known)
        if sent is None:
            return all_gone
        # What was named since the carrier was asked ends by its own row.
        named = look(worker, lambda s: finding.known_sids(s, text.since))
        if sent.sid not in named:
            all_gone &= _is_gone(worker, gateway, text, sent)
        known = known | named | {sent.sid}
    return False


def _is_gone(worker: Worker, gateway: SmsGateway, text: Doubt, sent: Sent) -> bool:
    keys, now = worker.keys, worker.clock()
    free = look(worker, lambda s: finding.may_go(s, keys, text, sent, now))
    return free and _forget(gateway, sent.sid)[1]


def _forget(gateway: SmsGateway, sid: str) -> tuple[bool, bool]:
    """Return whether a text was emptied, and whether it was deleted."""
    redacted = False
    try:
        gateway.redact(sid)
        redacted = True
        gateway.delete(sid)
    except (Refused, Misconfigured):
        return redacted, False
    return True, True
