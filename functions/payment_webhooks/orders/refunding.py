"""Gives money back: noted first, then asked of the provider; its notifications say what became."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from functions.payment_webhooks.configuration import Payments
from functions.payment_webhooks.products import refund_days
from functions.payment_webhooks.providers import midtrans
from functions.payment_webhooks.record import Order, OrderStatus
from functions.payment_webhooks.tickets import TICKET, most_refunded
from shared.clock import to_text
from shared.errors import Busy, Conflict, InvalidInput
from shared.text import Text

#: What became of asking the provider.
ASKED: Final = "asked"
ACCEPTED: Final = "accepted"
REFUSED: Final = "refused"
_PAID: Final = frozenset({OrderStatus.PAID, OrderStatus.PARTIALLY_REFUNDED})
_TRIES: Final = 3


class NotRefundable(Conflict):
    """The order cannot be refunded."""

    code = "not_refundable"
    title = Text("Tidak dapat dikembalikan", "It cannot be refunded")


class TicketsUsed(Conflict):
    """Tickets that the refund would take have let somebody in."""

    code = "already_redeemed"
    title = Text("Tiketnya sudah dipakai", "Its tickets have been used")


class RefundRefused(Conflict):
    """The provider refuses the refund."""

    code = "refund_refused"
    title = Text("Penyedia menolak pengembalian", "The provider refuses the refund")


class Declined(Exception):
    """The provider will not do it, however often it is asked."""


class Store(Protocol):
    """Where refunds are noted."""

    def values(self, order_id: str, *, consistent: bool) -> dict[str, Any] | None:
        """Return an order as plain values."""

    def refunds(self, order_id: str) -> dict[str, dict[str, Any]]:
        """Return the refunds of an order that were asked for, by key."""

    def ask_refund(
        self, order_id: str, key: str, ask: Mapping[str, Any], *, asked: int, unused: list[int]
    ) -> bool:
        """Note that a refund is asked for; False if the order changed meanwhile."""

    def refund_accepted(self, order_id: str, key: str) -> None:
        """Note that the provider took a refund."""

    def refund_refused(self, order_id: str, key: str, amount: int) -> bool:
        """Take back that a refund was asked for."""


#: Asks the provider: order, key, amount, reason.
Ask = Callable[[Order, str, int, str], None]


def refund(
    order: Order,
    amount: int | None,
    *,
    key: str,
    reason: str,
    by: str,
    even_if_redeemed: bool,
    payments: Payments,
    now: datetime,
    store: Store,
    ask: Ask,
) -> tuple[int, str]:
    """Ask for a refund, once for its key, and return its amount and what became of asking.

    Raises:
        NotRefundable, TicketsUsed, InvalidInput: it is not asked for.
        RefundRefused: the provider refused it.
    """
    noted = store.refunds(order.order_id)
    known: Mapping[str, Any]
    if key not in noted:
        known = _note(order, amount, key, reason, by, even_if_redeemed, payments, now, store)
    else:
        known = noted[key]
    if amount not in (None, known["amount"]):
        raise InvalidInput.at(
            "amount",
            "idempotency_key_reused",
            Text("Kunci ini untuk jumlah lain.", "This key was used for another amount."),
        )
    if known["outcome"] == REFUSED:
        raise RefundRefused
    if known["outcome"] == ASKED:
        _ask(order, key, known, store, ask)
    return known["amount"], ACCEPTED


def unanswered(amount: int | None, noted: Mapping[str, Mapping[str, Any]]) -> str | None:
    """Return the key of a refund that was noted and of which the provider has not answered yet.

    Who sends no key of their own goes on with it, as they cannot name it.
    """
    for key, one in sorted(noted.items()):
        if one["outcome"] == ASKED and amount in (None, one["amount"]):
            return key
    return None


def _ask(order: Order, key: str, known: Mapping[str, Any], store: Store, ask: Ask) -> None:
    try:
        ask(order, key, known["amount"], known["reason"])
    except Declined:
        store.refund_refused(order.order_id, key, known["amount"])
        raise RefundRefused from None
    store.refund_accepted(order.order_id, key)


def _note(
    order: Order,
    wanted: int | None,
    key: str,
    reason: str,
    by: str,
    even_if_redeemed: bool,  # noqa: FBT001 (one of many that only pass through)
    payments: Payments,
    now: datetime,
    store: Store,
) -> Mapping[str, Any]:
    check_refundable(order, payments, now)
    for _ in range(_TRIES):
        values = store.values(order.order_id, consistent=True) or {}
        noted = store.refunds(order.order_id)
        asked = values.get("refund_asked", 0)
        given = values["refunded_amount"] + outstanding(order, noted)
        amount = checked_amount(wanted, values["paid_amount"] - given)
        taken = [] if even_if_redeemed else tickets_taken(order, given + amount)
        if {str(number) for number in taken} & (values.get("redeemed") or {}).keys():
            raise TicketsUsed
        known = {
            "amount": amount,
            "outcome": ASKED,
            "reason": reason,
            "asked_by": by,
            "asked_at": to_text(now),
        }
        if store.ask_refund(order.order_id, key, known, asked=asked, unused=taken):
            return known
        if raced := store.refunds(order.order_id).get(key):
            return raced
    raise Busy


def check_refundable(order: Order, payments: Payments, now: datetime) -> None:
    """Check that an order was paid, and not too long ago for its provider.

    Raises:
        NotRefundable: it was not, or it is.
    """
    if order.status not in _PAID:
        raise NotRefundable(Text("Pesanan ini tidak lunas.", "This order is not paid."))
    paid = [
        one
        for one in order.transactions.values()
        if one.paid_at is not None and one.provider == midtrans.PROVIDER
    ]
    if not paid:
        raise NotRefundable(
            Text(
                "Penyedia pembayaran ini tidak dapat diminta mengembalikan.",
                "This payment's provider cannot be asked to give it back.",
            )
        )
    channel = next((one.channel for one in paid if one.channel), order.details.get("channel", ""))
    days = refund_days(payments, channel)
    latest = max(filter(None, (one.paid_at for one in paid)))
    if now > latest + timedelta(days=days):
        raise NotRefundable(
            Text(
                f"Pembayaran {channel} hanya dapat dikembalikan dalam {days} hari.",
                f"A payment by {channel} can be refunded within {days} days only.",
            )
        )


def checked_amount(wanted: int | None, left: int) -> int:
    """Return what to refund: what is wanted, or all that is left.

    Raises:
        InvalidInput: it is more than is left.
        NotRefundable: nothing is left.
    """
    if left <= 0:
        raise NotRefundable(
            Text("Semua sudah dikembalikan atau diminta.", "All of it was given back or asked for.")
        )
    if wanted is not None and wanted > left:
        raise InvalidInput.at(
            "amount", "exceeds", Text(f"Tersisa Rp{left}.", f"Rp{left} are left.")
        )
    return wanted or left


def outstanding(order: Order, noted: Mapping[str, Mapping[str, Any]]) -> int:
    """Return the rupiah that were asked for, of which no notification told yet."""
    told = {key for one in order.transactions.values() for key in one.refunds}
    return sum(
        one["amount"] for key, one in noted.items() if key not in told and one["outcome"] != REFUSED
    )


def tickets_taken(order: Order, given: int) -> list[int]:
    """Return the tickets that let in no more when so much (rupiah) of an order was given back."""
    if order.kind != TICKET:
        return []
    return [n for n in range(1, order.quantity + 1) if most_refunded(order, n) < given]
