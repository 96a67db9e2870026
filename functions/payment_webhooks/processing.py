"""What is done with one notice: find its order, ask the provider, settle, write; or nothing."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Protocol

from functions.payment_webhooks import posting, states
from functions.payment_webhooks.entry import EntryKind, JournalEntry
from functions.payment_webhooks.notice import Notice
from functions.payment_webhooks.record import BILL_PAID, Order, OrderStatus
from functions.payment_webhooks.states import Fee, Outcome
from shared.errors import Busy
from shared.ids import derived_number

#: How often an order is read again after others wrote it at the same moment.
TRIES: Final = 5
#: So many entries go into one transaction; more are of a disorder, and go in steps.
MOST_ENTRIES: Final = 2

OUR_ORDER: Final = re.compile(r"[A-Z]{3}-[A-Z]{3}-[0-9A-HJKMNP-TV-Z]{13}")


class StaleVersion(Exception):
    """Somebody wrote the order since it was read."""


class Claimed(Exception):
    """The event is recorded already."""


class BillTaken(Exception):
    """The bill that the order pays was paid by another order."""


class Store(Protocol):
    """Where orders and entries are kept."""

    def get(self, order_id: str) -> Order | None:
        """Return an order as it is now, or None."""

    def settle(
        self, outcome: Outcome, entries: Sequence[JournalEntry], *, notification_id: str, at: datetime
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
        if order.version == 0:
            order = _order_placed(order, notice, answer, jurisdiction_id, at, world)
        if bill_taken:
            order = replace(order, held_reason=BILL_PAID)
        try:
            return _written(order, notice, answer, notification_id, at, world)
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
    """Return the order that a notice is of: ours, one made for it before, or one made now."""
    if notice.order_ref and OUR_ORDER.fullmatch(notice.order_ref):
        found = world.store.get(notice.order_ref)
        if found:
            return found
    placed = world.place(notice, jurisdiction_id, at)
    return world.store.get(placed.order_id) or placed


def _order_placed(
    order: Order,
    notice: Notice,
    answer: Notice | None,
    jurisdiction_id: str | None,
    at: datetime,
    world: Surroundings,
) -> Order:
    """Return an order that is made for a payment, by the amount that the provider told."""
    if answer is None or answer.amount in (None, notice.amount):
        return order
    return world.place(replace(notice, amount=answer.amount), jurisdiction_id, at)


def _written(
    order: Order,
    notice: Notice,
    answer: Notice | None,
    notification_id: str,
    at: datetime,
    world: Surroundings,
) -> Processed:
    alarms: list[str] = []
    outcome = "repeated"
    for told, answered in _steps(order, notice, answer, world, at):
        done = states.settle(order, told, answered, fee=world.fee(order), at=at)
        if done.claim is None:
            continue
        entries = posting.entries(order, done.after, at)
        world.store.settle(done, entries, notification_id=notification_id, at=at)
        alarms += _alarms(done, entries)
        order, outcome = done.after, "posted" if entries or outcome == "posted" else "recorded"
    return Processed(
        outcome=outcome, order_id=order.order_id, alarms=tuple(dict.fromkeys(alarms))
    )


def _steps(
    order: Order, notice: Notice, answer: Notice | None, world: Surroundings, at: datetime
) -> Sequence[tuple[Notice, Notice | None]]:
    """Return a notice in one step; or, if that needs too many entries, first without the bank's word."""
    done = states.settle(order, notice, answer, fee=world.fee(order), at=at)
    if len(posting.entries(order, done.after, at)) <= MOST_ENTRIES:
        return [(notice, answer)]
    return [(_unconfirmed(notice), _unconfirmed(answer) if answer else None), (notice, answer)]


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


def order_id_of(prefix: str, code: str, provider: str, transaction_id: str) -> str:
    """Return the number of the order that is made for a payment without one."""
    return derived_number(f"{prefix}-{code}", f"{provider}\n{transaction_id}")
