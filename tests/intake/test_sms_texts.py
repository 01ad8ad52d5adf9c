"""What texts and first lines say, and that they tell nobody anything."""

from datetime import time
from pathlib import Path

import pytest

from intake.errors import BadData
from intake.sms import texts
from intake.sms.segments import Encoding, segments
from intake.submissions import CallWish
from intake.topics import Opening

# A language lands with its file; until then it is not offered.
LOCALES = tuple(sorted(path.parent.name for path in texts.SHIPPED.glob("*/texts.toml")))
AT = time(14, 30)
WORDS = texts.shipped()
KEYS = ("later", "at-time")

every_locale = pytest.mark.parametrize("locale", LOCALES)
every_kind = pytest.mark.parametrize("kind", Opening)
every_key = pytest.mark.parametrize("key", KEYS)


def spoken(locale: str) -> list[str]:
    """Return every line that is said in a call."""
    lines = [WORDS.opening_line(kind, locale) for kind in Opening]
    return [*lines, WORDS.neutral_line(locale), WORDS.cover_line(locale)]


def test_the_templates_are_those_that_the_desk_offers() -> None:
    assert texts.TEMPLATES == KEYS


@pytest.mark.rule("S18")
@every_locale
@every_key
def test_every_kind_has_words_of_its_own_in_every_language(
    key: str, locale: str
) -> None:
    bodies = {WORDS.text(key, kind, locale, time=AT) for kind in Opening}
    assert len(bodies) == len(Opening)
    kin = [other for other in LOCALES if texts.kin(other) == texts.kin(locale)]
    others = {WORDS.text(key, Opening.CLUB, at, time=AT) for at in LOCALES}
    assert len(others) >= len(LOCALES) - len(kin) + 1


@every_locale
def test_every_language_has_every_line(locale: str) -> None:
    assert texts.missing_lines(texts.SHIPPED / locale / texts.FILE) == []


def test_a_line_that_is_missing_is_named_and_swedish(tmp_path: Path) -> None:
    root = changed(tmp_path, 'cover = "Sorry, wrong number."\n', "", "en")
    assert texts.missing_lines(root / "en" / texts.FILE) == ["cover"]
    lines = texts.load_texts(root).cover
    assert "en" not in lines
    assert "sv" in lines


@pytest.mark.rule("S18")
@every_locale
@every_kind
@every_key
def test_no_text_tells(key: str, kind: Opening, locale: str) -> None:
    assert WORDS.words.found(WORDS.text(key, kind, locale, time=AT), locale) == []


@pytest.mark.rule("S11")
@every_locale
def test_no_line_of_a_call_tells(locale: str) -> None:
    assert [WORDS.words.found(line, locale) for line in spoken(locale)] == [[]] * 6


@pytest.mark.rule("S18")
@every_locale
@every_key
def test_the_default_is_no_private_appointment(key: str, locale: str) -> None:
    default = CallWish().opening
    assert default is texts.DEFAULT
    body = WORDS.text(key, default, locale, time=AT)
    assert WORDS.words.private(body, locale) == []


@pytest.mark.rule("S10")
@every_locale
def test_the_neutral_and_the_cover_line_name_no_kind(locale: str) -> None:
    lines = [WORDS.neutral_line(locale), WORDS.cover_line(locale)]
    openings = [WORDS.opening_line(kind, locale) for kind in Opening]
    assert len({*lines, *openings}) == len(lines) + len(openings)
    assert "wrong number" in WORDS.cover_line("en").lower()


@every_locale
@every_kind
@every_key
def test_a_text_is_one_part(key: str, kind: Opening, locale: str) -> None:
    made = segments(WORDS.text(key, kind, locale, time=AT))
    assert made.count == 1
    if locale in ("sv", "en"):
        assert made.encoding is not Encoding.UCS_2


@every_locale
@every_kind
def test_a_text_tells_the_time_that_it_is_given(kind: Opening, locale: str) -> None:
    assert "14:30" in WORDS.text("at-time", kind, locale, time=AT)
    assert "14:30" not in WORDS.text("later", kind, locale, time=AT)


def test_a_missing_template_or_time_is_told() -> None:
    with pytest.raises(texts.NoText):
        WORDS.text("love-letter", Opening.CLUB, "sv")
    with pytest.raises(texts.NoText):
        WORDS.text("at-time", Opening.CLUB, "sv")


def test_a_language_without_words_gets_its_own_kin_or_swedish() -> None:
    assert WORDS.cover_line("ar-SY") == WORDS.cover_line("ar")
    assert WORDS.text("later", Opening.CLUB, "xx") == WORDS.text(
        "later", Opening.CLUB, "sv"
    )
    # Codes of paths are known beside the folders' names.
    assert "sv" in texts.kin("sv@lattlast")
    assert WORDS.cover_line("lattlast") in {
        WORDS.cover_line("sv"),
        WORDS.cover_line("sv@lattlast"),
    }


@pytest.mark.rule("S18")
@pytest.mark.parametrize(
    ("body", "locale"),
    [
        ("Hej! Ring socialtjänsten.", "sv"),
        ("Hej, det är från Soc.", "sv"),
        ("Det gäller partnervåldet", "sv"),
        ("VÅLD", "sv"),
        ("v\u200båld", "sv"),
        ("Kommunen har svarat", "sv"),
        ("Vi har fått ditt ärende", "sv"),
        ("Your case is open", "en"),
        ("We offer support", "en"),
        ("About the abuse", "en"),
        ("بخصوص العنف", "ar"),
        ("وبالعُنْف", "ar"),
        ("الشرطة هنا", "ar"),
        ("اذى", "ar"),
        ("Ring 070-174 06 05", "sv"),
        ("Ring 112", "sv"),
        ("اتصل ٠٧٠١٧٤٠٦٠٥", "ar"),
        ("Läs mer på ekero.se/1", "sv"),
        ("https://example.org", "en"),
        ("t.me/x", "en"),
        ("See g.co/a", "en"),
        ("Läs stöd.museum", "sv"),
        ("пример.рф", "uk"),
        ("203.0.113.7/a", "en"),
        ("Nummer ACDE-FHJK", "sv"),
        ("violence", "xx"),
    ],
)
def test_telling_words_are_found(body: str, locale: str) -> None:
    assert WORDS.words.found(body, locale) != []


def test_what_only_ends_a_sentence_is_no_address() -> None:
    """A dot at the end, before a blank, or between the digits of a day or an hour."""
    assert WORDS.words.found("Hej! Vi ses kl. 18.30, d. 24.11. Ha det bra.", "sv") == []


@pytest.mark.rule("S18")
@every_locale
def test_each_listed_word_of_each_language_tells(locale: str) -> None:
    words = WORDS.words.lists[texts.kin(locale)]
    for word in (*words.parts, *words.starts):
        assert WORDS.words.found(word, locale), word
        assert WORDS.words.found(word.upper(), locale), word
    for word in words.private:
        assert WORDS.words.private(word, locale), word


@pytest.mark.rule("S18")
@every_locale
def test_swedish_and_english_tell_in_every_language(
    tmp_path: Path, locale: str
) -> None:
    for telling in ("Socialtjänsten", "violence"):
        line = f'[text.later]\nclub = "{telling}"\n'
        with pytest.raises(BadData, match="holds"):
            own(tmp_path, line, locale)


@pytest.mark.parametrize("body", ["Vi ses kl 14", "Hej, träffa mig", "Kan du prata"])
def test_private_words_are_found(body: str) -> None:
    assert WORDS.words.private(body, "sv") != []


OWN = """
[text.later]
club = "Hej! Körsången ställs in i dag."
"""
SERVICE = ("Stöd och råd", "Ekerö kommun", "Ekerö", "Vuxenenheten")


def own(folder: Path, words: str, locale: str = "sv") -> texts.Texts:
    """Return the texts of a municipality with a file of its own."""
    path = folder / "own" / locale / texts.FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(words, "utf-8")
    return texts.load_texts(texts.SHIPPED, folder / "own", SERVICE)


@pytest.mark.rule("S18")
def test_a_municipalitys_line_wins_and_the_rest_stay(tmp_path: Path) -> None:
    said = own(tmp_path, OWN + 'delivery = "Hej! Paketet kommer senare."')
    assert said.text("later", Opening.CLUB, "sv") == "Hej! Körsången ställs in i dag."
    for kind in (Opening.SURVEY, Opening.WRONG_PERSON):
        assert said.text("later", kind, "sv") == WORDS.text("later", kind, "sv")
    assert said.text("later", Opening.CLUB, "so") == WORDS.text(
        "later", Opening.CLUB, "so"
    )


@pytest.mark.rule("S18")
@pytest.mark.parametrize(
    "line",
    [
        'club = "Hej! Det gäller våldet."',
        'club = "Hej! Se ekero.se."',
        'club = "Hej! Ditt nummer är AB3D-EFG4."',
        'club = "Hej från Stöd och råd."',
        'club = "Hej! EKERÖS körsång ställs in."',
        'club = "Hej! Vuxenenheten hör av sig."',
        'club = "Passar det senare?"',
        'wrong-person = "Hej! Vi ses i kväll."',
        f'club = "Hej! {"Körsången " * 20}"',
        'choir = "Hej! Körsången ställs in."',
    ],
)
def test_a_municipalitys_line_keeps_the_same_rules(tmp_path: Path, line: str) -> None:
    with pytest.raises(BadData):
        own(tmp_path, f"[text.later]\n{line}\n")


def test_a_municipality_adds_words_that_tell_and_takes_none_away(
    tmp_path: Path,
) -> None:
    own(tmp_path, OWN)
    with pytest.raises(BadData, match="körsång"):
        own(tmp_path, f'{OWN}[telling]\nstarts = ["körsång"]\n')
    with pytest.raises(BadData, match="stop"):
        own(tmp_path, f'{OWN}[stop]\nwhole = ["sluta"]\n')


@every_locale
def test_the_services_name_is_refused_in_every_language(
    locale: str, tmp_path: Path
) -> None:
    with pytest.raises(BadData, match="Vuxenenheten"):
        own(tmp_path, '[text.later]\nclub = "Vuxenenheten 12:00"\n', locale)


def test_a_colleagues_surname_is_found_in_own_words_alone(tmp_path: Path) -> None:
    said = own(tmp_path, '[text.later]\nclub = "Hej! Lindberg leder träningen."\n')
    names = ["Maria Lindberg", "Hej Senare"]
    assert list(said.naming(names)) == [("later", Opening.CLUB, "sv")]
    assert list(said.naming(["Lindberg Ek", "Maria Lind"])) == []


def changed(tmp_path: Path, old: str, new: str, locale: str = "sv") -> Path:
    """Return a folder of texts as the shipped one, but for one thing in a language."""
    for path in texts.SHIPPED.glob(f"*/{texts.FILE}"):
        target = tmp_path / path.parent.name / texts.FILE
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    path = tmp_path / locale / texts.FILE
    shipped = path.read_text("utf-8")
    assert old in shipped
    path.write_text(shipped.replace(old, new, 1), "utf-8")
    return tmp_path


@pytest.mark.rule("S18")
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Vi kunde inte leverera.", "Vi är från socialtjänsten."),
        ("Cykeln är inte lagad än.", "Vi ses i kväll."),
        ("Vi provar igen senare.", "Passar det bättre senare?"),
        ("Vi provar igen senare.", "Se www.ekero.se."),
        ("Vi provar igen senare.", "Vi provar igen {when}."),
        ("Vi provar igen senare.", "Vi provar igen {."),
        ("Vi provar igen senare.", "Vi provar igen " + "senare " * 20),
        ("Förlåt, jag har fel nummer.", "Förlåt, jag söker ett våldsoffer."),
        ("[text.later]", "[text.sooner]"),
        ('club = "Hej, jag ringer', 'choir = "Hej, jag ringer'),
        ('cover = "Förlåt, jag har fel nummer."\n', ""),
        ("parts = [", "halves = ["),
    ],
)
def test_a_file_that_tells_or_lacks_words_is_refused(
    tmp_path: Path, old: str, new: str
) -> None:
    texts.load_texts(changed(tmp_path, "Förlåt,", "Oj,"))
    with pytest.raises(BadData):
        texts.load_texts(changed(tmp_path, old, new))
