"""What a provider tells about a payment, in one form for all providers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

#: Midtrans' words for what became of a payment; those of other providers are read as one of them.
STATUSES: Final = frozenset(
    {
        "pending",
        "authorize",
        "capture",
        "settlement",
        "deny",
        "cancel",
        "expire",
        "failure",
        "refund",
        "partial_refund",
        "chargeback",
        "partial_chargeback",
    }
)
#: How a status begins that no provider's document knows; what the provider said follows.
UNKNOWN: Final = "unknown:"


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundNotice:
    """One refund that a notification tells of."""

    key: str  #: the provider's own mark of this refund, the same in its second notice
    amount: int  #: rupiah
    confirmed: bool  #: the money has left, and is not only asked for
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A provider's notification, normalised; everything in it was said by the body alone.

    `provider` is "midtrans", "gopay", "qris", "va", "gobiz" or "marketplace:<id>". `amount` is what
    was charged, in rupiah, `original_amount` what it was before a fee was put on top. `proven` tells
    whether the signature covers the status; if not, the provider must confirm it.
    """

    provider: str
    transaction_id: str
    status: str  #: one of `STATUSES`, or `UNKNOWN` and the raw one
    raw_status: str
    proven: bool
    order_ref: str | None = None  #: the order as the provider names it
    amount: int | None = None
    original_amount: int | None = None
    currency: str = "IDR"
    fraud_status: str | None = None
    status_code: str | None = None
    paid_at: datetime | None = None
    refunds: tuple[RefundNotice, ...] = ()
    payment_type: str | None = None
    channel: str | None = None  #: "qris", "gopay", "va", "card" or as the provider calls it
    nmid: str | None = None
    outlet_id: str | None = None
    terminal: str | None = None
    store_id: str | None = None
    va_number: str | None = None  #: the whole virtual account number, without spaces
    customer_no: str | None = None  #: the part of it that is ours: of a bill, NOP and tax year
    is_test: bool = False

    @property
    def is_known(self) -> bool:
        """Whether the status is one that we have a rule for."""
        return self.status in STATUSES
