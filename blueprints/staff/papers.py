"""Every text of a request as its page shows it: what came, what we wrote, what went."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from intake import outbox
from intake.messages import Delivery, OutboundText
from intake.models import Envelope, Request
from intake.queue import Desktop
from intake.replies import written_texts
from intake.sms.faults import Fault, fault_of
from intake.sms.texts import NoText
from intake.topics import Kind, Origin
from web.desk import moment
from web.i18n import local_day
from web.labels import label

# Numbers and words are not among them: a call shows the one (S12), and only who has the
# request sees the others (S10).
READABLE = (Kind.ACCOUNT, Kind.MORE, Kind.TEXT, Kind.AVOID, Kind.ANSWER, Kind.NOTE)
MOST_APART = 5  # texts of a day; more of them are shown as one
_SAID = {
    Delivery.WAITING: "I kö. Går iväg tidigast {due}.",
    Delivery.SENDING: "Skickas just nu.",
    Delivery.UNKNOWN: "Kan ha gått iväg {gone}. Om det kom fram är okänt; det skickas "
    "aldrig en gång till.",
    Delivery.SENT: "Skickat {gone}. Ingen uppgift än om det kom fram.",
    Delivery.DELIVERED: "Skickat {gone}. Framme i telefonen.",
}
_NEVER_WENT = "Inte skickat: {why}."
_NEVER_CAME = "Skickat {gone}, men kom inte fram: {why}."
WHY = {
    "closed": "ärendet avslutades eller återtogs",
    "calling": "ett samtal pågick",
    "decision": "ärendet väntade på beslut",
    "set-aside": "ärendet låg bland de undanlagda",
    "contact": "personen får inte kontaktas",
    "newer-words": "något nytt kom efter att det skrevs, och ska läsas först",
    "phone": "det kom fram att telefonen kan vara någon annans",
    "window": "tiden togs bort",
    "number": "numret gäller inte längre",
    "number-stopped": "stopp på numret",
    "calls-untested": "enhetens samtalstest är inte gjort",
    "texts-untested": "testet av sms med den här avsändaren är inte gjort",
    "names-us": "texten innehöll namnet på någon som arbetar här",
    "joined": "något som gäller ett sammanfört ärende hindrade det",
    "late": "det hann inte iväg i personens tid",
    "no-text": "ingen tid fanns att skriva i texten",
    "cap": "så många sms som får gå till ett nummer på ett dygn hade gått",
    "stopped": "alla sms var stoppade tills tiden gick ut",
    "dry-run": "provläge, inga sms lämnar systemet",
    "no-connection": "operatören gick inte att nå",
    "seal": "numret gick inte att öppna",
}
_FAULTS = {
    Fault.BAD_NUMBER: "numret kan inte ta emot sms",
    Fault.BLOCKED: "sms till numret är spärrade",
    Fault.TEMPORARY: "telefonen gick inte att nå",
    Fault.OURS: "fel hos oss, säg till den som sköter driften",
    Fault.STRANGE: "operatören tog inte emot det",
}


@dataclass(frozen=True, slots=True)
class Paper:
    """One text, the moment that it came or was written, and by whom."""

    kind: str  # of an envelope, or "sent"; chooses its look
    title: str
    at: datetime
    text: str
    author: str
    doubt: str = ""  # who else may have written it
    delivery: str = ""  # how it goes with a text of ours


def papers(desk: Desktop, request: Request) -> list[Paper]:
    """Return every text that is there to be read, the oldest first."""
    shown = [*_opened(desk, request), *_sent(desk, request)]
    return list(as_one(sorted(shown, key=lambda paper: paper.at)))


def as_one(papers: list[Paper]) -> Iterator[Paper]:
    """Yield papers; a flood of texts is one of them, or it would hide the rest."""
    for _, run in groupby(papers, key=lambda paper: (paper.kind, local_day(paper.at))):
        texts = list(run)
        if texts[0].kind != Kind.TEXT or len(texts) <= MOST_APART:
            yield from texts
            continue
        yield from texts[:MOST_APART]
        rest = texts[MOST_APART:]
        words = "\n\n".join(dict.fromkeys(paper.text for paper in rest))
        yield replace(rest[0], title=f"{len(rest)} sms till samma dag", text=words)


def _opened(desk: Desktop, request: Request) -> Iterator[Paper]:
    for one in request.envelopes:
        if one.kind in READABLE:
            author = one.author.working_name if one.author else ""
            text = desk.keyring.text(one)
            title, doubt = label(one.kind), _doubt(one)
            yield Paper(one.kind.value, title, one.at, text, author, doubt)


def _doubt(one: Envelope) -> str:
    if one.kind is Kind.TEXT:
        return "kan ha skrivits av någon annan"
    if one.kind is Kind.ACCOUNT and one.origin is Origin.STAFF:
        return "antecknat av oss, inte personens egna ord"
    if one.origin is Origin.RECEIPT:
        return f"skrevs {label(one.origin)}"
    return ""


def _sent(desk: Desktop, request: Request) -> Iterator[Paper]:
    for row, author in written_texts(desk.session, request):
        yield Paper(
            kind="sent",
            title="Sms från oss",
            at=row.created_at,
            text=_words(desk, row),
            author=author,
            delivery=how_it_went(row),
        )


def _words(desk: Desktop, row: OutboundText) -> str:
    try:
        return desk.office.texts.wording(row.template, row.opening, row.language)
    except NoText:
        return "Texten finns inte längre."  # the file of texts has changed since


def how_it_went(row: OutboundText) -> str:
    """Return where a text of ours stands, and why, as staff read it."""
    went_at, error = outbox.went_at(row), row.error or ""
    failed = _NEVER_CAME if went_at else _NEVER_WENT
    return _SAID.get(row.state, failed).format(
        due=moment(row.next_try_at),
        gone=moment(went_at) if went_at else "",
        why=WHY.get(error) or _FAULTS[fault_of(error)],
    )
