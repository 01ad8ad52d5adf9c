"""A desk's key: how old it is, whose it is to turn, turning it, and its paper."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.staff.blueprint import bp
from intake import desk_keys, rotation, staff_log
from intake.desk_keys import DeskKey
from intake.paper_keys import to_paper
from intake.queue import Desktop
from web.desk import current_desk
from web.wiring import now

LOGGED = 30  # acts that the page tells of


@bp.get("/keys/<int:desk_id>")
def desk_key(desk_id: int) -> ResponseReturnValue:
    """Show one key: its age, a turn that goes on, who came to hold it or lost it."""
    desk, key = _own(desk_id)
    lines = staff_log.newest(desk.session, [desk_id], LOGGED)
    return render_template("staff/desk_key.html", key=key, lines=lines)


@bp.post("/keys/<int:desk_id>/turn")
def turn_key(desk_id: int) -> ResponseReturnValue:
    """Give a desk a new key; what lies there is sealed anew in the steps after it."""
    desk, key = _own(desk_id)
    seen = request.form.get("generation", 0, type=int)
    rotation.begin(desk, key.desk, seen, now())
    desk.session.commit()
    return redirect(url_for("staff.desk_key", desk_id=desk_id), 303)


@bp.post("/keys/<int:desk_id>/go-on")
def go_on_turning(desk_id: int) -> ResponseReturnValue:
    """Seal one more batch of what lies at a desk anew."""
    desk, key = _own(desk_id)
    rotation.go_on(desk, key.desk, now())
    desk.session.commit()
    return redirect(url_for("staff.desk_key", desk_id=desk_id), 303)


@bp.post("/keys/<int:desk_id>/paper")
def renew_paper(desk_id: int) -> ResponseReturnValue:
    """Turn a desk's key with a new paper, and show that; no other page does again."""
    desk, key = _own(desk_id)
    seen = request.form.get("generation", 0, type=int)
    groups = to_paper(rotation.renew_paper(desk, key.desk, seen, now()))
    desk.session.commit()
    return render_template("staff/desk_paper.html", desk=key.desk, groups=groups)


def _own(desk_id: int) -> tuple[Desktop, DeskKey]:
    """Return who acts and a key that she holds; another is as if it were not there."""
    desk = current_desk()
    key = desk_keys.own_key(desk, desk_id)
    if key is None:
        abort(404)
    return desk, key
