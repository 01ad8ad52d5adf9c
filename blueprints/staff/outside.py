"""Coming in by the municipality's own sign-in, and binding it to oneself.

It takes the place of login and code. The password still opens the key, here alone.
"""

from urllib.parse import urlencode

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.staff.blueprint import bp
from blueprints.staff.letting_in import let_in
from blueprints.staff.sign_in_forms import KeyForm
from intake import access
from intake.outside import ShownOutside, TakenOutside, bind, member_of, unbind
from intake.people import Member
from web import outside as way
from web.desk import who_acts
from web.oidc import OutsideRefused
from web.wiring import db, now

_REFUSED = (
    "Lösenordet stämde inte, eller så har det blivit för många försök. Det är "
    "lösenordet hit som frågas efter, inte kommunens."
)


@bp.get("/sign-in/outside")
def outside() -> ResponseReturnValue:
    """Lead to the provider, to come in."""
    return redirect(way.begin(way.COMES_IN), 303)


@bp.get("/account/outside/new")
def outside_to_bind() -> ResponseReturnValue:
    """Lead a member who is signed in to the provider, to bind what it says to her."""
    return redirect(way.begin(_binding(who_acts().member)), 303)


@bp.get(way.BACK)
def outside_back() -> ResponseReturnValue:
    """Take what the provider sends back, once it is sent on by a page of our own."""
    way.provider()
    if "own" not in request.args:
        again = urlencode({**request.args, "own": "1"})
        return render_template("staff/outside_back.html", again=f"{way.BACK}?{again}")
    came = way.come_back(request.args)
    view = "outside_in" if came.purpose == way.COMES_IN else "outside_bind"
    return redirect(url_for(f"staff.{view}"), 303)


@bp.route("/sign-in/outside/in", methods=["GET", "POST"])
def outside_in() -> ResponseReturnValue:
    """Ask who came back for the password that opens her key."""
    way.provider()
    came, form = way.proved(way.COMES_IN), KeyForm()
    member = member_of(db(), came.tag)
    if member is None:
        raise OutsideRefused("unknown")
    login, name = member.login, member.working_name
    if not form.validate_on_submit():
        return _ask(form, name), 422 if form.errors else 200
    shown = ShownOutside(came.tag, came.word, came.ends_at)
    try:
        return let_in(login, form.password.data or "", lambda _: shown)
    except access.SignInRefused:
        return _ask(form, name, _REFUSED), 422


@bp.route("/account/outside", methods=["GET", "POST"])
def outside_bind() -> ResponseReturnValue:
    """Bind who came back to the member who is signed in, when she says so."""
    way.provider()
    desk = who_acts()
    came = way.proved(_binding(desk.member))
    if request.method == "GET":
        return render_template("staff/outside_bind.html")
    try:
        bind(desk.session, desk.member, came.tag, now())
    except TakenOutside as error:
        raise OutsideRefused("taken") from error
    desk.session.commit()
    way.forget()
    return redirect(url_for("staff.account"), 303)


@bp.post("/account/outside/remove")
def outside_unbind() -> ResponseReturnValue:
    """Let the municipality's sign-in be the member's no more."""
    desk = who_acts()
    unbind(desk.session, desk.member, now())
    desk.session.commit()
    return redirect(url_for("staff.account"), 303)


@bp.errorhandler(OutsideRefused)
def outside_refused(error: OutsideRefused) -> ResponseReturnValue:
    """Say in one sentence why it came to nothing, and how to come in all the same."""
    db().rollback()
    page = render_template("staff/outside_refused.html", why=way.REFUSALS[error.reason])
    return page, 503 if error.reason == "unreachable" else 403


def _ask(form: KeyForm, name: str, refused: str = "") -> str:
    return render_template(
        "staff/outside_in.html", form=form, name=name, refused=refused
    )


def _binding(member: Member) -> str:
    return f"bind to {member.id}"
