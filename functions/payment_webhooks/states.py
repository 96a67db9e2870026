"""What becomes of an order by a notice: the whole case table, as a function of a set of facts.

| case                             | the facts                          | the order, the books            |
| -------------------------------- | ---------------------------------- | ------------------------------- |
| same status again                | known                              | as it was; nothing              |
| pending after paid               | pending beside a payment           | paid; nothing                   |
| settlement first seen            | a payment                          | paid; sale                      |
| settlement after expire, cancel, deny | an end, and a confirmed payment | as it ended; sale, late        |
| deny or cancel after paid        | a payment, and a confirmed end     | reversed, revoked; sale, reversal |
| refund before settlement         | a confirmed refund implies a payment | refunded; sale, refund        |
| refund without the bank's word   | an unconfirmed refund              | refunded; refund_pending alone  |
| refunds exceed paid              | an excess refund                   | quarantined; nothing            |
| amount ≠ order                   | a payment of another amount        | quarantined; amount_mismatch    |
| unknown order                    | a payment nobody asked for         | quarantined; unknown_order      |
| unknown status                   | none                               | as it was; nothing              |
| provider answers 404, or otherwise | none: it is held                 | as it was; nothing              |
| second paid transaction          | two payments                       | paid; sale, overpayment         |

The books are in `posting`; what is merged of one transaction in `facts`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from functions.payment_webhooks.facts import (
    CLOSED,
    UNDONE,
    fact_of,
    has_excess,
    is_late,
    is_reversed,
    is_settled,
    merged,
    needs_confirmation,
    repeats,
    returned,
)
from functions.payment_webhooks.notice import Notice
from functions.payment_webhooks.pbb import receipt_number
from functions.payment_webhooks.record import (
    AMOUNT_MISMATCH,
    BILL_PAID,
    CHALLENGE,
    LATE,
    REFUNDS_EXCEED,
    UNKNOWN,
    Order,
    OrderStatus,
    PaidTransaction,
)

#: How long a payment may be pending before the provider is asked, if the order has no end of its own.
STALE_AFTER: Final = timedelta(minutes=30)

#: How a transaction ended without being paid, and what its order then is; the first found counts.
_ENDS: Final = {
    "cancel": OrderStatus.CANCELLED,
    "expire": OrderStatus.EXPIRED,
    "deny": OrderStatus.DENIED,
    "failure": OrderStatus.FAILED,
}
#: In which statuses a ticket that was paid for is still good.
_GOOD: Final = frozenset({OrderStatus.PAID, OrderStatus.PARTIALLY_REFUNDED})

#: What a provider is expected to keep of a transaction, in rupiah.
Fee = Callable[[PaidTransaction], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a notice makes of an order; `claim` names the event, and is None if nothing changed."""

    before: Order
    after: Order
    claim: str | None


def is_repeated(order: Order, notice: Notice) -> bool:
    """Tell whether an order knows already all that a notice tells."""
    return repeats(order.transactions.get(notice.transaction_id), notice)


def is_to_be_confirmed(order: Order, notice: Notice) -> bool:
    """Tell whether the provider is to be asked before the order changes."""
    return needs_confirmation(order.transactions.get(notice.transaction_id), notice)


def settle(
    order: Order, notice: Notice, confirmation: Notice | None, *, fee: Fee, at: datetime
) -> Outcome:
    """Return what a notice, and what the provider answered about it, make of an order.

    Raises:
        NotConfirmed: the provider does not bear the notice out (yet).
    """
    known = order.transactions.get(notice.transaction_id)
    one = merged(known, notice, confirmation)
    if is_settled(one) and not (known and is_settled(known)) and not one.charged:
        one = replace(one, mdr=fee(one))
    if one == known:
        return Outcome(before=order, after=order, claim=None)
    transactions = {**order.transactions, notice.transaction_id: one}
    after = derived(replace(order, transactions=transactions, version=order.version + 1), at)
    return Outcome(before=order, after=after, claim=_claim(notice, known, one))


def closed(order: Order, at: datetime) -> Order:
    """Return an order that its provider never heard of, and that has run out of time."""
    return derived(replace(order, closed=True, version=order.version + 1), at)


def derived(order: Order, at: datetime) -> Order:
    """Return an order with all that follows from its transactions."""
    live = {key: one for key, one in order.transactions.items() if is_live(one)}
    status = _status(order)
    open_ = status in {OrderStatus.PENDING, OrderStatus.CREATED}
    given = sum(refund.amount for one in live.values() for refund in returned(one).values())
    return replace(
        order,
        status=status,
        provider=min(
            ((not is_live(one), one.provider) for one in order.transactions.values()),
            default=(True, order.provider),
        )[1],
        held_reason=_held(order),
        paid_amount=sum(one.amount or 0 for one in live.values()),
        refunded_amount=given,
        revoked=any(map(is_settled, order.transactions.values())) and status not in _GOOD,
        receipt_number=_receipt(order),
        stale_at=(order.stale_at or order.expires_at or at + STALE_AFTER) if open_ else None,
    )


def _receipt(order: Order) -> str | None:
    """Return the number that proves the payment of a bill; a payment keeps the one it has."""
    if order.bill is None:
        return order.receipt_number
    numbers = [receipt_number(order.order_id, key) for key in paying(order)]
    if not numbers or order.receipt_number in numbers:
        return order.receipt_number
    return numbers[0]


def is_live(one: PaidTransaction) -> bool:
    """Tell whether a transaction's money is ours, but for what was given back of it."""
    return is_settled(one) and not is_reversed(one)


def fits(order: Order, one: PaidTransaction) -> bool:
    """Tell whether a transaction pays what the order asks."""
    return order.origin != UNKNOWN and one.amount == order.amount


def is_too_late(order: Order, one: PaidTransaction) -> bool:
    """Tell whether a transaction paid for what had ended by then."""
    return is_late(one) or (order.closed and is_live(one))


def net(one: PaidTransaction) -> int:
    """Return the rupiah of a transaction that were not given back."""
    return (one.amount or 0) - sum(refund.amount for refund in returned(one).values())


def paying(order: Order) -> Mapping[str, PaidTransaction]:
    """Return the transactions that pay the order in time, by id."""
    return {
        key: one
        for key, one in sorted(order.transactions.items())
        if is_live(one) and fits(order, one) and not is_too_late(order, one)
    }


def _status(order: Order) -> OrderStatus:
    live = [one for one in order.transactions.values() if is_live(one)]
    if not live:
        return _unpaid(order)
    held = _quarantines(order)
    in_time = paying(order)
    counted = live if held or not in_time else list(in_time.values())
    left = sum(map(net, counted))
    if held == REFUNDS_EXCEED or (held and left):
        return OrderStatus.QUARANTINED
    if left >= order.amount:
        return OrderStatus.PAID if in_time else _end(live, order)
    if any(refund.chargeback for one in counted for refund in returned(one).values()):
        return OrderStatus.CHARGED_BACK
    return OrderStatus.PARTIALLY_REFUNDED if left else OrderStatus.REFUNDED


def _unpaid(order: Order) -> OrderStatus:
    every = order.transactions.values()
    if any(map(is_reversed, every)):
        return OrderStatus.REVERSED
    if order.closed:
        return OrderStatus.EXPIRED
    if any(not CLOSED.intersection(one.facts + one.confirmed) for one in every):
        return OrderStatus.PENDING
    return _end(every, order) if every else order.status


def _end(ended: Iterable[PaidTransaction], order: Order) -> OrderStatus:
    words = {word for one in ended for word in one.facts + one.confirmed}
    return next(
        (status for word, status in _ENDS.items() if word in words and not order.closed),
        OrderStatus.EXPIRED,
    )


def _quarantines(order: Order) -> str | None:
    """Return why nobody but an operator may go on with an order, or None."""
    every = order.transactions.values()
    live = [one for one in every if is_live(one)]
    if order.origin == UNKNOWN and live:
        return UNKNOWN
    if any(not fits(order, one) for one in live):
        return AMOUNT_MISMATCH
    if any(map(has_excess, every)):
        return REFUNDS_EXCEED
    return BILL_PAID if order.held_reason == BILL_PAID else None


def _held(order: Order) -> str | None:
    if reason := _quarantines(order):
        return reason
    every = order.transactions.values()
    if any(is_live(one) and is_too_late(order, one) for one in every):
        return LATE
    waiting = (one for one in every if not is_settled(one) and one.status == CHALLENGE)
    return CHALLENGE if any(waiting) else None


def _claim(notice: Notice, known: PaidTransaction | None, one: PaidTransaction) -> str:
    """Return the sort key of the event's claim: what it is that nobody told before."""
    before = known.refunds if known else {}
    new = [key for key, refund in sorted(one.refunds.items()) if before.get(key) != refund]
    told: Sequence[str] = [refund.key for refund in notice.refunds]
    key = next(iter(new or told), "")
    confirmed = key in one.refunds and one.refunds[key].confirmed
    if known and notice.status in UNDONE and notice.status in known.facts:
        confirmed = True  # it was told before, and the provider knows of it only now
    event = (notice.provider, notice.transaction_id, fact_of(notice), key, str(int(confirmed)))
    return "EVENT#" + "#".join(event)
