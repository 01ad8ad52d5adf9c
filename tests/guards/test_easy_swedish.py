"""Easy Swedish: texts of its own, easier than Swedish, that lack no fact that protects.

No test can tell whether a person understands them: somebody who needs them has to read.
"""

import re

import pytest

from tests.guards.test_catalogues import catalogue, forms, words
from tests.guards.test_reading_ease import lix
from tests.guards.test_words import (
    OWN_ADDRESS,
    SENDER,
    TELLING,
    WALLED,
    WHO_HURTS,
    found,
    front_and_body,
    head,
    plain,
    words_of,
)
from web.content import Reach
from web.content_check import LONGEST
from web.shelves import PACKAGE

EASY = "sv@lattlast"
KEYS = sorted(path.stem for path in (PACKAGE / EASY / "pages").iterdir())
HARDEST = 30  # LIX of books for children
LONGEST_SENTENCE = 14  # words; ten is the aim, names of laws and lists take more
_FIRST_SCREEN = 85  # words that a phone shows below a page's heading, and some more
_HINT = 32  # letters that fit under a row of a phone

every_page = pytest.mark.parametrize("key", KEYS)


def sentences(text: str) -> list[str]:
    """Return a text's sentences, each list item and heading as one at least."""
    return re.split(r"[.:?!]”?(?:\s|$)|\n+", plain(text))


def facts(text: str) -> tuple[set[str], set[str], bool]:
    """Return where a page leads, what it fills in, and whether it says 112."""
    links, names = re.findall(r"\]\(([^)]*)\)", text), re.findall(r"\{\w+\}", text)
    return set(links), set(names), "**112**" in text


def test_it_has_every_page_that_swedish_has() -> None:
    assert set(KEYS) == {path.stem for path in (PACKAGE / "sv/pages").iterdir()}


@every_page
def test_pages_are_easier_than_books_for_children(key: str) -> None:
    front, body = front_and_body(EASY, key)
    assert front["translation"] == "original"
    assert lix(body) < HARDEST
    reach = Reach(front_and_body("sv", key)[0].get("set", Reach.CORE))
    assert len(words_of(body)) <= LONGEST[reach]


@every_page
def test_one_thought_stands_in_each_sentence(key: str) -> None:
    texts = sentences(front_and_body(EASY, key)[1])
    assert [one for one in texts if len(words_of(one)) > LONGEST_SENTENCE] == []


def test_strings_have_short_sentences_too() -> None:
    said = [text for m in words(catalogue(EASY)) for text in forms(m.string)]
    parts = [one for text in said for one in sentences(text)]
    assert [one for one in parts if len(words_of(one)) > LONGEST_SENTENCE] == []


@pytest.mark.rule("S43")
@every_page
def test_no_number_way_or_fact_of_the_swedish_is_lost(key: str) -> None:
    swedish, easy = (front_and_body(locale, key)[1] for locale in ("sv", EASY))
    assert facts(easy) == facts(swedish)
    assert not re.search(r"\d \d", easy)


@pytest.mark.rule("S41")
@every_page
def test_heads_hold_no_telling_word(key: str) -> None:
    front, body = front_and_body(EASY, key)
    assert found(f"{TELLING['sv']} {SENDER['sv']}", head(front)) == set()
    assert len(front["hint"]) <= _HINT
    if key in OWN_ADDRESS:
        assert found(TELLING["sv"], body) == set()
    if front.get("set") == Reach.FULL:  # its text begins in the first pixels
        begins = " ".join(words_of(body)[:_FIRST_SCREEN])
        assert found(TELLING["sv"], begins) == set()


@pytest.mark.rule("S27")
def test_children_meet_bris_before_all_others() -> None:
    for key in ("child", "child-hurts"):
        calls = re.findall(r"\]\(tel:(\d+)\)", front_and_body(EASY, key)[1])
        assert calls == ["116111"]


@pytest.mark.parametrize("key", [*WHO_HURTS, "change"])
def test_who_hurts_gets_no_advice_on_hiding(key: str) -> None:
    front, body = front_and_body(EASY, key)
    assert found(WALLED["sv"], f"{head(front)}\n{body}") == set()
