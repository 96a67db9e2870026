"""A day's totals, from its journal entries: each account's debits and credits, and the revenue.

Totals are always made anew from all entries of the day and set, never added to: whoever repeats
that, and how often, changes nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final, Protocol

from functions.payment_webhooks.accounts import agency_and_budget, is_revenue
from functions.payment_webhooks.books.hours import hour_of, hours
from functions.payment_webhooks.entry import EntryKind
from shared.clock import to_text

#: An entry is seen in the index at most so long after the instant that it bears.
OVERLAP: Final = timedelta(minutes=2)
#: How far back the first run looks, and how far one run goes.
LOOKS_BACK: Final = timedelta(days=2)
STRETCH: Final = timedelta(days=1)


def totals(entries: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the totals of a day's entries.

    `accounts` maps each account to [debits, credits]; `revenue` has a row for each agency and
    product: how many sales, what was credited to revenue, and what was taken off again.
    """
    accounts: dict[str, list[int]] = {}
    revenue: dict[tuple[str, str], list[int]] = {}
    count = 0
    for entry in entries:
        count += 1
        sold: set[tuple[str, str]] = set()
        for line in entry["lines"]:
            account, amount = line["account"], line["amount"]
            sums = accounts.setdefault(account, [0, 0])
            sums[amount < 0] += abs(amount)
            if is_revenue(account):
                key = (agency_and_budget(account)[0], entry.get("product") or "")
                row = revenue.setdefault(key, [0, 0, 0])
                row[1 if amount < 0 else 2] += abs(amount)
                if entry["kind"] == EntryKind.SALE and amount < 0:
                    sold.add(key)
        for key in sold:
            revenue[key][0] += 1
    return {
        "entries": count,
        "accounts": dict(sorted(accounts.items())),
        "revenue": [
            {
                "agency": agency,
                "product": product,
                "transactions": transactions,
                "received": received,
                "returned": returned,
            }
            for (agency, product), (transactions, received, returned) in sorted(revenue.items())
        ],
    }


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
    last; after a long pause, a day's posting at a time.
    """
    now = clock()
    since = journal.up_to(jurisdiction_id) or now - LOOKS_BACK
    while True:
        until = min(since + STRETCH, now)
        yield from _stretch(jurisdiction_id, since - OVERLAP, until, journal, clock)
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


def _stretch(
    jurisdiction_id: str,
    start: datetime,
    end: datetime,
    journal: Balanced,
    clock: Callable[[], datetime],
) -> Iterator[date]:
    first = to_text(start)
    touched = {
        entry["day"]
        for hour in hours(hour_of(start), hour_of(end))
        for entry in journal.posted(jurisdiction_id, hour, since=first)
    }
    for written in sorted(touched):
        day = date.fromisoformat(written)
        make_anew(jurisdiction_id, day, journal=journal, clock=clock)
        yield day
