"""The BI-SNAP services that providers call at us: their codes, their bodies, our exact answers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

from functions.payment_webhooks.notice import UNKNOWN, Notice, RefundNotice
from functions.payment_webhooks.providers import values
from functions.payment_webhooks.refusal import Reason, Refused
from shared.clock import WIB


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One operation of the standard, as the provider calls it."""

    path: str
    code: str  #: the two digits in the middle of a response code
    provider: str  #: as a notice names it
    #: Of each, at least one must be there.
    mandatory: tuple[tuple[str, ...], ...]
    echoes: bool = False  #: the answer repeats the virtual account's data


_ORIGINAL: Final = ("originalReferenceNo", "originalPartnerReferenceNo")
#: By which a virtual account's payment is known again.
_PAYMENT: Final = ("paymentRequestId", "referenceNo", "trxId")
_REVERSED: Final = ("originalPaymentRequestId", *_PAYMENT)

DEBIT: Final = Service(
    path="/v1.0/debit/notify",
    code="56",
    provider="gopay",
    mandatory=(_ORIGINAL, ("latestTransactionStatus",)),
)
QR: Final = Service(
    path="/v1.0/qr/qr-mpm-notify",
    code="52",
    provider="qris",
    mandatory=(_ORIGINAL, ("latestTransactionStatus",)),
)
VA_PAYMENT: Final = Service(
    path="/v1.0/transfer-va/payment",
    code="25",
    provider="va",
    mandatory=(("virtualAccountNo",), _PAYMENT, ("paidAmount.value",)),
    echoes=True,
)
#: The standard has no reversal of its own; this is the payment's body, sent to undo it.
VA_REVERSAL: Final = Service(
    path="/v1.0/transfer-va/payment-reversal",
    code="25",
    provider="va",
    mandatory=(("virtualAccountNo",), _REVERSED),
    echoes=True,
)
#: Asks for a bill, and tells nothing: it is answered at once and is no notification.
VA_INQUIRY: Final = Service(
    path="/v1.0/transfer-va/inquiry",
    code="24",
    provider="va",
    mandatory=(("virtualAccountNo",),),
    echoes=True,
)
NOTIFICATIONS: Final = (DEBIT, QR, VA_PAYMENT, VA_REVERSAL)

#: `latestTransactionStatus` in Midtrans' words.
_STATUSES: Final[Mapping[str, str]] = {
    "00": "settlement",
    "03": "pending",
    "04": "refund",
    "05": "cancel",
    "06": "failure",
    "08": "expire",
    "09": "deny",
}
_SUCCESS: Final = "00"
_REJECTED: Final = "01"
#: Why a bill's payment is not taken.
_REJECTIONS: Final[Mapping[Reason, Mapping[str, str]]] = {
    Reason.AMOUNT: {"english": "Invalid amount", "indonesia": "Nominal tidak sesuai tagihan"},
    Reason.PAID: {"english": "The bill has been paid", "indonesia": "Tagihan sudah lunas"},
}

#: What of a virtual account's request its answer repeats, where it was sent.
_ECHOED: Final = (
    "partnerServiceId",
    "customerNo",
    "virtualAccountNo",
    "virtualAccountName",
    "virtualAccountEmail",
    "virtualAccountPhone",
    "trxId",
    "inquiryRequestId",
    "paymentRequestId",
    "paidAmount",
    "paidBills",
    "totalAmount",
    "trxDateTime",
    "referenceNo",
    "journalNum",
    "paymentType",
    "flagAdvise",
    "billDetails",
    "freeTexts",
)

#: HTTP status, case code and sentence for each way to be refused.
_REFUSALS: Final[Mapping[Reason, tuple[HTTPStatus, str, str]]] = {
    Reason.UNSIGNED: (HTTPStatus.UNAUTHORIZED, "00", "Unauthorized. [Signature]"),
    Reason.SIGNATURE: (HTTPStatus.UNAUTHORIZED, "00", "Unauthorized. [Signature]"),
    Reason.MISSING: (HTTPStatus.BAD_REQUEST, "02", "Invalid Mandatory Field {field}"),
    Reason.FORMAT: (HTTPStatus.BAD_REQUEST, "01", "Invalid Field Format {field}"),
    Reason.BODY: (HTTPStatus.BAD_REQUEST, "00", "Bad Request"),
    Reason.OVERSIZE: (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "00", "Request Entity Too Large"),
    Reason.AMOUNT: (HTTPStatus.NOT_FOUND, "13", "Invalid Amount"),
    Reason.PAID: (HTTPStatus.NOT_FOUND, "14", "Paid Bill"),
}


def check(service: Service, body: Mapping[str, Any]) -> None:
    """Check that what a service cannot do without is there.

    Raises:
        Refused: a mandatory field is missing.
    """
    for names in service.mandatory:
        if values.first_text(body, *names) is None:
            raise Refused(Reason.MISSING, names[0])


def accepted(service: Service, body: Mapping[str, Any]) -> tuple[HTTPStatus, Mapping[str, Any]]:
    """Return the answer that ends a provider's sending, to a first request and to a repeat."""
    answer: dict[str, Any] = {
        "responseCode": f"200{service.code}00",
        "responseMessage": "Successful",
    }
    if service.echoes:
        answer["virtualAccountData"] = echoed(body) | {
            "paymentFlagReason": {"english": "Success", "indonesia": "Sukses"},
            "paymentFlagStatus": _SUCCESS,
        }
    return HTTPStatus.OK, answer


def echoed(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an answer about a virtual account repeats of the request, byte for byte."""
    return {name: body[name] for name in _ECHOED if name in body}


def refused(service: Service, refusal: Refused) -> tuple[HTTPStatus, Mapping[str, Any]]:
    """Return the answer to a request that is not taken."""
    status, case, sentence = _REFUSALS[refusal.reason]
    return status, coded(service, status, case, sentence.format(field=refusal.field))


def not_payable(body: Mapping[str, Any], refusal: Refused) -> tuple[HTTPStatus, Mapping[str, Any]]:
    """Return the answer to a payment that its bill does not ask for: it is not to be made."""
    status, answer = refused(VA_PAYMENT, refusal)
    return status, {
        **answer,
        "virtualAccountData": echoed(body)
        | {
            "paymentFlagReason": _REJECTIONS[refusal.reason],
            "paymentFlagStatus": _REJECTED,
        },
    }


def is_advised(body: Mapping[str, Any]) -> bool:
    """Tell whether a bank says that it took the money already, and only makes sure that we know."""
    return (values.first_text(body, "flagAdvise") or "").upper() == "Y"


def failed(service: Service) -> tuple[HTTPStatus, Mapping[str, Any]]:
    """Return the answer to a request that we could not take just now."""
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    return status, coded(service, status, "00", "General Error")


def coded(service: Service, status: HTTPStatus, case: str, message: str) -> Mapping[str, Any]:
    """Return an answer with the code that the standard makes of status, service and case."""
    return {"responseCode": f"{int(status)}{service.code}{case}", "responseMessage": message}


def timestamp(now: datetime) -> str:
    """Return an instant as the header of an answer has it: in WIB, to the second."""
    return now.astimezone(WIB).isoformat(timespec="seconds")


def notice(service: Service, body: Mapping[str, Any]) -> Notice:
    """Return what a notification of a service says."""
    if service in (VA_PAYMENT, VA_REVERSAL):
        return _of_virtual_account(service, body)
    raw = values.first_text(body, "latestTransactionStatus") or ""
    known = _STATUSES.get(_two_digits(raw))
    refunds = tuple(_refunds(body))
    amount = values.rupiah(values.first(body, "amount.value", "additionalInfo.amount.value"))
    if known == "refund" and amount and 0 < sum(one.amount for one in refunds) < amount:
        known = "partial_refund"
    order_ref = values.first_text(body, "originalPartnerReferenceNo")
    currency = values.first_text(body, "amount.currency", "additionalInfo.amount.currency")
    return Notice(
        provider=service.provider,
        order_ref=order_ref,
        transaction_id=values.first_text(body, *_ORIGINAL) or "",
        status=known or UNKNOWN + raw,
        raw_status=raw,
        proven=True,
        amount=amount,
        currency=(currency or "IDR").upper(),
        paid_at=values.first_instant(
            body, "finishedTime", "additionalInfo.paidTime", "transactionDate", "createdTime"
        ),
        refunds=refunds,
        payment_type=values.first_text(
            body,
            "additionalInfo.userPaymentDetails.payMethod",
            "additionalInfo.qris.transactionType",
        ),
        channel=service.provider,
        nmid=values.first_text(
            body,
            "additionalInfo.nmid",
            "additionalInfo.qris.nmid",
            "additionalInfo.merchantInfo.nmid",
        ),
        outlet_id=values.first_text(body, "additionalInfo.outletId", "additionalInfo.outlet.id"),
        terminal=values.first_text(
            body, "terminalId", "additionalInfo.terminalId", "additionalInfo.qris.terminalId"
        ),
        store_id=values.first_text(body, "externalStoreID", "externalStoreId"),
    )


def _of_virtual_account(service: Service, body: Mapping[str, Any]) -> Notice:
    is_reversal = service == VA_REVERSAL
    number = _closed_up(body, "virtualAccountNo")
    amount = values.first(body, "paidAmount.value", "totalAmount.value")
    currency = values.first_text(body, "paidAmount.currency", "totalAmount.currency")
    return Notice(
        provider=service.provider,
        order_ref=values.first_text(body, "trxId") or number,
        transaction_id=values.first_text(body, *(_REVERSED if is_reversal else _PAYMENT)) or "",
        # Midtrans' word for a payment that is taken back within minutes.
        status="deny" if is_reversal else "settlement",
        raw_status="payment-reversal" if is_reversal else "payment",
        proven=True,
        amount=values.rupiah(amount),
        currency=(currency or "IDR").upper(),
        paid_at=values.first_instant(body, "trxDateTime", "transactionDate"),
        payment_type="virtual_account",
        channel="va",
        va_number=number,
        customer_no=_customer(body, number),
    )


def _customer(body: Mapping[str, Any], number: str | None) -> str | None:
    """Return the part of a virtual account's number that is ours: sent apart, or what remains."""
    if told := _closed_up(body, "customerNo"):
        return told
    prefix = _closed_up(body, "partnerServiceId")
    return number.removeprefix(prefix) if number and prefix else None


def _two_digits(status: str) -> str:
    """Return a status whose zero was lost on the way, as a number loses it."""
    return status.zfill(2) if status else status


def _closed_up(body: Mapping[str, Any], name: str) -> str | None:
    """Return a number without the spaces that fill it up to a fixed length."""
    return (values.first_text(body, name) or "").replace(" ", "") or None


def _refunds(body: Mapping[str, Any]) -> Iterator[RefundNotice]:
    for one in values.objects(values.first(body, "additionalInfo.refundHistory", "refundHistory")):
        key = values.first_text(one, "refundNo", "partnerRefundNo", "partnerReferenceNo")
        amount = values.rupiah(values.first(one, "refundAmount.value", "refundAmount"))
        if key and amount:
            status = values.first_text(one, "refundStatus") or ""
            yield RefundNotice(
                key=key,
                amount=amount,
                confirmed=_two_digits(status) == _SUCCESS,
                at=values.first_instant(one, "refundDate", "refundTime"),
            )
