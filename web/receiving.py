"""Taking a filled form in, once: its token, its limits, the number it leads to (S3)."""

import json
from contextlib import suppress
from dataclasses import dataclass, replace

from flask import request

from intake import arrivals
from intake.apart import GoesApart, may_join
from intake.arrivals import Result
from intake.errors import UnknownReceipt
from intake.models import Request, Sending
from intake.receipts import Peppers, ReceiptKey, from_seed, grouped, parse
from intake.returning import Return, enter
from intake.submissions import Submission
from intake.topics import Audience
from intake.vault import KeyPair, unseal
from intake.windows import SlotFull
from web.forms import PublicForm
from web.i18n import _, current_language, lazy
from web.limits import Limited
from web.once import Content, Page, door_handle
from web.questions import NOT_SENT, Questions
from web.refilling import Refused, prefilled
from web.room import has_room, over
from web.tokens import FormTokens, Token, TokenExpired, TokenForged
from web.wiring import db, now, wired

SLOT_FULL = lazy("Someone else just took the last place. Choose another time.")
_NOT_CONTENT = frozenset({"token", "website", "handle"})


@dataclass(frozen=True, slots=True)
class Taken:
    """What sending a form came to, and the number that belongs to it."""

    result: Result
    sending: Sending
    digits: str = ""  # "" where no number is shown
    receipt: ReceiptKey | None = None
    visit: Return | None = None  # the earlier request that it joined (S8)
    tries_over: bool = False  # so the earlier number could not be looked up
    is_apart: bool = False  # the form was sent before, and this may not join that


class TriesOver(Refused):
    """The network's guesses at receipts are used up for now (S36)."""


def receive(form: Questions, audience: Audience) -> Page:
    """Send a form that keeps its rules. Raises Refused; flushes, never commits."""
    keeps_rules = form.validate()  # first: all that is wrong with it is told at once
    token = read_token(form)
    if not keeps_rules and not _is_repeat(form, token):
        # She came back and took the wrong box: where nothing gets lost, she is led on.
        if form.says_only_a_receipt():
            return prefilled("back", str(NOT_SENT), digits=form.receipt_as_text())
        _look_at_earlier(form)
        raise Refused
    check_room()
    suspect = form.is_suspect(token, now()) or over(Limited.SEND)
    submission = replace(form.submission(audience), set_aside=suspect)
    taken = _take(form, submission, token)
    if taken.result is Result.SPENT:
        return Page("spent")
    return Page("receipt", _told(form, submission, taken), ends_number=_ends(taken))


def read_token(form: PublicForm) -> Token:
    """Return a form's token; what it was once sent with holds on (S3). Raises Refused.

    A form that is too old, or was never ours, is given back with a fresh token.
    """
    try:
        return form.read_token(_tokens(), now())
    except TokenExpired as expired:
        if _was_sent(expired.token):
            return expired.token
    except TokenForged:
        pass  # a broken copy of the page; what she wrote is kept all the same
    form.renew(_tokens(), current_language().code, now())
    raise Refused(message=_("This form had been open for too long. Send it once more."))


def check_room() -> None:
    """Refuse while the disk's reserve is used up, and say so (S36). Raises Refused."""
    if not has_room():
        raise Refused(
            503,
            _(
                "We cannot receive anything right now. Nothing was sent. "
                "Call us, or try again later. In danger, call 112."
            ),
        )


def deliver(
    form: PublicForm,
    submission: Submission,
    token: Token,
    receipt: ReceiptKey | None = None,
    onto: Request | None = None,
) -> tuple[Result, Sending]:
    """Send what a form said, however often it comes. Raises Refused, GoesApart."""
    hashes = arrivals.Token(
        _tokens().database_hash(token.nonce),
        _content_hash(form, token),
    )
    try:
        result, sending = arrivals.send(
            db(), wired().office, submission, hashes, receipt, now(), onto
        )
    except SlotFull:
        raise Refused(message=str(SLOT_FULL), field="windows") from None
    if result is Result.SPENT and sending.content_hash != hashes.content_hash:
        _refuse_change(form)
    return result, sending


def enter_with(typed: str, word: str, field: str) -> Return:
    """Open what a number and a word fit; guesses are counted (S36). Raises Refused."""
    # Counted before the slow hash, or guesses would fill the memory.
    if over(Limited.RECEIPT):
        raise TriesOver(
            429,
            _(
                "There have been too many tries from your network. Wait ten minutes "
                "and try again. You can call us meanwhile."
            ),
            field,
        )
    try:
        return enter(db(), _peppers(), parse(typed), word, now())
    except UnknownReceipt:
        # One sentence for both: which was wrong would help who guesses (S2).
        raise Refused(
            message=_(
                "The number and the word do not fit together, or the number is closed. "
                "Look at both again. If you chose no word, leave that line empty."
            ),
            field=field,
        ) from None


def stamp(form: PublicForm) -> None:
    """Make a form ready to be printed: a genuine token stays, else it gets one."""
    form.stamp(_tokens(), current_language().code, now())


def _take(form: Questions, submission: Submission, token: Token) -> Taken:
    first, token = token, _sent_before(form, token) or token
    visit, tries_over = None, False
    try:
        visit = _earlier(form, submission)
    except TriesOver:  # a guess may be refused, what she writes never (S36)
        tries_over, submission = True, replace(submission, set_aside=True)
    while True:
        try:
            taken = _take_once(form, submission, token, visit)
        except GoesApart:
            # Only for a token that is spent already, so this comes to an end.
            token, visit = token.apart(), None
        else:
            return replace(taken, is_apart=token != first, tries_over=tries_over)


def _earlier(form: Questions, submission: Submission) -> Return | None:
    """Open the earlier request that the form is to join; None where it must not."""
    # No guess is spent, and no slow hash, on what would go its own way all the same.
    if not form.earlier.data or submission.avoid:
        return None
    visit = enter_with(form.earlier.data, form.earlier_word.data or "", "earlier")
    joins = may_join(visit.request, submission) and _fits(submission, visit.request)
    return visit if joins else None


def _look_at_earlier(form: Questions) -> None:
    """Raise Refused for a number that opens nothing; one that can't be asked passes."""
    if form.earlier.data and not form.earlier.errors and not form.avoids_someone():
        with suppress(TriesOver):
            enter_with(form.earlier.data, form.earlier_word.data or "", "earlier")


def _take_once(
    form: Questions, submission: Submission, token: Token, visit: Return | None
) -> Taken:
    if visit is not None:
        result, sending = deliver(form, submission, token, onto=visit.request)
        if sending.request is visit.request:  # else it came in on its own before
            return Taken(result, sending, visit=visit)
    if form.no_number.data:
        return Taken(*deliver(form, submission, token))
    digits = from_seed(_tokens().receipt_seed(token.nonce))
    receipt = _peppers().key(digits, form.own_word.data or "")
    result, sending = deliver(form, submission, token, receipt)
    return Taken(result, sending, digits if sending.door else "", receipt)


def _fits(submission: Submission, earlier: Request) -> bool:
    """Say whether times, if any were chosen, are those of the unit that has it."""
    route = arrivals.route_of(wired().office, submission, now(), db())
    has_times = submission.call is not None and bool(submission.call.slots)
    return not has_times or route.unit == earlier.unit


def _told(form: Questions, submission: Submission, taken: Taken) -> Content:
    """Return what the page after sending shows: nothing of what she typed."""
    standing, door = taken.sending.request, taken.sending.door
    word_fits = bool(door and taken.receipt and door.tag == taken.receipt.tag)
    return {
        "digits": grouped(taken.digits) if taken.digits else "",
        "has_number": bool(taken.digits or taken.visit),
        "result": taken.result.value,
        "joined": taken.visit is not None,
        "tries_over": taken.tries_over,
        "apart": taken.visit is None and (taken.is_apart or bool(form.earlier.data)),
        "word": bool(form.own_word.data) and word_fits,
        "first_word_counts": bool(taken.digits) and not word_fits,
        "read_by": standing.reading_due_at.isoformat(),
        "unit": standing.unit,
        "danger": submission.danger.value,
        "under_18": submission.under_18,
        "wish": submission.wish.value,
        "contact": standing.contact.value,
        "go_on": _go_on(form, taken, word_fits) if "part" in request.form else {},
    }


def _go_on(form: Questions, taken: Taken, word_fits: bool) -> Content:
    """Return what leads on to writing the next part (S40)."""
    if taken.visit is not None:
        return {"handle": door_handle(taken.visit)}
    door = taken.sending.door
    if door is not None and taken.receipt is not None and word_fits:
        pair = KeyPair.from_secret(unseal(door.answer_box, taken.receipt.pair))
        return {"handle": door_handle(Return(door.id, door.request, pair))}
    # By the token, the next part would join what this one had to stay apart from.
    return {} if taken.is_apart else {"token": form.token.data}


def _ends(taken: Taken) -> bytes | None:
    return taken.sending.token_hash if taken.digits else None


def _refuse_change(form: PublicForm) -> None:
    form.renew(_tokens(), current_language().code, now())
    raise Refused(
        message=_(
            "What you sent before has come in. What you have changed since then has "
            "not been sent. Send once more to send it too."
        )
    )


def _content_hash(form: PublicForm, token: Token) -> bytes:
    """Return the hash of all that was typed and chosen, to tell a change."""
    said = {one.name: one.data for one in form if one.name not in _NOT_CONTENT}
    content = json.dumps(said, sort_keys=True).encode()
    return _tokens().content_hash(token.nonce, content)


def _is_repeat(form: PublicForm, token: Token) -> bool:
    """Say whether the very same was sent before; its times may be over by now (S3)."""
    return _sent_before(form, token) is not None


def _sent_before(form: PublicForm, token: Token) -> Token | None:
    """Return the token, or the one apart from it, that the very same was sent with."""
    while (sending := _sending(token)) is not None:
        if sending.content_hash == _content_hash(form, token):
            return token
        token = token.apart()
    return None


def _sending(token: Token) -> Sending | None:
    return db().get(Sending, _tokens().database_hash(token.nonce))


def _was_sent(token: Token) -> bool:
    return _sending(token) is not None


def _tokens() -> FormTokens:
    made = wired().tokens
    if made is None:
        raise LookupError("this face has no form key")
    return made


def _peppers() -> Peppers:
    made = wired().peppers
    if made is None:
        raise LookupError("this face has no pepper")
    return made
