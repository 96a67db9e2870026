"""A marketplace's webhook: proven by its raw bytes, its sale stored, then queued like any payment."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from http import HTTPStatus
from typing import Any, Final, Protocol

from functions.payment_webhooks.configuration import Payments, payments_of
from functions.payment_webhooks.keys import Keys, Unavailable
from functions.payment_webhooks.messages import payment_notification
from functions.payment_webhooks.orders.sales import SOLD_FOR, order_of_sale
from functions.payment_webhooks.providers import marketplace, standard_webhooks, values
from functions.payment_webhooks.providers.marketplace import SOLD, Sale
from functions.payment_webhooks.record import Order, OrderStatus
from shared import config, queues
from shared.errors import Busy, InvalidInput, NotFound, Problem
from shared.http import Request
from shared.text import Text

_QUEUED: Final = "queued"


class NotSigned(Problem):
    """The signature is missing, too old, or no secret of the partner's fits it."""

    status = HTTPStatus.UNAUTHORIZED
    code = "signature_invalid"
    title = Text("Tanda tangan tidak cocok", "The signature does not fit")


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of a webhook: "queued" with the order of a sale, "held" with it, or "ignored".

    What is held was sold for another price: its money is in suspense, and it has no tickets.
    """

    outcome: str
    order: Order | None = None

    @property
    def has_tickets(self) -> bool:
        """Whether tickets may be handed out: none of what is held, or was given back."""
        if self.order is None or self.outcome != _QUEUED:
            return False
        return not self.order.revoked and self.order.status is not OrderStatus.QUARANTINED


class Store(Protocol):
    """Where orders are kept."""

    def create(self, order: Order) -> Order | None:
        """Store an order, or return the one of its number that is there."""

    def order(self, order_id: str) -> Order | None:
        """Return an order."""


def take(
    request: Request,
    partner: str,
    *,
    secrets: Keys,
    holidays: Callable[[str], Collection[str]],
    store: Store,
    queue_url: str,
    now: datetime,
) -> Taken:
    """Take a marketplace's webhook: sent again, it changes nothing (at most 2 AWS calls).

    An event that nobody has a rule for is answered with success, as the standard wants.

    Raises:
        NotFound: there is no such marketplace.
        NotSigned: it is not proven.
        InvalidInput: it tells of no sale that could be ours.
    """
    raw = request.body
    known = {name: payments_of(name) for name in config.jurisdiction_ids()}
    if not any(marketplace.marketplace_of(partner, one) for one in known.values()):
        raise NotFound
    if not _is_signed(request, partner, raw, secrets, now):
        raise NotSigned
    body = values.object_of(raw)
    sale = marketplace.sale_in(body) if body is not None else None
    if body is not None and not marketplace.is_known(values.first_text(body, "type") or ""):
        return Taken(outcome="ignored")
    if body is None or sale is None:
        raise InvalidInput.at("data.sale_id", "missing", Text("Wajib diisi.", "This is required."))
    if sale.type == SOLD and sale.visit_on is None and values.first(body, "data.visit_on"):
        # A ticket for a day that we did not understand would let in on any of many.
        raise InvalidInput.at(
            "data.visit_on",
            "not_a_date",
            Text("Tulis tanggal seperti 2026-12-01.", "Write a day as 2026-12-01."),
        )
    order = _order(sale, partner, known, holidays, store, now)
    queues.send(
        queue_url,
        payment_notification(
            provider=marketplace.provider_of(partner),
            path=f"/payments/marketplace/{partner}",
            body=raw,
            content_type=request.headers.get("content-type", "")[:100],
            received_at=now,
            jurisdiction_id=order.jurisdiction_id,
        ),
    )
    if sale.type != SOLD:
        return Taken(outcome=_QUEUED)
    is_priced = sale.amount == order.amount == order.details.get(SOLD_FOR, order.amount)
    return Taken(outcome=_QUEUED if is_priced else "held", order=order)


def _order(
    sale: Sale,
    partner: str,
    known: Mapping[str, Payments],
    holidays: Callable[[str], Collection[str]],
    store: Store,
    now: datetime,
) -> Order:
    article = marketplace.article_of(partner, sale.sku, known)
    if article is None:
        raise InvalidInput.at(
            "data.sku",
            "unknown",
            Text("Nomor artikel ini tidak terdaftar.", "This article number is not registered."),
        )
    if sale.amount is None and sale.type != marketplace.CANCELLED:
        raise InvalidInput.at("data.amount", "missing", Text("Wajib diisi.", "This is required."))
    order = order_of_sale(
        sale, article, partner, holidays=partial(holidays, article.jurisdiction_id), now=now
    )
    if sale.type != SOLD:
        return store.order(order.order_id) or order
    return store.create(order) or order


def _is_signed(request: Request, partner: str, raw: bytes, secrets: Keys, now: datetime) -> bool:
    def owners(known: Mapping[str, Any]) -> Iterator[str]:
        given = values.mapping(known.get(partner)).get("secrets")
        listed = given if isinstance(given, list) else [given]
        texts = [one for one in listed if isinstance(one, str) and one]
        if standard_webhooks.verify(headers=request.headers, body=raw, secrets=texts, now=now):
            yield partner

    try:
        return secrets.fitting(owners) is not None
    except Unavailable as error:
        raise Busy(headers={"Retry-After": "30"}) from error
