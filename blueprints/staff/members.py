"""People and access, for administrators and heads: who is here, who comes, as what."""

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from blueprints.staff.blueprint import bp
from blueprints.staff.members_forms import InviteForm, KeyPersonForm
from blueprints.staff.members_page import units_shown
from intake import key_persons
from intake import members as care
from intake.errors import NotAllowed
from intake.founding import UnfitName
from intake.members import LoginTaken
from intake.queue import Desktop
from web.desk import require
from web.locks import lock
from web.wiring import now, wired

LOGGED = 30  # changes that the page tells of


@bp.get("/members")
def members() -> ResponseReturnValue:
    """Show whom the member looks after, by unit, and the form to invite somebody."""
    return _page(require(*care.CARERS))


@bp.post("/members")
def invite() -> ResponseReturnValue:
    """Invite somebody; her one-time link is shown by this answer and never again."""
    desk = require(*care.CARERS)
    form = _invite_form(desk, InviteForm())
    if not form.validate_on_submit():
        return _page(desk, form)
    newcomer = form.newcomer()
    try:
        token = care.invite(desk, newcomer, now())
    except LoginTaken:
        form.login.errors = ["Det finns redan någon med det användarnamnet."]
        return _page(desk, form)
    except UnfitName:
        form.working_name.errors = ["Namnen får bara ha vanliga tecken, på en rad."]
        return _page(desk, form)
    except NotAllowed as refused:
        form.role.errors = [lock(refused.reason)]
        return _page(desk, form)
    desk.session.commit()
    return show_link(newcomer.working_name, token)


@bp.post("/members/unit/<unit>/key-person")
def key_person(unit: str) -> ResponseReturnValue:
    """Say who is a unit's key person."""
    desk = require(*care.CARERS)
    record = next((r for r in care.units_to_care_for(desk) if r.key == unit), None)
    if record is None:
        abort(404)
    form = KeyPersonForm().offer(key_persons.eligible(desk, record))
    if not form.validate_on_submit():
        return _page(desk, failed=(unit, form))
    key_persons.choose(desk, record, form.chosen(), now())
    desk.session.commit()
    return redirect(url_for("staff.members"), 303)


def show_link(working_name: str, token: str) -> str:
    """Show a one-time link by the answer to the press: no address brings it back."""
    link = f"{wired().settings.staff_url}/invitation/{token}"
    return render_template("staff/member_link.html", name=working_name, link=link)


def _page(
    desk: Desktop,
    form: InviteForm | None = None,
    failed: tuple[str, KeyPersonForm] | None = None,
) -> ResponseReturnValue:
    units = units_shown(desk, failed)
    page = render_template(
        "staff/members.html",
        units=units,
        lines=care.history(desk, LOGGED),
        without_place=[one for one in care.members(desk) if not one.memberships],
        forms={"new": form or _invite_form(desk, InviteForm.fresh())}
        | {f"key-{unit.record.key}": unit.form for unit in units},
    )
    return page, 422 if form or failed else 200


def _invite_form(desk: Desktop, form: InviteForm) -> InviteForm:
    return form.offer(care.roles_to_give(desk), care.desks_with_room(desk))
