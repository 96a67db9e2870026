"""Compares the journal with the orders: what an order's facts imply is what must be posted for it.

So an entry that is taken away, added or changed is found before its hour is sealed, too.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from functions.payment_webhooks.books.verifying import Fault, Finding
from functions.payment_webhooks.entry import EntryKind, entry_id
from functions.payment_webhooks.posting import Amounts, Fact, implied
from functions.payment_webhooks.record import Order

#: Entries that follow from no order's facts: money that moved, and what people post.
_OF_NO_ORDER: Final = frozenset({EntryKind.PAYOUT, EntryKind.MDR_ADJUSTMENT, EntryKind.CORRECTION})


@dataclass(slots=True)
class _Posted:
    """What is posted for a fact of an order: the entries, and their sums by account."""

    entry_ids: list[str] = field(default_factory=list)
    sums: dict[str, int] = field(default_factory=dict)


class Following:
    """Notes orders as they stand, then the journal's entries, and tells where they part.

    Orders are noted first. One that changed while the journal was read is left out: `version_of`
    tells an order's version afterwards (None: there is no such order).
    """

    def __init__(self) -> None:
        self._orders: dict[str, tuple[int, str, dict[Fact, Amounts]]] = {}
        self._posted: dict[str, dict[Fact, _Posted]] = {}
        self._whose: dict[str, str] = {}  #: of an order that is not there, as an entry has it

    def stands(self, order: Order) -> None:
        """Note an order."""
        facts = {fact: one.amounts for fact, one in implied(order).items() if one.amounts}
        self._orders[order.order_id] = (order.version, order.jurisdiction_id, facts)

    def reads(self, entry: Mapping[str, Any]) -> None:
        """Note an entry, as plain values of its item; one that cannot be read is left out."""
        try:
            kind = EntryKind(entry["kind"])
            order_id = str(entry["order_id"])
            fact = Fact(kind, entry["provider"], entry["transaction_id"], entry["reference"])
            amounts = [(str(line["account"]), int(line["amount"])) for line in entry["lines"]]
        except (KeyError, TypeError, ValueError):
            return
        if kind in _OF_NO_ORDER:
            return
        posted = self._posted.setdefault(order_id, {}).setdefault(fact, _Posted())
        self._whose.setdefault(order_id, str(entry.get("jurisdiction_id", "")))
        posted.entry_ids.append(str(entry["sk"]))
        for account, amount in amounts:
            posted.sums[account] = posted.sums.get(account, 0) + amount

    def findings(
        self, version_of: Callable[[str], int | None], known: frozenset[str] = frozenset()
    ) -> Iterator[Finding]:
        """Yield what does not agree, but for entries that are `known` to be wrong already."""
        for order_id in sorted(self._orders.keys() | self._posted.keys()):
            version, jurisdiction_id, facts = self._orders.get(
                order_id, (None, self._whose.get(order_id, ""), {})
            )
            found = [
                one
                for one in self._of(order_id, jurisdiction_id, facts)
                if one.entry_id not in known
            ]
            if found and version_of(order_id) == version:
                yield from found

    def _of(
        self, order_id: str, jurisdiction_id: str, facts: Mapping[Fact, Amounts]
    ) -> Iterator[Finding]:
        posted = self._posted.get(order_id, {})
        for fact in sorted({*facts, *posted}):
            there = posted.get(fact, _Posted())
            sums = {account: amount for account, amount in there.sums.items() if amount}
            if sums == facts.get(fact, {}):
                continue
            fault = Fault.ALTERED if fact in facts else Fault.INSERTED
            if not there.entry_ids:
                fault = Fault.MISSING
            for number in there.entry_ids or [entry_id(*fact)]:
                yield Finding(
                    fault=fault,
                    jurisdiction_id=jurisdiction_id,
                    entry_id=number,
                    detail=f"by order {order_id}",
                )
