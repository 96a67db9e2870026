"""Builds journals for the tests of the books: entries as they are stored, and the seals over them."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from functions.payment_webhooks import accounts
from functions.payment_webhooks.books.hours import hour_of, hours
from functions.payment_webhooks.books.merkle import NO_SEAL
from functions.payment_webhooks.books.sealing import manifest_of, seal_of
from functions.payment_webhooks.entry import (
    EntryKind,
    JournalEntry,
    Line,
    entry_id,
    entry_values,
)

#: A Friday noon in Semarang.
NOON = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)
FARES = accounts.revenue("semarang-dishub", "4.1.02.03")


def an_entry(transaction_id: str = "t-1", **changes: Any) -> JournalEntry:
    """Return the sale of a bus fare of 3,500 of which the provider keeps 24, paid at noon."""
    kind = changes.get("kind", EntryKind.SALE)
    provider = changes.get("provider", "midtrans")
    reference = changes.get("reference", "")
    values: dict[str, Any] = {
        "entry_id": entry_id(kind, provider, transaction_id, reference),
        "kind": kind,
        "jurisdiction_id": "semarang",
        "order_id": f"SMG-BRT-{transaction_id}",
        "provider": provider,
        "transaction_id": transaction_id,
        "product": "brt-umum",
        "site": "koridor-1",
        "occurred_at": NOON,
        "posted_at": NOON + timedelta(seconds=30),
        "lines": sale_lines(3_500, 24, provider=provider),
    }
    return JournalEntry(**values | changes)


def sale_lines(
    amount: int, fee: int, *, provider: str = "midtrans", credit: str = FARES
) -> tuple[Line, ...]:
    """Return the lines of a sale: what the provider holds and keeps, and the revenue."""
    kept = (Line(accounts.mdr(provider), fee),) if fee else ()
    return (Line(accounts.clearing(provider), amount - fee), *kept, Line(credit, -amount))


def a_refund(transaction_id: str, amount: int, reference: str, **changes: Any) -> JournalEntry:
    """Return the entry of a refund whose money has left the provider."""
    lines = (
        Line(accounts.REFUNDS_PAYABLE, amount),
        Line(accounts.clearing(changes.get("provider", "midtrans")), -amount),
    )
    return an_entry(
        transaction_id,
        **{"kind": EntryKind.REFUND_SETTLED, "reference": reference, "lines": lines, **changes},
    )


def stored(entries: Iterable[JournalEntry]) -> list[dict[str, Any]]:
    """Return entries as the plain values of their items."""
    return [entry_values(one) for one in entries]


def sealed(
    entries: Iterable[Mapping[str, Any]], now: datetime, jurisdiction_id: str = "semarang"
) -> tuple[list[dict[str, Any]], dict[tuple[str, str], Any]]:
    """Return the seals over entries up to an instant, and the manifests under them."""
    by_hour: dict[str, list[Mapping[str, Any]]] = {}
    for one in entries:
        by_hour.setdefault(one["posted_at"][:13], []).append(one)
    seals: list[dict[str, Any]] = []
    manifests: dict[tuple[str, str], Any] = {}
    previous = NO_SEAL
    for hour in hours(min(by_hour, default=hour_of(now)), hour_of(now)):
        leaves = sorted((one["sk"], one["hash"], one["day"]) for one in by_hour.get(hour, ()))
        seal = seal_of(jurisdiction_id, hour, [leaf[1] for leaf in leaves], previous, now)
        seals.append({"pk": f"SEAL#{jurisdiction_id}", "sk": hour, **seal})
        manifests[jurisdiction_id, hour] = manifest_of(seal, leaves)
        previous = seal["chain"]
    return seals, manifests


def in_turns(count: int, start: datetime, step: timedelta) -> Iterator[JournalEntry]:
    """Yield sales, one each `step`, each posted a minute after it happened."""
    for number in range(count):
        at = start + number * step
        yield an_entry(f"t-{number}", occurred_at=at, posted_at=at + timedelta(minutes=1))
