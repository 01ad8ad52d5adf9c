"""Where somebody is guided on to, and how a request ends: keys, and words sealed."""

import pytest

from intake import decisions
from intake.endings import Ended, Ending, Guided, Whither, guide_on, ways_on
from intake.errors import NotAllowed, NotHeld
from intake.life import EventKind
from intake.topics import Audience, Kind, State
from tests.factories import Bureau, text
from tests.intake.walls import Held, hold, sit

SAID = "Be att få tala med Eva"


def close(held: Held, ended: Ended) -> None:
    """Close a request whose conflict check was done."""
    now = held.bureau.clock()
    decisions.close(held.desk, held.request, decisions.CHECKED, now, ended=ended)


def test_it_stands_where_she_was_guided_on_to_and_words_are_sealed(
    either_bureau: Bureau,
) -> None:
    bureau = either_bureau
    reference, now = bureau.send(text()), bureau.clock()
    with bureau.writing() as session:
        held = hold(bureau, session, "maria", reference)
        guide_on(held.desk, held.request, Guided(Whither.INCOME, SAID), now)
        last = held.last()
        assert (last.kind, last.data) == (EventKind.GUIDED.value, {"whither": "income"})
        assert held.request.state is State.OPEN
        paper = held.request.envelopes[-1]
        assert (paper.kind, held.desk.keyring.text(paper)) == (Kind.NOTE, SAID)
        assert b"Eva" not in paper.box


def test_only_the_holder_guides_on_and_elsewhere_is_said_in_words(
    bureau: Bureau,
) -> None:
    reference, now = bureau.send(text()), bureau.clock()
    with bureau.writing() as session:
        other = sit(bureau, session, "amina", reference)
        with pytest.raises(NotHeld):
            guide_on(other.desk, other.request, Guided(Whither.POLICE), now)
        held = hold(bureau, session, "maria", reference)
        with pytest.raises(NotAllowed, match="reason-missing"):
            guide_on(held.desk, held.request, Guided(Whither.OTHER, " "), now)


def test_who_uses_violence_is_never_guided_to_where_the_other_may_hide(
    bureau: Bureau,
) -> None:
    reference = bureau.send(text(audience=Audience.USES_VIOLENCE))
    with bureau.writing() as session:
        held = hold(bureau, session, "leila", reference)
        assert Whither.SHELTER not in ways_on(held.request)
        assert Whither.STOPPING in ways_on(held.request)
        with pytest.raises(NotAllowed, match="not-for-who-uses"):
            close(held, Ended(Ending.GUIDED, Guided(Whither.SHELTER)))


def test_an_end_tells_how_and_one_guided_on_where_to(bureau: Bureau) -> None:
    reference, now = bureau.send(text()), bureau.clock()
    with bureau.writing() as session:
        held = hold(bureau, session, "maria", reference)
        with pytest.raises(NotAllowed, match="guided-where"):
            close(held, Ended(Ending.GUIDED))
    with bureau.writing() as session:
        held = hold(bureau, session, "maria", reference)
        guide_on(held.desk, held.request, Guided(Whither.HEALTH), now)
        close(held, Ended(Ending.GUIDED))
        assert held.last().data == {"conflict": "mine", "ending": "guided"}


def test_the_end_itself_may_say_where_to(bureau: Bureau) -> None:
    reference = bureau.send(text())
    with bureau.writing() as session:
        held = hold(bureau, session, "maria", reference)
        close(held, Ended(Ending.GUIDED, Guided(Whither.POLICE)))
        assert held.last().data["ending"] == "guided"
        told = [event.data.get("whither") for event in held.request.events]
        assert told[-2:] == ["police", None]
