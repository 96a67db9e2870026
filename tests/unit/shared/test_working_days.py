"""Promised spans: hours on the clock, or working days of the WIB calendar."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.clock import WIB
from shared.deadlines import Span
from shared.working_days import due
from tests.strategies import instants, zones


def wib(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=WIB)


def days(number: int) -> Span:
    return Span(working_days=number, source="PermenPANRB 62/2018")


FRIDAY_NOON = wib("2026-11-20T12:00")


@pytest.mark.parametrize(
    ("start", "number", "holidays", "end"),
    [
        ("2026-11-20T12:00", 3, [], "2026-11-25"),  # Friday to Wednesday
        ("2026-11-16T08:00", 4, [], "2026-11-20"),  # Monday to Friday
        ("2026-11-20T12:00", 1, [], "2026-11-23"),  # Friday to Monday
        ("2026-11-21T12:00", 1, [], "2026-11-23"),  # Saturday to Monday
        ("2026-11-22T12:00", 1, [], "2026-11-23"),  # Sunday to Monday
        ("2026-12-23T12:00", 1, ["2026-12-24", "2026-12-25"], "2026-12-28"),  # over Christmas
        ("2026-12-31T12:00", 5, ["2027-01-01"], "2027-01-08"),  # over the new year
        ("2026-11-20T12:00", 1, ["2026-11-21"], "2026-11-23"),  # a holiday on a Saturday
    ],
)
def test_working_days_are_monday_to_friday_less_holidays(start, number, holidays, end):
    assert due(days(number), wib(start), holidays) == wib(f"{end}T23:59:59")


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-11-19T16:59:59+00:00", "2026-11-20"),  # Thursday, a second before midnight WIB
        ("2026-11-19T17:00:00+00:00", "2026-11-23"),  # already Friday in Semarang
        ("2026-11-20T16:59:59+00:00", "2026-11-23"),  # still Friday
        ("2026-11-20T17:00:00+00:00", "2026-11-23"),  # Saturday
    ],
)
def test_the_day_that_does_not_count_is_the_one_in_semarang(start, end):
    assert due(days(1), datetime.fromisoformat(start), []) == wib(f"{end}T23:59:59")


def test_hours_run_on_the_clock_through_weekends_and_holidays():
    assert due(Span(hours=48, source="promise"), FRIDAY_NOON, ["2026-11-21"]) == wib(
        "2026-11-22T12:00"
    )


@given(
    instants,
    zones,
    st.integers(1, 60),
    st.sets(st.integers(0, 150).map(timedelta), max_size=25),
)
def test_the_last_day_is_a_working_day_and_each_one_counts_once(start, zone, number, offsets):
    first = start.astimezone(WIB).date()
    holidays = {(first + offset).isoformat() for offset in offsets}
    end = due(days(number), start.astimezone(zone), holidays).astimezone(WIB)

    def works(day: date) -> bool:
        return day.weekday() < 5 and day.isoformat() not in holidays

    later = [first + timedelta(n) for n in range(1, (end.date() - first).days + 1)]
    assert works(end.date())
    assert sum(map(works, later)) == number
    assert end.time() == time(23, 59, 59)


@given(instants, st.integers(1, 30))
def test_the_answer_is_in_the_zone_of_the_question(start, number):
    assert due(days(number), start, []).tzinfo is UTC
