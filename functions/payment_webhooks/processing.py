"""What is done with one notice: find its order, ask the provider, settle, write; or nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol

from functions.payment_webhooks import posting, states
from functions.payment_webhooks.entry import EntryKind, JournalEntry
from functions.payment_webhooks.facts import NotConfirmed, is_settled
from functions.payment_webhooks.notice import Notice
from functions.payment_webhooks.order_ids import is_order_number
from functions.payment_webhooks.providers.marketplace import PROVIDER as MARKETPLACES
from functions.payment_webhooks.record import BILL_PAID, UNKNOWN, Order, OrderStatus
from functions.payment_webhooks.states import Fee, Outcome
from shared.errors import Busy

#: How often an order is read again after others wrote it at the same moment.
TRIES: Final = 5
#: So many entries go into one transaction; more are of a disorder, and go in steps.
MOST_ENTRIES: Final = 2


class Bill(StrEnum):
    """What a change of an order does to the bill that it pays."""

    CLAIM = "claim"
    RELEASE = "release"
    LEAVE = "leave"


class StaleVersion(Exception):
    """Somebody wrote the order since it was read."""


class Claimed(Exception):
    """The event is recorded already."""


class BillTaken(Exception):
    """The bill that the order pays is not its own: another order paid it."""


class Store(Protocol):
    """Where orders and entries are kept."""

    def get(self, order_id: str) -> Order | None:
        """Return an order as it is now, or None."""

    def settle(
        self,
        outcome: Outcome,
        entries: Sequence[JournalEntry],
        *,
        notification_id: str,
        at: datetime,
        bill: Bill,
    ) -> None:
        """Write an event's claim, the order and its entries, or nothing of it.

        Raises:
            Claimed, StaleVersion, BillTaken: nothing was written.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What processing needs of the world.

    `ask` returns what the provider answers about a notice's transaction, None where it cannot be
    asked. `place` returns an order, of version 0, for a payment that has none.
    """

    store: Store
    ask: Callable[[Order, Notice], Notice | None]
    place: Callable[[Notice, str | None, datetime], Order]
    fee: Callable[[Order], Fee]


@dataclass(frozen=True, slots=True, kw_only=True)
class Processed:
    """What came of a notice, in a word, and of which order; `alarms` are for somebody to look at."""

    outcome: str
    order_id: str | None = None
    alarms: tuple[str, ...] = ()


def process(
    notice: Notice,
    jurisdiction_id: str | None,
    *,
    notification_id: str,
    at: datetime,
    world: Surroundings,
) -> Processed:
    """Do what a notice asks for, once. Repeated, it does nothing.

    Raises:
        NotConfirmed: the provider does not bear it out (yet): it must come again.
        Busy: others kept writing the same order.
    """
    if notice.is_test:
        return Processed(outcome="test")
    if not notice.is_known or notice.currency != "IDR":
        return Processed(outcome="unhandled", order_id=notice.order_ref, alarms=("unhandled",))
    bill_taken = False
    for _ in range(TRIES):
        order = _order_of(notice, jurisdiction_id, at, world)
        if states.is_repeated(order, notice):
            return Processed(outcome="repeated", order_id=order.order_id)
        asked = states.is_to_be_confirmed(order, notice)
        answer = world.ask(order, notice) if asked else None
        event = _Event(notice, answer, notification_id, at)
        now = order
        if order.version == 0 or order.origin == UNKNOWN:
            told = replace(notice, amount=(answer and answer.amount) or notice.amount)
            now = _attributed(order, world.place(told, jurisdiction_id, at), world)
        if bill_taken and not _has_bill(order):
            now = replace(now, held_reason=BILL_PAID)
        try:
            return _written(order, now, event, world, bill_taken=bill_taken)
        except Claimed:
            return Processed(outcome="repeated", order_id=order.order_id)
        except BillTaken:
            bill_taken = True
        except StaleVersion:
            continue
    raise Busy


def _order_of(
    notice: Notice, jurisdiction_id: str | None, at: datetime, world: Surroundings
) -> Order:
    """Return the order that a notice is of: ours, one made for it before, or one made now.

    Raises:
        NotConfirmed: a marketplace undoes a sale that it has not told of yet.
    """
    if notice.order_ref and is_order_number(notice.order_ref):
        found = world.store.get(notice.order_ref)
        if found:
            return found
        if notice.provider.startswith(MARKETPLACES):
            # A sale is an order before it is queued; one made here would never meet it.
            raise NotConfirmed("no such sale is known")
    placed = world.place(notice, jurisdiction_id, at)
    return world.store.get(placed.order_id) or placed


def _attributed(order: Order, placed: Order, world: Surroundings) -> Order:
    """Return an order made for a payment, by what a notice tells of who received it, and how much.

    One that was unknown may become known by a later notice; its payment then moves in the books.
    """
    if order.version == 0:
        return placed
    if placed.origin == UNKNOWN or placed.jurisdiction_id != order.jurisdiction_id:
        return order
    fee = world.fee(placed)
    return replace(
        placed,
        version=order.version,
        created_at=order.created_at,
        transactions={
            key: replace(one, mdr=fee(one)) if is_settled(one) else one
            for key, one in order.transactions.items()
        },
    )


def _has_bill(order: Order) -> bool:
    """Tell whether an order has paid its bill, as far as the order knows."""
    paid = order.status in {OrderStatus.PAID, OrderStatus.PARTIALLY_REFUNDED}
    return order.bill is not None and paid


def _of_bill(done: Outcome) -> Bill:
    had, has = _has_bill(done.before), _has_bill(done.after)
    if had == has:
        return Bill.LEAVE
    return Bill.CLAIM if has else Bill.RELEASE


def _written(
    stored: Order, order: Order, event: "_Event", world: Surroundings, *, bill_taken: bool
) -> Processed:
    """Write what an event makes of an order; `order` is the stored one with what is known now."""
    alarms: list[str] = []
    outcome = "repeated"
    for notice, answer in _steps(stored, order, event, world):
        done = states.settle(order, notice, answer, fee=world.fee(order), at=event.at)
        if done.claim is None:
            continue
        done = replace(done, before=stored)
        entries = posting.entries(stored, done.after, event.at)
        bill = Bill.LEAVE if bill_taken else _of_bill(done)
        world.store.settle(
            done, entries, notification_id=event.notification_id, at=event.at, bill=bill
        )
        alarms += _alarms(done, entries)
        stored = order = done.after
        outcome = "posted" if entries or outcome == "posted" else "recorded"
    return Processed(outcome=outcome, order_id=order.order_id, alarms=tuple(dict.fromkeys(alarms)))


def _steps(
    stored: Order, order: Order, event: "_Event", world: Surroundings
) -> Sequence[tuple[Notice, Notice | None]]:
    """Return a notice in one step; or, if that needs too many entries, first without the bank's word."""
    notice, answer = event.notice, event.answer
    done = states.settle(order, notice, answer, fee=world.fee(order), at=event.at)
    if len(posting.entries(stored, done.after, event.at)) <= MOST_ENTRIES:
        return [(notice, answer)]
    return [(_unconfirmed(notice), answer and _unconfirmed(answer)), (notice, answer)]


@dataclass(frozen=True, slots=True)
class _Event:
    notice: Notice
    answer: Notice | None
    notification_id: str
    at: datetime


def _unconfirmed(notice: Notice) -> Notice:
    refunds = tuple(replace(one, confirmed=False) for one in notice.refunds)
    return replace(notice, refunds=refunds)


_ALARMING: Final = {
    EntryKind.LATE: "late",
    EntryKind.OVERPAYMENT: "overpayment",
    EntryKind.UNKNOWN_ORDER: "unknown",
    EntryKind.AMOUNT_MISMATCH: "quarantined",
}


def _alarms(done: Outcome, entries: Sequence[JournalEntry]) -> Sequence[str]:
    found = [_ALARMING[entry.kind] for entry in entries if entry.kind in _ALARMING]
    quarantined = (done.before.status, done.after.status) != (OrderStatus.QUARANTINED,) * 2
    if quarantined and done.after.status is OrderStatus.QUARANTINED and "unknown" not in found:
        found.append("quarantined")
    return found
