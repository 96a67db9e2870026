"""Values as providers write them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.payment_webhooks.providers import values
from shared.clock import WIB


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"null", b"1", b'"x"', b"{", b"\xff", b"[" * 60_000, b"1" * 60_000, b'{"a":1}x'],
)
def test_what_is_no_object_is_none(body):
    assert values.object_of(body) is None


def test_an_object_is_read_with_a_byte_order_mark_too():
    assert values.object_of(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}


@given(st.binary())
def test_reading_any_bytes_raises_nothing(body):
    values.object_of(body)


@pytest.mark.parametrize(
    ("given_value", "read"),
    [
        ("3500.00", 3500),
        ("3500", 3500),
        (" 3500.00 ", 3500),
        (3500, 3500),
        (3500.0, 3500),
        (0, 0),
        (10**15, 10**15),
        (10**15 + 1, None),
        ("-1", None),
        ("3500.50", None),
        (3500.5, None),
        ("1e999999", None),
        ("NaN", None),
        (float("inf"), None),
        ("3.500,00", None),
        ("10.000", None),
        ("3500.0", 3500),
        ("３５００", None),
        ("1_000", None),
        (1e4, 10_000),
        ("", None),
        (None, None),
        (True, None),
        ([1], None),
    ],
)
def test_an_amount_is_whole_rupiah_or_nothing(given_value, read):
    assert values.rupiah(given_value) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-11-23 08:15:30", datetime(2026, 11, 23, 8, 15, 30, tzinfo=WIB)),
        ("2026-11-23T08:15:30+07:00", datetime(2026, 11, 23, 8, 15, 30, tzinfo=WIB)),
        ("2026-11-23T01:15:30Z", datetime(2026, 11, 23, 1, 15, 30, tzinfo=UTC)),
        ("yesterday", None),
        ("0001-01-01T00:00:00Z", None),
        ("9999-12-31 23:59:59", None),
        ("", None),
        (None, None),
        (["2026-11-23"], None),
    ],
)
def test_an_instant_without_offset_is_in_wib(written, read):
    assert values.instant(written) == read


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (" a ", "a"),
        (7, "7"),
        (" ", None),
        (None, None),
        (False, None),
        ({}, None),
        ("a\ud800", "a?"),
        ("x" * 300, "x" * 256),
    ],
)
def test_a_text_can_be_stored(value, read):
    assert values.text(value) == read


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ({"a": 1}, [{"a": 1}]),
        ([{"a": 1}, None, {"b": 2}], [{"a": 1}, {"b": 2}]),
        ('{"a": 1}', [{"a": 1}]),
        ('{"a": "\ud800"}', [{"a": "?"}]),
        ("x", []),
        (None, []),
        ([], []),
    ],
)
def test_objects_are_found_in_an_array_alone_or_in_a_string(value, read):
    assert list(values.objects(value)) == read
    assert values.mapping(value) == (read[0] if read else {})


def test_the_first_instant_that_can_be_read_counts():
    body = {"a": "0001-01-01T00:00:00Z", "b": {"c": "2026-11-23 08:15:30"}}
    assert values.first_instant(body, "x", "a", "b.c") == datetime(
        2026, 11, 23, 8, 15, 30, tzinfo=WIB
    )
    assert values.first_instant(body, "a") is None


def test_the_first_that_is_there_counts():
    body = {"a": None, "b": {"c": [{"d": 0}]}, "e": ""}
    assert values.first(body, "a", "e", "b.c.d") == 0
    assert values.first(body, "a", "x.y", "e.f") is None
    assert values.first_text(body, "b", "b.c.d") == "0"
    assert values.first_text({"a": " ", "b": "x"}, "a", "b") == "x"
    assert values.first_text({}, "a") is None
