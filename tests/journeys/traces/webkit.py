"""GNOME Web with WebKitGTK, looked into by its remote inspector."""

import json
import re
import urllib.request
from pathlib import Path
from typing import Any

from tests.journeys.traces.browser import Browser
from tests.journeys.traces.wire import Wire

_TAB = re.compile(r'(?s)"targeturl">([^<]*)<.*?(/socket/\d+/\d+/WebPage)')
_SETTINGS = """[org/gnome/epiphany]
ask-for-default=false
[org/gnome/epiphany/web]
remember-passwords=false
"""


class WebKit(Browser):
    """GNOME Web with a kept profile."""

    name = "WebKit"
    package = "epiphany-browser"
    saves = 3

    @property
    def profile(self) -> Path:
        """The folder that holds all that GNOME Web keeps."""
        return self.home / ".local" / "share" / "epiphany"

    def prepare(self) -> None:
        """Write the settings; trust comes with the system's list.

        It has no switch for scripts. Where none is to run, the site is the one whose
        policy allows none, which the engine treats alike.
        """
        self.names = "hosts" if self.script else "scriptless"
        folder = self.home / ".config" / "glib-2.0" / "settings"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "keyfile").write_text(_SETTINGS)

    def environment(self) -> dict[str, str]:
        """Return what makes it show itself here, and lets the inspector in."""
        return super().environment() | {
            "GSETTINGS_BACKEND": "keyfile",
            "LIBGL_ALWAYS_SOFTWARE": "1",
            "NO_AT_BRIDGE": "1",
            "WEBKIT_INSPECTOR_HTTP_SERVER": f"127.0.0.1:{self.port}",
            "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",
        }

    def command(self, url: str) -> list[str]:
        """Return the command line."""
        opened = [url] if url else []
        return ["dbus-run-session", "--", "/usr/bin/epiphany-browser", *opened]

    def look(self, expression: str, *, frame: bool = False) -> Any:  # noqa: ANN401 - JSON
        """Evaluate in the first tab, or in its frame."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/") as answer:
            listed = answer.read().decode()
        with Wire(self.port, _first_tab(listed), patience=5) as wire:
            return Inspector(wire).evaluate(expression, frame=frame)


def _first_tab(listed: str) -> str:
    """Return the path of the first tab with a site in it, or of the browser's own page.

    Tabs are listed in any order, and one behind the other loads nothing when restored.
    """
    tabs: list[tuple[str, str]] = _TAB.findall(listed)
    sites = [path for url, path in tabs if url.startswith("https:")]
    if not sites and "about:blank" in {url for url, _ in tabs}:
        # Attached before the first page is there, it would answer nobody again.
        raise ConnectionError("it is still starting")
    return (sites or [path for _, path in tabs])[0]


class Inspector:
    """The inspector's protocol: messages for a page are wrapped in one another."""

    def __init__(self, wire: Wire) -> None:
        self._wire, self._calls = wire, 0
        self._target = ""
        while not self._target:
            said = wire.receive()
            if said.get("method") == "Target.targetCreated":
                info = said["params"]["targetInfo"]
                if info["type"] == "page" and not info.get("isProvisional"):
                    self._target = info["targetId"]

    def evaluate(self, expression: str, *, frame: bool) -> Any:  # noqa: ANN401 - JSON
        """Evaluate in the page, or in the first frame in it."""
        given: dict[str, object] = {"expression": expression, "returnByValue": True}
        if frame:
            given["contextId"] = self._context_of_frame()
        said = self.call("Runtime.evaluate", **given)
        if said.get("wasThrown"):
            raise RuntimeError(str(said["result"].get("description")))
        return said["result"].get("value")

    def call(self, method: str, **given: object) -> Any:  # noqa: ANN401 - JSON
        """Call a method of the page and return its result."""
        mine = self._post(method, **given)
        while True:
            said = self._inner()
            if said.get("id") == mine:
                if "error" in said:
                    raise RuntimeError(f"{method}: {said['error']}")
                return said["result"]

    def _context_of_frame(self) -> int:
        """Return the page's last context; without Page.enable none are told."""
        self.call("Page.enable")
        asked, contexts = self._post("Runtime.enable"), []
        while (said := self._inner()).get("id") != asked:
            if said.get("method") == "Runtime.executionContextCreated":
                context = said["params"]["context"]
                if context["type"] == "normal":
                    contexts.append(int(context["id"]))
        if len(contexts) < 2:
            raise RuntimeError("no frame is there yet")
        return contexts[-1]

    def _post(self, method: str, **given: object) -> int:
        self._calls += 1
        message = json.dumps({"id": self._calls, "method": method, "params": given})
        self._wire.send(
            {
                "id": 10_000 + self._calls,
                "method": "Target.sendMessageToTarget",
                "params": {"targetId": self._target, "message": message},
            }
        )
        return self._calls

    def _inner(self) -> dict[str, Any]:
        while True:
            said = self._wire.receive()
            if said.get("method") == "Target.dispatchMessageFromTarget":
                inner: dict[str, Any] = json.loads(said["params"]["message"])
                return inner
