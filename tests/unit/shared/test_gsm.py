"""What a text message costs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.gsm import segments, unsendable


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("[" * 80, 1),
        ("[" * 81, 2),
        # An escape and its letter stay together: 76 pairs a message, and one place is lost.
        ("[" * 152, 2),
        ("[" * 153, 3),
        ("a" + "[" * 152 + "a", 2),
    ],
)
def test_a_text_is_paid_as_so_many_messages(text, expected):
    assert segments(text) == expected


def test_letters_that_phones_lack_are_named():
    assert unsendable("selesai… “ya”") == "…“”"
    assert unsendable("https://x.id/v1/lacak#SMG-7.aB_-9?c=1&t=2~[]") == ""


@given(st.text("ab[€", max_size=700), st.text("ab[€", max_size=50))
def test_more_text_never_costs_less(text, more):
    assert segments(text) <= segments(text + more)
    assert segments(text) * 153 >= len(text) or segments(text) == 1
