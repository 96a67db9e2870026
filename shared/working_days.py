"""Reckons with promised spans of time: hours on the clock or of the office, or working days (WIB)."""

from collections.abc import Collection, Iterator
from datetime import date, datetime, time, timedelta

from shared.clock import WIB
from shared.deadlines import Delay, OfficeHours, Span

_SATURDAY = 5
_END_OF_DAY = time(23, 59, 59)
_DAY = timedelta(days=1)
_NOTHING = timedelta(0)


def due(span: Span, start: datetime, days_off: Collection[str]) -> datetime:
    """Return when `span`, begun at `start`, has run out.

    Working days are Monday to Friday less `days_off` (ISO dates, WIB). The day of the start
    does not count, and the last day counts to its end: 3 working days from a Friday noon end
    on Wednesday at 23:59:59 WIB. Hours run on the clock, or, where the span has office hours,
    while the office is open.
    """
    if span.office_hours:
        return _office_end(timedelta(hours=span.hours), start, span.office_hours, days_off)
    if span.hours:
        return start + timedelta(hours=span.hours)
    return _end_of(
        _nth_working_day(start.astimezone(WIB).date(), span.working_days, days_off), start
    )


def put_off(
    span: Span, end: datetime, paused_at: datetime, resumed_at: datetime, days_off: Collection[str]
) -> datetime:
    """Return when a span that was to end at `end` ends after it stood still for a while.

    What was left of it when it was paused is left of it again: the hours, or the working days
    after the day of the pause. One that had run out before stays as it is. What was paused on its
    last day ends on the day on which it goes on, or the first working day after that.
    """
    if end <= paused_at or resumed_at <= paused_at:
        return end
    if span.office_hours:
        left = _office_time(paused_at, end, span.office_hours, days_off)
        return _office_end(left, resumed_at, span.office_hours, days_off)
    if span.hours:
        return end + (resumed_at - paused_at)
    paused, resumed = paused_at.astimezone(WIB).date(), resumed_at.astimezone(WIB).date()
    if paused == resumed:
        return end
    days = working_days_between(paused, end.astimezone(WIB).date(), days_off)
    if not days and not works(resumed, days_off):
        days = 1
    return _end_of(_nth_working_day(resumed, days, days_off), end)


def later(at: datetime, delay: Delay, days_off: Collection[str]) -> datetime:
    """Return the instant that is a delay after another one: at the same time of a later day."""
    return _moved(at, delay, days_off, 1)


def earlier(at: datetime, delay: Delay, days_off: Collection[str]) -> datetime:
    """Return the instant that is a delay before another one: at the same time of an earlier day."""
    return _moved(at, delay, days_off, -1)


def works(day: date, days_off: Collection[str]) -> bool:
    """Tell whether a date (WIB) is a working day."""
    return day.weekday() < _SATURDAY and day.isoformat() not in days_off


def working_days_between(first: date, last: date, days_off: Collection[str]) -> int:
    """Return how many working days there are after `first`, up to `last`."""
    days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
    return sum(works(day, days_off) for day in days)


def _nth_working_day(day: date, number: int, days_off: Collection[str], step: int = 1) -> date:
    while number:
        day += step * _DAY
        number -= works(day, days_off)
    return day


def _end_of(day: date, like: datetime) -> datetime:
    return datetime.combine(day, _END_OF_DAY, tzinfo=WIB).astimezone(like.tzinfo)


def _moved(at: datetime, delay: Delay, days_off: Collection[str], step: int) -> datetime:
    local = at.astimezone(WIB)
    day = _nth_working_day(local.date(), delay.working_days, days_off, step)
    moved = datetime.combine(day, local.timetz()) + step * timedelta(hours=delay.hours)
    return moved.astimezone(at.tzinfo)


def _opening(
    start: datetime, hours: OfficeHours, days_off: Collection[str]
) -> Iterator[tuple[datetime, datetime]]:
    """Yield from when to when the office is open, from `start` on, for ever."""
    day = start.astimezone(WIB).date()
    while True:
        if works(day, days_off):
            opens, closes = (datetime.combine(day, one, tzinfo=WIB) for one in hours)
            if start < closes:
                yield max(start, opens), closes
        day += _DAY


def _office_end(
    left: timedelta, start: datetime, hours: OfficeHours, days_off: Collection[str]
) -> datetime:
    for opens, closes in _opening(start, hours, days_off):
        if left <= closes - opens:
            return (opens + left).astimezone(start.tzinfo)
        left -= closes - opens
    raise AssertionError  # pragma: no cover (there is always another working day)


def _office_time(
    start: datetime, end: datetime, hours: OfficeHours, days_off: Collection[str]
) -> timedelta:
    total = _NOTHING
    for opens, closes in _opening(start, hours, days_off):
        if opens >= end:
            return total
        total += min(closes, end) - opens
    raise AssertionError  # pragma: no cover (there is always another working day)
