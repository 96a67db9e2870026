"""Answers a wallet's or bank's question about a tax bill, exactly as BI-SNAP has it (service 24).

And whether a bill may be paid as it then is (service 25).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from http import HTTPStatus
from typing import Any, Final

from functions.payment_webhooks import pbb
from functions.payment_webhooks.configuration import Payments, Product
from functions.payment_webhooks.notice import Notice
from functions.payment_webhooks.pbb import TaxBill
from functions.payment_webhooks.providers import snap_services, values
from functions.payment_webhooks.providers.snap_services import VA_INQUIRY
from functions.payment_webhooks.refusal import Reason, Refused
from shared.days import day_of
from shared.errors import InvalidInput

_FOUND: Final = "00"
_NOT_FOUND: Final = "01"
#: The amount is fixed, and paid at once.
_CLOSED_PAYMENT: Final = "C"
_LONGEST_NAME: Final = 255

Answer = tuple[HTTPStatus, Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The bill that a virtual account's number names, and in whose jurisdiction."""

    jurisdiction_id: str
    product: Product
    nop: str
    year: int


def asked(
    body: Mapping[str, Any], sender: str, known: Iterable[tuple[str, Payments]]
) -> Asked | None:
    """Return the bill that an inquiry is about; None if its number names none of ours.

    `sender` is the partner whose key fitted. The number is `customerNo`, or what of
    `virtualAccountNo` follows the partner's own prefix.
    """
    for jurisdiction_id, payments in known:
        prefixes = [
            prefix
            for partner in payments.snap.partners
            if partner.id == sender
            for prefix in partner.partner_service_ids
        ]
        customer_no = _customer_no(body, prefixes)
        named = pbb.bill_named(customer_no) if customer_no else None
        for product in payments.products:
            if product.kind == "tax" and named and _is_of(product, named[0]):
                return Asked(
                    jurisdiction_id=jurisdiction_id, product=product, nop=named[0], year=named[1]
                )
    return None


def answered(
    body: Mapping[str, Any],
    found: Asked | None,
    bills: Callable[[str, int], TaxBill | None],
    day: date,
) -> Answer:
    """Return the answer to an inquiry: what is owed on a day (WIB) by virtual account."""
    bill = bills(found.nop, found.year) if found else None
    if found is None or bill is None:
        return _refused(body, "12", "Invalid Bill/Virtual Account [Not Found]", _UNKNOWN)
    if bill.is_paid:
        return _refused(body, "14", "Paid Bill", _PAID)
    owed = pbb.owed(bill, day, "va", found.product.penalties)
    reference = values.first_text(body, "inquiryRequestId", "trxId") or ""
    said = _said(body)
    name = bill.taxpayer or f"PBB {bill.nop} {bill.year}"
    return HTTPStatus.OK, {
        "responseCode": f"200{VA_INQUIRY.code}00",
        "responseMessage": "Successful",
        "virtualAccountData": {
            **said,
            "inquiryStatus": _FOUND,
            "inquiryReason": {"english": "Success", "indonesia": "Sukses"},
            "virtualAccountName": name[:_LONGEST_NAME],
            "inquiryRequestId": reference,
            "totalAmount": _amount(owed.total),
            "virtualAccountTrxType": _CLOSED_PAYMENT,
            "billDetails": [
                {
                    "billCode": "01",
                    "billNo": f"{bill.nop}{bill.year}",
                    "billName": f"PBB {bill.year}",
                    "billDescription": {
                        "english": f"Land and building tax {bill.year}",
                        "indonesia": f"Pajak Bumi dan Bangunan {bill.year}",
                    },
                    "billAmount": _amount(owed.total),
                    "additionalInfo": {
                        "principal": _amount(owed.principal),
                        "penalty": _amount(owed.penalty),
                        "dueDate": bill.due_on.isoformat(),
                    },
                }
            ],
            "additionalInfo": {},
        },
    }


def why_not(found: Asked, bill: TaxBill, paid: Notice, at: datetime) -> Refused | None:
    """Return why a bill is not to be paid so; None if it asks for just that.

    What it asks for is the sum of the day (WIB) of the payment, as the inquiry of that day says.
    """
    if bill.is_paid:
        return Refused(Reason.PAID, "virtualAccountNo")
    due = pbb.owed(bill, day_of(paid.paid_at or at), "va", found.product.penalties)
    if paid.currency == "IDR" and paid.amount == due.total:
        return None
    return Refused(Reason.AMOUNT, "paidAmount.value")


_UNKNOWN: Final = {"english": "Bill not found", "indonesia": "Tagihan tidak ditemukan"}
_PAID: Final = {"english": "The bill has been paid", "indonesia": "Tagihan sudah lunas"}


def _refused(body: Mapping[str, Any], case: str, message: str, reason: Mapping[str, str]) -> Answer:
    answer = snap_services.coded(VA_INQUIRY, HTTPStatus.NOT_FOUND, case, message)
    return HTTPStatus.NOT_FOUND, {
        **answer,
        "virtualAccountData": {
            **_said(body),
            "inquiryStatus": _NOT_FOUND,
            "inquiryReason": reason,
            "inquiryRequestId": values.first_text(body, "inquiryRequestId", "trxId") or "",
        },
    }


def _said(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return what identifies the virtual account, as it was sent, spaces and all."""
    names = ("partnerServiceId", "customerNo", "virtualAccountNo")
    return {name: body[name] for name in names if name in body}


def _customer_no(body: Mapping[str, Any], prefixes: Iterable[str]) -> str | None:
    if told := values.first_text(body, "customerNo"):
        return told.replace(" ", "")
    number = (values.first_text(body, "virtualAccountNo") or "").replace(" ", "")
    told = (values.first_text(body, "partnerServiceId") or "").replace(" ", "")
    for prefix in filter(None, (told, *prefixes)):
        if number.startswith(prefix):
            return number.removeprefix(prefix)
    return None


def _is_of(product: Product, nop: str) -> bool:
    try:
        pbb.nop_of(nop, product.nop_prefixes)
    except InvalidInput:
        return False
    return True


def _amount(rupiah: int) -> dict[str, str]:
    return {"value": f"{rupiah}.00", "currency": "IDR"}
