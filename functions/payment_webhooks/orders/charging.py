"""Asks the provider: for a QRIS that pays an order, and to give money back."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from http import HTTPStatus
from math import ceil
from typing import Any, Final

from functions.payment_webhooks.facts import NotConfirmed
from functions.payment_webhooks.orders.refunding import Declined
from functions.payment_webhooks.provider_client import (
    NotAccepted,
    ProviderClient,
    ProviderUnavailable,
)
from functions.payment_webhooks.record import ORDER, Order
from shared.errors import Busy, Conflict, Problem
from shared.text import Text

#: Midtrans': the order has been charged already.
_DUPLICATE: Final = "406"
#: So long an order's first charge may still be on its way.
_UNDER_WAY: Final = timedelta(seconds=30)
_MINUTE_S: Final = 60


class ProviderSilent(Problem):
    """The payment's provider gives no answer; the same request may be sent again."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "provider_unavailable"
    title = Text(
        "Penyedia pembayaran tidak menjawab, silakan kirim ulang",
        "The payment provider does not answer; please send again",
    )


class ProviderRefused(Problem):
    """The payment's provider will not charge the order."""

    status = HTTPStatus.BAD_GATEWAY
    code = "provider_refused"
    title = Text("Penyedia pembayaran menolak", "The payment provider refuses")


class ChargeLost(Conflict):
    """The order was charged, but what pays it is not known any more."""

    code = "charge_lost"
    title = Text(
        "QR pesanan ini hilang; pesan lagi dengan kunci baru",
        "The QR of this order was lost; order again with a new key",
    )


def charge(
    order: Order,
    *,
    client: ProviderClient,
    again: Callable[[str], Order | None],
    now: datetime,
) -> Mapping[str, Any]:
    """Return by what an order is paid: `qr_string`, `transaction_id` and more.

    `again` reads the order once more, should another request have charged it meanwhile.

    Raises:
        ProviderSilent, ProviderRefused, Busy, ChargeLost: it is not known.
    """
    left = (order.expires_at or now) - now
    minutes = max(1, ceil(left.total_seconds() / _MINUTE_S))
    try:
        return client.midtrans(order.jurisdiction_id).charge_qris(order, minutes=minutes, at=now)
    except (ProviderUnavailable, NotConfirmed) as error:
        raise ProviderSilent(headers={"Retry-After": "5"}) from error
    except NotAccepted as error:
        if error.status_code != _DUPLICATE:
            raise ProviderRefused from error
        found = again(order.order_id)
        if found and found.charge:
            return found.charge
        if now - order.created_at < _UNDER_WAY:
            raise Busy(headers={"Retry-After": "5"}) from error
        raise ChargeLost from error


def give_back(order: Order, key: str, amount: int, reason: str, *, client: ProviderClient) -> None:
    """Ask the provider for a refund; the same key again is the same refund.

    Raises:
        Declined: the provider will not.
        ProviderSilent: it does not answer; ask again.
    """
    reference = order.order_id if order.origin == ORDER else next(iter(order.transactions))
    try:
        client.midtrans(order.jurisdiction_id).refund(
            reference, key=key, amount=amount, reason=reason
        )
    except NotAccepted as error:
        raise Declined from error
    except (ProviderUnavailable, NotConfirmed) as error:
        raise ProviderSilent(headers={"Retry-After": "5"}) from error
