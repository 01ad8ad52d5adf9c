"""Debian's Chromium, looked into by its DevTools channel."""

import json
import os
import urllib.request
from pathlib import Path
from typing import Any

from tests.journeys.traces.browser import Browser
from tests.journeys.traces.wire import Wire


class Chromium(Browser):
    """Chromium with a kept profile."""

    name = "Chromium"
    package = "chromium"
    saves = 4

    @property
    def profile(self) -> Path:
        """The folder that holds all that Chromium keeps."""
        return self.home / ".config" / "chromium"

    def prepare(self) -> None:
        """Trust the authority; turn scripts off where that is asked for."""
        self.hosts.trust_store(self.home / ".pki" / "nssdb")
        (self.profile / "Default").mkdir(parents=True, exist_ok=True)
        blocked = {"javascript": 2} if not self.script else {}
        chosen = {"profile": {"default_content_setting_values": blocked}}
        kept = self.profile / "Default" / "Preferences"
        if not kept.exists():  # a copy of a home has its own
            kept.write_text(json.dumps(chosen))

    def command(self, url: str) -> list[str]:
        """Return the command line; the back/forward cache stays as people have it."""
        opened = [url] if url else []
        as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
        return [
            *("/usr/bin/chromium", *as_root, "--no-first-run"),
            *("--no-default-browser-check", "--password-store=basic"),
            *("--disable-background-networking", "--disable-component-update"),
            *("--disable-gpu", "--remote-debugging-port=0", *opened),
        ]

    def restore(self) -> None:
        """Open the browser again, and its last windows with it.

        What asks for that, once it was killed, belongs to no page; keys do the same.
        """
        self.start("")
        self.screen.press("ctrl+shift+t")

    def look(self, expression: str, *, frame: bool = False) -> Any:  # noqa: ANN401 - JSON
        """Evaluate in the first tab, or in the frame of another site in it."""
        kind = "iframe" if frame else "page"
        found = [one for one in self.targets() if one["type"] == kind]
        if frame and not found:  # of the same site: it lives in the page's process
            (page, *_) = [one for one in self.targets() if one["type"] == "page"]
            return self.evaluate(page, expression, frame=True)
        return self.evaluate(found[0], expression)

    def targets(self) -> list[dict[str, str]]:
        """Return what DevTools could be attached to."""
        port = (self.profile / "DevToolsActivePort").read_text().split()[0]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list") as answer:
            found: list[dict[str, str]] = json.load(answer)
        return [one for one in found if not one["url"].startswith("devtools:")]

    def evaluate(
        self, target: dict[str, str], expression: str, *, frame: bool = False
    ) -> Any:  # noqa: ANN401 - JSON
        """Evaluate in one target, or in its first frame; attached for an instant."""
        address = target["webSocketDebuggerUrl"].removeprefix("ws://")
        host, _, path = address.partition("/")
        with Wire(int(host.rpartition(":")[2]), f"/{path}") as wire:
            given: dict[str, object] = {"expression": expression, "returnByValue": True}
            if frame:
                given["contextId"] = _world_of_frame(wire)
            said = wire.call("Runtime.evaluate", **given)
        if "exceptionDetails" in said:
            raise RuntimeError(said["exceptionDetails"]["text"])
        return said["result"].get("value")


def _world_of_frame(wire: Wire) -> int:
    """Return a world of our own in the first frame; IndexError before it is there."""
    inner = wire.call("Page.getFrameTree")["frameTree"].get("childFrames", [])[0]
    made = wire.call("Page.createIsolatedWorld", frameId=inner["frame"]["id"])
    return int(made["executionContextId"])
