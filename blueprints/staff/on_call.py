"""On-call lists: who is alerted first, and what has gone out; kept by heads (S25)."""

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from blueprints.staff.blueprint import bp
from blueprints.staff.on_call_forms import OnCallForm
from intake import on_call as lists
from intake.topics import Role
from web.desk import require
from web.wiring import now


@bp.get("/on-call")
def on_call() -> ResponseReturnValue:
    """Show the lists that the head keeps, whose turn it is, and the latest alerts."""
    return _page()


@bp.post("/on-call/<int:desk_id>")
def on_call_add(desk_id: int) -> ResponseReturnValue:
    """Put a name at the end of a list."""
    desk = require(Role.HEAD)
    at = lists.desk_to_keep(desk, desk_id)
    if at is None:
        abort(404)
    form = OnCallForm()
    if not form.validate_on_submit() or lists.is_full(desk, at):
        return _page(desk_id, form)
    lists.add(desk, at, form.entry())
    desk.session.commit()
    return redirect(url_for("staff.on_call"), 303)


@bp.post("/on-call/name/<int:name_id>/remove")
def on_call_remove(name_id: int) -> ResponseReturnValue:
    """Take a name off its list."""
    desk = require(Role.HEAD)
    name = lists.name_to_keep(desk, name_id)
    if name is None:
        abort(404)
    lists.remove(desk, name)
    desk.session.commit()
    return redirect(url_for("staff.on_call"), 303)


@bp.post("/on-call/name/<int:name_id>/up")
def on_call_up(name_id: int) -> ResponseReturnValue:
    """Let a name be alerted one place earlier."""
    desk = require(Role.HEAD)
    name = lists.name_to_keep(desk, name_id)
    if name is None:
        abort(404)
    lists.move_up(desk, name)
    desk.session.commit()
    return redirect(url_for("staff.on_call"), 303)


def _page(failed: int = 0, form: OnCallForm | None = None) -> ResponseReturnValue:
    desk = require(Role.HEAD)
    page = render_template(
        "staff/on_call.html",
        kept=lists.lists(desk, now()),
        most=lists.MOST,
        failed=failed,
        form=form or OnCallForm(),
        fresh=OnCallForm(MultiDict()),
    )
    return page, 422 if form else 200
