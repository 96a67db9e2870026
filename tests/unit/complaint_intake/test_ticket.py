"""Tickets: good for one complaint and a while, made of its token without telling it."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.complaint_intake import ticket
from tests.builders import NOW

TOKEN, NUMBER = "kJ8sW2nQ0xY7bV5cR3mT1A", "SMG-7ZK3Q9M4T0XWH"
GOOD = ticket.made(TOKEN, NUMBER, NOW + timedelta(hours=1))


def test_a_ticket_admits_to_its_complaint_until_it_runs_out():
    assert ticket.complaint_of(GOOD) == NUMBER
    assert ticket.admits(GOOD, TOKEN, NUMBER, NOW)
    assert ticket.admits(GOOD, TOKEN, NUMBER, NOW + timedelta(minutes=59))
    assert not ticket.admits(GOOD, TOKEN, NUMBER, NOW + timedelta(hours=1))


def test_it_admits_to_no_other_complaint_and_dies_with_the_token():
    assert not ticket.admits(GOOD, TOKEN, "SMG-0000000000000", NOW)
    assert not ticket.admits(GOOD, "another-token", NUMBER, NOW)


def test_it_does_not_tell_the_token():
    assert TOKEN not in GOOD


def test_nobody_prolongs_it_or_carries_it_to_another_complaint():
    number, ends, signature = GOOD.split(".")
    later = f"{number}.{int(ends) + 1}.{signature}"
    other = f"SMG-0000000000000.{ends}.{signature}"
    assert not ticket.admits(later, TOKEN, NUMBER, NOW)
    assert not ticket.admits(other, TOKEN, "SMG-0000000000000", NOW)


@pytest.mark.parametrize("text", ["", ".", "..", "a.b.c", f"{NUMBER}.x.y", GOOD + ".", "é.1.é"])
def test_what_is_no_ticket_admits_to_nothing(text):
    assert not ticket.admits(text, TOKEN, NUMBER, NOW)


@given(st.text(max_size=80))
def test_no_text_is_a_ticket(text):
    assert not ticket.admits(text, TOKEN, NUMBER, NOW)
    assert ticket.complaint_of(text) == text.split(".")[0]
