"""Commands of the person who runs Stilla: set up, serve, work, explain routing."""

from datetime import datetime

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext

from intake import founding, routing, rulebook
from intake.hours import HOME_ZONE
from intake.migrate import upgrade
from intake.paper_keys import to_paper
from intake.store import reading, writing
from intake.topics import Audience, Danger, Urgency
from intake.worker import run
from web import (
    content_cli,
    doors_cli,
    leaflet_cli,
    log_cli,
    own_texts,
    serving,
    staff_cli,
    texts_cli,
    training_cli,
)
from web.wiring import wired
from web.working import carriers, doubts, worker_of

routes = AppGroup("routing", help="Explain and check routing.toml.")


def init(app: Flask) -> None:
    """Add the commands to an application."""
    app.cli.add_command(setup)
    app.cli.add_command(serve)
    app.cli.add_command(work)
    app.cli.add_command(routes)
    app.cli.add_command(staff_cli.staff)
    app.cli.add_command(doors_cli.doors)
    app.cli.add_command(leaflet_cli.leaflet)
    app.cli.add_command(log_cli.log)
    app.cli.add_command(training_cli.training)
    app.cli.add_command(texts_cli.texts)
    app.cli.add_command(content_cli.commands)


@click.command("setup")
@with_appcontext
def setup() -> None:
    """Make tables, units and keys; print the recovery keys, once."""
    wiring = wired()
    wiring.settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    upgrade(wiring.settings.database_url)
    with writing(wiring.engine) as session:
        try:
            founding.found(session, wiring.settings.mode.value, wiring.clock())
        except ValueError as error:
            raise click.ClickException(str(error)) from error
        made = {
            unit.key: founding.add_unit(session, unit)
            for unit in wiring.office.units.values()
        }
        session.commit()
    # After the commit: a key on paper must not belong to what was rolled back.
    new = {key: to_paper(recovery) for key, recovery in made.items() if recovery}
    for key, groups in new.items():
        click.echo(f"{key}\n  {' '.join(groups[:7])}\n  {' '.join(groups[7:])}\n")
    click.echo(_set_up(len(new)) if new else "Everything was set up already.")


@click.command("serve")
@with_appcontext
def serve() -> None:
    """Serve the face that STILLA_FACE names."""
    serving.serve(current_app)


@click.command("worker")
@with_appcontext
def work() -> None:
    """Send what is due, read in texts, look after the hours."""
    wiring = wired()
    serving.refuse_unready(wiring)
    with reading(wiring.engine) as session:
        for line in own_texts.naming(session, wiring.office.texts):
            serving.say(wiring, f"warning: {line}")
    serving.say(wiring, f"worker runs, {carriers(wiring.settings)}")
    worker = worker_of(wiring)
    for doubt in doubts(worker, wiring.settings):
        serving.say(wiring, f"warning: {doubt}")
    run(worker, serving.until_stopped())
    serving.say(wiring, "worker stopped")


@routes.command("explain")
@click.option("--audience", type=staff_cli.keys_of(Audience), default="unsaid")
@click.option("--under-18", is_flag=True)
@click.option("--danger", type=staff_cli.keys_of(Danger), default="unsaid")
@click.option("--language", default="sv")
@click.option("--at", "when", type=click.DateTime(), help="local time; default now")
@with_appcontext
def explain(
    audience: str, under_18: bool, danger: str, language: str, when: datetime | None
) -> None:
    """Say which rule fires for a request, and why not those before it."""
    office = wired().office
    facts = routing.Facts(
        audience=Audience(audience),
        under_18=under_18,
        urgency=Urgency.of(Danger(danger)),
        closed=False,
        language=language,
    )
    moment = when.replace(tzinfo=HOME_ZONE) if when else wired().clock()
    facts = routing.at(office.rules, office.units, facts, moment)
    for line in routing.explain(office.rules, facts):
        click.echo(line)


@routes.command("check")
@with_appcontext
def check() -> None:
    """Refuse rules with a gap, and desks that too few can open.

    Found too: rules that can never fire, and units that must not be taken out yet.
    Nothing goes live before this is content.
    """
    wiring = wired()
    with writing(wiring.engine) as session:
        members = founding.members_by_desk(session)
        gone = serving.gone_from_file(wiring, session)
    found = rulebook.check(wiring.office.rules, wiring.office.units, members)
    found += [gone] if gone else []
    for finding in found:
        click.echo(finding)
    if found:
        raise click.ClickException(f"{len(found)} findings")
    click.echo("The rules have no gap, and enough members can open every desk.")


def _set_up(units: int) -> str:
    return (
        f"Set up {units} units. Write each recovery key above on paper, one sheet a "
        "unit, and lock it away:\nthey are not stored and can't be shown again. The "
        "last character of each group is a check.\n"
        "Next: start the staff site, then flask staff invite."
    )
