"""When a rule or a colleague stands between: 409 says what, and keeps the text."""

from flask import render_template
from flask.typing import ResponseReturnValue

from blueprints.staff.blueprint import bp
from intake.errors import AlreadyHeld, NoDesk, NotAllowed, NotHeld, SealBroken
from web import locks
from web.desk import typed
from web.wiring import db


@bp.errorhandler(AlreadyHeld)
def already_held(error: AlreadyHeld) -> ResponseReturnValue:
    """Tell the one who came second who has it."""
    return _refused(f"{error.holder} har ärendet.", "Du kan läsa det, men inte ta det.")


@bp.errorhandler(NotHeld)
def not_held(_: NotHeld) -> ResponseReturnValue:
    """Tell a member that her lease has ended, or that she never had it."""
    why = "Ta ärendet och gör sedan om det du skulle göra."
    return _refused("Du har inte ärendet.", why)


@bp.errorhandler(NotAllowed)
def not_allowed(error: NotAllowed) -> ResponseReturnValue:
    """Tell which rule forbids it now."""
    return _refused("Det går inte nu.", locks.lock(error.reason))


@bp.errorhandler(NoDesk)
def no_desk(_: NoDesk) -> ResponseReturnValue:
    """Tell that a unit has too few who can open what would be sent there (S33)."""
    return _refused("Det går inte nu.", locks.lock("too-few"))


@bp.errorhandler(SealBroken)
def seal_broken(_: SealBroken) -> ResponseReturnValue:
    """Tell that her key does not open it; nothing of it is shown."""
    why = "Din nyckel öppnar inte det här. Fråga en kollega som har plats vid kön."
    return _refused("Det går inte att öppna.", why)


def _refused(title: str, why: str) -> ResponseReturnValue:
    # What was half done before the rule spoke must not be kept with the page.
    db().rollback()
    page = render_template("staff/refused.html", title=title, why=why, kept=typed())
    return page, 409
