"""A member leaves, or leaves a desk: what it means, and a press that does it."""

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField
from wtforms.validators import DataRequired

from blueprints.staff.blueprint import bp
from intake import departures, on_call
from intake.founding import HOLDERS, holders
from intake.people import Desk, Member
from intake.queue import Desktop
from intake.topics import Role
from web.desk import require
from web.forms import StaffForm
from web.wiring import now


class LeaveForm(StaffForm):
    """What is to be sure before somebody is let go."""

    right = BooleanField(
        "Det är rätt person, och hen ska inte kunna logga in mer",
        [DataRequired("Kryssa när du är säker. Det går inte att ångra.")],
    )


@bp.get("/members/<int:member_id>/leave")
def leaving(member_id: int) -> ResponseReturnValue:
    """Show what ends when a member leaves, and which desks are then short."""
    return _page(*_whom(member_id), LeaveForm(MultiDict()))


@bp.post("/members/<int:member_id>/leave")
def leave(member_id: int) -> ResponseReturnValue:
    """End all of a member's access at once; what she holds goes back to its queue."""
    desk, member = _whom(member_id)
    form = LeaveForm()
    if not form.validate_on_submit():
        return _page(desk, member, form)
    departures.leave(
        desk.session, desk.office.signer, member, now(), actor_id=desk.member.id
    )
    desk.session.commit()
    return redirect(url_for("staff.members"), 303)


@bp.post("/members/<int:member_id>/leave/<int:desk_id>")
def end_place(member_id: int, desk_id: int) -> ResponseReturnValue:
    """End a member's place at one desk."""
    desk, member = _whom(member_id)
    ends = departures.can_end(desk, member)
    place = next((one for one in ends if one.desk_id == desk_id), None)
    if place is None:
        abort(404)
    signer, actor = desk.office.signer, desk.member.id
    departures.end_place(desk.session, signer, place, now(), actor_id=actor)
    desk.session.commit()
    return redirect(url_for("staff.members"), 303)


def _whom(member_id: int) -> tuple[Desktop, Member]:
    """Return who acts and whom she may let go; another is as if she were not there."""
    desk = require(Role.HEAD, Role.ADMINISTRATOR)
    member = desk.session.get(Member, member_id)
    if member is None or not departures.can_let_go(desk, member):
        abort(404)
    return desk, member


def _page(desk: Desktop, member: Member, form: LeaveForm) -> ResponseReturnValue:
    page = render_template(
        "staff/leaving.html",
        member=member,
        places=departures.can_end(desk, member),
        held=len(departures.held_by(desk.session, member)),
        short=_short(desk, member),
        on_call=on_call.naming(desk.session, member),
        form=form,
    )
    return page, 422 if form.errors else 200


def _short(desk: Desktop, member: Member) -> list[Desk]:
    """Return the desks that too few could open without her (S33)."""
    held = [place.desk for place in member.memberships if place.box]
    return [at for at in held if len(holders(desk.session, at)) <= HOLDERS]
