"""Forms of people and access: an invitation, and what is changed for a member."""

import re
from collections.abc import Iterable, Mapping
from typing import Self

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, RadioField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Regexp

from blueprints.staff.forms import TicksField, needed
from intake.founding import LOGIN
from intake.members import Newcomer
from intake.people import Desk, Member
from intake.topics import Role
from web.desk import unit_name
from web.forms import StaffForm, choices_of
from web.labels import label

_LOGIN = "2 till 40 tecken: a till z, siffror, punkt och bindestreck. Inget mellanslag."
NOBODY = ""


class CareForm(StaffForm):
    """A form of a page that holds several: each takes only its own."""

    @classmethod
    def fresh(cls, **shown: object) -> Self:
        """Return the form as it is before anything is sent to it."""
        return cls(MultiDict(), data=shown)


class InviteForm(CareForm):
    """Somebody new."""

    login = StringField(
        "Användarnamn", [needed, Regexp(rf"{LOGIN.pattern}\Z", re.IGNORECASE, _LOGIN)]
    )
    working_name = StringField(
        "Arbetsnamn",
        [needed, Length(max=64, message="Högst 64 tecken.")],
        description="Syns för kollegor och för den som hör av sig. Inte hela namnet.",
    )
    real_name = StringField(
        "Riktigt namn",
        [needed, Length(max=128, message="Högst 128 tecken.")],
        description="Syns bara i åtkomstloggen.",
    )
    role = RadioField("Roll", default=Role.STAFF.value)
    desks = TicksField("Plats vid", coerce=int)
    takes_children = BooleanField("Får ta barns egna ärenden")

    def offer(self, roles: Iterable[Role], desks: Iterable[Desk]) -> Self:
        """Take the roles and the desks that may be given as choices."""
        self.role.choices = choices_of({role.value: label(role) for role in roles})
        self.desks.choices = list(desk_words(desks).items())
        return self

    def newcomer(self) -> Newcomer:
        """Return what was filled in, in the domain's words."""
        return Newcomer(
            login=(self.login.data or "").lower(),
            working_name=self.working_name.data or "",
            real_name=self.real_name.data or "",
            role=Role(self.role.data),
            desk_ids=tuple(self.desks.data or ()),
            takes_children=bool(self.takes_children.data),
        )


class RoleForm(CareForm):
    """Another role for a member."""

    role = RadioField("Ny roll", choices=choices_of({r.value: label(r) for r in Role}))


class PlaceForm(CareForm):
    """One place more for a member."""

    desk = SelectField("Kö", [InputRequired("Välj en kö.")], coerce=int)

    def offer(self, desks: Iterable[Desk], member: Member) -> Self:
        """Take the desks at which she has no place as choices."""
        held = {place.desk_id for place in member.memberships}
        free = (desk for desk in desks if desk.id not in held)
        self.desk.choices = list(desk_words(free).items())
        return self


class ChildrenForm(CareForm):
    """Whether a member may take children's own requests."""

    takes_children = BooleanField("Får ta barns egna ärenden")


class ResetForm(CareForm):
    """What is to be sure before somebody's way in ends."""

    right = BooleanField(
        "Det är rätt person, och hen loggas ut genast",
        [DataRequired("Kryssa när du är säker. Det går inte att ångra.")],
    )


class KeyPersonForm(CareForm):
    """Who is a unit's key person."""

    member = SelectField("Nyckelperson")

    def offer(self, members: Iterable[Member]) -> Self:
        """Take those with a place at the unit as choices, and nobody."""
        names = {str(one.id): one.working_name for one in members}
        self.member.choices = choices_of({NOBODY: "Ingen"} | names)
        return self

    def chosen(self) -> int | None:
        """Return whom it names, by id."""
        return int(self.member.data) if self.member.data else None


def desk_words(desks: Iterable[Desk]) -> Mapping[int, str]:
    """Return desks in words, by id."""
    return {
        one.id: f"{unit_name(one.unit)}: {label(one.side).lower()}" for one in desks
    }
