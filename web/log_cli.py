"""Commands about the log: verify every chain of events, and the anchors beside them."""

from collections.abc import Mapping
from pathlib import Path

import click
from flask.cli import AppGroup, with_appcontext

from intake import anchors
from intake.anchors import Fault, Finding
from intake.store import reading
from web import key_files, readers
from web.environment import Face
from web.serving import refuse_unready
from web.wiring import wired

log = AppGroup("log", help="Verify the log of who did what.")

_KEY = "STILLA_EVENT_KEY"
_FAULTS: Mapping[Fault, str] = {
    Fault.BROKEN: "event {at} was changed, or one before it is missing",
    Fault.CUT: "event {at} and later ones are gone, which the anchors know",
    Fault.REPLACED: "event {at} is another than the one that was anchored",
    Fault.GONE: "all its events are gone",
    Fault.FILE: "the file of the anchors was changed, at the day {at}",
}


@log.command("verify")
@click.option(
    "--secrets",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="folder of the three env files; the demonstration finds its own",
)
@with_appcontext
def verify(secrets: Path | None) -> None:
    """Verify each request's chain of events, and what the anchors hold of it.

    Needs the keys of all three processes, so run it as root. Ends with 1 on any fault.
    """
    wiring = wired()
    refuse_unready(wiring)
    keys = _keys(secrets or wiring.settings.data_dir / "secrets")
    anchored = anchors.read(wiring.settings.anchors, keys[Face.WORKER])
    chains, found = 0, list[Finding]()
    with reading(wiring.engine) as session:
        for finding in anchors.verify(session, anchored, keys):
            chains += finding is None or bool(finding.request_id)
            found += [finding] if finding else []
            if chains and chains % 1000 == 0:
                click.echo(f"{chains} chains", err=True)
    for finding in found:
        click.echo(_told(finding))
    if found:
        raise click.ClickException(f"faults: {len(found)} in {chains} chains")
    click.echo(f"{chains} chains are whole.")
    click.echo(_anchored(anchored))


def _keys(folder: Path) -> dict[str, bytes]:
    try:
        return {face: readers.key(key_files.read(folder, face)[_KEY]) for face in Face}
    except (OSError, KeyError, readers.BadValue) as error:
        named = ", ".join(f"{face}.env" for face in Face)
        raise click.ClickException(
            f"--secrets must name the folder of {named}, each with {_KEY}"
        ) from error


def _told(finding: Finding) -> str:
    which = finding.reference or (finding.request_id and f"row {finding.request_id}")
    words = _FAULTS[finding.fault].format(at=finding.at)
    return f"{which}: {words}" if which else words


def _anchored(anchored: anchors.Anchored) -> str:
    if anchored.day is None:
        return "No day is anchored yet: a chain's newest end could be missing unseen."
    # Whoever writes this code down sees also if the file's own end is cut off.
    return f"Anchored up to {anchored.day}, code {anchored.code[:16]}."
