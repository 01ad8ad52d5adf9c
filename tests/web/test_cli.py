"""The commands of production, in the order in which the README names them."""

import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from app import create_app
from intake.access import enrol
from intake.codes import code_at, offered_secret
from intake.store import writing
from web import key_files
from web.environment import Mode
from web.settings import Settings
from web.wiring import system_clock

ANNA = ["anna", "--working-name", "Anna", "--real-name", "Anna Andersson"]
BO = ["bo", "--working-name", "Bo", "--real-name", "Bo Berg", "--role", "head"]
DESKS = ["--desk", "adult:hurt", "--desk", "adult:hurts"]
PASSPHRASE = "ett långt lösenord för prov"


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    """Start the staff face of a production that is not set up yet."""
    key_files.make(tmp_path / "etc")
    more = {
        "STILLA_DATA_DIR": str(tmp_path),
        "STILLA_STAFF_URL": "https://desk.example.se",
        "STILLA_TRUSTED_PROXIES": "1",
    }
    environ = key_files.read(tmp_path / "etc", "staff") | more
    return create_app(Settings.from_env(environ))


@pytest.fixture
def cli(app: Flask) -> FlaskCliRunner:
    return app.test_cli_runner()


def told(cli: FlaskCliRunner, *arguments: str, fails: bool = False) -> str:
    """Run a command and return what it says."""
    result = cli.invoke(args=list(arguments))
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert bool(result.exit_code) is fails, result.output
    return str(result.output)


def recovery_keys(output: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z-]+) +([0-9a-f]{64})$", output, re.MULTILINE))


def use_link(app: Flask, output: str, now: datetime) -> None:
    """Do what a member does with the link that a command printed."""
    found = re.search(r"https://desk\.example\.se/invitation/(\S+)", output)
    assert found
    key = app.extensions["stilla"].settings.account_key
    code = code_at(offered_secret(key, found[1]), now)
    with writing(app.extensions["stilla"].engine) as session:
        enrol(session, key, found[1], PASSPHRASE, code, now)
        session.commit()


def test_set_up_prints_every_units_recovery_key_once(cli: FlaskCliRunner) -> None:
    first, second = told(cli, "setup"), told(cli, "setup")
    units = {"adult", "children", "reception", "on-call", "closed-circle"}
    assert recovery_keys(first).keys() == units
    assert recovery_keys(second) == {}
    assert "already" in second


@pytest.mark.rule("S33")
def test_the_first_two_are_let_in_with_the_recovery_key(
    app: Flask, cli: FlaskCliRunner
) -> None:
    keys = recovery_keys(told(cli, "setup"))
    for who in (ANNA, BO):
        use_link(app, told(cli, "staff", "invite", *who, *DESKS), system_clock())
        said = told(
            cli, "staff", "approve", who[0], "adult", "--recovery-key", keys["adult"]
        )
        assert said == "Approved at 2 desks of adult.\n"
    found = told(cli, "routing", "check", fails=True)
    assert "'children'" in found
    assert "'adult', side" not in found


@pytest.mark.parametrize("wrong", ["00", "hej", "ab" * 32])
def test_another_recovery_key_lets_nobody_in(
    app: Flask, cli: FlaskCliRunner, wrong: str
) -> None:
    told(cli, "setup")
    use_link(app, told(cli, "staff", "invite", *ANNA, *DESKS), system_clock())
    arguments = ("staff", "approve", "anna", "adult", "--recovery-key", wrong)
    assert "not this unit's" in told(cli, *arguments, fails=True)


def test_a_third_member_is_for_colleagues_to_approve(
    app: Flask, cli: FlaskCliRunner
) -> None:
    key = recovery_keys(told(cli, "setup"))["adult"]
    cleo = ["cleo", *BO[1:]]
    for who in (ANNA, BO, cleo):
        use_link(app, told(cli, "staff", "invite", *who, *DESKS), system_clock())
    approve = ("staff", "approve")
    told(cli, *approve, "anna", "adult", "--recovery-key", key)
    told(cli, *approve, "bo", "adult", "--recovery-key", key)
    third = told(cli, *approve, "cleo", "adult", "--recovery-key", key, fails=True)
    assert "one of them approves" in third


def test_a_login_is_given_once(cli: FlaskCliRunner) -> None:
    told(cli, "setup")
    told(cli, "staff", "invite", *ANNA)
    again = cli.invoke(args=["staff", "invite", *ANNA])
    assert again.exit_code == 1
    assert again.output == "Error: there is a member with that login already\n"


def test_a_reset_prints_a_new_link_and_no_codes(
    app: Flask, cli: FlaskCliRunner
) -> None:
    told(cli, "setup")
    use_link(app, told(cli, "staff", "invite", *ANNA), system_clock())
    use_link(app, told(cli, "staff", "reset", "anna"), system_clock())
    assert "no member" in told(cli, "staff", "reset", "nobody", fails=True)
    assert "only the demonstration" in told(cli, "staff", "codes", fails=True)


def test_the_demonstrations_settings_open_no_production(
    app: Flask, cli: FlaskCliRunner
) -> None:
    told(cli, "setup")
    told(cli, "staff", "invite", *ANNA)
    wiring = app.extensions["stilla"]
    demo = replace(wiring.settings, mode=Mode.DEMO)
    app.extensions["stilla"] = replace(wiring, settings=demo)
    for command in (["codes"], ["invite", *BO], ["reset", "anna"]):
        result = cli.invoke(args=["staff", *command])
        assert result.exit_code == 1
        assert "database is for production" in result.output + str(result.exception)
        assert "anna" not in result.output
        assert "invitation" not in result.output


def test_routing_is_explained_rule_by_rule(cli: FlaskCliRunner) -> None:
    asked = ("routing", "explain", "--audience", "exposed", "--danger", "now")
    said = told(cli, *asked, "--at", "2026-11-23T10:00:00")
    assert "rule 'adult': yes" in said
    assert "also 'acute': yes" in said
    assert "also 'closed': no" in said
    assert "rule 'child': yes" in told(cli, "routing", "explain", "--under-18")
