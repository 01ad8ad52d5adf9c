"""The stand-in is no softer than Twilio, and misbehaves when it is asked to."""

import base64
import json
import threading
import time
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import ProxyHandler, Request, build_opener

import pytest

from intake.sms.twilio import signature_fits
from tests.standin import Answer, Callbacks, StandIn
from tests.standin.site import Site

SENDER, TO = "+46701740601", "+46701740605"
GOOD = {"To": TO, "From": SENDER, "Body": "hej"}
WELL = 200


@pytest.fixture
def site() -> Iterator[Site]:
    """Return a site that webhooks can be sent to."""
    with Site() as running:
        yield running


@pytest.fixture
def standin() -> Iterator[StandIn]:
    """Return a running stand-in."""
    with StandIn(senders=[SENDER]) as running:
        yield running


def ask(
    standin: StandIn,
    method: str,
    path: str = ".json",
    form: Mapping[str, object] | None = None,
    token: str | None = None,
) -> tuple[int, Any]:
    """Ask the stand-in's API; returns the status and the JSON."""
    login = f"{standin.sid}:{standin.token if token is None else token}"
    request = Request(
        f"{standin.url}/2010-04-01/Accounts/{standin.sid}/Messages{path}",
        urlencode(form, doseq=True).encode() if form is not None else None,
        {"Authorization": "Basic " + base64.b64encode(login.encode()).decode()},
        method=method,
    )
    try:
        with build_opener(ProxyHandler({})).open(request, timeout=5) as response:
            return response.status, json.loads(response.read() or "null")
    except HTTPError as error:
        with error:
            return error.code, json.loads(error.read())


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"To": ""}, 21604),
        ({"To": "0701740605"}, 21211),
        ({"To": "+46 70 174 06 05"}, 21211),
        ({"To": "+15005550001"}, 21211),
        ({"From": ""}, 21603),
        ({"From": "46701740601"}, 21212),
        ({"From": "+46701740699"}, 21606),
        ({"MessagingServiceSid": "MG1"}, 21701),
        ({"Body": ""}, 21602),
        ({"Body": "x" * 1601}, 21617),
        ({"ValidityPeriod": "0"}, 20001),
        ({"ValidityPeriod": "36001"}, 20001),
        ({"ValidityPeriod": "soon"}, 20001),
        ({"StatusCallback": "https://a_b.example/x"}, 21609),
        ({"StatusCallback": "here"}, 21609),
        ({"Color": "red"}, 20001),
        ({"Body": ["a", "b"]}, 20001),
    ],
)
def test_a_wrong_text_is_refused(
    standin: StandIn, changes: dict[str, object], code: int
) -> None:
    status, said = ask(standin, "POST", form={**GOOD, **changes})
    assert said["code"] == code
    assert said["status"] == status >= 400
    assert set(said) == {"code", "message", "more_info", "status"}
    assert standin.messages == []


def test_only_the_account_is_let_in(standin: StandIn) -> None:
    assert ask(standin, "POST", form=GOOD, token="wrong")[0] == 401
    assert ask(standin, "GET", "/SM1.json")[1]["code"] == 20404
    assert ask(standin, "PUT")[1]["code"] == 20405
    assert standin.messages == []


def test_a_list_is_filtered_and_comes_in_pages(standin: StandIn) -> None:
    sids = [ask(standin, "POST", form=GOOD)[1]["sid"] for _ in range(3)]
    ask(standin, "POST", form={**GOOD, "To": "+46701740606"})
    standin.settle()
    _, first = ask(standin, "GET", f".json?{urlencode({'To': TO, 'PageSize': 2})}")
    path = first["next_page_uri"].partition("/Messages")[2]
    _, second = ask(standin, "GET", path)
    listed = [m["sid"] for m in first["messages"] + second["messages"]]
    assert listed == sids[::-1]
    assert second["next_page_uri"] is None
    for query, count in {
        "DateSent>=2020-01-01": 4,
        "DateSent<=2020-01-01": 0,
        "DateSent=2020-01-01": 0,
        "From=%2B4670": 0,
    }.items():
        assert len(ask(standin, "GET", f".json?{query}")[1]["messages"]) == count
    assert ask(standin, "GET", ".json?Color=red")[0] == 400


def test_a_message_is_emptied_cancelled_and_deleted(standin: StandIn) -> None:
    standin.conduct.callbacks, standin.conduct.late = Callbacks.LATE, 60
    sid = ask(standin, "POST", form=GOOD)[1]["sid"]
    one = f"/{sid}.json"
    assert ask(standin, "DELETE", one)[1]["code"] == 20009
    assert ask(standin, "POST", one, {"Body": ""})[1]["code"] == 20009
    assert ask(standin, "POST", one, {"Body": "other"})[1]["code"] == 20001
    assert ask(standin, "POST", one, {"Status": "canceled"})[1]["status"] == "canceled"
    assert ask(standin, "POST", one, {"Status": "canceled"})[1]["code"] == 30409
    assert ask(standin, "POST", one, {"Body": ""})[1]["body"] == ""
    assert ask(standin, "DELETE", one) == (204, None)
    assert ask(standin, "GET", one)[0] == 404


@pytest.mark.parametrize(
    ("callbacks", "told"),
    [
        (Callbacks.PROMPT, ["sent", "delivered"]),
        (Callbacks.LATE, ["sent", "delivered"]),
        (Callbacks.TWICE, ["sent", "sent", "delivered", "delivered"]),
        (Callbacks.OUT_OF_ORDER, ["delivered", "sent"]),
        (Callbacks.NONE, []),
    ],
)
def test_callbacks_are_signed_and_tell(
    standin: StandIn, site: Site, callbacks: Callbacks, told: list[str]
) -> None:
    standin.conduct.callbacks, standin.conduct.late = callbacks, 0.05
    url = f"{site.url}/hooks/status/1"
    ask(standin, "POST", form={**GOOD, "StatusCallback": url})
    standin.settle()
    assert [got["MessageStatus"][0] for got in site.got] == told
    assert standin.messages[0].status == "delivered"
    assert [reply.status for reply in standin.replies] == [WELL] * len(told)
    for got, signature in zip(site.got, site.signatures, strict=True):
        assert signature_fits([standin.token], url, got, signature)


def test_what_fails_later_is_told_with_its_code(standin: StandIn, site: Site) -> None:
    standin.conduct.failing[TO] = 30003
    ask(standin, "POST", form={**GOOD, "StatusCallback": f"{site.url}/x"})
    standin.settle()
    assert site.got[-1]["MessageStatus"] == ["undelivered"]
    assert site.got[-1]["ErrorCode"] == ["30003"]
    assert "ErrorCode" not in site.got[0]


def test_texts_come_in_signed(standin: StandIn, site: Site) -> None:
    url = f"{site.url}/hooks/sms"
    body, media = "ring 😀 مرحبًا " * 40, ["https://example.org/1"]
    reply = standin.incoming(TO, body, url, sid="SM1", media=media, extra={"New": "1"})
    assert (reply.status, reply.body) == (WELL, "answer")
    (got,) = site.got
    assert got["Body"] == [body]
    assert (got["NumMedia"], got["MediaUrl0"], got["New"]) == (["1"], media, ["1"])
    assert got["NumSegments"] == ["9"]
    assert signature_fits([standin.token], url, got, site.signatures[0])
    standin.incoming(TO, body, url, sid="SM1")
    assert site.got[1]["MessageSid"] == ["SM1"]
    assert len(standin.messages) == 1


def test_texts_can_be_signed_wrongly(standin: StandIn, site: Site) -> None:
    url = f"{site.url}/hooks/sms"
    site.status = 403
    for reply in (
        standin.incoming(TO, "hej", url, token="old"),
        standin.incoming(TO, "hej", url, token=""),
        standin.incoming(TO, "hej", url, signed_url="https://example.org/hooks/sms"),
    ):
        assert reply.status == site.status
    for got, signature in zip(site.got, site.signatures, strict=True):
        assert not signature_fits([standin.token], url, got, signature)
    assert standin.incoming(TO, "hej", "http://127.0.0.1:1/").status == 0


def test_an_answer_that_is_slow_does_not_hold_up_the_end() -> None:
    with StandIn() as standin:
        standin.conduct.answers.append(Answer.SLOW)
        standin.conduct.late = 60
        asking = threading.Thread(target=ask, args=[standin, "POST", ".json", GOOD])
        asking.start()
        while not standin.messages:
            time.sleep(0.01)
    asking.join(5)
    assert not asking.is_alive()


@pytest.mark.parametrize(
    ("method", "named", "form"),
    [
        ("GET", False, None),
        ("GET", True, None),
        ("POST", True, {"Body": ""}),
        ("DELETE", True, None),
    ],
)
def test_what_is_asked_afterwards_is_answered_badly_in_its_turn(
    standin: StandIn, method: str, named: bool, form: Mapping[str, object] | None
) -> None:
    sid = ask(standin, "POST", form=GOOD)[1]["sid"]
    standin.settle()
    path = f"/{sid}.json" if named else ".json"
    standin.conduct.later_answers.extend([Answer.TOO_MANY, None])
    ask(standin, "POST", form=GOOD)  # sending takes none of them
    assert ask(standin, method, path, form)[0] == 429
    assert standin.redacted == standin.deleted == []
    assert ask(standin, method, path, form)[0] < 300
    assert not standin.conduct.later_answers


@pytest.mark.parametrize(
    ("answer", "is_done"),
    [(Answer.TAKEN_SERVER_ERROR, True), (Answer.SERVER_ERROR, False)],
)
def test_a_deletion_that_is_answered_badly_may_be_done_all_the_same(
    standin: StandIn, answer: Answer, is_done: bool
) -> None:
    sid = ask(standin, "POST", form=GOOD)[1]["sid"]
    standin.settle()
    standin.conduct.later_answers.append(answer)
    assert ask(standin, "DELETE", f"/{sid}.json")[0] == 500
    assert standin.deleted == [sid] * is_done
