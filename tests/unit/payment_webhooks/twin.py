"""Orders and entries in memory: the suite of `PaymentStore` holds this twin to the same."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from functions.payment_webhooks.entry import JournalEntry, stored
from functions.payment_webhooks.items import order_from, order_values
from functions.payment_webhooks.pbb import TaxBill
from functions.payment_webhooks.processing import Bill, BillTaken, Claimed, StaleVersion
from functions.payment_webhooks.record import Order
from functions.payment_webhooks.states import Outcome
from shared.dynamo import from_item, to_item


class PaymentStoreTwin:
    def __init__(self, *orders: Order) -> None:
        self.orders = {order.order_id: order for order in orders}
        self.claims: set[tuple[str, str]] = set()
        self.entries: dict[str, JournalEntry] = {}
        self.bills: dict[tuple[str, int], TaxBill] = {}

    def create(self, order: Order) -> Order | None:
        if order.order_id in self.orders:
            return self.orders[order.order_id]
        self.orders[order.order_id] = order
        return None

    def change(self, before: Order, after: Order) -> None:
        if self.orders[before.order_id].version != before.version:
            raise StaleVersion
        self.orders[after.order_id] = after

    def ask_later(self, order_id: str, was: datetime, until: datetime) -> None:
        if self.orders[order_id].stale_at == was:
            self.orders[order_id] = replace(self.orders[order_id], stale_at=until)

    def get(self, order_id: str) -> Order | None:
        return self.orders.get(order_id)

    def bill(self, nop: str, year: int) -> TaxBill | None:
        return self.bills.get((nop, year))

    def settle(
        self,
        outcome: Outcome,
        entries: Sequence[JournalEntry],
        *,
        notification_id: str,
        at: datetime,
        bill: Bill,
    ) -> None:
        before, after = outcome.before, outcome.after
        assert outcome.claim is not None
        there = self.orders.get(before.order_id)
        if (before.order_id, outcome.claim) in self.claims:
            raise Claimed
        if (there.version if there else 0) != before.version:
            raise StaleVersion
        assert not self.entries.keys() & {entry.entry_id for entry in entries}
        self._pay(after, bill, at)
        self.claims.add((before.order_id, outcome.claim))
        self.orders[after.order_id] = order_from(from_item(to_item(order_values(after))))
        self.entries |= {entry.entry_id: stored(entry) for entry in entries}

    def _pay(self, order: Order, bill: Bill, at: datetime) -> None:
        if bill is Bill.LEAVE or order.bill is None:
            return
        key = (order.bill.nop, order.bill.year)
        there = self.bills.get(key)
        if there is None or there.paid_by not in (None, order.order_id):
            raise BillTaken
        if bill is Bill.CLAIM:
            self.bills[key] = replace(there, status="paid", paid_by=order.order_id)
        else:
            self.bills[key] = replace(there, status="unpaid", paid_by=None)
