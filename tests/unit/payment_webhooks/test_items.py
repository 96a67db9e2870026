"""An order comes back from the table as it went in."""

from functions.payment_webhooks import indexes, items
from functions.payment_webhooks.record import Bill, OrderStatus, PaidTransaction, Refund
from shared.dynamo import from_item, to_item
from tests.unit.payment_webhooks.orders import CREATED, ORDER_ID, PAID, an_order


def through_the_table(order):
    return items.order_from(from_item(to_item(items.order_values(order))))


def test_a_bare_order_comes_back():
    assert through_the_table(an_order()) == an_order()


def test_an_order_with_all_that_it_can_have_comes_back():
    order = an_order(
        site="halte-1",
        status=OrderStatus.PARTIALLY_REFUNDED,
        provider="midtrans",
        expires_at=PAID,
        transactions={
            "t-1": PaidTransaction(
                provider="midtrans",
                status="refund",
                amount=3_500,
                charged=3_600,
                paid_at=PAID,
                mdr=10,
                channel="qris",
                facts=("refund", "settlement"),
                confirmed=("refund",),
                refunds={
                    "r": Refund(amount=1, confirmed=True, at=PAID),
                    "s": Refund(amount=9_999, excess=True, chargeback=True),
                },
            )
        },
        charge={"qr_string": "0002"},
        bill=Bill(nop="337401000100100010", year=2026, principal=100, penalty=2),
        receipt_number="N",
        redeemed={"1": {"gate": "g"}},
        revoked=True,
        held_reason="late",
        closed=True,
        stale_at=PAID,
        key_hash="k",
        fingerprint="f",
        created_by="client:x",
        details={"class": "umum"},
    )
    assert through_the_table(order) == order


def test_an_order_is_in_the_index_of_the_stale_only_while_it_is_to_be_asked_about():
    assert items.order_values(an_order())["stale_shard"] is None
    stale = items.order_values(an_order(stale_at=CREATED))
    assert stale["stale_shard"] == items.stale_partition(items.shard_of(ORDER_ID))
    assert {one.partition for one in indexes.PAYMENTS_INDEXES} <= stale.keys()


def test_an_order_is_listed_under_the_day_of_its_creation_in_wib():
    late = CREATED.replace(hour=17)
    values = items.order_values(an_order(created_at=late))
    assert values["day_shard"] == f"semarang#2026-03-02#{items.shard_of(ORDER_ID)}"
