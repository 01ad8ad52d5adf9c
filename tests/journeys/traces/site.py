"""The sites of a journey: Stilla as an operator runs it, and its neutral neighbours."""

import os
import re
import signal
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.apps import own_units
from tests.journeys.traces.hosts import AWAY, NEAR, OWN, SEARCH, SITE, TOWN, Hosts
from tests.ports import answers
from web import key_files

ROOT = Path(__file__).resolve().parents[3]
_STARTS_WITHIN = 60  # seconds
FACE = "app:create_app"
Pages = Callable[[str], str]


@contextmanager
def sites(
    folder: Path, hosts: Hosts, slow: float = 0, face: str = FACE
) -> Iterator[None]:
    """Run all sites until the block ends; `slow` seconds pass before Leave's target."""
    with ExitStack() as running:
        snippet = running.enter_context(_stilla(folder, hosts, face=face))
        near = running.enter_context(_stilla(folder / "near", hosts, NEAR))
        running.enter_context(_under_a_path(folder / "own", hosts))
        pages = {"/kontakt": snippet, "/granne": near, "/blankett": _plain(snippet)}
        running.enter_context(neighbour(hosts, SEARCH, lambda path: search(hosts)))
        weather = neighbour(hosts, AWAY, lambda path: _WEATHER, slow, "/vader")
        running.enter_context(weather)
        running.enter_context(neighbour(hosts, TOWN, partial(door, pages)))
        yield


_WEATHER = "<!doctype html><title>Vaderlek</title><h1>Sol</h1><p>Hela dagen.</p>"


def search(hosts: Hosts) -> str:
    """Return the page of a search engine that found Stilla and the municipality."""
    town = hosts.origin(TOWN)
    return (
        "<!doctype html><title>Sokrutan</title><h1>Svar</h1>"
        f'<p><a id="link" href="{hosts.origin(SITE)}/">Kommunens sida</a>'
        f'<p><a id="frame" href="{town}/kontakt">Storkommun</a>'
        f'<p><a id="near" href="{town}/granne">Storkommun, granne</a>'
        f'<p><a id="path" href="{hosts.origin(OWN)}/kontakt/">Enkommun</a>'
        f'<p><a id="post" href="{town}/blankett">Storkommun, blankett</a>'
    )


def door(pages: dict[str, str], path: str) -> str:
    """Return the municipality's page with the button that stands on it."""
    shown = pages.get(path, "")
    return f"<!doctype html><title>Storkommun</title><h1>Kontakt</h1>{shown}"


@contextmanager
def _under_a_path(folder: Path, hosts: Hosts) -> Iterator[None]:
    """Run a municipality's site with the door, and Stilla under a path of it."""
    environment = _environment(folder, hosts, OWN)
    _flask(environment, "setup")
    page = folder / "door.html"
    page.write_text(door({"": _flask(environment, "doors", "--language", "en")}, ""))
    files, at = hosts.certificate(OWN), (hosts.addresses[OWN], hosts.port)
    target = "tests.journeys.traces.serve:under_a_path"
    with _served(target, at, files, environment | {"DOOR_PAGE": str(page)}):
        yield


def _plain(snippet: str) -> str:
    """Return a button without its script."""
    return re.sub("(?s)<script.*", "", snippet)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Keep quiet: browsers hang up when they are closed."""


@contextmanager
def neighbour(
    hosts: Hosts, name: str, pages: Pages, slow: float = 0, first: str = ""
) -> Iterator[None]:
    """Serve a neutral site's pages over TLS until the block ends.

    `first` is where its start page leads, as one without "www" does: Firefox then
    notes less of who led there (ADR 0009).
    """

    class Answer(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            """Answer with the page, late where that is asked for."""
            time.sleep(slow if self.path == "/" else 0)
            body = pages(self.path).encode()
            moved = first if self.path == "/" else ""
            self.send_response(301 if moved else 404 if "favicon" in self.path else 200)
            if moved:
                self.send_header("Location", moved)
            kind = "javascript" if self.path.endswith(".js") else "html"
            self.send_header("Content-Type", f"text/{kind}; charset=utf-8")
            # What other sites keep is not what is measured here.
            self.send_header("Cache-Control", "no-store")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    server = _Server((hosts.addresses[name], hosts.port), Answer)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*hosts.certificate(name))
    server.socket = context.wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def _stilla(
    folder: Path, hosts: Hosts, name: str = SITE, face: str = FACE
) -> Iterator[str]:
    """Run Stilla as an operator does, and once more with no script allowed.

    What comes out is the button for the municipality's page.
    """
    environment = _environment(folder, hosts, name)
    _flask(environment, "setup")
    snippet = _flask(environment, "doors", "--language", "en")
    scriptless = "tests.journeys.traces.serve:scriptless"
    with ExitStack() as running:
        served = [(face, hosts.addresses[name])]
        if name == SITE:
            served.append((scriptless, hosts.scriptless))
        files = hosts.certificate(name)
        for target, address in served:
            at = (address, hosts.port)
            running.enter_context(_served(target, at, files, environment))
        yield snippet


def _flask(environment: dict[str, str], *asked: str) -> str:
    command = [sys.executable, "-m", "flask", "--app", "app", *asked]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@contextmanager
def _served(
    target: str,
    at: tuple[str, int],
    files: tuple[Path, Path],
    environment: dict[str, str],
) -> Iterator[None]:
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "tests.journeys.traces.serve", target),
            *map(str, (*at, *files)),
        ],
        cwd=ROOT,
        env=environment,
        start_new_session=True,
    )
    try:
        _await(process, *at)
        yield
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


def _environment(folder: Path, hosts: Hosts, name: str) -> dict[str, str]:
    around = {"STILLA_MODE": "production", "STILLA_DATA_DIR": str(folder / "data")}
    key_files.make(folder / "secrets", "", around)
    plain = {k: v for k, v in os.environ.items() if not k.startswith("STILLA_")}
    return (
        plain
        | key_files.read(folder / "secrets", "public")
        | {
            "STILLA_PUBLIC_URL": hosts.origin(name),
            "STILLA_UNITS": str(own_units(folder)),
            "STILLA_TRUSTED_PROXIES": "1",
            "STILLA_SHOW_UNREVIEWED": "on",  # a visit changes the language
            "STILLA_LEAVE_URL": f"{hosts.origin(AWAY)}/",
            "STILLA_FRAME_ANCESTORS": hosts.origin(TOWN),
        }
    )


def _await(process: subprocess.Popen[bytes], address: str, port: int) -> None:
    ends = time.monotonic() + _STARTS_WITHIN
    while time.monotonic() < ends and process.poll() is None:
        if answers(port, address):
            return
        time.sleep(0.1)
    raise AssertionError("the site did not start")
