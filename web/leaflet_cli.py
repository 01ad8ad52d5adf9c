"""The command that makes leaflets for the printer."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from intake.units import Unit
from web.document import EVERY_WAY, Section, WayIn
from web.doors_cli import origin_from
from web.environment import Face
from web.i18n import KNOWN, Language, known
from web.leaflet import AUDIENCES, CannotPrint, Leaflet, Size
from web.library import library
from web.settings import ROOT
from web.wiring import wired

_SIZES = click.Choice([one.value for one in Size])
_FOLDER = click.Path(exists=True, file_okay=False, writable=True, path_type=Path)


@click.command("leaflet")
@click.option("--audience", type=click.Choice(AUDIENCES), required=True)
@click.option("--language", type=click.Choice(list(KNOWN)), default="sv")
@click.option("--unit", "key", help="who answers; default: whom routing.toml names")
@click.option("--size", type=_SIZES, help="default: both")
@click.option("--origin", help="the visitors' site; default STILLA_PUBLIC_URL")
@click.option("--folder", type=_FOLDER, default=Path(), help="where files are put")
@with_appcontext
def leaflet(
    audience: str,
    language: str,
    key: str | None,
    size: str | None,
    origin: str | None,
    folder: Path,
) -> None:
    """Make print-ready leaflets; what stands outside them tells nothing."""
    settings = wired().settings
    if settings.face is not Face.PUBLIC:
        raise click.ClickException("run it with the settings of the public process")
    _refuse_public(folder)
    one, way = _language(language), _way(audience)
    section = _section(way, one)
    made = Leaflet(
        section=section,
        unit=_unit(key) if key else section.unit,
        language=one,
        site_name=wired().municipality.site_name(one.locale),
        site=origin_from(origin) if origin else settings.public_url,
        now=wired().clock(),
    )
    if section.page.by_machine:
        click.echo("A machine translated it. Let a person read it first.", err=True)
    for wanted in [Size(size)] if size else list(Size):
        # The name tells no more than the outside does.
        path = folder / f"{way.letter}-{one.code}-{wanted}.pdf"
        path.write_bytes(_printed(made, wanted))
        click.echo(f"wrote {path}")


def _printed(made: Leaflet, size: Size) -> bytes:
    try:
        return made.pdf(size)
    except CannotPrint as error:
        raise click.ClickException(str(error)) from error


def _refuse_public(folder: Path) -> None:
    # A leaflet in the downloads of a phone would tell for years.
    if folder.resolve().is_relative_to(ROOT / "static"):
        raise click.BadParameter("leaflets are for the printer, not for the site")


def _language(code: str) -> Language:
    if code not in wired().settings.languages:
        raise click.BadParameter(f"--language {code} is not shown on the site")
    return known([code])[0]


def _way(audience: str) -> WayIn:
    return next(way for way in EVERY_WAY if way.page == audience)


def _section(way: WayIn, language: Language) -> Section:
    section = library().shown(language, wired().clock()).section(way)
    if section is None:
        raise click.ClickException(f"{language.code} has no page for {way.page}")
    return section


def _unit(key: str) -> Unit:
    units = wired().office.units
    if key not in units:
        raise click.BadParameter(f"--unit knows {', '.join(units)}")
    return units[key]
