"""What the script adds to a form's address means nothing to the site."""

import re
from pathlib import Path

import pytest
from flask import Flask

from tests.apps import public_app
from web.settings import ROOT
from web.unasked import ENDING

# By what Chromium's components/autofill knows the address of a form that searches.
SEARCHES = re.compile(r"/search(/|((\w*\.\w+)?$))")


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    return public_app(tmp_path)


@pytest.mark.parametrize("path", ["/sv/2a", "/en/3", "/sv/4", "/ar/5"])
def test_what_is_sent_to_either_address_is_the_same(app: Flask, path: str) -> None:
    assert SEARCHES.search(path + ENDING)
    client = app.test_client(use_cookies=False)
    fetched = {"Sec-Fetch-Site": "same-origin", "Stilla-Fetch": "1"}
    answers = [
        client.post(path + ending, headers=fetched, data={"text": "Hej."})
        for ending in ("", ENDING)
    ]
    assert len({answer.status_code for answer in answers}) == 1
    assert answers[0].status_code not in {404, 405}


def test_nothing_else_has_two_addresses(app: Flask) -> None:
    client = app.test_client(use_cookies=False)
    assert client.get(f"/sv/2{ENDING}").status_code == 404
    assert client.get("/sv/2").status_code == 200


def test_the_script_adds_the_ending_and_takes_it_off() -> None:
    script = (ROOT / "static" / "leave.js").read_text()
    assert f"form.action += '{ENDING}'" in script
    (off,) = re.findall(r"answer\.url\.split\('([^']+)'\)\[0\]", script)
    assert ENDING.startswith(off)
    # North Sami lives at /se/: its addresses must not be cut.
    assert off not in f"https://stod.kommun.example/se/2a{'/p/' + 'x' * 22}"
