"""The stand-in from the command line: serve it, or send a text in to the site."""

import argparse
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.standin.account import ACCOUNT, NUMBER, TOKEN, Account
from tests.standin.behaviour import Callbacks, Conduct
from tests.standin.server import StandIn

_ENDING = {signal.SIGINT, signal.SIGTERM}
_DEMO_TOKEN = "demo-" + "0" * 32
_HTTP_OK = 200


def main() -> int:
    """Do what the command line says; returns the exit code."""
    arguments = _parser().parse_args()
    settings = {**_file(arguments.env_file), **os.environ}
    if arguments.command == "serve":
        return serve(arguments.port, arguments.callbacks, settings)
    return text(arguments.sender, arguments.body, settings)


def serve(port: int, callbacks: Callbacks, settings: Mapping[str, str]) -> int:
    """Be Twilio until Ctrl-C or a request to end."""
    # Blocked before the first thread starts, so that the wait below gets them.
    signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    sender = settings.get("STILLA_SMS_SENDER")
    with StandIn(
        port,
        sid=settings.get("STILLA_TWILIO_ACCOUNT_SID", ACCOUNT),
        token=_token(settings) or TOKEN,
        senders=[sender] if sender else [],
        conduct=Conduct(callbacks=callbacks),
    ) as standin:
        standin.numbers = [_set_up(settings, n) for n in ("NUMBER", "SENDER")]
        signal.sigwait(_ENDING)
    return 0


def text(sender: str, body: str, settings: Mapping[str, str]) -> int:
    """Send a signed text in to the site, as Twilio would."""
    token = _token(settings)
    if not token:
        sys.stderr.write("STILLA_TWILIO_AUTH_TOKEN is missing\n")
        return 2
    account = Account(settings.get("STILLA_TWILIO_ACCOUNT_SID", ACCOUNT), token)
    number = settings.get("STILLA_SMS_NUMBER", NUMBER)
    reply = account.incoming(sender, body, _hook(settings), to=number)
    if reply.status != _HTTP_OK:
        sys.stderr.write(f"The site answered {reply.status or 'nothing'}.\n")
        return 1
    sys.stdout.write("The text is in; the worker makes a request of it.\n")
    return 0


def _hook(settings: Mapping[str, str]) -> str:
    local = f"http://localhost:{settings.get('STILLA_PORT', '8000')}"
    return settings.get("STILLA_PUBLIC_URL", local).rstrip("/") + "/hooks/sms"


def _set_up(settings: Mapping[str, str], number: str) -> dict[str, str | None]:
    return {
        "phone_number": settings.get(f"STILLA_SMS_{number}"),
        "sms_url": _hook(settings),
        "sms_method": "POST",
        "sms_fallback_url": _hook(settings),
    }


def _token(settings: Mapping[str, str]) -> str:
    # While tokens are changed there are two; the first is the one in use.
    token = settings.get("STILLA_TWILIO_AUTH_TOKEN", "").replace(",", " ").split()
    is_demo = settings.get("STILLA_MODE") == "demo"
    return token[0] if token else (_DEMO_TOKEN if is_demo else "")


def _file(path: Path | None) -> dict[str, str]:
    lines = path.read_text().splitlines() if path else []
    return dict(line.split("=", 1) for line in lines if "=" in line)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.standin")
    parser.set_defaults(env_file=None)
    commands = parser.add_subparsers(dest="command", required=True)
    serving = commands.add_parser("serve", help="stand in for Twilio's API")
    serving.add_argument("--port", type=int, default=8002)
    serving.add_argument(
        "--callbacks", type=Callbacks, choices=list(Callbacks), default="prompt"
    )
    texting = commands.add_parser("text", help="send a text in to the site")
    texting.add_argument("--from", dest="sender", default="+46701740677")
    texting.add_argument("body")
    for command in (serving, texting):
        command.add_argument("--env-file", type=Path, help="settings to read")
    return parser


if __name__ == "__main__":
    sys.exit(main())
