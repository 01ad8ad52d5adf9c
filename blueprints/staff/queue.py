"""The queue: what waits, finding by reference, taking and giving back."""

from flask import Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.staff.blueprint import bp
from blueprints.staff.forms import FindForm
from blueprints.staff.hours_page import full_days
from blueprints.staff.lists import asked_side, lists, one_list, version
from intake import decisions, queue, seeing
from intake.piles import Beside, Pile
from intake.topics import Role
from web.desk import at_desk, current_desk, who_acts
from web.wiring import now

# Where those begin who work with no requests.
HOMES = {
    Role.ADMINISTRATOR: "staff.members",
    Role.ANALYST: "reports.figures",
    Role.COORDINATOR: "staff.consulting",
}
ASK_AGAIN = 15_000  # milliseconds between two questions of one page


@bp.get("/")
def start() -> ResponseReturnValue:
    """Show Today: one side's lists, what is still unread first (S38)."""
    if who_acts().member.role in HOMES:
        return redirect(url_for(HOMES[who_acts().member.role]), 303)
    desk = current_desk()
    shown = lists(desk, asked_side(desk))
    return render_template("staff/queue.html", full=full_days(desk), **shown)


@bp.get("/list/<name>")
def pile(name: str) -> ResponseReturnValue:
    """Show one list alone, page by page: from the row after a place on."""
    if name not in {*Pile, *Beside}:
        abort(404)
    desk = current_desk()
    side, after = asked_side(desk), request.args.get("after", "")
    shown = one_list(desk, side, name, after)
    return render_template("staff/pile.html", **lists(desk, side), **shown)


@bp.get("/news")
def news() -> ResponseReturnValue:
    """Tell by an event that the lists changed, and let go of the line at once.

    A line held open would take a thread of the few for every member (docs/adr/0013).
    """
    desk = current_desk()
    told, last = version(desk, asked_side(desk)), request.headers.get("Last-Event-ID")
    event = "" if told == last else f"id: {told}\ndata: {told}\n"
    return Response(f"retry: {ASK_AGAIN}\n{event}\n", mimetype="text/event-stream")


# A POST, so that no reference is kept in an address or in a proxy's log.
@bp.post("/find")
def find() -> ResponseReturnValue:
    """Search by reference, and by nothing else."""
    desk, form = current_desk(), FindForm()
    typed = form.reference.data or ""
    found = queue.find(desk.session, desk.member.id, typed)
    if found is None:
        shown = lists(desk, None)
        return render_template("staff/queue.html", missing=typed, **shown), 404
    seeing.found(desk, found, now())
    desk.session.commit()
    return redirect(url_for("staff.show", reference=found.reference), 303)


@bp.post("/r/<reference>/claim")
def claim(reference: str) -> ResponseReturnValue:
    """Take a request; who comes second is told who has it."""
    desk, found = at_desk(reference)
    queue.claim(desk, found, now())
    desk.session.commit()
    return redirect(url_for("staff.show", reference=reference), 303)


@bp.post("/r/<reference>/release")
def release(reference: str) -> ResponseReturnValue:
    """Give a request back."""
    desk, found = at_desk(reference)
    queue.release(desk, found, now())
    desk.session.commit()
    return redirect(url_for("staff.start", side=found.side), 303)


@bp.post("/r/<reference>/put-back")
def put_back(reference: str) -> ResponseReturnValue:
    """Take a request out of the pile that was set aside (S36)."""
    desk, found = at_desk(reference)
    decisions.put_back(desk, found, now())
    desk.session.commit()
    return redirect(url_for("staff.show", reference=reference), 303)
