"""A virtual account's payment: queued like any notification, unless its bill asks for another.

A bank or wallet that pays a bill asks us before it takes the money, so what the bill does not ask
for is refused and nobody's money is held. What was taken already, or is no bill's, is a
notification: it is queued whatever it says.
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Protocol

from functions.payment_webhooks import receiving, settings
from functions.payment_webhooks.configuration import Payments, payments_of
from functions.payment_webhooks.counting import count_refusal
from functions.payment_webhooks.keys import Keys
from functions.payment_webhooks.messages import payment_notification
from functions.payment_webhooks.order_ids import number_unordered
from functions.payment_webhooks.orders import inquiry
from functions.payment_webhooks.pbb import TaxBill
from functions.payment_webhooks.providers import snap_services
from functions.payment_webhooks.providers.snap_services import VA_PAYMENT
from functions.payment_webhooks.receiving import Proven
from functions.payment_webhooks.record import Order
from functions.payment_webhooks.refusal import Reason, Refused
from shared import config, queues
from shared.clock import now
from shared.errors import BodyTooLarge, described
from shared.http import MAX_BODY_BYTES, Request

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger

Answer = tuple[HTTPStatus, Mapping[str, Any], dict[str, str]]


class Store(Protocol):
    """Where bills and orders are kept."""

    def bill(self, nop: str, year: int) -> TaxBill | None:
        """Return a tax bill."""

    def order(self, order_id: str) -> Order | None:
        """Return an order."""


def answer(
    request: Request, keys: Keys, *, store: Store, queue_url: str, logger: "Logger"
) -> Answer:
    """Return the status, body and headers that answer a payment (at most 3 AWS calls)."""
    try:
        status, body = _answered(request, keys, store, queue_url, logger)
    except Refused as refusal:
        count_refusal(logger, VA_PAYMENT.provider, refusal)
        status, body = snap_services.refused(VA_PAYMENT, refusal)
    except Exception as error:  # noqa: BLE001 (logged; the provider sends again)
        cause = error.__cause__ or error  # what kept the keys away, where they are
        logger.error("notification not taken", provider=VA_PAYMENT.provider, **described(cause))
        status, body = snap_services.failed(VA_PAYMENT)
    return status, body, {"X-TIMESTAMP": snap_services.timestamp(now())}


def _answered(
    request: Request, keys: Keys, store: Store, queue_url: str, logger: "Logger"
) -> tuple[HTTPStatus, Mapping[str, Any]]:
    try:
        raw = request.read(MAX_BODY_BYTES)
    except BodyTooLarge:
        raise Refused(Reason.OVERSIZE) from None
    known = [(name, payments_of(name)) for name in config.jurisdiction_ids()]
    paths = {path for _, one in known for path in one.snap.signed_as(VA_PAYMENT.path)}
    proven = receiving.from_snap(VA_PAYMENT, raw, request.headers, keys, sorted(paths))
    if refusal := _why_not(proven, known, store):
        count_refusal(logger, VA_PAYMENT.provider, refusal)
        return snap_services.not_payable(proven.body, refusal)
    message = payment_notification(
        provider=VA_PAYMENT.provider,
        path=settings.SNAP_PREFIX + VA_PAYMENT.path,
        body=raw,
        content_type=request.headers.get("content-type", "")[:100],
        received_at=now(),
        jurisdiction_id=None,
    )
    queues.send(queue_url, message)
    return snap_services.accepted(VA_PAYMENT, proven.body)


def _why_not(proven: Proven, known: Sequence[tuple[str, Payments]], store: Store) -> Refused | None:
    """Return why a bill is not to be paid so; None of what we know, or know nothing of."""
    if snap_services.is_advised(proven.body):
        return None
    found = inquiry.asked(proven.body, proven.sender, known)
    bill = store.bill(found.nop, found.year) if found else None
    if found is None or bill is None:
        return None
    paid = snap_services.notice(VA_PAYMENT, proven.body)
    refusal = inquiry.why_not(found, bill, paid, now())
    if refusal and store.order(number_unordered(paid.provider, paid.transaction_id)):
        return None  # sent again: it was taken when it was asked for
    return refusal
