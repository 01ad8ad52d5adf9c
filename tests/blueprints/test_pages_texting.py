"""Where the number to text is printed, and what stands beside it (S21)."""

from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask

from tests.apps import public_app

NUMBER = "+46701740600"
BESIDE = {
    "sv": ("Inget sms kommer tillbaka.", "kanske ingen som läser", "ring 112"),
    "en": ("No text comes back.", "perhaps nobody reads it", "call 112"),
    "ar": ("لا تأتي رسالة ردًا.", "قد لا يقرؤها أحد", "112"),
}

# A call may be locked (S16, S17), and at night a person has to decide on it (S21).
PROMISED = {
    "sv": "Vi försöker ringa dig.",
    "en": "We try to call you.",
    "ar": "نحاول أن نتصل بكم.",
}


def links(app: Flask, path: str) -> list[Tag]:
    """Return the links to the number on a page."""
    page = app.test_client(use_cookies=False).get(path).text
    return list(BeautifulSoup(page, "html.parser").select(f'a[href="sms:{NUMBER}"]'))


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    return public_app(tmp_path, sms_gateway="console", sms_number=NUMBER)


@pytest.mark.rule("S21")
@pytest.mark.parametrize("language", ["sv", "en", "ar"])
def test_what_a_text_is_not_stands_beside_the_number(app: Flask, language: str) -> None:
    found = links(app, f"/{language}/")
    assert len(found) == 2  # by the ways to reach us, and where they are explained
    for link in found:
        assert link.get_text() == "070-174 06 00"
        beside = link.find_parent("dl")
        assert beside is not None
        words = " ".join(beside.get_text(" ").replace("\n", " ").split())
        assert all(part in words for part in BESIDE[language])


@pytest.mark.rule("S17", "S21")
@pytest.mark.parametrize("language", ["sv", "en", "ar"])
def test_no_call_is_promised_beside_the_number(app: Flask, language: str) -> None:
    for link in links(app, f"/{language}/"):
        beside = link.find_parent("dl")
        assert beside is not None
        words = " ".join(beside.get_text(" ").split())
        assert PROMISED[language] in words
        assert not any(said in words for said in ("Vi ringer", "We call", "نحن نتصل"))


@pytest.mark.rule("S21")
@pytest.mark.parametrize("path", ["/en/2a", "/en/3a", "/en/4", "/en/9", "/en/nix"])
def test_the_number_stands_nowhere_alone(app: Flask, path: str) -> None:
    page = app.test_client(use_cookies=False).get(path).text
    assert NUMBER not in page
    assert "070-174 06 00" not in page


@pytest.mark.parametrize(
    "given", [{"sms_gateway": "off", "sms_number": NUMBER}, {"sms_gateway": "console"}]
)
def test_no_number_is_printed_where_no_text_comes_in(
    tmp_path: Path, given: dict[str, str]
) -> None:
    app = public_app(tmp_path, **{"sms_number": "", **given})
    page = app.test_client(use_cookies=False).get("/en/").text
    assert "sms:" not in page
    assert "No text comes back." not in page
