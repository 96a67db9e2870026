"""Midtrans' notifications: their signature, and what they say.

https://docs.midtrans.com/docs/https-notification-webhooks. The signature covers neither the status
nor the transaction, so what moves money is asked for at the provider before it is believed.
"""

import hashlib
import hmac
import re
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any, Final

from functions.payment_webhooks.notice import STATUSES, UNKNOWN, Notice, RefundNotice
from functions.payment_webhooks.providers import values
from functions.payment_webhooks.refusal import Reason, Refused

PROVIDER: Final = "midtrans"
#: How the order of a notification begins that somebody sends from the dashboard to try us.
TEST_ORDER: Final = "payment_notif_test_"

_OUR_ORDER: Final = re.compile(r"[A-Z]{3}-[A-Z]{3}-[0-9A-HJKMNP-TV-Z]{13}")
#: One of ours to which characters were added, or of which some are missing.
_LIKE_OURS: Final = re.compile(r"[A-Z]{3}-[A-Z]{3}-[0-9A-Z]{8,18}")
_OUR_LENGTH: Final = 21
_PARTIAL_CHARGEBACK: Final = "partial_chargeback"
#: What Midtrans takes as an order's id.
_ANY_ORDER: Final = re.compile(r"[A-Za-z0-9_~.-]{1,64}")
_STATUS_CODE: Final = re.compile(r"[0-9]{3}")
#: No payment has more digits, and the ways to take a join apart cost the square of its length.
_AMOUNT: Final = re.compile(r"[1-9][0-9]{0,15}\.[0-9]{2}")
#: The status codes that notifications of payments carry: paid, pending, denied, expired.
_USUAL_CODES: Final = frozenset({"200", "201", "202", "407"})
_SIGNATURE: Final = re.compile(r"[0-9a-f]{128}")

#: What Midtrans is answered, and so how often it sends again: twice after 400, four times after
#: 503, five times after a status that it does not know, such as 401.
_REFUSALS: Final[Mapping[Reason, HTTPStatus]] = {
    Reason.OVERSIZE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
}

_CHANNELS: Final[Mapping[str, str]] = {
    "credit_card": "card",
    "bank_transfer": "va",
    "echannel": "va",
    "permata": "va",
}


def signature_key(order_id: str, status_code: str, gross_amount: str, server_key: str) -> str:
    """Return what Midtrans signs a notification with: SHA-512 in lower-case hexadecimal.

    The strings are those of the body, never numbers made of them: 154600 is not 154600.00.
    """
    joined = f"{order_id}{status_code}{gross_amount}{server_key}"
    return hashlib.sha512(joined.encode("utf-8", "replace")).hexdigest()


def checked(body: Mapping[str, Any]) -> tuple[str, str, str, str]:
    """Return order id, status code, gross amount and signature, each in its only form.

    The signature joins the first three without anything between them. Their forms keep a genuine
    signature from being read as one of another order: an order of ours has a fixed length, and one
    that is not ours is taken only if the join can be read in a single way.

    Raises:
        Refused: a field is missing or has not the form, or there is no signature.
    """
    signature = _text(body, "signature_key", Reason.UNSIGNED)
    order_id, status_code, gross_amount = (
        _text(body, name, Reason.MISSING) for name in ("order_id", "status_code", "gross_amount")
    )
    if not _STATUS_CODE.fullmatch(status_code):
        raise Refused(Reason.FORMAT, "status_code")
    if not _AMOUNT.fullmatch(gross_amount):
        raise Refused(Reason.FORMAT, "gross_amount")
    if not _is_unmistakable(order_id, status_code, gross_amount):
        raise Refused(Reason.FORMAT, "order_id")
    if not _SIGNATURE.fullmatch(signature):
        raise Refused(Reason.SIGNATURE, "signature_key")
    return order_id, status_code, gross_amount, signature


def fits(fields: tuple[str, str, str, str], server_key: str) -> bool:
    """Tell in constant time whether a server key made the signature of `checked` fields."""
    order_id, status_code, gross_amount, signature = fields
    expected = signature_key(order_id, status_code, gross_amount, server_key)
    return hmac.compare_digest(expected.encode(), signature.encode())


def accepted() -> tuple[HTTPStatus, Mapping[str, Any]]:
    """Return the answer that ends the sending."""
    return _answer(HTTPStatus.OK, "OK")


def refused(refusal: Refused) -> tuple[HTTPStatus, Mapping[str, Any]]:
    """Return the answer to a notification that is not taken."""
    return _answer(_REFUSALS.get(refusal.reason, HTTPStatus.BAD_REQUEST), f"Refused: {refusal}")


def failed() -> tuple[HTTPStatus, Mapping[str, Any]]:
    """Return the answer to a notification that we could not take just now."""
    return _answer(HTTPStatus.SERVICE_UNAVAILABLE, "Temporarily unavailable, please send again")


def notice(body: Mapping[str, Any]) -> Notice:
    """Return what a notification, or an answer of GET status, says."""
    raw = values.first_text(body, "transaction_status") or ""
    order_ref = values.first_text(body, "order_id")
    payment_type = values.first_text(body, "payment_type")
    kind = (payment_type or "").lower()
    fraud = values.first_text(body, "fraud_status")
    return Notice(
        provider=PROVIDER,
        order_ref=order_ref,
        transaction_id=values.first_text(body, "transaction_id") or order_ref or "",
        status=raw.lower() if raw.lower() in STATUSES else UNKNOWN + raw,
        raw_status=raw,
        proven=False,
        amount=values.rupiah(body.get("gross_amount")),
        original_amount=values.rupiah(
            values.first(body, "metadata.extra_info.gross_amount_info.original_amount")
        ),
        currency=(values.first_text(body, "currency") or "IDR").upper(),
        fraud_status=fraud.lower() if fraud else None,
        status_code=values.first_text(body, "status_code"),
        paid_at=values.first_instant(body, "settlement_time", "transaction_time"),
        refunds=tuple(_refunds(body)),
        payment_type=payment_type,
        channel=_CHANNELS.get(kind, kind) or None,
        nmid=values.first_text(body, "nmid", "qris.nmid", "metadata.nmid"),
        outlet_id=values.first_text(body, "outlet_id", "metadata.outlet_id"),
        terminal=values.first_text(body, "terminal_id", "metadata.terminal_id"),
        store_id=values.first_text(body, "store_id", "metadata.store_id"),
        va_number=values.first_text(body, "va_numbers.va_number", "permata_va_number"),
        is_test=(order_ref or "").startswith(TEST_ORDER),
    )


def _answer(status: HTTPStatus, message: str) -> tuple[HTTPStatus, Mapping[str, Any]]:
    return status, {"status_code": str(int(status)), "status_message": message}


def _text(body: Mapping[str, Any], name: str, missing: Reason) -> str:
    value = body.get(name)
    if value is None or value == "":
        raise Refused(missing, name)
    if not isinstance(value, str):
        raise Refused(Reason.FORMAT, name)
    return value


def _is_unmistakable(order_id: str, status_code: str, gross_amount: str) -> bool:
    if _OUR_ORDER.fullmatch(order_id):
        return True
    if _LIKE_OURS.fullmatch(order_id) or not _ANY_ORDER.fullmatch(order_id):
        return False
    if order_id.startswith(TEST_ORDER):
        return True
    joined = order_id + status_code + gross_amount
    if _reads_as_ours(joined):
        return False
    return list(_readings(joined)) == [(order_id, status_code, gross_amount)]


def _reads_as_ours(joined: str) -> bool:
    """Tell whether a join can be taken apart as one of ours, whatever its status code."""
    code = joined[_OUR_LENGTH : _OUR_LENGTH + 3]
    if not (_OUR_ORDER.fullmatch(joined[:_OUR_LENGTH]) and _STATUS_CODE.fullmatch(code)):
        return False
    return _AMOUNT.fullmatch(joined[_OUR_LENGTH + 3 :]) is not None


def _readings(joined: str) -> Iterator[tuple[str, str, str]]:
    """Yield each way to take a join apart that Midtrans could have meant."""
    for end in range(4, len(joined)):
        code, amount = joined[end - 3 : end], joined[end:]
        if code in _USUAL_CODES and _AMOUNT.fullmatch(amount):
            yield joined[: end - 3], code, amount


def _refunds(body: Mapping[str, Any]) -> Iterator[RefundNotice]:
    status = (values.first_text(body, "transaction_status") or "").lower()
    part = values.rupiah(body.get("refund_amount"))
    if status == _PARTIAL_CHARGEBACK and part and not any(values.objects(body.get("refunds"))):
        # There is one at most, and then all is charged back: it needs no key to be told apart.
        yield RefundNotice(key=status, amount=part, confirmed=True)
    for one in values.objects(body.get("refunds")):
        key = values.first_text(one, "refund_key", "refund_chargeback_id")
        amount = values.rupiah(one.get("refund_amount"))
        if key and amount:
            yield RefundNotice(
                key=key,
                amount=amount,
                confirmed=values.text(one.get("bank_confirmed_at")) is not None,
                at=values.first_instant(one, "bank_confirmed_at", "created_at"),
            )
