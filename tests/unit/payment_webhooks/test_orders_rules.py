"""The rules of ordering, letting in and giving back, where the API's own tests do not lead."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.payment_webhooks.configuration import Client, Payments, Tariff, payments_of
from functions.payment_webhooks.order_ids import order_numbers
from functions.payment_webhooks.orders import ordering, redeeming, refunding, selling
from functions.payment_webhooks.orders.redeeming import Outcome
from functions.payment_webhooks.orders.refunding import (
    Declined,
    NotRefundable,
    RefundRefused,
    TicketsUsed,
)
from functions.payment_webhooks.orders.requests import OrderRequest
from functions.payment_webhooks.record import Order, OrderStatus, PaidTransaction, Refund
from functions.payment_webhooks.tickets import issued, tickets_of
from shared import ids
from shared.errors import Busy, Forbidden, InvalidInput
from tests.unit.payment_webhooks.orders import an_order
from tests.unit.payment_webhooks.test_tickets import PUBLIC, SIGNING, an_order_of_tickets

NOON = datetime(2026, 11, 23, 6, tzinfo=UTC)
PAYMENTS = payments_of("semarang")
SELLER = PAYMENTS.client_by_id["semarang-loket"]
GATE = PAYMENTS.client_by_id["semarang-gerbang-sam-poo-kong"]


def ordered(
    request: dict[str, Any], seller: Client = SELLER, payments: Payments = PAYMENTS
) -> Order:
    return ordering.ordered(
        OrderRequest.model_validate(request),
        order_id="SMG-BRT-7K3F9Q2M1XWZ4",
        jurisdiction_id="semarang",
        seller=seller,
        payments=payments,
        holidays=frozenset,
        bills=lambda nop, year: None,
        now=NOON,
    )


def changed(product: str, **changes: Any) -> Payments:
    products = [
        one.model_copy(update=changes) if one.code == product else one for one in PAYMENTS.products
    ]
    return Payments.model_validate(PAYMENTS.model_dump() | {"products": products})


def test_a_seller_at_a_site_sells_there_alone():
    at_one = SELLER.model_copy(update={"site": "koridor-1"})
    assert ordered({"product": "brt"}, at_one).site == "koridor-1"
    with pytest.raises(Forbidden, match="koridor-1"):
        ordered({"product": "brt", "site": "koridor-2"}, at_one)


def test_a_product_of_one_site_is_sold_there_and_one_of_several_anywhere():
    assert ordered({"product": "tiket-goa-kreo"}).site == "goa-kreo"
    assert ordered({"product": "brt"}).site is None
    assert ordered({"product": "lain-lain", "amount": 5, "site": "goa-kreo"}).site == "goa-kreo"
    with pytest.raises(InvalidInput):
        ordered({"product": "lain-lain", "amount": 5, "site": "nowhere"})


def test_a_fare_without_a_tariff_costs_what_the_order_says():
    payments = changed("brt", tariffs=())
    assert ordered({"product": "brt", "amount": 9}, payments=payments).amount == 9


def test_what_is_free_needs_no_order():
    tariffs = (Tariff(amount=0, valid_from=date(2020, 1, 1)),)
    with pytest.raises(InvalidInput) as caught:
        ordered({"product": "brt"}, payments=changed("brt", tariffs=tariffs))
    assert caught.value.faults[0].code == "free"


def test_a_merchants_order_keeps_by_what_its_fee_is_found():
    order = ordered({"product": "parkir", "amount": 2000, "nmid": "ID1026000000002"})
    assert order.details["merchant_class"] == "government"


class Shelf:
    """Orders in memory."""

    def __init__(self, *orders: Order) -> None:
        self.orders = {order.order_id: order for order in orders}

    def create(self, order: Order) -> Order | None:
        return (
            None
            if self.orders.setdefault(order.order_id, order) is order
            else self.orders[order.order_id]
        )

    def order(self, order_id: str) -> Order | None:
        return self.orders.get(order_id)

    def charged(self, order_id: str, charge: Mapping[str, Any]) -> Mapping[str, Any]:
        return charge


def test_an_order_whose_number_another_has_takes_the_next():
    key_hash = ids.keyed_hash(b"s", "semarang", SELLER.id, "k")
    first, second = islice(order_numbers("SMG", "BRT", key_hash), 2)
    shelf = Shelf(an_order(order_id=first, key_hash="another"))
    order, status = selling.stored_once(
        OrderRequest(product="brt"),
        key="k",
        secret=b"s",
        jurisdiction_id="semarang",
        seller=SELLER,
        payments=PAYMENTS,
        holidays=frozenset,
        bills=lambda nop, year: None,
        now=NOON,
        store=shelf,
    )
    assert (order.order_id, status) == (second, 201)


class Gatehouse(Shelf):
    """… and what the table answers to a redemption."""

    def __init__(self, answer: dict[str, Any] | None, *orders: Order) -> None:
        super().__init__(*orders)
        self.answer = answer
        self.scans: list[tuple[str, str, Mapping[str, Any]]] = []

    def redeem(self, *_: Any, **__: Any) -> dict[str, Any] | None:
        return self.answer

    def scanned(self, partition_key: str, scan_id: str, scan: Mapping[str, Any]) -> None:
        self.scans.append((partition_key, scan_id, scan))


def scan(house: Gatehouse, order: Order, redeemer: Client = GATE) -> redeeming.Scanned:
    return redeeming.scan(
        issued(tickets_of(order)[0], SIGNING),
        scan_id="s-1",
        gate="G1",
        at=NOON,
        redeemer=redeemer,
        jurisdiction_id="semarang",
        keys=lambda: PUBLIC,
        store=house,
    )


FIRST = {"scan_id": "s-1", "gate": "G1", "client": GATE.id, "at": "2026-11-23T05:00:00Z"}


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (None, Outcome.REDEEMED),
        ({}, Outcome.UNKNOWN),
        ({"status": "pending"}, Outcome.NOT_PAID),
        ({"status": "paid"}, Outcome.REVOKED),
        ({"status": "reversed", "revoked": True}, Outcome.REVOKED),
        ({"status": "paid", "redeemed": {"1": {"scan_id": "s-2"}}}, Outcome.DUPLICATE),
        ({"status": "paid", "redeemed": {"2": {"scan_id": "s-2"}}}, Outcome.REVOKED),
        (
            {"redeemed": {"1": FIRST}},
            Outcome.REDEEMED,
        ),
        (
            {"redeemed": {"1": {"scan_id": "s-1", "gate": "G1", "client": "another"}}},
            Outcome.DUPLICATE,
        ),
    ],
)
def test_what_stands_in_a_tickets_way_is_named(answer, outcome):
    order = an_order_of_tickets()
    house = Gatehouse(answer, order)
    assert scan(house, order).outcome is outcome
    ((place, key, kept),) = house.scans
    assert place == "S#semarang#sam-poo-kong#2026-11-23"
    assert key == f"s-1#{GATE.id}#G1"
    assert kept["outcome"] == outcome


def test_a_ticket_beyond_its_orders_quantity_is_unknown():
    order = an_order_of_tickets()
    house = Gatehouse(None, replace(order, quantity=0))
    assert scan(house, order).outcome is Outcome.UNKNOWN


def test_a_gate_without_a_site_takes_its_products_anywhere():
    order = an_order_of_tickets(site=None)
    anywhere = GATE.model_copy(update={"site": None})
    house = Gatehouse(None, order)
    assert scan(house, order, anywhere).outcome is Outcome.REDEEMED
    assert house.scans[0][0] == "S#semarang#-#2026-11-23"


def test_a_ticket_of_the_same_product_for_another_site_is_elsewhere():
    order = an_order_of_tickets(site="goa-kreo")
    assert scan(Gatehouse(None, order), order).outcome is Outcome.ELSEWHERE


def a_paid_order(**changes: Any) -> Order:
    paid = PaidTransaction(
        provider="midtrans", status="settlement", amount=60_000, paid_at=NOON, channel="qris"
    )
    values: dict[str, Any] = {
        "status": OrderStatus.PAID,
        "paid_amount": 60_000,
        "transactions": {"t": paid},
    }
    return an_order_of_tickets(**values | changes)


class Till:
    """Refunds of one order in memory; `raced` are answers to asking instead of the usual one."""

    def __init__(self, order: Order, *raced: bool, redeemed: tuple[str, ...] = ()) -> None:
        self.order = order
        self.noted: dict[str, dict[str, Any]] = {}
        self.raced = list(raced)
        self.redeemed: dict[str, Any] = {number: {} for number in redeemed}
        self.asked: list[tuple[str, int]] = []

    def values(self, order_id: str, *, consistent: bool) -> dict[str, Any]:
        kept = sum(one["amount"] for one in self.noted.values() if one["outcome"] != "refused")
        return {
            "paid_amount": self.order.paid_amount,
            "refunded_amount": self.order.refunded_amount,
            "refund_asked": kept,
            "redeemed": self.redeemed,
        }

    def refunds(self, order_id: str) -> dict[str, dict[str, Any]]:
        return self.noted

    def ask_refund(
        self, order_id: str, key: str, ask: Mapping[str, Any], *, asked: int, unused: list[int]
    ) -> bool:
        if self.raced and not self.raced.pop(0):
            return False
        self.noted[key] = dict(ask)
        return True

    def refund_accepted(self, order_id: str, key: str) -> None:
        self.noted[key]["outcome"] = "accepted"

    def refund_refused(self, order_id: str, key: str, amount: int) -> bool:
        self.noted[key]["outcome"] = "refused"
        return True

    def give(self, amount: int | None = None, key: str = "k", **changes: Any) -> tuple[int, str]:
        return refunding.refund(
            self.order,
            amount,
            key=key,
            reason="why",
            by="officer:x",
            payments=PAYMENTS,
            store=self,
            **{
                "now": NOON,
                "even_if_redeemed": False,
                "ask": lambda order, key, amount, reason: self.asked.append((key, amount)),
                **changes,
            },
        )


def test_a_refund_that_lost_a_race_is_asked_for_again_by_what_is_left_then():
    till = Till(a_paid_order(), False, False, True)
    assert till.give() == (60_000, "accepted")
    with pytest.raises(Busy):
        Till(a_paid_order(), False, False, False).give()


def test_a_refund_that_lost_its_race_to_itself_is_that_one():
    till = Till(a_paid_order())

    def raced(*_: Any, **__: Any) -> bool:
        till.noted["k"] = {"amount": 7, "outcome": "asked", "reason": "why"}
        return False

    till.ask_refund = raced  # type: ignore[method-assign]
    assert till.give() == (7, "accepted")
    assert till.asked == [("k", 7)]


def test_what_the_provider_declined_stays_declined():
    till = Till(a_paid_order())

    def decline(*_: Any) -> None:
        raise Declined

    for _ in range(2):
        with pytest.raises(RefundRefused):
            till.give(ask=decline)
    assert till.give(key="other") == (60_000, "accepted")


def test_tickets_used_are_not_given_back_unless_it_is_meant():
    with pytest.raises(TicketsUsed):
        Till(a_paid_order(), redeemed=("3",)).give(20_000)
    assert Till(a_paid_order(), redeemed=("1",)).give(40_000)[0] == 40_000
    assert Till(a_paid_order(), redeemed=("3",)).give(even_if_redeemed=True)[0] == 60_000


def test_what_is_no_ticket_takes_none():
    assert refunding.tickets_taken(an_order(), 3500) == []
    assert refunding.tickets_taken(a_paid_order(), 1) == [3]
    assert refunding.tickets_taken(a_paid_order(), 20_001) == [2, 3]


@pytest.mark.parametrize(
    "changes",
    [
        {"status": OrderStatus.PENDING},
        {"status": OrderStatus.QUARANTINED},
        {"transactions": {}},
        {"transactions": {"t": PaidTransaction(provider="va", status="settlement", paid_at=NOON)}},
    ],
)
def test_only_what_was_paid_by_a_provider_that_can_be_asked_is_refundable(changes):
    with pytest.raises(NotRefundable):
        refunding.check_refundable(a_paid_order(**changes), PAYMENTS, NOON)


def test_a_providers_window_ends_with_its_last_day():
    order = a_paid_order()
    refunding.check_refundable(order, PAYMENTS, NOON + timedelta(days=45))
    with pytest.raises(NotRefundable, match="45 days"):
        refunding.check_refundable(order, PAYMENTS, NOON + timedelta(days=45, seconds=1))
    (paid,) = order.transactions.values()
    unnamed = replace(order, transactions={"t": replace(paid, channel=None)})
    with pytest.raises(NotRefundable):  # by which channel it was paid is not known
        refunding.check_refundable(unnamed, PAYMENTS, NOON + timedelta(seconds=1))


@given(
    asks=st.lists(
        st.tuples(st.none() | st.integers(1, 70_000), st.booleans(), st.booleans()), max_size=8
    )
)
def test_never_is_more_asked_for_than_was_paid(asks):
    till = Till(a_paid_order())
    for number, (amount, declined, told) in enumerate(asks):

        def ask(order: Order, key: str, amount: int, reason: str, no: bool = declined) -> None:
            if no:
                raise Declined
            till.asked.append((key, amount))

        try:
            till.give(amount, key=str(number), ask=ask, even_if_redeemed=True)
        except (InvalidInput, NotRefundable, RefundRefused):
            continue
        if told:  # the provider's notification comes in between
            (key, given_back) = till.asked[-1]
            (paid,) = till.order.transactions.values()
            refunds = {**paid.refunds, key: Refund(amount=given_back, confirmed=True)}
            till.order = replace(
                till.order,
                refunded_amount=till.order.refunded_amount + given_back,
                transactions={"t": replace(paid, refunds=refunds)},
            )
        assert sum(amount for _, amount in till.asked) <= 60_000
