"""Our own style and script as pages carry them: without comments and idle space."""

import re
from hashlib import sha256
from pathlib import Path

from markupsafe import Markup

_JS_COMMENT = re.compile(r"^\s*//.*$", re.MULTILINE)
_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
# Spaces of a style that mean nothing. " :" stays: before a pseudo-class it means a lot.
_CSS_SPACE = re.compile(r"\s*([{};>~])\s*|(?<=[:,])\s+")


def inlined(path: Path) -> Markup:
    """Return a style or script as it is inlined."""
    text = path.read_text("utf-8")
    tight = _tight_script(text) if path.suffix == ".js" else _tight_style(text)
    return Markup(tight)  # noqa: S704  # our own file


def inlined_short(path: Path) -> Markup:
    """Return a script with short names where it has been shortened since its last edit.

    `make script` writes the short one beside it; installing needs no such tool.
    """
    short = path.with_suffix(".min.js")
    fresh = short.exists() and short.read_text("utf-8").startswith(mark(path))
    return inlined(short if fresh else path)


def mark(path: Path) -> str:
    """Return the first line of a shortened script, which says what it was made of."""
    made_of = sha256(path.read_bytes()).hexdigest()[:16]
    return f"// {path.name} ({made_of}), shortened by `make script`.\n"


def _tight_script(text: str) -> str:
    lines = (line.strip() for line in _JS_COMMENT.sub("", text).splitlines())
    return "\n".join(filter(None, lines))


def _tight_style(text: str) -> str:
    return _CSS_SPACE.sub(r"\1", _CSS_COMMENT.sub("", text)).replace(";}", "}").strip()
