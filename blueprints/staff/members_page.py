"""What the page of people shows of each unit and desk."""

from dataclasses import dataclass

from blueprints.staff.members_forms import KeyPersonForm
from intake import key_persons
from intake import members as care
from intake.people import Desk, Membership, UnitRecord
from intake.queue import Desktop


@dataclass(frozen=True, slots=True)
class DeskShown:
    """One desk, and who has or waits for a place at it."""

    desk: Desk
    places: list[Membership]

    @property
    def holders(self) -> list[Membership]:
        """Return the places that hold the desk's key, but of who only consults."""
        return [p for p in self.places if p.box and p.member.role.acts]

    @property
    def taking_children(self) -> list[str]:
        """Return the working names of those who take a child's own request."""
        named = (place.member for place in self.holders)
        return [one.working_name for one in named if one.takes_children]


@dataclass(frozen=True, slots=True)
class UnitShown:
    """One unit, its key person, and its desks that the member looks after."""

    record: UnitRecord
    form: KeyPersonForm
    desks: list[DeskShown]


def units_shown(
    desk: Desktop, failed: tuple[str, KeyPersonForm] | None = None
) -> list[UnitShown]:
    """Return the units that the member looks after, as the page shows them."""
    desks = _desks(desk)
    return [
        UnitShown(
            record,
            failed[1] if failed and failed[0] == record.key else _form(desk, record),
            [one for one in desks if one.desk.unit == record.key],
        )
        for record in care.units_to_care_for(desk)
    ]


def _desks(desk: Desktop) -> list[DeskShown]:
    people = care.members(desk)
    return [
        DeskShown(at, [p for m in people for p in m.memberships if p.desk_id == at.id])
        for at in care.desks_to_fill(desk)
    ]


def _form(desk: Desktop, record: UnitRecord) -> KeyPersonForm:
    chosen = "" if record.key_person_id is None else str(record.key_person_id)
    people = key_persons.eligible(desk, record)
    return KeyPersonForm.fresh(member=chosen).offer(people)
