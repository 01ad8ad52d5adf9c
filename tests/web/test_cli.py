"""The commands of production, in the order in which the README names them."""

import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import click
import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from app import create_app
from intake import links, queue, rotation, staff_log
from intake.arrivals import accept
from intake.codes import code_at, offered_secret
from intake.keyring import Keyring, desk_of
from intake.messages import OutboundMail
from intake.paper_keys import to_paper
from intake.people import Desk, Installation, Member
from intake.queue import Desktop
from intake.staff_log import StaffAct
from intake.store import writing
from intake.submissions import Submission
from intake.topics import Audience, Side
from intake.vault import KeyPair, key_from_passphrase, unlock
from tests.apps import own_units
from web import key_files
from web.environment import Mode, SettingsError
from web.settings import ROOT, Settings
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
        "STILLA_DATA_DIR": str(tmp_path / "var"),
        "STILLA_UNITS": str(own_units(tmp_path)),
        "STILLA_STAFF_URL": "https://desk.example.se",
        "STILLA_TRUSTED_PROXIES": "1",
    }
    environ = key_files.read(tmp_path / "etc", "staff") | more
    return create_app(Settings.from_env(environ))


@pytest.fixture
def cli(app: Flask) -> FlaskCliRunner:
    return app.test_cli_runner()


def told(
    cli: FlaskCliRunner, *arguments: str, fails: bool = False, types: str = ""
) -> str:
    """Run a command, type what it asks for, and return what it says."""
    result = cli.invoke(args=list(arguments), input=types and f"{types}\n")
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert bool(result.exit_code) is fails, result.output
    return str(result.output)


def recovery_keys(output: str) -> dict[str, str]:
    """Return the keys that were printed, as they stand there, by unit."""
    printed = re.findall(r"^([a-z-]+)\n((?:  [0-9A-Z ]+\n){2})", output, re.MULTILINE)
    return dict(printed)


def one_line(key: str) -> str:
    """Return a key as somebody types it from the paper."""
    return " ".join(key.split())


def use_link(app: Flask, output: str, now: datetime) -> None:
    """Do what a member does with the link that a command printed."""
    found = re.search(r"https://desk\.example\.se/invitation/(\S+)", output)
    assert found
    key = app.extensions["stilla"].settings.account_key
    code = code_at(offered_secret(key, found[1]), now)
    proof = links.prove_code(key, found[1], code, now)
    with writing(app.extensions["stilla"].engine) as session:
        links.enrol(session, key, found[1], PASSPHRASE, proof, now)
        session.commit()


def test_set_up_prints_every_units_recovery_key_once(cli: FlaskCliRunner) -> None:
    first, second = told(cli, "setup"), told(cli, "setup")
    units = {"adult", "children", "reception", "on-call", "closed-circle"}
    assert recovery_keys(first).keys() == units
    assert recovery_keys(second) == {}
    assert "already" in second


def test_what_set_up_makes_is_its_owners_alone(
    cli: FlaskCliRunner, tmp_path: Path
) -> None:
    told(cli, "setup")
    made = [tmp_path / "var", *(tmp_path / "var").iterdir()]
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in made}
    assert modes.pop("var") == 0o700
    assert set(modes.values()) == {0o600}


def test_production_does_not_start_as_the_made_up_municipality(
    app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    own: Settings = app.extensions["stilla"].settings
    shipped = replace(own, units=ROOT / "intake" / "data" / "units.toml")
    with pytest.raises(SettingsError, match=r"^STILLA_UNITS is the made-up .*$"):
        create_app(shipped)
    # Through the environment it is one line, and no command runs.
    key_files.make(tmp_path / "etc")
    for name, text in key_files.read(tmp_path / "etc", "staff").items():
        monkeypatch.setenv(name, text)
    monkeypatch.setenv("STILLA_STAFF_URL", "https://desk.example.se")
    monkeypatch.setenv("STILLA_TRUSTED_PROXIES", "1")
    with pytest.raises(SystemExit, match=r"^stilla: STILLA_UNITS is the made-up .*$"):
        create_app()


@pytest.mark.rule("S33")
def test_the_first_two_are_let_in_with_the_recovery_key(
    app: Flask, cli: FlaskCliRunner
) -> None:
    keys = recovery_keys(told(cli, "setup"))
    for who in (ANNA, BO):
        use_link(app, told(cli, "staff", "invite", *who, *DESKS), system_clock())
        typed = one_line(keys["adult"])
        said = told(cli, "staff", "approve", who[0], "adult", types=typed)
        assert "Approved at 2 desks of adult.\n" in said
    found = told(cli, "routing", "check", fails=True)
    assert "'children'" in found
    assert "'adult', side" not in found


def test_another_recovery_key_lets_nobody_in(app: Flask, cli: FlaskCliRunner) -> None:
    keys = recovery_keys(told(cli, "setup"))
    use_link(app, told(cli, "staff", "invite", *ANNA, *DESKS), system_clock())
    approve = ("staff", "approve", "anna", "adult")
    said = told(cli, *approve, types=one_line(keys["children"]), fails=True)
    assert "Error: that is a recovery key, but not the one of adult\n" in said
    assert "13 groups" in told(cli, *approve, types="hej", fails=True)


def test_a_mistyped_recovery_key_is_named_and_asked_for_again(
    app: Flask, cli: FlaskCliRunner
) -> None:
    groups = recovery_keys(told(cli, "setup"))["adult"].split()
    use_link(app, told(cli, "staff", "invite", *ANNA, *DESKS), system_clock())
    slip = "2" if groups[4][0] != "2" else "3"
    wrong = [*groups[:4], slip + groups[4][1:], *groups[5:]]
    typed = f"{' '.join(wrong)}\n{'-'.join(groups).lower()}\n"
    result = cli.invoke(args=["staff", "approve", "anna", "adult"], input=typed)
    assert "mistyped: group 5 of 13. Try again." in result.output
    assert "Approved at 2 desks of adult." in result.output
    assert groups[0] not in result.output


def test_nobody_is_approved_before_she_used_her_link(cli: FlaskCliRunner) -> None:
    key = recovery_keys(told(cli, "setup"))["adult"]
    told(cli, "staff", "invite", *ANNA, *DESKS)
    approve = ("staff", "approve", "anna")
    early = told(cli, *approve, "adult", types=one_line(key), fails=True)
    assert early == "Error: anna has not used her link yet\n"
    elsewhere = told(cli, *approve, "kids", types=one_line(key), fails=True)
    assert elsewhere == "Error: anna has no desk at a unit kids\n"


def test_a_third_member_is_for_colleagues_to_approve(
    app: Flask, cli: FlaskCliRunner
) -> None:
    key = one_line(recovery_keys(told(cli, "setup"))["adult"])
    cleo = ["cleo", *BO[1:]]
    for who in (ANNA, BO, cleo):
        use_link(app, told(cli, "staff", "invite", *who, *DESKS), system_clock())
    approve = ("staff", "approve")
    told(cli, *approve, "anna", "adult", types=key)
    told(cli, *approve, "bo", "adult", types=key)
    third = told(cli, *approve, "cleo", "adult", types=key, fails=True)
    assert "one of them approves" in third


def test_a_login_is_given_once(cli: FlaskCliRunner) -> None:
    told(cli, "setup")
    told(cli, "staff", "invite", *ANNA, *DESKS)
    again = cli.invoke(args=["staff", "invite", "Anna", *ANNA[1:], *DESKS])
    assert again.exit_code == 1
    assert again.output == "Error: there is a member with that login already\n"


@pytest.mark.parametrize(
    "login", ["", "a", "Anna B", "ann_a", "-anna", "å" * 5, "a" * 41]
)
def test_a_login_is_short_and_plain(cli: FlaskCliRunner, login: str) -> None:
    told(cli, "setup")
    said = told(cli, "staff", "invite", *ANNA[1:], *DESKS, "--", login, fails=True)
    assert "a login is 2 to 40 of a to z, digits, dot and hyphen" in said


@pytest.mark.parametrize(
    ("option", "typed", "said"),
    [
        ("--working-name", " ", "the working name must be 1 to 64 characters"),
        ("--working-name", "A" * 65, "the working name must be 1 to 64 characters"),
        ("--real-name", "", "the real name must be 1 to 128 characters"),
        ("--real-name", "An\nna", "the real name must be 1 to 128 characters"),
        ("--role", "boss", "'boss' is not one of"),
        ("--desk", "kids:hurt", "there is no desk kids:hurt; there are adult:hurt,"),
        ("--desk", "adult", "write UNIT:hurt or UNIT:hurts"),
        ("--desk", "adult:both", "write UNIT:hurt or UNIT:hurts"),
    ],
)
def test_what_a_member_can_not_be_made_of_is_named(
    cli: FlaskCliRunner, option: str, typed: str, said: str
) -> None:
    told(cli, "setup")
    result = cli.invoke(args=["staff", "invite", *ANNA, *DESKS, option, typed])
    assert isinstance(result.exception, SystemExit)
    (line,) = [line for line in result.output.splitlines() if "Error" in line]
    assert said in line


def test_a_desk_named_twice_counts_once_and_none_is_refused(
    cli: FlaskCliRunner,
) -> None:
    told(cli, "setup")
    told(cli, "staff", "invite", *ANNA, *DESKS, *DESKS)
    assert "at least one desk" in told(cli, "staff", "invite", *BO, fails=True)
    told(cli, "staff", "invite", "it", *ANNA[1:], "--role", "administrator")


def test_a_reset_prints_a_new_link_and_no_codes(
    app: Flask, cli: FlaskCliRunner
) -> None:
    told(cli, "setup")
    use_link(app, told(cli, "staff", "invite", *ANNA, *DESKS), system_clock())
    said = told(cli, "staff", "reset", " Anna ")
    assert "signed out everywhere" in said
    use_link(app, said, system_clock())
    assert "no member" in told(cli, "staff", "reset", "nobody", fails=True)
    assert "only made-up members" in told(cli, "staff", "codes", fails=True)


def opened(app: Flask, login: str, reference: str) -> str:
    """Return an account as a member reads it who knows her password."""
    wiring = app.extensions["stilla"]
    with writing(wiring.engine) as session:
        member = session.scalars(select(Member).where(Member.login == login)).one()
        assert member.wrap_salt is not None
        assert member.wrapped_secret is not None
        key = key_from_passphrase(PASSPHRASE, member.wrap_salt)
        pair = KeyPair.from_secret(unlock(member.wrapped_secret, key))
        found = queue.find(session, member.id, reference)
        assert found is not None
        return Keyring(session, member.id, pair).text(found.envelopes[0])


def arrive(app: Flask, words: str) -> str:
    wiring = app.extensions["stilla"]
    with writing(wiring.engine) as session:
        form = Submission("sv", audience=Audience.EXPOSED, text=words)
        request, _ = accept(session, wiring.office, form, system_clock())
        reference = request.reference
        session.commit()
    return reference


@contextmanager
def sitting(app: Flask, login: str) -> Iterator[tuple[Desktop, Desk]]:
    """Let a member work at the desk for the exposed until the block ends."""
    wiring = app.extensions["stilla"]
    with writing(wiring.engine) as session:
        member = session.scalars(select(Member).where(Member.login == login)).one()
        key = key_from_passphrase(PASSPHRASE, member.wrap_salt or b"")
        pair = KeyPair.from_secret(unlock(member.wrapped_secret or b"", key))
        keyring = Keyring(session, member.id, pair)
        desk = Desktop(session, wiring.office, member, keyring)
        yield desk, desk_of(session, "adult", Side.HURT)
        session.commit()


def begin_a_turn(app: Flask, login: str) -> None:
    with sitting(app, login) as (desk, at):
        rotation.begin(desk, at, 1, system_clock())


@pytest.mark.rule("S33")
def test_from_the_printed_paper_to_a_desk_whose_key_nobody_holds(
    app: Flask, cli: FlaskCliRunner, tmp_path: Path
) -> None:
    paper = one_line(recovery_keys(told(cli, "setup"))["adult"])
    for who in (ANNA, BO):
        use_link(app, told(cli, "staff", "invite", *who, *DESKS), system_clock())
        told(cli, "staff", "approve", who[0], "adult", types=paper)
    came = [arrive(app, "Före")]
    begin_a_turn(app, "bo")  # and nobody is left to end it
    came.append(arrive(app, "Under"))
    told(cli, "staff", "leave", "anna")
    said = told(cli, "staff", "leave", "bo")
    assert "Fewer than two can open adult:hurt now; its unit is told." in said
    came.append(arrive(app, "Efter"))
    with writing(app.extensions["stilla"].engine) as session:
        session.scalars(select(Installation)).one().opened_at = system_clock()
        session.commit()
    new = ["cleo", *ANNA[1:], "--desk", "adult:hurt"]
    use_link(app, told(cli, "staff", "invite", *new), system_clock())
    typed = told(cli, "staff", "approve", "cleo", "adult", types=paper.lower())
    assert "Approved at 1 desks of adult." in typed
    assert paper.split()[3] not in typed
    assert [opened(app, "cleo", one) for one in came] == ["Före", "Under", "Efter"]
    with writing(app.extensions["stilla"].engine) as session:
        newest = staff_log.chain(session)[-1]
        assert (newest.act, newest.actor_id) == (StaffAct.RECOVERED, None)
        told_units = select(OutboundMail.unit).order_by(OutboundMail.id.desc())
        assert session.scalars(told_units).first() == "adult"
    verified = told(cli, "log", "verify", "--secrets", str(tmp_path / "etc"))
    assert "chains are whole" in verified


@pytest.mark.rule("S33")
def test_a_desk_with_a_paper_of_its_own_is_opened_by_that(
    app: Flask, cli: FlaskCliRunner
) -> None:
    first = one_line(recovery_keys(told(cli, "setup"))["adult"])
    use_link(app, told(cli, "staff", "invite", *BO, *DESKS), system_clock())
    told(cli, "staff", "approve", "bo", "adult", types=first)
    with sitting(app, "bo") as (desk, at):
        own = " ".join(to_paper(rotation.renew_paper(desk, at, 1, system_clock())))
    use_link(app, told(cli, "staff", "invite", *ANNA, *DESKS), system_clock())
    approve = ("staff", "approve", "anna", "adult")
    said = told(cli, *approve, types=first)
    assert "Approved at 1 desks of adult.\nadult:hurt has a paper of its own" in said
    said = told(cli, *approve, types=first, fails=True)
    assert "that is a recovery key, but not the one of adult\n" in said
    assert "Approved at 1 desks of adult.\n" in told(cli, *approve, types=own)
    came = arrive(app, "Efter")
    assert opened(app, "anna", came) == "Efter"


def test_the_recovery_key_is_taken_from_no_option_and_no_variable(
    app: Flask, cli: FlaskCliRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = one_line(recovery_keys(told(cli, "setup"))["adult"])
    use_link(app, told(cli, "staff", "invite", *ANNA, *DESKS), system_clock())
    approve = ("staff", "approve", "anna", "adult")
    assert "No such option" in told(cli, *approve, "--recovery-key", key, fails=True)
    for name in ("RECOVERY_KEY", "FLASK_STAFF_APPROVE_RECOVERY_KEY"):
        monkeypatch.setenv(name, key)
    assert "Aborted" in told(cli, *approve, fails=True)
    staff = app.cli.commands["staff"]
    assert isinstance(staff, click.Group)
    assert [one.name for one in staff.commands["approve"].params] == ["login", "unit"]


def test_who_has_left_is_neither_reset_nor_let_go_again(
    app: Flask, cli: FlaskCliRunner
) -> None:
    told(cli, "setup")
    use_link(app, told(cli, "staff", "invite", *ANNA, *DESKS), system_clock())
    assert "anna is out" in told(cli, "staff", "leave", "anna")
    for command in (["leave", "anna"], ["reset", "anna"], ["approve", "anna", "adult"]):
        assert "anna has left" in told(cli, "staff", *command, fails=True)


@pytest.mark.rule("S33")
def test_a_reset_names_the_desks_that_too_few_can_open(
    app: Flask, cli: FlaskCliRunner
) -> None:
    key = one_line(recovery_keys(told(cli, "setup"))["adult"])
    use_link(app, told(cli, "staff", "invite", *ANNA, *DESKS), system_clock())
    told(cli, "staff", "approve", "anna", "adult", types=key)
    said = told(cli, "staff", "reset", "anna")
    assert "Fewer than two can open adult:hurt now" in said
    assert "Fewer than two can open adult:hurts now" in said


def test_the_demonstrations_settings_open_no_production(
    app: Flask, cli: FlaskCliRunner
) -> None:
    told(cli, "setup")
    told(cli, "staff", "invite", *ANNA, *DESKS)
    wiring = app.extensions["stilla"]
    demo = replace(wiring.settings, mode=Mode.DEMO)
    app.extensions["stilla"] = replace(wiring, settings=demo)
    for command in (["codes"], ["invite", *BO, *DESKS], ["reset", "anna"]):
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
