"""The page that shows a number to be read out, once and for five minutes (S3, S6)."""

from datetime import datetime

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from blueprints.staff.blueprint import bp
from intake.models import Sending
from intake.pages_once import Shown, end_page, keep, show
from intake.receipts import grouped
from web.desk import current_desk
from web.wiring import db, now

_VIEW = "staff-number"


def keep_number(sent: Sending, digits: str, reference: str) -> str:
    """Keep the page of a number that was just made; return its address.

    `reference` is that of the request, or "" where the member can't open it.
    """
    until = sent.door.ends_at if sent.door else None
    content = {
        "digits": grouped(digits),
        "ends_at": until.isoformat() if until else "",
        "reference": reference,
        "member_id": current_desk().member.id,
    }
    shown = Shown(_VIEW, content)
    handle = keep(db(), shown, now(), sending_hash=sent.token_hash)
    return url_for("staff.given", handle=handle)


@bp.get("/given/<handle>")
def given(handle: str) -> ResponseReturnValue:
    """Show a number that is to be read out."""
    shown = _shown(handle)
    ends_at = datetime.fromisoformat(shown.content["ends_at"])
    return render_template(
        "staff/given.html", handle=handle, ends_at=ends_at, **_rest(shown)
    )


@bp.post("/given/<handle>/done")
def given_done(handle: str) -> ResponseReturnValue:
    """End the page, and let the number never be shown again."""
    reference = _shown(handle).content["reference"]
    end_page(db(), handle, now())
    db().commit()
    if reference:
        return redirect(url_for("staff.show", reference=reference), 303)
    return redirect(url_for("staff.start"), 303)


def _shown(handle: str) -> Shown:
    member, shown = current_desk().member, show(db(), handle, now())
    # A handle of the visitors' own pages opens nothing here, nor does a colleague's
    # that she left in the browser's history: she may sit across the wall (S31).
    if shown is None or shown.view != _VIEW or shown.content["member_id"] != member.id:
        abort(404)
    return shown


def _rest(shown: Shown) -> dict[str, str]:
    return {name: shown.content[name] for name in ("digits", "reference")}
