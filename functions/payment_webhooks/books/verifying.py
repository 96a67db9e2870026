"""Verifies the journal: every entry against its hash, every hash against the seals, every sum.

What is read may have been written by anyone: nothing here trusts that an item has its attributes.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from functions.payment_webhooks.books.hours import after, hour_of
from functions.payment_webhooks.books.merkle import NO_SEAL, chained, root
from functions.payment_webhooks.entry import (
    content_hash,
    partition,
    shard_of,
)

#: How long after its posting an entry has to be under a seal.
SEALED_WITHIN: Final = timedelta(hours=3)


class Fault(StrEnum):
    """What can be wrong with the journal and its seals."""

    ALTERED = "altered"  #: an entry says something else than when it was posted or sealed
    MISSING = "missing"  #: a sealed entry is gone
    INSERTED = "inserted"  #: an entry of an hour that was sealed without it
    MISPLACED = "misplaced"  #: an entry is kept under other keys than its content has
    UNBALANCED = "unbalanced"  #: an entry's debits are not its credits
    UNSEALED = "unsealed"  #: an old entry that no seal is over
    MANIFEST = "manifest"  #: a seal's manifest is missing or does not make its root
    CHAIN = "chain"  #: a seal does not follow from the one before
    GAP = "gap"  #: hours between two seals have none
    PUBLISHED = "published"  #: a seal is not the one that was published
    SUM = "sum"  #: all lines of a jurisdiction do not sum to zero
    BALANCE = "balance"  #: a day's totals are not those of its entries


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong: the entry, the sealed hour or the day, and what was found."""

    fault: Fault
    jurisdiction_id: str
    entry_id: str | None = None
    hour: str | None = None
    day: str | None = None
    detail: str = ""


@dataclass(slots=True, kw_only=True)
class Verified:
    """What was verified, and what was found."""

    entries: int = 0
    sealed: int = 0
    seals: int = 0
    findings: list[Finding] = field(default_factory=list)
    sums: dict[str, int] = field(default_factory=dict)  #: of all lines, by jurisdiction


@dataclass(frozen=True, slots=True)
class _Known:
    """What is remembered of an entry that was read."""

    hash: str
    hour: str  #: in which it says it was posted
    sound: bool  #: nothing was found about it yet


#: Returns the manifest of a jurisdiction's hour; None if there is none.
ManifestOf = Callable[[str, str], Any]
Values = Mapping[str, Any]


def verify(
    entries: Iterable[Values],
    seals: Iterable[Values],
    manifest_of: ManifestOf,
    *,
    now: datetime,
    published: Iterable[Values] = (),
) -> Verified:
    """Verify all entries of the journal, as plain values of their items with their keys.

    `seals` are all seals; `published` are seals that were kept elsewhere when they were published.
    """
    verified = Verified()
    known = _entries(entries, verified)
    told: dict[tuple[str, str], Values] = {
        (str(one.get("jurisdiction_id")), str(one.get("hour"))): one for one in published
    }
    chains: dict[str, list[Values]] = defaultdict(list)
    for seal in seals:
        chains[_jurisdiction_of_seal(seal)].append(seal)
    for jurisdiction_id in sorted(known.keys() | chains.keys() | {key[0] for key in told}):
        chain = sorted(chains[jurisdiction_id], key=lambda seal: str(seal.get("hour", "")))
        of_it = known.get(jurisdiction_id, {})
        verified.findings += _chain(jurisdiction_id, chain)
        verified.findings += _published(jurisdiction_id, chain, told)
        verified.findings += _sealed(jurisdiction_id, chain, of_it, manifest_of, verified, now)
        if verified.sums.get(jurisdiction_id):
            verified.findings.append(
                Finding(
                    fault=Fault.SUM,
                    jurisdiction_id=jurisdiction_id,
                    detail=f"{verified.sums[jurisdiction_id]}",
                )
            )
        verified.seals += len(chain)
    return verified


def _entries(entries: Iterable[Values], verified: Verified) -> dict[str, dict[str, _Known]]:
    """Look at each entry by itself, and return what is known of each, by jurisdiction and id."""
    known: dict[str, dict[str, _Known]] = defaultdict(dict)
    misplaced: list[tuple[str, str, _Known]] = []
    sums: dict[str, int] = defaultdict(int)
    for entry in entries:
        verified.entries += 1
        # Keys cannot be changed without taking the entry away, so they say which one it is.
        jurisdiction_id = _part(entry, "pk", 1)
        entry_id = str(entry.get("sk", ""))
        amounts = _amounts(entry)
        sums[jurisdiction_id] += sum(amounts)
        faults = list(_faults(entry, entry_id, jurisdiction_id, amounts))
        verified.findings += faults
        one = _Known(str(entry.get("hash", "")), str(entry.get("posted_at", ""))[:13], not faults)
        if any(fault.fault is Fault.MISPLACED for fault in faults):
            misplaced.append((jurisdiction_id, entry_id, one))
        else:
            known[jurisdiction_id][entry_id] = one
    for jurisdiction_id, entry_id, one in misplaced:  # a copy beside the right one is not it
        known[jurisdiction_id].setdefault(entry_id, one)
    verified.sums = dict(sums)
    return known


def _faults(
    entry: Values, entry_id: str, jurisdiction_id: str, amounts: Sequence[int]
) -> Iterator[Finding]:
    def found(fault: Fault, detail: str) -> Finding:
        return Finding(
            fault=fault, jurisdiction_id=jurisdiction_id, entry_id=entry_id, detail=detail
        )

    computed = content_hash(entry)
    altered = computed != entry.get("hash")
    if altered:
        yield found(Fault.ALTERED, f"hash {computed[:16]}…, stored {str(entry.get('hash'))[:16]}…")
    if (misplaced := _misplaced(entry, entry_id)) and not altered:
        yield found(Fault.MISPLACED, misplaced)
    total: int = sum(amounts)
    if not amounts or total != 0:
        yield found(Fault.UNBALANCED, f"{total}")


def _misplaced(entry: Values, entry_id: str) -> str:
    """Return what of an entry's keys is not what its content makes them; "" if all is well."""
    try:
        shard = shard_of(str(entry["entry_id"]))
        expected = {
            "sk": entry["entry_id"],
            "pk": partition(str(entry["jurisdiction_id"]), str(entry["day"]), shard),
            "posted_shard": f"{entry['jurisdiction_id']}#{str(entry['posted_at'])[:13]}#{shard}",
            "posted_key": f"{entry['posted_at']}#{entry['entry_id']}",
        }
    except (KeyError, ValueError):
        return f"keys of {entry_id} cannot be told"
    wrong = [name for name, value in expected.items() if entry.get(name) != value]
    return ", ".join(f"{name} is {entry.get(name)!r}" for name in wrong)


def _amounts(entry: Values) -> Sequence[int]:
    lines = entry.get("lines")
    if not isinstance(lines, Sequence) or isinstance(lines, str):
        return ()
    amounts = [line.get("amount") if isinstance(line, Mapping) else None for line in lines]
    return [amount for amount in amounts if isinstance(amount, int)]


def _chain(jurisdiction_id: str, seals: Sequence[Values]) -> Iterator[Finding]:
    previous, expected = NO_SEAL, None
    for seal in seals:
        hour = str(seal.get("hour", ""))

        def found(fault: Fault, detail: str, hour: str = hour) -> Finding:
            return Finding(fault=fault, jurisdiction_id=jurisdiction_id, hour=hour, detail=detail)

        try:
            computed = chained(seal)
            following = after(hour)
        except (KeyError, TypeError, ValueError):
            yield found(Fault.CHAIN, "the seal cannot be read")
            previous, expected = str(seal.get("chain")), None
            continue
        if expected is not None and hour != expected:
            yield found(Fault.GAP, f"the seal before is of the hour before {expected}")
        if computed != seal.get("chain"):
            yield found(Fault.CHAIN, "the seal was altered")
        elif seal["previous"] != previous:
            yield found(Fault.CHAIN, f"previous is {str(seal['previous'])[:16]}…")
        previous, expected = str(seal.get("chain")), following


def _published(
    jurisdiction_id: str, seals: Sequence[Values], told: Mapping[tuple[str, str], Values]
) -> Iterator[Finding]:
    standing = {str(seal.get("hour")): seal for seal in seals}
    for (owner, hour), seal in sorted(told.items()):
        if owner != jurisdiction_id:
            continue
        stands = standing.get(hour)
        if stands is None or stands.get("chain") != seal.get("chain"):
            yield Finding(
                fault=Fault.PUBLISHED,
                jurisdiction_id=jurisdiction_id,
                hour=hour,
                detail="there is no such seal" if stands is None else "another seal stands",
            )


def _sealed(
    jurisdiction_id: str,
    seals: Sequence[Values],
    known: Mapping[str, _Known],
    manifest_of: ManifestOf,
    verified: Verified,
    now: datetime,
) -> Iterator[Finding]:
    """Compare what the seals' manifests list with what was read."""
    listed: set[str] = set()
    #: An hour whose manifest is gone says nothing of its entries.
    silent: set[str] = set()

    def found(fault: Fault, entry_id: str | None, hour: str, detail: str = "") -> Finding:
        return Finding(
            fault=fault,
            jurisdiction_id=jurisdiction_id,
            entry_id=entry_id,
            hour=hour,
            detail=detail,
        )

    for seal in seals:
        hour = str(seal.get("hour", ""))
        leaves = _leaves(manifest_of(jurisdiction_id, hour))
        if leaves is None:
            yield found(Fault.MANIFEST, None, hour, "the manifest is missing or cannot be read")
            silent.add(hour)
            continue
        if root([leaf[1] for leaf in leaves]) != seal.get("root"):
            yield found(Fault.MANIFEST, None, hour, "its hashes do not make the seal's root")
        for entry_id, digest in leaves:
            listed.add(entry_id)
            if fault := _listed(known.get(entry_id), digest):
                yield found(fault, entry_id, hour, "as the seal's manifest has it")
    verified.sealed += len(listed & known.keys())
    last = str(seals[-1].get("hour", "")) if seals else ""
    for entry_id, one in known.items():
        if entry_id in listed or one.hour in silent:
            continue
        if fault := _unlisted(one.hour, last, now):
            yield found(fault, entry_id, one.hour)


def _listed(one: _Known | None, digest: str) -> Fault | None:
    """Return what is wrong with an entry that a seal lists; None if nothing, or it was told."""
    if one is None:
        return Fault.MISSING
    return Fault.ALTERED if one.sound and one.hash != digest else None


def _unlisted(hour: str, last_sealed: str, now: datetime) -> Fault | None:
    """Return what is wrong with an entry of an hour that is under no seal; None if nothing is."""
    if hour <= last_sealed:
        return Fault.INSERTED
    return Fault.UNSEALED if hour < hour_of(now - SEALED_WITHIN) else None


def _leaves(manifest: Any) -> list[tuple[str, str]] | None:
    """Return (entry id, hash) of a manifest's leaves; None if it is none."""
    leaves = manifest.get("leaves") if isinstance(manifest, Mapping) else None
    if not isinstance(leaves, list):
        return None
    if any(not isinstance(leaf, list) or len(leaf) < 2 for leaf in leaves):  # noqa: PLR2004
        return None
    return [(str(leaf[0]), str(leaf[1])) for leaf in leaves]


def _jurisdiction_of_seal(seal: Values) -> str:
    return _part(seal, "pk", 1) or str(seal.get("jurisdiction_id", ""))


def _part(item: Values, key: str, number: int) -> str:
    parts = str(item.get(key, "")).split("#")
    return parts[number] if number < len(parts) else ""
