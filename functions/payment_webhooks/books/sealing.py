"""Seals the journal: for each closed posting hour a Merkle root over its entries, chained to the last.

Every hour gets a seal, an empty one too, so that neither an entry nor a seal can be slipped in
later. The manifest is written first and the seal is put if absent: whatever dies in between is done
again, and two sealers write the same.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final, Protocol

from functions.payment_webhooks.books.hours import after, hour_of, hours, last_closed
from functions.payment_webhooks.books.merkle import NO_SEAL, chained, root
from functions.payment_webhooks.entry import content_hash
from shared.clock import to_text

#: How far back the first seal looks for the first entry.
LOOKS_BACK: Final = timedelta(days=7)
#: Seals of one run: ten days that were missed.
MOST: Final = 240
VERSION: Final = 1


class Sealed(Protocol):
    """What sealing needs of the journal."""

    def posted(self, jurisdiction_id: str, hour: str) -> Iterator[Mapping[str, Any]]:
        """Yield the entries posted in an hour."""
        ...

    def has_posted(self, jurisdiction_id: str, hour: str) -> bool:
        """Tell whether anything was posted in an hour."""
        ...

    def seals(
        self, jurisdiction_id: str, *, before: str = "", limit: int | None = None
    ) -> Iterator[Mapping[str, Any]]:
        """Yield seals, the newest first."""
        ...

    def put_seal(self, seal: Mapping[str, Any]) -> Mapping[str, Any]:
        """Keep a seal if there is none of its hour; return the one that stands."""
        ...


class Manifests(Protocol):
    """Where the hashes under a seal are kept."""

    def put_manifest(self, jurisdiction_id: str, hour: str, manifest: Mapping[str, Any]) -> None:
        """Write the manifest of a seal."""
        ...


@dataclass(frozen=True, slots=True)
class Seal:
    """A seal that stands, and the entries of its hour that were altered before it."""

    values: Mapping[str, Any]
    altered: tuple[str, ...] = ()


def seal_closed(
    jurisdiction_id: str,
    *,
    journal: Sealed,
    manifests: Manifests,
    now: datetime,
    most: int = MOST,
) -> Iterator[Seal]:
    """Seal, one by one, the closed hours that have no seal yet, and yield each seal.

    The first seal of a jurisdiction is of the hour of its first entry; if there is none of the last
    seven days, of the last closed hour.
    """
    last = next(journal.seals(jurisdiction_id, limit=1), None)
    closed = last_closed(now)
    previous = str(last["chain"]) if last else NO_SEAL
    first = after(last["hour"]) if last else _first_hour(jurisdiction_id, journal, closed, now)
    for hour in islice(hours(first, closed), most):
        sealed = _seal(jurisdiction_id, hour, previous, journal, manifests, now)
        yield sealed
        previous = str(sealed.values["chain"])


def manifest_of(seal: Mapping[str, Any], leaves: list[tuple[str, str, str]]) -> dict[str, Any]:
    """Return the manifest of a seal: the seal, and (entry id, hash, day) of each entry."""
    return {"version": VERSION, **seal, "leaves": [list(leaf) for leaf in leaves]}


def seal_of(
    jurisdiction_id: str, hour: str, hashes: list[str], previous: str, sealed_at: datetime
) -> dict[str, Any]:
    """Return the seal over an hour's hashes, which are in the order of the entries' ids."""
    seal: dict[str, Any] = {
        "jurisdiction_id": jurisdiction_id,
        "hour": hour,
        "entries": len(hashes),
        "root": root(hashes),
        "previous": previous,
    }
    return {**seal, "chain": chained(seal), "sealed_at": to_text(sealed_at)}


def _seal(
    jurisdiction_id: str,
    hour: str,
    previous: str,
    journal: Sealed,
    manifests: Manifests,
    now: datetime,
) -> Seal:
    leaves: list[tuple[str, str, str]] = []
    altered: list[str] = []
    for entry in journal.posted(jurisdiction_id, hour):
        leaves.append((str(entry["sk"]), str(entry.get("hash", "")), str(entry.get("day", ""))))
        if content_hash(entry) != entry.get("hash"):
            altered.append(str(entry["sk"]))
    leaves.sort()
    seal = seal_of(jurisdiction_id, hour, [leaf[1] for leaf in leaves], previous, now)
    manifests.put_manifest(jurisdiction_id, hour, manifest_of(seal, leaves))
    return Seal(journal.put_seal(seal), tuple(sorted(altered)))


def _first_hour(jurisdiction_id: str, journal: Sealed, closed: str, now: datetime) -> str:
    return next(
        (
            hour
            for hour in hours(hour_of(now - LOOKS_BACK), closed)
            if journal.has_posted(jurisdiction_id, hour)
        ),
        closed,
    )
