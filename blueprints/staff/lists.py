"""The lists beside every page of the desk: one side of the wall at a time."""

from dataclasses import astuple, dataclass
from itertools import chain

from flask import request

from intake import missed, today, two_person
from intake.dead_letters import count_undelivered
from intake.piles import Beside, Pile, View
from intake.queue import Desktop
from intake.staffing import own_waits
from intake.text_stops import are_stopped
from intake.today import MANY, Place, count_unread, sides_of
from intake.topics import Side
from web.wiring import now


@dataclass(frozen=True, slots=True)
class Raised:
    """How much of one side waits for a second person, or for a head (S32, S37)."""

    side: Side
    asks: int
    breaks: int
    is_late: bool
    missed: int


def asked_side(desk: Desktop) -> Side:
    """Return the side that the address asks for, if the member holds keys to it."""
    asked = request.args.get("side")
    return _held(desk, Side(asked) if asked in set(Side) else None)


def lists(desk: Desktop, side: Side | None) -> dict[str, object]:
    """Return what the lists show; a member of both sides sees the other's count only.

    The two sides are never listed together.
    """
    side = _held(desk, side)
    shown, unread = today.today(desk.session, _view(desk, side)), _unread(desk)
    raised, texts = _raised(desk), _texts(desk, side)
    return {
        "side": side,
        "sides": list(unread.items()),
        "lists": shown,
        "units": _units(desk, side) | shown.by_unit,
        "texts": texts,
        "version": _joined(shown.version, unread, raised, texts),
        "waits": own_waits(desk),
        "now_at": now(),
        "raised": raised,
    }


def one_list(desk: Desktop, side: Side, name: str, after: str) -> dict[str, object]:
    """Return a page of one list, from the row after a place on (an address's text)."""
    one = Pile(name) if name in set(Pile) else Beside(name)
    rows = today.page(desk.session, _view(desk, side), one, Place.read(after))
    return {
        "name": one,
        "rows": rows,
        "after": after,
        "page_length": MANY,
    }


def version(desk: Desktop, side: Side) -> str:
    """Return what changes when anything does that the lists of a side show."""
    told = today.version(desk.session, _view(desk, side))
    return _joined(told, _unread(desk), _raised(desk), _texts(desk, side))


def _held(desk: Desktop, side: Side | None) -> Side:
    sides = sides_of(desk.member)
    return side if side in sides else next(iter(sides), Side.HURT)


def _view(desk: Desktop, side: Side) -> View:
    return View(desk.member.id, side, now())


def _unread(desk: Desktop) -> dict[Side, int]:
    """Return how much is unread of each side that the member holds keys to (S38)."""
    member = desk.member
    return {s: count_unread(desk.session, member, s) for s in sides_of(member)}


def _units(desk: Desktop, side: Side) -> dict[str, dict[Pile, int]]:
    """Return the units in which the member has a place on a side, nothing counted."""
    places = desk.member.memberships
    return {p.desk.unit: {} for p in places if p.box and p.desk.side is side}


@dataclass(frozen=True, slots=True)
class Texts:
    """What the lists say of texts: none goes out, and how many did not get there."""

    stopped: bool
    lying: int


def _texts(desk: Desktop, side: Side) -> Texts:
    lying = count_undelivered(desk.session, desk.member.id, side, now())
    return Texts(are_stopped(desk.session), lying)


def _raised(desk: Desktop) -> list[Raised]:
    """Return, side by side, what waits for her beside the requests themselves."""
    waits, missed_by_us = two_person.waits(desk, now()), missed.count_raised(desk)
    sides = {side: waits.on(side) for side in sides_of(desk.member)}
    return [
        Raised(
            side=side,
            asks=len(one.asks),
            breaks=len(one.breaks),
            is_late=one.is_late(now()),
            missed=missed_by_us.get(side, 0),
        )
        for side, one in sides.items()
    ]


def _joined(
    told: str, unread: dict[Side, int], raised: list[Raised], texts: Texts
) -> str:
    told_of = [astuple(texts), *(astuple(one) for one in raised)]
    counts = *unread.values(), *chain.from_iterable(told_of)
    return "-".join((told, *map(str, counts)))
