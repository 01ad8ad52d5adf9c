"""The training's command: everything in it is thrown away and made up anew."""

import click
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import select
from sqlalchemy.orm import Session

from intake.migrate import upgrade
from intake.people import Installation
from intake.store import writing
from intake.tables import Base
from intake.vault import random_bytes
from web import demo
from web.demo_on_call import seed_on_call
from web.demo_story import seed_requests
from web.wiring import Wiring, wired

training = AppGroup("training", help="Practise with made-up people.")


@training.command("reset")
@with_appcontext
def reset() -> None:
    """Delete all that was practised, and begin with the same made-up people."""
    wiring = wired()
    if not wiring.settings.is_training:
        raise click.ClickException("STILLA_MODE is not training; nothing was deleted")
    upgrade(wiring.settings.database_url)
    with writing(wiring.engine) as session:
        _refuse_others(session)
        for table in reversed(Base.metadata.sorted_tables):
            session.execute(table.delete())
        _fill(session, wiring)
        session.commit()
    click.echo(f"Ready to practise. Password: {demo.PASSWORD}")
    click.echo("Sign-ins and codes: flask staff codes")


def _refuse_others(session: Session) -> None:
    house = session.scalars(select(Installation)).first()
    # The settings alone don't tell whose database they were pointed at.
    if house is not None and house.mode != "training":
        raise click.ClickException(
            f"this database is for {house.mode}; nothing was deleted"
        )


def _fill(session: Session, wiring: Wiring) -> None:
    if wiring.peppers is None:
        raise click.ClickException("run it with the staff process's settings")
    stage = demo.Stage(
        session,
        wiring.office,
        wiring.peppers,
        random_bytes(),  # the worker's own is not ours; these tags meet no others
        wiring.settings.account_key,
        wiring.clock(),
        mode="training",
    )
    demo.seed_people(stage)
    seed_requests(stage)
    seed_on_call(stage)
