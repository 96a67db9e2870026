"""A chargeback of a part of a payment, which Midtrans tells without a list."""

from functions.payment_webhooks.notice import RefundNotice
from functions.payment_webhooks.providers import midtrans

BODY = {
    "order_id": "SMG-BRT-7K3F9Q2M1XWZ4",
    "transaction_id": "t-1",
    "transaction_status": "partial_chargeback",
    "status_code": "200",
    "gross_amount": "3500.00",
    "refund_amount": "1000.00",
}


def test_its_amount_is_the_one_that_was_taken_back():
    told = midtrans.notice(BODY).refunds
    assert told == (RefundNotice(key="partial_chargeback", amount=1_000, confirmed=True),)


def test_a_list_is_better_than_a_sum():
    listed = [{"refund_chargeback_id": 7, "refund_amount": "600.00"}]
    assert [one.key for one in midtrans.notice(BODY | {"refunds": listed}).refunds] == ["7"]


def test_without_an_amount_nothing_is_known_of_it():
    assert midtrans.notice(BODY | {"refund_amount": None}).refunds == ()
