"""Public revenue: the totals of days, in sums by agency, product or day. No payment is in them."""

import csv
import io
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, get_args

from functions.payment_webhooks.books.views import GroupBy, Revenue, RevenueRow
from shared.errors import Fault, InvalidInput
from shared.text import Text

#: The longest range of days, and the one where none is asked for.
MOST_DAYS: Final = 366
_USUAL_DAYS: Final = 30
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_GROUPS: Final[tuple[GroupBy, ...]] = get_args(GroupBy)
_FORMATS: Final = ("json", "csv")
_FIRST_YEAR, _LAST_YEAR = 2000, 2200


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked for: days (WIB, both included), the grouping, and whose (None: everyone's)."""

    first: date
    last: date
    group_by: GroupBy
    jurisdiction_id: str | None


def asked(query: Mapping[str, str], *, today: date, jurisdiction_ids: Collection[str]) -> Asked:
    """Return what the query parameters ask for; without days, the last 30.

    Raises:
        InvalidInput: some of them are not possible; every fault is named.
    """
    faults: list[Fault] = []
    last = _day(query, "to", faults)
    first = _day(query, "from", faults)
    group_by = query.get("group_by", "day").strip().lower()
    if group_by not in _GROUPS:
        faults.append(_not_a_choice("group_by", _GROUPS))
    jurisdiction_id = query.get("jurisdiction_id")
    if jurisdiction_id is not None and jurisdiction_id not in jurisdiction_ids:
        faults.append(_not_a_choice("jurisdiction_id", sorted(jurisdiction_ids)))
    if (as_format := format_of(query)) and as_format not in _FORMATS:
        faults.append(_not_a_choice("format", _FORMATS))
    if faults:
        raise InvalidInput(faults=faults)
    if last is None:
        last = max(today, first) if first else today
        if first:
            last = min(last, first + timedelta(days=MOST_DAYS - 1))
    first = first or last - timedelta(days=_USUAL_DAYS - 1)
    if first > last:
        raise InvalidInput.at(
            "from",
            "out_of_range",
            Text("`from` harus sebelum atau sama dengan `to`.", "`from` must not be after `to`."),
        )
    if (last - first).days >= MOST_DAYS:
        raise InvalidInput.at(
            "from",
            "out_of_range",
            Text(f"Paling banyak {MOST_DAYS} hari.", f"At most {MOST_DAYS} days."),
        )
    return Asked(
        first=first,
        last=last,
        group_by=next(one for one in _GROUPS if one == group_by),
        jurisdiction_id=jurisdiction_id,
    )


def format_of(query: Mapping[str, str]) -> str:
    """Return the format that is asked for; empty if none is."""
    return query.get("format", "").strip().lower()


def revenue(wanted: Asked, days: Iterable[Mapping[str, Any]], *, as_of: datetime | None) -> Revenue:
    """Return the revenue of days, given the totals of each as `balances.totals` makes them.

    Days without any revenue have no row.
    """
    sums: dict[str, list[int]] = {}
    for day in days:
        for row in day["revenue"]:
            name = day["day"] if wanted.group_by == "day" else row[wanted.group_by]
            sum_ = sums.setdefault(name, [0, 0, 0])
            for place, figure in enumerate(("transactions", "received", "returned")):
                sum_[place] += row[figure]
    return Revenue(
        jurisdiction_id=wanted.jurisdiction_id,
        from_=wanted.first,
        to=wanted.last,
        group_by=wanted.group_by,
        as_of=as_of,
        rows=[_row(sums[name], **{wanted.group_by: name}) for name in sorted(sums)],
        total=_row([sum(figures) for figures in zip(*sums.values(), strict=True)] or [0, 0, 0]),
    )


def table(found: Revenue) -> str:
    """Return the revenue as CSV. What names a row are codes of the configuration and days."""
    written = io.StringIO()
    rows = csv.writer(written)
    rows.writerow([found.group_by, "transactions", "received", "returned", "revenue", "as_of"])
    as_of = found.as_of.isoformat() if found.as_of else ""
    for row in found.rows:
        name = getattr(row, found.group_by)
        rows.writerow([name, row.transactions, row.received, row.returned, row.revenue, as_of])
    return written.getvalue()


def _row(sums: list[int], **name: Any) -> RevenueRow:
    transactions, received, returned = sums
    return RevenueRow(
        **name,
        transactions=transactions,
        received=received,
        returned=returned,
        revenue=received - returned,
    )


def _day(query: Mapping[str, str], name: str, faults: list[Fault]) -> date | None:
    if (written := query.get(name)) is None:
        return None
    try:
        day = date.fromisoformat(written.strip()) if _DAY.fullmatch(written.strip()) else None
    except ValueError:
        day = None
    if day is None or not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        message = Text("Tulis tanggal seperti 2026-11-20.", "Write a day such as 2026-11-20.")
        faults.append(Fault(name, "not_a_date", message))
        return None
    return day


def _not_a_choice(field: str, choices: Collection[str]) -> Fault:
    listed = ", ".join(choices)
    return Fault(
        field, "not_a_choice", Text(f"Pilih salah satu: {listed}.", f"Choose one of: {listed}.")
    )
