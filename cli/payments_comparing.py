"""Compares what ours says of payments with the truth of who played them."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from cli.payments_access import bills_of, orders_of
from cli.provider_simulator import Progress
from cli.surroundings import Surroundings
from functions.payment_webhooks.pbb import TaxBill
from functions.payment_webhooks.record import Order

#: How long the queue has to be worked off after the last notification.
_SETTLES_WITHIN_S: Final = 120.0

Told = Mapping[str, Any]


def settled(
    around: Surroundings,
    truth: Mapping[str, Sequence[Told]],
    progress: Progress | None,
    sleep: Callable[[float], None],
) -> dict[str, str]:
    """Wait until ours says what the truth does; return what does not, and how it differs.

    `truth` has the orders, the marketplaces' sales (`marketplace`) and the bills in a `wallet`.
    """
    waiting = {part: truth[part] for part in _WRONG}
    whole = sum(map(len, waiting.values()))
    different: dict[str, str] = {}
    deadline = time.monotonic() + _SETTLES_WITHIN_S
    while any(waiting.values()) and time.monotonic() < deadline:
        wrong = {part: list(_WRONG[part](around, told)) for part, told in waiting.items()}
        waiting = {part: [told for told, _ in found] for part, found in wrong.items()}
        different = {name_of(told): why for found in wrong.values() for told, why in found}
        if progress:
            progress("settling", whole - len(different), whole)
        if different:
            sleep(1.0)
    return different


def differs(order: Order | None, told: Told) -> str | None:
    """Return how an order is not as the provider says; None if it is."""
    if order is None:
        return "missing"
    if order.status != told["expected_status"]:
        return f"{order.status}, not {told['expected_status']}"
    transaction = order.transactions.get(told["transaction_id"])
    if transaction is None:
        return "its transaction is missing"
    confirmed = {one["key"]: one["confirmed"] for one in told["refunds"]}
    ours = {key: one.confirmed for key, one in transaction.refunds.items() if not one.chargeback}
    if ours != confirmed:
        return f"refunds {ours}, not {confirmed}"
    if "again" in told and told["again"]["transaction_id"] not in order.transactions:
        return "its second payment is missing"
    return None


def sale_differs(order: Order | None, told: Told) -> str | None:
    """Return how the order of a marketplace's sale is not as the marketplace says."""
    if order is None:
        return "missing"
    if order.status != told["expected_status"]:
        return f"{order.status}, not {told['expected_status']}"
    if (order.amount, order.refunded_amount) != (told["amount"], told["refunded"]):
        return f"Rp{order.amount} less Rp{order.refunded_amount}"
    return None if told["transaction_id"] in order.transactions else "its sale is missing"


def bill_differs(bill: TaxBill | None, told: Told) -> str | None:
    """Return how a tax bill is not as the wallet says in which it was paid."""
    if bill is None:
        return "missing"
    return None if bill.status == told["expected_bill"] else f"{bill.status}: {bill.paid_by}"


Wrong = Iterator[tuple[Told, str]]


def _wrong_orders(around: Surroundings, told: Sequence[Told]) -> Wrong:
    return _wrong_by_number(around, told, differs)


def _wrong_sales(around: Surroundings, told: Sequence[Told]) -> Wrong:
    return _wrong_by_number(around, told, sale_differs)


def _wrong_by_number(
    around: Surroundings, told: Sequence[Told], compare: Callable[[Order | None, Told], str | None]
) -> Wrong:
    found = orders_of(around, [one["order_id"] for one in told if one["order_id"]])
    for one in told:
        if why := compare(found.get(one["order_id"]), one):
            yield one, why


def _wrong_bills(around: Surroundings, told: Sequence[Told]) -> Wrong:
    found = bills_of(around, [(one["nop"], one["year"]) for one in told])
    for one, bill in zip(told, found, strict=True):
        if why := bill_differs(bill, one):
            yield one, why


_WRONG: Final[Mapping[str, Callable[[Surroundings, Sequence[Told]], Wrong]]] = {
    "orders": _wrong_orders,
    "marketplace": _wrong_sales,
    "wallet": _wrong_bills,
}


def name_of(told: Told) -> str:
    """Return what a person finds it by."""
    if "nop" in told:
        return f"{told['nop']} {told['year']}"
    return str(told["order_id"] or told["transaction_id"])
