"""Any multiset and order of genuine notices ends in the same state and the same books."""

from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from functions.payment_webhooks.entry import EntryKind, JournalEntry
from functions.payment_webhooks.notice import Notice
from functions.payment_webhooks.processing import StaleVersion, Surroundings, process
from functions.payment_webhooks.record import Order
from functions.payment_webhooks.states import Outcome
from shared.errors import Busy
from tests.unit.payment_webhooks.orders import ORDER_ID, SEEN, an_order
from tests.unit.payment_webhooks.provider import deliveries, histories
from tests.unit.payment_webhooks.twin import PaymentStoreTwin

FEE = 14
FAILURES = ["before", "after", "meanwhile", "none"]


def answered(answer: Notice | None, *_: object) -> Notice | None:
    return answer


class Died(Exception):
    """The process ended; the queue brings its message again."""


class Failing(PaymentStoreTwin):
    """A store at which processes die, before or after a write, and where others write meanwhile."""

    def __init__(self, order: Order, failures: Iterable[str]) -> None:
        super().__init__(order)
        self.failures = iter(failures)

    def settle(self, outcome: Outcome, entries: Sequence[JournalEntry], **how: Any) -> None:
        match next(self.failures, None):
            case "before":
                raise Died
            case "after":
                super().settle(outcome, entries, **how)
                raise Died
            case "meanwhile":
                raise StaleVersion
            case _:
                super().settle(outcome, entries, **how)


def delivered(order: Order, notices, failures: Iterable[str] = ()):
    """Return the store after notices were delivered to it, each until it is done."""
    store = Failing(order, failures)
    for number, (notice, answer) in enumerate(notices):
        world = Surroundings(
            store=store,
            ask=partial(answered, answer),
            place=lambda *_: order,
            fee=lambda _: lambda one: FEE,
        )
        at = SEEN + timedelta(minutes=number)
        done = None
        while done is None:
            with suppress(Died, Busy):
                done = process(notice, "semarang", notification_id=str(number), at=at, world=world)
            check(store)
    return store


def check(store):
    """Check what must hold after each notice."""
    order = store.orders[ORDER_ID]
    assert 0 <= order.refunded_amount <= order.paid_amount
    assert all(sum(line.amount for line in one.lines) == 0 for one in store.entries.values())
    balances: Counter[str] = Counter()
    for one in store.entries.values():
        for line in one.lines:
            balances[line.account] += line.amount
    assert sum(balances.values()) == 0
    for account, amount in balances.items():
        if account.startswith(("revenue", "suspense")) or account == "refunds_payable":
            assert amount <= 0, account


def posted(store):
    """Return what is in the books, by kind and account, whatever number of entries it is."""
    sums: Counter[tuple[str, str]] = Counter()
    for one in store.entries.values():
        for line in one.lines:
            sums[one.kind, line.account] += line.amount
    return {key: amount for key, amount in sums.items() if amount}


def facts(store):
    """Return what the entries are entries of, but for those that moved money on once more."""
    moved = {EntryKind.LATE, EntryKind.OVERPAYMENT}
    return {
        (one.kind, one.transaction_id, one.reference)
        for one in store.entries.values()
        if one.kind not in moved
    }


def state(store):
    order = store.orders[ORDER_ID]
    return {
        "status": order.status,
        "held_reason": order.held_reason,
        "paid_amount": order.paid_amount,
        "refunded_amount": order.refunded_amount,
        "revoked": order.revoked,
        "provider": order.provider,
        "is_stale": order.stale_at is not None,
    }


@given(st.data())
def test_the_order_of_notices_changes_nothing(data):
    proven = data.draw(st.booleans(), label="proven")
    made = (data.draw(histories(proven=proven), label="history"),)
    in_order = [
        (told, None if proven else known)
        for told, known in zip(made[0].told, made[0].known, strict=True)
    ]
    if proven and late_and_undone(made[0]):
        return
    expected = delivered(an_order(), in_order)
    failures = data.draw(st.lists(st.sampled_from(FAILURES), max_size=12), label="failures")
    found = delivered(an_order(), data.draw(deliveries(made), label="deliveries"), failures)
    assert state(found) == state(expected)
    assert posted(found) == posted(expected)
    assert facts(found) == facts(expected)


def late_and_undone(history):
    """A provider that signs its statuses and cannot be asked: an end is after its payment then."""
    words = {one.status for one in history.told}
    return bool(words & {"cancel", "deny"} and words & {"settlement", "capture"})


@given(st.data())
def test_nor_does_that_of_two_transactions(data):
    made = tuple(
        data.draw(histories(key, proven=proven), label=key)
        for key, proven in (("t-1", False), ("t-2", data.draw(st.booleans())))
    )
    if late_and_undone(made[1]):
        return
    in_order = [
        (told, None if told.proven else known)
        for one in made
        for told, known in zip(one.told, one.known, strict=True)
    ]
    expected = delivered(an_order(), in_order)
    found = delivered(an_order(), data.draw(deliveries(made), label="deliveries"))
    assert state(found) == state(expected)
    assert posted(found) == posted(expected)
    assert facts(found) == facts(expected)
