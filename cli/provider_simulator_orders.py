"""What the simulation sells: orders of every configured product, as sellers' systems make them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Final
from uuid import UUID

import httpx

from cli.provider_simulator_fates import Place
from cli.screen import CannotContinue
from functions.payment_webhooks.configuration import Client, Payments, Product

#: Of orders whose amount their product does not set.
_ROUND: Final = 500
_MOST: Final = 40_000
_MOST_PIECES: Final = 4
_ATTEMPTS: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """An order to be made: by whom, and what is sent."""

    jurisdiction_id: str
    client_id: str
    key: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Bill:
    """A tax bill that may be ordered: its object's number and year."""

    nop: str
    year: int


def wanted(
    known: Mapping[str, Payments], random: Random, number: int, bills: Sequence[Bill] = ()
) -> Iterator[Wanted]:
    """Yield so many orders, of all products in turn; taxes as long as there are bills."""
    choices = [
        (jurisdiction_id, seller, product)
        for jurisdiction_id, payments in sorted(known.items())
        for product in payments.products
        for seller in [_seller(payments, product)]
        if seller and (product.kind != "tax" or bills)
    ]
    unpaid = list(bills)
    made = 0
    while made < number and choices:
        for jurisdiction_id, seller, product in choices:
            if made == number or (product.kind == "tax" and not unpaid):
                continue
            body = _body(product, random, unpaid)
            key = str(UUID(int=random.getrandbits(128), version=4))
            made += 1
            yield Wanted(jurisdiction_id=jurisdiction_id, client_id=seller.id, key=key, body=body)


def places(known: Mapping[str, Payments]) -> list[Place]:
    """Return the QRs that stand still, with the amounts that are paid at them."""
    return [
        Place(
            jurisdiction_id=jurisdiction_id,
            product=static.product,
            amounts=_amounts(payments.product_by_code[static.product]),
            outlet=static.outlet,
            terminal=static.terminal,
            nmid=static.nmid,
        )
        for jurisdiction_id, payments in sorted(known.items())
        for static in payments.static
    ]


def ordered(api_url: str, token: str, order: Wanted, http: httpx.Client) -> dict[str, Any]:
    """Make an order, again with the same key if the API is busy, and return what it answers.

    Raises:
        CannotContinue: it was refused.
    """
    for _ in range(_ATTEMPTS):
        answer = http.post(
            f"{api_url}/orders",
            json=order.body,
            headers={"Authorization": f"Bearer {token}", "Idempotency-Key": order.key},
        )
        if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
            break
    if answer.is_error:
        raise CannotContinue(
            f"Pesanan ditolak / the order was refused ({answer.status_code}): {answer.text[:300]}"
        )
    found: dict[str, Any] = answer.json()
    return found


def _seller(payments: Payments, product: Product) -> Client | None:
    return next(
        (
            client
            for client in sorted(payments.clients, key=lambda one: -len(one.products))
            if "orders/write" in client.scopes and product.code in client.products
        ),
        None,
    )


def _body(product: Product, random: Random, bills: list[Bill]) -> dict[str, Any]:
    body: dict[str, Any] = {"product": product.code}
    if product.kind == "tax":
        bill = bills.pop()
        return body | {"nop": bill.nop, "year": bill.year}
    if product.sites:
        body["site"] = random.choice(product.sites)
    if product.tariffs:
        classes = sorted({tariff.fare_class for tariff in product.tariffs})
        body["fare_class"] = random.choice(classes)
        body["quantity"] = random.randint(1, min(_MOST_PIECES, product.most))
    else:
        body["amount"] = random.choice(_amounts(product))
    return body


def _amounts(product: Product) -> tuple[int, ...]:
    """Return amounts that a payment of a product may be over."""
    if product.tariffs:
        always = {
            tariff.amount
            for tariff in product.tariffs
            if not (tariff.valid_until or tariff.only_on or tariff.not_on)
        }
        return tuple(sorted(always))
    lowest = max(product.lowest, _ROUND)
    return tuple(range(lowest, min(product.highest, _MOST) + 1, _ROUND))
