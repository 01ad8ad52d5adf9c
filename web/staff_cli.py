"""Commands about members: invite, reset, let in by paper, let go, fresh demo codes."""

from enum import StrEnum

import click
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from intake import access, departures, founding, links
from intake.errors import IntakeError, SealBroken
from intake.paper_keys import MistypedKey, from_paper
from intake.people import Desk, Member, Membership
from intake.store import writing
from intake.topics import Role, Side
from web.serving import refuse_unready
from web.wiring import Wiring, wired

staff = AppGroup("staff", help="Invite members, let the first ones in, reset one.")


def keys_of(kind: type[StrEnum]) -> "click.Choice[str]":
    """Return the keys of a kind as an option takes them; click would ask for names."""
    return click.Choice([one.value for one in kind])


class _Place(click.ParamType[tuple[str, Side]]):
    """A desk as an option takes it, such as adult:hurt."""

    name = "unit:side"

    def convert(
        self,
        value: str,
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> tuple[str, Side]:
        unit, _, side = value.partition(":")
        if not unit or side not in set(Side):
            self.fail(f"{value!r}: write UNIT:hurt or UNIT:hurts", param, ctx)
        return unit, Side(side)


@staff.command("invite")
@click.argument("login")
@click.option("--working-name", required=True, help="what visitors and others see")
@click.option("--real-name", required=True, help="for the access log only")
@click.option("--role", type=keys_of(Role), default="staff", show_default=True)
@click.option(
    "--desk",
    "desks",
    multiple=True,
    type=_Place(),
    help="as adult:hurt or adult:hurts; once for each desk",
)
@with_appcontext
def invite(
    login: str,
    working_name: str,
    real_name: str,
    role: str,
    desks: tuple[tuple[str, Side], ...],
) -> None:
    """Add a member and print her one-time link.

    LOGIN is what she signs in with: 2 to 40 of a to z, digits, dot and hyphen.
    """
    # No command gives a desk later: she would sign in to nothing.
    if not desks and Role(role) is not Role.ADMINISTRATOR:
        raise click.UsageError("name at least one desk, such as --desk adult:hurt")
    wiring = _ready()
    now = wiring.clock()
    with writing(wiring.engine) as session:
        try:
            who = (login, working_name, real_name, Role(role))
            member = founding.add_member(session, *who, desks, now)
        except (IntakeError, IntegrityError) as error:
            known = isinstance(error, IntegrityError)
            said = "there is a member with that login already" if known else str(error)
            raise click.ClickException(said) from error
        token = links.invite(session, member, now)
        session.commit()
    click.echo(_link(token))


@staff.command("reset")
@click.argument("login")
@with_appcontext
def reset(login: str) -> None:
    """End a member's password, codes, sessions; print a new link.

    For a forgotten password, a lost phone, and whenever somebody else may have either.
    Her key was in the password, so a colleague has to approve her again.
    """
    wiring = _ready()
    with writing(wiring.engine) as session:
        member = _member(session, login)
        token, thin = founding.reset(session, member, wiring.clock())
        who, desks = member.login, [_desk(desk) for desk in thin]
        session.commit()
    click.echo(f"{who} is signed out everywhere; old password and codes are void.")
    click.echo(_link(token))
    _say_thin(desks)


@staff.command("leave")
@click.argument("login")
@with_appcontext
def leave(login: str) -> None:
    """Let a member go for good, where no head or administrator can at the desk.

    Her sessions end, her keys are dropped, what she holds goes back to its queue. The
    desks' keys should be turned after it, by those who hold them.
    """
    wiring = _ready()
    with writing(wiring.engine) as session:
        member, signer = _member(session, login), wiring.office.signer
        thin = departures.leave(session, signer, member, wiring.clock())
        who, desks = member.login, [_desk(desk) for desk in thin]
        session.commit()
    click.echo(f"{who} is out, and holds no key and no request any more.")
    _say_thin(desks)


# The key has no option, which a shell's history and the list of processes would keep,
# and so no variable of the environment either: it is asked for, and not shown.
@staff.command("approve")
@click.argument("login")
@click.argument("unit")
@with_appcontext
def approve(login: str, unit: str) -> None:
    """Let somebody in with the recovery key on paper, where fewer than two hold a key.

    For a unit's first two, and for a desk whose key nobody holds any more. It asks for
    the paper's groups. That it was used stands in the log of the desk.
    """
    wiring = _ready()
    signer, now = wiring.office.signer, wiring.clock()
    with writing(wiring.engine) as session:
        places = _waiting(session, _member(session, login), unit)
        recovery = _typed_key()
        try:
            opened = founding.recover(session, signer, places, recovery, now)
        except SealBroken as error:
            raise click.ClickException(
                f"that is a recovery key, but not the one of {unit}"
            ) from error
        others = [_desk(place.desk) for place in places if place not in opened]
        session.commit()
    click.echo(f"Approved at {len(opened)} desks of {unit}.")
    for desk in others:
        click.echo(
            f"{desk} has a paper of its own: run this again with that.", err=True
        )


@staff.command("codes")
@with_appcontext
def codes() -> None:
    """Print the made-up members' sign-ins with fresh codes."""
    wiring = _ready()
    # In earnest, a code on a terminal would be half of somebody's sign-in.
    if not wiring.settings.is_made_up:
        raise click.ClickException("only made-up members' codes are printed")
    with writing(wiring.engine) as session:
        for member in session.scalars(select(Member).order_by(Member.id)):
            key, now = wiring.settings.account_key, wiring.clock()
            code = access.current_code(member, key, now) or "(waits)"
            click.echo(f"{member.login:10} {code}")


def _ready() -> Wiring:
    """Return the parts, once the database is set up and for this very mode."""
    wiring = wired()
    refuse_unready(wiring)
    return wiring


def _member(session: Session, login: str) -> Member:
    member = session.scalars(
        select(Member).where(Member.login == login.strip().lower())
    ).first()
    if member is None:
        raise click.ClickException("there is no member with that login")
    if not member.active:
        raise click.ClickException(f"{member.login} has left; who returns is invited")
    return member


def _waiting(session: Session, member: Member, unit: str) -> list[Membership]:
    """Return a member's places that wait where too few hold the key; refuse if none."""
    places = [place for place in member.memberships if place.desk.unit == unit]
    if not places:
        raise click.ClickException(f"{member.login} has no desk at a unit {unit}")
    waiting = [place for place in places if not place.box]
    if not waiting:
        raise click.ClickException(f"{member.login} is let in at {unit} already")
    if member.public_key is None:
        raise click.ClickException(f"{member.login} has not used her link yet")
    thin = [
        place
        for place in waiting
        if len(founding.holders(session, place.desk)) < founding.HOLDERS
    ]
    if not thin:
        raise click.ClickException(
            "two members hold this desk's key already; one of them approves the rest"
        )
    return thin


def _typed_key() -> bytes:
    """Ask for the recovery key until it is typed as it stands on paper."""
    while True:
        typed = click.prompt("Recovery key, all groups", hide_input=True)
        try:
            return from_paper(typed)
        except MistypedKey as error:
            click.echo(f"{error}. Try again.", err=True)


def _say_thin(desks: list[str]) -> None:
    for desk in desks:
        click.echo(f"Fewer than two can open {desk} now; its unit is told.", err=True)


def _desk(desk: Desk) -> str:
    return f"{desk.unit}:{desk.side}"


def _link(token: str) -> str:
    settings = wired().settings
    return f"{settings.staff_url}/invitation/{token}  (once, within 72 hours)"
