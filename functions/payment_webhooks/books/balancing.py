"""Compares the totals of days, as they are kept, with the entries that they are of."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from functions.payment_webhooks.books.balances import OVERLAP, Sums
from functions.payment_webhooks.books.verifying import Fault, Finding
from functions.payment_webhooks.entry import Unreadable
from shared.clock import to_text

_FIGURES: Final = ("entries", "accounts", "revenue")


class Balancing:
    """Notes the totals that are kept, then the journal's entries, and tells where they part.

    Totals are noted first, with the instant up to which they count everything. A day that had
    entries since is left out: its totals are still to be made.
    """

    def __init__(self) -> None:
        self._settled: dict[str, str] = {}  #: up to when totals must be complete, by jurisdiction
        self._kept: dict[tuple[str, str], Mapping[str, Any]] = {}
        self._sums: dict[tuple[str, str], Sums] = {}
        self._moving: set[tuple[str, str]] = set()

    def stand(
        self, jurisdiction_id: str, totals: Iterable[Mapping[str, Any]], up_to: datetime | None
    ) -> None:
        """Note a jurisdiction's totals, as plain values of their items, and up to when they are."""
        if up_to is None:
            return  # none were ever made
        self._settled[jurisdiction_id] = to_text(up_to - OVERLAP)
        for one in totals:
            self._kept[jurisdiction_id, str(one.get("sk"))] = one

    def reads(self, entry: Mapping[str, Any]) -> None:
        """Note an entry, as plain values of its item; one that cannot be read leaves its day out."""
        jurisdiction_id, day = ([*str(entry.get("pk")).split("#"), "", ""])[1:3]
        if (settled := self._settled.get(jurisdiction_id)) is None:
            return
        key = (jurisdiction_id, day)
        if str(entry.get("posted_at", "~")) >= settled:
            self._moving.add(key)
            return
        try:
            self._sums.setdefault(key, Sums()).add(entry)
        except (KeyError, Unreadable):
            self._moving.add(key)

    def findings(self) -> Iterator[Finding]:
        """Yield each day whose totals are not those of its entries, and what they differ in."""
        for key in sorted((self._kept.keys() | self._sums.keys()) - self._moving):
            made = self._sums.get(key, Sums()).totals()
            kept = self._kept.get(key, {})
            if any(kept.get(name) != made[name] for name in _FIGURES):
                yield Finding(
                    fault=Fault.BALANCE,
                    jurisdiction_id=key[0],
                    day=key[1],
                    detail=_difference(kept, made),
                )


def _difference(kept: Mapping[str, Any], made: Mapping[str, Any]) -> str:
    if not kept:
        return "there are no totals"
    if not isinstance(kept.get("accounts"), Mapping):
        return "the totals cannot be read"
    accounts = sorted(kept["accounts"].keys() | made["accounts"].keys())
    wrong = [one for one in accounts if kept["accounts"].get(one) != made["accounts"].get(one)]
    return ", ".join(wrong) or "entries, revenue"
