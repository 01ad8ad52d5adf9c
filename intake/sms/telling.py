"""Words that tell who writes, or why: what no text and no line may hold (S11, S18)."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from intake.datafile import Table

# A link, an address, a number that could be rung or looked up, a request's reference.
_ANYWHERE = (
    # Every phone makes a link of what it takes for one, whatever its top domain.
    r"https?:|www\.|\w\.[^\W\d_]{2,}|[@#]",
    r"\d{1,3}(?:\.\d{1,3}){3}",
    r"\d{3,}|\d(?:[ /-]?\d){4,}",
    r"\b[a-z0-9]{4}-[a-z0-9]{4}\b",
)
# These tell in the middle of any language, and who holds the phone may read them.
_EVERYWHERE = {"sv", "en"}
# Arabic writes "and", "so", "with", "to", "as" and "the" together with the word.
_BEFORE = r"(?<!\w)(?:[وفبلك]?(?:ال|لل)?)"
# Vowel signs, hamzas and the stretching of words, which Arabic may write or leave out.
_SIGNS = re.compile("[\u064b-\u065f\u0670\u0640]")


@dataclass(frozen=True, slots=True)
class WordList:
    """One language's telling words."""

    parts: tuple[str, ...]  # count anywhere in a word
    starts: tuple[str, ...]  # count at a word's beginning
    private: tuple[str, ...]  # sound like an appointment; at a word's beginning

    def joined(self, other: "WordList") -> "WordList":
        """Return the words of both."""
        return WordList(
            self.parts + other.parts,
            self.starts + other.starts,
            self.private + other.private,
        )


@dataclass(frozen=True, slots=True)
class TellingWords:
    """The telling words of every language that texts are written in."""

    lists: Mapping[str, WordList]  # by language
    names: tuple[str, ...] = ()  # of the service, whatever the language

    def found(self, body: str, locale: str) -> list[str]:
        """Return what tells in a text: words of its language, links, numbers."""
        plain = _plain(body)
        found = [hit[0] for p in _ANYWHERE for hit in re.finditer(p, plain)]
        parts = {part for words in self._of(locale) for part in words.parts}
        for language in _EVERYWHERE & self.lists.keys():
            parts |= {*self.lists[language].parts}
        found += [part for part in sorted(parts) if _plain(part) in plain]
        for words in self._of(locale):
            found += _starting(words.starts, plain)
        return found

    def named(self, body: str) -> list[str]:
        """Return which of the service's names begin a word of a text."""
        return _starting(self.names, _plain(body))

    def private(self, body: str, locale: str) -> list[str]:
        """Return what in a text sounds like a private appointment (S18)."""
        plain = _plain(body)
        return [
            hit for words in self._of(locale) for hit in _starting(words.private, plain)
        ]

    def _of(self, locale: str) -> Iterable[WordList]:
        # Better a harmless word refused than a telling one let through.
        own = self.lists.get(_language(locale))
        return [own] if own else self.lists.values()


def telling_words(
    tables: Mapping[str, Table],
    further: Mapping[str, Table] | None = None,
    names: Iterable[str] = (),
) -> TellingWords:
    """Read the lists of each language, and what `further` adds. Raises BadData."""
    lists = {locale: _whole(table) for locale, table in tables.items()}
    for locale, table in (further or {}).items():
        # A language without a list of its own keeps to those of all others.
        if (own := lists.get(_language(locale))) is not None:
            lists[_language(locale)] = own.joined(_list(table))
    return TellingWords(lists, tuple(names))


def _language(locale: str) -> str:
    return re.split("[-_@]", locale)[0]


def _whole(table: Table) -> WordList:
    words = _list(table)
    if not all((words.parts, words.starts, words.private)):
        raise table.wrong("needs parts, starts and private")
    return words


def _list(table: Table) -> WordList:
    table.only("parts", "starts", "private")
    return WordList(*(table.texts(key) for key in ("parts", "starts", "private")))


def _starting(beginnings: Iterable[str], plain: str) -> list[str]:
    return [
        start
        for start in beginnings
        if re.search(_before(start) + re.escape(_plain(start)), plain)
    ]


def _before(word: str) -> str:
    """Return what may stand before a word; Thai writes all words together."""
    return "" if "\u0e00" <= word[0] <= "\u0e7f" else _BEFORE


def _plain(body: str) -> str:
    """Return a text without what hides a word: case, Arabic signs, what is unseen."""
    apart = _SIGNS.sub("", unicodedata.normalize("NFKD", body))
    seen = [letter for letter in apart if unicodedata.category(letter) != "Cf"]
    plain = unicodedata.normalize("NFKC", "".join(seen)).casefold()
    # Turkish has an i with a dot and one without; its capitals fold to the other one.
    return plain.replace("\u0307", "").replace("\u0131", "i")
