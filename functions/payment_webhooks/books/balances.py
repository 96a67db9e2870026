"""A day's totals, from its journal entries: each account's debits and credits, and the revenue.

Totals are always made anew from all entries of the day and set, never added to: whoever repeats
that, and how often, changes nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final, Protocol

from functions.payment_webhooks.accounts import agency_and_budget, is_revenue
from functions.payment_webhooks.books.hours import hour_of, hours
from functions.payment_webhooks.entry import EntryKind, lines_of
from shared.clock import to_text

#: An entry is seen in the index at most so long after the instant that it bears.
OVERLAP: Final = timedelta(minutes=2)
#: How far back the first run looks, and how far one run goes.
LOOKS_BACK: Final = timedelta(days=2)
STRETCH: Final = timedelta(days=1)
#: So many entries may be read again for each minute since the last time: of a day with 100,000,
#: totals are made every ten minutes.
A_MINUTE: Final = 10_000


class Sums:
    """The totals of one day, entry by entry."""

    def __init__(self) -> None:
        self._count = 0
        self._accounts: dict[str, list[int]] = {}
        self._revenue: dict[tuple[str, str], list[int]] = {}

    def add(self, entry: Mapping[str, Any]) -> None:
        """Add an entry, as plain values of its item.

        Raises:
            Unreadable: its amounts cannot be added up.
        """
        lines = lines_of(entry)
        self._count += 1
        sold: set[tuple[str, str]] = set()
        for line in lines:
            sums = self._accounts.setdefault(line.account, [0, 0])
            sums[line.amount < 0] += abs(line.amount)
            if is_revenue(line.account):
                key = (agency_and_budget(line.account)[0], entry.get("product") or "")
                row = self._revenue.setdefault(key, [0, 0, 0])
                row[1 if line.amount < 0 else 2] += abs(line.amount)
                if entry["kind"] == EntryKind.SALE and line.amount < 0:
                    sold.add(key)
        for key in sold:
            self._revenue[key][0] += 1

    def totals(self) -> dict[str, Any]:
        """Return what was added up, as `totals` returns it."""
        return {
            "entries": self._count,
            "accounts": dict(sorted(self._accounts.items())),
            "revenue": [
                {
                    "agency": agency,
                    "product": product,
                    "transactions": transactions,
                    "received": received,
                    "returned": returned,
                }
                for (agency, product), (transactions, received, returned) in sorted(
                    self._revenue.items()
                )
            ],
        }


def totals(entries: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the totals of a day's entries.

    `accounts` maps each account to [debits, credits]; `revenue` has a row for each agency and
    product: how many sales, what was credited to revenue, and what was taken off again.

    Raises:
        Unreadable: the amounts of an entry cannot be added up.
    """
    sums = Sums()
    for entry in entries:
        sums.add(entry)
    return sums.totals()


class Balanced(Protocol):
    """What bringing totals up to date needs of the journal."""

    def up_to(self, jurisdiction_id: str) -> datetime | None:
        """Return up to when totals count everything."""
        ...

    def set_up_to(self, jurisdiction_id: str, at: datetime) -> None:
        """Note up to when totals count everything."""
        ...

    def posted(
        self, jurisdiction_id: str, hour: str, since: str = ""
    ) -> Iterator[Mapping[str, Any]]:
        """Yield the entries posted in an hour, or since an instant in it."""
        ...

    def entries(self, jurisdiction_id: str, day: date) -> Iterator[Mapping[str, Any]]:
        """Yield the entries of a day."""
        ...

    def totals(self, jurisdiction_id: str, first: date, last: date) -> Iterator[Mapping[str, Any]]:
        """Yield the totals that are kept of days."""
        ...

    def set_totals(
        self, jurisdiction_id: str, day: date, totals: Mapping[str, Any], as_of: datetime
    ) -> None:
        """Set a day's totals, unless younger ones are there."""
        ...


def bring_up_to_date(
    jurisdiction_id: str, *, journal: Balanced, clock: Callable[[], datetime]
) -> Iterator[date]:
    """Make the totals anew of each day that entries were posted for since the last time.

    Yields the days. What fails is done again by the next run, since what is noted as done comes
    last; after a long pause, a day's posting at a time. Days that are long to read wait for a later
    run, so that what is read in an hour has a bound.
    """
    now = clock()
    since = journal.up_to(jurisdiction_id) or now - LOOKS_BACK
    while True:
        until = min(since + STRETCH, now)
        days = _touched(jurisdiction_id, since - OVERLAP, until, journal)
        if days and until - since < _worth(jurisdiction_id, days, journal):
            return
        for day in days:
            make_anew(jurisdiction_id, day, journal=journal, clock=clock)
            yield day
        journal.set_up_to(jurisdiction_id, until)
        if until == now:
            return
        since = until


def make_anew(
    jurisdiction_id: str, day: date, *, journal: Balanced, clock: Callable[[], datetime]
) -> dict[str, Any]:
    """Make a day's totals from its entries, set them, and return them."""
    as_of = clock()
    made = totals(journal.entries(jurisdiction_id, day))
    journal.set_totals(jurisdiction_id, day, made, as_of)
    return made


def _touched(jurisdiction_id: str, start: datetime, end: datetime, journal: Balanced) -> list[date]:
    """Return the days that entries were posted for between two instants."""
    first = to_text(start)
    touched = {
        entry["day"]
        for hour in hours(hour_of(start), hour_of(end))
        for entry in journal.posted(jurisdiction_id, hour, since=first)
    }
    return [date.fromisoformat(written) for written in sorted(touched)]


def _worth(jurisdiction_id: str, days: Sequence[date], journal: Balanced) -> timedelta:
    """Return how long to wait between two makings of days, by what they held the last time."""
    wanted = {day.isoformat() for day in days}
    kept = journal.totals(jurisdiction_id, days[0], days[-1])
    entries = sum(int(one["entries"]) for one in kept if one["day"] in wanted)
    return timedelta(minutes=entries // A_MINUTE)
