"""docs/safety.md can't lie: its rows are the rules, its tests are the marked ones."""

from pathlib import Path

import pytest

from tests.guards import safety_table
from tests.guards.safety_table import RULES, Row


@pytest.fixture(scope="module")
def held() -> dict[str, tuple[str, ...]]:
    """Return the tests that carry each rule's number."""
    return safety_table.marked()


def test_every_rule_has_one_row_in_order() -> None:
    assert tuple(row.rule for row in safety_table.rows()) == RULES


def test_no_test_carries_the_number_of_no_rule(held: dict[str, object]) -> None:
    assert held.keys() <= set(RULES)


@pytest.mark.parametrize("row", safety_table.rows(), ids=lambda row: row.rule)
def test_a_row_names_the_tests_that_carry_its_number(
    row: Row, held: dict[str, tuple[str, ...]]
) -> None:
    # `python -m tests.guards.safety_table` puts it right.
    assert row.tests == held.get(row.rule, ())


@pytest.mark.parametrize("row", safety_table.rows(), ids=lambda row: row.rule)
def test_a_rule_is_held_or_says_what_it_waits_for(row: Row) -> None:
    assert row.words
    assert row.tests or row.waits


def test_marks_are_found_wherever_pytest_takes_them(tmp_path: Path) -> None:
    folder = tmp_path / "tests"
    folder.mkdir()
    (folder / "test_some.py").write_text(
        "import pytest\n"
        'pytestmark = pytest.mark.rule("S9")\n'
        'CASES = [pytest.mark.rule("S8")]\n'
        '@pytest.mark.rule("S1")\n'
        "class TestIt:\n"
        '    @pytest.mark.rule("S2")\n'
        "    def test_in_class(self): ...\n"
        "@pytest.mark.parametrize("
        '    "a", [pytest.param(1, marks=pytest.mark.rule("S3"))]'
        ")\n"
        "async def test_case(a): ...\n"
        '@pytest.mark.rule("S4")\n'
        "def no_test(): ...\n"
    )
    one, two = (
        "tests/test_some.py::TestIt::test_in_class",
        "tests/test_some.py::test_case",
    )
    assert safety_table.marked(folder) == {
        "S1": (one,),
        "S2": (one,),
        "S3": (two,),
        "S9": (one, two),
    }


def test_rewriting_touches_the_tests_alone(tmp_path: Path) -> None:
    table = tmp_path / "safety.md"
    table.write_text("Words.\n| **S1** | a | `old` | |\n| **S2** | b | | the desk |\n")
    safety_table.rewrite({"S1": ("t::x", "t::y")}, table)
    assert table.read_text() == (
        "Words.\n| **S1** | a | `t::x`<br>`t::y` |  |\n| **S2** | b |  | the desk |\n"
    )
