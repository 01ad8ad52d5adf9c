"""A recovery key as it stands on paper: read back, and slips found where they are."""

import itertools
import secrets

import pytest

from intake.paper_keys import MistypedKey, from_paper, to_paper

KEY = bytes(range(7, 39))
GROUPS = to_paper(KEY)
SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def test_a_key_is_thirteen_groups_of_five() -> None:
    assert len(GROUPS) == 13
    assert {len(group) for group in GROUPS} == {5}
    assert not set("".join(GROUPS)) & set("ILOU")  # they look like others


def test_every_key_is_read_back() -> None:
    edges = [bytes(32), b"\xff" * 32, KEY]
    for key in [*edges, *(secrets.token_bytes(32) for _ in range(50))]:
        assert from_paper(" ".join(to_paper(key))) == key


@pytest.mark.parametrize("between", ["", " ", "-", "\n", "  "])
def test_spaces_hyphens_and_case_do_not_matter(between: str) -> None:
    assert from_paper(between.join(GROUPS)) == KEY
    assert from_paper(between.join(GROUPS).lower()) == KEY


def test_letters_that_look_like_digits_are_taken_for_them() -> None:
    written = " ".join(to_paper(bytes(32)))
    assert "0" in written
    assert from_paper(written.replace("0", "o")) == bytes(32)
    assert from_paper(written.replace("1", "l")) == bytes(32)


def test_every_single_slip_is_found_in_its_group() -> None:
    for place, group in enumerate(GROUPS):
        for at, sign in itertools.product(range(5), SIGNS):
            if group[at] == sign:
                continue
            slip = group[:at] + sign + group[at + 1 :]
            typed = [*GROUPS[:place], slip, *GROUPS[place + 1 :]]
            with pytest.raises(MistypedKey, match=rf"group {place + 1} of 13$"):
                from_paper(" ".join(typed))


def test_swapped_characters_and_swapped_groups_are_found() -> None:
    first = GROUPS[0]
    assert first[1] != first[2]
    swapped = first[0] + first[2] + first[1] + first[3:]
    with pytest.raises(MistypedKey, match=r"group 1 of"):
        from_paper(" ".join([swapped, *GROUPS[1:]]))
    with pytest.raises(MistypedKey, match=r"group 2, 5 of"):
        from_paper(
            " ".join([GROUPS[0], GROUPS[4], *GROUPS[2:4], GROUPS[1], *GROUPS[5:]])
        )


@pytest.mark.parametrize(
    "typed", ["", "hej", " ".join(GROUPS[:-1]), "å" * 65, "U" * 65]
)
def test_what_is_no_key_says_what_one_looks_like(typed: str) -> None:
    with pytest.raises(MistypedKey, match="13"):
        from_paper(typed)
