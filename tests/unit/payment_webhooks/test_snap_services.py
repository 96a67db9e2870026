"""BI-SNAP's services: what their bodies say in all their forms, and our exact answers."""

from datetime import UTC, datetime

import pytest

from functions.payment_webhooks.notice import RefundNotice
from functions.payment_webhooks.providers import snap_services
from functions.payment_webhooks.providers.snap_services import (
    DEBIT,
    NOTIFICATIONS,
    QR,
    VA_PAYMENT,
    VA_REVERSAL,
)
from functions.payment_webhooks.refusal import Reason, Refused
from shared.clock import WIB
from tests import signed

PAID_AT = datetime(2026, 11, 23, 8, 15, 30, tzinfo=WIB)


def test_a_wallets_payment_is_read():
    found = snap_services.notice(DEBIT, signed.debit())
    assert (found.provider, found.channel, found.payment_type) == ("gopay", "gopay", "GOPAY")
    assert found.order_ref == signed.ORDER
    assert found.transaction_id == "A120240101000000000000000000ID"
    assert (found.status, found.raw_status, found.proven) == ("settlement", "00", True)
    assert (found.amount, found.currency, found.paid_at) == (3500, "IDR", PAID_AT)
    assert not found.is_test


def test_a_payment_by_qris_is_read():
    found = snap_services.notice(QR, signed.qr())
    assert (found.provider, found.channel, found.payment_type) == ("qris", "qris", "off-us")
    assert (found.store_id, found.transaction_id) == ("BUS-017", "QR-2026-000001")
    assert found.amount == 3500


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("00", "settlement"),
        ("03", "pending"),
        ("04", "refund"),
        ("05", "cancel"),
        ("06", "failure"),
        ("08", "expire"),
        ("09", "deny"),
        (0, "settlement"),
        ("0", "settlement"),
        (" 00 ", "settlement"),
        ("07", "unknown:07"),
        ("SUCCESS", "unknown:SUCCESS"),
        (None, "unknown:"),
        (["00"], "unknown:"),
    ],
)
def test_each_status_is_read_in_our_words(code, status):
    assert snap_services.notice(QR, signed.qr(latestTransactionStatus=code)).status == status


def test_the_qris_part_may_be_an_object_or_an_array():
    details = {"issuerName": "OVO", "transactionType": "on-us", "nmid": "ID1"}
    arrayed = snap_services.notice(QR, signed.qr(additionalInfo={"qris": [details]}))
    plain = snap_services.notice(QR, signed.qr(additionalInfo={"qris": details}))
    assert arrayed == plain
    assert (plain.payment_type, plain.nmid) == ("on-us", "ID1")


@pytest.mark.parametrize("amount", [None, {}, "3500", {"value": ""}, {"value": "x"}, []])
def test_an_amount_that_is_not_said_is_absent(amount):
    assert snap_services.notice(QR, signed.qr(amount=amount)).amount is None


@pytest.mark.parametrize("extra", [None, [], "x", {"qris": None}, {"refundHistory": "no"}])
def test_additional_information_may_be_anything(extra):
    found = snap_services.notice(DEBIT, signed.debit(additionalInfo=extra))
    assert found.status == "settlement"
    assert found.refunds == ()


def refund(**changes):
    return {
        "refundNo": "96194816941239812",
        "partnerReferenceNo": "r-1",
        "refundAmount": {"value": "1000.00", "currency": "IDR"},
        "refundStatus": "00",
        "refundDate": "2026-11-24T09:00:00+07:00",
        "reason": "double",
    } | changes


def test_refunds_are_read_under_either_name_of_each_field():
    renamed = refund(refundTime="2026-11-24T09:00:00+07:00", partnerRefundNo="r-1")
    del renamed["refundDate"], renamed["partnerReferenceNo"]
    for one in (refund(), renamed):
        body = signed.debit(latestTransactionStatus="04", additionalInfo={"refundHistory": [one]})
        found = snap_services.notice(DEBIT, body)
        assert found.status == "partial_refund"
        assert found.refunds == (
            RefundNotice(
                key="96194816941239812",
                amount=1000,
                confirmed=True,
                at=datetime(2026, 11, 24, 9, tzinfo=WIB),
            ),
        )


@pytest.mark.parametrize("name", ["partnerRefundNo", "partnerReferenceNo"])
def test_a_refund_without_the_providers_number_goes_by_ours(name):
    one = {"refundAmount": {"value": "3500.00"}, name: "r-9"}
    body = signed.debit(latestTransactionStatus="04", additionalInfo={"refundHistory": one})
    found = snap_services.notice(DEBIT, body)
    assert found.status == "refund"
    assert [(r.key, r.amount, r.confirmed) for r in found.refunds] == [("r-9", 3500, False)]


@pytest.mark.parametrize("one", [refund(refundAmount=None), {"refundAmount": {"value": "1.00"}}])
def test_a_refund_without_amount_or_number_is_none(one):
    body = signed.debit(additionalInfo={"refundHistory": [one, None]})
    assert snap_services.notice(DEBIT, body).refunds == ()


def test_a_refund_whose_amount_nobody_told_is_whole():
    found = snap_services.notice(DEBIT, signed.debit(latestTransactionStatus="04", amount=None))
    assert (found.status, found.refunds) == ("refund", ())


def test_a_virtual_accounts_payment_is_read_without_the_spaces_that_fill_it_up():
    found = snap_services.notice(VA_PAYMENT, signed.virtual_account())
    assert (found.provider, found.channel) == ("va", "va")
    assert found.va_number == "888993374010001000100002026"
    assert found.customer_no == "3374010001000100002026"
    assert found.order_ref == "888993374010001000100002026"
    assert found.transaction_id == "202611230815300001"
    assert (found.status, found.raw_status, found.proven) == ("settlement", "payment", True)
    assert (found.amount, found.paid_at) == (150000, PAID_AT)


def test_a_virtual_accounts_order_is_the_one_that_was_named():
    found = snap_services.notice(VA_PAYMENT, signed.virtual_account(trxId=signed.ORDER))
    assert found.order_ref == signed.ORDER


def test_the_customers_number_is_what_remains_without_the_partners():
    body = signed.virtual_account(customerNo="")
    assert snap_services.notice(VA_PAYMENT, body).customer_no == "3374010001000100002026"
    del body["partnerServiceId"]
    assert snap_services.notice(VA_PAYMENT, body).customer_no is None


def test_a_reversal_is_a_denial_of_the_same_transaction():
    paid = snap_services.notice(VA_PAYMENT, signed.virtual_account())
    for body in (
        signed.virtual_account(),
        signed.virtual_account(
            originalPaymentRequestId="202611230815300001", paymentRequestId="another"
        ),
    ):
        undone = snap_services.notice(VA_REVERSAL, body)
        assert undone.transaction_id == paid.transaction_id
        assert (undone.status, undone.raw_status) == ("deny", "payment-reversal")


@pytest.mark.parametrize("service", NOTIFICATIONS, ids=lambda one: one.path)
def test_an_empty_body_says_nothing_and_lacks_a_field(service):
    found = snap_services.notice(service, {})
    assert found.transaction_id == ""
    assert (found.amount, found.paid_at, found.order_ref) == (None, None, None)
    with pytest.raises(Refused) as refusal:
        snap_services.check(service, {})
    assert refusal.value.reason is Reason.MISSING


@pytest.mark.parametrize(
    ("service", "body", "field"),
    [
        (
            QR,
            signed.qr(originalReferenceNo=" ", originalPartnerReferenceNo=None),
            "originalReferenceNo",
        ),
        (QR, signed.qr(latestTransactionStatus=None), "latestTransactionStatus"),
        (VA_PAYMENT, signed.virtual_account(virtualAccountNo=""), "virtualAccountNo"),
        (VA_PAYMENT, signed.virtual_account(paidAmount=None), "paidAmount.value"),
    ],
)
def test_what_a_service_cannot_do_without_is_named(service, body, field):
    with pytest.raises(Refused) as refusal:
        snap_services.check(service, body)
    assert refusal.value.field == field


@pytest.mark.parametrize(
    ("service", "body"),
    [
        (DEBIT, signed.debit(originalReferenceNo=None)),
        (QR, signed.qr()),
        (VA_PAYMENT, signed.virtual_account()),
        (VA_REVERSAL, signed.virtual_account()),
    ],
)
def test_what_is_whole_is_taken(service, body):
    snap_services.check(service, body)


@pytest.mark.parametrize(
    ("service", "code"), [(DEBIT, "2005600"), (QR, "2005200"), (VA_PAYMENT, "2002500")]
)
def test_success_has_the_services_code(service, code):
    status, answer = snap_services.accepted(service, signed.virtual_account())
    assert status == 200
    assert answer["responseCode"] == code
    assert answer["responseMessage"] == "Successful"
    assert ("virtualAccountData" in answer) == service.echoes


def test_a_virtual_accounts_answer_repeats_what_was_sent():
    body = signed.virtual_account(unknown="x")
    data = snap_services.accepted(VA_PAYMENT, body)[1]["virtualAccountData"]
    for name in ("partnerServiceId", "customerNo", "virtualAccountNo", "paidAmount", "referenceNo"):
        assert data[name] == body[name]
    assert data["paymentFlagStatus"] == "00"
    assert data["paymentFlagReason"] == {"english": "Success", "indonesia": "Sukses"}
    assert "unknown" not in data
    assert "additionalInfo" not in data


@pytest.mark.parametrize(
    ("reason", "field", "code", "message"),
    [
        (Reason.UNSIGNED, "X-SIGNATURE", "4015200", "Unauthorized. [Signature]"),
        (Reason.SIGNATURE, "X-SIGNATURE", "4015200", "Unauthorized. [Signature]"),
        (Reason.MISSING, "X-TIMESTAMP", "4005202", "Invalid Mandatory Field X-TIMESTAMP"),
        (Reason.FORMAT, "X-TIMESTAMP", "4005201", "Invalid Field Format X-TIMESTAMP"),
        (Reason.BODY, "", "4005200", "Bad Request"),
        (Reason.OVERSIZE, "", "4135200", "Request Entity Too Large"),
    ],
)
def test_each_refusal_has_its_code(reason, field, code, message):
    status, answer = snap_services.refused(QR, Refused(reason, field))
    assert answer == {"responseCode": code, "responseMessage": message}
    assert code.startswith(str(int(status)))


def test_a_failure_of_ours_is_a_general_error():
    assert snap_services.failed(DEBIT) == (
        500,
        {"responseCode": "5005600", "responseMessage": "General Error"},
    )


def test_an_answers_time_is_in_wib_to_the_second():
    now = datetime(2026, 11, 23, 1, 15, 30, 123000, tzinfo=UTC)
    assert snap_services.timestamp(now) == "2026-11-23T08:15:30+07:00"
