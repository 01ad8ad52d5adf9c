"""The page of texts: what did not get there, and the switch that stops them all."""

import dataclasses

import pytest
from sqlalchemy import select

from intake import returning
from intake.messages import Delivery, OutboundText
from intake.models import Request
from intake.returning import Return
from intake.text_stops import are_stopped, stop_that_holds
from intake.vault import KeyPair
from tests.blueprints.conftest import StaffBureau
from tests.factories import text
from web.environment import SmsCarrier
from web.texts_cli import texts
from web.wiring import Wiring


@pytest.fixture
def path(staff: StaffBureau) -> str:
    """Return the page of a request with a text in the queue."""
    slots = (*staff.around(), *staff.around(hours=2))
    path = f"/r/{staff.send(staff.callback(slots, texts=True))}"
    maria = staff.signed_in("maria")
    maria.press(path, "/claim")
    maria.press(path, "/call")
    maria.press(path, "/outcome", {"outcome": "word-came"})
    maria.press(path, "/text", {"template": "later"})
    return path


def ends(staff: StaffBureau, state: Delivery, error: str) -> None:
    with staff.writing() as session:
        row = session.scalars(select(OutboundText)).one()
        row.state, row.error, row.lease_until = state, error, staff.clock()


def test_a_head_stops_all_texts_and_lets_them_go(staff: StaffBureau, path: str) -> None:
    maria = staff.signed_in("maria")
    page = maria.open("/texts")
    assert "Sms är inte påkopplat." in page.words
    page = maria.press("/texts", "/texts/stop")
    assert "Alla sms är stoppade sedan i dag kl. 10" in page.words
    assert "av Maria" in page.words
    with staff.writing() as session:
        assert are_stopped(session)
    assert "Alla sms är stoppade." in maria.open("/").words
    assert "Alla sms är stoppade just nu." in maria.open(path).words
    assert maria.open(path).soup.select('form[action$="/text"]') == []
    assert "Sms går ut igen." in maria.press("/texts", "/texts/go").words
    assert maria.open(path).soup.select('form[action$="/text"]')


def test_others_see_the_stop_and_no_button(staff: StaffBureau) -> None:
    staff.signed_in("maria").press("/texts", "/texts/stop")
    page = staff.signed_in("amina").open("/texts")
    assert "Alla sms är stoppade" in page.words
    assert page.soup.select('form[action^="/texts/"]') == []


def test_what_did_not_get_there_is_seen_with_what_to_do(
    staff: StaffBureau, path: str
) -> None:
    ends(staff, Delivery.FAILED, "30006")
    amina = staff.signed_in("amina")
    assert "1 sms kom inte fram" in amina.open("/").words
    page = amina.open("/texts")
    assert path.removeprefix("/r/") in page.words
    assert "Maria har det" in page.words
    assert "numret kan inte ta emot sms" in page.words
    assert "Ring i stället" in page.words
    told = amina.press("/texts", "/text-settled").words
    assert "Inget sms ligger här." in told
    assert "kom inte fram" not in amina.open("/").words
    assert "Sms som inte gick fram togs om hand" in amina.open(path).words


@pytest.mark.rule("S4", "S12")
def test_one_that_newer_words_called_off_is_told_with_them(
    staff: StaffBureau, path: str
) -> None:
    with staff.writing() as session:
        request: Request = staff.request(session, path.removeprefix("/r/"))
        visit, more = Return(0, request, KeyPair.generate()), text("Skicka inget.")
        now = staff.clock.forward(minutes=1)
        returning.write_more(session, staff.office, visit, more, now)
    amina = staff.signed_in("amina")
    papers = amina.open(path).soup.select(".paper")
    (ours,) = [one for one in papers if "sent" in one["class"]]
    assert "Inte skickat: något nytt kom efter att det skrevs" in ours.get_text()
    assert "Skicka inget." in papers[papers.index(ours) + 1].get_text()
    assert "Läs det nya." in amina.open("/texts").words


@pytest.mark.rule("S31")
def test_on_the_other_side_of_the_wall_it_is_not_there(
    staff: StaffBureau, path: str
) -> None:
    ends(staff, Delivery.FAILED, "30006")
    erik = staff.signed_in("erik")
    for page in ("/", "/texts", "/texts?side=hurt"):
        assert path.removeprefix("/r/") not in erik.open(page).words
    assert "Inget sms ligger här." in erik.open("/texts").words


def test_one_that_came_meanwhile_is_not_dealt_with_unseen(
    staff: StaffBureau, path: str
) -> None:
    ends(staff, Delivery.FAILED, "30006")
    amina = staff.signed_in("amina")
    page = amina.open("/texts")
    answer = amina.send(page, "/text-settled", {"shown": "2"})
    assert answer.response.status_code == 409
    assert "Något nytt kom medan du läste." in answer.words


def test_our_own_fault_is_told_to_all(staff: StaffBureau, path: str) -> None:
    ends(staff, Delivery.EXPIRED, "20003")
    page = staff.signed_in("amina").open("/texts")
    assert "Fel hos oss hindrade ett sms i dag (kod 20003)." in page.words


def test_the_list_renews_itself_when_a_text_fails_or_all_are_stopped(
    staff: StaffBureau, path: str
) -> None:
    maria = staff.signed_in("maria")
    versions = []
    for change in (
        lambda: None,
        lambda: ends(staff, Delivery.FAILED, "30006"),
        lambda: maria.press("/texts", "/texts/stop"),
    ):
        change()
        versions.append(maria.open("/news").response.text)
    assert len(set(versions)) == 3


def test_the_command_stops_texts_and_tells_where_they_stand(
    staff: StaffBureau, path: str
) -> None:
    run = staff.app.test_cli_runner().invoke
    with staff.app.app_context():
        assert "on\n     1 waiting\n" in run(texts, ["status"]).output
        run(texts, ["stop"])
        with staff.writing() as session:
            holds = stop_that_holds(session)
            assert holds is not None
            assert holds.member_id is None
        assert "stopped since 2026-11-23" in run(texts, ["status"]).output
        run(texts, ["go"])
        assert "stopped" not in run(texts, ["status"]).output
    page = staff.signed_in("amina").open("/texts")
    assert "Alla sms är stoppade" not in page.words


def test_in_a_dry_run_the_page_says_that_nothing_leaves(
    staff: StaffBureau, path: str
) -> None:
    wiring: Wiring = staff.app.extensions["stilla"]
    rehearsed = dataclasses.replace(wiring.settings, sms_dry_run=True)
    wiring = dataclasses.replace(wiring, settings=rehearsed)
    staff.app.extensions["stilla"] = wiring
    ends(staff, Delivery.CANCELLED, "dry-run")
    with staff.writing() as session:
        # As the outbox ends what nobody was asked to carry.
        session.scalars(select(OutboundText)).one().lease_until = None
    page = staff.signed_in("maria").open(path)
    assert "Provläge: sms:et lämnar aldrig systemet." in page.words
    assert "Inte skickat: provläge, inga sms lämnar systemet." in page.words
    assert "kom inte fram" not in staff.signed_in("amina").open("/").words


def test_over_a_cap_the_page_says_so(staff: StaffBureau, path: str) -> None:
    wiring: Wiring = staff.app.extensions["stilla"]
    few = dataclasses.replace(
        wiring.settings, sms_per_hour=1, sms_gateway=SmsCarrier.TWILIO
    )
    staff.app.extensions["stilla"] = dataclasses.replace(wiring, settings=few)
    amina = staff.signed_in("amina")
    assert "✓ Sms går ut" in amina.open("/texts").words
    ends(staff, Delivery.SENT, "")
    assert "Gränsen är nådd" in amina.open("/texts").words
