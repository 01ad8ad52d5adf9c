"""Danger to life on the request's page: the script, the mark and the decision."""

import pytest

from tests.blueprints.conftest import StaffBureau
from tests.factories import text

pytestmark = pytest.mark.rule("S24")
DECIDED = {
    "to": "police",
    "told": "yes",
    "law": "prevent",
    "reason": "Hotet och namnet",
}


def test_what_to_ask_and_what_112_is_told_stand_there(staff: StaffBureau) -> None:
    path = f"/r/{staff.send(text())}"
    words = staff.signed_in("amina").open(path).words
    for part in ("Var är du?", "Ring 112.", "Är någon skadad?", "OSL 26 kap. 1 §"):
        assert part in words


def test_whoever_reads_it_marks_it_and_who_has_it_decides(staff: StaffBureau) -> None:
    path = f"/r/{staff.send(text())}"
    amina = staff.signed_in("amina")
    page = amina.press(path, "/danger")
    assert "chefen larmas nu" in page.words
    assert "Fara för liv: beslut saknas" in page.words
    assert "Ta ärendet för att anteckna beslutet." in page.words
    assert page.soup.select('form[action$="/disclosure"]') == []
    amina.press(path, "/claim")
    page = amina.press(path, "/disclosure", DECIDED)
    assert "beslut saknas" not in page.words
    for part in ("Beslut om att lämna ut", "uppgifter lämnades", "polisen", "18 c §"):
        assert part in page.words
    assert "Hotet och namnet" in page.words


@pytest.mark.parametrize(
    "said",
    [{"to": []}, {"told": []}, {"law": []}, {"reason": ""}, {"law": "secrecy"}],
)
def test_half_a_decision_is_given_back(
    staff: StaffBureau, said: dict[str, str | list[str]]
) -> None:
    path = f"/r/{staff.send(text())}"
    amina = staff.signed_in("amina")
    amina.press(path, "/claim")
    amina.press(path, "/danger")
    page = amina.send(amina.open(path), "/disclosure", {**DECIDED, **said})
    assert page.response.status_code == 422
    assert "beslut saknas" in page.words
    if "reason" not in said:
        assert page.filled("/disclosure")["reason"] == "Hotet och namnet"


def test_close_says_that_it_is_undecided(staff: StaffBureau) -> None:
    path = f"/r/{staff.send(text())}"
    amina = staff.signed_in("amina")
    amina.press(path, "/claim")
    amina.press(path, "/danger")
    fold = amina.open(path).form("/close")
    assert "märkt med fara för liv" in fold.get_text()
