"""The advice for the browser that asks: the right one, and no word of it is kept."""

import logging
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from tests.apps import public_app
from web.browsers import BROWSERS, browser_of
from web.settings import ROOT

_KIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
_PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15"
_MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)"
_WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"
_ANDROID = "Mozilla/5.0 (Linux; Android 10; K)"
SEEN = {
    "chrome-android": f"{_ANDROID} {_KIT} Chrome/140.0.0.0 Mobile Safari/537.36",
    "chrome-iphone": f"{_PHONE} (KHTML, like Gecko) CriOS/140.0.0 Mobile/15E148 "
    "Safari/604.1",
    "chrome-computer": f"{_WINDOWS} {_KIT} Chrome/140.0.0.0 Safari/537.36",
    "safari-iphone": f"{_PHONE} (KHTML, like Gecko) Version/18.6 Mobile/15E148 "
    "Safari/604.1",
    "safari-mac": f"{_MAC} AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 "
    "Safari/605.1.15",
    "samsung": f"{_ANDROID} {_KIT} SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile "
    "Safari/537.36",
    "firefox-android": "Mozilla/5.0 (Android 14; Mobile; rv:143.0) Gecko/143.0 "
    "Firefox/143.0",
    "firefox-iphone": f"{_PHONE} (KHTML, like Gecko) FxiOS/143.0 Mobile/15E148 "
    "Safari/605.1.15",
    "firefox-computer": "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 "
    "Firefox/143.0",
}
STRANGE = (
    "",
    "curl/8",
    f"{_WINDOWS} {_KIT} Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
    f"{_ANDROID[:-1]}; wv) {_KIT} Version/4.0 Chrome/140.0.0.0 Mobile Safari/537.36",
    "<b>kanariefågel</b>",
)
# What no site can hide, in the words of each language.
UNSEEN = {
    "sv": "Spionprogram|Delade konton|Routern|Räkningen|samtalslista|Sajtens namn",
    "en": "Spyware|Shared accounts|The router|The bill|call list|The site's name",
    "ar": "برامج التجسس|الحسابات المشتركة|جهاز الإنترنت|الفاتورة|سجل المكالمات|"
    "اسم الموقع",
}
EMPTY = {
    "sv": "tom historik kan se misstänkt ut",
    "en": "empty history can look suspicious",
    "ar": "السجل الفارغ قد يثير الشك",
}
LANGUAGES = ("sv", "en", "ar")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return public_app(tmp_path_factory.mktemp("browsers"))


def shown(app: Flask, language: str, user_agent: str) -> BeautifulSoup:
    client = app.test_client(use_cookies=False)
    answer = client.get(f"/{language}/12", headers={"User-Agent": user_agent})
    assert answer.status_code == 200
    return BeautifulSoup(answer.get_data(as_text=True), "html.parser")


def test_every_browser_is_known_by_what_it_calls_itself() -> None:
    assert set(SEEN) == set(BROWSERS)
    assert {key: browser_of(said) for key, said in SEEN.items()} == {
        key: key for key in SEEN
    }
    assert {browser_of(said) for said in STRANGE} == {""}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_browser_has_its_steps(language: str) -> None:
    folder = ROOT / "translations" / language / "browsers"
    assert {path.stem for path in folder.iterdir()} == set(BROWSERS)


@pytest.mark.rule("S43")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", BROWSERS)
def test_the_asking_browsers_steps_stand_first_and_open(
    app: Flask, language: str, key: str
) -> None:
    page = shown(app, language, SEEN[key])
    folded = [one.get_text(strip=True) for one in page.select("details.fold summary")]
    heading = page.select("main h2")[0].get_text()
    assert heading not in folded
    assert len(folded) == len(BROWSERS) - 1
    steps = page.select("main h2 + ol")[0].find_all("li")
    assert len(steps) >= 4
    assert page.select_one("details ol") != steps[0].parent


@pytest.mark.rule("S43")
@pytest.mark.parametrize("language", LANGUAGES)
def test_it_says_what_can_not_be_hidden(app: Flask, language: str) -> None:
    text = shown(app, language, SEEN["samsung"]).get_text()
    for words in (EMPTY[language], *UNSEEN[language].split("|")):
        assert words in text, words


@pytest.mark.parametrize("user_agent", STRANGE)
def test_an_unknown_browser_finds_all_of_them(app: Flask, user_agent: str) -> None:
    page = shown(app, "sv", user_agent)
    assert len(page.select("details.fold")) == len(BROWSERS)


def test_what_a_browser_calls_itself_is_kept_nowhere(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    app, canary = public_app(tmp_path), "kanariefagel"
    caplog.set_level(logging.DEBUG)
    page = shown(app, "sv", f"{SEEN['samsung']} {canary}")
    assert canary not in str(page)
    assert canary not in caplog.text
    kept = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert kept
    assert not any(canary.encode() in content for content in kept)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_way_to_it_stands_outside_the_walled_sections(
    app: Flask, language: str
) -> None:
    client = app.test_client(use_cookies=False)
    page = BeautifulSoup(client.get(f"/{language}/").get_data(), "html.parser")
    [link] = page.select(f'a[href="/{language}/12"]')
    around = link.find_parent("details")
    assert around is not None
    # The sections of an audience carry its help lines; what all may read does not.
    assert around.select(".lines") == []
