"""Plays marketplaces that sell our tickets: each sale is a webhook of theirs, and so is what undoes it.

Written from Standard Webhooks and the contract of events, as a marketplace would. Nobody asks a
marketplace about its sales: what it signed counts.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, Final

from cli import provider_simulator_signing as signing
from cli.provider_simulator_messages import Message
from functions.payment_webhooks import tariffs
from functions.payment_webhooks.configuration import Payments, Product
from shared.clock import WIB, to_text

#: How often each fate is met, of a hundred sales, and what the order then is in our words.
FATES: Final[Mapping[str, tuple[int, str]]] = {
    "sold": (60, "paid"),
    "sale cancelled": (10, "reversed"),
    "sale cancelled at once": (10, "reversed"),
    "sale partly refunded": (10, "partially_refunded"),
    "sale refunded": (10, "refunded"),
}
_MOST_PIECES: Final = 4
_DAYS_AHEAD: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What a marketplace sells for a jurisdiction, and what one costs on a day (WIB), in rupiah."""

    partner: str
    sku: str
    product: str
    jurisdiction_id: str
    price: Callable[[date], int]


@dataclass(slots=True, kw_only=True)
class Sale:
    """A sale as the marketplace has it; `order_id` is what it was answered."""

    article: Article
    sale_id: str
    quantity: int
    visit_on: date
    sold_at: datetime
    fate: str
    order_id: str | None = None

    @property
    def amount(self) -> int:
        """The whole price, in rupiah."""
        return self.article.price(self.visit_on) * self.quantity

    @property
    def refunded(self) -> int:
        """What is given back by refunds, in rupiah."""
        shares = {"sale refunded": self.amount, "sale partly refunded": self.amount // 4}
        return shares.get(self.fate, 0)

    def truth(self) -> dict[str, Any]:
        """Return what the marketplace knows, and what ours should then say."""
        return {
            "order_id": self.order_id,
            "transaction_id": self.sale_id,
            "jurisdiction_id": self.article.jurisdiction_id,
            "provider": f"marketplace:{self.article.partner}",
            "product": self.article.product,
            "amount": self.amount,
            "refunded": self.refunded,
            "quantity": self.quantity,
            "fate": self.fate,
            "expected_status": FATES[self.fate][1],
        }


def articles(
    known: Mapping[str, Payments], holidays: Callable[[str], Collection[str]]
) -> list[Article]:
    """Return what marketplaces sell; `holidays` are a jurisdiction's, as ISO dates."""

    def priced(jurisdiction_id: str, product: Product, fare_class: str) -> Callable[[date], int]:
        return lambda day: tariffs.price(product, fare_class, day, holidays(jurisdiction_id))

    return [
        Article(
            partner=one.id,
            sku=sold.sku,
            product=sold.product,
            jurisdiction_id=jurisdiction_id,
            price=priced(jurisdiction_id, payments.product_by_code[sold.product], sold.fare_class),
        )
        for jurisdiction_id, payments in sorted(known.items())
        for one in payments.marketplaces
        for sold in one.articles
    ]


def sales(
    sold: list[Article], number: int, random: Random, now: Callable[[], datetime]
) -> Iterator[Sale]:
    """Yield so many sales, of all articles in turn."""
    fates = list(FATES)
    weights = [weight for weight, _ in FATES.values()]
    today = now().astimezone(WIB).date()
    for place in range(number if sold else 0):
        yield Sale(
            article=sold[place % len(sold)],
            sale_id=f"S-{random.getrandbits(60):015x}",
            quantity=random.randint(1, _MOST_PIECES),
            visit_on=today + timedelta(days=random.randint(1, _DAYS_AHEAD)),
            sold_at=now(),
            fate=random.choices(fates, weights)[0],
        )


def waves(sale: Sale, secret: str, now: Callable[[], datetime]) -> Iterator[list[Message]]:
    """Tell of a sale, then of what became of it; a wave begins when it is asked for."""

    def learn(answer: Mapping[str, Any]) -> None:
        sale.order_id = answer.get("order_id") or sale.order_id

    sold = _message(sale, "ticket.sold", _of(sale), secret, now(), learn)
    match sale.fate:
        case "sale cancelled at once":
            yield [sold, _message(sale, "ticket.cancelled", {}, secret, now())]
        case "sale cancelled":
            yield [sold]
            yield [_message(sale, "ticket.cancelled", {}, secret, now())]
        case "sale refunded" | "sale partly refunded":
            yield [sold]
            refund = {"refund_id": f"R-{sale.sale_id}", "amount": sale.refunded}
            yield [_message(sale, "ticket.refunded", refund, secret, now())]
        case _:
            yield [sold]


def _of(sale: Sale) -> dict[str, Any]:
    return {
        "quantity": sale.quantity,
        "amount": sale.amount,
        "currency": "IDR",
        "sold_at": to_text(sale.sold_at),
        "visit_on": sale.visit_on.isoformat(),
    }


def _message(
    sale: Sale,
    event: str,
    told: dict[str, Any],
    secret: str,
    at: datetime,
    answered: Callable[[Mapping[str, Any]], None] | None = None,
) -> Message:
    named = {"sale_id": sale.sale_id, "sku": sale.article.sku}
    body = signing.compact({"type": event, "timestamp": to_text(at), "data": named | told})
    message_id, seconds = f"msg_{event}_{sale.sale_id}", int(at.timestamp())
    return Message(
        path=f"/payments/marketplace/{sale.article.partner}",
        body=body,
        headers={
            "Content-Type": "application/json",
            "webhook-id": message_id,
            "webhook-timestamp": str(seconds),
            "webhook-signature": signing.webhook(message_id, seconds, body, secret),
        },
        order_id=sale.sale_id,
        about=event,
        answered=answered,
    )
