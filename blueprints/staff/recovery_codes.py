"""A new set of recovery codes, shown once."""

from flask import render_template
from flask.typing import ResponseReturnValue

from blueprints.staff.blueprint import bp
from intake import recovery_codes as codes
from web.desk import who_acts
from web.wiring import now


@bp.post("/account/recovery-codes")
def recovery_codes() -> ResponseReturnValue:
    """Make a new set and show it; the old one ends. No other page shows it again."""
    fresh = codes.fresh()
    # Hashed before the session that writes begins: SQLite would let nobody send.
    hashed = codes.hashes(fresh)
    desk = who_acts()
    codes.keep(desk.session, desk.member, hashed, now())
    desk.session.commit()
    return render_template("staff/recovery_codes.html", codes=fresh)
