"""Who answers for what is raised to a head of unit: a broken glass, a missed time."""

from sqlalchemy import ColumnElement, exists, true
from sqlalchemy.orm import InstrumentedAttribute

from intake.models import RequestKey
from intake.people import Member, Membership
from intake.queue import Desktop
from intake.topics import Role


def answers_for(
    desk: Desktop,
    request_id: InstrumentedAttribute[int],
    besides: InstrumentedAttribute[int] | None = None,
) -> ColumnElement[bool]:
    """Say in SQL whether a member answers for a request that she can see.

    A head does. Where no head but the one named in `besides` holds a key to it, every
    other holder does: nothing may lie where nobody is to look.
    """
    if desk.member.role is Role.HEAD:
        return true()
    heads = exists().where(
        RequestKey.request_id == request_id,
        Membership.desk_id == RequestKey.desk_id,
        Membership.box.is_not(None),
        Member.id == Membership.member_id,
        Member.active,
        Member.role == Role.HEAD,
    )
    return ~(heads if besides is None else heads.where(Member.id != besides))
