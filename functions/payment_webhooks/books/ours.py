"""What the journal says of each transaction, as a provider's file would have to say it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from functions.payment_webhooks.accounts import CLEARING, MDR
from functions.payment_webhooks.books.settlement_files import (
    CHARGEBACK,
    FAILED,
    PAID,
    PAYMENT,
    PENDING,
    REFUND,
)
from functions.payment_webhooks.entry import EntryKind
from shared.clock import WIB, from_text

#: Entries by which a provider owes us a payment, wherever it was credited. A second payment of an
#: order is a sale as well; that it is an overpayment moves it between our own accounts.
_PAYMENTS: Final = frozenset(
    {
        EntryKind.SALE,
        EntryKind.UNKNOWN_ORDER,
        EntryKind.AMOUNT_MISMATCH,
    }
)


@dataclass(slots=True)
class Ours:
    """A payment, refund or chargeback as our journal has it: rupiah, and the instant it happened."""

    kind: str
    status: str
    order_id: str
    transaction_id: str
    provider: str
    product: str | None
    site: str | None
    amount: int
    fee: int
    at: datetime
    reference: str = ""  #: the refund's key
    seen: bool = False  #: a line of the file is matched to it

    @property
    def name(self) -> str:
        """What no other payment, refund or chargeback is called."""
        if self.kind == PAYMENT:
            return self.transaction_id
        return f"{self.transaction_id} {self.kind} {self.reference}"

    @property
    def day(self) -> date:
        """The day (WIB) on which it happened."""
        return self.at.astimezone(WIB).date()


def ours(entries: Iterable[Mapping[str, Any]]) -> list[Ours]:
    """Return the transactions that journal entries (plain values of their items) are about."""
    payments: dict[tuple[str, str], Ours] = {}
    refunds: dict[tuple[str, str, str], Ours] = {}
    reversed_: set[tuple[str, str]] = set()
    adjusted: dict[tuple[str, str], int] = {}
    for entry in entries:
        key = (entry["provider"], entry["transaction_id"])
        kind = entry["kind"]
        if kind in _PAYMENTS:
            payments[key] = _one(entry, PAYMENT, PAID)
        elif kind == EntryKind.REVERSAL:
            reversed_.add(key)
        elif kind == EntryKind.MDR_ADJUSTMENT:
            adjusted[key] = adjusted.get(key, 0) + _on(entry, MDR)
        else:
            _refunded(refunds, (*key, entry.get("reference", "")), entry)
    for key in reversed_ & payments.keys():
        payments[key].status = FAILED
    for key in adjusted.keys() & payments.keys():
        payments[key].fee += adjusted[key]
    return [*payments.values(), *refunds.values()]


def _refunded(
    refunds: dict[tuple[str, str, str], Ours], key: tuple[str, str, str], entry: Mapping[str, Any]
) -> None:
    """Note a refund: pending until the entry that settles it, whichever is read first."""
    match entry["kind"]:
        case EntryKind.REFUND_SETTLED:
            refunds[key] = _one(entry, REFUND, PAID)
        case EntryKind.REFUND_PENDING:
            refunds.setdefault(key, _one(entry, REFUND, PENDING))
        case EntryKind.CHARGEBACK:
            refunds[key] = _one(entry, CHARGEBACK, PAID)
        case _:
            pass  # moves between our own accounts, and payouts


def _one(entry: Mapping[str, Any], kind: str, status: str) -> Ours:
    moved = _on(entry, CLEARING) + _on(entry, MDR)
    if kind == REFUND and status == PENDING:
        moved = sum(line["amount"] for line in entry["lines"] if line["amount"] > 0)
    return Ours(
        kind=kind,
        status=status,
        order_id=entry.get("order_id") or "",
        transaction_id=entry["transaction_id"],
        provider=entry["provider"],
        product=entry.get("product"),
        site=entry.get("site"),
        amount=abs(moved),
        fee=_on(entry, MDR) if kind == PAYMENT else 0,
        at=from_text(entry["occurred_at"]),
        reference=entry.get("reference", ""),
    )


def _on(entry: Mapping[str, Any], accounts: str) -> int:
    return sum(
        int(line["amount"]) for line in entry["lines"] if line["account"].startswith(accounts)
    )
