"""Style and script as pages carry them: short, whole, and made of what stands there."""

import re
from pathlib import Path

from tests import short_script
from web.inlined import inlined, inlined_short, mark
from web.shell import FORM_STYLE, SCRIPT, STYLE


def test_what_is_inlined_has_lost_its_comments() -> None:
    assert "/*" not in STYLE + FORM_STYLE
    assert not any(line.startswith("//") for line in SCRIPT.splitlines())
    assert "</" not in STYLE + FORM_STYLE + SCRIPT


def test_idle_space_of_a_style_goes_and_telling_space_stays(tmp_path: Path) -> None:
    style = tmp_path / "a.css"
    style.write_text(
        "/* x */\na > b ,\n.c :checked ~ d {\n  top: calc(1px + 2px);\n}\n"
    )
    assert inlined(style) == "a>b ,.c :checked~d{top:calc(1px + 2px)}"


def test_what_old_phones_do_not_know_follows_what_they_do() -> None:
    # They drop the whole line of a style, and take the one before it.
    newer = re.findall(r"([\w-]+):[^;{}]*\b(?:min|max|clamp)\(", STYLE + FORM_STYLE)
    plain = re.findall(
        r"[{;]([\w-]+):[^;{}()]+;\1:[^;{}]*\b(?:min|max|clamp)\(", STYLE + FORM_STYLE
    )
    assert newer == plain


def test_an_edited_script_is_sent_as_it_stands_until_it_is_shortened(
    tmp_path: Path,
) -> None:
    script, short = tmp_path / "a.js", tmp_path / "a.min.js"
    script.write_text("// why\nlongName()\n")
    assert inlined_short(script) == "longName()"
    short.write_text(mark(script) + "l()\n")
    assert inlined_short(script) == "l()"
    script.write_text("otherName()\n")
    assert inlined_short(script) == "otherName()"


def test_the_script_that_is_sent_is_the_one_that_stands_there() -> None:
    sent = short_script.SOURCE.with_suffix(".min.js").read_text("utf-8")
    assert sent == short_script.shortened(), "run: make script"
    assert sent.split("\n", 1)[1].strip() == SCRIPT
