"""The strings of a language as its messages.po has them: whole, and by whom."""

import gettext
import re
from collections.abc import Iterator
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, normalize, read_po
from babel.support import NullTranslations, Translations

from intake.errors import BadData
from intake.sms.texts import kin
from intake.units import HOME_LOCALE
from web.content import Translation

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[a-z%]")
_TRANSLATION = re.compile(r'^"X-Translation: (.*)\\n"$', re.MULTILINE)
# How whole numbers pick a form, where it is not one for 1 and one for the rest. A test
# holds each against CLDR; Babel's own list has fewer forms than CLDR for some.
_SLAVIC = "n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2"
PLURALS = {
    "ar": (
        6,
        "n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : "
        "n%100>=11 ? 4 : 5",
    ),
    "fa": (2, "n > 1"),
    "ti": (2, "n > 1"),
    "uk": (3, f"n%10==1 && n%100!=11 ? 0 : {_SLAVIC}"),
    "ru": (3, f"n%10==1 && n%100!=11 ? 0 : {_SLAVIC}"),
    "pl": (3, f"n==1 ? 0 : {_SLAVIC}"),
    "th": (1, "0"),
    "se": (3, "n==1 ? 0 : n==2 ? 1 : 2"),
}
_COUNTED = range(201)  # no plural rule of ours tells larger numbers apart


def path_of(root: Path, locale: str) -> Path:
    """Return the path of a language's catalogue."""
    return root / locale / "LC_MESSAGES" / "messages.po"


def read(path: Path, locale: str) -> Catalog:
    """Read a catalogue, not to be changed. Raises BadData: file, line and reason."""
    try:
        return _read(path, locale, path.stat().st_mtime_ns)
    except OSError as error:
        raise BadData(f"{locale}/messages.po: can't be read") from error


@lru_cache(maxsize=64)
def _read(path: Path, locale: str, _: int) -> Catalog:
    try:
        with path.open("rb") as file:
            return read_po(file, locale=locale, abort_invalid=True)
    except PoFileError as error:
        place = f"{locale}/messages.po: line {error.lineno + 1}"
        raise BadData(f"{place}: {error}") from error
    except ValueError as error:
        raise BadData(f"{locale}/messages.po: can't be read ({error})") from error


def compiled(path: Path, locale: str) -> NullTranslations:
    """Return a catalogue to speak with; the ids themselves where there is none."""
    if not path.exists():
        return NullTranslations()  # the texts stand in English in the code
    return _compiled(path, locale, path.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _compiled(path: Path, locale: str, _: int) -> NullTranslations:
    target = BytesIO()
    write_mo(target, read(path, locale))
    target.seek(0)
    return Translations(target)


def written_by(path: Path) -> Translation:
    """Return who put a catalogue into words; a machine where nobody vouches for it."""
    # Babel forgets headers that it does not know, so this one is read as text.
    said = _TRANSLATION.search(path.read_text("utf-8")) if path.exists() else None
    if said is None:
        return Translation.MACHINE
    if said[1] not in set(Translation):
        raise BadData(f"{path}: X-Translation must be one of {', '.join(Translation)}")
    return Translation(said[1])


def forms(text: object) -> tuple[str, ...]:
    """Return a text's forms: one, or one for each number that the language tells."""
    return tuple(map(str, text)) if isinstance(text, list | tuple) else (str(text),)


def messages(catalogue: Catalog) -> Iterator[Message]:
    """Return a catalogue's messages without its header."""
    return (message for message in catalogue if message.id)


def by_id(catalogue: Catalog) -> dict[str, Message]:
    """Return a catalogue's messages by their id, the first form of those with two."""
    return {forms(message.id)[0]: message for message in messages(catalogue)}


def missing(catalogue: Catalog, reference: Catalog) -> Iterator[str]:
    """Return the ids of texts that the reference has, and this one not or not yet."""
    there = {forms(message.id): message for message in messages(catalogue)}
    for wanted in messages(reference):
        found = there.get(forms(wanted.id))
        if found is None or found.fuzzy or not all(forms(found.string)):
            yield forms(wanted.id)[0]


def wrong(catalogue: Catalog, reference: Catalog) -> Iterator[str]:
    """Return what is wrong with the texts that are there, each with its id."""
    asked = {forms(message.id) for message in messages(reference)}
    for message in messages(catalogue):
        said = forms(message.id)
        if said not in asked:
            yield f"nobody asks for {said[0]!r} any more"
        elif not all(_fits(message, form) for form in forms(message.string) if form):
            yield f"the placeholders of {said[0]!r} differ"


def wrong_plurals(catalogue: Catalog, locale: str) -> str:
    """Return the forms (CLDR) that Plural-Forms must tell apart; "" where it does."""
    category = Locale.parse(locale).plural_form
    rule = gettext.c2py(catalogue.plural_expr)
    pairs = {(category(number), rule(number)) for number in _COUNTED}
    categories, indexes = ({pair[at] for pair in pairs} for at in (0, 1))
    whole = len(pairs) == len(categories) == len(indexes) == catalogue.num_plurals
    return "" if whole else ", ".join(sorted(map(str, categories)))


def begun(root: Path, locale: str) -> bytes:
    """Return a language's catalogue with every text that it should have.

    What is translated stays; what nobody asks for any more goes. Raises BadData.
    """
    home = read(path_of(root, HOME_LOCALE), HOME_LOCALE)
    path = path_of(root, locale)
    there = by_id(read(path, locale)) if path.exists() else {}
    lines = [_head(locale, written_by(path))]
    for text, message in by_id(home).items():
        said = there.get(text)
        lines.append(_entry(message, said, _plurals(locale)[0]))
    return "\n".join(lines).encode()


def _head(locale: str, by: Translation) -> str:
    number, rule = _plurals(locale)
    lines = (
        "Project-Id-Version: Stilla",
        f"Language: {locale}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
        f"X-Translation: {by}",
        f"Plural-Forms: nplurals={number}; plural=({rule});",
    )
    return "\n".join(['msgid ""', 'msgstr ""', *(f'"{line}\\n"' for line in lines), ""])


def _entry(message: Message, said: Message | None, plurals: int) -> str:
    ids = forms(message.id)
    texts = forms(said.string) if said else ()
    texts = (*texts, *("" for _ in range(plurals)))[: plurals if len(ids) > 1 else 1]
    lines = [f"#: {path}" for path in sorted({path for path, _ in message.locations})]
    lines.append(f"msgid {normalize(ids[0])}")
    if len(ids) > 1:
        lines.append(f"msgid_plural {normalize(ids[1])}")
        lines += [f"msgstr[{n}] {normalize(text)}" for n, text in enumerate(texts)]
    else:
        lines.append(f"msgstr {normalize(texts[0])}")
    return "\n".join([*lines, ""])


def _plurals(locale: str) -> tuple[int, str]:
    """Return how many forms whole numbers have (CLDR), and the rule that picks one."""
    return PLURALS.get(kin(locale), (2, "n != 1"))


def _fits(message: Message, text: str) -> bool:
    asked = sorted(PLACEHOLDER.findall(forms(message.id)[-1]))
    held = sorted(PLACEHOLDER.findall(text))
    # A form for one or for two may say the number as a word.
    return set(held) <= set(asked) if message.pluralizable else held == asked
