"""Nothing on a visitors' page makes a browser ask, keep, offer or report anything."""

import re
from collections.abc import Iterator

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask

from tests.apps import public_app, staff_app
from tests.guards.test_public_routes import BLANK, GET, NAVIGATION, addresses, site_name

# Policies that reach out: to report, to load ahead, or to be remembered for the host.
REACHING = (
    *("Link", "NEL", "Report-To", "Reporting-Endpoints", "Set-Cookie", "Refresh"),
    *("Speculation-Rules", "Supports-Loading-Mode", "No-Vary-Search", "Accept-CH"),
    *("Critical-CH", "Alt-Svc", "Strict-Transport-Security", "SourceMap", "ETag"),
    *("Content-Security-Policy-Report-Only", "Service-Worker-Allowed", "Origin-Trial"),
    *("Permissions-Policy-Report-Only", "Cross-Origin-Opener-Policy-Report-Only"),
)
# Without script Leave goes on by itself; its page is blank.
META = {"viewport", "color-scheme", "google", "format-detection"}
TRAP = "website"  # what only machines fill in
TYPED = "textarea, input:not([type=hidden]):not([type=radio]):not([type=checkbox])"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return public_app(tmp_path_factory.mktemp("neutral"))


@pytest.fixture(scope="module")
def pages(app: Flask) -> list[tuple[str, str, BeautifulSoup]]:
    """Return endpoint, path and tags of every page, errors' included."""
    client, found = app.test_client(use_cookies=False), []
    strange = [("", f"/{language}/nothing") for language in ("sv", "en", "ar")]
    for endpoint, path in [*addresses(app, GET), *strange]:
        answer = client.get(path, headers={"Accept-Language": "sv"})
        if answer.mimetype == "text/html" and answer.status_code // 100 != 3:
            html = BeautifulSoup(answer.get_data(as_text=True), "html.parser")
            found.append((endpoint, path, html))
    assert len(found) > 30
    return found


def tags(
    pages: list[tuple[str, str, BeautifulSoup]], selector: str
) -> Iterator[tuple[str, Tag]]:
    for _, path, page in pages:
        for tag in page.select(selector):
            yield path, tag


Pages = list[tuple[str, str, BeautifulSoup]]


def test_every_page_has_the_one_title(app: Flask, pages: Pages) -> None:
    for _, path, page in pages:
        titles = [title.get_text() for title in page.find_all("title")]
        assert titles == [site_name(app, path)], path


def test_a_page_links_to_nothing_but_its_empty_icon(pages: Pages) -> None:
    # So no manifest, style, preload, prefetch, preconnect, canonical, alternate.
    for _, path, page in pages:
        links = [dict(link.attrs) for link in page.find_all("link")]
        assert links == [{"rel": ["icon"], "href": "data:,"}], path


def test_meta_says_nothing_of_colour_origin_or_translation(pages: Pages) -> None:
    for endpoint, path, page in pages:
        named = {str(tag["name"]) for tag in page.select("meta[name]")}
        assert named <= META, path
        assert page.select("meta[property]") == []
        refresh = [str(tag["http-equiv"]) for tag in page.select("meta[http-equiv]")]
        assert refresh == (["refresh"] if endpoint == BLANK else [])


def test_no_browser_offers_to_translate(pages: Pages) -> None:
    for endpoint, path, page in pages:
        assert page.html is not None
        assert page.html["translate"] == "no", path
        if endpoint != BLANK:
            [meta] = page.select("meta[name=google]")
            assert meta["content"] == "notranslate"


def test_nothing_is_filled_in_learnt_or_sent_to_be_spelt(pages: Pages) -> None:
    typed = list(tags(pages, TYPED))
    assert len(typed) > 5
    for path, field in typed:
        assert field["autocomplete"] == "off", path
        if field.get("name") != TRAP:
            assert field["spellcheck"] == "false", path
        kind = field.get("type", "text") if field.name == "input" else "text"
        assert kind in {"text", "submit"}, path
    for path, form in tags(pages, "form"):
        assert form["autocomplete"] == "off", path


def test_no_field_is_named_as_autofill_knows_it(pages: Pages) -> None:
    known = re.compile(r"name$|mail|phone$|^tel|address|birth|user|pass|street|city")
    for path, field in tags(pages, TYPED):
        name = str(field.get("name"))
        assert not known.search(name) or name == "alias", f"{path}: {name}"


def test_links_lead_nowhere_ahead_of_the_press(pages: Pages) -> None:
    for path, link in tags(pages, "a[href], form, area"):
        for reaching in ("ping", "download", "attributionsrc"):
            assert not link.has_attr(reaching), path
        # Never a window of its own; out of the door's frame only to other sites.
        out = str(link.get("href")).startswith("https:")
        assert link.get("target") in ((None, "_top") if out else (None,)), path
    assert list(tags(pages, "script[src], script[type], base, object, embed")) == []


def test_no_answer_reaches_out(app: Flask) -> None:
    client = app.test_client(use_cookies=False)
    for _, path in addresses(app, GET):
        for asked in ({}, NAVIGATION):
            headers = client.get(path, headers=asked).headers
            assert [name for name in REACHING if name in headers] == [], path
            policy = headers["Content-Security-Policy"]
            assert "report" not in policy
            assert "http" not in policy


def test_search_engines_are_let_in_by_the_setting_alone(
    app: Flask, pages: Pages
) -> None:
    assert list(tags(pages, "meta[name=robots]")) == []
    robots = app.test_client().get("/sv/").headers["X-Robots-Tag"]
    assert robots == "noindex, noarchive"
    # A file that named what to leave out would tell it.
    file = app.test_client().get("/robots.txt", follow_redirects=True)
    assert file.status_code == 404


def test_a_search_engine_that_is_let_in_keeps_no_copy(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    listed = public_app(tmp_path_factory.mktemp("listed"), indexed="on")
    robots = listed.test_client().get("/sv/").headers["X-Robots-Tag"]
    assert robots == "noarchive, nosnippet"


def test_what_machines_and_staff_ask_for_is_never_unlisted(
    app: Flask, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert app.test_client().get("/healthz", headers=NAVIGATION).status_code == 200
    staff = staff_app(tmp_path_factory.mktemp("desk")).test_client()
    assert staff.get("/healthz", headers=NAVIGATION).status_code == 200
    assert staff.get("/sign-in", headers=NAVIGATION).status_code == 200


def test_the_setting_lists_every_page(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    listed = public_app(tmp_path_factory.mktemp("listed"), unlisted="off")
    client = listed.test_client(use_cookies=False)
    for endpoint, path in addresses(listed, GET):
        shown = client.get(path, headers=NAVIGATION).status_code
        assert shown == client.get(path).status_code, path
        assert shown in ({404} if endpoint == "told" else {200, 303}), path


def test_an_operator_sees_whether_a_proxy_put_a_page_of_its_own_there(
    app: Flask,
) -> None:
    # What docs/operations.md tells to look for.
    answer = app.test_client().get("/sv/", headers=NAVIGATION)
    assert answer.status_code == 404
    lines = answer.get_data(as_text=True).splitlines()
    assert len([line for line in lines if 'class="leave"' in line]) == 1
