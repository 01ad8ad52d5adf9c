"""The stand-in's command line, as the demonstration uses it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.sms.twilio import signature_fits
from tests.ports import answers, free_port
from tests.standin.site import Site

ROOT = Path(__file__).resolve().parents[2]
TO = "+46701740605"


@pytest.fixture
def site() -> Iterator[Site]:
    """Return a site that webhooks can be sent to."""
    with Site() as running:
        yield running


def command(*arguments: str, **settings: str) -> subprocess.Popen[str]:
    """Start the stand-in's command line, with these settings and no others."""
    plain = {k: v for k, v in os.environ.items() if not k.startswith("STILLA_")}
    return subprocess.Popen(
        [sys.executable, "-m", "tests.standin", *arguments],
        cwd=ROOT,
        env={**plain, **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_text_is_sent_in_from_the_command_line(site: Site, tmp_path: Path) -> None:
    env = tmp_path / "public.env"
    env.write_text("STILLA_TWILIO_AUTH_TOKEN=new,old\nSTILLA_SMS_NUMBER=+46701740600\n")
    sending = command(
        *("text", "--env-file", str(env), "--from", TO, "hej, ring mig"),
        STILLA_PUBLIC_URL=site.url,
    )
    out, err = sending.communicate(timeout=20)
    assert (sending.returncode, err) == (0, "")
    assert TO not in out
    (got,) = site.got
    assert (got["From"], got["To"]) == ([TO], ["+46701740600"])
    url = f"{site.url}/hooks/sms"
    assert signature_fits(["new"], url, got, site.signatures[0])


def test_a_text_that_is_not_taken_is_told(site: Site) -> None:
    site.status = 403
    settings = {"STILLA_PUBLIC_URL": site.url, "STILLA_TWILIO_AUTH_TOKEN": "x"}
    refused = command("text", "hej", **settings)
    assert "403" in refused.communicate(timeout=20)[1]
    assert refused.returncode == 1
    without = command("text", "hej", STILLA_PUBLIC_URL=site.url)
    assert "STILLA_TWILIO_AUTH_TOKEN" in without.communicate(timeout=20)[1]
    assert without.returncode == 2


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_it_is_served_and_ends_cleanly(ending: signal.Signals) -> None:
    port = free_port()
    served = command("serve", "--port", str(port))
    while not answers(port):
        assert served.poll() is None
        time.sleep(0.05)
    served.send_signal(ending)
    out, err = served.communicate(timeout=20)
    assert (served.returncode, out, err) == (0, "", "")
