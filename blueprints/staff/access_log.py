"""The access log, for heads of unit: who has opened what, and the monthly check."""

import secrets

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.staff.access_log_forms import CheckForm, check_form
from blueprints.staff.blueprint import bp
from intake import access_log, consulting, log_checks, two_person
from intake.log_checks import LogCheck
from intake.people import Desk
from intake.queue import Desktop
from intake.topics import Role
from web.desk import require
from web.wiring import now, wired


@bp.get("/log")
def log() -> ResponseReturnValue:
    """Lead a head to the log of each desk that she holds a key to."""
    desks = access_log.own_desks(require(Role.HEAD))
    return render_template("staff/logs.html", desks=desks)


@bp.get("/log/<int:desk_id>")
def desk_log(desk_id: int) -> ResponseReturnValue:
    """Show one desk's check and its openings, the newest first."""
    desk, place = _own(desk_id)
    return _shown(desk, place)


@bp.post("/log/<int:desk_id>/draw")
def draw_check(desk_id: int) -> ResponseReturnValue:
    """Draw last month's sample."""
    desk, place = _own(desk_id)
    choose, size = secrets.SystemRandom().sample, wired().settings.log_sample
    log_checks.draw(desk, place, size, choose, now())
    desk.session.commit()
    return redirect(url_for("staff.desk_log", desk_id=desk_id), 303)


@bp.post("/log/<int:desk_id>/sign")
def sign_check(desk_id: int) -> ResponseReturnValue:
    """Sign a check whose every line is marked."""
    desk, place = _own(desk_id)
    check = log_checks.current(desk.session, place, now())
    if check is None:
        abort(404)
    form = check_form(check)
    if not form.validate_on_submit():
        return _shown(desk, place, form)
    log_checks.sign(desk, check, form.findings(), now())
    desk.session.commit()
    return redirect(url_for("staff.desk_log", desk_id=desk_id), 303)


def _own(desk_id: int) -> tuple[Desktop, Desk]:
    """Return a head and one of her own desks; another is as if it were not there."""
    desk = require(Role.HEAD)
    place = access_log.own_desk(desk, desk_id)
    if place is None:
        abort(404)
    return desk, place


def _shown(
    desk: Desktop, place: Desk, form: CheckForm | None = None
) -> ResponseReturnValue:
    check = log_checks.current(desk.session, place, now())
    lines = access_log.newest(desk.session, place, request.args.get("before", type=int))
    sample = _sample(desk, check)
    every = *lines, *sample
    page = render_template(
        "staff/log.html",
        place=place,
        month=check.month if check else log_checks.last_month(now()),
        check=check,
        mine=check is not None and check.member_id == desk.member.id,
        sample=sample,
        reasons=consulting.reasons(
            desk, [one.consultation for one in every if one.consultation]
        ),
        glass=two_person.reasons(desk, [one.opening for one in every if one.opening]),
        form=form or (check_form(check, fresh=True) if check else None),
        lines=lines,
        whole_page=access_log.PAGE,
    )
    return page, 422 if form else 200


def _sample(desk: Desktop, check: LogCheck | None) -> list[access_log.LogLine]:
    drawn = check.lines if check else []
    return access_log.lines(desk.session, [line.event for line in drawn])
