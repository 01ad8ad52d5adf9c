"""What is 46elks' own: what it is told, how it calls us, how its lists are read."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from werkzeug.datastructures import MultiDict

from intake.sms.elks import ADDRESSES, USER, ElksGateway, ElksHooks, Network
from intake.sms.gateway import Misconfigured, TextIn, TextStatus
from intake.sms.hooks import Handed, HookCall, Told
from tests.standin import Callbacks, ElksStandIn
from tests.standin.account import NUMBER
from tests.standin.client import SENDER, TO, text
from web.readers import networks

NEW, OLD = "new-password-of-the-hooks", "old-password-of-the-hooks"
HOOK = "https://stod.kommun.example/hooks/sms"
THEIRS: tuple[Network, ...] = networks(" ".join(ADDRESSES))
HOOKS = ElksHooks((NEW, OLD), THEIRS)


@pytest.fixture
def standin() -> Iterator[ElksStandIn]:
    """Return a stand-in that tells nobody what becomes of texts."""
    with ElksStandIn(senders=[SENDER]) as running:
        running.conduct.callbacks = Callbacks.NONE
        yield running


@pytest.fixture
def gateway(standin: ElksStandIn) -> ElksGateway:
    """Return a gateway to the stand-in."""
    return ElksGateway(
        standin.sid, standin.token, SENDER, hook_password="a/b@c", api_url=standin.url
    )


def test_it_is_told_where_to_report_and_to_keep_no_words(
    standin: ElksStandIn, gateway: ElksGateway
) -> None:
    gateway.send(text())
    (asked,) = standin.asked
    assert asked.form["dontlog"] == ["message"]
    (reports,) = asked.form["whendelivered"]
    assert reports == f"http://{USER}:a%2Fb%40c@127.0.0.1:9/hooks/status/own"


@pytest.mark.parametrize("missing", range(3))
def test_without_its_settings_there_is_no_gateway(missing: int) -> None:
    given = ["user", "password", SENDER]
    given[missing] = ""
    with pytest.raises(Misconfigured):
        ElksGateway(*given)


def test_a_long_list_is_read_page_by_page(
    standin: ElksStandIn, gateway: ElksGateway
) -> None:
    began = datetime.now(UTC)
    for n in range(230):
        standin.incoming(TO, str(n), "http://127.0.0.1:9/")
    assert len(gateway.received(NUMBER, began)) == 230
    assert len([asked for asked in standin.asked if asked.method == "GET"]) == 3


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, []),
        ({"number": TO}, ["not among"]),
        ({"sms_url": HOOK}, ["not handed in"]),
        ({"sms_replies": "yes"}, ["sent as a text"]),
    ],
)
def test_what_is_wrong_with_the_numbers_set_up_is_told(
    standin: ElksStandIn, gateway: ElksGateway, changes: dict[str, str], told: list[str]
) -> None:
    there = HOOK.replace("//", f"//{USER}:a%2Fb%40c@")
    good = {"number": NUMBER, "sms_url": there, "sms_replies": "no"}
    standin.numbers = [{**good, **changes}]
    doubts = gateway.doubts(NUMBER, HOOK)
    assert [part in doubt for part, doubt in zip(told, doubts, strict=True)] == [
        True for _ in told
    ]
    assert "a%2Fb" not in " ".join(doubts)


def _call(
    user: str = USER, password: str = NEW, address: str = ADDRESSES[0]
) -> HookCall:
    return HookCall(HOOK, MultiDict(), "", user, password, address)


@pytest.mark.parametrize("password", [NEW, OLD])
@pytest.mark.parametrize("address", [*ADDRESSES, "::ffff:176.10.154.199"])
def test_who_shows_the_password_and_comes_from_there_is_trusted(
    password: str, address: str
) -> None:
    assert HOOKS.trusts(_call(password=password, address=address))


@pytest.mark.parametrize(
    "call",
    [
        _call(password=""),
        _call(password="somebody's"),
        _call(password=NEW[:-1]),
        _call(password="å"),
        _call(user=""),
        _call(user="admin"),
        _call(address="176.10.154.200"),
        _call(address="127.0.0.1"),
        _call(address=""),
        _call(address="unix:"),
    ],
)
def test_everybody_else_is_not(call: HookCall) -> None:
    assert not HOOKS.trusts(call)


@pytest.mark.parametrize(
    "hooks",
    [ElksHooks((), THEIRS), ElksHooks(("",), THEIRS), ElksHooks((NEW,), ())],
)
def test_without_password_or_addresses_nobody_is(hooks: ElksHooks) -> None:
    for password in ("", NEW):
        assert not hooks.trusts(_call(password=password))


def test_a_text_is_read_as_it_is_written() -> None:
    form = MultiDict(
        {
            "id": "s1",
            "from": TO,
            "to": NUMBER,
            "message": "ring 😀",
            "created": "2026-11-21T13:57:23.741000",
            "image": "https://example.org/1",
        }
    )
    arrived = datetime(2026, 11, 21, 13, 57, 23, 741000, tzinfo=UTC)
    handed = HOOKS.text_in(form)
    assert handed == Handed(
        TextIn("s1", TO, "ring 😀", 1, arrived), frozenset({NUMBER})
    )
    form["created"] = "2026-11-21T14:57:23.741+01:00"
    assert HOOKS.text_in(form).text.arrived_at == arrived
    for strange in ("", "soon"):
        form["created"] = strange
        assert HOOKS.text_in(form).text.arrived_at is None


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("sent", TextStatus.SENT),
        ("delivered", TextStatus.DELIVERED),
        ("failed", TextStatus.FAILED),
    ],
)
def test_what_it_tells_is_understood(word: str, status: TextStatus) -> None:
    told = HOOKS.told(MultiDict({"id": "s1", "status": word}))
    assert told == Told("s1", status)
    assert HOOKS.told(MultiDict({"id": "s1", "status": "teleported"})) is None


def test_any_word_of_an_answer_would_be_a_text() -> None:
    assert HOOKS.answer == ""


def test_a_text_that_is_late_says_when_it_came(
    standin: ElksStandIn, gateway: ElksGateway
) -> None:
    began = datetime.now(UTC)
    standin.incoming(TO, "ring", "http://127.0.0.1:9/")
    assert gateway.received(NUMBER, began + timedelta(minutes=1)) == []
    (one,) = gateway.received(NUMBER, began)
    assert one.arrived_at is not None
    assert began <= one.arrived_at <= datetime.now(UTC)
