"""A correction: an entry that a person adds, since none is ever changed."""

import hashlib
import re
from datetime import datetime
from typing import Final

from functions.payment_webhooks import accounts
from functions.payment_webhooks.entry import EntryKind, JournalEntry, Line, entry_id
from functions.payment_webhooks.record import Order

_LEAST_WORDS: Final = 8  #: characters of a reason that is one
_ACCOUNT: Final = re.compile(
    rf"({accounts.CLEARING}|{accounts.MDR}|{accounts.SUSPENSE})[a-z][a-z0-9:_-]*"
    rf"|{accounts.REVENUE}[a-z0-9-]+:[0-9]+(\.[0-9]+)*"
    rf"|{accounts.REFUNDS_PAYABLE}|{accounts.BANK}"
)


class NotCorrectable(ValueError):
    """What was asked for is no correction; `field` says where."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def correction(
    order: Order, *, debited: str, credited: str, amount: int, why: str, at: datetime
) -> JournalEntry:
    """Return the entry that moves an amount (rupiah) of an order from one account to another.

    To take money out of suspense, debit the suspense and credit where it belongs. The same again
    is the same entry; another one of the same amount needs another reason.

    Raises:
        NotCorrectable: an account is none, both are one, the amount is not positive, or nobody
            could tell later why it was done.
    """
    reason = " ".join(why.split())
    for field, account in (("debited", debited), ("credited", credited)):
        if not _ACCOUNT.fullmatch(account):
            raise NotCorrectable(field)
    if debited == credited:
        raise NotCorrectable("credited")
    if amount <= 0:
        raise NotCorrectable("amount")
    if len(reason) < _LEAST_WORDS:
        raise NotCorrectable("why")
    said = "\n".join((order.order_id, debited, credited, str(amount), reason))
    reference = hashlib.sha256(said.encode()).hexdigest()[:16]
    provider = order.provider or ""
    return JournalEntry(
        entry_id=entry_id(EntryKind.CORRECTION, provider, order.order_id, reference),
        kind=EntryKind.CORRECTION,
        jurisdiction_id=order.jurisdiction_id,
        order_id=order.order_id,
        provider=provider,
        transaction_id="",
        reference=reference,
        product=order.product,
        site=order.site,
        occurred_at=at,
        posted_at=at,
        lines=(Line(debited, amount), Line(credited, -amount)),
        note=reason,
    )
