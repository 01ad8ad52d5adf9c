"""Who comes in: passwords, codes, sessions, links, and a colleague who lets one in."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from threading import Barrier

import pyotp
import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from intake import access, founding, links, proofs, queue
from intake.access import IDLE, LONGEST, RENEWED_AFTER, SignedIn, SignInRefused
from intake.codes import offered_secret
from intake.errors import SealBroken
from intake.messages import OutboundMail
from intake.people import Invitation, Member, Membership, SignIn
from intake.proofs import prove
from intake.store import connect, writing
from intake.topics import Role, Side
from intake.vault import KeyPair, hash_password, key_from_passphrase, password_fits
from tests import factories
from tests.conftest import fresh_postgres
from tests.factories import Bureau, quicken, text
from web.demo import PASSWORD

NEW_PASSWORD = "en lång mening om hösten"
Hash = Callable[..., object]


def sign_in(
    bureau: Bureau, session: Session, password: str = PASSWORD, code: str = ""
) -> str:
    """Sign Maria in with what is right, where nothing else is given."""
    key, now = bureau.account_key, bureau.clock()
    right = access.current_code(bureau.member(session, "maria"), key, now)
    proof = prove(session, "maria", password)
    return access.sign_in(session, key, proof, code or right, now)


@pytest.fixture
def session(bureau: Bureau) -> Iterator[Session]:
    with bureau.writing() as opened:
        yield opened


def test_passwords_are_slow_where_nobody_quickens_them() -> None:
    """The one test with the true limits: 3 passes over 64 MiB (libsodium)."""
    hashed = hash_password(PASSWORD)
    assert hashed.startswith("$argon2id$v=19$m=65536,t=3,p=1$")
    assert password_fits(hashed, PASSWORD)
    assert not password_fits(hashed, PASSWORD + ".")
    key = key_from_passphrase(PASSWORD, b"s" * 16)
    assert len(key) == 32
    assert key != key_from_passphrase(PASSWORD, b"t" * 16)


def test_the_right_three_open_her_own_key(bureau: Bureau, session: Session) -> None:
    token = sign_in(bureau, session)
    signed = access.signed_in(session, token, bureau.clock())
    assert signed is not None
    assert signed.member.login == "maria"
    assert signed.pair == bureau.pairs["maria"]


@pytest.mark.parametrize(
    ("login", "password", "code"),
    [
        ("maria", "fel lösenord helt", "right"),
        ("maria", PASSWORD, "000000"),
        ("maria", PASSWORD, ""),
        ("nobody", PASSWORD, "right"),
        ("", "", ""),
    ],
)
def test_a_refusal_never_says_which_was_wrong(
    bureau: Bureau, session: Session, login: str, password: str, code: str
) -> None:
    key, now = bureau.account_key, bureau.clock()
    if code == "right":
        code = access.current_code(bureau.member(session, "maria"), key, now)
    with pytest.raises(SignInRefused) as refused:
        access.sign_in(session, key, prove(session, login, password), code, now)
    assert str(refused.value) == "refused"


def test_a_refusal_takes_as_long_whatever_was_wrong(
    bureau: Bureau, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []
    for name in ("password_fits", "key_from_passphrase"):
        slow = getattr(proofs, name)

        def counted(*given: object, name: str = name, slow: Hash = slow) -> object:
            hashed.append(name)
            return slow(*given)

        monkeypatch.setattr(proofs, name, counted)
    bureau.member(session, "johan").locked_until = bureau.clock() + LONGEST
    bureau.member(session, "amina").active = False
    links.reset(session, bureau.member(session, "sara"), bureau.clock())
    tried = (("maria", PASSWORD), ("maria", "x"), ("nobody", "x"), ("johan", "x"))
    barred = [(login, PASSWORD) for login in ("amina", "johan", "sara")]
    for login, password in (*tried, *barred):
        hashed.clear()
        prove(session, login, password)
        assert hashed == ["password_fits", "key_from_passphrase"]


def test_a_password_checked_before_it_was_changed_opens_nothing(
    bureau: Bureau, session: Session
) -> None:
    key, now = bureau.account_key, bureau.clock()
    maria, proof = bureau.member(session, "maria"), prove(session, "maria", PASSWORD)
    access.set_password(maria, NEW_PASSWORD, KeyPair.generate())
    code = access.current_code(maria, key, now)
    with pytest.raises(SignInRefused):
        access.sign_in(session, key, proof, code, now)


@pytest.mark.postgres
def test_one_code_lets_one_in_on_postgresql(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    quicken(monkeypatch)
    engine = connect(fresh_postgres(postgres_url))
    house = factories.bureau(engine)
    key, now = house.account_key, house.clock()
    with writing(engine) as one, writing(engine) as two:
        for session in (one, two):  # both have seen the member as she stood
            code = access.current_code(house.member(session, "maria"), key, now)
        proof = prove(one, "maria", PASSWORD)
        access.sign_in(one, key, proof, code, now)
        with ThreadPoolExecutor(1) as other:
            late = other.submit(access.sign_in, two, key, proof, code, now)
            assert not wait([late], 0.3).done  # it waits for the first one's end
            one.commit()
            assert isinstance(late.exception(10), SignInRefused)
    engine.dispose()


@pytest.mark.postgres
def test_no_failure_is_lost_among_several_on_postgresql(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    quicken(monkeypatch)
    engine = connect(fresh_postgres(postgres_url))
    house = factories.bureau(engine)
    seen = Barrier(5)

    def fail() -> None:
        with writing(engine) as session:
            house.member(session, "maria")
            proof = prove(session, "maria", "fel lösenord")
            seen.wait(10)
            with pytest.raises(SignInRefused):
                access.sign_in(session, house.account_key, proof, "0", house.clock())
            session.commit()

    with ThreadPoolExecutor(5) as tries:
        for one in [tries.submit(fail) for _ in range(5)]:
            one.result(20)
    with house.writing() as session:
        assert house.member(session, "maria").failures == 5
    engine.dispose()


def test_a_code_counts_once(bureau: Bureau, session: Session) -> None:
    key, maria = bureau.account_key, bureau.member(session, "maria")
    code = access.current_code(maria, key, bureau.clock())
    sign_in(bureau, session, code=code)
    with pytest.raises(SignInRefused):
        sign_in(bureau, session, code=code)
    sign_in(bureau, session)  # the next one, as drift lets it through
    assert access.current_code(maria, key, bureau.clock()) == ""
    bureau.clock.forward(seconds=30)
    sign_in(bureau, session)


def test_fifty_failures_rest_this_account_and_no_other(
    bureau: Bureau, session: Session
) -> None:
    for _ in range(49):
        with pytest.raises(SignInRefused):
            sign_in(bureau, session, password="fel lösenord")
    sign_in(bureau, session)
    bureau.clock.forward(seconds=30)
    for _ in range(50):
        with pytest.raises(SignInRefused):
            sign_in(bureau, session, password="fel lösenord")
    with pytest.raises(SignInRefused):
        sign_in(bureau, session)
    locked = [m.login for m in session.scalars(select(Member)) if m.locked_until]
    assert locked == ["maria"]
    bureau.clock.forward(minutes=10, seconds=1)
    sign_in(bureau, session)


def test_a_session_ends_when_idle_and_lives_while_used(
    bureau: Bureau, session: Session
) -> None:
    token = sign_in(bureau, session)
    for _ in range(4):
        now = bureau.clock.forward(minutes=20)
        assert access.renew(session, token, now)
    now = bureau.clock() + IDLE + timedelta(seconds=1)
    assert access.signed_in(session, token, now) is None
    assert not access.renew(session, token, now)
    assert session.scalars(select(SignIn)).all() == []


def test_a_session_ends_with_the_working_day(bureau: Bureau, session: Session) -> None:
    token, started = sign_in(bureau, session), bureau.clock()
    while bureau.clock.forward(minutes=20) - started <= LONGEST:
        assert access.renew(session, token, bureau.clock())
    assert not access.renew(session, token, bureau.clock())


def test_a_session_is_renewed_once_a_minute_at_most(
    bureau: Bureau, session: Session
) -> None:
    token, now = sign_in(bureau, session), bureau.clock()
    assert not access.wants_renewal(session, token, now + RENEWED_AFTER)
    assert access.wants_renewal(session, token, now + RENEWED_AFTER * 2)
    assert not access.wants_renewal(session, "another", now)


def test_who_left_or_signed_out_is_out(bureau: Bureau, session: Session) -> None:
    token = sign_in(bureau, session)
    bureau.member(session, "maria").active = False
    assert access.signed_in(session, token, bureau.clock()) is None
    bureau.member(session, "maria").active = True
    access.sign_out(session, token)
    assert access.signed_in(session, token, bureau.clock()) is None


def test_the_cookies_token_stands_nowhere(bureau: Bureau, session: Session) -> None:
    token = sign_in(bureau, session)
    row = session.scalars(select(SignIn)).one()
    secret = bureau.pairs["maria"].secret
    for kept in (row.box, row.token_hash):
        assert token.encode() not in kept
        assert secret not in kept


@pytest.fixture
def newcomer(bureau: Bureau, session: Session) -> Member:
    """Add a member who waits at the adult unit's desk."""
    return founding.add_member(
        session,
        *("nour", "Nour", "Nour Exempel", Role.STAFF),
        [("adult", Side.HURT)],
        bureau.clock(),
    )


def enrol(bureau: Bureau, session: Session, member: Member) -> str:
    """Use a fresh link as it is meant; return the code that was typed."""
    key, now = bureau.account_key, bureau.clock()
    token = links.invite(session, member, now)
    proof = proved(key, token, now)
    links.enrol(session, key, token, NEW_PASSWORD, proof, now)
    return pyotp.TOTP(offered_secret(key, token)).at(now)


def proved(key: bytes, token: str, now: datetime) -> str:
    """Show the right code of a link's secret."""
    code = pyotp.TOTP(offered_secret(key, token)).at(now)
    return links.prove_code(key, token, code, now)


def test_a_link_is_spent_by_the_right_code_alone(
    bureau: Bureau, session: Session, newcomer: Member
) -> None:
    now, key = bureau.clock(), bureau.account_key
    token = links.invite(session, newcomer, now)
    secret = offered_secret(key, token)
    assert secret == offered_secret(key, token)
    assert secret != offered_secret(b"o" * 32, token)
    right = pyotp.TOTP(secret).at(now)
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    with pytest.raises(links.WrongCode):
        links.prove_code(key, token, wrong, now)
    proof = links.prove_code(key, token, right, now)
    with pytest.raises(links.WeakPassword):
        links.enrol(session, key, token, "elva tecken", proof, now)
    assert newcomer.password_hash is None
    links.enrol(session, key, token, NEW_PASSWORD, proof, now)
    with pytest.raises(links.LinkSpent):
        links.enrol(session, key, token, NEW_PASSWORD, proof, now)


def test_a_proof_is_of_one_link_and_its_own_step(
    bureau: Bureau, session: Session, newcomer: Member
) -> None:
    now, key = bureau.clock(), bureau.account_key
    token = links.invite(session, newcomer, now)
    proof = proved(key, token, now)
    step, tag = proof.split("-")
    forged = (
        *("", "-", step, f"{int(step) - 1}-{tag}", f"{step}-{'0' * 64}"),
        *(proved(key, "another", now), proved(b"o" * 32, token, now)),
        *("9" * 5000 + f"-{tag}", proof + "å"),
    )
    for one in forged:
        with pytest.raises(links.WrongCode):
            links.enrol(session, key, token, NEW_PASSWORD, one, now)
    later = bureau.clock.forward(hours=2)  # she takes her time
    links.enrol(session, key, token, NEW_PASSWORD, proof, later)


def test_the_first_code_is_not_good_for_signing_in(
    bureau: Bureau, session: Session, newcomer: Member
) -> None:
    first, key = enrol(bureau, session, newcomer), bureau.account_key
    proof, now = prove(session, "nour", NEW_PASSWORD), bureau.clock()
    with pytest.raises(SignInRefused):
        access.sign_in(session, key, proof, first, now)
    code = access.current_code(newcomer, key, now)
    assert access.sign_in(session, key, proof, code, now)


def test_what_she_sets_ends_every_older_link(
    bureau: Bureau, session: Session, newcomer: Member
) -> None:
    older = links.invite(session, newcomer, bureau.clock())
    newer = links.invite(session, newcomer, bureau.clock())
    others = links.invite(session, bureau.member(session, "maria"), bureau.clock())
    with pytest.raises(links.LinkSpent):
        links.invited(session, older, bureau.clock())
    assert links.invited(session, newer, bureau.clock()) is newcomer
    enrol(bureau, session, newcomer)
    with pytest.raises(links.LinkSpent):
        links.invited(session, newer, bureau.clock())
    assert links.invited(session, others, bureau.clock()).login == "maria"


def test_enrolling_ends_links_that_were_made_side_by_side(
    bureau: Bureau, session: Session, newcomer: Member
) -> None:
    older = links.invite(session, newcomer, bureau.clock())
    session.execute(update(Invitation).values(used_at=None))
    newer = links.invite(session, newcomer, bureau.clock())
    session.execute(update(Invitation).values(used_at=None))
    session.expire_all()
    now = bureau.clock()
    proof = proved(bureau.account_key, newer, now)
    links.enrol(session, bureau.account_key, newer, NEW_PASSWORD, proof, now)
    with pytest.raises(links.LinkSpent):
        links.invited(session, older, now)


def test_a_link_lasts_three_days(
    bureau: Bureau, session: Session, newcomer: Member
) -> None:
    token = links.invite(session, newcomer, bureau.clock())
    with pytest.raises(links.LinkSpent):
        links.invited(session, token, bureau.clock.forward(hours=72))


def place_of(member: Member) -> Membership:
    return member.memberships[0]


def signed(bureau: Bureau, session: Session, login: str) -> SignedIn:
    return SignedIn(bureau.member(session, login), bureau.pairs[login])


def test_a_colleague_who_holds_the_key_lets_her_in(
    bureau: Bureau, session: Session, newcomer: Member
) -> None:
    session.commit()
    reference = bureau.send(text())
    enrol(bureau, session, newcomer)
    place, now = place_of(newcomer), bureau.clock()
    assert queue.find(session, newcomer.id, reference) is None
    with pytest.raises(SealBroken):
        access.approve(place, signed(bureau, session, "sara"), now)
    access.approve(place, signed(bureau, session, "amina"), now)
    session.flush()
    assert queue.find(session, newcomer.id, reference)
    assert place.approved_by == bureau.member(session, "amina").id


def test_nobody_is_let_in_before_she_has_a_key(
    bureau: Bureau, session: Session, newcomer: Member
) -> None:
    place, now = place_of(newcomer), bureau.clock()
    with pytest.raises(SealBroken):
        access.approve(place, signed(bureau, session, "amina"), now)


def test_who_sets_a_new_password_waits_for_a_colleague_again(
    bureau: Bureau, session: Session
) -> None:
    amina, token = bureau.member(session, "amina"), sign_in(bureau, session)
    session.commit()
    reference = bureau.send(text())
    assert queue.find(session, amina.id, reference)
    enrol(bureau, session, amina)
    assert queue.find(session, amina.id, reference) is None
    assert amina.public_key != bureau.pairs["amina"].public
    assert [place.box for place in amina.memberships] == [None] * 2
    assert access.signed_in(session, token, bureau.clock())  # Maria's own stays


def test_another_pair_opens_no_desk(bureau: Bureau, session: Session) -> None:
    reference = bureau.send(text())
    request = bureau.request(session, reference)
    bureau.pairs["maria"] = KeyPair.generate()
    with pytest.raises(SealBroken):
        bureau.desk(session, "maria").keyring.text(request.envelopes[0])


def test_a_reset_ends_password_code_and_session_at_once(
    bureau: Bureau, session: Session
) -> None:
    marias = sign_in(bureau, session)
    amina, now = bureau.member(session, "amina"), bureau.clock.forward(seconds=30)
    key, desks = bureau.account_key, [place.desk for place in amina.memberships]
    proof, code = (
        prove(session, "amina", PASSWORD),
        access.current_code(amina, key, now),
    )
    aminas = access.sign_in(session, key, proof, code, now)
    now = bureau.clock.forward(seconds=30)
    code = access.current_code(amina, key, now)
    token, _ = founding.reset(session, amina, now)
    assert access.signed_in(session, aminas, now) is None
    # Neither what was checked just before, nor the same typed anew.
    for one in (proof, prove(session, "amina", PASSWORD)):
        with pytest.raises(SignInRefused):
            access.sign_in(session, key, one, code, now)
    assert (amina.password_hash, amina.totp_box) == (None, None)
    assert (amina.wrapped_secret, amina.wrap_salt, amina.public_key) == (None,) * 3
    assert not any(amina in founding.holders(session, desk) for desk in desks)
    assert links.invited(session, token, now) is amina
    assert access.signed_in(session, marias, now)
    sign_in(bureau, session)  # Maria's password and codes are as they were
    assert all(place.box for place in bureau.member(session, "johan").memberships)


@pytest.mark.rule("S33")
def test_a_reset_tells_the_desks_that_too_few_can_open(
    bureau: Bureau, session: Session
) -> None:
    now = bureau.clock()
    _, thin = founding.reset(session, bureau.member(session, "amina"), now)
    # Three held the adult unit's desk.
    assert [(desk.unit, desk.side) for desk in thin] == [("reception", Side.HURT)]
    told = session.scalars(select(OutboundMail)).all()
    assert [(mail.unit, mail.urgent) for mail in told] == [("reception", True)]
    _, thin = founding.reset(session, bureau.member(session, "amina"), now)
    assert thin == []  # again, and nothing is new


def test_who_was_reset_comes_back_through_link_and_colleague(
    bureau: Bureau, session: Session
) -> None:
    amina, now = bureau.member(session, "amina"), bureau.clock()
    token, _ = founding.reset(session, amina, now)
    place = place_of(amina)
    with pytest.raises(SealBroken):
        access.approve(place, signed(bureau, session, "maria"), now)
    key = bureau.account_key
    links.enrol(session, key, token, NEW_PASSWORD, proved(key, token, now), now)
    assert place.box is None
    access.approve(place, signed(bureau, session, "maria"), now)
    assert place.box
