"""Takes an order: stored once for its key, and only then is the provider asked to charge it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final, Protocol

from functions.payment_webhooks.configuration import Client, Payments
from functions.payment_webhooks.order_ids import order_numbers
from functions.payment_webhooks.orders import ordering
from functions.payment_webhooks.orders.ordering import Bills, Holidays
from functions.payment_webhooks.orders.requests import OrderRequest
from functions.payment_webhooks.record import Order, OrderStatus
from shared import ids
from shared.errors import Conflict, InvalidInput, KeyReused
from shared.text import Text

_FINGERPRINT_CHARACTERS: Final = 32
_OPEN: Final = frozenset({OrderStatus.CREATED, OrderStatus.PENDING})


class Store(Protocol):
    """Where orders are kept."""

    def create(self, order: Order) -> Order | None:
        """Store an order, or return the one of its number that is there."""

    def order(self, order_id: str) -> Order | None:
        """Return an order."""

    def charged(self, order_id: str, charge: Mapping[str, Any]) -> Mapping[str, Any]:
        """Keep by what an order is paid, and return the charge that is kept."""


#: Asks the provider to charge an order, and returns by what it is paid (`qr_string`, …).
Charge = Callable[[Order], Mapping[str, Any]]


def idempotency_key(given: str | None, fresh: str) -> str:
    """Return the key of a request, or a fresh one if it sent none.

    Raises:
        InvalidInput: it is not of at least 128 random bits.
    """
    if given is None or not given.strip():
        return fresh
    key = given.strip()
    if not ids.is_random_key(key):
        raise InvalidInput.at(
            "Idempotency-Key",
            "weak_idempotency_key",
            Text(
                "Pakai UUID acak, baru untuk setiap pesanan.",
                "Use a random UUID, a new one for each order.",
            ),
        )
    return key.lower() if ids.is_uuid(key) else key


def stored_once(
    request: OrderRequest,
    *,
    key: str,
    secret: bytes,
    jurisdiction_id: str,
    seller: Client,
    payments: Payments,
    holidays: Holidays,
    bills: Bills,
    now: datetime,
    store: Store,
) -> tuple[Order, HTTPStatus]:
    """Store an order once for its key and return it: 201, or 200 on a repeat.

    Raises:
        KeyReused: the key belongs to another order.
        Problem: the request cannot be ordered; see `ordering.ordered`.
    """
    product = ordering.product_of(request.product, payments)
    key_hash = ids.keyed_hash(secret, jurisdiction_id, seller.id, key)
    fingerprint = _fingerprint(request, secret)
    numbers = order_numbers(payments.order_prefix, product.order_code, key_hash)
    try:
        wanted = ordering.ordered(
            request,
            order_id="",
            jurisdiction_id=jurisdiction_id,
            seller=seller,
            payments=payments,
            holidays=holidays,
            bills=bills,
            now=now,
        )
    except (InvalidInput, Conflict):
        # Prices and bills may have moved on since the first time; a repeat still gets its order.
        first = store.order(next(numbers))
        if first and first.key_hash == key_hash and first.fingerprint == fingerprint:
            return first, HTTPStatus.OK
        raise
    wanted = replace(wanted, key_hash=key_hash, fingerprint=fingerprint)
    while True:
        order = replace(wanted, order_id=next(numbers))
        found = store.create(order)
        if found is None:
            return order, HTTPStatus.CREATED
        if found.key_hash == key_hash:
            if found.fingerprint != fingerprint:
                raise KeyReused
            return found, HTTPStatus.OK


def charged(order: Order, *, charge: Charge, store: Store, now: datetime) -> Order:
    """Return an order with what pays it; the provider is asked if that is not known yet.

    If the process died between asking and keeping the answer, the provider is asked again for
    the same order, which it charges once.
    """
    over = order.expires_at is not None and order.expires_at <= now
    if order.charge is not None or order.status not in _OPEN or over:
        return order
    return replace(order, charge=store.charged(order.order_id, charge(order)))


def _fingerprint(request: OrderRequest, secret: bytes) -> str:
    said = request.model_dump_json(exclude_none=True)
    return ids.keyed_hash(secret, said)[:_FINGERPRINT_CHARACTERS]
