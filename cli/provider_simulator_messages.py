"""What payment providers write: notifications of Midtrans, BI-SNAP and GoBiz, after their documents.

Each function returns the body as the provider would send it and, beside it, the headers.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from cli import provider_simulator_signing as signing
from cli.provider_simulator_bank import Refund, Transaction

_JSON: Final = "application/json"
_STATUS_CODES: Final[Mapping[str, str]] = {
    "pending": "201",
    "authorize": "201",
    "deny": "202",
    "cancel": "202",
    "expire": "407",
    "failure": "202",
}
#: SNAP's `latestTransactionStatus` for Midtrans' words.
_SNAP_STATUSES: Final[Mapping[str, tuple[str, str]]] = {
    "settlement": ("00", "SUCCESS"),
    "capture": ("00", "SUCCESS"),
    "pending": ("03", "PENDING"),
    "refund": ("04", "REFUNDED"),
    "partial_refund": ("04", "REFUNDED"),
    "cancel": ("05", "CANCELLED"),
    "failure": ("06", "FAILED"),
    "expire": ("08", "EXPIRED"),
    "deny": ("09", "REJECTED"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A notification ready to be sent to a path below the API's address.

    `answered` is told what it was answered, each time it is taken.
    """

    path: str
    body: bytes
    headers: Mapping[str, str]
    order_id: str
    about: str  #: the status it tells, for a person
    answered: Callable[[Mapping[str, Any]], None] | None = None


def gross(amount: int) -> str:
    """Return rupiah as Midtrans writes them."""
    return f"{amount}.00"


def midtrans_body(
    transaction: Transaction, server_key: str, *, status: str | None = None, refunds: bool = True
) -> dict[str, Any]:
    """Return what Midtrans says of a transaction, when asked and in notifications.

    `status` is what a notification is about, when that is not the last there is; refunds that came
    later are then not in it.
    """
    status = status or transaction.status
    code = _STATUS_CODES.get(status, "200")
    if status == "capture" and transaction.fraud_status == "challenge":
        code = "201"
    body: dict[str, Any] = {
        "transaction_time": signing.midtrans_time(transaction.created_at),
        "transaction_status": status,
        "transaction_id": transaction.transaction_id,
        "status_message": "midtrans payment notification",
        "status_code": code,
        "signature_key": signing.midtrans(
            transaction.order_id, code, gross(transaction.gross), server_key
        ),
        "payment_type": _PAYMENT_TYPES.get(transaction.channel, transaction.channel),
        "order_id": transaction.order_id,
        "merchant_id": "G000000001",
        "gross_amount": gross(transaction.gross),
        "currency": "IDR",
    }
    if transaction.fraud_status is not None:
        body["fraud_status"] = transaction.fraud_status
    if transaction.paid_at and status in _PAID:
        body["settlement_time"] = signing.midtrans_time(transaction.paid_at)
    if transaction.gross != transaction.amount:
        original = {"original_amount": gross(transaction.amount)}
        body["metadata"] = {"extra_info": {"gross_amount_info": original}}
    if status in ("refund", "partial_refund") and refunds:
        body["refunds"] = [_midtrans_refund(one) for one in transaction.refunds]
        body["refund_amount"] = gross(sum(one.amount for one in transaction.refunds))
    if status in ("chargeback", "partial_chargeback"):
        body["refund_amount"] = gross(transaction.charged_back)
    return body | _of_channel(transaction)


_PAYMENT_TYPES: Final = {"va": "bank_transfer", "card": "credit_card"}
_PAID: Final = frozenset(
    {"settlement", "refund", "partial_refund", "chargeback", "partial_chargeback"}
)


def _of_channel(transaction: Transaction) -> dict[str, Any]:
    match transaction.channel:
        case "qris":
            return {"transaction_type": "on-us", "issuer": "gopay", "acquirer": "gopay"}
        case "va":
            paid = transaction.paid_at or transaction.created_at
            return {  # numbers of accounts may begin with spaces
                "va_numbers": [
                    {"va_number": f"   33740{transaction.order_id[-6:]}", "bank": "bni"}
                ],
                "payment_amounts": [
                    {"paid_at": signing.midtrans_time(paid), "amount": gross(transaction.gross)}
                ],
            }
        case "card":
            return {
                "masked_card": "481111-1114",
                "bank": "bni",
                "eci": "05",
                "approval_code": "1578569243927",
                "channel_response_code": "00",
                "channel_response_message": "Approved",
                "card_type": "credit",
            }
        case _:
            return {}


def _midtrans_refund(refund: Refund) -> dict[str, Any]:
    told: dict[str, Any] = {
        "refund_chargeback_id": refund.number,
        "refund_amount": gross(refund.amount),
        "created_at": signing.midtrans_time(refund.created_at),
        "reason": "Dikembalikan",
        "refund_key": refund.key,
        "refund_method": "offline",
    }
    if refund.confirmed_at:
        told["bank_confirmed_at"] = signing.midtrans_time(refund.confirmed_at)
    return told


def midtrans(transaction: Transaction, server_key: str, **how: Any) -> Message:
    """Return Midtrans' notification about a transaction."""
    told = midtrans_body(transaction, server_key, **how)
    return Message(
        path="/payments/notifications/midtrans",
        body=signing.compact(told),
        headers={"Content-Type": _JSON, "Accept": _JSON},
        order_id=transaction.order_id,
        about=told["transaction_status"],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapSender:
    """A provider that speaks SNAP: what it signs with, and where its services hang with us."""

    private_key: str
    partner_id: str
    prefix: str  #: before the services' paths, with us
    signed_prefix: str  #: … and in what it signs, which it registered

    def message(
        self,
        service: str,
        body: Mapping[str, Any],
        *,
        at: datetime,
        external_id: str,
        order_id: str,
        about: str,
    ) -> Message:
        """Return a signed message to one of SNAP's services ("/v1.0/debit/notify")."""
        raw, timestamp = signing.compact(body), signing.snap_time(at)
        return Message(
            path=self.prefix + service,
            body=raw,
            headers={
                "Content-Type": _JSON,
                "X-TIMESTAMP": timestamp,
                "X-SIGNATURE": signing.snap(
                    self.signed_prefix + service, raw, timestamp, self.private_key
                ),
                "X-PARTNER-ID": self.partner_id,
                "X-EXTERNAL-ID": external_id,
                "CHANNEL-ID": "12345",
            },
            order_id=order_id,
            about=about,
        )


def snap_amount(amount: int) -> dict[str, str]:
    """Return rupiah as SNAP writes them."""
    return {"value": gross(amount), "currency": "IDR"}


def snap_debit(transaction: Transaction, status: str | None = None) -> dict[str, Any]:
    """Return the body of GoPay's `/v1.0/debit/notify`."""
    status = status or transaction.status
    code, words = _SNAP_STATUSES[status]
    paid = transaction.paid_at or transaction.created_at
    history = [
        {
            "refundNo": str(one.number),
            "refundStatus": "00" if one.confirmed_at else "03",
            "partnerReferenceNo": one.key,
            "refundAmount": snap_amount(one.amount),
            "refundDate": signing.snap_time(one.created_at),
            "reason": "Dikembalikan",
        }
        for one in transaction.refunds
    ]
    return {
        "createdTime": signing.snap_time(transaction.created_at),
        "finishedTime": signing.snap_time(paid),
        "latestTransactionStatus": code,
        "transactionStatusDesc": words,
        "originalReferenceNo": transaction.transaction_id,
        "originalPartnerReferenceNo": transaction.order_id,
        "originalExternalId": str(int(transaction.transaction_id[:8], 16)),
        "amount": snap_amount(transaction.gross),
        "additionalInfo": {
            "userPaymentDetails": [{"payMethod": "GOPAY", "payOption": "GOPAY_WALLET"}],
            **({"refundHistory": history} if history and "refund" in status else {}),
        },
    }


def snap_qr(transaction: Transaction, status: str | None = None) -> dict[str, Any]:
    """Return the body of an acquirer's `/v1.0/qr/qr-mpm-notify`."""
    code, words = _SNAP_STATUSES[status or transaction.status]
    paid = transaction.paid_at or transaction.created_at
    qris = {"issuerName": "GOPAY", "acquirerName": "GOPAY", "transactionType": "ON-US"}
    place = transaction.place
    return {
        "originalReferenceNo": transaction.transaction_id,
        "originalPartnerReferenceNo": transaction.order_id,
        "latestTransactionStatus": code,
        "transactionStatusDesc": words,
        "transactionDate": signing.snap_time(paid),
        "amount": snap_amount(transaction.gross),
        **({"externalStoreID": place["outlet"]} if "outlet" in place else {}),
        **({"terminalId": place["terminal"]} if "terminal" in place else {}),
        "additionalInfo": {
            "qris": qris,
            **({"nmid": place["nmid"]} if "nmid" in place else {}),
        },
    }


def gobiz(transaction: Transaction, secret: str) -> Message:
    """Return GoBiz' event of a payment that an outlet took."""
    event_id = transaction.transaction_id
    paid = transaction.paid_at or transaction.created_at
    place = transaction.place
    body = signing.compact(
        {
            "header": {
                "event_name": "payment.transaction.settlement",
                "event_id": event_id,
                "version": 1,
                "timestamp": signing.snap_time(paid + timedelta(seconds=1)),
            },
            "body": {
                "outlet": {"id": place.get("outlet", "")},
                "transaction": {
                    "id": transaction.transaction_id,
                    "order_id": transaction.order_id,
                    "gross_amount": transaction.gross,
                    "currency": "IDR",
                    "payment_type": "qris",
                    "status": "settlement",
                    "created_at": signing.snap_time(transaction.created_at),
                    "settlement_at": signing.snap_time(paid),
                    "terminal_label": place.get("terminal", ""),
                },
            },
        }
    )
    return Message(
        path="/payments/notifications/gobiz",
        body=body,
        headers={
            "Content-Type": _JSON,
            "X-Go-Signature": signing.gobiz(body, secret),
            "X-Go-Idempotency-Key": event_id,
        },
        order_id=transaction.order_id,
        about="settlement",
    )
