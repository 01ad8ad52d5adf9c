"""The languages that Stilla knows: their paths, folders, directions and dates.

To add one is a line here and a folder under translations/. Babel (CLDR) has plurals,
names of days and months for each of them; the order of a date is CLDR's for the full
date, without the year that its pattern drags in.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from babel import Locale
from werkzeug.datastructures import LanguageAccept

from intake.errors import BadData

# Digits of scripts that have their own; numbers to dial are always 0-9.
_ZEROS = {"arab": "\N{ARABIC-INDIC DIGIT ZERO}", "arabext": "\u06f0"}


@dataclass(frozen=True, slots=True)
class Language:
    """A language that visitors can choose."""

    code: str  # in addresses
    locale: str  # folder of its words under translations/, and Babel's name
    direction: str  # "ltr" or "rtl"
    endonym: str  # its name in itself
    brief: str = ""  # the same where room is short
    formats: str = ""  # Babel's locale for dates, where it differs from `locale`
    day: str = "EEEE d MMMM"
    clock: str = "%H:%M"
    lang: str = ""  # what `lang` says, where the code is none
    inflects: tuple[str, str] = ("", "")  # what CLDR leaves as it stands alone
    also: tuple[str, ...] = ()  # further tags that browsers ask for it by

    @property
    def home(self) -> str:
        """Return the path of the first document."""
        return f"/{self.code}/"

    @property
    def tag(self) -> str:
        """Return the language as HTML and HTTP name it (BCP 47)."""
        return self.lang or self.code

    @property
    def name(self) -> str:
        """Return its name as the line of languages has it."""
        return self.brief or self.endonym

    @property
    def zero(self) -> str:
        """Return the zero of its dates and times."""
        system = Locale.parse(self.formats or self.locale).default_numbering_system
        return _ZEROS.get(system, "0")


_NEAR = 4  # how many of the first offered may stand on the line
_LINE, _BETWEEN = 28, 2  # letters that fit 360 px beside "+15", and the room between
_SWEDISH_CLOCK = "%H.%M"  # as Swedish and Finnish authorities write

KNOWN: Mapping[str, Language] = {
    language.code: language
    for language in (
        Language("sv", "sv", "ltr", "Svenska", clock=_SWEDISH_CLOCK),
        Language(
            *("lattlast", "sv@lattlast", "ltr", "Lättläst svenska", "Lättläst"),
            clock=_SWEDISH_CLOCK,
            lang="sv",  # the tag `sv-simple` is valid, and read aloud by nothing
        ),
        Language("en", "en", "ltr", "English", formats="en_GB"),
        Language("ar", "ar", "rtl", "العربية"),
        Language(
            *("fi", "fi", "ltr", "Suomi"), day="EEEE d. MMMM", clock=_SWEDISH_CLOCK
        ),
        Language("so", "so", "ltr", "Soomaali", day="EEEE, d MMMM"),
        Language("fa", "fa", "rtl", "فارسی"),
        Language("fa-AF", "fa_AF", "rtl", "دری", also=("prs",)),
        Language("ti", "ti", "ltr", "ትግርኛ", day="EEEE፣ d MMMM"),
        Language(
            *("ckb", "ckb", "rtl", "کوردیی ناوەندی"),
            day="EEEE، dی MMMM",
            also=("ku-arab", "ku-iq", "ku-ir"),
        ),
        Language(
            *("ku", "ku", "ltr", "Kurdî (kurmancî)"),
            day="EEEE, d'ê' MMMM'ê'",
            also=("kmr",),
        ),
        Language("uk", "uk", "ltr", "Українська", day="EEEE, d MMMM"),
        Language("ru", "ru", "ltr", "Русский", day="EEEE, d MMMM"),
        Language("pl", "pl", "ltr", "Polski", day="EEEE, d MMMM"),
        Language("es", "es", "ltr", "Español", day="EEEE, d 'de' MMMM"),
        Language("tr", "tr", "ltr", "Türkçe", day="d MMMM EEEE"),
        Language("th", "th", "ltr", "ไทย", day="EEEEที่ d MMMM"),
        Language(
            *("se", "se", "ltr", "Davvisámegiella"),
            day="EEEE, MMMM d.",
            # The month as its calendar has it, and as a date says it: of that month.
            inflects=("mánnu", "mánu"),
        ),
    )
}


def digits(text: str, language: Language) -> str:
    """Return a text with its digits in the language's own script."""
    zero = ord(language.zero)
    return text.translate({ord("0") + n: zero + n for n in range(10)})


def known(codes: Iterable[str]) -> tuple[Language, ...]:
    """Return the languages with these codes. Raises BadData for one not known."""
    wanted = tuple(codes)
    for code in wanted:
        if code not in KNOWN:
            raise BadData(f"language {code} is not one of {', '.join(KNOWN)}")
    return tuple(KNOWN[code] for code in wanted)


def within_reach(
    language: Language, offered: tuple[Language, ...]
) -> tuple[tuple[Language, ...], tuple[Language, ...]]:
    """Return the languages that stand on one line of a phone, and those folded up.

    On the line is the one that is spoken, and of the first few offered those that fit.
    """
    shown = [language]
    for one in offered[:_NEAR]:
        # A second kind of Swedish helps those who have come in by the first.
        twin = any(one.tag == other.tag for other in shown[1:])
        if one not in shown and not twin and _width((*shown, one)) <= _LINE:
            shown.append(one)
    return tuple(shown), tuple(one for one in offered if one not in shown)


def preferred(asked: LanguageAccept, offered: tuple[Language, ...]) -> Language:
    """Return the language that the browser likes best, else the site's own."""
    by_tag: dict[str, Language] = {}
    for one in offered:
        for tag in (one.tag, *one.also):
            # The first keeps a shared tag: Swedish, and not easy Swedish.
            by_tag.setdefault(tag.casefold(), one)
    wishes = (part for tag, quality in asked if quality > 0 for part in _widening(tag))
    return next((by_tag[tag] for tag in wishes if tag in by_tag), offered[0])


def _width(shown: Iterable[Language]) -> int:
    return sum(len(one.name) + _BETWEEN for one in shown)


def _widening(tag: str) -> Iterator[str]:
    """Return a tag, then without its last part, and so on: ku-Arab-IQ, ku-Arab, ku."""
    parts = tag.casefold().replace("_", "-").split("-")
    return ("-".join(parts[:length]) for length in range(len(parts), 0, -1))
