"""What the reports of all files found and nothing explains yet: the open differences, with their age.

A difference is explained when our books or a later file have it as it should be: a payment that was
missing is settled by another file, a notification came, a fee was accepted, a payout is on the
account. What no book can know, such as a provider's letter, a person notes.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from functions.payment_webhooks.books.differences import (
    AMOUNT,
    BANK,
    DATE,
    FEE,
    OPEN,
    STATUS,
    Difference,
    State,
    ageing,
)
from functions.payment_webhooks.books.ours import Ours
from functions.payment_webhooks.books.payout_items import line_name

COLUMNS: Final = (
    "id", "leg", "state", "what", "day", "age_days", "order_id", "transaction_id", "batch",
    "provider", "product", "site", "amount", "ours", "theirs", "file", "line", "first_told",
)  # fmt: skip
#: What makes a difference the same one, whichever file tells of it.
_SAME: Final = ("leg", "state", "what", "day", "order_id", "transaction_id", "batch", "amount")
_ID_LENGTH: Final = 10
_DAY: Final = timedelta(days=1)

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the books know now."""

    ours: Sequence[Ours] = ()  #: of the days that `days_of` names
    settled: Collection[str] = frozenset()  #: by `Ours.name`, of the same days
    banked: Collection[str] = frozenset()  #: payouts that are on the account
    explained_lines: Collection[str] = frozenset()  #: bank lines, as `line_name` has them
    explained: Collection[str] = frozenset()  #: by people, by id


@dataclass(slots=True)
class _Index:
    by_name: dict[str, Ours] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)


def told(reports: Iterable[Mapping[str, Any]]) -> list[Row]:
    """Return each difference that reports tell of, once: as the newest tells it.

    What came late, but came, is none.
    """
    found: dict[str, Row] = {}
    for report in sorted(reports, key=lambda one: str(one["as_of"])):
        for one in report["differences"]:
            if one["state"] not in OPEN or one["state"] == State.LATE:
                continue
            number = _id(one)
            first = found[number]["first_told"] if number in found else report["as_of"]
            source = {"file": report["file"], "sha256": report["sha256"], "first_told": first}
            found[number] = {**one, **source, "id": number}
    return list(found.values())


def days_of(rows: Iterable[Row]) -> list[date]:
    """Return the days (WIB) whose journal may explain differences, in order."""
    days: set[date] = set()
    for row in rows:
        if row["leg"] != BANK:
            day = date.fromisoformat(row["day"])
            days |= {day - _DAY, day, day + _DAY}
    return sorted(days)


def outstanding(rows: Iterable[Row], known: Known, today: date) -> dict[str, Any]:
    """Return the differences that nothing explains, the oldest first, and how many of each age."""
    index = _Index()
    for one in known.ours:
        index.by_name[one.name] = one
        index.seen |= {one.transaction_id, one.order_id}
    left = [
        {**row, "age_days": (today - date.fromisoformat(row["day"])).days}
        for row in rows
        if row["id"] not in known.explained and not _is_explained(row, known, index)
    ]
    left.sort(key=lambda row: (row["day"], row["leg"], row["state"], row["id"]))
    return {
        "differences": left,
        "ageing": [asdict(age) for age in ageing(map(_difference, left), today)],
        "count": len(left),
        "amount": sum(abs(row["amount"]) for row in left),
    }


def _is_explained(row: Row, known: Known, index: _Index) -> bool:
    state = State(row["state"])
    if row["leg"] == BANK:
        if state is State.MISSING_PROVIDER:
            return row["batch"] in known.banked
        is_line = state is State.MISSING_INTERNAL and row["line"] is not None
        return is_line and line_name(row["sha256"], row["line"]) in known.explained_lines
    if state is State.MISSING_PROVIDER:
        return (row.get("name") or row["transaction_id"]) in known.settled
    if state is State.MISSING_INTERNAL:
        return bool(index.seen & ({row["transaction_id"], row["order_id"]} - {None, ""}))
    return state is State.MISMATCHED and _agrees(row, index)


def _agrees(row: Row, index: _Index) -> bool:
    """Tell whether ours says by now what theirs said."""
    now = index.by_name.get(row.get("name") or row["transaction_id"] or "")
    if now is None:
        return False
    says = {AMOUNT: now.amount, FEE: now.fee, DATE: now.day.isoformat(), STATUS: now.status}
    return all(says[what] == row["theirs"].get(what) for what in row["what"])


def _difference(row: Row) -> Difference:
    day = date.fromisoformat(row["day"])
    return Difference(leg=row["leg"], state=State(row["state"]), day=day, amount=row["amount"])


def _id(one: Mapping[str, Any]) -> str:
    same = json.dumps([one.get(name) for name in _SAME], ensure_ascii=False)
    return hashlib.sha256(same.encode()).hexdigest()[:_ID_LENGTH]
