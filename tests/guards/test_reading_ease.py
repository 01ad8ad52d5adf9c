"""How hard the Swedish pages are to read, as LIX counts it, and how long they are."""

import re

import pytest

from tests.guards.test_words import (
    CORE,
    LOCALES,
    PAGES,
    ROOT,
    front_and_body,
    plain,
    words_of,
)
from web.full_set import PLACES

CHILDREN = ("child", "child-hurts")
# What many laws call pages of information for everybody; and books for children, and
# pages in easy Swedish.
EASY, FOR_CHILDREN, VERY_EASY = 40, 30, 30
LONGEST, LONGEST_FULL = 250, 500  # words of a page of the core, and of a longer one
EASY_SWEDISH = sorted(
    path.stem for path in (ROOT / "translations" / "sv@lattlast" / "pages").iterdir()
)
CHILDRENS_PAGES = [key for key in PLACES if PLACES[key].readers == "child"]


def lix(body: str) -> float:
    """Return the readability index LIX, from 20 (very easy) to 60 (very hard).

    LIX = words / sentences + 100 × words of more than six letters / words. A sentence
    ends at a full stop, colon, question or exclamation mark, and with its paragraph or
    list item. Headings are left out: short as they are, they would flatter a page.
    Source: C. H. Björnsson, Läsbarhet, Liber, Stockholm 1968.
    """
    text = re.sub(r"(?m)^#+ .*$", "", body)
    words = words_of(text)
    ends = re.split(r"[.:?!]+(?:\s|$)|\n+", plain(text))
    sentences = [sentence for sentence in ends if re.search(r"\w", sentence)]
    long_words = [word for word in words if len(word) > 6]
    return len(words) / len(sentences) + 100 * len(long_words) / len(words)


def test_lix_counts_as_its_formula_says() -> None:
    assert lix("Ord och ord.") == 3
    assert lix("## Rubrikerna räknas inte\n\nOrd och ord.") == 3
    assert lix("Ett lättläsligt ord. Ett ord.") == pytest.approx(2.5 + 20)
    assert lix("- ett ord\n- ett ord till") == pytest.approx(2.5)


@pytest.mark.parametrize("key", dict.fromkeys((*PAGES, *PLACES)))
def test_swedish_pages_are_easy_to_read(key: str) -> None:
    assert lix(front_and_body("sv", key)[1]) < EASY


@pytest.mark.parametrize("key", [*CHILDREN, *CHILDRENS_PAGES])
def test_childrens_pages_are_very_easy_to_read(key: str) -> None:
    assert lix(front_and_body("sv", key)[1]) < FOR_CHILDREN


@pytest.mark.parametrize("key", EASY_SWEDISH)
def test_easy_swedish_is_very_easy_to_read(key: str) -> None:
    assert lix(front_and_body("sv@lattlast", key)[1]) < VERY_EASY


@pytest.mark.parametrize("locale", [*LOCALES, "sv@lattlast"])
@pytest.mark.parametrize("key", CORE)
def test_the_core_set_is_short(key: str, locale: str) -> None:
    assert len(words_of(front_and_body(locale, key)[1])) <= LONGEST


@pytest.mark.parametrize("key", PLACES)
def test_longer_pages_are_not_long(key: str) -> None:
    assert len(words_of(front_and_body("sv", key)[1])) <= LONGEST_FULL
