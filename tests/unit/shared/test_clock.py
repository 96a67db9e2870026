"""Instants: aware UTC inside, RFC 3339 outside, and texts that sort by time."""

from datetime import UTC, datetime, timedelta

from hypothesis import given

from shared import clock
from tests.strategies import instants, zones


@given(instants, zones)
def test_an_instant_comes_back_from_its_text_whatever_its_zone(instant, zone):
    assert clock.from_text(clock.to_text(instant.astimezone(zone))) == instant


@given(instants, instants, zones)
def test_texts_sort_by_time(one, other, zone):
    left, right = clock.to_text(one.astimezone(zone)), clock.to_text(other)
    assert (left < right) == (one < other)


def test_a_text_is_rfc_3339_in_utc_with_milliseconds():
    noon = datetime(2026, 11, 20, 12, tzinfo=clock.WIB)
    assert clock.to_text(noon) == "2026-11-20T05:00:00.000Z"


def test_the_present_is_aware_and_loses_nothing_in_its_text():
    before = datetime.now(UTC)
    present = clock.now()
    assert before - timedelta(milliseconds=1) <= present <= datetime.now(UTC)
    assert clock.from_text(clock.to_text(present)) == present
