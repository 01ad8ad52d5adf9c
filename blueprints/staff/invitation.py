"""The one-time link by which a member lets herself in: first codes, then a password."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from blueprints.staff.blueprint import bp
from blueprints.staff.sign_in_forms import FirstCodeForm, PasswordForm
from intake import founding, links
from intake.codes import offered_secret, one_time_uri
from intake.people import Member
from web.qr import qr_code
from web.wiring import db, now, wired


# In two steps: a wrong code must not cost her the passwords, which are never sent back.
@bp.route("/invitation/<token>", methods=["GET", "POST"])
def invitation(token: str) -> ResponseReturnValue:
    """Let an invited member prove her first code, then choose her password."""
    form = PasswordForm()
    try:
        member = links.invited(db(), token, now())
        if not form.proof.data:
            return _first_code(token, member)
        if form.validate_on_submit() and _enrol(token, form):
            db().commit()
            sits = member.role.sits
            return render_template("staff/enrolled.html", working_name="", sits=sits)
    except links.LinkSpent:
        return render_template("staff/link_spent.html"), 404
    except links.WrongCode:
        return _first_code(token, member)
    return _password(member, form)


def _first_code(token: str, member: Member) -> ResponseReturnValue:
    form, key = FirstCodeForm(), wired().settings.account_key
    if request.method == "POST" and form.validate():
        try:
            proof = links.prove_code(key, token, form.code.data or "", now())
        except links.WrongCode:
            form.refuse_code()
        else:
            return _password(member, PasswordForm.after(proof))
    secret = offered_secret(key, token)
    uri = one_time_uri(member.login, secret)
    return render_template(
        "staff/invitation.html",
        form=form,
        member=member,
        secret=secret,
        uri=uri,
        qr=qr_code(uri),
    ), 422 if form.errors else 200


def _password(member: Member, form: PasswordForm) -> ResponseReturnValue:
    page = render_template("staff/invitation_password.html", form=form, member=member)
    return page, 422 if form.errors else 200


def _enrol(token: str, form: PasswordForm) -> bool:
    key, password = wired().settings.account_key, form.password.data or ""
    try:
        founding.use_link(db(), key, token, password, form.proof.data or "", now())
    except links.WeakPassword:
        form.refuse_password()
    return not form.errors
