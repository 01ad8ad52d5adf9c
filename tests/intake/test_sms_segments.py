"""Alphabets and parts of text messages, at their edges."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.sms.segments import Encoding, Segments, segments

GSM_7, UCS_2 = Encoding.GSM_7, Encoding.UCS_2


@pytest.mark.parametrize(
    ("body", "encoding", "count"),
    [
        ("", GSM_7, 1),
        ("å" * 160, GSM_7, 1),
        ("å" * 161, GSM_7, 2),
        ("å" * 306, GSM_7, 2),
        ("å" * 307, GSM_7, 3),
        ("€" * 80, GSM_7, 1),
        ("€" * 81, GSM_7, 2),
        # An escape and its letter stay together: 76 of them fit a part of 153 places.
        ("€" * 153, GSM_7, 3),
        ("م" * 70, UCS_2, 1),
        ("م" * 71, UCS_2, 2),
        ("م" * 134, UCS_2, 2),
        ("م" * 135, UCS_2, 3),
        ("😀" * 35, UCS_2, 1),
        ("😀" * 36, UCS_2, 2),
        ("😀" * 67, UCS_2, 3),
        ("ç", UCS_2, 1),
        ("Ç", GSM_7, 1),
    ],
)
def test_parts(body: str, encoding: Encoding, count: int) -> None:
    assert segments(body) == Segments(encoding, count)


@given(st.text(max_size=200), st.text(max_size=5))
def test_more_text_never_takes_fewer_parts(body: str, more: str) -> None:
    before, after = segments(body), segments(body + more)
    assert after.count >= before.count
    assert (before.encoding is GSM_7) or (after.encoding is UCS_2)
