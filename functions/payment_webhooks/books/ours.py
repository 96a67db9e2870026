"""What the journal says of each transaction, as a provider's file would have to say it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from functions.payment_webhooks.accounts import CLEARING, MDR, REFUNDS_PAYABLE
from functions.payment_webhooks.books.settlement_files import (
    CHARGEBACK,
    FAILED,
    PAID,
    PAYMENT,
    PENDING,
    REFUND,
)
from functions.payment_webhooks.entry import EntryKind, lines_of
from shared.clock import WIB, from_text

#: What an entry is about. A second payment of an order is a sale as well; that it is an
#: overpayment moves it between our own accounts.
_KINDS: Final[Mapping[str, str]] = {
    EntryKind.SALE: PAYMENT,
    EntryKind.UNKNOWN_ORDER: PAYMENT,
    EntryKind.AMOUNT_MISMATCH: PAYMENT,
    EntryKind.REVERSAL: PAYMENT,
    EntryKind.MDR_ADJUSTMENT: PAYMENT,
    EntryKind.REFUND_PENDING: REFUND,
    EntryKind.REFUND_SETTLED: REFUND,
    EntryKind.CHARGEBACK: CHARGEBACK,
}


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
    undone: int = 0  #: rupiah that a reversal took off again
    owed: int = 0  #: rupiah of a refund that is only asked for
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
    """Return the transactions that journal entries (plain values of their items) are about.

    Entries of one fact are added up: one may be followed by what it turned out to be besides.

    Raises:
        Unreadable: the amounts of an entry cannot be added up.
    """
    found: dict[tuple[str, str, str, str], Ours] = {}
    for entry in entries:
        if (kind := _KINDS.get(entry["kind"])) is None:
            continue  # a move between our own accounts, or a payout
        reference = entry.get("reference", "") if kind != PAYMENT else ""
        key = (entry["provider"], entry["transaction_id"], kind, reference)
        one = found.get(key)
        if one is None:
            one = found[key] = _begun(entry, kind, reference)
        _add(one, entry)
    return [one for one in found.values() if _settle(one)]


def _begun(entry: Mapping[str, Any], kind: str, reference: str) -> Ours:
    return Ours(
        kind=kind,
        status=PENDING,
        order_id=entry.get("order_id") or "",
        transaction_id=entry["transaction_id"],
        provider=entry["provider"],
        product=entry.get("product"),
        site=entry.get("site"),
        amount=0,
        fee=0,
        at=from_text(entry["occurred_at"]),
        reference=reference,
    )


def _add(one: Ours, entry: Mapping[str, Any]) -> None:
    """Add an entry to what it is about: what came to or went from the provider, or is to go."""
    held, kept = _on(entry, CLEARING), _on(entry, MDR)
    match entry["kind"]:
        case EntryKind.REVERSAL:
            one.undone += held + kept
        case EntryKind.MDR_ADJUSTMENT:
            one.fee += kept
        case EntryKind.REFUND_PENDING:
            one.owed -= _on(entry, REFUNDS_PAYABLE)
        case _:
            one.amount += held + kept
            one.fee += kept


def _settle(one: Ours) -> bool:
    """Say what became of it, and tell whether a provider's file should have a line of it."""
    if one.kind == PAYMENT:
        one.status = FAILED if one.amount and one.amount + one.undone == 0 else PAID
        return one.amount != 0
    if one.amount:
        one.status = PAID
    one.amount = abs(one.amount or one.owed)
    return one.amount != 0


def _on(entry: Mapping[str, Any], accounts: str) -> int:
    return sum(line.amount for line in lines_of(entry) if line.account.startswith(accounts))
