"""How the desk is worked, on one page that a tired colleague can read in a minute."""

from flask import render_template
from flask.typing import ResponseReturnValue

from blueprints.staff.blueprint import bp
from intake.piles import Pile
from web.desk import who_acts


@bp.get("/working")
def working() -> ResponseReturnValue:
    """Tell every member how the desk is worked; it holds nothing of any request."""
    who_acts()
    return render_template("staff/working.html", piles=Pile), 200
