"""Adds promised spans of time: hours on the clock, or working days of the WIB calendar."""

from collections.abc import Collection
from datetime import datetime, time, timedelta

from shared.clock import WIB
from shared.jurisdiction import Span

_SATURDAY = 5
_END_OF_DAY = time(23, 59, 59)


def due(span: Span, start: datetime, holidays: Collection[str]) -> datetime:
    """Return when `span`, begun at `start`, has run out.

    Working days are Monday to Friday less `holidays` (ISO dates, WIB). The day of the start
    does not count, and the last day counts to its end: 3 working days from a Friday noon end
    on Wednesday at 23:59:59 WIB.
    """
    if span.hours:
        return start + timedelta(hours=span.hours)
    day = start.astimezone(WIB).date()
    remaining = span.working_days
    while remaining:
        day += timedelta(days=1)
        if day.weekday() < _SATURDAY and day.isoformat() not in holidays:
            remaining -= 1
    return datetime.combine(day, _END_OF_DAY, tzinfo=WIB).astimezone(start.tzinfo)
