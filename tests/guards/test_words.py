"""The words of the pages: whole, equal in every language, plain, safe to show."""

import datetime as dt
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from web import document, telling

ROOT = Path(__file__).resolve().parents[2]
LOCALES = ("sv", "en", "ar")
WAYS_IN = tuple(way.page for way in document.WAYS_IN)
WHO_HURTS = ("uses-violence", "child-hurts", "change")
# All of it travels inside the first document.
CORE = (
    *(*WAYS_IN, *document.TOPICS),
    *("contact", "traces", "privacy-short", "accessibility"),
)
# These open at an address of their own, so their text is in the first pixels too.
OWN_ADDRESS = ("saved", "accessibility", "privacy", "steps", "remains")
PAGES = tuple(dict.fromkeys((*CORE, *OWN_ADDRESS)))
FACTS = {
    *("phone", "hours", "address", "read_by", "municipality", "max_talks"),
    *("step_by_step", "routines", "site_name", "assessed_on", "unread_languages"),
}
REQUIRED = {"title", "row", "hint", "owner", "review_by", "translation"}

# Beginnings of words that tell a passer-by what the site is about, by language.
TELLING = {
    locale: " ".join(telling.listed(ROOT / "translations", locale))
    for locale in LOCALES
}
# Who runs the site tells as much in a row, yet a privacy notice must name it.
SENDER = {"sv": "social kommun", "en": "social municip", "ar": "اجتماعي بلدية"}
# Advice for the person exposed that must not reach the one who hurts (the walls).
WALLED = {
    "sv": "spår historik webbläs inkognito kakor skärmbild samtalslist radera spion "
    "jour boende säkerhetsplan knappen router",
    "en": "trace history browser incognito cookie screenshot erase delet spyware "
    "shelter housing refuge plan button router",
    "ar": "سجل متصفح تجسس حذف إزالة ملجأ سكن خطة زر شاشة",
}

every_page = pytest.mark.parametrize("key", PAGES)
every_locale = pytest.mark.parametrize("locale", LOCALES)


def front_and_body(locale: str, key: str) -> tuple[dict[str, Any], str]:
    """Return a page's front matter and its Markdown; a missing file fails the test."""
    text = (ROOT / "translations" / locale / "pages" / f"{key}.md").read_text("utf-8")
    before, front, body = text.split("+++\n", 2)
    assert before == ""
    return tomllib.loads(front), body


def found(beginnings: str, text: str) -> set[str]:
    """Return which of some beginnings of words occur."""
    return telling.found(tuple(beginnings.split()), text)


def head(front: dict[str, Any]) -> str:
    """Return what of a page stands on the landing rows and as its heading."""
    return f"{front['title']}\n{front['row']}\n{front['hint']}"


def plain(body: str) -> str:
    """Return the text that a reader sees of a page's Markdown."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", body)
    return re.sub(r"(?m)^(#+|-|\d+\.)\s+", "", text).replace("*", "")


def words_of(body: str) -> list[str]:
    """Return the words of a page, numbers counted as words."""
    return re.findall(r"[^\W_]+(?:[-’'][^\W_]+)*", plain(body))


@every_locale
def test_every_language_has_every_page(locale: str) -> None:
    def keys(of: str) -> set[str]:
        return {path.stem for path in (ROOT / "translations" / of / "pages").iterdir()}

    assert keys("sv") >= keys(locale) >= set(PAGES)


@every_locale
@every_page
def test_front_matter_is_complete(locale: str, key: str) -> None:
    front, _ = front_and_body(locale, key)
    assert set(front) >= REQUIRED
    assert all(front[field].strip() for field in ("title", "row", "hint", "owner"))
    assert type(front["review_by"]) is dt.date
    if locale == "sv":
        assert front["translation"] == "original"
        assert "translated_from" not in front
    else:
        assert front["translation"] in {"machine", "reviewed"}
        assert front["translated_from"] == "sv"
    # A translation is called reviewed only with the day that a person read it.
    assert front["translation"] != "reviewed" or "reviewed_on" in front


@every_locale
@every_page
def test_translations_have_the_original_shape(locale: str, key: str) -> None:
    def shape(body: str) -> tuple[object, ...]:
        marks = (r"(?m)^## ", r"(?m)^- ", r"(?m)^\d+\. ", r"\*\*.+?\*\*")
        counts = [len(re.findall(mark, body)) for mark in marks]
        return counts, re.findall(r"\]\(([^)]*)\)", body)

    assert shape(front_and_body(locale, key)[1]) == shape(front_and_body("sv", key)[1])


@every_locale
@every_page
def test_placeholders_are_known_and_equal(locale: str, key: str) -> None:
    _, body = front_and_body(locale, key)
    names = re.findall(r"\{(\w+)\}", body)
    original = re.findall(r"\{(\w+)\}", front_and_body("sv", key)[1])
    assert sorted(names) == sorted(original)
    assert set(names) <= FACTS
    assert body.count("{") == body.count("}") == len(names)


@pytest.mark.rule("S27")
@every_locale
def test_children_meet_bris_before_all_others(locale: str) -> None:
    for key in ("child", "child-hurts"):
        calls = re.findall(r"\]\(tel:(\d+)\)", front_and_body(locale, key)[1])
        assert calls == ["116111"]


@every_locale
@every_page
def test_numbers_are_held_together(locale: str, key: str) -> None:
    # With a plain space, Arabic text would show the groups of a number in reverse.
    assert not re.search(r"\d \d", front_and_body(locale, key)[1])


@pytest.mark.rule("S41")
@every_locale
@every_page
def test_heads_hold_no_telling_word(locale: str, key: str) -> None:
    front, _ = front_and_body(locale, key)
    assert found(f"{TELLING[locale]} {SENDER[locale]}", head(front)) == set()


@pytest.mark.rule("S41")
@every_locale
@pytest.mark.parametrize("key", OWN_ADDRESS)
def test_pages_at_an_address_hold_no_telling_word(locale: str, key: str) -> None:
    assert found(TELLING[locale], front_and_body(locale, key)[1]) == set()


@every_locale
@pytest.mark.parametrize("key", WHO_HURTS)
def test_who_hurts_gets_no_advice_on_hiding(locale: str, key: str) -> None:
    front, body = front_and_body(locale, key)
    assert found(WALLED[locale], f"{head(front)}\n{body}") == set()
    assert re.findall(r"\]\(([^)]*)\)", body) == ["tel:116111"]


@every_locale
def test_the_word_lists_catch_what_they_are_for(locale: str) -> None:
    exposed = front_and_body(locale, "exposed")[1]
    traces = front_and_body(locale, "traces")[1]
    assert len(found(TELLING[locale], exposed)) >= 4
    assert len(found(WALLED[locale], traces + exposed)) >= 6
    assert found(SENDER[locale], exposed)


@pytest.mark.rule("S23")
@every_locale
def test_contact_says_when_a_person_reads(locale: str) -> None:
    _, body = front_and_body(locale, "contact")
    for fact in ("read_by", "phone", "hours", "address"):
        assert f"{{{fact}}}" in body


@pytest.mark.rule("S27")
@every_locale
def test_ways_in_name_112_and_the_line_for_children(locale: str) -> None:
    for key in (*WAYS_IN, "honour", "trafficking", "contact"):
        assert "**112**" in front_and_body(locale, key)[1]
    for key in ("child", *WHO_HURTS, "honour"):
        assert "116\u00a0111" in front_and_body(locale, key)[1]
