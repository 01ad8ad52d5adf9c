"""`flask content`: what is wrong with the words, how far they are, and a start.

Translators need no installation with keys: `python -m web.content_cli` does the same.
"""

import os
import re
from datetime import date
from pathlib import Path

import click

from intake.hours import HOME_ZONE
from intake.units import HOME_LOCALE
from web import back_translations, catalogue, content, content_check
from web.content import Translation
from web.content_status import summary, table
from web.environment import SettingsError
from web.languages import KNOWN
from web.settings import Settings
from web.shelves import Shelves
from web.wiring import system_clock

_LANGUAGE = click.option("--language", type=click.Choice(list(KNOWN)))
_ONE = click.option("--language", type=click.Choice(list(KNOWN)), required=True)


@click.group("content")
def commands() -> None:
    """Check the words of all languages, show how far they are, begin a new one."""


@commands.command("check")
@_LANGUAGE
def check(language: str | None) -> None:
    """Name every fault; with a language, those of that language only."""
    settings, today = _settings(), _today()
    found = [
        fault
        for one in content_check.languages_of(settings, language)
        for fault in content_check.of_language(one, settings, today)
    ]
    if not language:
        found += content_check.of_house(settings, today)
        for note in content_check.notes(settings, today):
            click.echo(f"note: {note}")
    for fault in found:
        click.echo(fault)
    if found:
        raise click.ClickException(f"{len(found)} faults")
    click.echo("No fault.")


@commands.command("status")
@_LANGUAGE
def status(language: str | None) -> None:
    """Show how far each language is, and each of its pages."""
    settings, today = _settings(), _today()
    languages = content_check.languages_of(settings, language)
    for line in (*summary(languages, settings, today), ""):
        click.echo(line)
    for line in table(languages, settings, today):
        click.echo(line)


@commands.command("start")
@_ONE
def start(language: str) -> None:
    """Write what a language lacks of its strings and sentences to be checked, empty.

    What is there stays; run it again when texts have been added or translated.
    """
    one, shelves = KNOWN[language], Shelves()
    if one.locale == HOME_LOCALE:
        raise click.ClickException("Swedish is where the others start from")
    path = catalogue.path_of(shelves.package, one.locale)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(catalogue.begun(shelves.package, one.locale))
    click.echo(f"wrote {path}")
    path = shelves.package / one.locale / back_translations.FILE
    path.write_text(back_translations.renewed(shelves, one.locale), "utf-8")
    click.echo(f"wrote {path}")


@commands.command("stamp")
@_ONE
def stamp(language: str) -> None:
    """Say in each translated page that it fits the Swedish text as it is now."""
    shelves, one = Shelves(), KNOWN[language]
    originals = content.paths(shelves, HOME_LOCALE)
    for key, path in content.paths(shelves, one.locale).items():
        by = content.parsed(path, one.locale).translation
        if key in originals and by is not Translation.ORIGINAL:
            _stamp(path, content.fingerprint(originals[key]))


def _stamp(path: Path, fingerprint: str) -> None:
    text = path.read_text("utf-8")
    line = f'source = "{fingerprint}"\n'
    text = re.sub(r'(?m)^source = ".*"\n', "", text, count=1)
    text = re.sub(r"(?m)^(translated_from = .*\n)", rf"\1{line}", text, count=1)
    path.write_text(text, "utf-8")


def _settings() -> Settings:
    if "STILLA_FACE" not in os.environ:
        return Settings(show_unreviewed=True)
    try:
        return Settings.from_env(os.environ)
    except SettingsError as error:
        raise click.ClickException(str(error)) from error


def _today() -> date:
    return system_clock().astimezone(HOME_ZONE).date()


if __name__ == "__main__":
    commands()
