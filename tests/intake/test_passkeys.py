"""Passkeys: whose device it is, that its owner was there, and each answer once."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from intake import access, founding, passkeys
from intake.access import SignInRefused
from intake.passkeys import LASTS, PasskeyRefused, ShownPasskey, Site
from intake.proofs import prove
from intake.ways_in import AccountEvent, Passkey, SpentChallenge, own_log
from tests.device import Device
from tests.factories import Bureau
from web.demo import PASSWORD

SITE = Site("desk.example.se", "https://desk.example.se", b"k" * 32)
ELSEWHERE = Site("desk.example.com", "https://desk.example.com", b"k" * 32)


@pytest.fixture
def bureau(either_bureau: Bureau) -> Bureau:
    """Run on both databases."""
    return either_bureau


@pytest.fixture
def session(bureau: Bureau) -> Iterator[Session]:
    with bureau.writing() as opened:
        yield opened


@pytest.fixture
def device(bureau: Bureau, session: Session) -> Device:
    """Return Maria's device, whose passkey is kept."""
    return added(bureau, session, Device(SITE.origin, SITE.host))


def added(
    bureau: Bureau, session: Session, device: Device, login: str = "maria"
) -> Device:
    member, now = bureau.member(session, login), bureau.clock()
    answer = device.make(passkeys.to_add(SITE, session, member, now))
    passkeys.add(SITE, session, member, " Nyckel  på\tknippan ", answer, now)
    return device


def asked(bureau: Bureau) -> str:
    return passkeys.to_sign_in(SITE, bureau.clock())


def come_in(
    bureau: Bureau, session: Session, answer: str, password: str = PASSWORD
) -> str:
    proof = prove(session, "maria", password)
    return access.let_in(session, proof, ShownPasskey(SITE, answer), bureau.clock())


def assert_refused(bureau: Bureau, session: Session, answer: str) -> None:
    with pytest.raises(SignInRefused):
        come_in(bureau, session, answer)


def test_a_passkey_lets_in_beside_the_password_that_opens_the_key(
    bureau: Bureau, session: Session, device: Device
) -> None:
    token = come_in(bureau, session, device.use(asked(bureau)))
    signed = access.signed_in(session, token, bureau.clock())
    assert signed is not None
    assert signed.pair == bureau.pairs["maria"]
    maria = bureau.member(session, "maria")
    [row] = passkeys.own(session, maria)
    assert (row.name, row.used_at) == ("Nyckel på knippan", bureau.clock())
    told = [line.event for line in own_log(session, maria)]
    assert told == [AccountEvent.PASSKEY, AccountEvent.PASSKEY_ADDED]


def test_the_passkey_alone_lets_nobody_in(
    bureau: Bureau, session: Session, device: Device
) -> None:
    answer = device.use(asked(bureau))
    with pytest.raises(SignInRefused):
        come_in(bureau, session, answer, "fel lösenord helt")
    come_in(bureau, session, answer)  # a wrong password did not use it up


def test_what_is_asked_names_no_account_and_wants_the_owner(
    bureau: Bureau, session: Session
) -> None:
    one, two = json.loads(asked(bureau)), json.loads(asked(bureau))
    assert one["challenge"] != two["challenge"]
    assert one["allowCredentials"] == []
    maria = bureau.member(session, "maria")
    new = json.loads(passkeys.to_add(SITE, session, maria, bureau.clock()))
    assert one["userVerification"] == "required"
    assert new["authenticatorSelection"]["userVerification"] == "required"
    assert new["authenticatorSelection"]["residentKey"] == "required"
    assert new["attestation"] == "none"
    assert new["rp"] == {"name": "Desk", "id": SITE.host}


def test_an_answer_counts_once_also_from_a_device_that_keeps_no_count(
    bureau: Bureau, session: Session
) -> None:
    device = added(bureau, session, Device(SITE.origin, SITE.host, counts=False))
    answer = device.use(asked(bureau))
    come_in(bureau, session, answer)
    assert_refused(bureau, session, answer)
    come_in(bureau, session, device.use(asked(bureau)))


def test_a_counter_that_does_not_rise_is_refused_and_told(
    bureau: Bureau, session: Session, device: Device
) -> None:
    copy = Device(SITE.origin, SITE.host, user=device.user, pair=device.pair)
    come_in(bureau, session, device.use(asked(bureau)))
    come_in(bureau, session, device.use(asked(bureau)))
    assert_refused(bureau, session, copy.use(asked(bureau)))  # its count is one
    newest = own_log(session, bureau.member(session, "maria"))[0]
    assert newest.event is AccountEvent.PASSKEY_COPIED
    come_in(bureau, session, device.use(asked(bureau)))


def test_a_found_device_without_its_owner_is_refused(
    bureau: Bureau, session: Session, device: Device
) -> None:
    device.verifies = False
    assert_refused(bureau, session, device.use(asked(bureau)))
    maria, now = bureau.member(session, "maria"), bureau.clock()
    other = Device(SITE.origin, SITE.host, verifies=False, credential=b"another")
    answer = other.make(passkeys.to_add(SITE, session, maria, now))
    with pytest.raises(PasskeyRefused):
        passkeys.add(SITE, session, maria, "", answer, now)


def test_what_was_asked_elsewhere_or_long_ago_is_refused(
    bureau: Bureau, session: Session, device: Device
) -> None:
    own_key = Site(SITE.host, SITE.origin, b"o" * 32)
    for options in (
        passkeys.to_sign_in(own_key, bureau.clock()),
        passkeys.to_sign_in(SITE, bureau.clock() - LASTS - timedelta(seconds=1)),
        passkeys.to_sign_in(SITE, bureau.clock() + timedelta(seconds=1)),
        passkeys.to_add(SITE, session, bureau.member(session, "maria"), bureau.clock()),
        json.dumps({"challenge": ""}),
    ):
        assert_refused(bureau, session, device.use(options))
    come_in(
        bureau, session, device.use(passkeys.to_sign_in(SITE, bureau.clock() - LASTS))
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"origin": "https://desk.example.com"},
        {"origin": "http://desk.example.se"},
        {"type": "webauthn.create"},
    ],
)
def test_what_another_site_was_told_is_refused(
    bureau: Bureau, session: Session, device: Device, changes: dict[str, str]
) -> None:
    assert_refused(bureau, session, device.use(asked(bureau), **changes))


def test_another_host_another_key_and_anothers_handle_are_refused(
    bureau: Bureau, session: Session, device: Device
) -> None:
    right = {"user": device.user, "pair": device.pair, "uses": 9}
    for wrong in (
        Device(SITE.origin, ELSEWHERE.host, **right),  # type: ignore[arg-type]  # by name
        Device(SITE.origin, SITE.host, user=device.user, uses=9),
        Device(SITE.origin, SITE.host, **{**right, "user": b"of another"}),  # type: ignore[arg-type]  # by name
    ):
        assert_refused(bureau, session, wrong.use(asked(bureau)))
    come_in(bureau, session, device.use(asked(bureau)))


def test_a_colleagues_passkey_lets_nobody_else_in(
    bureau: Bureau, session: Session, device: Device
) -> None:
    other = Device(SITE.origin, SITE.host, credential=b"aminas")
    added(bureau, session, other, "amina")
    assert_refused(bureau, session, other.use(asked(bureau)))
    # Some devices don't say whose it is.
    answer = json.loads(other.use(asked(bureau)))
    del answer["response"]["userHandle"]
    assert_refused(bureau, session, json.dumps(answer))
    answer = json.loads(device.use(asked(bureau)))
    del answer["response"]["userHandle"]
    come_in(bureau, session, json.dumps(answer))


def test_what_was_asked_of_one_member_adds_nothing_to_another(
    bureau: Bureau, session: Session
) -> None:
    maria, amina = (bureau.member(session, login) for login in ("maria", "amina"))
    now = bureau.clock()
    answer = Device(SITE.origin, SITE.host).make(
        passkeys.to_add(SITE, session, amina, now)
    )
    with pytest.raises(PasskeyRefused):
        passkeys.add(SITE, session, maria, "", answer, now)
    late = bureau.clock.forward(seconds=LASTS.total_seconds() + 1)
    with pytest.raises(PasskeyRefused):
        passkeys.add(SITE, session, amina, "", answer, late)
    assert list(session.scalars(select(Passkey))) == []


def test_one_passkey_is_kept_once_and_not_asked_for_again(
    bureau: Bureau, session: Session, device: Device
) -> None:
    maria, now = bureau.member(session, "maria"), bureau.clock()
    options = passkeys.to_add(SITE, session, maria, now)
    assert [one["type"] for one in json.loads(options)["excludeCredentials"]]
    with pytest.raises(PasskeyRefused):
        passkeys.add(SITE, session, maria, "", device.make(options), now)


def test_who_removes_a_passkey_is_let_in_by_it_no_more(
    bureau: Bureau, session: Session, device: Device
) -> None:
    maria, amina = (bureau.member(session, login) for login in ("maria", "amina"))
    [row] = passkeys.own(session, maria)
    assert not passkeys.remove(session, amina, row.id, bureau.clock())
    assert passkeys.remove(session, maria, row.id, bureau.clock())
    assert not passkeys.remove(session, maria, row.id, bureau.clock())
    assert_refused(bureau, session, device.use(asked(bureau)))


def test_the_answer_that_added_one_brings_it_back_no_more(
    bureau: Bureau, session: Session
) -> None:
    maria, now = bureau.member(session, "maria"), bureau.clock()
    device = Device(SITE.origin, SITE.host)
    answer = device.make(passkeys.to_add(SITE, session, maria, now))
    passkeys.add(SITE, session, maria, "", answer, now)
    [row] = passkeys.own(session, maria)
    passkeys.remove(session, maria, row.id, now)
    with pytest.raises(PasskeyRefused):
        passkeys.add(SITE, session, maria, "", answer, now)


def test_a_reset_ends_passkeys(
    bureau: Bureau, session: Session, device: Device
) -> None:
    founding.reset(session, bureau.member(session, "maria"), bureau.clock())
    assert list(session.scalars(select(Passkey))) == []


def test_spent_challenges_are_forgotten(
    bureau: Bureau, session: Session, device: Device
) -> None:
    come_in(bureau, session, device.use(asked(bureau)))
    bureau.clock.forward(seconds=LASTS.total_seconds() + 1)
    come_in(bureau, session, device.use(asked(bureau)))
    assert len(list(session.scalars(select(SpentChallenge)))) == 1


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(
    st.text()
    | _JSON.map(json.dumps)
    | st.fixed_dictionaries(
        {
            "id": st.just("YQ"),
            "rawId": st.just("YQ"),
            "type": st.just("public-key"),
            "response": st.dictionaries(
                st.sampled_from(
                    ("clientDataJSON", "authenticatorData", "signature", "userHandle")
                ),
                st.text() | _JSON,
            ),
        }
    ).map(json.dumps)
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_bytes_are_refused_and_never_a_fault(
    bureau: Bureau, session: Session, answer: str
) -> None:
    maria = bureau.member(session, "maria")
    assert not ShownPasskey(SITE, answer).fits(session, maria, bureau.clock())
    with pytest.raises(PasskeyRefused):
        passkeys.add(SITE, session, maria, "", answer, bureau.clock())
