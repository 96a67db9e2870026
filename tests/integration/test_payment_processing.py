"""Every row of the case table, from the queue to the tables."""

import json

import pytest

from functions.payment_webhooks.calling import ProviderUnavailable
from functions.payment_webhooks.surroundings import payment_store
from shared import aws
from shared.dynamo import from_item
from tests.aws_double import PAYMENTS, PAYMENTS_BUCKET, items
from tests.integration.played_provider import (
    ORDER_ID,
    TRANSACTION_ID,
    a_body,
    a_message,
    a_refund,
    balances,
    deliver,
    entries,
    kinds,
    played,
    the_order,
)
from tests.metering import metered
from tests.unit.payment_webhooks.orders import FARES, an_order

CLEARING = "clearing:midtrans"
MDR = "mdr:midtrans"


@pytest.fixture(name="provider", autouse=True)
def _provider(aws_double: None):
    with played() as provider:
        payment_store().create(an_order())
        yield provider


def told(provider, status="settlement", **changes):
    """Let the provider know of a payment and tell it."""
    body = a_body(status, **changes)
    provider.knows(body)
    return deliver(a_message(body))


def test_a_settlement_is_posted_once(provider):
    body = a_body()
    provider.knows(body)
    assert deliver(a_message(body), a_message(body)) == []
    assert deliver(a_message(body)) == []
    assert the_order().status == "paid"
    assert the_order().paid_amount == 3_500
    assert kinds() == ["sale"]
    assert balances() == {CLEARING: 3_500, FARES: -3_500}
    assert len(provider.asked) == 1


def test_what_is_processed_costs_a_read_and_one_transaction_of_six_units(provider):
    provider.knows(a_body())
    with metered() as bill:
        assert deliver(a_message(a_body())) == []
    assert bill.calls == ["GetItem", "TransactWriteItems"]
    assert (bill.write_units, bill.read_units) == (6, 1)


def test_a_repetition_costs_a_read(provider):
    told(provider)
    with metered() as bill:
        deliver(a_message(a_body()))
    assert bill.calls == ["GetItem"]


def test_pending_after_paid_changes_nothing(provider):
    told(provider)
    assert deliver(a_message(a_body("pending"))) == []
    assert the_order().status == "paid"
    assert kinds() == ["sale"]


@pytest.mark.parametrize(
    ("end", "status"), [("expire", "expired"), ("cancel", "cancelled"), ("deny", "denied")]
)
@pytest.mark.parametrize("first", ["end", "settlement"])
def test_a_settlement_of_what_had_ended_is_in_suspense(provider, end, status, first):
    provider.knows(a_body())
    messages = [a_message(a_body(end)), a_message(a_body())]
    assert deliver(*(messages if first == "end" else reversed(messages))) == []
    assert the_order().status == status
    assert the_order().held_reason == "late"
    assert the_order().revoked
    assert kinds() == ["late", "sale"]
    assert balances() == {CLEARING: 3_500, "suspense:late": -3_500}


@pytest.mark.parametrize("first", ["settlement", "deny"])
def test_a_deny_after_the_payment_reverses_it(provider, first):
    provider.knows(a_body("deny"))
    messages = [a_message(a_body()), a_message(a_body("deny"))]
    assert deliver(*(messages if first == "settlement" else reversed(messages))) == []
    assert the_order().status == "reversed"
    assert the_order().revoked
    assert kinds() == ["reversal", "sale"]
    assert balances() == {}


def test_a_refund_before_its_settlement_posts_both(provider):
    told(provider, "refund", refunds=[a_refund("r-1", 3_500)])
    assert kinds() == ["refund_pending", "sale"]
    assert balances() == {CLEARING: 3_500, "refunds_payable": -3_500}
    assert deliver(a_message(a_body())) == []
    assert kinds() == ["refund_pending", "sale"]
    assert the_order().status == "refunded"


def test_the_banks_word_alone_posts_all_of_a_refund_in_two_transactions(provider):
    body = a_body("refund", refunds=[a_refund("r-1", 3_500, confirmed=True)])
    provider.knows(body)
    with metered() as bill:
        assert deliver(a_message(body)) == []
    assert bill.calls == ["GetItem", "TransactWriteItems", "TransactWriteItems"]
    assert kinds() == ["refund_pending", "refund_settled", "sale"]
    assert balances() == {}


def test_a_partial_refund_without_its_list_is_asked_for(provider):
    told(provider)
    body = a_body("partial_refund", refunds=[a_refund("r-1", 1_000)])
    provider.knows(body)
    assert deliver(a_message(a_body("partial_refund"))) == []
    more = [a_refund("r-1", 1_000, confirmed=True), a_refund("r-2", 500)]
    provider.knows(a_body("partial_refund", refunds=more))
    assert deliver(a_message(a_body("partial_refund"))) == []
    assert the_order().status == "partially_refunded"
    assert the_order().refunded_amount == 1_500
    assert not the_order().revoked
    assert balances() == {CLEARING: 2_500, "refunds_payable": -500, FARES: -2_000}


def test_refunds_that_exceed_the_payment_are_not_posted(provider):
    told(provider)
    told(provider, "refund", refunds=[a_refund("r-1", 3_501)])
    assert the_order().status == "quarantined"
    assert the_order().held_reason == "refunds_exceed"
    assert kinds() == ["sale"]


def test_another_amount_than_the_orders_is_in_suspense(provider):
    told(provider, gross_amount="3000.00")
    assert the_order().status == "quarantined"
    assert kinds() == ["amount_mismatch"]
    assert balances() == {CLEARING: 3_000, "suspense:amount_mismatch": -3_000}


def test_an_imposed_fee_is_the_providers(provider):
    original = {"extra_info": {"gross_amount_info": {"original_amount": "3500.00"}}}
    told(provider, gross_amount="3525.00", metadata=original)
    assert the_order().status == "paid"
    assert balances() == {CLEARING: 3_500, FARES: -3_500}


def test_an_unknown_order_is_in_suspense_with_an_order_of_its_own(provider):
    other = "SMG-BRT-0000000000001"
    told(provider, order_id=other)
    told(provider, order_id=other)
    (entry,) = entries()
    assert entry["kind"] == "unknown_order"
    assert the_order(entry["order_id"]).origin == "unknown"
    assert the_order(entry["order_id"]).details == {"order_ref": other}
    assert balances() == {CLEARING: 3_500, "suspense:unknown_order": -3_500}


@pytest.mark.parametrize("other", ["INV-JAN-0001", "Postman-1578568851", "SMG-BRT-1"])
def test_a_genuine_payment_of_an_order_of_another_shape_is_in_suspense_and_kept(provider, other):
    told(provider, order_id=other)
    (entry,) = entries()
    assert entry["kind"] == "unknown_order"
    assert the_order(entry["order_id"]).details == {"order_ref": other}
    assert len(aws.s3().list_objects_v2(Bucket=PAYMENTS_BUCKET, Prefix="raw/")["Contents"]) == 1


def test_a_payment_at_a_printed_qr_is_the_places_revenue(provider):
    told(provider, order_id="qr-1", nmid="ID1026000000010", terminal_id="BUS-K2-01")
    (entry,) = entries()
    assert (entry["kind"], entry["product"], entry["site"]) == ("sale", "brt", "koridor-2")
    assert the_order(entry["order_id"]).origin == "static"
    assert balances()[MDR] == 14


def test_a_price_that_nothing_has_there_is_no_revenue(provider):
    told(
        provider,
        order_id="qr-1",
        nmid="ID1026000000010",
        terminal_id="BUS-K2-01",
        gross_amount="1234.00",
    )
    (entry,) = entries()
    assert (entry["kind"], entry["site"]) == ("unknown_order", "koridor-2")


def test_what_a_later_notice_tells_of_the_place_moves_the_payment(provider):
    told(provider, order_id="qr-1")
    told(
        provider,
        "refund",
        order_id="qr-1",
        nmid="ID1026000000010",
        refunds=[a_refund("r-1", 3_500, confirmed=True)],
    )
    # What was in suspense was taken out again; what the acquirer keeps of a refund it keeps.
    assert kinds() == ["refund_pending", "refund_settled", "sale", "unknown_order", "unknown_order"]
    assert balances() == {CLEARING: -14, MDR: 14}


@pytest.mark.parametrize("status", ["something_new", ""])
def test_an_unknown_status_is_kept_and_noted(provider, status):
    assert deliver(a_message(a_body(status))) == []
    claims = [from_item(one) for one in items(PAYMENTS) if one["sk"]["S"].startswith("EVENT")]
    assert [one["outcome"] for one in claims] == ["unhandled"]
    assert the_order().version == 1
    assert kept() == 1


def test_a_body_that_is_none_is_kept(provider):
    assert deliver(a_message({}) | {"body": "bm90IGpzb24="}) == []
    assert kept() == 1


def test_a_test_notification_does_nothing(provider):
    assert deliver(a_message(a_body(order_id="payment_notif_test_1"))) == []
    assert entries() == []


def test_what_the_provider_does_not_know_is_held(provider):
    assert deliver(a_message(a_body())) == ["0"]
    assert (the_order().status, entries()) == ("created", [])
    assert told(provider) == []
    assert kinds() == ["sale"]


@pytest.mark.parametrize("answer", ["pending", "expire", "authorize"])
def test_what_the_provider_contradicts_is_held(provider, answer):
    provider.knows(a_body(answer))
    assert deliver(a_message(a_body())) == ["0"]
    assert entries() == []


def test_a_provider_that_does_not_answer_is_asked_once_a_batch(provider):
    provider.knows(a_body())
    provider.fails = [ProviderUnavailable("ReadTimeoutError"), 503]
    assert deliver(a_message(a_body()), a_message(a_body("capture"))) == ["0", "1"]
    assert len(provider.asked) == 1
    assert deliver(a_message(a_body())) == ["0"]
    assert deliver(a_message(a_body())) == []
    assert kinds() == ["sale"]


def test_one_that_fails_keeps_no_other_back(provider):
    provider.knows(a_body())
    other = a_body(order_id="SMG-BRT-0000000000001", transaction_id="t-2")
    assert deliver(a_message(other), a_message(a_body()), "not json", "[]") == ["0", "2", "3"]
    assert kinds() == ["sale"]


def test_a_second_payment_of_an_order_is_an_overpayment(provider):
    told(provider)
    second = a_body(transaction_id="t-2")
    provider.known["t-2"] = second
    assert deliver(a_message(second)) == []
    assert kinds() == ["overpayment", "sale", "sale"]
    assert the_order().status == "paid"
    assert balances() == {CLEARING: 7_000, FARES: -3_500, "suspense:overpayment": -3_500}


def test_a_challenged_card_is_held_until_it_is_accepted(provider):
    told(provider, "capture", fraud_status="challenge", status_code="201")
    assert (the_order().status, the_order().held_reason) == ("pending", "challenge")
    assert entries() == []
    told(provider, "capture")
    assert (the_order().status, the_order().held_reason) == ("paid", None)


def test_a_batch_is_kept_as_it_came_before_anything_is_done(provider):
    message = a_message(a_body())
    deliver(message)
    found = aws.s3().list_objects_v2(Bucket=PAYMENTS_BUCKET)["Contents"]
    assert [one["Key"].rsplit("/", 1)[0] for one in found] == ["raw/2026/03/01/02"]
    (one,) = found
    kept_ = aws.s3().get_object(Bucket=PAYMENTS_BUCKET, Key=one["Key"])["Body"].read()
    assert [json.loads(line) for line in kept_.splitlines()] == [message]
    deliver(message)
    assert kept() == 1  # the same batch is the same object


def test_a_redemption_made_meanwhile_is_not_lost(provider):
    told(provider)
    order = the_order()
    aws.dynamodb().update_item(
        TableName=PAYMENTS,
        Key={"pk": {"S": f"O#{ORDER_ID}"}, "sk": {"S": "ORDER"}},
        UpdateExpression="SET redeemed.#n = :r",
        ExpressionAttributeNames={"#n": "1"},
        ExpressionAttributeValues={":r": {"M": {"gate": {"S": "g"}}}},
    )
    told(provider, "refund", refunds=[a_refund("r-1", 3_500)])
    assert the_order().redeemed == {"1": {"gate": "g"}}
    assert the_order().version == order.version + 1
    assert TRANSACTION_ID in the_order().transactions


def kept():
    return aws.s3().list_objects_v2(Bucket=PAYMENTS_BUCKET).get("KeyCount")
