"""The code keeps its shape: small files, small functions, one place for each thing."""

import ast
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("app.py", "blueprints", "web", "intake")
LONGEST_FILE, LONGEST_TEST_FILE = 300, 480
LONGEST_FUNCTION, LONGEST_VIEW, MEDIAN_FUNCTION = 45, 20, 9
SHAPELESS = frozenset({"utils", "util", "helpers", "common", "services", "misc"})
# Shipped without types: whatever they return is checked in one place, and of Twilio's
# many parts in three: who asks, its texts, its calls.
UNTYPED = {
    "flask_wtf": ["web/forms.py"],
    "flask_babel": ["web/i18n.py"],
    "twilio": [
        "intake/sms/twilio.py",
        "intake/sms/twilio_account.py",
        "intake/voice.py",
    ],
    "bleach": ["web/content.py"],
    "authlib": ["web/oidc.py"],
}
# Where the product itself may ask what time it is.
CLOCKS = frozenset({"web/wiring.py"})
# Launchers talk to the person who started them; the console gateway prints texts.
TALKERS = frozenset({"web/run.py", "web/key_files.py"})
_Function = ast.FunctionDef | ast.AsyncFunctionDef


def sources(*tops: str) -> list[str]:
    """Return the Python files under the given tops, relative to the root."""
    found = [
        path
        for top in tops
        for path in ([ROOT / top] if top.endswith(".py") else (ROOT / top).rglob("*"))
        if path.suffix == ".py"
    ]
    return sorted(path.relative_to(ROOT).as_posix() for path in found)


def tree(source: str) -> ast.Module:
    return ast.parse((ROOT / source).read_text(), source)


def functions(source: str) -> Iterator[_Function]:
    for node in ast.walk(tree(source)):
        if isinstance(node, _Function):
            yield node


def length(node: _Function) -> int:
    """Return a function's lines, its decorators left out."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def imports(source: str) -> set[str]:
    """Return the modules that a file imports, wherever it does."""
    found = set()
    for node in ast.walk(tree(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
    return found


def dotted(node: ast.expr) -> str:
    """Return `a.b` of an attribute, `a` of a name, else nothing."""
    return ast.unparse(node) if isinstance(node, ast.Attribute | ast.Name) else ""


@pytest.mark.parametrize("source", sources(*PRODUCT, "tests"))
def test_files_stay_short(source: str) -> None:
    most = LONGEST_TEST_FILE if source.startswith("tests/") else LONGEST_FILE
    assert len((ROOT / source).read_text().splitlines()) <= most


@pytest.mark.parametrize("source", sources(*PRODUCT, "tests"))
def test_functions_stay_short(source: str) -> None:
    long = {f.name: length(f) for f in functions(source)}
    assert {n: size for n, size in long.items() if size > LONGEST_FUNCTION} == {}


@pytest.mark.parametrize("source", sources("blueprints"))
def test_views_stay_thin(source: str) -> None:
    views = {
        f.name: length(f)
        for f in functions(source)
        if any(
            "route" in ast.unparse(mark.func) or "bp." in ast.unparse(mark.func)
            for mark in f.decorator_list
            if isinstance(mark, ast.Call)
        )
    }
    assert {n: size for n, size in views.items() if size > LONGEST_VIEW} == {}


def test_half_of_all_functions_fit_a_glance() -> None:
    sizes = [length(f) for s in sources(*PRODUCT) for f in functions(s)]
    assert median(sizes) <= MEDIAN_FUNCTION


@pytest.mark.parametrize("source", sources(*PRODUCT, "tests"))
def test_names_say_what_is_inside(source: str) -> None:
    parts = {part.removesuffix(".py") for part in Path(source).parts}
    assert not parts & SHAPELESS


@pytest.mark.parametrize("source", sources(*PRODUCT))
def test_modules_and_public_functions_say_what_they_are_for(source: str) -> None:
    module = tree(source)
    assert ast.get_docstring(module)
    silent = [
        node.name
        for node in module.body
        if isinstance(node, _Function | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert silent == []


@pytest.mark.parametrize("source", sources("blueprints", "web", "intake"))
def test_nobody_leans_on_the_composition_root(source: str) -> None:
    # The launcher names it as text, to the server that loads it.
    assert "app" not in imports(source)


@pytest.mark.parametrize("package", UNTYPED)
def test_what_has_no_types_is_imported_where_it_is_checked(package: str) -> None:
    users = [
        source
        for source in sources(*PRODUCT)
        if any(name.split(".")[0] == package for name in imports(source))
    ]
    assert users == UNTYPED[package]


@pytest.mark.parametrize("source", sources(*PRODUCT))
def test_time_comes_from_one_clock(source: str) -> None:
    if source in CLOCKS:
        return
    asked = {
        dotted(node.func)
        for node in ast.walk(tree(source))
        if isinstance(node, ast.Call)
    }
    clocks = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today"}
    assert not asked & (clocks | {"time.time", "datetime.datetime.now"})


@pytest.mark.parametrize("source", sources(*PRODUCT))
def test_only_launchers_print(source: str) -> None:
    if source in TALKERS:
        return
    called = [
        node.lineno
        for node in ast.walk(tree(source))
        if isinstance(node, ast.Call) and dotted(node.func) == "print"
    ]
    assert called == []
