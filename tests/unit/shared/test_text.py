"""Texts for people, in Indonesian (first) and English."""

import pytest

from shared.text import Text


def test_a_text_is_given_in_the_language_asked_for():
    text = Text("Selamat pagi", "Good morning")
    assert (text.in_language("id"), text.in_language("en")) == ("Selamat pagi", "Good morning")


def test_another_language_gets_indonesian():
    assert Text("Selamat pagi", "Good morning").in_language("jv") == "Selamat pagi"


@pytest.mark.parametrize(("indonesian", "english"), [("", "x"), ("x", ""), (" ", "x"), ("x", "\n")])
def test_neither_language_may_be_empty(indonesian, english):
    with pytest.raises(ValueError, match="both languages"):
        Text(indonesian, english)
