"""Numbers of orders: derived, spelt strictly."""

import re
from hashlib import sha256
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.payment_webhooks.order_ids import (
    PATTERN,
    is_order_number,
    number_of_payment,
    number_unordered,
    order_numbers,
    read_order_number,
)

HASHES = st.binary(min_size=32, max_size=32).map(bytes.hex)


@given(HASHES, st.sampled_from(["BRT", "PBB", "TIX", "MRC", "OTH"]))
def test_every_number_is_spelt_as_the_providers_are_held_to(key_hash, code):
    numbers = list(islice(order_numbers("SMG", code, key_hash), 9))
    for number in numbers:
        assert re.fullmatch(PATTERN, number)
        assert is_order_number(number)
        assert number.startswith(f"SMG-{code}-")


def test_a_collision_has_a_next_number_to_go_to():
    assert len(set(islice(order_numbers("SMG", "BRT", "5f" * 32), 9))) > 1
    assert len(set(islice(order_numbers("SMG", "BRT", sha256(b"x").hexdigest()), 9))) == 9


def test_a_check_character_that_is_read_as_another_is_passed_over():
    found = (next(order_numbers("SMG", "BRT", f"{n:064x}")) for n in range(200))
    assert not any("U" in number for number in found)


def test_a_payment_without_an_order_always_makes_the_same():
    one = number_of_payment("SMG", "OTH", "gobiz", "T-1")
    assert one == number_of_payment("SMG", "OTH", "gobiz", "T-1")
    assert one != number_of_payment("SMG", "OTH", "gobiz", "T-2")
    assert one != number_of_payment("SMG", "OTH", "va", "T-1")
    assert is_order_number(one)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        (" smg-brt-7k3f9q2m1xwz4\n", "SMG-BRT-7K3F9Q2M1XWZ4"),
        ("SMG-BRT-7K3F9Q2M1XWZU", None),
        ("SMG-BRT-7K3F9Q2M1XWZ", None),
        ("SMG-BRT-7K3F9Q2M1XWZ44", None),
        ("SM1-BRT-7K3F9Q2M1XWZ4", None),
        ("", None),
    ],
)
def test_a_number_is_read_however_it_is_typed(typed, number):
    assert read_order_number(typed) == number


def test_a_line_break_is_no_part_of_a_number():
    assert not is_order_number("SMG-BRT-7K3F9Q2M1XWZ4\n")


def test_the_number_of_what_nobody_ordered_is_no_jurisdictions():
    one = number_unordered("qris", "T-1")
    assert one.startswith("IDN-OTH-")
    assert is_order_number(one)
    assert one == number_unordered("qris", "T-1") != number_unordered("gobiz", "T-1")
