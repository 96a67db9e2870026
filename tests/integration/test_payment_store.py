"""The store of orders and entries, and its twin in memory, do the same."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from functions.payment_webhooks import pbb, posting, states
from functions.payment_webhooks.pbb import TaxBill
from functions.payment_webhooks.processing import Bill, BillTaken, Claimed, StaleVersion
from functions.payment_webhooks.record import BILL_PAID
from functions.payment_webhooks.record import Bill as BillOfOrder
from functions.payment_webhooks.store import PaymentStore
from shared import aws
from shared.dynamo import from_item, to_item
from tests.aws_double import LEDGER, PAYMENTS, items
from tests.unit.payment_webhooks.orders import ORDER_ID, SEEN, a_notice, an_order
from tests.unit.payment_webhooks.twin import PaymentStoreTwin

NOP = "337401000100100010"
OTHER = "SMG-PBB-0000000000001"


@pytest.fixture(name="store", params=["twin", "dynamodb"])
def _store(request: pytest.FixtureRequest):
    if request.param == "twin":
        return PaymentStoreTwin()
    request.getfixturevalue("aws_double")
    return PaymentStore(PAYMENTS, LEDGER)


def a_bill(**changes) -> TaxBill:
    bill = TaxBill(
        jurisdiction_id="semarang", nop=NOP, year=2026, principal=3_000, due_on=date(2026, 9, 30)
    )
    return replace(bill, **changes)


def keep(store, bill: TaxBill) -> None:
    if isinstance(store, PaymentStoreTwin):
        store.bills[bill.nop, bill.year] = bill
    else:
        item = to_item(pbb.bill_values(bill)) | pbb.bill_key(bill.nop, bill.year)
        aws.dynamodb().put_item(TableName=PAYMENTS, Item=item)


def entries_of(store):
    if isinstance(store, PaymentStoreTwin):
        return sorted(store.entries)
    return sorted(from_item(one)["entry_id"] for one in items(LEDGER))


def settle(store, order, bill=Bill.LEAVE):
    told = a_notice(transaction_id=f"t-{order.order_id}")
    done = states.settle(order, told, told, fee=lambda _: 14, at=SEEN)
    entries = posting.entries(order, done.after, SEEN)
    store.settle(done, entries, notification_id="n", at=SEEN, bill=bill)
    return done.after


def test_an_order_is_created_once(store):
    assert store.create(an_order()) is None
    assert store.create(an_order(amount=1)) == an_order()
    assert store.get(ORDER_ID) == an_order()
    assert store.get(OTHER) is None


def test_an_event_is_written_whole_and_once(store):
    store.create(an_order())
    after = settle(store, an_order())
    assert store.get(ORDER_ID) == after
    assert len(entries_of(store)) == 1
    with pytest.raises(Claimed):
        settle(store, an_order())
    assert len(entries_of(store)) == 1


def test_an_order_of_another_version_is_not_written(store):
    store.create(an_order(version=2))
    with pytest.raises(StaleVersion):
        settle(store, an_order())
    with pytest.raises(StaleVersion):
        store.change(an_order(), an_order(version=2, amount=1))
    assert (store.get(ORDER_ID), entries_of(store)) == (an_order(version=2), [])


def test_an_order_made_for_its_payment_comes_with_it(store):
    settle(store, an_order(version=0))
    assert store.get(ORDER_ID).version == 1
    other = a_notice(transaction_id="t-of-another")
    done = states.settle(an_order(version=0), other, other, fee=lambda _: 0, at=SEEN)
    with pytest.raises(StaleVersion):
        store.settle(done, (), notification_id="n", at=SEEN, bill=Bill.LEAVE)


def test_a_change_that_is_no_event_is_written_on_its_version(store):
    store.create(an_order(stale_at=SEEN))
    closed = states.closed(an_order(stale_at=SEEN), SEEN)
    store.change(an_order(stale_at=SEEN), closed)
    assert store.get(ORDER_ID) == closed


def test_a_mark_is_moved_only_if_it_is_still_the_same(store):
    store.create(an_order(stale_at=SEEN))
    later = SEEN + timedelta(hours=1)
    store.ask_later(ORDER_ID, later, SEEN)
    assert store.get(ORDER_ID).stale_at == SEEN
    store.ask_later(ORDER_ID, SEEN, later)
    assert store.get(ORDER_ID).stale_at == later
    assert store.get(ORDER_ID).version == 1


def an_order_of_a_bill(order_id=ORDER_ID, **changes):
    bill = BillOfOrder(nop=NOP, year=2026, principal=3_000, penalty=500)
    return an_order(order_id=order_id, kind="tax", bill=bill, **changes)


def test_a_bill_is_paid_by_one_order_and_free_again_when_that_is_undone(store):
    keep(store, a_bill())
    store.create(an_order_of_a_bill())
    store.create(an_order_of_a_bill(OTHER))
    after = settle(store, an_order_of_a_bill(), Bill.CLAIM)
    assert after.receipt_number is not None
    assert (store.bill(NOP, 2026).paid_by, store.bill(NOP, 2026).is_paid) == (ORDER_ID, True)
    with pytest.raises(BillTaken):
        settle(store, an_order_of_a_bill(OTHER), Bill.CLAIM)
    assert len(entries_of(store)) == 1
    held = an_order_of_a_bill(OTHER, held_reason=BILL_PAID)
    assert settle(store, held).held_reason == BILL_PAID
    deny = a_notice("deny", transaction_id=f"t-{ORDER_ID}")
    undone = states.settle(after, deny, deny, fee=lambda _: 14, at=SEEN)
    store.settle(
        undone,
        posting.entries(after, undone.after, SEEN),
        notification_id="n",
        at=SEEN,
        bill=Bill.RELEASE,
    )
    assert store.bill(NOP, 2026).paid_by is None
    assert not store.bill(NOP, 2026).is_paid


def test_a_bill_that_does_not_exist_is_nobodys_to_pay(store):
    assert store.bill(NOP, 2026) is None
    store.create(an_order_of_a_bill())
    with pytest.raises(BillTaken):
        settle(store, an_order_of_a_bill(), Bill.CLAIM)
