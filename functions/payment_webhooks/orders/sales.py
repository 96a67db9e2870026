"""Takes what marketplaces sold: an order each, then the same queue as any provider's notification."""

from datetime import datetime
from typing import Final

from functions.payment_webhooks import tariffs, tickets
from functions.payment_webhooks.orders.ordering import Holidays
from functions.payment_webhooks.products import credits_of
from functions.payment_webhooks.providers.marketplace import Article, Sale, order_id_of, provider_of
from functions.payment_webhooks.record import MARKETPLACE, Order
from shared.days import day_of
from shared.errors import InvalidInput
from shared.text import Text

_RUPIAH: Final = "IDR"
#: Detail of an order: what the marketplace first told that it sold it for, in rupiah.
SOLD_FOR: Final = "sold_for"


def order_of_sale(
    sale: Sale, article: Article, partner: str, *, holidays: Holidays, now: datetime
) -> Order:
    """Return the order that a marketplace's sale is; its amount is the price, not what was taken.

    What the marketplace takes besides is its own affair; what it tells of less or more than the
    price is seen when it is settled.

    Raises:
        InvalidInput: the sale cannot be one of ours.
    """
    payments, sold = article.payments, article.sold
    product = payments.product_by_code[sold.product]
    if sale.currency != _RUPIAH:
        raise _wrong("data.currency", "not_a_choice", "Hanya IDR.", "IDR only.")
    if not 1 <= sale.quantity <= product.most:
        raise _wrong(
            "data.quantity",
            "out_of_range",
            f"Antara 1 dan {product.most}.",
            f"Between 1 and {product.most}.",
        )
    today = day_of(now)
    day = sale.visit_on or today
    amount = tariffs.price(product, sold.fare_class, day, holidays()) * sale.quantity
    first, last = tickets.validity(product, today, sale.visit_on)
    return Order(
        order_id=order_id_of(partner, sale.sale_id, payments, sold),
        jurisdiction_id=article.jurisdiction_id,
        product=product.code,
        kind=product.kind,
        amount=amount,
        credits=credits_of(payments, product, amount),
        created_at=now,
        created_by=provider_of(partner),
        provider=provider_of(partner),
        site=sold.site,
        quantity=sale.quantity,
        origin=MARKETPLACE,
        details={
            "channel": "marketplace",
            "fare_class": sold.fare_class,
            "valid_from": first.isoformat(),
            "valid_until": last.isoformat(),
            **({SOLD_FOR: sale.amount} if sale.amount is not None else {}),
        },
    )


def _wrong(field: str, code: str, indonesian: str, english: str) -> InvalidInput:
    return InvalidInput.at(field, code, Text(indonesian, english))
