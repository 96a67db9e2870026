"""Sales of marketplaces that sell our tickets: their webhooks, as a sale and as a notice.

A body is an event of Standard Webhooks: `{"type", "timestamp", "data"}`. Types are `ticket.sold`,
`ticket.cancelled` (all of the sale) and `ticket.refunded` (an amount of it); `data` has `sale_id`,
`sku`, `quantity`, `amount` (rupiah), `currency`, `sold_at`, `visit_on`, and of a refund `refund_id`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from functions.payment_webhooks.configuration import Marketplace, Payments, Sold
from functions.payment_webhooks.notice import UNKNOWN, Notice, RefundNotice
from functions.payment_webhooks.order_ids import number_of_payment
from functions.payment_webhooks.providers import values

PROVIDER: Final = "marketplace:"
SOLD: Final = "ticket.sold"
CANCELLED: Final = "ticket.cancelled"
REFUNDED: Final = "ticket.refunded"
_STATUSES: Final[Mapping[str, str]] = {
    SOLD: "settlement",
    CANCELLED: "cancel",  # the whole sale is undone, whatever was refunded of it before
    REFUNDED: "partial_refund",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """What a marketplace tells of a sale; amounts in rupiah. A quantity that is no number is 0."""

    type: str
    sale_id: str
    sku: str
    quantity: int
    amount: int | None
    visit_on: date | None
    currency: str


@dataclass(frozen=True, slots=True)
class Article:
    """What a marketplace sold, in whose jurisdiction."""

    jurisdiction_id: str
    payments: Payments
    sold: Sold


def provider_of(partner: str) -> str:
    """Return a marketplace as notices and the ledger name it."""
    return PROVIDER + partner


def is_known(event_type: str) -> bool:
    """Tell whether there is a rule for an event."""
    return event_type in _STATUSES


def sale_in(body: Mapping[str, Any]) -> Sale | None:
    """Return the sale that an event tells of; None if it does not say which, or of what."""
    sale_id = values.first_text(body, "data.sale_id")
    if sale_id is None:
        return None
    quantity = values.first(body, "data.quantity")
    return Sale(
        type=values.first_text(body, "type") or "",
        sale_id=sale_id,
        sku=values.first_text(body, "data.sku") or "",
        quantity=1 if quantity is None else values.rupiah(quantity) or 0,
        amount=values.rupiah(values.first(body, "data.amount")),
        visit_on=_day(values.first_text(body, "data.visit_on")),
        currency=(values.first_text(body, "data.currency") or "IDR").upper(),
    )


def marketplace_of(partner: str, payments: Payments) -> Marketplace | None:
    """Return a marketplace of a jurisdiction by its id."""
    return next((one for one in payments.marketplaces if one.id == partner), None)


def article_of(partner: str, sku: str, known: Mapping[str, Payments]) -> Article | None:
    """Return what a marketplace means by an article number, in whichever jurisdiction; or None."""
    for jurisdiction_id, payments in known.items():
        marketplace = marketplace_of(partner, payments)
        for sold in marketplace.articles if marketplace else ():
            if sold.sku.casefold() == sku.casefold():
                return Article(jurisdiction_id, payments, sold)
    return None


def order_id_of(partner: str, sale_id: str, payments: Payments, sold: Sold) -> str:
    """Return the number of a sale's order: always the same."""
    code = payments.product_by_code[sold.product].order_code
    return number_of_payment(payments.order_prefix, code, provider_of(partner), sale_id)


def notice(body: Mapping[str, Any], provider: str, known: Mapping[str, Payments]) -> Notice:
    """Return what an event says of the payment of its sale, which the marketplace vouches for."""
    partner = provider.removeprefix(PROVIDER)
    sale = sale_in(body)
    raw = values.first_text(body, "type") or ""
    if sale is None:
        return Notice(
            provider=provider, transaction_id="", status=UNKNOWN + raw, raw_status=raw, proven=True
        )
    article = article_of(partner, sale.sku, known)
    refunds: tuple[RefundNotice, ...] = ()
    if sale.type == REFUNDED and sale.amount:
        at = values.instant(values.first(body, "data.refunded_at", "timestamp"))
        key = values.first_text(body, "data.refund_id") or f"{sale.sale_id}:{sale.amount}"
        refunds = (RefundNotice(key=key, amount=sale.amount, confirmed=True, at=at),)
    return Notice(
        provider=provider,
        order_ref=order_id_of(partner, sale.sale_id, article.payments, article.sold)
        if article
        else None,
        transaction_id=sale.sale_id,
        status=_STATUSES.get(sale.type, UNKNOWN + raw),
        raw_status=raw,
        proven=True,
        amount=sale.amount if sale.type == SOLD else None,
        currency=sale.currency,
        paid_at=values.instant(values.first(body, "data.sold_at", "timestamp")),
        refunds=refunds,
        payment_type="marketplace",
        channel="marketplace",
    )


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None
