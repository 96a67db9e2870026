"""Posting hours, in UTC, as the ledger's index writes them: "2026-11-20T05"."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

HOUR: Final = timedelta(hours=1)
#: How long after its end an hour is closed: no function lives longer, so nothing is posted in it.
CLOSED_AFTER: Final = timedelta(minutes=15)


def hour_of(at: datetime) -> str:
    """Return the hour in which an instant falls."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H}"


def start_of(hour: str) -> datetime:
    """Return the instant at which an hour begins.

    Raises:
        ValueError: it is not written so.
    """
    begins = datetime.strptime(hour, "%Y-%m-%dT%H").replace(tzinfo=UTC)
    if hour_of(begins) != hour:
        raise ValueError(f"{hour!r} is not an hour like 2026-11-20T05")
    return begins


def after(hour: str) -> str:
    """Return the hour after one."""
    return hour_of(start_of(hour) + HOUR)


def last_closed(now: datetime) -> str:
    """Return the last hour in which nothing can be posted any more."""
    return hour_of(now - CLOSED_AFTER - HOUR)


def hours(first: str, last: str) -> Iterator[str]:
    """Yield the hours from the first to the last, both included."""
    hour = first
    while hour <= last:
        yield hour
        hour = after(hour)
