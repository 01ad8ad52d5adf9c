"""The worker of the settings: which carrier, which numbers, what it warns of."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import Engine

from intake.sms.elks import ElksGateway, ElksHooks
from intake.sms.gateway import Misconfigured
from intake.sms.hooks import NoHooks, TwilioHooks
from intake.text_caps import Caps
from intake.voice import VoiceLine
from tests.hookup import NUMBER, SENDER, site, texting
from tests.workbench import Carrier, House, found, worker_in
from web.environment import SmsCarrier
from web.settings import Settings
from web.wiring import Wiring
from web.working import doubts, hooks_of, worker_of

PASSWORD = "x" * 24


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return settings of a site whose texts go by 46elks."""
    return replace(
        texting(tmp_path),
        sms_gateway=SmsCarrier.ELKS,
        elks_username="u1",
        elks_password="hush",
        elks_hook_password=(PASSWORD,),
    )


@pytest.fixture
def house(engine: Engine) -> House:
    return found(engine)


def _worker_numbers(house: House, settings: Settings) -> tuple[str, ...]:
    wiring: Wiring = site(house, settings).extensions["stilla"]
    secret = replace(settings, worker_secret_key=house.pair.secret)
    worker = worker_of(replace(wiring, settings=secret))
    assert isinstance(worker.gateway, ElksGateway)
    return worker.numbers


@pytest.mark.parametrize(
    ("sender", "numbers"),
    [(SENDER, (NUMBER, SENDER)), ("Anna", (NUMBER,)), ("MG" + "0" * 32, (NUMBER,))],
)
def test_the_numbers_are_those_that_can_be_texted_to(
    house: House, settings: Settings, sender: str, numbers: tuple[str, ...]
) -> None:
    given = replace(settings, sms_sender=sender)
    assert _worker_numbers(house, given) == numbers


def test_the_worker_keeps_to_the_caps_and_the_dry_run_of_the_settings(
    house: House, settings: Settings
) -> None:
    given = replace(
        settings,
        sms_per_number=3,
        sms_per_hour=20,
        sms_per_day=100,
        sms_dry_run=True,
        worker_secret_key=house.pair.secret,
    )
    wiring: Wiring = site(house, given).extensions["stilla"]
    worker = worker_of(replace(wiring, settings=given))
    assert worker.caps == Caps(3, 20, 100)
    assert worker.dry_run


def test_each_carrier_calls_in_its_own_way(settings: Settings) -> None:
    assert isinstance(hooks_of(settings), ElksHooks)
    twilio = replace(settings, sms_gateway=SmsCarrier.TWILIO)
    assert isinstance(hooks_of(twilio), TwilioHooks)
    console = replace(settings, sms_gateway=SmsCarrier.CONSOLE)
    assert isinstance(hooks_of(console), NoHooks)


def test_what_is_wrong_is_said_and_no_number(house: House, settings: Settings) -> None:
    class Doubtful(Carrier):
        def doubts(self, number: str, hook: str) -> Sequence[str]:
            assert hook == f"{settings.public_url}/hooks/sms"
            if number == SENDER:
                raise Misconfigured("401")
            return ["it is set up wrongly"]

    worker = replace(worker_in(house, Doubtful()), numbers=(NUMBER, SENDER))
    lines = list(doubts(worker, settings))
    assert lines == [
        "the printed number: it is set up wrongly",
        "the carrier can't be asked about the sending number (401)",
    ]
    assert list(doubts(replace(worker, gateway=None), settings)) == []
    assert list(doubts(replace(worker, numbers=()), settings)) == []


def test_what_is_wrong_with_the_bridge_is_said_and_no_number(
    house: House, settings: Settings
) -> None:
    class Doubted:
        number = SENDER

        def doubts(self, text_hook: str) -> Sequence[str]:
            assert text_hook == f"{settings.public_url}/hooks/sms"
            return ["it is set up wrongly"]

    class Refusing(Doubted):
        def doubts(self, text_hook: str) -> Sequence[str]:
            raise Misconfigured("401")

    alone = replace(worker_in(house, Carrier()), gateway=None)
    for line, said in (
        (Doubted(), "the bridge's number: it is set up wrongly"),
        (Refusing(), "the carrier can't be asked about the bridge's number (401)"),
    ):
        bridged = replace(alone, line=cast(VoiceLine, line))
        assert list(doubts(bridged, settings)) == [said]
