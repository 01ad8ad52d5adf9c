"""One member: her role, her places, whether she takes children's requests, her link."""

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from blueprints.staff.blueprint import bp
from blueprints.staff.members import show_link
from blueprints.staff.members_forms import (
    CareForm,
    ChildrenForm,
    PlaceForm,
    ResetForm,
    RoleForm,
)
from intake import members as care
from intake.people import Member
from intake.queue import Desktop
from intake.topics import Role
from web.desk import require
from web.wiring import now


@bp.get("/members/<int:member_id>")
def member(member_id: int) -> ResponseReturnValue:
    """Show one member whom the acting one looks after."""
    return _page(*_cared_for(member_id))


@bp.post("/members/<int:member_id>/role")
def change_role(member_id: int) -> ResponseReturnValue:
    """Give a member another role."""
    desk, who = _cared_for(member_id)
    form = RoleForm()
    if not form.validate_on_submit():
        return _page(desk, who, role=form)
    care.change_role(desk, who, Role(form.role.data), now())
    desk.session.commit()
    return redirect(url_for("staff.member", member_id=member_id), 303)


@bp.post("/members/<int:member_id>/place")
def add_place(member_id: int) -> ResponseReturnValue:
    """Let a member wait at one desk more."""
    desk, who = _cared_for(member_id)
    form = PlaceForm().offer(care.desks_with_room(desk), who)
    if not form.validate_on_submit():
        return _page(desk, who, place=form)
    care.add_place(desk, who, form.desk.data, now())
    desk.session.commit()
    return redirect(url_for("staff.member", member_id=member_id), 303)


@bp.post("/members/<int:member_id>/children")
def takes_children(member_id: int) -> ResponseReturnValue:
    """Note whether a member may take children's own requests."""
    desk, who = _cared_for(member_id)
    form = ChildrenForm()
    if not form.validate_on_submit():
        return _page(desk, who, children=form)
    care.say_takes_children(desk, who, bool(form.takes_children.data), now())
    desk.session.commit()
    return redirect(url_for("staff.member", member_id=member_id), 303)


@bp.post("/members/<int:member_id>/link")
def new_link(member_id: int) -> ResponseReturnValue:
    """Make a new link for who has not used hers; it is shown once."""
    desk, who = _cared_for(member_id)
    token = care.invite_again(desk, who, now())
    desk.session.commit()
    return show_link(who.working_name, token)


@bp.post("/members/<int:member_id>/reset")
def reset(member_id: int) -> ResponseReturnValue:
    """End all that a member comes in with, and show her new link once."""
    desk, who = _cared_for(member_id)
    form = ResetForm()
    if not form.validate_on_submit():
        return _page(desk, who, reset=form)
    token, _ = care.reset(desk, who, now())
    desk.session.commit()
    return show_link(who.working_name, token)


def _cared_for(member_id: int) -> tuple[Desktop, Member]:
    """Return who acts and whom she looks after; another is as if she were not here."""
    desk = require(*care.CARERS)
    found = care.member_to_care_for(desk, member_id)
    if found is None:
        abort(404)
    return desk, found


def _page(desk: Desktop, who: Member, **failed: CareForm) -> ResponseReturnValue:
    desks = care.desks_with_room(desk)
    forms = {
        "role": RoleForm.fresh(role=who.role.value),
        "place": PlaceForm.fresh().offer(desks, who),
        "children": ChildrenForm.fresh(takes_children=who.takes_children),
        "reset": ResetForm.fresh(),
    }
    page = render_template(
        "staff/member.html",
        who=who,
        is_me=who.id == desk.member.id,
        forms=forms | failed,
    )
    return page, 422 if failed else 200
