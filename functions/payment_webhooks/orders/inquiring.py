"""A wallet's or bank's inquiry: proven by its raw bytes, then answered at once."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from functions.payment_webhooks import receiving
from functions.payment_webhooks.configuration import payments_of
from functions.payment_webhooks.keys import Keys
from functions.payment_webhooks.orders import inquiry
from functions.payment_webhooks.pbb import TaxBill
from functions.payment_webhooks.providers import snap_services
from functions.payment_webhooks.providers.snap_services import VA_INQUIRY
from functions.payment_webhooks.refusal import Reason, Refused
from shared import config
from shared.clock import now
from shared.days import day_of
from shared.errors import BodyTooLarge, described
from shared.http import MAX_BODY_BYTES, Request

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger

Answer = tuple[HTTPStatus, Mapping[str, Any], dict[str, str]]


def answer(
    request: Request, keys: Keys, bills: Callable[[str, int], TaxBill | None], logger: "Logger"
) -> Answer:
    """Return the status, body and headers that answer an inquiry, whatever was sent."""
    try:
        status, body = _answered(request, keys, bills)
    except Refused as refusal:
        logger.warning("refused", provider="va", reason=refusal.reason, field=refusal.field)
        status, body = snap_services.refused(VA_INQUIRY, refusal)
    except Exception as error:  # noqa: BLE001 (logged; who asks asks again)
        logger.error("inquiry not answered", **described(error))
        status, body = snap_services.failed(VA_INQUIRY)
    return status, body, {"X-TIMESTAMP": snap_services.timestamp(now())}


def _answered(
    request: Request, keys: Keys, bills: Callable[[str, int], TaxBill | None]
) -> tuple[HTTPStatus, Mapping[str, Any]]:
    try:
        raw = request.read(MAX_BODY_BYTES)
    except BodyTooLarge:
        raise Refused(Reason.OVERSIZE) from None
    known = [(name, payments_of(name)) for name in config.jurisdiction_ids()]
    paths = {path for _, one in known for path in one.snap.signed_as(VA_INQUIRY.path)}
    proven = receiving.from_snap(VA_INQUIRY, raw, request.headers, keys, sorted(paths))
    found = inquiry.asked(proven.body, proven.sender, known)
    return inquiry.answered(proven.body, found, bills, day_of(now()))
