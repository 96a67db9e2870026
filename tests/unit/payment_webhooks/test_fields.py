"""Each name under which a provider may say something, and what is read from it."""

from datetime import datetime

import pytest

from functions.payment_webhooks.providers import gobiz, midtrans, snap_services
from functions.payment_webhooks.providers.snap_services import DEBIT, QR, VA_PAYMENT, VA_REVERSAL
from shared.clock import WIB

AT = datetime(2026, 11, 23, 8, 15, 30, tzinfo=WIB)
NAIVE, WITH_OFFSET = "2026-11-23 08:15:30", "2026-11-23T08:15:30+07:00"


def nested(path, value):
    """Return a body that says one thing: under "a.b", {"a": {"b": value}}."""
    for name in reversed(path.split(".")):
        value = {name: value}
    return value


MIDTRANS = [
    ("order_id", "x", "order_ref", "x"),
    ("transaction_id", "x", "transaction_id", "x"),
    ("order_id", "x", "transaction_id", "x"),
    ("transaction_status", "Expire", "status", "expire"),
    ("transaction_status", "Expire", "raw_status", "Expire"),
    ("gross_amount", "3500.00", "amount", 3500),
    ("metadata.extra_info.gross_amount_info.original_amount", 3400, "original_amount", 3400),
    ("currency", "usd", "currency", "USD"),
    ("fraud_status", "ACCEPT", "fraud_status", "accept"),
    ("status_code", "407", "status_code", "407"),
    ("settlement_time", NAIVE, "paid_at", AT),
    ("transaction_time", NAIVE, "paid_at", AT),
    ("payment_type", "Echannel", "payment_type", "Echannel"),
    ("payment_type", "Echannel", "channel", "va"),
    ("payment_type", "permata", "channel", "va"),
    ("payment_type", "bank_transfer", "channel", "va"),
    ("payment_type", "credit_card", "channel", "card"),
    ("payment_type", "GoPay", "channel", "gopay"),
    ("nmid", "ID1", "nmid", "ID1"),
    ("qris.nmid", "ID1", "nmid", "ID1"),
    ("metadata.nmid", "ID1", "nmid", "ID1"),
    ("outlet_id", "x", "outlet_id", "x"),
    ("metadata.outlet_id", "x", "outlet_id", "x"),
    ("terminal_id", "x", "terminal", "x"),
    ("metadata.terminal_id", "x", "terminal", "x"),
    ("store_id", "x", "store_id", "x"),
    ("metadata.store_id", "x", "store_id", "x"),
    ("va_numbers.va_number", " 7001", "va_number", "7001"),
    ("permata_va_number", "7001", "va_number", "7001"),
]
GOBIZ = [
    ("header.event_name", "payment.transaction.refund", "status", "refund"),
    ("body.transaction.status", "Cancel", "status", "cancel"),
    ("body.transaction.id", "x", "transaction_id", "x"),
    ("body.transaction.order_id", "x", "transaction_id", "x"),
    ("body.transaction.order_id", "x", "order_ref", "x"),
    ("body.transaction.gross_amount", 3500, "amount", 3500),
    ("body.transaction.currency", "usd", "currency", "USD"),
    ("body.transaction.payment_type", "QRIS", "payment_type", "QRIS"),
    ("body.transaction.payment_type", "QRIS", "channel", "qris"),
    ("body.transaction.settlement_at", WITH_OFFSET, "paid_at", AT),
    ("body.transaction.created_at", WITH_OFFSET, "paid_at", AT),
    ("body.transaction.nmid", "ID1", "nmid", "ID1"),
    ("body.outlet.nmid", "ID1", "nmid", "ID1"),
    ("body.outlet.id", "x", "outlet_id", "x"),
    ("body.transaction.outlet_id", "x", "outlet_id", "x"),
    ("body.transaction.terminal_label", "x", "terminal", "x"),
    ("body.transaction.terminal_id", "x", "terminal", "x"),
]
SNAP = [
    ("originalPartnerReferenceNo", "x", "order_ref", "x"),
    ("originalReferenceNo", "x", "transaction_id", "x"),
    ("originalPartnerReferenceNo", "x", "transaction_id", "x"),
    ("latestTransactionStatus", "5", "status", "cancel"),
    ("amount.value", "3500.00", "amount", 3500),
    ("additionalInfo.amount.value", "3500.00", "amount", 3500),
    ("amount.currency", "usd", "currency", "USD"),
    ("additionalInfo.amount.currency", "usd", "currency", "USD"),
    ("finishedTime", WITH_OFFSET, "paid_at", AT),
    ("additionalInfo.paidTime", WITH_OFFSET, "paid_at", AT),
    ("transactionDate", WITH_OFFSET, "paid_at", AT),
    ("createdTime", WITH_OFFSET, "paid_at", AT),
    ("additionalInfo.userPaymentDetails.payMethod", "GOPAY", "payment_type", "GOPAY"),
    ("additionalInfo.qris.transactionType", "on-us", "payment_type", "on-us"),
    ("additionalInfo.nmid", "ID1", "nmid", "ID1"),
    ("additionalInfo.qris.nmid", "ID1", "nmid", "ID1"),
    ("additionalInfo.merchantInfo.nmid", "ID1", "nmid", "ID1"),
    ("additionalInfo.outletId", "x", "outlet_id", "x"),
    ("additionalInfo.outlet.id", "x", "outlet_id", "x"),
    ("terminalId", "x", "terminal", "x"),
    ("additionalInfo.terminalId", "x", "terminal", "x"),
    ("additionalInfo.qris.terminalId", "x", "terminal", "x"),
    ("externalStoreID", "x", "store_id", "x"),
    ("externalStoreId", "x", "store_id", "x"),
]
VIRTUAL_ACCOUNT = [
    ("trxId", "x", "order_ref", "x"),
    ("virtualAccountNo", "  1 2", "order_ref", "12"),
    ("virtualAccountNo", "  1 2", "va_number", "12"),
    ("customerNo", " 2", "customer_no", "2"),
    ("paymentRequestId", "x", "transaction_id", "x"),
    ("referenceNo", "x", "transaction_id", "x"),
    ("trxId", "x", "transaction_id", "x"),
    ("paidAmount.value", "1.00", "amount", 1),
    ("totalAmount.value", "1.00", "amount", 1),
    ("paidAmount.currency", "usd", "currency", "USD"),
    ("totalAmount.currency", "usd", "currency", "USD"),
    ("trxDateTime", WITH_OFFSET, "paid_at", AT),
    ("transactionDate", WITH_OFFSET, "paid_at", AT),
]
EACH = [
    *((midtrans.notice, *one) for one in MIDTRANS),
    *((gobiz.notice, *one) for one in GOBIZ),
    *(
        (lambda body, of=of: snap_services.notice(of, body), *one)
        for of in (DEBIT, QR)
        for one in SNAP
    ),
    *(
        (lambda body, of=of: snap_services.notice(of, body), *one)
        for of in (VA_PAYMENT, VA_REVERSAL)
        for one in VIRTUAL_ACCOUNT
    ),
]


@pytest.mark.parametrize(("read", "path", "value", "name", "expected"), EACH)
def test_each_field_is_read_by_each_of_its_names(read, path, value, name, expected):
    assert getattr(read(nested(path, value)), name) == expected


@pytest.mark.parametrize(
    "read", [midtrans.notice, gobiz.notice, lambda body: snap_services.notice(QR, body)]
)
def test_rupiah_are_meant_where_nobody_says_otherwise(read):
    assert read({}).currency == "IDR"


def test_rupiah_are_meant_of_a_virtual_account_too():
    found = snap_services.notice(VA_PAYMENT, {})
    assert (found.currency, found.payment_type) == ("IDR", "virtual_account")
