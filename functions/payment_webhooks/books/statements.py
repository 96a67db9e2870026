"""Statements made of journal entries: the trial balance, and the journal as rows of a CSV file."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from functions.payment_webhooks.entry import lines_of

#: The columns of the exported journal: a row for each line of an entry.
JOURNAL_COLUMNS: Final = (
    "entry_id", "kind", "jurisdiction_id", "day", "occurred_at", "posted_at", "order_id",
    "provider", "transaction_id", "reference", "product", "site", "account", "debit", "credit",
    "note", "hash",
)  # fmt: skip
BALANCE_COLUMNS: Final = ("account", "debit", "credit", "balance")


def trial_balance(entries: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return debits, credits and balance of each account in rupiah, and of all together.

    `balanced` tells whether all debits are all credits.

    Raises:
        Unreadable: the amounts of an entry cannot be added up.
    """
    sums: dict[str, list[int]] = {}
    for entry in entries:
        for line in lines_of(entry):
            of_account = sums.setdefault(line.account, [0, 0])
            of_account[line.amount < 0] += abs(line.amount)
    accounts = [_row(account, *sums[account]) for account in sorted(sums)]
    debit = sum(row["debit"] for row in accounts)
    credit = sum(row["credit"] for row in accounts)
    return {
        "accounts": accounts,
        "total": _row("total", debit, credit),
        "balanced": debit == credit,
    }


def journal_rows(entries: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield a row for each line of each entry, in the entries' order.

    Raises:
        Unreadable: the amounts of an entry cannot be added up.
    """
    for entry in entries:
        for line in lines_of(entry):
            yield {
                **{name: entry.get(name, "") for name in JOURNAL_COLUMNS},
                "account": line.account,
                "debit": max(line.amount, 0),
                "credit": max(-line.amount, 0),
            }


def balance_rows(days: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield a row for each account of each day's totals."""
    for day in days:
        for account, (debit, credit) in day["accounts"].items():
            yield {"day": day["day"], **_row(account, debit, credit), "as_of": day["as_of"]}


def _row(account: str, debit: int, credit: int) -> dict[str, Any]:
    return {"account": account, "debit": debit, "credit": credit, "balance": debit - credit}
