"""The command that prints the doors for the municipality's own page."""

import click
from flask.cli import with_appcontext

from web import readers
from web.doors import Door, policy
from web.environment import Face
from web.i18n import KNOWN, Language, languages
from web.wiring import wired

_NO_FRAME = (
    "No page may show the site in a frame yet, so the button will send its form:\n"
    "put the origin of the municipality's site into STILLA_FRAME_ANCESTORS."
)


@click.command("doors")
@click.option("--language", type=click.Choice(list(KNOWN)), help="default: all of them")
@click.option("--origin", help="the visitors' site; default STILLA_PUBLIC_URL")
@with_appcontext
def doors(language: str | None, origin: str | None) -> None:
    """Print the doors for the municipality's own page; explanations go to stderr."""
    wiring = wired()
    if wiring.settings.face is not Face.PUBLIC:
        raise click.ClickException("run it with the settings of the public process")
    site = _origin(origin) if origin else wiring.settings.public_url
    if not wiring.settings.frame_ancestors:
        _explain(_NO_FRAME)
    _explain(f"If the page has a Content-Security-Policy, it needs:\n{policy(site)}")
    for one in languages():
        if language in {None, one.code}:
            _print(_door(one, site))


def _door(language: Language, site: str) -> Door:
    wiring = wired()
    return Door(
        language=language,
        site=site,
        name=wiring.municipality.site_name(language.locale),
        target=wiring.settings.leave_url_for(language.code),
    )


def _print(door: Door) -> None:
    _explain(f"\n{door.language.endonym}: the button")
    click.echo(door.snippet)
    _explain("The plain link, only where the page takes no form and no script")
    click.echo(door.link)


def _explain(text: str) -> None:
    click.echo(text, err=True)


def _origin(text: str) -> str:
    try:
        return readers.origin(text)
    except readers.BadValue as error:
        raise click.BadParameter(f"--origin {error}") from None
