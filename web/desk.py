"""Who sits at the desk: the staff session, and a gate that is closed by default."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from babel import Locale
from babel.dates import format_date
from flask import (
    Flask,
    abort,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue

from intake import access, two_person
from intake.calls import last_moment
from intake.guide import OfWhoUses, Question
from intake.keyring import Keyring
from intake.models import Request
from intake.queue import Desktop, find
from intake.store import reading, writing
from intake.topics import Role, Voice
from web import bar, done, i18n, labels, locks
from web.faults import faults_of
from web.wiring import db, now, wired, writing_db

# Everything else needs a member who is signed in, addresses that do not exist too.
OPEN = frozenset(
    {
        *("static", "staff.health", "staff.invitation"),
        *("staff.sign_in", "staff.passkey_to_sign_in"),
        *("staff.outside", "staff.outside_back", "staff.outside_in"),
    }
)
# Asked by the page itself, again and again: no sign that anybody sits there.
BY_ITSELF = frozenset({"staff.news"})
KEY = "desk"  # in the cookie, beside the form token and what was just done
# What every form calls its long texts, and what was said in a call, by its own name.
TYPED: Mapping[str, str] = {
    "text": "Det du skrev",
    "reason": "Det du skrev",
    "number": "Numret",
    "country": "Landet",
    "interpreter_note": "Tolkens språk och kön",
    "note": "Råd om säker kontakt",
    "alias": "Vill kallas",
    "avoid_text": "Den som inte får se det",
    "word": "Ordet för ”jag kan prata fritt”",
    "not_now_word": "Ordet för ”inte nu”",
    "told": "Det du skrev",
    "covers": "Vad det omfattar",
    **labels.options(Question),
    **labels.options(OfWhoUses),
}
_HOME = i18n.KNOWN["sv"]


def init(app: Flask) -> None:
    """Close the gate, and give the staff's templates their words."""
    app.before_request(_gate)
    app.context_processor(_everywhere)
    done.init(app)
    app.jinja_env.filters.update(
        label=labels.label,
        noted_voice=noted_voice,
        lock=locks.lock,
        day=day,
        short_day=short_day,
        clock=clock,
        moment=moment,
        last_moment=last_moment,
        minutes_left=minutes_left,
        seconds_left=seconds_left,
        is_past=is_past,
        unit=unit_name,
        language=language_name,
    )


def noted_voice(note: str) -> str:
    """Return a note on an interpreter, with the words of a voice that a form ticked."""
    ticked = labels.options(Voice)
    # By receipt a voice joins what staff wrote down: "dari, woman".
    first, *more = note.split(", ")
    rest = [ticked[one].lower() if one in ticked else one for one in more]
    return ", ".join([ticked.get(first, first), *rest])


def day(when: datetime) -> str:
    """Return the Swedish weekday and date of a moment."""
    return i18n.day(i18n.local_day(when), _HOME)


def short_day(when: datetime) -> str:
    """Return a day as lists write it: "i dag", or "tors 26/11"."""
    local = i18n.local_day(when)
    if local == i18n.local_day(now()):
        return "i dag"
    return format_date(local, "EEE d/M", locale=_HOME.locale)


def moment(when: datetime) -> str:
    """Return a short day and the time of a moment: "i dag kl. 14.30"."""
    return f"{short_day(when)} kl.\N{NO-BREAK SPACE}{clock(when)}"


def clock(when: datetime) -> str:
    """Return the time of a moment as the desk writes it, whatever a browser asks."""
    return i18n.clock(when, _HOME)


def minutes_left(when: datetime) -> int:
    """Return how many whole minutes are left until a moment; 0 when it is past."""
    return seconds_left(when) // 60


def seconds_left(when: datetime) -> int:
    """Return how many whole seconds are left until a moment; 0 when it is past."""
    return max(0, int((when - now()).total_seconds()))


def is_past(when: datetime) -> bool:
    """Say whether a moment has passed."""
    return when <= now()


def unit_name(key: str) -> str:
    """Return a unit's Swedish name, or the key of one that is no more."""
    unit = wired().office.units.get(key)
    return unit.name(_HOME.locale) if unit else key


def language_name(code: str) -> str:
    """Return a language's Swedish name, or the code where Babel knows none."""
    if code in i18n.KNOWN and i18n.KNOWN[code].lang:
        return i18n.KNOWN[code].endonym.lower()  # a kind of Swedish
    names = Locale.parse(_HOME.locale).languages
    return str(names.get(code.replace("-", "_"), code))


def current_desk() -> Desktop:
    """Return who acts, where she works with requests; for others nothing is here."""
    return require(*(role for role in Role if role.acts))


def who_acts() -> Desktop:
    """Return who acts, with her keys. Aborts with 401 when nobody is signed in."""
    if "desk" not in g:
        signed = access.signed_in(db(), session.get(KEY, ""), now(), lasting())
        if signed is None:
            abort(401)
        member = signed.member
        g.working_name, g.role = member.working_name, member.role
        keyring = Keyring(db(), member.id, signed.pair)
        g.desk = Desktop(db(), wired().office, member, keyring)
    desk: Desktop = g.desk
    return desk


def at_desk(reference: str) -> tuple[Desktop, Request]:
    """Return who acts and the request; 404 where the wall is, as for one not there.

    Raises TwoNeeded for a protected one that she has not been let into (S32).
    """
    desk, found = at_door(reference)
    if not two_person.is_open(desk, found, now()):
        raise two_person.TwoNeeded(found)
    return desk, found


def at_door(reference: str) -> tuple[Desktop, Request]:
    """Return who acts and a request that she holds a key to, let in or not yet.

    Seeing a request is written down, so this session may write in a GET too.
    """
    writing_db()
    desk = current_desk()
    found = find(desk.session, desk.member.id, reference)
    if found is None:
        abort(404)
    return desk, found


def require(*roles: Role) -> Desktop:
    """Return who acts, if she has one of the roles; else there is nothing here."""
    desk = who_acts()
    if desk.member.role not in roles:
        abort(404)
    return desk


def lasting() -> access.Lasting:
    """Return how long sessions last here."""
    settings = wired().settings
    return access.Lasting(
        timedelta(minutes=settings.session_idle),
        timedelta(hours=settings.session_longest),
    )


def typed() -> list[tuple[str, str]]:
    """Return what was written in a form that could not be taken, and what it is.

    Nothing of it may be lost: she who said it may not be reached again to ask.
    """
    sent = {name: request.form.get(name, "").strip() for name in TYPED}
    return [(TYPED[name], text) for name, text in sent.items() if text]


def _gate() -> ResponseReturnValue | None:
    if request.endpoint in OPEN or _is_in(session.get(KEY, "")):
        return None
    if not _asks_by_itself():
        session.clear()
    # A session that ended while she wrote must not cost her the text.
    if request.method == "POST":
        return render_template("staff/signed_out.html", kept=typed()), 401
    return redirect(url_for("staff.sign_in"), 303)


def _is_in(token: str) -> bool:
    """Look at the session, and renew it, in transactions apart from the page's own."""
    engine = wired().engine
    with reading(engine) as own:
        if _asks_by_itself() or not access.wants_renewal(own, token, now(), lasting()):
            return access.signed_in(own, token, now(), lasting()) is not None
    with writing(engine) as own:
        alive = access.renew(own, token, now(), lasting())
        own.commit()
    return alive


def _asks_by_itself() -> bool:
    """Say whether a page asks without a person: that keeps no session alive."""
    return request.endpoint in BY_ITSELF or "auto" in request.args


def _everywhere() -> dict[str, object]:
    return {
        "demo": wired().settings.is_demo,
        "training": wired().settings.is_training,
        "texts_rehearsed": wired().settings.sms_dry_run,
        "idle_minutes": wired().settings.session_idle,
        "working_name": g.get("working_name", ""),
        "here": request.endpoint,
        "typed": typed,
        "faults_of": faults_of,
        "role": g.get("role"),
        "bar": bar.pages,
        "is_head": g.get("role") is Role.HEAD,
    }
