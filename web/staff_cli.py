"""Commands about members: invite, reset, approve the first ones, fresh demo codes."""

from enum import StrEnum

import click
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from intake import access, founding
from intake.errors import IntakeError
from intake.people import Member, Membership
from intake.store import writing
from intake.topics import Role, Side
from web.serving import refuse_unready
from web.wiring import Wiring, wired

staff = AppGroup("staff", help="Invite members and let the first ones in.")
_FIRST = 2  # members of a desk whom the recovery key approves; colleagues the rest


def keys_of(kind: type[StrEnum]) -> "click.Choice[str]":
    """Return the keys of a kind as an option takes them; click would ask for names."""
    return click.Choice([one.value for one in kind])


@staff.command("invite")
@click.argument("login")
@click.option("--working-name", required=True, help="what visitors and others see")
@click.option("--real-name", required=True, help="for the access log only")
@click.option("--role", type=keys_of(Role), default="staff")
@click.option("--desk", "desks", multiple=True, help="UNIT:SIDE, side hurt or hurts")
@with_appcontext
def invite(
    login: str, working_name: str, real_name: str, role: str, desks: tuple[str, ...]
) -> None:
    """Add a member and print her one-time link."""
    wiring = _ready()
    now = wiring.clock()
    with writing(wiring.engine) as session:
        try:
            member = founding.add_member(
                session,
                *(login, working_name, real_name, Role(role)),
                [_place(desk) for desk in desks],
                now,
            )
        except (IntakeError, IntegrityError) as error:
            known = isinstance(error, IntegrityError)
            said = "there is a member with that login already" if known else str(error)
            raise click.ClickException(said) from error
        token = access.invite(session, member, now)
        session.commit()
    click.echo(_link(token))


@staff.command("reset")
@click.argument("login")
@with_appcontext
def reset(login: str) -> None:
    """Print a new link for a member who forgot her password or lost her codes.

    Her key was in the password, so a colleague has to approve her again.
    """
    wiring = _ready()
    with writing(wiring.engine) as session:
        token = access.invite(session, _member(session, login), wiring.clock())
        session.commit()
    click.echo(_link(token))


@staff.command("approve")
@click.argument("login")
@click.argument("unit")
# Asked for, since a shell keeps what it was given as an argument.
@click.option("--recovery-key", prompt=True, hide_input=True)
@with_appcontext
def approve(login: str, unit: str, recovery_key: str) -> None:
    """Let in one of a unit's first two members, with the unit's recovery key."""
    wiring = _ready()
    with writing(wiring.engine) as session:
        member = _member(session, login)
        places = [p for p in member.memberships if p.desk.unit == unit and not p.box]
        try:
            for place in places:
                _approve(session, place, bytes.fromhex(recovery_key.strip()))
        except (IntakeError, TypeError, ValueError) as error:
            raise click.ClickException(
                "that is not this unit's recovery key, or the member has not "
                "used her link yet"
            ) from error
        session.commit()
    click.echo(f"Approved at {len(places)} desks of {unit}.")


@staff.command("codes")
@with_appcontext
def codes() -> None:
    """Print the demonstration's sign-ins with the codes that are right now."""
    wiring = _ready()
    # In earnest, a code on a terminal would be half of somebody's sign-in.
    if not wiring.settings.is_demo:
        raise click.ClickException("only the demonstration's codes are printed")
    with writing(wiring.engine) as session:
        for member in session.scalars(select(Member).order_by(Member.id)):
            code = access.current_code(
                member, wiring.settings.account_key, wiring.clock()
            )
            click.echo(f"{member.login:10} {code}")


def _ready() -> Wiring:
    """Return the parts, once the database is set up and for this very mode."""
    wiring = wired()
    refuse_unready(wiring)
    return wiring


def _approve(session: Session, place: Membership, recovery: bytes) -> None:
    if len(founding.holders(session, place.desk)) >= _FIRST:
        raise click.ClickException(
            "two members hold this desk's key already; one of them approves the rest"
        )
    founding.approve_first(place, recovery, wired().clock())
    session.flush()


def _member(session: Session, login: str) -> Member:
    member = session.scalars(
        select(Member).where(Member.login == login.strip().lower())
    ).first()
    if member is None:
        raise click.ClickException("there is no member with that login")
    return member


def _place(desk: str) -> tuple[str, Side]:
    unit, _, side = desk.partition(":")
    try:
        return unit, Side(side)
    except ValueError as error:
        raise click.ClickException(f"{desk}: write UNIT:hurt or UNIT:hurts") from error


def _link(token: str) -> str:
    settings = wired().settings
    return f"{settings.staff_url}/invitation/{token}  (once, within 72 hours)"
