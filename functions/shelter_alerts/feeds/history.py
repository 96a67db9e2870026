"""A shelter's day, hour by hour (WIB): who came, how long they stayed, how full it was.

It is worked out from the stays whenever it is asked for, so that one told late is in it too.
"""

import csv
import io
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from shared.clock import WIB

#: What stands for the share of places taken where nobody reported, as in CDS.
OFFLINE: Final = -1
_MINUTE: Final = timedelta(minutes=1)
_MINUTES: Final = 60
COLUMNS: Final = (
    "hour",
    "vehicle_type",
    "total_sessions",
    "turnover",
    "average_dwell_time",
    "occupancy_percent",
    "minutes_full",
    "minutes_over",
)

#: Capacities by type at an instant.
Capacities = Callable[[datetime], Mapping[Any, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """A stay: when it began, and when it ended unless it goes on."""

    vehicle_type: str
    began: datetime
    ended: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hour:
    """An hour of a shelter for one type of vehicle."""

    hour: datetime  #: its beginning
    vehicle_type: str
    total_sessions: int  #: stays that began in it
    turnover: float  #: … for each place
    average_dwell_time: int | None  #: seconds, of the stays that ended in it; None: none did
    occupancy_percent: float  #: of its minutes, the mean; -1: most of it nobody reported
    minutes_full: int  #: minutes that began with no place free
    minutes_over: int  #: … with more vehicles than places

    def row(self) -> tuple[str, ...]:
        """Return it as a row of CSV."""
        values = (getattr(self, name) for name in COLUMNS[1:])
        return (self.hour.isoformat(), *("" if one is None else str(one) for one in values))


def hours(
    day: date,
    spells: Iterable[Spell],
    capacity_at: Capacities,
    *,
    silent: Collection[str],
    known: tuple[datetime, datetime] | None,
    now: datetime,
) -> list[Hour]:
    """Return the hours of a day that have begun, each for every type the shelter takes.

    `silent` are the minutes (`HH:MM`) of the day in which nobody reported. Nobody did before the
    first of `known` and after the second, or ever if that is None.
    """
    by_type: dict[str, list[Spell]] = {}
    for spell in spells:
        by_type.setdefault(spell.vehicle_type, []).append(spell)
    midnight = datetime.combine(day, time(0), tzinfo=WIB)
    found = []
    for number in range(24):
        begin = midnight + timedelta(hours=number)
        if begin >= now:
            break
        minutes = [begin + timedelta(minutes=each) for each in range(_MINUTES)]
        seen = [
            one
            for one in minutes
            if one < now
            and f"{one:%H:%M}" not in silent
            and known is not None
            and known[0] - _MINUTE < one <= known[1]
        ]
        passed = sum(1 for one in minutes if one < now)
        offline = 2 * len(seen) < passed
        for vehicle_type, places in capacity_at(begin).items():
            own = by_type.get(vehicle_type, [])
            found.append(
                _hour(begin, vehicle_type, places, own, [] if offline else seen, capacity_at)
            )
    return found


def table(rows: Iterable[Hour]) -> str:
    """Return hours as CSV (RFC 4180), with a header."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(COLUMNS)
    writer.writerows(one.row() for one in rows)
    return written.getvalue()


def _hour(
    begin: datetime,
    vehicle_type: str,
    places: int,
    spells: list[Spell],
    seen: list[datetime],
    capacity_at: Capacities,
) -> Hour:
    end = begin + timedelta(hours=1)
    began = [one for one in spells if begin <= one.began < end]
    stayed = [
        (one.ended - one.began).total_seconds()
        for one in spells
        if one.ended is not None and begin <= one.ended < end
    ]
    counts = _counts(spells, seen)
    takes = [capacity_at(minute)[vehicle_type] for minute in seen]
    shares = [count / most for count, most in zip(counts, takes, strict=True)]
    return Hour(
        hour=begin,
        vehicle_type=vehicle_type,
        total_sessions=len(began),
        turnover=round(len(began) / places, 2),
        average_dwell_time=round(sum(stayed) / len(stayed)) if stayed else None,
        occupancy_percent=round(100 * sum(shares) / len(shares), 1) if shares else OFFLINE,
        minutes_full=sum(1 for one in shares if one >= 1),
        minutes_over=sum(1 for one in shares if one > 1),
    )


def _counts(spells: list[Spell], minutes: list[datetime]) -> list[int]:
    """Return how many were there at the beginning of each minute."""
    begins = sorted(one.began for one in spells)
    ends = sorted(one.ended for one in spells if one.ended is not None)
    return [bisect_right(begins, one) - bisect_right(ends, one) for one in minutes]
