"""Names and certificates that only the browsers under test know.

Each browser runs in a mount namespace of its own, in which the list of names and the
list of trusted authorities are others. Nothing on the machine changes, so nothing is
left on it, even if the test is killed.
"""

import itertools
import os
import random
import shutil
import socket
import subprocess
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

SITE = "lugnstig.test"  # Stilla's own
SEARCH = "sokrutan.test"  # where she comes from
AWAY = "vaderlek.test"  # where Leave leads
TOWN = "storkommun.test"  # the municipality's page, with the doors
NEAR = "lugnstig.storkommun.test"  # Stilla as a subdomain of the municipality's own
OWN = "enkommun.test"  # a municipality that shows Stilla under a path of its own
PEER = "jamforelse.test"  # GOV.UK's component, on a page with the same content
NAMES = (SITE, SEARCH, AWAY, TOWN, NEAR, OWN, PEER)
_LIST = Path("/etc/hosts")
_TRUSTED = Path("/etc/ssl/certs/ca-certificates.crt")
_BIND = (
    'mount --bind "$1" /etc/hosts'
    ' && mount --bind "$2" /etc/ssl/certs/ca-certificates.crt && shift 2 && exec "$@"'
)


@dataclass(frozen=True, slots=True)
class Hosts:
    """The test's names, each with an address and a certificate of its own."""

    folder: Path
    addresses: dict[str, str]
    port: int

    @property
    def scriptless(self) -> str:
        """The address at which the site is served with no script allowed."""
        return self.addresses[SITE] + "0"

    @property
    def authority(self) -> Path:
        """The certificate that the browsers are to trust."""
        return self.folder / "authority.pem"

    def origin(self, name: str) -> str:
        """Return a name's origin, as browsers write it."""
        return f"https://{name}" + (f":{self.port}" if self.port != 443 else "")

    def certificate(self, name: str) -> tuple[Path, Path]:
        """Return the files of a name's certificate and key."""
        return self.folder / f"{name}.pem", self.folder / f"{name}.key"

    def around(self, command: list[str], names: str = "hosts") -> list[str]:
        """Return a command's line that runs it where the names are known.

        With `scriptless` for names the site is the one whose policy allows no script.
        """
        mapped = [] if os.geteuid() == 0 else ["-U", "-r"]
        files = [str(self.folder / names), str(self.folder / "trusted")]
        return ["unshare", *mapped, "-m", "sh", "-c", _BIND, "sh", *files, *command]

    def trust_store(self, folder: Path) -> None:
        """Make an NSS store that trusts the authority: Chromium's and Firefox's way."""
        shutil.copytree(self.folder / "nss", folder, dirs_exist_ok=True)


def make_hosts(folder: Path) -> Hosts:
    """Make authority, certificates and lists, on loopback addresses of their own."""
    folder.mkdir(parents=True, exist_ok=True)
    block, port = _free_block()
    addresses = {name: f"127.77.{block}.{n}" for n, name in enumerate(NAMES, 2)}
    made = Hosts(folder, addresses, port)
    _make_authority(folder)
    for name in NAMES:
        _sign(folder, name)
    _write_names(folder / "hosts", addresses)
    _write_names(folder / "scriptless", addresses | {SITE: made.scriptless})
    (folder / "trusted").write_text(_TRUSTED.read_text() + made.authority.read_text())
    _make_store(folder)
    return made


def _free_block() -> tuple[int, int]:
    """Return a block of loopback addresses that nobody serves on, and the port."""
    blocks = random.sample(range(2, 250), 20)
    for port, block in itertools.product((443, 8443), blocks):
        with closing(socket.socket()) as probe, suppress(OSError):
            probe.bind((f"127.77.{block}.2", port))
            return block, port
    raise AssertionError("no loopback address is free")


def _write_names(file: Path, addresses: dict[str, str]) -> None:
    lines = "".join(f"{address} {name}\n" for name, address in addresses.items())
    file.write_text(_LIST.read_text() + lines)


def _make_authority(folder: Path) -> None:
    _run(
        *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30"),
        *("-keyout", folder / "authority.key", "-out", folder / "authority.pem"),
        *("-subj", "/CN=Throw-away authority of a test"),
        *("-addext", "basicConstraints=critical,CA:TRUE"),
        *("-addext", "keyUsage=critical,keyCertSign,cRLSign"),
    )


def _sign(folder: Path, name: str) -> None:
    """Sign a certificate of a name's own: a shared one would name the others."""
    _run(
        *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30"),
        *("-keyout", folder / f"{name}.key", "-out", folder / f"{name}.pem"),
        *("-CA", folder / "authority.pem", "-CAkey", folder / "authority.key"),
        *("-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}"),
        *("-addext", "basicConstraints=critical,CA:FALSE"),
        *("-addext", "extendedKeyUsage=serverAuth"),
    )


def _make_store(folder: Path) -> None:
    store = folder / "nss"
    store.mkdir(exist_ok=True)
    _run("certutil", "-N", "-d", f"sql:{store}", "--empty-password")
    _run(
        *("certutil", "-A", "-d", f"sql:{store}", "-n", "throw-away", "-t", "C,,"),
        *("-i", folder / "authority.pem"),
    )


def _run(*command: str | Path) -> None:
    subprocess.run(
        [str(part) for part in command], check=True, capture_output=True, timeout=60
    )
