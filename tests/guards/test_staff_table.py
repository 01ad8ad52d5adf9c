"""Every staff route × role × side of the wall, in one table: what each is answered.

Who lacks clearance gets 404 and not 403: that something is there is itself a fact. A
new route fails here until it has its row.
"""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from intake import founding, links
from intake.access import current_code, sign_in, token_hash
from intake.alert_tables import AlertWhen, OnCallName
from intake.envelopes import put
from intake.models import Request, Window
from intake.pages_once import Shown, keep
from intake.people import Desk, Member
from intake.proofs import prove
from intake.submissions import Submission
from intake.topics import Audience, Kind, Origin, Role, Side
from intake.two_person import Opening
from intake.vault import KeyPair
from intake.ways_in import Passkey
from tests.factories import Bureau, quicken, staffed, text
from tests.guards.staff_table import ROLES, TABLE
from web.demo import PASSWORD
from web.desk import KEY

pytestmark = [pytest.mark.rule("S31"), pytest.mark.rule("S32")]
# Who stands for each role; the head is one of the two of the closed circle.
LOGINS = dict(zip(ROLES, ("amina", "maria", "karin", "olof", "vera", ""), strict=True))
# The sides of the wall as amina and maria sit to it: a desk, and a colleague there.
SIDES = {
    "own": ("adult", Side.HURT, "johan"),
    "other": ("adult", Side.HURTS, "leila"),
    "circle": ("closed-circle", Side.HURT, "johan"),
    "unit": ("children", Side.HURT, "sara"),
}
# And one of the staff who sits to the wall the other way round.
ACROSS = "across"
LOGINS[ACROSS] = "erik"
# No head sits there, so what heads review is a colleague's there (S32, S37).
AS_A_HEAD = {("POST", "staff.note_missed"), ("POST", "staff.review_glass")}
# Of what belongs to one member: her own stands for "own", and of every other side a
# colleague's who sits there.
PERSONAL = (
    "staff.end_session",
    "staff.given",
    "staff.given_done",
    "staff.remove_passkey",
)
# What they are asked for is in the form, not in the address.
ASKED = {"staff.find": "reference"}
LET_IN = {"staff": ("own",), "head": ("own", "circle"), ACROSS: ("other",)}
PLAIN = {
    "who": "child",
    "filename": "staff.css",
    "name": "late",
}


def submission(side: str) -> Submission:
    return {
        "own": text(),
        "other": text(audience=Audience.USES_VIOLENCE),
        "circle": text(avoid="Amina"),
        "unit": text(under_18=True),
    }[side]


@dataclass
class Site(Bureau):
    """The staff site, and something of everything on each side of the wall."""

    app: Flask = field(default_factory=lambda: Flask(__name__))
    made: int = 0
    shared: dict[str, dict[str, object]] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    def answered(self, role: str, rule: tuple[str, str], side: str) -> int:
        """Return the status that a role is answered with for what lies on a side."""
        method, endpoint = rule
        client = self.app.test_client()
        if LOGINS[role]:
            with client.session_transaction() as cookie:
                cookie[KEY] = self.token(LOGINS[role], endpoint == "staff.sign_out")
        adapter = self.app.url_map.bind("localhost")
        names = {
            n for one in self.app.url_map.iter_rules(endpoint) for n in one.arguments
        }
        known: dict[str, object] = dict(PLAIN)
        if endpoint in PERSONAL:
            owner = self.owner(role, side)
            known |= self.personal(endpoint, owner, fresh=owner == LOGINS[role])
        elif names - PLAIN.keys() or endpoint in ASKED:
            # Only where she is let in may a form have changed what lies there.
            let_in = side in LET_IN.get(role, ()) or "name_id" in names
            let_in |= role == "administrator" and "member_id" in names
            known |= self.things(side, fresh=method == "POST" and let_in)
            known["opening_id"] = known["asks" if "approve" in endpoint else "breaks"]
        address = adapter.build(endpoint, {name: known[name] for name in names})
        form = {ASKED[endpoint]: known[ASKED[endpoint]]} if endpoint in ASKED else {}
        with client.open(address, method=method, data=form) as answer:
            return answer.status_code

    def owner(self, role: str, side: str) -> str:
        """Return whose the personal things of a side are: her own, or a colleague's."""
        own = side == ("other" if role == ACROSS else "own")
        return LOGINS[role] or "johan" if own else SIDES[side][2]

    def personal(self, endpoint: str, login: str, fresh: bool) -> dict[str, object]:
        """Make something that is one member's alone; a session beside hers if fresh."""
        if endpoint == "staff.end_session":
            return {"handle": token_hash(self.token(login, fresh)).hex()[:16]}
        now = self.clock()
        with self.writing() as session:
            member = self.member(session, login)
            if endpoint == "staff.remove_passkey":
                fact = {"credential": secrets.token_bytes(16), "public_key": b""}
                row = Passkey(
                    member_id=member.id, uses=0, name="", added_at=now, **fact
                )
                session.add(row)
                session.flush()
                return {"passkey_id": row.id}
            content = {
                "digits": "1234",
                "ends_at": now.isoformat(),
                "reference": "",
                "member_id": member.id,
            }
            return {"handle": keep(session, Shown("staff-number", content), now)}

    def token(self, login: str, fresh: bool) -> str:
        """Sign a member in, once, or anew for who is to sign out."""
        if fresh or login not in self.tokens:
            now, key = self.clock.forward(seconds=30), self.account_key
            with self.writing() as session:
                code = current_code(self.member(session, login), key, now)
                proof = prove(session, login, PASSWORD)
                token = sign_in(session, key, proof, code, now)
            if fresh:
                return token
            self.tokens[login] = token
        return self.tokens[login]

    def things(self, side: str, fresh: bool) -> dict[str, object]:
        """Return what addresses name, on a side; made anew for a form."""
        if fresh or side not in self.shared:
            self.shared[side] = self.make(side)
        return dict(self.shared[side])

    def make(self, side: str) -> dict[str, object]:
        unit, wall, colleague = SIDES[side]
        reference = self.send(submission(side))
        with self.writing() as session:
            request = self.request(session, reference)
            assert (request.unit, request.side) == (unit, wall)
            found = select(Desk).where(Desk.unit == unit, Desk.side == wall)
            desk, now = session.scalars(found).one(), self.clock()
            member = self.member(session, colleague)
            why = put(session, request, Kind.NOTE, "Skäl", Origin.STAFF, now, member.id)
            asks = Opening(request=request, member=member, asked_at=now)
            breaks = Opening(
                request=request,
                member=member,
                asked_at=now,
                ends_at=now,
                review_due_at=now,
                reason=why,
            )
            missed = self.missed(request)
            name = OnCallName(
                desk=desk,
                place=1,
                name="Namn",
                when=AlertWhen.ALWAYS,
                shown="",
                worker_box=b"",
            )
            session.add_all((asks, breaks, missed, name))
            session.flush()
            return {
                "reference": reference,
                "unit": unit,
                "desk_id": desk.id,
                "member_id": self.newcomer(session, unit, wall).id,
                "asks": asks.id,
                "breaks": breaks.id,
                "window_id": missed.id,
                "name_id": name.id,
                "token": self.link(session),
            }

    def missed(self, request: Request) -> Window:
        """Return an hour in which she waited and nobody called."""
        now = self.clock()
        return Window(
            request=request,
            unit=request.unit,
            starts_at=now - timedelta(hours=2),
            ends_at=now - timedelta(hours=1),
            origin=Origin.FORM,
            missed_at=now,
        )

    def link(self, session: Session) -> str:
        """Return the token of a link for somebody who has not used it yet."""
        self.made += 1
        who = (f"ny{self.made}", "Ny", "Ny Exempel", Role.STAFF)
        member = founding.add_member(session, *who, [], self.clock())
        return links.invite(session, member, self.clock())

    def newcomer(self, session: Session, unit: str, side: Side) -> Member:
        """Let somebody wait for a place at a desk."""
        self.made += 1
        who = (f"ny{self.made}", "Ny", "Ny Exempel", Role.STAFF)
        member = founding.add_member(session, *who, [(unit, side)], self.clock())
        member.public_key = KeyPair.generate().public
        session.flush()
        return member


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Open the staff site once; posts reach the views, so that their rules answer."""
    folder: Path = tmp_path_factory.mktemp("table")
    with pytest.MonkeyPatch.context() as patch:
        quicken(patch)
        open_site = staffed(Site, folder, voice_number="+46701740602")
        open_site.app.config["WTF_CSRF_ENABLED"] = False
        yield open_site
        open_site.engine.dispose()


def rules(app: Flask) -> dict[tuple[str, str], bool]:
    """Return every method and view, and whether its address names anything."""
    return {
        (method, rule.endpoint): bool(rule.arguments - PLAIN.keys())
        or rule.endpoint in ASKED
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) & {"GET", "POST"}
    }


def spread(cell: str) -> list[int]:
    """Return what a cell says of each side."""
    own, *others = (int(one) for one in cell.split("/"))
    return [own, *(others if len(others) == 3 else (others or [own]) * 3)]


def test_every_route_has_its_row(site: Site) -> None:
    assert set(TABLE) == set(rules(site.app))


@pytest.mark.timeout(900)  # some three hundred addresses, of which many are forms
@pytest.mark.parametrize("role", ROLES)
def test_every_route_answers_a_role_on_each_side_as_the_table_says(
    site: Site, role: str
) -> None:
    names = rules(site.app)
    column = list(ROLES).index(role)
    wrong = {}
    for rule, row in TABLE.items():
        sides = SIDES if names[rule] else ["own"]
        told = [site.answered(role, rule, side) for side in sides]
        if told != spread(row[column])[: len(told)]:
            wrong[rule] = told
    assert wrong == {}


@pytest.mark.timeout(900)
def test_the_wall_stands_the_same_from_its_other_side(site: Site) -> None:
    names = rules(site.app)
    wrong = {}
    for rule, row in TABLE.items():
        column = ROLES.index("head" if rule in AS_A_HEAD else "staff")
        hers, beyond = (row[column].split("/") * 2)[:2]
        if names[rule]:
            told = [site.answered(ACROSS, rule, side) for side in ("other", "own")]
            if told != [int(hers), int(beyond)]:
                wrong[rule] = told
    assert wrong == {}


def test_nothing_is_ever_forbidden_by_name() -> None:
    told = {one for row in TABLE.values() for cell in row for one in cell.split("/")}
    assert "403" not in told
