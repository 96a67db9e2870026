"""What is done with one notice, and with an order that nobody heard of in long."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from functions.payment_webhooks.attribution import Attributing
from functions.payment_webhooks.calling import ProviderUnavailable
from functions.payment_webhooks.checking import AGAIN_AFTER, Checking
from functions.payment_webhooks.configuration import payments_of
from functions.payment_webhooks.facts import NotConfirmed
from functions.payment_webhooks.notice import RefundNotice
from functions.payment_webhooks.order_ids import is_order_number, number_unordered
from functions.payment_webhooks.pbb import TaxBill
from functions.payment_webhooks.processing import StaleVersion, Surroundings, process
from functions.payment_webhooks.record import Bill, PaidTransaction
from shared.errors import Busy
from tests.unit.payment_webhooks.orders import CREATED, ORDER_ID, PAID, SEEN, a_notice, an_order
from tests.unit.payment_webhooks.twin import PaymentStoreTwin

NOP = "337401000100100010"
BUS = "ID1026000000010"
WHOLE = RefundNotice(key="r", amount=3_500, confirmed=True, at=PAID)


def attributing(store=None) -> Attributing:
    return Attributing(
        payments={each: payments_of(each) for each in ("jateng", "semarang")},
        holidays=lambda _: frozenset(),
        bill=(store or PaymentStoreTwin()).bill,
    )


def the_world(store, answer=None) -> Surroundings:
    place = attributing(store)
    return Surroundings(
        store=store,
        ask=lambda _, notice: answer or notice,
        place=place.order_for,
        fee=place.fee,
    )


def done(notice, store, *, answer=None, jurisdiction_id="semarang"):
    return process(
        notice,
        jurisdiction_id,
        notification_id="n",
        at=SEEN,
        world=the_world(store, answer),
    )


def kinds(store):
    return sorted(entry.kind for entry in store.entries.values())


def test_a_notice_is_posted_recorded_or_repeated():
    store = PaymentStoreTwin(an_order())
    assert done(a_notice("pending"), store).outcome == "recorded"
    assert done(a_notice(), store).outcome == "posted"
    assert done(a_notice(), store).outcome == "repeated"
    # What is asked again, and says nothing new.
    told = a_notice("refund", refunds=(WHOLE,))
    assert done(told, store).outcome == "posted"
    assert done(a_notice("refund"), store, answer=told).outcome == "repeated"


@pytest.mark.parametrize("changes", [{"status": "unknown:x"}, {"currency": "USD"}])
def test_what_nobody_has_a_rule_for_is_only_told(changes):
    store = PaymentStoreTwin(an_order())
    found = done(replace(a_notice(), **changes), store)
    assert (found.outcome, found.alarms) == ("unhandled", ("unhandled",))
    assert done(a_notice(is_test=True), store).outcome == "test"
    assert store.entries == {}


@pytest.mark.parametrize("status", ["cancel", "partial_refund", "settlement"])
def test_what_undoes_a_marketplaces_sale_waits_for_the_sale(status):
    store = PaymentStoreTwin()
    told = a_notice(status, provider="marketplace:loket", proven=True, refunds=(WHOLE,))
    with pytest.raises(NotConfirmed, match="sale"):
        done(told, store)
    assert not store.orders
    store = PaymentStoreTwin(an_order())
    assert done(a_notice("settlement", provider="marketplace:loket", proven=True), store).order_id
    assert done(told, store).order_id == ORDER_ID


def test_the_banks_word_alone_is_written_in_two_steps():
    store = PaymentStoreTwin(an_order())
    found = done(a_notice("refund", refunds=(WHOLE,)), store)
    assert (found.outcome, store.orders[ORDER_ID].version) == ("posted", 3)
    assert kinds(store) == ["refund_pending", "refund_settled", "sale"]
    signed = replace(a_notice("refund", refunds=(WHOLE,)), proven=True, provider="gopay")
    other = PaymentStoreTwin(an_order())
    world = replace(the_world(other), ask=lambda *_: None)
    process(signed, None, notification_id="n", at=SEEN, world=world)
    assert kinds(other) == ["refund_pending", "refund_settled", "sale"]


@pytest.mark.parametrize(
    ("order", "notice", "alarm"),
    [
        ({}, a_notice(amount=1), "quarantined"),
        ({}, a_notice("refund", refunds=(replace(WHOLE, amount=9_999),)), "quarantined"),
        ({"closed": True}, a_notice(), "late"),
        ({}, a_notice(order_ref="elsewhere"), "unknown"),
        ({}, a_notice(), None),
    ],
)
def test_somebody_is_told_of_what_a_rule_cannot_settle(order, notice, alarm):
    store = PaymentStoreTwin(an_order(**order))
    assert done(notice, store).alarms == ((alarm,) if alarm else ())
    assert done(notice, store).alarms == ()


def test_somebody_is_told_of_a_second_payment():
    store = PaymentStoreTwin(an_order())
    done(a_notice(), store)
    assert done(a_notice(transaction_id="t-2"), store).alarms == ("overpayment",)


@pytest.mark.parametrize("end", ["deny", "cancel"])
def test_an_end_that_is_told_again_is_asked_about_until_the_provider_knows_of_it(end):
    store = PaymentStoreTwin(an_order())
    done(a_notice(), store)
    # The provider's status lags behind its own notice: so far the payment was late, not undone.
    assert done(a_notice(end), store, answer=a_notice()).outcome == "posted"
    assert done(a_notice(end), store, answer=a_notice()).outcome == "repeated"
    assert kinds(store) == ["late", "sale"]
    assert done(a_notice(end), store).outcome == "posted"
    assert store.orders[ORDER_ID].status == "reversed"
    assert done(a_notice(end), store).outcome == "repeated"
    sums: dict[str, int] = {}
    for entry in store.entries.values():
        for line in entry.lines:
            sums[line.account] = sums.get(line.account, 0) + line.amount
    assert not any(sums.values())


def test_an_order_that_others_keep_writing_comes_again():
    store = PaymentStoreTwin(an_order())

    def refuses(*_, **__):
        raise StaleVersion

    world = replace(the_world(store), store=store)
    store.settle = refuses  # type: ignore[method-assign]
    with pytest.raises(Busy):
        process(a_notice(), None, notification_id="n", at=SEEN, world=world)


def test_an_event_that_another_wrote_meanwhile_is_a_repetition():
    store = PaymentStoreTwin(an_order())
    done(a_notice(), store)
    store.orders[ORDER_ID] = an_order(version=2)
    assert done(a_notice(), store).outcome == "repeated"


# ---- Payments without an order


def test_a_payment_at_a_printed_qr_has_an_order_of_its_own():
    store = PaymentStoreTwin()
    told = a_notice(order_ref=None, nmid=BUS, terminal="BUS-K1-01")
    found = done(told, store)
    order = store.orders[found.order_id]
    assert is_order_number(order.order_id)
    assert (order.origin, order.product, order.site) == ("static", "brt", "koridor-1")
    assert order.created_at == PAID
    assert done(told, store).outcome == "repeated"
    # A later notice that tells less finds the same order.
    later = done(a_notice("refund", order_ref=None, refunds=(WHOLE,)), store)
    assert later.order_id == found.order_id
    assert store.orders[later.order_id].status == "refunded"


@pytest.mark.parametrize("where", [{"store_id": "G000000001"}, {"outlet_id": "G000000001"}])
def test_providers_call_a_place_by_several_names(where):
    store = PaymentStoreTwin()
    found = done(a_notice(order_ref=None, **where), store, jurisdiction_id=None)
    order = store.orders[found.order_id]
    assert (order.jurisdiction_id, order.product) == ("semarang", "brt")


@pytest.mark.parametrize(
    "where",
    [
        {"nmid": BUS, "terminal": "BUS-K1-01"},
        {"outlet_id": "G000000001"},
        {"outlet_id": "elsewhere"},
        {"order_ref": ORDER_ID},
    ],
)
def test_the_number_of_what_nobody_ordered_says_nothing_of_whose_it_is(where):
    store = PaymentStoreTwin()
    told = replace(a_notice(order_ref=None), **where)
    assert done(told, store, jurisdiction_id=None).order_id == number_unordered("midtrans", "t-1")


@pytest.mark.parametrize(
    ("account", "whose"), [("337401", "semarang"), ("3374", "jateng"), (None, "jateng")]
)
def test_what_fits_nothing_is_kept_where_its_virtual_account_belongs(account, whose):
    # A bank gave "33740" to Semarang; what names nobody is kept with the first.
    store = PaymentStoreTwin()
    told = a_notice(order_ref=None, provider="va", proven=True, va_number=account)
    found = done(told, store, jurisdiction_id=None)
    assert store.orders[found.order_id].jurisdiction_id == whose
    assert kinds(store) == ["unknown_order"]


def test_the_amount_is_the_one_that_the_provider_confirms():
    store = PaymentStoreTwin()
    bare = a_notice(order_ref=None, nmid=BUS, amount=None, paid_at=None)
    found = done(bare, store, answer=a_notice(order_ref=None))
    assert store.orders[found.order_id].origin == "static"
    assert store.orders[found.order_id].created_at == SEEN


def test_a_price_that_nothing_has_there_is_for_somebody_to_look_at():
    store = PaymentStoreTwin()
    found = done(a_notice(order_ref="x", nmid=BUS, terminal="BUS-K1-01", amount=17), store)
    order = store.orders[found.order_id]
    assert (order.origin, order.site, order.status) == ("unknown", "koridor-1", "quarantined")
    assert order.details == {"order_ref": "x"}


def test_a_payment_moves_when_its_place_becomes_known():
    store = PaymentStoreTwin()
    first = done(a_notice(order_ref=None), store)
    assert kinds(store) == ["unknown_order"]
    pending = a_notice("pending", order_ref=None, nmid=BUS)
    assert done(pending, store).order_id == first.order_id
    assert kinds(store) == ["sale", "unknown_order", "unknown_order"]
    sums: dict[str, int] = {}
    for entry in store.entries.values():
        for line in entry.lines:
            sums[line.account] = sums.get(line.account, 0) + line.amount
    assert sums["suspense:unknown_order"] == 0
    assert sums["mdr:midtrans"] == 14
    waiting = PaymentStoreTwin()
    done(a_notice("pending", order_ref=None), waiting)
    done(a_notice("authorize", order_ref=None, nmid=BUS), waiting)
    assert waiting.entries == {}


def test_a_payment_does_not_move_to_another_jurisdiction():
    store = PaymentStoreTwin()
    first = done(a_notice(order_ref=None), store, jurisdiction_id=None)
    done(a_notice("pending", order_ref=None, nmid=BUS), store, jurisdiction_id=None)
    assert store.orders[first.order_id].origin == "unknown"


def test_an_order_of_ours_that_is_not_there_is_its_jurisdictions():
    store = PaymentStoreTwin()
    found = done(a_notice(), store, jurisdiction_id=None)
    assert store.orders[found.order_id].jurisdiction_id == "semarang"
    assert kinds(store) == ["unknown_order"]


# ---- Taxes


def a_bill(**changes) -> TaxBill:
    bill = TaxBill(
        jurisdiction_id="semarang", nop=NOP, year=2026, principal=3_500, due_on=date(2026, 9, 30)
    )
    return replace(bill, **changes)


def a_tax_payment(**changes):
    return a_notice(
        provider="va",
        proven=True,
        order_ref=None,
        customer_no=f"{NOP}2026",
        channel="va",
        **changes,
    )


def test_a_tax_is_paid_by_its_number_at_a_wallet():
    store = PaymentStoreTwin()
    store.bills[NOP, 2026] = a_bill()
    found = done(a_tax_payment(), store, jurisdiction_id=None)
    order = store.orders[found.order_id]
    assert (order.kind, order.status, order.jurisdiction_id) == ("tax", "paid", "semarang")
    assert order.bill == Bill(nop=NOP, year=2026, principal=3_500, penalty=0)
    assert store.bills[NOP, 2026].paid_by == order.order_id
    assert done(a_tax_payment(status="deny"), store, jurisdiction_id=None).outcome == "posted"
    assert store.bills[NOP, 2026].paid_by is None
    assert store.orders[found.order_id].status == "reversed"


def test_a_tax_is_known_by_the_whole_number_of_its_account():
    store = PaymentStoreTwin()
    store.bills[NOP, 2026] = a_bill()
    told = replace(a_tax_payment(), customer_no=None, va_number=f"33740{NOP}2026")
    done(told, store, jurisdiction_id=None)
    assert store.bills[NOP, 2026].is_paid


def test_a_bill_that_was_paid_already_is_not_paid_twice():
    store = PaymentStoreTwin()
    store.bills[NOP, 2026] = a_bill(status="paid", paid_by="SMG-PBB-0000000000001")
    found = done(a_tax_payment(), store, jurisdiction_id=None)
    assert store.orders[found.order_id].held_reason == "bill_paid"
    assert found.alarms == ("overpayment", "quarantined")
    assert kinds(store) == ["overpayment", "sale"]
    assert store.bills[NOP, 2026].paid_by == "SMG-PBB-0000000000001"


def test_a_reversal_does_not_free_a_bill_that_is_anothers():
    store = PaymentStoreTwin()
    store.bills[NOP, 2026] = a_bill()
    found = done(a_tax_payment(), store, jurisdiction_id=None)
    store.bills[NOP, 2026] = a_bill(status="paid", paid_by="SMG-PBB-0000000000001")
    assert done(a_tax_payment(status="deny"), store, jurisdiction_id=None).outcome == "posted"
    assert store.orders[found.order_id].status == "reversed"
    assert store.bills[NOP, 2026].is_paid


@pytest.mark.parametrize(
    "bill", [None, a_bill(jurisdiction_id="jateng"), a_bill(nop="337401000100100020")]
)
def test_a_bill_that_is_not_there_is_an_unknown_payment(bill):
    store = PaymentStoreTwin()
    if bill:
        store.bills[NOP, 2026] = replace(bill)
        store.bills.pop((NOP, 2026)) if bill.nop != NOP else None
    found = done(a_tax_payment(), store, jurisdiction_id=None)
    assert store.orders[found.order_id].origin == "unknown"


def test_a_number_that_is_none_names_no_bill():
    store = PaymentStoreTwin()
    told = replace(a_tax_payment(), customer_no="12")
    assert store.orders[done(told, store).order_id].origin == "unknown"


# ---- What the acquirer keeps


@pytest.mark.parametrize(
    ("order", "one", "kept"),
    [
        ({"product": "brt"}, {"channel": "qris"}, 14),
        ({"product": "brt"}, {"channel": "gopay"}, 70),
        ({"product": "brt"}, {"channel": None, "provider": "gobiz"}, 70),
        ({"product": "brt"}, {"channel": "cstore"}, 0),
        ({"product": "brt", "origin": "unknown"}, {"channel": "qris"}, 0),
        ({"product": "gone"}, {"channel": "qris"}, 0),
        ({"product": "brt", "details": {"merchant_class": "large"}}, {"channel": "qris"}, 25),
    ],
)
def test_what_the_acquirer_keeps_is_by_the_table(order, one, kept):
    paid = {"provider": "midtrans", "status": "settlement", "amount": 3_500, "paid_at": PAID}
    fee = attributing().fee(an_order(**order))
    assert fee(PaidTransaction(**(paid | one))) == kept
    assert fee(PaidTransaction(**(paid | one | {"paid_at": None}))) == kept


# ---- Orders of which nothing was heard


def checking(store, status) -> Checking:
    return Checking(store=store, status=status, world=the_world(store))


def unknown_there(_):
    raise NotConfirmed


def silent(_):
    raise ProviderUnavailable


def test_without_an_answer_an_order_keeps_its_mark():
    store = PaymentStoreTwin(an_order(stale_at=SEEN))
    assert checking(store, silent).check(ORDER_ID, SEEN).outcome == "unanswered"
    assert store.orders[ORDER_ID].stale_at == SEEN


def test_an_order_that_is_not_open_is_not_asked_after():
    store = PaymentStoreTwin(an_order())
    assert checking(store, unknown_there).check(ORDER_ID, SEEN).outcome == "ended"
    assert checking(store, unknown_there).check("SMG-BRT-0", SEEN).outcome == "ended"


def test_an_open_order_is_settled_by_the_answer():
    store = PaymentStoreTwin(an_order(stale_at=SEEN))
    assert checking(store, lambda _: a_notice()).check(ORDER_ID, SEEN).outcome == "posted"
    assert store.orders[ORDER_ID].stale_at is None


def test_one_that_is_still_open_is_asked_after_later():
    store = PaymentStoreTwin(an_order(stale_at=SEEN))
    told = a_notice("pending", order_ref=None)
    assert checking(store, lambda _: told).check(ORDER_ID, SEEN).outcome == "recorded"
    assert store.orders[ORDER_ID].stale_at == SEEN + AGAIN_AFTER


@pytest.mark.parametrize("status", [unknown_there, lambda _: None])
def test_one_that_nobody_heard_of_is_given_up_after_a_day(status):
    store = PaymentStoreTwin(an_order(stale_at=SEEN))
    asking = checking(store, status)
    assert asking.check(ORDER_ID, SEEN).outcome == "unheard of"
    assert store.orders[ORDER_ID].stale_at == SEEN + AGAIN_AFTER
    later = CREATED + timedelta(days=1)
    assert asking.check(ORDER_ID, later).outcome == "given up"
    assert (store.orders[ORDER_ID].status, store.orders[ORDER_ID].closed) == ("expired", True)


def test_one_that_is_paid_while_it_is_given_up_stays_paid():
    store = PaymentStoreTwin(an_order(stale_at=SEEN))
    asking = checking(store, lambda _: store.orders.update({ORDER_ID: an_order(version=9)}))
    assert asking.check(ORDER_ID, SEEN + timedelta(days=9)).outcome == "ended"
    assert not store.orders[ORDER_ID].closed
