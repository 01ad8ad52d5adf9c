"""What a window shows after leaving is told apart from what it may show."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.journeys.traces import after
from tests.journeys.traces.after import harmful, restored, shown
from tests.journeys.traces.browser import Browser
from tests.journeys.traces.hosts import AWAY, SEARCH, SITE, TOWN

LONG = "Ring 112 om det är akut. Här kan du läsa vad du kan få hjälp med."


def seen(host: str, text: str, **more: object) -> str:
    """Return what is said of a window: as `after` asks for it, without a browser."""
    return shown(window(host, text, **more))


def window(host: str, text: str = "", **more: object) -> Browser:
    """Return a browser as far as `after` looks into it."""
    page = {"typed": "", "digits": "", "home": False, "form": False} | more
    asked: list[Any] = [host, text, page["typed"], page["digits"], page["home"]]
    asked += [page["form"], page.get("heading", ""), page.get("frames", 0)]
    acts = dict.fromkeys(("restore", "kill"), lambda: None)
    return cast(Browser, SimpleNamespace(until=lambda _: asked, name="Window", **acts))


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize(
    ("shows", "said"),
    [
        (seen(TOWN, "Kontakt", frames=1), "DOOR WITH THE FRAME"),
        (seen(SITE, LONG, typed="qvexlunda", form=True), "TYPED TEXT"),
        (seen(SITE, LONG, digits="1234 5678"), "RECEIPT"),
        (seen(SITE, LONG, heading="Rättigheter"), "page “Rättigheter”"),
    ],
)
def test_what_is_hers_may_never_show(shows: str, said: str, *, script: bool) -> None:
    assert shows == said
    assert harmful([shows], script=script) == [said]


@pytest.mark.parametrize("host", [TOWN, SEARCH, AWAY, ""])
def test_what_is_not_ours_may_show(host: str) -> None:
    assert harmful([seen(host, LONG)], script=True) == []


@pytest.mark.parametrize(
    "shows", [seen(SITE, LONG, home=True), seen(SITE, ""), seen(SITE, LONG, form=True)]
)
def test_what_is_empty_may_show_without_script_only(shows: str) -> None:
    assert harmful([shows], script=False) == []
    assert harmful([shows], script=True) == [shows]


def test_what_is_restored_is_what_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    assert restored(window(AWAY)) == "target"
    assert restored(window(SITE, LONG, home=True)) == "landing document"


def test_a_browser_that_restored_nothing_shows_nothing_by_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    monkeypatch.setattr(after, "PATIENCE", 0)
    with pytest.raises(AssertionError, match="restored nothing"):
        restored(window("newtab"))
