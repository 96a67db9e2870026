"""The journal entries of a payout that came to the bank, and of a fee that a treasurer accepts."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Final

from functions.payment_webhooks import accounts
from functions.payment_webhooks.books.bank_files import BankLine
from functions.payment_webhooks.books.reconciliation import Batch
from functions.payment_webhooks.entry import EntryKind, JournalEntry, Line, entry_id
from shared.clock import WIB

_NOON: Final = time(12)
_SEN: Final = 100


def payout_entries(
    jurisdiction_id: str, batch: Batch, line: BankLine, posted_at: datetime
) -> Iterator[JournalEntry]:
    """Yield the entries of a payout: from each provider's clearing account to the bank.

    Their ids follow from the payout alone: whichever file shows it, it is posted once.
    """
    for provider, net_sen in sorted(_shares(batch).items()):
        amount = round(net_sen / _SEN)
        if amount:
            yield JournalEntry(
                entry_id=entry_id(EntryKind.PAYOUT, provider, f"{jurisdiction_id} {batch.batch}"),
                kind=EntryKind.PAYOUT,
                jurisdiction_id=jurisdiction_id,
                order_id=None,
                provider=provider,
                transaction_id=batch.batch,
                reference=line.reference,
                product=None,
                occurred_at=_noon(line.day),
                posted_at=posted_at,
                lines=(
                    Line(accounts.BANK, amount),
                    Line(accounts.clearing(provider), -amount),
                ),
            )


def fee_entry(
    jurisdiction_id: str,
    *,
    provider: str,
    transaction_id: str,
    order_id: str | None,
    product: str | None,
    site: str | None,
    day: date,
    more: int,
    note: str,
    posted_at: datetime,
) -> JournalEntry:
    """Return the entry by which a provider keeps `more` rupiah of a payment than was expected.

    Less than nothing if it keeps less. The id follows from the transaction and what it is raised by.
    """
    return JournalEntry(
        entry_id=entry_id(EntryKind.MDR_ADJUSTMENT, provider, transaction_id, note),
        kind=EntryKind.MDR_ADJUSTMENT,
        jurisdiction_id=jurisdiction_id,
        order_id=order_id,
        provider=provider,
        transaction_id=transaction_id,
        reference=note,
        product=product,
        site=site,
        occurred_at=_noon(day),
        posted_at=posted_at,
        lines=(
            Line(accounts.mdr(provider), more),
            Line(accounts.clearing(provider), -more),
        ),
    )


def _shares(batch: Batch) -> dict[str, int]:
    """Return what a payout has of each provider, in sen.

    What is of a transaction that we do not have counts to the first one: it came from there.
    """
    shares = dict(batch.by_provider)
    rest = batch.net_sen - sum(shares.values())
    if rest and (first := min(shares, default=batch.provider)):
        shares[first] = shares.get(first, 0) + rest
    return shares


def _noon(day: date) -> datetime:
    return datetime.combine(day, _NOON, tzinfo=WIB).astimezone(UTC)
