"""Reconciles a file that came: reads it, compares, keeps what follows, and writes the report.

Every step may be repeated: what a file settled is kept under its content's digest, payouts are
posted under ids of their own, and that the file was read is noted last.
"""

import hashlib
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from functions.payment_webhooks.books import bank_files, settlement_files
from functions.payment_webhooks.books.bank_files import PROVIDERS_NAMES, BankLine, bank_lines
from functions.payment_webhooks.books.columns import UnreadableFile
from functions.payment_webhooks.books.differences import BANK, PROVIDER, Difference, State
from functions.payment_webhooks.books.files import REPORTS, BookFiles
from functions.payment_webhooks.books.journal import Journal
from functions.payment_webhooks.books.ours import ours
from functions.payment_webhooks.books.payout_items import (
    banked_of,
    batches_of,
    explained,
    mark_of,
    open_lines,
    values_of,
    values_of_line,
)
from functions.payment_webhooks.books.payouts import Banked, reconcile_payouts
from functions.payment_webhooks.books.posting_payouts import payout_entries
from functions.payment_webhooks.books.reconciliation import (
    Batch,
    Reconciled,
    days_of,
    reconcile,
    working_days_after,
)
from functions.payment_webhooks.books.report import as_csv, as_text, report
from functions.payment_webhooks.books.settlement_files import provider_lines
from functions.payment_webhooks.configuration import Settlement
from shared.days import day_of
from shared.text import Text

#: How much younger than a file's last payment ours may be to be told as expected.
_EXPECTED: Final = timedelta(days=7)
#: How long before a bank line its payout may have been made, and after a payout its line may come.
_PAID_OUT_BEFORE: Final = timedelta(days=31)
#: How much earlier than its payout's day a line may be booked.
_EARLY: Final = timedelta(days=7)
#: The longest span of days that one file may speak for.
_MOST_DAYS: Final = 366

#: Is told what is being done, and how far it is: (what, done, of how many).
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, kw_only=True)
class Books:
    """What reconciling works with, for one jurisdiction."""

    jurisdiction_id: str
    journal: Journal
    files: BookFiles
    settlement: Settlement
    days_off: frozenset[str] = frozenset()
    keeps: bool = True  #: whether anything is written: entries, marks, the report
    progress: Progress = lambda _what, _done, _total: None

    def due(self, day: date) -> date:
        """Return by when a payment or payout of a day is to have come."""
        return working_days_after(day, self.settlement.working_days, self.days_off)


def digest_of(content: bytes) -> str:
    """Return what a file's content is known by."""
    return hashlib.sha256(content).hexdigest()


def read_before(books: Books, content: bytes) -> Any:
    """Return the report of a file of the same content; None if there was none."""
    noted = books.journal.file(books.jurisdiction_id, digest_of(content))
    return books.files.json(f"{noted['report']}.json") if noted else None


def reconcile_provider_file(
    books: Books, name: str, content: bytes, *, as_of: datetime, bank: bytes | None = None
) -> dict[str, Any]:
    """Reconcile a provider's settlement file, and a bank's statement with it if there is one.

    Raises:
        UnreadableFile: one of them cannot be read; nothing was kept.
    """
    digest = digest_of(content)
    aliases = settlement_files.with_names(books.settlement.provider_columns)
    lines = list(provider_lines(io.BytesIO(content), aliases))
    statement = _statement(books, bank) if bank is not None else None
    books.progress("lines", len(lines), len(lines))
    days = days_of(lines)
    transactions = ours(_entries(books, days, day_of(as_of))) if days else []
    found = reconcile(
        transactions,
        lines,
        settled_before=_settled_before(books, days, digest) if days else {},
        due=books.due,
        today=day_of(as_of),
    )
    del lines
    if books.keeps:
        for day, settled in found.settled.items():
            books.files.put_settled(books.jurisdiction_id, day, digest, settled)
        for batch in found.batches:
            books.journal.put_payout(books.jurisdiction_id, values_of(batch, digest))
    banked = _second_leg(books, found, statement, digest)
    posted = _post(books, banked, digest, as_of)
    return _told(books, PROVIDER, name, digest, as_of, found, banked, posted)


def reconcile_bank_file(
    books: Books, name: str, content: bytes, *, as_of: datetime
) -> dict[str, Any]:
    """Reconcile a bank's statement with the payouts that providers' files told of.

    Raises:
        UnreadableFile: it cannot be read; nothing was kept.
    """
    digest = digest_of(content)
    statement = _statement(books, content)
    kept = _kept_payouts(books, [line.day for line in statement])
    batches, before = batches_of(kept), banked_of(kept, digest)
    banked = _compared(books, batches, statement, before)
    if books.keeps:
        _keep_open_lines(books, banked, statement, digest)
    posted = _post(books, banked, digest, as_of)
    return _told(books, BANK, name, digest, as_of, None, banked, posted)


def _statement(books: Books, content: bytes) -> list[BankLine]:
    aliases = bank_files.with_names(books.settlement.bank_columns)
    return list(bank_lines(io.BytesIO(content), aliases))


def _entries(books: Books, days: tuple[date, date], today: date) -> Iterator[Mapping[str, Any]]:
    """Yield the journal of a file's days, and of those in which payments may be expected."""
    first, last = days
    if (last - first).days >= _MOST_DAYS:
        raise UnreadableFile(
            Text(
                f"Berkas mencakup {first} sampai {last}; paling banyak {_MOST_DAYS} hari.",
                f"The file is of {first} to {last}; at most {_MOST_DAYS} days are read at once.",
            )
        )
    end = max(last + timedelta(days=1), min(today, last + _EXPECTED))
    all_days = [first + timedelta(days=n) for n in range((end - first).days + 1)]
    for number, day in enumerate(all_days, start=1):
        yield from books.journal.entries(books.jurisdiction_id, day)
        books.progress("days", number, len(all_days))


def _settled_before(books: Books, days: tuple[date, date], digest: str) -> dict[str, str]:
    """Return what other files have settled of a file's days, each with its payout, if one names it."""
    first, last = days
    found: dict[str, str] = {}
    for n in range((last - first).days + 1):
        day = (first + timedelta(days=n)).isoformat()
        for other, settled in books.files.settled_on(books.jurisdiction_id, day):
            if other != digest:
                found |= {name: payout or found.get(name, "") for name, payout in settled.items()}
    return found


def _second_leg(
    books: Books, found: Reconciled, statement: list[BankLine] | None, digest: str
) -> Banked:
    """Compare payouts with a statement, or with lines of earlier ones that nothing explained."""
    own = {one["sk"]: one for one in (values_of(batch, digest) for batch in found.batches)}
    days = [batch.paid_out_on for batch in found.batches if batch.paid_out_on]
    kept = _kept_payouts(books, days + [line.day for line in statement or ()])
    batches = batches_of([*(one for one in kept if one["sk"] not in own), *own.values()])
    if statement is None:
        fresh = {one["batch"] for one in own.values()}
        batches = [batch for batch in batches if batch.batch in fresh]
        waiting = _open_lines(books, min(days), max(days), digest) if days else []
        banked = _compared(books, batches, waiting, banked_of(kept, digest))
        # No statement was read: what still waits was told with its own, and what none has shown
        # yet is expected, until the next one has not shown it either.
        banked.differences = [
            replace(one, state=State.EXPECTED) if one.state is State.MISSING_PROVIDER else one
            for one in banked.differences
            if one.state is not State.MISSING_INTERNAL
        ]
        return banked
    return _compared(books, batches, statement, banked_of(kept, digest))


def _compared(
    books: Books,
    batches: list[Batch],
    statement: list[BankLine],
    before: Mapping[str, str],
) -> Banked:
    return reconcile_payouts(
        batches,
        statement,
        banked_before=before,
        due=books.due,
        names=(*PROVIDERS_NAMES, *books.settlement.bank_words),
    )


def _kept_payouts(books: Books, days: list[date]) -> list[Mapping[str, Any]]:
    """Return what is kept of payouts that lines of some days may be about."""
    if not days:
        return []
    first, last = min(days) - _PAID_OUT_BEFORE, max(days) + _EARLY
    return list(books.journal.payouts(books.jurisdiction_id, first, last))


def _open_lines(books: Books, first: date, last: date, digest: str) -> list[BankLine]:
    kept = books.journal.bank_lines(books.jurisdiction_id, first - _EARLY, last + _PAID_OUT_BEFORE)
    return open_lines(kept, digest)


def _keep_open_lines(books: Books, banked: Banked, statement: list[BankLine], digest: str) -> None:
    unexplained = {one.line for one in banked.differences if one.state is State.MISSING_INTERNAL}
    for line in statement:
        if line.number in unexplained:
            books.journal.put_bank_line(books.jurisdiction_id, values_of_line(line, digest))


def _post(books: Books, banked: Banked, digest: str, as_of: datetime) -> list[str]:
    """Post payouts whose money came, and note that; return the ids of the entries posted now."""
    posted: list[str] = []
    for line, batches in banked.pairs if books.keeps else ():
        for batch in batches:
            entries = payout_entries(books.jurisdiction_id, batch, line, as_of)
            posted += [entry.entry_id for entry in entries if books.journal.post(entry)]
            mark = mark_of(batch, line, digest, as_of)
            books.journal.put_payout(books.jurisdiction_id, mark)
        if line.kept_as:
            books.journal.put_bank_line(books.jurisdiction_id, explained(line, batches, digest))
    return posted


def _told(
    books: Books,
    kind: str,
    name: str,
    digest: str,
    as_of: datetime,
    found: Reconciled | None,
    banked: Banked,
    posted: list[str],
) -> dict[str, Any]:
    """Make the report, write it, and note last of all that the file was read."""
    differences: list[Difference] = [*(found.differences if found else ()), *banked.differences]
    side = found or banked
    told = report(
        jurisdiction_id=books.jurisdiction_id,
        kind=kind,
        file=name,
        digest=digest,
        as_of=as_of,
        days=(side.first, side.last) if side.first and side.last else None,
        lines=side.lines,
        differences=differences,
        matched={PROVIDER: found.matched if found else 0, BANK: banked.matched},
        matched_amount=found.matched_amount if found else 0,
        passed_over=(found.passed_over if found else 0) + banked.unrelated,
        posted=posted,
    )
    if books.keeps:
        place = f"{REPORTS}/{books.jurisdiction_id}/{kind}/{name}.{digest[:12]}"
        books.files.put(f"{place}.csv", as_csv(told).encode("utf-8-sig"), "text/csv")
        books.files.put(f"{place}.txt", as_text(told).encode(), "text/plain; charset=utf-8")
        books.files.put_json(f"{place}.json", told)
        books.journal.put_file(
            books.jurisdiction_id, digest, {"report": place, "read_at": told["as_of"]}
        )
    return told
