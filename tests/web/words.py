"""A folder of translations for tests: the shipped Swedish, and small ones beside it."""

import re
import shutil
from pathlib import Path

import pytest

from intake import heard
from intake.sms import texts
from web import accessibility, catalogue, content, names
from web.settings import Settings
from web.shelves import PACKAGE, Shelves

PAGE = """\
+++
title = "{key}"
row = "{key}"
hint = "{key}"
owner = "socialtjänsten"
review_by = 2027-05-21
translation = "machine"
translated_from = "sv"
+++
{text}
"""


def package(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a folder with the Swedish words, and let it be the package's."""
    root = folder / "translations"
    shutil.copytree(PACKAGE / "sv", root / "sv")
    for name in ("safety_critical.toml", accessibility.FILE):
        shutil.copy(PACKAGE / name, root)
    shelves = property(lambda self: Shelves(self.content_dir, root))
    monkeypatch.setattr(Settings, "shelves", shelves)
    return root


def land(root: Path, locale: str, by: str = "machine") -> None:
    """Write a whole language: every string, page, name and text, all made up."""
    folder = root / locale
    path = catalogue.path_of(root, locale)
    path.parent.mkdir(parents=True)
    empty = catalogue.begun(root, locale).decode()
    empty = empty.replace("X-Translation: machine", f"X-Translation: {by}")
    path.write_text(_whole(empty), "utf-8")
    for sub, keys in _pages(root).items():
        (folder / sub).mkdir()
        for key in keys:
            write_page(folder / sub / f"{key}.md", by=by)
    (folder / "telling.txt").write_text("zzz\n")
    (folder / names.FILE).write_text(_names(by), "utf-8")
    for name in (texts.FILE, heard.FILE):
        text = (PACKAGE / "en" / name).read_text("utf-8")
        (folder / name).write_text(text.replace('"machine"', f'"{by}"', 1), "utf-8")


def write_page(path: Path, text: str = "Text.", by: str = "machine") -> None:
    """Write a page that some hand translated."""
    page = PAGE.format(key=path.stem, text=text)
    reviewed = 'translation = "reviewed"\nreviewed_on = 2026-11-21'
    if by == "reviewed":
        page = page.replace('translation = "machine"', reviewed)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, "utf-8")


def _whole(text: str) -> str:
    """Say every text in its own English words."""
    head, *entries = text.split("\n\n")
    return "\n\n".join([head, *map(_said, entries)])


def _said(entry: str) -> str:
    ids = re.search(r"(?ms)^msgid (.*?)\n(?:msgid_plural (.*?)\n)?msgstr", entry)
    if ids is None:
        return entry
    said = ids[2] or ids[1]
    form = re.compile(r'(?m)^(msgstr(?:\[\d\])?) ""$')
    return form.sub(lambda found: f"{found[1]} {said}", entry)


def _pages(root: Path) -> dict[str, list[str]]:
    found = content.paths(Shelves(package=root), "sv")
    folders = {path.parent.name for path in found.values()}
    return {
        folder: [key for key, path in found.items() if path.parent.name == folder]
        for folder in folders
    }


def _names(by: str) -> str:
    text = (PACKAGE / "en" / names.FILE).read_text("utf-8")
    return text.replace('"machine"', f'"{by}"', 1)
