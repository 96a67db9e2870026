"""What the played provider knows: transactions, what became of them, and what was asked of it."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from threading import RLock
from typing import Any, Final

#: What may become of a transaction, after Midtrans' table of transitions.
TRANSITIONS: Final[Mapping[str, frozenset[str]]] = {
    "": frozenset({"pending", "authorize", "capture", "settlement", "deny", "failure"}),
    "pending": frozenset({"settlement", "expire", "cancel", "deny"}),
    "authorize": frozenset({"capture", "deny", "cancel", "expire"}),
    "capture": frozenset({"settlement", "cancel"}),
    "settlement": frozenset(
        {"refund", "partial_refund", "chargeback", "partial_chargeback", "deny"}
    ),
    "partial_refund": frozenset({"partial_refund", "refund"}),
    "partial_chargeback": frozenset({"chargeback"}),
    # A payer's bank may settle what has run out: the documents do not say so, but it happens.
    "expire": frozenset({"settlement"}),
}


class Refused(Exception):
    """The provider refuses, with the status code and words of its answer."""

    def __init__(self, status_code: int, message: str) -> None:
        super().__init__(message)
        self.status_code = status_code


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """One refund of a transaction, in rupiah; `confirmed_at` when the bank has done it."""

    key: str
    number: int
    amount: int
    created_at: datetime
    confirmed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """A payment as the provider has it."""

    order_id: str
    transaction_id: str
    jurisdiction_id: str
    channel: str  #: how it is paid: qris, gopay, va, card
    amount: int  #: rupiah that the order is over
    gross: int  #: rupiah charged: more, when a fee is imposed on top
    created_at: datetime
    history: tuple[str, ...] = ()
    paid_at: datetime | None = None
    fraud_status: str | None = "accept"
    refunds: tuple[Refund, ...] = ()
    charged_back: int = 0
    provider: str = "midtrans"  #: the way it is told: midtrans, gopay, qris, va, gobiz, marketplace
    place: Mapping[str, str] = field(default_factory=dict)  #: outlet, terminal, NMID of a static QR

    @property
    def status(self) -> str:
        """What it is now, in Midtrans' words."""
        return self.history[-1] if self.history else ""


class Bank:
    """All transactions, safe for threads."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._lock = RLock()
        self._transactions: dict[str, Transaction] = {}
        self._asked: Counter[str] = Counter()

    def begin(self, order_id: str, **known: Any) -> Transaction:
        """Open a transaction for an order.

        Raises:
            Refused: the order has one already.
        """
        with self._lock:
            if order_id in self._transactions:
                raise Refused(406, "Duplicate order ID. order_id has already been utilized")
            known.setdefault("gross", known["amount"])
            digest = hashlib.sha256(f"{self._seed}|{order_id}".encode()).hexdigest()
            transaction_id = "-".join((digest[:8], digest[8:12], digest[12:16], digest[16:20]))
            made = Transaction(
                order_id=order_id, transaction_id=f"{transaction_id}-{digest[20:32]}", **known
            )
            self._transactions[order_id] = made
            return made

    def move(self, order_id: str, status: str, **changes: Any) -> Transaction:
        """Let something become of a transaction.

        Raises:
            Refused: it cannot, after the provider's own table.
        """
        with self._lock:
            found = self.find(order_id)
            if status not in TRANSITIONS.get(found.status, frozenset()):
                raise Refused(412, f"Transaction status cannot be updated to {status}.")
            return self._keep(replace(found, history=(*found.history, status), **changes))

    def change(self, order_id: str, **changes: Any) -> Transaction:
        """Change what is known of a transaction without its status."""
        with self._lock:
            return self._keep(replace(self.find(order_id), **changes))

    def refund(self, order_id: str, key: str, amount: int, at: datetime) -> Transaction:
        """Begin a refund; the same key again changes nothing.

        Raises:
            Refused: it is not paid, or more than is left of it.
        """
        with self._lock:
            found = self.find(order_id)
            if any(one.key == key for one in found.refunds):
                return found
            left = found.gross - sum(one.amount for one in found.refunds)
            if found.status not in ("settlement", "partial_refund"):
                raise Refused(412, "Transaction status cannot be refunded.")
            if not 0 < amount <= left:
                raise Refused(414, "Refund amount exceeds the transaction's.")
            number = 10_000 + len(found.refunds) + int(found.transaction_id[:4], 16)
            made = Refund(key=key, number=number, amount=amount, created_at=at)
            status = "refund" if amount == left else "partial_refund"
            return self.move(order_id, status, refunds=(*found.refunds, made))

    def confirm_refunds(self, order_id: str, at: datetime) -> Transaction:
        """Let the bank carry out the refunds of a transaction."""
        with self._lock:
            found = self.find(order_id)
            confirmed = tuple(
                replace(one, confirmed_at=one.confirmed_at or at) for one in found.refunds
            )
            return self._keep(replace(found, refunds=confirmed))

    def find(self, order_id: str) -> Transaction:
        """Return an order's transaction.

        Raises:
            Refused: there is none (404).
        """
        with self._lock:
            if found := self._transactions.get(order_id):
                return found
        raise Refused(404, "Transaction doesn't exist.")

    def found_by_id(self, transaction_id: str) -> Transaction:
        """Return a transaction by its own id.

        Raises:
            Refused: there is none (404).
        """
        with self._lock:
            for one in self._transactions.values():
                if one.transaction_id == transaction_id:
                    return one
        raise Refused(404, "Transaction doesn't exist.")

    def asked_about(self, order_id: str) -> Transaction:
        """Return an order's transaction for someone who asks, and remember that it was asked for.

        Raises:
            Refused: there is none (404).
        """
        with self._lock:
            found = self.find(order_id)
            self._asked[order_id] += 1
            return found

    def times_asked(self, order_ids: Iterable[str]) -> Mapping[str, int]:
        """Return how often each order was asked about."""
        with self._lock:
            return {order_id: self._asked[order_id] for order_id in order_ids}

    def everything(self) -> tuple[Transaction, ...]:
        """Return all transactions, in the order of their beginning."""
        with self._lock:
            return tuple(self._transactions.values())

    def _keep(self, transaction: Transaction) -> Transaction:
        self._transactions[transaction.order_id] = transaction
        return transaction
