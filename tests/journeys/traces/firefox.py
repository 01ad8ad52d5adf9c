"""Debian's Firefox ESR, looked into by Marionette."""

import json
import socket
from pathlib import Path
from typing import Any

from tests.journeys.traces.browser import Browser

# What a person has clicked away long ago, and what would ask others for news.
_SETTINGS = {
    "app.normandy.enabled": False,
    "browser.aboutwelcome.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "datareporting.healthreport.uploadEnabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.getAddons.cache.enabled": False,
    "extensions.update.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "browser.safebrowsing.downloads.remote.enabled": False,
    "services.settings.server": "data:,#remote-settings-dummy/v1",
    "termsofuse.bypassNotification": True,
    # The tool's own idea of good settings would turn much off that people have on.
    "remote.prefs.recommended": False,
}


class Firefox(Browser):
    """Firefox with a kept profile."""

    name = "Firefox"
    package = "firefox-esr"
    saves = 18

    @property
    def profile(self) -> Path:
        """The folder that holds all that Firefox keeps."""
        return self.home / ".mozilla" / "firefox" / "kept.default"

    def prepare(self) -> None:
        """Trust the authority; turn scripts off where that is asked for."""
        self.hosts.trust_store(self.profile)
        chosen = _SETTINGS | {"marionette.port": self.port}
        if not self.script:
            chosen |= {"javascript.enabled": False}
        lines = (
            f"user_pref({json.dumps(name)}, {json.dumps(value)});\n"
            for name, value in chosen.items()
        )
        (self.profile / "user.js").write_text("".join(lines))

    def command(self, url: str) -> list[str]:
        """Return the command line."""
        profile = ["--profile", str(self.profile)]
        opened = [url] if url else []
        return ["/usr/bin/firefox-esr", "--marionette", *profile, *opened]

    def look(self, expression: str, *, frame: bool = False) -> Any:  # noqa: ANN401 - JSON
        """Evaluate in the first tab, or in its frame."""
        with Marionette(self.port) as marionette:
            (first, *_) = marionette.call("WebDriver:GetWindowHandles")
            marionette.call("WebDriver:SwitchToWindow", handle=first, focus=False)
            if frame:
                marionette.call("WebDriver:SwitchToFrame", id=0)
            said = marionette.call(
                "WebDriver:ExecuteScript",
                script=f"return {expression.lstrip()}",
                args=[],
                newSandbox=True,
            )
        return said["value"]


class Marionette:
    """A session with Firefox's remote control, ended with the block."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), 20)
        self._file = self._socket.makefile("rb")
        self._calls = 0
        self._next()

    def __enter__(self) -> "Marionette":
        self.call("WebDriver:NewSession")
        return self

    def __exit__(self, *_: object) -> None:
        self.call("WebDriver:DeleteSession")
        self._file.close()
        self._socket.close()

    def call(self, method: str, **given: object) -> Any:  # noqa: ANN401 - JSON
        """Call a method; raises RuntimeError with what Firefox says."""
        self._calls += 1
        message = json.dumps([0, self._calls, method, given]).encode()
        self._socket.sendall(b"%d:%s" % (len(message), message))
        _, _, error, result = self._next()
        if error:
            raise RuntimeError(f"{method}: {error['message']}")
        return result

    def _next(self) -> Any:  # noqa: ANN401 - JSON
        size = b""
        while (one := self._file.read(1)) != b":":
            if not one:
                raise ConnectionError("Firefox hung up")
            size += one
        return json.loads(self._file.read(int(size)))
