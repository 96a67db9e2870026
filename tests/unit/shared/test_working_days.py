"""Promised spans: hours on the clock, or working days of the WIB calendar."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shared.clock import WIB
from shared.deadlines import Delay, Span
from shared.working_days import due, earlier, later, put_off, working_days_between
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


OFFICE = (time(8), time(16))


def office(hours: int) -> Span:
    return Span(hours=hours, office_hours=OFFICE, source="Diskominfo")


@pytest.mark.parametrize(
    ("given", "what_to_do"),
    [
        ({}, "either"),
        ({"hours": 1, "working_days": 1}, "either"),
        ({"working_days": 1, "office_hours": OFFICE}, "leave them out"),
        ({"hours": 1, "office_hours": OFFICE[::-1]}, "opens, closes"),
        ({"hours": 1, "office_hours": (time(8), time(8))}, "opens, closes"),
    ],
)
def test_a_span_that_says_two_things_or_none_is_refused_with_what_to_do(given, what_to_do):
    with pytest.raises(ValidationError, match=what_to_do):
        Span(source="x", **given)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-11-19T10:00", 4, "2026-11-19T14:00"),  # within a Thursday
        ("2026-11-19T06:00", 4, "2026-11-19T12:00"),  # before it opens
        ("2026-11-19T14:00", 4, "2026-11-20T10:00"),  # over night
        ("2026-11-19T17:00", 8, "2026-11-20T16:00"),  # to the very end of a day
        ("2026-11-20T16:00", 1, "2026-11-23T09:00"),  # closing time on a Friday
        ("2026-11-20T15:00", 2, "2026-11-23T09:00"),  # over a weekend
        ("2026-12-23T15:00", 2, "2026-12-28T09:00"),  # over Christmas and a weekend
    ],
)
def test_office_hours_run_while_the_office_is_open(start, hours, end):
    days_off = ["2026-12-24", "2026-12-25"]
    assert due(office(hours), wib(start), days_off) == wib(end)


@pytest.mark.parametrize(
    ("span", "end", "paused", "resumed", "moved"),
    [
        # hours: by exactly as long as it stood still
        (Span(hours=72, source="x"), "2026-11-23T12:00", "2026-11-20T13:00", "2026-11-22T14:30",
         "2026-11-25T13:30"),
        # two working days were left on Monday, and are left again on Thursday
        (days(5), "2026-11-25T23:59:59", "2026-11-23T12:00", "2026-11-26T09:00",
         "2026-11-30T23:59:59"),
        # asked and answered on the same day
        (days(5), "2026-11-25T23:59:59", "2026-11-23T08:00", "2026-11-23T17:00",
         "2026-11-25T23:59:59"),
        # … which a second past midnight it is not
        (days(5), "2026-11-25T23:59:59", "2026-11-23T23:59:59", "2026-11-24T00:00:00",
         "2026-11-26T23:59:59"),
        # stood still over a weekend alone
        (days(5), "2026-11-25T23:59:59", "2026-11-20T12:00", "2026-11-22T12:00",
         "2026-11-25T23:59:59"),
        # on its last day: ends on the day on which it goes on
        (days(5), "2026-11-25T23:59:59", "2026-11-25T12:00", "2026-11-27T09:00",
         "2026-11-27T23:59:59"),
        # … or on the next working day
        (days(5), "2026-11-25T23:59:59", "2026-11-25T12:00", "2026-11-28T09:00",
         "2026-11-30T23:59:59"),
        # overdue already, or never stood still
        (days(5), "2026-11-25T23:59:59", "2026-11-25T23:59:59", "2026-11-30T09:00",
         "2026-11-25T23:59:59"),
        (days(5), "2026-11-25T23:59:59", "2026-11-24T12:00", "2026-11-24T12:00",
         "2026-11-25T23:59:59"),
        # three office hours were left on Friday at 15:00
        (office(8), "2026-11-23T10:00", "2026-11-20T15:00", "2026-11-24T14:00",
         "2026-11-25T09:00"),
    ],
)  # fmt: skip
def test_what_was_left_when_it_was_paused_is_left_when_it_goes_on(
    span, end, paused, resumed, moved
):
    found = put_off(span, wib(end), wib(paused), wib(resumed), ["2026-12-25"])
    assert found == wib(moved)


@given(instants, st.integers(1, 60), st.integers(0, 200), st.integers(0, 200))
def test_a_pause_leaves_as_many_working_days_as_there_were(start, number, hours, stands):
    holidays = {"2026-12-24", "2026-12-25"}
    end = due(days(number), start, holidays)
    paused = start + timedelta(hours=hours)
    resumed = paused + timedelta(hours=stands)
    moved = put_off(days(number), end, paused, resumed, holidays)

    def left(at: datetime, until: datetime) -> int:
        return working_days_between(
            at.astimezone(WIB).date(), until.astimezone(WIB).date(), holidays
        )

    if end <= paused:
        assert moved == end
    elif left(paused, end):
        assert left(resumed, moved) == left(paused, end)
    assert moved >= end


@given(instants, st.lists(st.integers(1, 10**6), min_size=2, max_size=8))
def test_the_pauses_of_a_span_of_hours_add_up(start, gaps):
    span = Span(hours=10**4, source="x")
    first = end = due(span, start, [])
    now, stood = start, timedelta()
    for runs, stands in zip(gaps[::2], gaps[1::2], strict=False):
        now += timedelta(seconds=runs)
        end = put_off(span, end, now, now + timedelta(seconds=stands), [])
        now += timedelta(seconds=stands)
        stood += timedelta(seconds=stands)
    assert end == first + stood


@given(instants, st.integers(1, 40), st.integers(0, 100), st.integers(1, 100))
def test_office_hours_that_were_left_are_left_again(start, hours, runs, stands):
    end = due(office(hours), start, [])
    paused = start + timedelta(hours=runs)
    moved = put_off(office(hours), end, paused, paused + timedelta(hours=stands), [])
    if end <= paused:
        assert moved == end
    else:
        assert moved >= end


@pytest.mark.parametrize(
    ("delay", "before", "after"),
    [
        (Delay(), "2026-11-23T12:00", "2026-11-23T12:00"),
        (Delay(hours=24), "2026-11-22T12:00", "2026-11-24T12:00"),
        (Delay(working_days=1), "2026-11-20T12:00", "2026-11-24T12:00"),
        (Delay(working_days=5), "2026-11-13T12:00", "2026-12-01T12:00"),  # a holiday on the 25th
        (Delay(hours=1, working_days=1), "2026-11-20T11:00", "2026-11-24T13:00"),
    ],
)
def test_a_delay_is_counted_at_the_same_time_of_day(delay, before, after):
    monday = wib("2026-11-23T12:00")
    days_off = ["2026-11-25", "2026-11-16"]
    assert earlier(monday, delay, days_off) == wib(before)
    assert later(monday, delay, days_off) == wib(after)


def test_a_delay_is_counted_in_days_of_semarang_and_answered_in_the_zone_of_the_question():
    late = datetime(2026, 11, 19, 17, 0, tzinfo=UTC)  # already Friday there
    found = later(late, Delay(working_days=1), [])
    assert (found, found.tzinfo) == (datetime(2026, 11, 22, 17, 0, tzinfo=UTC), UTC)
