"""What the books say of an order, and which entries bring them there.

`implied` is a function of the order's facts alone; what is posted for a change is what the facts
imply after it, less what they implied before. So no order of notices makes another balance.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from functions.payment_webhooks import accounts
from functions.payment_webhooks.entry import EntryKind, JournalEntry, Line, entry_id
from functions.payment_webhooks.facts import is_reversed, is_settled, returned
from functions.payment_webhooks.record import BILL_PAID, UNKNOWN, Order, PaidTransaction
from functions.payment_webhooks.states import fits, is_live, is_too_late, net, paying

Credits = Sequence[tuple[str, int]]


class Fact(NamedTuple):
    """What an entry is the entry of."""

    kind: EntryKind
    provider: str
    transaction_id: str
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Implied:
    """Rupiah on accounts, and when what implies them happened, if that is known."""

    lines: Mapping[str, int]
    occurred_at: datetime | None = None


_NOTHING: Final = Implied({})


def entries(before: Order, after: Order, at: datetime) -> tuple[JournalEntry, ...]:
    """Return the entries of a change of an order's facts, posted at an instant."""
    was, is_now = implied(before), implied(after)
    return tuple(
        _entry(after, fact, lines, is_now.get(fact, _NOTHING), at, again=fact in was)
        for fact in sorted({*was, *is_now})
        if (lines := _difference(was.get(fact, _NOTHING), is_now.get(fact, _NOTHING)))
    )


def implied(order: Order) -> Mapping[Fact, Implied]:
    """Return all that the facts of an order imply; each balances."""
    found: dict[Fact, Implied] = {}
    for key, one in sorted(order.transactions.items()):
        if is_settled(one):
            found |= _of_transaction(order, key, one)
    in_time = paying(order)
    surplus = sum(map(net, in_time.values()))
    if order.held_reason != BILL_PAID:
        surplus = max(0, surplus - order.amount)
    if surplus:
        left = _sum(_left(order, one) for one in in_time.values())
        last = max((one.paid_at for one in in_time.values() if one.paid_at), default=None)
        fact = Fact(EntryKind.OVERPAYMENT, order.provider or "", "", order.order_id)
        # Which transaction is the second depends on the order of notices: it is the order's.
        fact = fact._replace(provider="")
        found[fact] = Implied(_moved(_drawn(left, surplus), EntryKind.OVERPAYMENT), last)
    return found


def _of_transaction(order: Order, key: str, one: PaidTransaction) -> Iterator[tuple[Fact, Implied]]:
    ...
