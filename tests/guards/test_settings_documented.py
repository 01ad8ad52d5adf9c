"""The README names every setting as the code declares it, and none that is gone."""

from pathlib import Path

from web.environment import ALL_FACES
from web.settings import SettingText, describe

README = Path(__file__).resolve().parents[2] / "README.md"


def row(said: SettingText) -> str:
    """Return a setting's row of the README's table."""
    everyone = len(said.faces) == len(ALL_FACES)
    faces = "all" if everyone else ", ".join(said.faces)
    default = said.default.replace("<", r"\<")  # Markdown would take it for a tag
    return f"| `{said.name}` | {said.meaning} | {default} | {faces} |"


def test_the_readme_has_every_setting_as_declared() -> None:
    lines = README.read_text().splitlines()
    written = [line for line in lines if line.startswith("| `STILLA_")]
    assert written == [row(said) for said in describe()]


def test_the_readme_names_no_setting_that_is_gone() -> None:
    known = {said.name for said in describe()}
    words = README.read_text().replace("`", " ").replace("=", " ").split()
    named = {word.strip(".,;:()") for word in words if word.startswith("STILLA_")}
    assert named <= known


def test_the_first_line_says_what_debian_must_have() -> None:
    first = README.read_text().splitlines()[0]
    for needed in ("git", "make", "python3-venv", "3.11"):
        assert needed in first
