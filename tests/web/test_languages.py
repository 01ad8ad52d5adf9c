"""The eighteen languages: what Babel knows of each, and which one a browser gets."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.catalog import Catalog
from flask import Flask
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from web import i18n
from web.catalogue import PLURALS, wrong_plurals
from web.languages import KNOWN, Language, known, preferred, within_reach

CODES = (
    *("sv", "lattlast", "en", "ar", "fi", "so", "fa", "fa-AF", "ti", "ckb", "ku"),
    *("uk", "ru", "pl", "es", "tr", "th", "se"),
)
every_language = pytest.mark.parametrize("language", KNOWN.values(), ids=KNOWN)
NOON = datetime(2026, 11, 26, 12, 30, tzinfo=UTC)  # 13:30 in Sweden


def test_there_are_eighteen_and_each_has_a_name_of_its_own() -> None:
    assert tuple(KNOWN) == CODES
    assert len({one.endonym for one in KNOWN.values()}) == len(CODES)
    assert len({one.locale for one in KNOWN.values()}) == len(CODES)


@every_language
def test_direction_and_folder_are_as_babel_has_them(language: Language) -> None:
    locale = Locale.parse(language.locale)
    assert str(locale) == language.locale  # what Babel drops, no catalogue has
    assert locale.character_order.startswith(
        {"ltr": "left", "rtl": "right"}[language.direction]
    )


def test_easy_swedish_has_its_own_path_and_is_read_aloud_as_swedish() -> None:
    easy = KNOWN["lattlast"]
    assert (easy.home, easy.tag) == ("/lattlast/", "sv")
    assert KNOWN["fa-AF"].tag == "fa-AF"


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("sv-FI,en;q=0.5", "sv"),
        ("prs,en;q=0.5", "fa-AF"),
        ("fa-AF", "fa-AF"),
        ("fa-IR,fa;q=0.9", "fa"),
        ("kmr-TR", "ku"),
        ("ku-TR", "ku"),
        ("ku-Arab-IQ", "ckb"),
        ("ckb-IQ", "ckb"),
        ("uk,ru;q=0.8", "uk"),
        ("ti-ER,en;q=0.9", "ti"),
        ("se-NO", "se"),
        ("de,pl;q=0.7", "pl"),
        ("de,pl;q=0", "sv"),
        ("*", "sv"),
        ("lattlast", "sv"),
    ],
)
def test_the_browsers_wish_finds_its_language(asked: str, code: str) -> None:
    wish = parse_accept_header(asked, LanguageAccept)
    assert preferred(wish, tuple(KNOWN.values())).code == code


def test_a_language_that_is_not_offered_is_not_given() -> None:
    wish = parse_accept_header("uk,ru;q=0.8", LanguageAccept)
    assert preferred(wish, known(["sv", "ru"])).code == "ru"
    assert preferred(wish, known(["sv", "pl"])).code == "sv"


@pytest.mark.parametrize(
    ("code", "said", "at"),
    [
        ("sv", "torsdag 26 november", "13.30"),
        ("lattlast", "torsdag 26 november", "13.30"),
        ("en", "Thursday 26 November", "13:30"),
        ("fi", "torstaina 26. marraskuuta", "13.30"),
        ("fa", "پنجشنبه ۲۶ نوامبر", "۱۳:۳۰"),
        ("fa-AF", "پنجشنبه ۲۶ نومبر", "۱۳:۳۰"),
        ("ckb", "پێنجشەممە، ٢٦ی تشرینی دووەم", "١٣:٣٠"),
        ("ti", "ሓሙስ፣ 26 ሕዳር", "13:30"),
        ("ku", "pêncşem, 26ê mijdarê", "13:30"),
        ("uk", "четвер, 26 листопада", "13:30"),
        ("es", "jueves, 26 de noviembre", "13:30"),
        ("tr", "26 Kas\N{LATIN SMALL LETTER DOTLESS I}m Perşembe", "13:30"),
        ("th", "วันพฤหัสบดีที่ 26 พฤศจิกายน", "13:30"),
        ("se", "duorasdat, skábmamánu 26.", "13:30"),
    ],
)
def test_days_and_times_are_the_languages_own(code: str, said: str, at: str) -> None:
    assert i18n.day(date(2026, 11, 26), KNOWN[code]) == said
    assert i18n.clock(NOON, KNOWN[code]) == at


@every_language
def test_no_language_borrows_another_ones_names_of_days(language: Language) -> None:
    home = i18n.day(date(2026, 11, 26), KNOWN["sv"])
    assert (i18n.day(date(2026, 11, 26), language) == home) is (language.tag == "sv")


@every_language
def test_plural_forms_are_those_of_cldr(language: Language, tmp_path: Path) -> None:
    number, rule = PLURALS.get(language.locale.split("_")[0], (2, "n != 1"))
    catalogue = _catalogue(number, rule)
    assert wrong_plurals(catalogue, language.locale) == ""
    # One form for all, as some tools write, is only right where CLDR has one too.
    assert (wrong_plurals(_catalogue(1, "0"), language.locale) == "") is (number == 1)


def _catalogue(number: int, rule: str) -> Catalog:
    made = Catalog()
    made.mime_headers = [("Plural-Forms", f"nplurals={number}; plural=({rule});")]
    return made


def test_an_app_speaks_all_of_them_at_once() -> None:
    app = Flask(__name__)
    i18n.init(app, Path("nowhere"), CODES)
    with app.test_request_context("/fa-AF/"):
        assert i18n.current_language().locale == "fa_AF"
        assert i18n.moment(NOON).startswith("پنجشنبه ۲۶ نومبر")


@every_language
def test_a_line_names_the_language_first_and_the_fold_all_others(
    language: Language,
) -> None:
    shown, folded = within_reach(language, tuple(KNOWN.values()))
    assert shown[0] is language
    assert {*shown, *folded} == set(KNOWN.values())
    assert len(shown) + len(folded) == len(KNOWN)
    assert (
        sum(len(one.name) for one in shown) <= 24
    )  # letters that a phone has room for


def test_a_line_says_languages_that_most_people_know() -> None:
    def codes(code: str, offered: tuple[str, ...] = CODES) -> tuple[str, ...]:
        return tuple(one.code for one in within_reach(KNOWN[code], known(offered))[0])

    assert codes("sv") == ("sv", "lattlast", "en")
    assert codes("th") == ("th", "sv", "en")
    assert codes("en") == ("en", "sv", "ar")
    assert codes("uk") == ("uk", "sv")
    assert within_reach(KNOWN["ar"], known(("sv", "en", "ar")))[1] == ()
