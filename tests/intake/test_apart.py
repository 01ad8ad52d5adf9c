"""What must not join a request that is there, and so goes its own way."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine, func, select

from intake.apart import GoesApart, may_join
from intake.arrivals import Result, send
from intake.models import Envelope, Request
from intake.submissions import Submission
from intake.topics import Audience, Danger
from tests.intake.letters import letter, post, receipt, token
from tests.workbench import House, found, minutes

KEPT_FROM = replace(letter(), avoid=True, avoid_text="Amina i vuxenenheten")
APART = [
    pytest.param(KEPT_FROM, id="must not be seen"),
    pytest.param(replace(letter(), avoid=True), id="must not be seen, no name"),
    pytest.param(replace(letter(), danger=Danger.NOW), id="dangerous now"),
    pytest.param(replace(letter(), under_18=True), id="a child's own"),
    pytest.param(replace(letter(), audience=Audience.USES_VIOLENCE), id="other side"),
]


@pytest.fixture
def house(engine: Engine) -> House:
    return found(engine)


@pytest.mark.rule("S23", "S26", "S29")
@pytest.mark.parametrize("submission", APART)
@pytest.mark.parametrize("by_receipt", [False, True])
def test_it_never_joins_whoever_sends_it(
    house: House, submission: Submission, by_receipt: bool
) -> None:
    with house.writing() as session:
        request = post(house, session, letter()).request
        form, onto = ("second", request) if by_receipt else ("form", None)
        ticket, (_, key) = token(form, "changed"), receipt(form)
        with pytest.raises(GoesApart):
            send(session, house.office, submission, ticket, key, house.clock(), onto)
        assert session.scalar(select(func.count()).select_from(Envelope)) == 1
        assert {key.desk.unit for key in request.keys} == {"adult"}


@pytest.mark.rule("S8")
@pytest.mark.parametrize("submission", APART)
def test_it_joins_one_of_its_own_kind(house: House, submission: Submission) -> None:
    with house.writing() as session:
        request = post(house, session, submission).request
        assert may_join(request, submission)
        more = post(house, session, submission, content="more")
        assert (more.result, more.request) == (Result.JOINED, request)
        assert session.scalar(select(func.count()).select_from(Request)) == 1


@pytest.mark.rule("S23", "S25")
@pytest.mark.parametrize("by_receipt", [False, True])
def test_danger_goes_apart_where_on_call_can_open_it_no_more(
    house: House, by_receipt: bool
) -> None:
    """The day took it, and on-call's key fell; then nobody worked on it any more."""
    danger = replace(letter(), danger=Danger.NOW)
    with house.writing() as session:
        request = post(house, session, danger).request
        form, onto = ("second", request) if by_receipt else ("form", None)
        at = session, house.office, danger, token(form, "changed"), receipt(form)[1]
        for key in [key for key in request.keys if key.desk.unit == "on-call"]:
            session.delete(key)
        session.flush()
        session.expire(request, ["keys"])
        with pytest.raises(GoesApart):
            send(*at, house.clock(), onto)
        request.lease_until = house.clock() + minutes(30)
        result, sent = send(*at, house.clock(), onto)
        assert result in (Result.JOINED, Result.NEW)
        assert sent.request is request
