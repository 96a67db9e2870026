"""What the books say of an order, and which entries bring them there.

`implied` is a function of the order's facts alone; what is posted for a change is what the facts
imply after it, less what they implied before. So no order of notices makes another balance.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from functions.payment_webhooks import accounts
from functions.payment_webhooks.entry import EntryKind, JournalEntry, Line, entry_id
from functions.payment_webhooks.facts import is_reversed, is_settled, returned
from functions.payment_webhooks.record import BILL_PAID, UNKNOWN, Order, PaidTransaction, Refund
from functions.payment_webhooks.states import fits, is_too_late, net, paying

#: Rupiah on accounts; a debit is positive.
Amounts = Mapping[str, int]


class Fact(NamedTuple):
    """What an entry is the entry of."""

    kind: EntryKind
    provider: str
    transaction_id: str
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Implied:
    """Rupiah on accounts, and when what implies them happened, if that is known."""

    amounts: Amounts
    occurred_at: datetime | None = None


_NOTHING: Final = Implied({})


def entries(before: Order, after: Order, at: datetime) -> tuple[JournalEntry, ...]:
    """Return the entries of a change of an order's facts, posted at an instant."""
    was, is_now = implied(before), implied(after)
    found = []
    for fact in sorted({*was, *is_now}):
        to = is_now.get(fact, _NOTHING)
        amounts = _sum((to.amounts, _negative(was.get(fact, _NOTHING).amounts)))
        if amounts:
            number = entry_id(*fact)
            if fact in was:  # it is posted, and turned out to be something else
                number = entry_id(*fact[:3], f"{fact.reference}@{after.version}")
            found.append(_entry(after, fact, number, Implied(amounts, to.occurred_at), at))
    return tuple(found)


def implied(order: Order) -> Mapping[Fact, Implied]:
    """Return all that the facts of an order imply; each balances."""
    found: dict[Fact, Implied] = {}
    for key, one in sorted(order.transactions.items()):
        if is_settled(one):
            found |= _of_transaction(order, key, one)
    return {**found, **_of_surplus(order)}


def _of_transaction(order: Order, key: str, one: PaidTransaction) -> Mapping[Fact, Implied]:
    """Return what came in by a transaction, what went back, and what came too late."""

    def fact(kind: EntryKind, reference: str = "") -> Fact:
        return Fact(kind, one.provider, key, reference)

    kind, credited = _received(order, one)
    came = _sum(
        (
            {
                accounts.clearing(one.provider): (one.amount or 0) - one.mdr,
                accounts.mdr(one.provider): one.mdr,
            },
            _negative(credited),
        )
    )
    found = {fact(kind): Implied(came, one.paid_at)}
    if is_reversed(one):
        return {**found, fact(EntryKind.REVERSAL): Implied(_negative(came))}
    left = credited
    for reference, refund in returned(one).items():
        drawn = _drawn(left, refund.amount)
        left = _sum((left, _negative(drawn)))
        for of_refund, amounts in _given_back(one, refund, drawn):
            found[fact(of_refund, reference)] = Implied(amounts, refund.at)
    if kind is EntryKind.SALE and is_too_late(order, one):
        late = _moved(left, accounts.suspense("late"))
        found[fact(EntryKind.LATE)] = Implied(late, one.paid_at)
    return found


def _received(order: Order, one: PaidTransaction) -> tuple[EntryKind, Amounts]:
    """Return what a payment is in the books, and the accounts that it is credited to."""
    amount = one.amount or 0
    if order.origin == UNKNOWN:
        return EntryKind.UNKNOWN_ORDER, {accounts.suspense("unknown_order"): amount}
    if not fits(order, one):
        return EntryKind.AMOUNT_MISMATCH, {accounts.suspense("amount_mismatch"): amount}
    return EntryKind.SALE, _credits(order)


def _given_back(
    one: PaidTransaction, refund: Refund, drawn: Amounts
) -> Sequence[tuple[EntryKind, Amounts]]:
    """Return the entries of a refund: that we owe it, and, once the bank says so, that it is paid."""
    clearing = accounts.clearing(one.provider)
    if refund.chargeback:
        return [(EntryKind.CHARGEBACK, _moved(drawn, clearing))]
    owed = [(EntryKind.REFUND_PENDING, _moved(drawn, accounts.REFUNDS_PAYABLE))]
    if not refund.confirmed:
        return owed
    paid = _moved({accounts.REFUNDS_PAYABLE: refund.amount}, clearing)
    return [*owed, (EntryKind.REFUND_SETTLED, paid)]


def _of_surplus(order: Order) -> Mapping[Fact, Implied]:
    """Return what was paid more often than asked: revenue that is none.

    Which of two payments was the second depends on who tells, so this is the order's, not a
    transaction's.
    """
    in_time = paying(order).values()
    surplus = sum(map(net, in_time))
    if order.held_reason != BILL_PAID:
        surplus = max(0, surplus - order.amount)
    if not surplus:
        return {}
    left = _sum(_left(order, one) for one in in_time)
    amounts = _moved(_drawn(left, surplus), accounts.suspense("overpayment"))
    last = max((one.paid_at for one in in_time if one.paid_at), default=None)
    return {Fact(EntryKind.OVERPAYMENT, "", "", order.order_id): Implied(amounts, last)}


def _credits(order: Order) -> Amounts:
    return _sum({account: amount} for account, amount in order.credits)


def _left(order: Order, one: PaidTransaction) -> Amounts:
    """Return what is left on the accounts that a payment was credited to."""
    gone = (one.amount or 0) - net(one)
    return _sum((_credits(order), _negative(_drawn(_credits(order), gone))))


def _drawn(credited: Amounts, amount: int) -> Amounts:
    """Return how an amount is drawn from accounts: from the last first, so from a penalty."""
    drawn = {}
    for account, there in reversed(list(credited.items())):
        drawn[account] = min(there, amount)
        amount -= drawn[account]
    return drawn


def _moved(amounts: Amounts, to: str) -> Amounts:
    """Return the lines that move amounts from where they were credited to an account."""
    return _sum((amounts, {to: -sum(amounts.values())}))


def _negative(amounts: Amounts) -> Amounts:
    return {account: -amount for account, amount in amounts.items()}


def _sum(many: Iterable[Amounts]) -> Amounts:
    total: dict[str, int] = {}
    for amounts in many:
        for account, amount in amounts.items():
            total[account] = total.get(account, 0) + amount
    return {account: amount for account, amount in total.items() if amount}


def _entry(order: Order, fact: Fact, number: str, implied_: Implied, at: datetime) -> JournalEntry:
    return JournalEntry(
        entry_id=number,
        kind=fact.kind,
        jurisdiction_id=order.jurisdiction_id,
        order_id=order.order_id,
        provider=fact.provider,
        transaction_id=fact.transaction_id,
        reference=fact.reference,
        product=order.product,
        site=order.site,
        occurred_at=implied_.occurred_at or at,
        posted_at=at,
        lines=tuple(Line(account, amount) for account, amount in implied_.amounts.items()),
    )
