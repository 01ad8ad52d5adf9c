"""`flask texts`: stop all outgoing texts, let them go, and say where they stand."""

import click
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import func, select

from intake.forgetting import never_cleaned
from intake.messages import OutboundText
from intake.store import reading, writing
from intake.text_stops import let_texts_go, stop_texts, stop_that_holds
from web.wiring import wired
from web.working import caps_of

texts = AppGroup("texts", help="Stop all outgoing texts, or see where they stand.")


@texts.command("stop")
@with_appcontext
def stop() -> None:
    """Let no text go out from the next one on, in every worker."""
    with writing(wired().engine) as session:
        stop_texts(session, None, wired().clock())
        session.commit()
    click.echo("No text goes out. What waits stays, and ends with its window.")


@texts.command("go")
@with_appcontext
def go() -> None:
    """Let texts go out again, each inside its window only."""
    with writing(wired().engine) as session:
        let_texts_go(session, None, wired().clock())
        session.commit()
    click.echo("Texts go out again.")


@texts.command("status")
@with_appcontext
def status() -> None:
    """Say whether texts go out, how many stand where, and what the carrier keeps."""
    wiring = wired()
    now, counted = wiring.clock(), func.count()
    by_state = select(OutboundText.state, counted).group_by(OutboundText.state)
    with reading(wiring.engine) as session:
        stop = stop_that_holds(session)
        full = caps_of(wiring.settings).are_reached(session, now)
        rows = {state.value: many for state, many in session.execute(by_state)}
        kept = never_cleaned(session, now)
    click.echo(f"stopped since {stop.since:%Y-%m-%d %H:%M} UTC" if stop else "on")
    if full:
        click.echo("as many as may have gone out: STILLA_SMS_PER_HOUR, _PER_DAY")
    for state, many in sorted(rows.items()):
        click.echo(f"{many:6} {state}")
    if kept:
        click.echo(f"{kept:6} kept by the carrier, which was asked for 14 days")
