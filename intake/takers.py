"""Who may take a child's own request."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from intake.models import Request, RequestKey
from intake.people import Member, Membership
from intake.topics import Urgency


def may_take(session: Session, member: Member, request: Request) -> bool:
    """Say whether a member may take a request: not everybody takes a child's own.

    Everybody may take what is acute, and where nobody who can open it is named for
    children: no child waits for a mark.
    """
    if not request.under_18 or member.takes_children:
        return True
    named = (
        select(Member.id)
        .join(Membership, Membership.member_id == Member.id)
        .join(RequestKey, RequestKey.desk_id == Membership.desk_id)
        .where(RequestKey.request_id == request.id, Membership.box.is_not(None))
        .where(Member.active, Member.takes_children)
    )
    acute = request.urgency is Urgency.ACUTE
    return acute or session.scalars(named).first() is None
