"""Which requests and updates a client asks for, and finding them within bounds."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final, Protocol

from functions.complaint_intake.open311.parameters import Parameters, not_found
from functions.complaint_intake.open311.statuses import STANDARD
from shared import ids
from shared.complaints.items import complaint_from
from shared.complaints.law import Status
from shared.complaints.record import Complaint, TimelineEntry
from shared.errors import InvalidInput
from shared.jurisdiction import Jurisdiction
from shared.text import Text

#: What the standard allows a query to span, and to answer.
LONGEST_SPAN: Final = timedelta(days=90)
MOST_ROWS: Final = 1000
#: … with extensions, whose steps are read request by request.
MOST_EXTENDED_ROWS: Final = 50
#: How many ids may be asked for at once: a URL holds little more.
MOST_IDS: Final = 200
#: How many rows a query may pass over to find those that it asks for, pages before it included.
MOST_LOOKED_AT: Final = 20_000
#: How far back updates reach when no time is asked for: clients poll every few minutes.
RECENTLY: Final = timedelta(days=1)
_SECOND: Final = timedelta(seconds=1)


class Listings(Protocol):
    """What a query needs of the lists of complaints."""

    def received_values(
        self, jurisdiction_id: str, start: datetime, end: datetime
    ) -> Iterator[Mapping[str, Any]]:
        """Yield public complaints as they lie in the table, the newest first."""
        ...

    def updated(self, jurisdiction_id: str, start: datetime, end: datetime) -> Iterator[Complaint]:
        """Yield public complaints by their last change, the newest first."""
        ...

    def updates(
        self, jurisdiction_id: str, start: datetime, end: datetime
    ) -> Iterator[tuple[Complaint, TimelineEntry]]:
        """Yield public steps, the oldest first."""
        ...


@dataclass(frozen=True, slots=True)
class Period:
    """From the second `start` to the second `end`, both included."""

    start: datetime
    end: datetime

    def __contains__(self, instant: datetime) -> bool:
        return self.start <= instant.replace(microsecond=0) <= self.end

    @property
    def until(self) -> datetime:
        """The end of the last second."""
        return self.end + _SECOND


@dataclass(frozen=True, slots=True)
class Page:
    """Which rows of a list: those after `skipped`, at most `size`."""

    skipped: int
    size: int

    def of(self, rows: Iterable[Any]) -> list[Any]:
        """Return the page's rows."""
        return list(islice(rows, self.skipped, self.skipped + self.size))


@dataclass(frozen=True, slots=True)
class Query:
    """A query for requests: the list to go through, of which time, and which rows of it."""

    by_change: bool  #: in the order of their last change, else in the order in which they came
    period: Period
    received: Period | None  #: further: they came within this time
    statuses: frozenset[Status]
    service_codes: frozenset[str | None]  #: none: all; None: of those that have no category yet
    page: Page


def query_of(given: Parameters, jurisdiction: Jurisdiction, now: datetime) -> Query:
    """Return the query that parameters ask.

    Raises:
        InvalidInput: one is not what it should be; names it.
        NotFound: there is no such service.
    """
    wanted = given.chosen("status", ("open", "closed")) or ("open", "closed")
    codes: set[str | None] = set()
    for code in given.listed("service_code"):
        category = jurisdiction.category_by_code.get(code)
        if category is None:
            raise not_found("service_code", code, tuple(jurisdiction.category_by_code))
        codes |= {code, None} if category.other else {code}
    changed = period_of(given, ("updated_after", "updated_before"), now)
    received = period_of(given, ("start_date", "end_date"), now)
    return Query(
        by_change=changed is not None,
        period=changed or received or Period(now - LONGEST_SPAN, now),
        received=received,
        statuses=frozenset(status for status, put in STANDARD.items() if put in wanted),
        service_codes=frozenset(codes),
        page=page_of(given, MOST_EXTENDED_ROWS if given.is_true("extensions") else MOST_ROWS),
    )


def period_of(given: Parameters, names: tuple[str, str], now: datetime) -> Period | None:
    """Return the period between two parameters; None if neither is given.

    With one of them, it is the longest allowed from there.

    Raises:
        InvalidInput: one is no instant, they are in the wrong order, or too far apart.
    """
    first, last = names
    given_start, given_end = given.instant(first), given.instant(last)
    if given_start is None and given_end is None:
        return None
    end = given_end or (given_start or now) + LONGEST_SPAN
    start = given_start or end - LONGEST_SPAN
    if start > end:
        raise InvalidInput.at(
            first,
            "wrong_order",
            Text(f"Harus sebelum {last}.", f"This must be before {last}."),
        )
    if end - start > LONGEST_SPAN:
        raise InvalidInput.at(
            first,
            "too_long_a_span",
            Text(
                f"Paling lama {LONGEST_SPAN.days} hari sampai {last}.",
                f"At most {LONGEST_SPAN.days} days may lie between it and {last}.",
            ),
        )
    start = start.replace(microsecond=0)
    return Period(start, max(start, min(end, now)))


def page_of(given: Parameters, most: int) -> Page:
    """Return the page that is asked for; the first `most` rows if none is.

    Raises:
        InvalidInput: there is no such page.
    """
    size = given.whole_number("page_size", most=most) or most
    number = given.whole_number("page", most=MOST_LOOKED_AT // size) or 1
    return Page(skipped=(number - 1) * size, size=size)


def found(query: Query, jurisdiction_id: str, listings: Listings) -> list[Complaint]:
    """Return the requests of a query, the newest first.

    Raises:
        InvalidInput: too many others would have to be passed over to find them.
    """
    rows = _by_change if query.by_change else _by_arrival
    return query.page.of(rows(query, jurisdiction_id, listings))


def numbers_of(given: Parameters) -> tuple[str, ...] | None:
    """Return the complaint numbers that are asked for; None if the query is not by number.

    What cannot be a number is left out, as one that nobody has.

    Raises:
        InvalidInput: they are too many.
    """
    asked = given.listed("service_request_id")
    if not asked:
        return None
    most = MOST_EXTENDED_ROWS if given.is_true("extensions") else MOST_IDS
    if len(asked) > most:
        raise InvalidInput.at(
            "service_request_id",
            "too_many",
            Text(f"Paling banyak {most} nomor.", f"Give at most {most} ids."),
        )
    read = (ids.read_complaint_number(one) for one in asked)
    return tuple(dict.fromkeys(number for number in read if number))


def _by_arrival(query: Query, jurisdiction_id: str, listings: Listings) -> Iterator[Complaint]:
    period = query.period
    rows = listings.received_values(jurisdiction_id, period.start, period.until)
    for values in _bounded(rows):
        if _wanted(query, values["status"], values.get("service_code")):
            complaint = complaint_from(values)
            if complaint.created_at in period:
                yield complaint


def _by_change(query: Query, jurisdiction_id: str, listings: Listings) -> Iterator[Complaint]:
    period = query.period
    for one in _bounded(listings.updated(jurisdiction_id, period.start, period.until)):
        if (
            one.updated_at in period
            and _wanted(query, one.status, one.service_code)
            and (query.received is None or one.created_at in query.received)
        ):
            yield one


def _wanted(query: Query, status: str, service_code: str | None) -> bool:
    return status in query.statuses and (
        not query.service_codes or service_code in query.service_codes
    )


def updates_of(
    given: Parameters,
    jurisdiction_id: str,
    listings: Listings,
    *,
    now: datetime,
    without: str | None = None,
) -> Sequence[tuple[Complaint, TimelineEntry]]:
    """Return the public steps of a time, the oldest first; not those of the actor `without`.

    Raises:
        InvalidInput: a parameter is not what it should be; names it.
    """
    period = period_of(given, ("start_date", "end_date"), now) or Period(now - RECENTLY, now)
    page = page_of(given, MOST_ROWS)
    steps: list[tuple[Complaint, TimelineEntry]] = page.of(
        (complaint, entry)
        for complaint, entry in _bounded(
            listings.updates(jurisdiction_id, period.start, period.until)
        )
        if entry.at in period and entry.actor != without
    )
    return steps


def _bounded(rows: Iterable[Any]) -> Iterator[Any]:
    """Yield rows until they are too many to look through.

    Raises:
        InvalidInput: they are.
    """
    for looked_at, row in enumerate(rows):
        if looked_at == MOST_LOOKED_AT:
            raise InvalidInput.at(
                "start_date",
                "too_much",
                Text(
                    "Terlalu banyak untuk dicari sekaligus; persingkat jangka waktunya.",
                    "This is too much to look through at once; ask for a shorter time.",
                ),
            )
        yield row
