"""Entries of the journal: balanced, immutable, each with the hash of its own content."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from shared.clock import WIB, from_text, to_text

#: Partitions of a jurisdiction's day, and of an hour of posting.
SHARDS: Final = 4
#: Attributes that say where an entry is kept, not what it says.
KEYS: Final = frozenset({"pk", "sk", "posted_shard", "posted_key"})
_ID_LENGTH = 26


class EntryKind(StrEnum):
    """What an entry is about."""

    SALE = "sale"
    OVERPAYMENT = "overpayment"
    UNKNOWN_ORDER = "unknown_order"
    LATE = "late"
    AMOUNT_MISMATCH = "amount_mismatch"
    REVERSAL = "reversal"
    REFUND_PENDING = "refund_pending"
    REFUND_SETTLED = "refund_settled"
    CHARGEBACK = "chargeback"
    PAYOUT = "payout"
    MDR_ADJUSTMENT = "mdr_adjustment"
    CORRECTION = "correction"


class Unbalanced(ValueError):
    """The lines of an entry do not sum to zero, or it has none."""


class Unreadable(ValueError):
    """What is kept as an entry has no lines that can be added up; the text names the entry."""


@dataclass(frozen=True, slots=True)
class Line:
    """Rupiah on an account: a debit if positive, a credit if negative."""

    account: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalEntry:
    """One entry. `occurred_at` is when it happened, `posted_at` when it was written down."""

    entry_id: str
    kind: EntryKind
    jurisdiction_id: str
    order_id: str | None
    provider: str
    transaction_id: str
    product: str | None
    occurred_at: datetime
    posted_at: datetime
    lines: tuple[Line, ...]
    reference: str = ""  #: the refund's key, the payout's number
    site: str | None = None
    note: str | None = None
    hash: str = ""  #: as it was stored; empty on one that is not stored yet

    def __post_init__(self) -> None:
        if not self.lines or sum(line.amount for line in self.lines) != 0:
            raise Unbalanced(self.entry_id)

    @property
    def day(self) -> date:
        """The day (WIB) of what happened."""
        return self.occurred_at.astimezone(WIB).date()


def entry_id(kind: str, provider: str, transaction_id: str, reference: str = "") -> str:
    """Return an entry's id: the same for the same fact, whoever tells it and how often."""
    parts = (kind, provider, transaction_id, reference)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:_ID_LENGTH]


def shard_of(an_entry_id: str) -> int:
    """Return the shard (0 to 3) of an entry."""
    return int(an_entry_id[:4], 16) % SHARDS


def partition(jurisdiction_id: str, day: date | str, shard: int) -> str:
    """Return the partition of a jurisdiction's entries of a day (WIB)."""
    return f"J#{jurisdiction_id}#{day}#{shard}"


def posted_partition(jurisdiction_id: str, posted_at: datetime, shard: int) -> str:
    """Return the partition of the index `by_posted`: of entries posted in an hour (UTC)."""
    return f"{jurisdiction_id}#{to_text(posted_at)[:13]}#{shard}"


def content_hash(values: Mapping[str, Any]) -> str:
    """Return the hash of an entry's content: of its plain values, but for keys and the hash."""
    content = {name: value for name, value in values.items() if name not in KEYS | {"hash"}}
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def entry_values(entry: JournalEntry) -> dict[str, Any]:
    """Return an entry as plain values of its item, with its keys and its hash.

    The hash is of what the entry says now, whatever `entry.hash` is.
    """
    content = {
        "entry_id": entry.entry_id,
        "kind": str(entry.kind),
        "jurisdiction_id": entry.jurisdiction_id,
        "order_id": entry.order_id,
        "provider": entry.provider,
        "transaction_id": entry.transaction_id,
        "reference": entry.reference,
        "product": entry.product,
        "site": entry.site,
        "occurred_at": to_text(entry.occurred_at),
        "day": entry.day.isoformat(),
        "posted_at": to_text(entry.posted_at),
        "lines": [{"account": line.account, "amount": line.amount} for line in entry.lines],
        "note": entry.note,
    }
    content = {name: value for name, value in content.items() if value is not None}
    shard = shard_of(entry.entry_id)
    return {
        **content,
        "hash": content_hash(content),
        "pk": partition(entry.jurisdiction_id, entry.day, shard),
        "sk": entry.entry_id,
        "posted_shard": posted_partition(entry.jurisdiction_id, entry.posted_at, shard),
        "posted_key": f"{content['posted_at']}#{entry.entry_id}",
    }


def lines_of(values: Mapping[str, Any]) -> list[Line]:
    """Return the lines of an entry's item, which anybody may have written.

    Raises:
        Unreadable: there are none, or an amount is no whole number of rupiah.
    """
    written = values.get("lines")
    lines = written if isinstance(written, Sequence) and not isinstance(written, str) else ()
    found = [_line(one) for one in lines]
    if not found or None in found:
        raise Unreadable(
            f"Ayat {values.get('sk') or values.get('entry_id')}: nilainya tidak dapat dijumlah; "
            "jalankan `simpul ledger verify`. / The amounts of this entry cannot be added up."
        )
    return [one for one in found if one]


def _line(written: Any) -> Line | None:
    if not isinstance(written, Mapping):
        return None
    account, amount = written.get("account"), written.get("amount")
    if not isinstance(account, str) or not isinstance(amount, int) or isinstance(amount, bool):
        return None
    return Line(account, amount)


def entry_from(values: Mapping[str, Any]) -> JournalEntry:
    """Return the entry that an item holds.

    Raises:
        Unbalanced: its lines do not sum to zero.
    """
    return JournalEntry(
        entry_id=values["entry_id"],
        kind=EntryKind(values["kind"]),
        jurisdiction_id=values["jurisdiction_id"],
        order_id=values.get("order_id"),
        provider=values["provider"],
        transaction_id=values["transaction_id"],
        reference=values["reference"],
        product=values.get("product"),
        site=values.get("site"),
        occurred_at=from_text(values["occurred_at"]),
        posted_at=from_text(values["posted_at"]),
        lines=tuple(Line(line["account"], line["amount"]) for line in values["lines"]),
        note=values.get("note"),
        hash=values["hash"],
    )


def stored(entry: JournalEntry) -> JournalEntry:
    """Return an entry as reading it back from the table gives it: with its hash."""
    return replace(entry, hash=entry_values(entry)["hash"])
