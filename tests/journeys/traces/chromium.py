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
        # Without an address the person asks for what was open before.
        opened = url or "--restore-last-session"
        as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
        return [
            *("/usr/bin/chromium", *as_root, "--no-first-run"),
            *("--no-default-browser-check", "--password-store=basic"),
            *("--disable-background-networking", "--disable-component-update"),
            *("--disable-gpu", "--remote-debugging-port=0", opened),
        ]

    def look(self, expression: str, *, frame: bool = False) -> Any:  # noqa: ANN401 - JSON
        """Evaluate in the first tab, or in the frame of another site in it."""
        kind = "iframe" if frame else "page"
        found = [one for one in self.targets() if one["type"] == kind]
        return self.evaluate(found[0], expression)

    def targets(self) -> list[dict[str, str]]:
        """Return what DevTools could be attached to."""
        port = (self.profile / "DevToolsActivePort").read_text().split()[0]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list") as answer:
            found: list[dict[str, str]] = json.load(answer)
        return [one for one in found if not one["url"].startswith("devtools:")]

    def evaluate(self, target: dict[str, str], expression: str) -> Any:  # noqa: ANN401
        """Evaluate in one target, attached for an instant."""
        address = target["webSocketDebuggerUrl"].removeprefix("ws://")
        host, _, path = address.partition("/")
        with Wire(int(host.rpartition(":")[2]), f"/{path}") as wire:
            said = wire.call(
                "Runtime.evaluate", expression=expression, returnByValue=True
            )
        if "exceptionDetails" in said:
            raise RuntimeError(said["exceptionDetails"]["text"])
        return said["result"].get("value")
