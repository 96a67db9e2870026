"""GoBiz' notifications to a direct partner: their signature, and what they say.

The signature is over the whole body. The envelope was put together from what is public, so it is
read leniently: what is not where it should be is taken as not said.
"""

import hashlib
import hmac
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from functions.payment_webhooks.notice import STATUSES, UNKNOWN, Notice
from functions.payment_webhooks.providers import values
from functions.payment_webhooks.refusal import Reason, Refused

PROVIDER: Final = "gobiz"
SIGNATURE_HEADER: Final = "X-Go-Signature"

_REFUSALS: Final[Mapping[Reason, HTTPStatus]] = {
    Reason.UNSIGNED: HTTPStatus.UNAUTHORIZED,
    Reason.SIGNATURE: HTTPStatus.UNAUTHORIZED,
    Reason.OVERSIZE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
}


def verify(*, body: bytes, signature: str, secret: str | bytes) -> bool:
    """Tell in constant time whether `signature` is the HMAC-SHA256 of the raw body.

    It is lower-case hexadecimal; anything else is no signature, and nothing raises. A secret that
    is empty, which everybody knows, proves nothing.
    """
    if not secret:
        return False
    key = secret.encode("utf-8", "replace") if isinstance(secret, str) else secret
    expected = hmac.new(key, body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), (signature or "").encode("utf-8", "replace"))


def checked(body: Mapping[str, Any]) -> Notice:
    """Return what a notification says, if it names its transaction.

    Raises:
        Refused: it does not.
    """
    found = notice(body)
    if not found.transaction_id:
        raise Refused(Reason.MISSING, "body.transaction.id")
    return found


def accepted() -> tuple[HTTPStatus, Mapping[str, Any]]:
    """Return the answer that ends the sending."""
    return HTTPStatus.OK, {"success": True}


def refused(refusal: Refused) -> tuple[HTTPStatus, Mapping[str, Any]]:
    """Return the answer to a notification that is not taken."""
    status = _REFUSALS.get(refusal.reason, HTTPStatus.BAD_REQUEST)
    error = {"code": refusal.reason.lower(), "message": f"Refused: {refusal}"}
    return status, {"success": False, "errors": [error]}


def failed() -> tuple[HTTPStatus, Mapping[str, Any]]:
    """Return the answer to a notification that we could not take just now."""
    error = {"code": "unavailable", "message": "Temporarily unavailable, please send again"}
    return HTTPStatus.SERVICE_UNAVAILABLE, {"success": False, "errors": [error]}


def notice(body: Mapping[str, Any]) -> Notice:
    """Return what a notification says."""
    inner = values.mapping(body.get("body")) or body
    transaction = values.mapping(inner.get("transaction"))
    event = values.first_text(body, "header.event_name") or ""
    raw = values.first_text(transaction, "status") or event.rpartition(".")[2]
    order_ref = values.first_text(transaction, "order_id")
    payment_type = values.first_text(transaction, "payment_type")
    return Notice(
        provider=PROVIDER,
        order_ref=order_ref,
        transaction_id=values.first_text(transaction, "id") or order_ref or "",
        status=raw.lower() if raw.lower() in STATUSES else UNKNOWN + raw,
        raw_status=raw,
        proven=True,
        amount=values.rupiah(transaction.get("gross_amount")),
        currency=(values.first_text(transaction, "currency") or "IDR").upper(),
        paid_at=values.first_instant(transaction, "settlement_at", "created_at"),
        payment_type=payment_type,
        channel=payment_type.lower() if payment_type else None,
        nmid=values.first_text(inner, "transaction.nmid", "outlet.nmid"),
        outlet_id=values.first_text(inner, "outlet.id", "transaction.outlet_id"),
        terminal=values.first_text(transaction, "terminal_label", "terminal_id"),
    )
