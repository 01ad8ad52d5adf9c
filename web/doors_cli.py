"""The command that prints the doors for the municipality's own page."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from web import readers, telling
from web.door_check import check
from web.doors import Door, policy
from web.environment import Face
from web.i18n import KNOWN, Language, languages
from web.library import library
from web.shelves import PACKAGE
from web.wiring import wired

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_NO_FRAME = (
    "No page may show the site in a frame yet, so the button will send its form:\n"
    "put the origin of the municipality's site into STILLA_FRAME_ANCESTORS."
)


@click.command("doors")
@click.option("--language", type=click.Choice(list(KNOWN)), help="default: all of them")
@click.option("--origin", help="the visitors' site; default STILLA_PUBLIC_URL")
@click.option("--text", is_flag=True, help="print a text for the page instead")
@click.option("--check", "file", type=_FILE, help="look at a saved page with a door")
@click.option("--address", default="", help="with --check: where the page stands")
@with_appcontext
def doors(
    language: str | None,
    origin: str | None,
    text: bool,
    file: Path | None,
    address: str,
) -> None:
    """Print the doors for the municipality's own page; explanations go to stderr."""
    settings = wired().settings
    if settings.face is not Face.PUBLIC:
        raise click.ClickException("run it with the settings of the public process")
    site = origin_from(origin) if origin else settings.public_url
    wanted = [_door(one, site) for one in languages() if language in {None, one.code}]
    if file:
        _check(file, wanted, address)
    elif text:
        _print_texts(wanted)
    else:
        _print_all(wanted, site)


def _print_texts(wanted: list[Door]) -> None:
    for door in wanted:
        page = library().town_page(door.language, wired().clock())
        _explain(f"\n{door.language.endonym}: the page's title: {page.title}")
        if page.by_machine:
            _explain("A machine translated it. Let a person read it first.")
        click.echo(page.html.strip())
    _explain("\nThe button (flask doors) belongs under the last paragraph.")


def _print_all(wanted: list[Door], site: str) -> None:
    if not wired().settings.frame_ancestors:
        _explain(_NO_FRAME)
    _explain(f"If the page has a Content-Security-Policy, it needs:\n{policy(site)}")
    for door in wanted:
        _explain(f"\n{door.language.endonym}: the button")
        click.echo(door.snippet)
        _explain("The plain link, only where the page takes no form and no script")
        click.echo(door.link)


def _check(file: Path, wanted: list[Door], address: str) -> None:
    words = {one.code: telling.listed(PACKAGE, one.locale) for one in languages()}
    html = file.read_text("utf-8-sig", errors="replace")
    findings = check(html, wanted, words, address)
    for note in findings.notes:
        click.echo(note)
    for refusal in findings.refused:
        click.echo(f"REFUSED: {refusal}")
    if findings.refused:
        raise click.ClickException(f"{len(findings.refused)} to put right")
    click.echo("The address and the title tell nothing, and the door is as printed.")


def _door(language: Language, site: str) -> Door:
    wiring = wired()
    return Door(
        language=language,
        site=site,
        name=wiring.municipality.site_name(language.locale),
        target=wiring.settings.leave_url_for(language.code),
    )


def _explain(text: str) -> None:
    click.echo(text, err=True)


def origin_from(text: str) -> str:
    """Read --origin. Raises BadParameter."""
    try:
        return readers.origin(text)
    except readers.BadValue as error:
        raise click.BadParameter(f"--origin {error}") from None
