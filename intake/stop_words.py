"""Words in a text that mean "stop"; they pause contact and do nothing else (S15).

Each language's stand in its texts.toml. Those under `whole` count where the text is
nothing else, those under `anywhere` wherever they stand; all languages count in any
text. Capitals, punctuation, Arabic's accents and doubled spaces do not matter. A word
too many only pauses contact until a person has read the text; a word too few rings a
phone that somebody asked us not to ring. Single words that people also use when they
ask for help ("make him stop") stand under `whole` only.
"""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

from intake.datafile import read

WORDS = Path(__file__).parent / "data" / "words.toml"
TRANSLATIONS = Path(__file__).parents[1] / "translations"
_KEPT = "kept"
_APOSTROPHES = re.compile(r"['\u2019\u2018\u02bc`\u00b4]")
_NO_WORD = re.compile(r"[\W_]+")
_UNSPACED = re.compile("[\u0e00-\u0e7f]")  # Thai writes its words together
# One letter in different dress: people type the bare one, files hold the right one.
# Persian and Kurdish have letters of their own, which Arabic's keyboards lack.
_DRESSES = {
    "ا": "أإآٱ",  # noqa: RUF001  # no Latin l
    "ي": "ىیێې",
    "ك": "کگڪ",
    "ه": "ةەہۀھ",  # noqa: RUF001  # no Latin o
    "و": "ۆۇٶ",
    "ر": "ڕ",
    "ل": "ڵ",
    "ف": "ڤ",
}
_LETTERS = {ord(dress): bare for bare, all_of in _DRESSES.items() for dress in all_of}
_LETTERS[ord("ـ")] = ""
_LETTERS[0x131] = "i"  # Turkish, without its dot; its capital is the Latin I


@dataclass(frozen=True, slots=True)
class StopWords:
    """Folded words of all languages together: phones are shared, languages mixed."""

    whole: frozenset[str]  # mean stop only where nothing else is said
    anywhere: frozenset[str]

    def stand_in(self, text: str) -> bool:
        """Say whether a text asks us to stop."""
        folded = fold(text)
        return folded in self.whole or says(folded, self.anywhere)


@dataclass(frozen=True, slots=True)
class KeptWords:
    """What staff read where a text itself has no words for it."""

    empty: str
    media: str
    sender: str
    before: str


def fold(text: str) -> str:
    """Return a text's bare words: small letters, no marks, single spaces."""
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_LETTERS)
    # Vowel points and joiners: some keyboards write them, others do not.
    plain = "".join(c for c in plain if unicodedata.category(c) not in ("Mn", "Cf"))
    return _NO_WORD.sub(" ", _APOSTROPHES.sub("", plain)).strip()


def says(folded: str, phrases: Collection[str]) -> bool:
    """Say whether a folded text holds one of some folded phrases, as whole words."""
    framed = f" {folded} "
    return any(_framed(phrase) in framed for phrase in phrases)


def _framed(words: str) -> str:
    return words if _UNSPACED.search(words) else f" {words} "


@cache
def stop_words(root: Path = TRANSLATIONS) -> StopWords:
    """Read the stop words of every language. Raises BadData."""
    files = sorted(root.glob("*/texts.toml"))
    tables = [
        read(path, f"{path.parent.name}/{path.name}").table("stop") for path in files
    ]
    for table in tables:
        table.only("whole", "anywhere")
    return StopWords(
        whole=frozenset(fold(w) for table in tables for w in table.texts("whole")),
        anywhere=frozenset(
            fold(w) for table in tables for w in table.texts("anywhere")
        ),
    )


@cache
def kept_words(path: Path = WORDS) -> KeptWords:
    """Read what stands in for missing words. Raises BadData."""
    table = read(path).table(_KEPT)
    names = [field.name for field in fields(KeptWords)]
    table.only(*names)
    return KeptWords(*(table.text(name) for name in names))
