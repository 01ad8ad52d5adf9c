"""Made-up on-call lists, so that an alert can be seen where it goes in a trial."""

from sqlalchemy import select

from intake.alert_outbox import Ways
from intake.alert_tables import AlertWhen
from intake.on_call import Entry, add
from intake.people import Desk
from intake.topics import Role
from intake.units import UnitKind
from web.demo import CAST, Part, Stage

# Numbers that the Swedish authority keeps free for films and examples (PTS).
_FIRST = 46_701_740_670
_DOMAIN = "exempel.example"
_MEMBERS = frozenset({Role.STAFF, Role.HEAD})


def seed_on_call(stage: Stage) -> None:
    """Put those who sit at a desk on its list: heads always, others while it is open.

    On-call is alerted at every hour, in this order.
    """
    clerk = stage.desk(CAST[0].login)
    for to in stage.session.scalars(select(Desk).order_by(Desk.id)):
        kind = stage.office.units[to.unit].kind
        if kind not in (UnitKind.DAY, UnitKind.ON_CALL):
            continue
        for number, part in enumerate(CAST, start=_FIRST):
            if part.role in _MEMBERS and (to.unit, to.side) in _places(part):
                always = kind is UnitKind.ON_CALL or part.role is Role.HEAD
                add(clerk, to, _entry(part, f"+{number}", always))


def _places(part: Part) -> set[tuple[str, str]]:
    return {(unit, side) for unit, sides in part.places for side in sides}


def _entry(part: Part, number: str, always: bool) -> Entry:
    return Entry(
        name=part.working_name,
        ways=Ways(number, f"{part.login}@{_DOMAIN}"),
        when=AlertWhen.ALWAYS if always else AlertWhen.OPEN,
        is_head=part.role is Role.HEAD,
    )
