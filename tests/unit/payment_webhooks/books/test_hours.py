from datetime import UTC, datetime, timedelta

import pytest

from functions.payment_webhooks.books.hours import after, hour_of, hours, last_closed, start_of
from shared.clock import WIB

FIVE = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)


def test_an_hour_is_of_utc():
    assert hour_of(datetime(2026, 11, 20, 0, 30, tzinfo=WIB)) == "2026-11-19T17"
    assert start_of("2026-11-19T17") == datetime(2026, 11, 20, tzinfo=WIB)


def test_an_hour_is_closed_a_quarter_of_an_hour_after_its_end():
    assert last_closed(FIVE + timedelta(minutes=15)) == "2026-11-20T04"
    assert last_closed(FIVE + timedelta(minutes=14, seconds=59)) == "2026-11-20T03"


def test_hours_follow_each_other_over_midnight():
    assert list(hours("2026-12-31T22", "2027-01-01T01")) == [
        "2026-12-31T22",
        "2026-12-31T23",
        "2027-01-01T00",
        "2027-01-01T01",
    ]
    assert list(hours("2026-12-31T23", "2026-12-31T22")) == []
    assert after("2026-02-28T23") == "2026-03-01T00"


@pytest.mark.parametrize("written", ["", "2026-11-20", "2026-11-20T5", "2026-11-20T24", "x"])
def test_what_is_no_hour_is_refused(written):
    with pytest.raises(ValueError, match=r"hour|does not match|remains|data"):
        start_of(written)
