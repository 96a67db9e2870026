"""The record of an order: what was to be paid, and all that is known of its payment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

#: Where an order came from: from us, from a QR that stands still, from a partner who sold for us,
#: or from nowhere we know of.
ORDER: Final = "order"
STATIC: Final = "static"
MARKETPLACE: Final = "marketplace"
UNKNOWN: Final = "unknown"

#: Why an order is held (`held_reason`), or why money of it is in suspense.
AMOUNT_MISMATCH: Final = "amount_mismatch"
REFUNDS_EXCEED: Final = "refunds_exceed"
CHALLENGE: Final = "challenge"
LATE: Final = "late"
BILL_PAID: Final = "bill_paid"  #: the bill had been paid by another order


class OrderStatus(StrEnum):
    """What became of an order. It follows from the facts of its transactions, in any order."""

    CREATED = "created"
    PENDING = "pending"
    PAID = "paid"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    DENIED = "denied"
    FAILED = "failed"
    REVERSED = "reversed"
    REFUNDED = "refunded"
    PARTIALLY_REFUNDED = "partially_refunded"
    CHARGED_BACK = "charged_back"
    QUARANTINED = "quarantined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """A refund or a partial chargeback of a transaction, in rupiah."""

    amount: int
    confirmed: bool = False  #: the money has left the provider; once so, always so
    at: datetime | None = None
    excess: bool = False  #: it would exceed what was paid: nothing is posted
    chargeback: bool = False  #: the payer's bank took it, not we gave it


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidTransaction:
    """A provider's transaction for an order: what was seen of it, as a set that only grows."""

    provider: str
    status: str  #: the one of `facts` that counts, in Midtrans' words
    amount: int | None = None  #: rupiah that are ours: what was charged, without an imposed fee
    charged: int | None = None  #: rupiah charged, where a fee was put on top
    paid_at: datetime | None = None
    mdr: int = 0  #: what the provider is expected to keep, fixed when the payment was first seen
    channel: str | None = None
    facts: tuple[str, ...] = ()  #: statuses that notices told, sorted
    confirmed: tuple[str, ...] = ()  #: … that the provider confirmed, or signed for, sorted
    refunds: Mapping[str, Refund] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """The PBB bill that an order pays: amounts in rupiah."""

    nop: str
    year: int
    principal: int
    penalty: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An order. `version` counts the changes of its payment; redemptions make none."""

    order_id: str
    jurisdiction_id: str
    product: str  #: key of the configuration
    kind: str  #: fare, tax, ticket, merchant or other
    amount: int  #: rupiah
    created_at: datetime
    credits: tuple[tuple[str, int], ...] = ()  #: (account, rupiah) that a payment is credited to
    site: str | None = None
    quantity: int = 1
    status: OrderStatus = OrderStatus.CREATED
    provider: str | None = None
    expires_at: datetime | None = None
    version: int = 1
    paid_amount: int = 0
    refunded_amount: int = 0
    transactions: Mapping[str, PaidTransaction] = field(default_factory=dict)
    charge: Mapping[str, Any] | None = None
    bill: Bill | None = None
    receipt_number: str | None = None
    redeemed: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    revoked: bool = False
    origin: str = ORDER
    held_reason: str | None = None
    closed: bool = False  #: it expired without the provider ever knowing a transaction for it
    stale_at: datetime | None = None  #: from when on the provider is to be asked what became of it
    key_hash: str | None = None  #: of the idempotency key that made it
    fingerprint: str | None = None  #: of the body that came with the key
    created_by: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)  #: of the product: fare class, visit
