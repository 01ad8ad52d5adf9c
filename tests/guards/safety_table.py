"""The table of docs/safety.md: read it, and rewrite its tests from the tests' marks.

`python -m tests.guards.safety_table` rewrites the column of the tests; the words of a
rule and what it still waits for are written by hand.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "docs" / "safety.md"
RULES = tuple(f"S{number}" for number in range(1, 46))
_ROW = re.compile(r"^\| \*\*(S\d+)\*\* \|(.*)\|(.*)\|(.*)\|$")
_BREAK = "<br>"
_Tested = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True, slots=True)
class Row:
    """One rule: its words, the tests that hold it, and what it still waits for."""

    rule: str
    words: str
    tests: tuple[str, ...]
    waits: str

    def line(self) -> str:
        """Return the row as it stands in the table."""
        cells = (f"**{self.rule}**", self.words, _joined(self.tests), self.waits)
        return f"| {' | '.join(cells)} |"


def rows(path: Path = TABLE) -> list[Row]:
    """Read the table's rows in their order."""
    matches = map(_ROW.match, path.read_text().splitlines())
    return [_row(found) for found in matches if found]


def marked(root: Path = ROOT / "tests") -> dict[str, tuple[str, ...]]:
    """Return the tests that carry each rule's number, as path::name."""
    found = defaultdict(list)
    for path in sorted(root.rglob("test_*.py")):
        name = path.relative_to(root.parent).as_posix()
        for rule, test in _marks(ast.parse(path.read_text())):
            found[rule].append(f"{name}::{test}")
    return {rule: tuple(dict.fromkeys(tests)) for rule, tests in found.items()}


def rewrite(held: Mapping[str, tuple[str, ...]], path: Path = TABLE) -> None:
    """Put the marked tests into the table's rows; every other line stays."""
    lines = path.read_text().splitlines()
    for number, line in enumerate(lines):
        if found := _ROW.match(line):
            row = _row(found)
            lines[number] = replace(row, tests=held.get(row.rule, ())).line()
    path.write_text("\n".join(lines) + "\n")


def _row(found: re.Match[str]) -> Row:
    rule, words, tests, waits = (cell.strip() for cell in found.groups())
    named = [test.strip("` ") for test in tests.split(_BREAK)]
    return Row(rule, words, tuple(filter(None, named)), waits)


def _joined(tests: tuple[str, ...]) -> str:
    return _BREAK.join(f"`{test}`" for test in tests)


def _marks(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield rule and test, for marks on a test, its class or its whole module."""
    module = [
        statement.value
        for statement in tree.body
        if isinstance(statement, ast.Assign | ast.AnnAssign)
        and "pytestmark" in ast.unparse(statement).split("=")[0]
        and statement.value is not None
    ]
    for node in tree.body:
        if isinstance(node, _Tested):
            yield from _on_node(node, _numbers(module), "")


def _on_node(node: _Tested, outer: set[str], inside: str) -> Iterator[tuple[str, str]]:
    own = outer | _numbers(node.decorator_list)
    if isinstance(node, ast.ClassDef):
        for child in node.body:
            if isinstance(child, _Tested):
                yield from _on_node(child, own, f"{inside}{node.name}::")
    elif node.name.startswith("test_"):
        for rule in sorted(own):
            yield rule, inside + node.name


def _numbers(expressions: list[ast.expr]) -> set[str]:
    """Return the rules named by `pytest.mark.rule(…)` anywhere in expressions."""
    return {
        argument.value
        for expression in expressions
        for call in ast.walk(expression)
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "pytest.mark.rule"
        for argument in call.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    }


if __name__ == "__main__":
    rewrite(marked())
