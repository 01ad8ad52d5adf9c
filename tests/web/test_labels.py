"""Every key that staff can meet has Swedish words, and none has two meanings."""

import ast
import re
from enum import StrEnum
from pathlib import Path

import pytest

from intake import (
    asked,
    assessments,
    consents,
    decisions,
    endings,
    guide,
    life,
    messages,
    outcomes,
    staff_log,
    today,
    topics,
    ways_in,
)
from web.labels import TABLE, label, label_of, options
from web.locks import LOCKS, lock

ROOT = Path(__file__).resolve().parents[2]
KINDS = [
    kind
    for module in (
        asked,
        assessments,
        consents,
        decisions,
        endings,
        guide,
        topics,
        life,
        outcomes,
        staff_log,
        today,
        messages,
        ways_in,
    )
    for kind in vars(module).values()
    if isinstance(kind, type) and issubclass(kind, StrEnum) and kind is not StrEnum
    if not kind.__name__.startswith("_")  # it orders a query, and is shown nowhere
]


@pytest.mark.parametrize("kind", dict.fromkeys(KINDS), ids=lambda kind: kind.__name__)
def test_every_key_has_words_of_its_own(kind: type[StrEnum]) -> None:
    words = [label(key) for key in kind]
    assert all(words)
    assert len(set(words)) == len(words)
    assert options(kind) == {key.value: label_of(kind, key.value) for key in kind}


def reasons() -> set[str]:
    """Return what NotAllowed is raised with, and the keys of the tables of locks."""
    found = set()
    for path in [*(ROOT / "intake").glob("*.py"), *(ROOT / "blueprints").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "NotAllowed":
                found |= {a.value for a in node.args if isinstance(a, ast.Constant)}
            if isinstance(node, ast.FunctionDef) and node.name.endswith("locks"):
                tables = [n for n in ast.walk(node) if isinstance(n, ast.Dict)]
                keys = [key for table in tables for key in table.keys]
                found |= {k.value for k in keys if isinstance(k, ast.Constant)}
    return {str(reason) for reason in found}


def test_every_lock_is_told_in_words() -> None:
    found = reasons()
    assert {"no-window", "calls-untested", "texts-not-agreed"} <= found
    assert found <= set(LOCKS)
    for reason in found:
        assert lock(reason).endswith(".")


def test_no_key_is_shown_where_words_belong() -> None:
    every = [words for table in TABLE.values() for words in table.values()]
    for words in [*every, *LOCKS.values()]:
        assert not re.search(r"[a-z]-[a-z]+-|_", words), words
        assert words[0].isupper() or words[0] in "”" or words.islower() or ";" in words
