"""Recovery codes: shown once, slow to guess, one use each, ended by a new set."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from intake import access, founding, links, recovery_codes
from intake.access import SignInRefused
from intake.codes import code_at, offered_secret
from intake.proofs import prove
from intake.recovery_codes import HOW_MANY, check, fresh, hashes, is_recovery_code
from intake.vault import password_fits
from intake.ways_in import AccountEvent, AccountNote, RecoveryCode, own_log
from tests.factories import Bureau
from web.demo import PASSWORD


@pytest.fixture
def bureau(either_bureau: Bureau) -> Bureau:
    """Run on both databases."""
    return either_bureau


@pytest.fixture
def session(bureau: Bureau) -> Iterator[Session]:
    with bureau.writing() as opened:
        yield opened


def given(bureau: Bureau, session: Session, login: str = "maria") -> list[str]:
    """Give a member a set of codes."""
    made, member = fresh(), bureau.member(session, login)
    recovery_codes.keep(session, member, hashes(made), bureau.clock())
    return made


def come_in(
    bureau: Bureau, session: Session, code: str, password: str = PASSWORD
) -> str:
    proof, shown = prove(session, "maria", password), check(session, "maria", code)
    return access.let_in(session, proof, shown, bureau.clock())


def test_ten_codes_tell_themselves_apart_by_their_first_sign() -> None:
    made = fresh()
    assert len({code[0] for code in made}) == HOW_MANY == 10
    assert len({code[1:] for code in made}) == HOW_MANY
    for code in made:
        assert is_recovery_code(code)
        assert not set("01lioqsz258bg") & set(code)
    assert not is_recovery_code("123 456")


def test_a_code_is_kept_as_a_slow_hash_alone(bureau: Bureau, session: Session) -> None:
    made = given(bureau, session)
    rows = list(session.scalars(select(RecoveryCode)))
    assert {row.mark for row in rows} == {code[0] for code in made}
    by_mark = {code[0]: code.replace("-", "") for code in made}
    for row in rows:
        assert row.hashed.startswith("$argon2id$")
        assert password_fits(row.hashed, by_mark[row.mark])
        assert by_mark[row.mark][1:] not in row.hashed


def test_a_code_lets_in_once_and_is_counted_down(
    bureau: Bureau, session: Session
) -> None:
    maria, made = bureau.member(session, "maria"), given(bureau, session)
    token = come_in(bureau, session, made[3])
    signed = access.signed_in(session, token, bureau.clock())
    assert signed is not None
    assert signed.pair == bureau.pairs["maria"]  # the password opened it, as always
    assert recovery_codes.left(session, maria) == HOW_MANY - 1
    with pytest.raises(SignInRefused):
        come_in(bureau, session, made[3])
    # As people type: capitals, spaces, no hyphens.
    come_in(bureau, session, f" {made[7].upper().replace('-', ' ')} ")
    assert recovery_codes.left(session, maria) == HOW_MANY - 2


def test_her_own_log_says_how_she_came_in(bureau: Bureau, session: Session) -> None:
    maria, made = bureau.member(session, "maria"), given(bureau, session)
    come_in(bureau, session, made[0])
    code = access.current_code(maria, bureau.account_key, bureau.clock())
    proof = prove(session, "maria", PASSWORD)
    access.sign_in(session, bureau.account_key, proof, code, bureau.clock())
    assert [line.event for line in own_log(session, maria)] == [
        AccountEvent.CODE,
        AccountEvent.RECOVERY_CODE,
        AccountEvent.RECOVERY_CODES_MADE,
    ]
    assert own_log(session, bureau.member(session, "amina")) == []


def test_a_year_later_the_log_has_forgotten(bureau: Bureau, session: Session) -> None:
    given(bureau, session)
    bureau.clock.forward(hours=24 * 366)
    given(bureau, session)
    assert len(list(session.scalars(select(AccountNote)))) == 1


def test_a_wrong_password_uses_no_code_up(bureau: Bureau, session: Session) -> None:
    maria, made = bureau.member(session, "maria"), given(bureau, session)
    with pytest.raises(SignInRefused):
        come_in(bureau, session, made[0], "fel lösenord helt")
    assert recovery_codes.left(session, maria) == HOW_MANY
    assert maria.failures == 1
    come_in(bureau, session, made[0])


@pytest.mark.parametrize("wrong", ["", "k", "k3mw-pn7x-9rtd", "å" * 12, "x" * 5000])
def test_what_is_no_code_of_hers_lets_nobody_in(
    bureau: Bureau, session: Session, wrong: str
) -> None:
    given(bureau, session)
    with pytest.raises(SignInRefused):
        come_in(bureau, session, wrong)
    assert bureau.member(session, "maria").failures == 1


def test_a_colleagues_code_is_none_of_hers(bureau: Bureau, session: Session) -> None:
    given(bureau, session)
    others = given(bureau, session, "amina")
    with pytest.raises(SignInRefused):
        come_in(bureau, session, others[0])
    # Nor does it help to check it under the other's name.
    proof, shown = (
        prove(session, "maria", PASSWORD),
        check(session, "amina", others[0]),
    )
    with pytest.raises(SignInRefused):
        access.let_in(session, proof, shown, bureau.clock())


def test_what_was_checked_before_counts_for_nothing_once_it_is_used(
    bureau: Bureau, session: Session
) -> None:
    made = given(bureau, session)
    shown = check(session, "maria", made[0])
    come_in(bureau, session, made[0])
    with pytest.raises(SignInRefused):
        access.let_in(session, prove(session, "maria", PASSWORD), shown, bureau.clock())


def test_a_new_set_ends_the_old_one(bureau: Bureau, session: Session) -> None:
    old = given(bureau, session)
    shown = {code: check(session, "maria", code) for code in old}
    new = given(bureau, session)
    for code in old:
        with pytest.raises(SignInRefused):
            access.let_in(
                session, prove(session, "maria", PASSWORD), shown[code], bureau.clock()
            )
    come_in(bureau, session, new[0])
    assert recovery_codes.left(session, bureau.member(session, "maria")) == 9


def test_an_unknown_login_costs_as_many_hashes(
    bureau: Bureau, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, worked = given(bureau, session), []

    def counted(hashed: str, typed: str) -> bool:
        worked.append(hashed)
        return password_fits(hashed, typed)

    monkeypatch.setattr("intake.recovery_codes.password_fits", counted)
    for login, code in (("maria", made[0]), ("maria", "å" * 12), ("nobody", made[0])):
        worked.clear()
        check(session, login, code)
        assert len(worked) == 1
        assert worked[0].startswith("$argon2id$")


def test_a_reset_and_a_new_link_end_them(bureau: Bureau, session: Session) -> None:
    maria, now = bureau.member(session, "maria"), bureau.clock()
    given(bureau, session)
    token, _ = founding.reset(session, maria, now)
    assert recovery_codes.left(session, maria) == 0
    given(bureau, session)  # as if somebody had made some in between
    key = bureau.account_key
    code = code_at(offered_secret(key, token), now)
    proof = links.prove_code(key, token, code, now)
    links.enrol(session, key, token, "en lång mening om hösten", proof, now)
    assert recovery_codes.left(session, maria) == 0
