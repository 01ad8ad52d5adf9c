"""`flask content`: every fault is named, and what is well is left in peace."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from intake import heard
from tests.web import words
from web import back_translations, catalogue, content, content_check
from web.content_cli import commands
from web.helplines import Status
from web.languages import KNOWN
from web.settings import Settings
from web.shelves import Shelves
from web.wholeness import help_lines

TODAY = date(2026, 11, 22)
UK = KNOWN["uk"]
PAGE = """\
+++
title = "{key}"
row = "rad"
hint = "mer"
owner = "socialtjänsten"
review_by = 2027-05-21
translation = "original"
+++

## Fara nu

Ring **112**, [116\u00a0111](tel:116111). Vi har tystnadsplikt.

- {{phone}}
"""
GOOD = """\
## Now

Call **112**, [116\u00a0111](tel:116111). We keep it to ourselves.

- {phone}
"""
TERM = '[[term]]\nswedish = "tystnadsplikt"\n'


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package of one Swedish page, and Ukrainian, which is whole and checked."""
    root = words.package(tmp_path, monkeypatch)
    # Both ways into the folder: the command makes its own.
    monkeypatch.setattr("web.content_cli.Shelves", lambda: Shelves(package=root))
    monkeypatch.setattr("web.content_cli._today", lambda: TODAY)
    for path in content.paths(Shelves(package=root), "sv").values():
        path.unlink()
    (root / "sv" / "pages" / "traces.md").write_text(PAGE.format(key="x"), "utf-8")
    (root / "sv" / "glossary.toml").write_text(TERM, "utf-8")
    words.land(root, "uk")
    words.write_page(root / "uk" / "pages" / "traces.md", GOOD)
    (root / "uk" / "glossary.toml").write_text(TERM + 'term = "keep"\n', "utf-8")
    assert run("stamp", "--language", "uk").exit_code == 0
    assert run("start", "--language", "uk").exit_code == 0
    path = root / "uk" / back_translations.FILE
    text = path.read_text("utf-8").replace(
        'back_translation = ""', 'back_translation = "x"'
    )
    path.write_text(text.replace('verdict = ""', 'verdict = "same"'), "utf-8")
    return root


def run(*arguments: str) -> Result:
    """Run a command, without a process's settings."""
    return CliRunner(env={"STILLA_FACE": None}).invoke(commands, list(arguments))


def faults(today: date = TODAY) -> list[str]:
    return content_check.of_language(UK, Settings(show_unreviewed=True), today)


def test_a_language_that_is_well_has_no_fault(root: Path) -> None:
    assert faults() == []
    result = run("check", "--language", "uk")
    assert (result.exit_code, result.output) == (0, "No fault.\n")


def edit(name: str, old: str, new: str) -> Callable[[Path], None]:
    """Return what changes one file of Ukrainian."""

    def change(root: Path) -> None:
        path = root / "uk" / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")

    return change


PO, TRACES = "LC_MESSAGES/messages.po", "pages/traces.md"
HEARD = heard.FILE


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (edit(PO, "X-Translation: machine", "X-Other: x"), "X-Translation"),
        (
            edit(PO, "nplurals=3", "nplurals=2"),
            "Plural-Forms must tell apart few, many",
        ),
        (edit(PO, 'msgstr "Back"', 'msgstr ""'), "no words for 'Back'"),
        (edit(PO, 'msgstr "Back"', 'msgstr "%(x)s"'), "placeholders of 'Back' differ"),
        (edit(PO, 'msgid "Back"', 'msgid "Bark"'), "nobody asks for 'Bark'"),
        (edit(PO, "msgstr", "msgster"), "uk/messages.po: line "),
        (edit(TRACES, "## Now", "Now"), "other headings"),
        (edit(TRACES, "{phone}", "phone"), "placeholders"),
        (edit(TRACES, "tel:116111", "tel:116"), "links"),
        (edit(TRACES, "116\u00a0111", "116 111"), "no-break space"),
        (edit(TRACES, "We", "word " * 250), "at most"),
        (edit(TRACES, 'source = "', 'source = "0'), "its Swedish has changed"),
        (edit(TRACES, 'row = "traces"', 'row = "zzz"'), "tells: 'zzz'"),
        (edit(TRACES, "2027-05-21", "2026-11-21"), "reviewed by 2026-11-21"),
        (edit(TRACES, "title", "tittle"), "uk/pages/traces.md: line 2: tittle"),
        (edit(TRACES, "keep", "have"), "'keep' is missing (tystnadsplikt)"),
        (edit("glossary.toml", "tyst", "tist"), "no term for 'tystnadsplikt'"),
        (edit("glossary.toml", "term =", 'avoid = ["call"]\nterm ='), "holds 'call'"),
        (edit("checked.toml", '"same"', '"differs"'), "differs from the original"),
        (edit("checked.toml", '"x"', '""'), "waits to be translated back"),
        (
            edit("checked.toml", '"same"', '"maybe"'),
            "uk/checked.toml: [[sentence]] number 1",
        ),
        (edit("glossary.toml", "[[term]]", "[term]"), "is written as [[term]]"),
        (edit(TRACES, "Call", "Ring"), "changed since it was checked"),
        (edit(HEARD, "sunday", "# sunday"), "uk/heard.toml: no word for days sunday"),
        (edit(HEARD, "sunday", "sundae"), "uk/heard.toml: days sundae: is not one of"),
        (lambda root: (root / "uk" / HEARD).unlink(), "uk/heard.toml is missing"),
    ],
)
def test_every_fault_is_named(
    root: Path, harm: Callable[[Path], None], said: str
) -> None:
    harm(root)
    assert any(said in fault for fault in faults()), faults()
    result = run("check", "--language", "uk")
    assert result.exit_code == 1
    assert said in result.output


def test_what_is_still_swedish_is_named(root: Path) -> None:
    long = "Det här är en mening på svenska som är lång."
    for locale in ("sv", "uk"):
        path = root / locale / "pages" / "traces.md"
        path.write_text(path.read_text("utf-8") + f"\n{long}\n", "utf-8")
    assert any("is still Swedish" in fault for fault in faults())


def test_texts_written_in_the_language_itself_are_not_held_against_swedish(
    root: Path,
) -> None:
    edit(PO, "X-Translation: machine", "X-Translation: original")(root)
    own = PAGE.format(key="x").replace("Vi har tystnadsplikt", "Vi tiger")
    (root / "uk" / "pages" / "traces.md").write_text(own, "utf-8")
    assert faults() == []


def test_starting_again_keeps_what_is_translated_and_checked(root: Path) -> None:
    before = {
        name: (root / "uk" / name).read_text("utf-8") for name in (PO, "checked.toml")
    }
    assert run("start", "--language", "uk").exit_code == 0
    assert before == {name: (root / "uk" / name).read_text("utf-8") for name in before}
    assert run("start", "--language", "sv").exit_code == 1


def test_a_new_language_starts_with_every_text_empty(root: Path) -> None:
    assert run("start", "--language", "pl").exit_code == 0
    made = catalogue.read(catalogue.path_of(root, "pl"), "pl")
    home = catalogue.read(catalogue.path_of(root, "sv"), "sv")
    assert len(list(catalogue.missing(made, home))) == len(
        list(catalogue.messages(home))
    )
    assert catalogue.wrong_plurals(made, "pl") == ""


def test_the_house_is_asked_for_routines_and_help_lines(tmp_path: Path) -> None:
    settings = Settings(content_dir=tmp_path)
    found = content_check.of_house(settings, TODAY)
    assert len([x for x in found if x.startswith("routine ")]) == 7 * 3
    filled = 'link = "https://kommun.example/x"\nowner = "A"\nreview_by = 2026-11-21\n'
    (tmp_path / "routines.toml").write_text(f"[asking]\n{filled}", "utf-8")
    found = content_check.of_house(settings, TODAY)
    asking = [x for x in found if x.startswith("routine asking")]
    assert asking == ["routine asking should have been reviewed by 2026-11-21"]
    late = content_check.of_house(settings, date(2028, 1, 1))
    assert any("help line kvinnofridslinjen should have been" in x for x in late)
    (tmp_path / "routines.toml").write_text('[asking]\nlink = "http://x"', "utf-8")
    found = content_check.of_house(settings, TODAY)
    assert "routines.toml: asking link: must begin with https://" in found


def test_help_lines_that_are_soon_hidden_are_named_in_time() -> None:
    ends = min(
        line.review_by
        for line in help_lines(Settings())
        if line.status is Status.VERIFIED
    )
    said = f"hidden after {ends}, if not checked"
    early, late = ends - timedelta(days=45), ends - timedelta(days=44)
    assert not any(said in note for note in content_check.notes(Settings(), early))
    assert any(said in note for note in content_check.notes(Settings(), late))


def test_doubtful_help_lines_are_notes_and_no_faults() -> None:
    notes = list(content_check.notes(Settings(), TODAY))
    assert any(note.startswith("help line terrafem is old") for note in notes)
    assert not any("terrafem" in x for x in content_check.of_house(Settings(), TODAY))


def test_status_tells_each_language_and_page(root: Path) -> None:
    output = run("status").output
    assert "100 %" in next(x for x in output.splitlines() if x.startswith("sv "))
    assert "fi/messages.po is missing" in output
    uk = [line.split() for line in output.splitlines() if line.startswith("uk ")]
    assert uk[0][-1] == "yes"
    assert uk[1][:5] == ["uk", "traces", "13", "machine", "2027-05-21"]
    edit(TRACES, 'source = "', 'source = "0')(root)
    assert "stale" in run("status", "--language", "uk").output.splitlines()[-1]


def test_a_wrong_setting_is_told_in_one_line() -> None:
    result = CliRunner(env={"STILLA_FACE": "x"}).invoke(commands, ["check"])
    assert result.exit_code == 1
    assert "STILLA_FACE must be" in result.output


@pytest.mark.parametrize(
    ("body", "words"),
    [("Ett två", 2), ("can't e-post", 2), ("می\u200cروم می\u200cکنم", 2)],
)
def test_words_are_counted_as_people_count_them(
    tmp_path: Path, body: str, words: int
) -> None:
    page = tmp_path / "page.md"
    page.write_text(f'+++\ntitle = "T"\n+++\n{body}\n', "utf-8")
    assert content_check.count_words(page) == words


def test_a_page_that_nothing_links_is_named(root: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    words.write_page(own / "uk" / "pages" / "local.md")
    settings = Settings(content_dir=own)
    said = content_check.of_language(UK, settings, TODAY)
    assert said == ["uk: page local: nothing links it without number and under"]
    page = own / "uk" / "pages" / "local.md"
    place = '+++\nnumber = 60\nunder = ["help"]\n'
    page.write_text(page.read_text("utf-8").replace("+++\n", place, 1), "utf-8")
    assert content_check.of_language(UK, settings, TODAY) == []
