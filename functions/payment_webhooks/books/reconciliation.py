"""The first leg: orders' transactions in our journal against the lines of a provider's file, 1:1.

A file speaks for whole days: those from its first to its last payment. What of ours lies in them
and is not in the file is missing there; what is younger is expected in a later file.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Final

from functions.payment_webhooks.books.differences import (
    AMOUNT,
    DATE,
    FEE,
    PROVIDER,
    STATUS,
    Difference,
    State,
)
from functions.payment_webhooks.books.ours import Ours
from functions.payment_webhooks.books.settlement_files import FAILED, PAID, PENDING, ProviderLine

#: Where both say an instant, days may differ by no more than this across midnight.
_SAME_MOMENT: Final = timedelta(hours=1)
_SEN: Final = 100
_SATURDAY: Final = 5
#: By when a payment is to be settled, as the providers' contracts have it: three working days.
SETTLES_WITHIN: Final = 3

Due = Callable[[date], date]


@dataclass(slots=True, kw_only=True)
class Batch:
    """A payout: what a provider says it sends to the bank at once. Amounts in sen."""

    batch: str
    provider: str
    paid_out_on: date | None = None
    gross_sen: int = 0
    fee_sen: int = 0
    net_sen: int = 0
    count: int = 0
    by_provider: dict[str, int] = field(default_factory=dict)  #: net in sen, as the journal has it


@dataclass(slots=True, kw_only=True)
class Reconciled:
    """What a provider's file and our journal say of each other."""

    first: date | None  #: the days for which the file speaks
    last: date | None
    lines: int
    differences: list[Difference] = field(default_factory=list)
    matched: int = 0
    matched_amount: int = 0
    passed_over: int = 0  #: lines of no money: pending or failed, and not ours either
    batches: list[Batch] = field(default_factory=list)
    #: Day of payment → transaction (as `Ours.name` has it) → its payout.
    settled: dict[str, dict[str, str]] = field(default_factory=dict)


def working_days_after(
    day: date, count: int = SETTLES_WITHIN, days_off: Collection[str] = ()
) -> date:
    """Return the day so many working days after one: Mondays to Fridays less `days_off` (ISO)."""
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < _SATURDAY and day.isoformat() not in days_off
    return day


def reconcile(
    transactions: Sequence[Ours],
    lines: Sequence[ProviderLine],
    *,
    settled_before: Mapping[str, str] | None = None,
    due: Due = working_days_after,
    days: tuple[date, date] | None = None,
    today: date | None = None,
) -> Reconciled:
    """Compare our transactions with the lines of a file.

    `settled_before` has, by `Ours.name`, the payout in which other files have settled one: the same
    line again is no duplicate, the same payment in another payout is. A file that names no payouts
    only lists: its payments have the payout "" until another file names it. `due` tells by when a
    payment is to be settled. `days` are those for which the file speaks, if they are not those of
    its payments. Of a provider of which it has no line, nothing is missing by `today` before its
    term is over: it sends a file of its own.
    """
    before = settled_before or {}
    spoken = days or days_of(lines)
    result = Reconciled(
        first=spoken[0] if spoken else None, last=spoken[1] if spoken else None, lines=len(lines)
    )
    leg = _Leg(transactions, before, due, result)
    leg.read(lines)
    leg.close(spoken, today)
    return result


class _Leg:
    """One reading of a file: who of ours was seen, and what was found."""

    def __init__(
        self,
        transactions: Sequence[Ours],
        before: Mapping[str, str],
        due: Due,
        result: Reconciled,
    ) -> None:
        self.transactions = transactions
        self.before = before
        self.due = cache(due)
        self.result = result
        self.batches: dict[str, Batch] = {}
        self.matched_by_name = False
        self.unknown_seen: set[tuple[str, str, int]] = set()
        self.by_transaction: dict[str, dict[str, Ours | list[Ours]]] = {}
        for one in transactions:
            _add(self.by_transaction.setdefault(one.kind, {}), one.transaction_id, one)

    def read(self, lines: Iterable[ProviderLine]) -> None:
        """Match each line: by the provider's transaction, else by the order; paid ones first."""
        ordered = sorted(lines, key=lambda line: line.status != PAID)
        left = [line for line in ordered if not self._by_transaction(line)]
        names_are_theirs_alone = not self.matched_by_name
        by_order: dict[str, dict[str, Ours | list[Ours]]] = {}
        if left:
            for one in self.transactions:
                _add(by_order.setdefault(one.kind, {}), one.order_id, one)
        for line in left:
            found = None
            if line.order_id and (not line.transaction_id or names_are_theirs_alone):
                found = _fitting(_listed(by_order.get(line.kind, {}), line.order_id), line)
            if found is not None:
                self._found(line, found)
            else:
                self._not_ours(line)

    def close(self, spoken: tuple[date, date] | None, today: date | None) -> None:
        """Tell what of ours no line was about."""
        told = {one.provider for one in self.transactions if one.seen}
        for one in self.transactions:
            if one.seen or one.status == FAILED or one.name in self.before:
                continue
            if spoken is None or one.day > spoken[1] or one.status == PENDING:
                self._note(State.EXPECTED, one, ours={STATUS: one.status})
            elif one.day >= spoken[0]:
                others = bool(told) and one.provider not in told
                in_time = others and (today is None or today <= self.due(one.day))
                self._note(State.EXPECTED if in_time else State.MISSING_PROVIDER, one)
        for batch in self.batches.values():
            batch.paid_out_on = batch.paid_out_on or (spoken and spoken[1])
        self.result.batches = sorted(
            self.batches.values(), key=lambda one: (one.paid_out_on or date.min, one.batch)
        )

    def _by_transaction(self, line: ProviderLine) -> bool:
        """Match a line by the provider's transaction; tell whether it is dealt with."""
        if not line.transaction_id:
            return False
        known = _listed(self.by_transaction.get(line.kind, {}), line.transaction_id)
        if not known:
            return False
        one = _fitting(known, line)
        self.matched_by_name = True
        self._found(line, one)
        return True

    def _found(self, line: ProviderLine, one: Ours) -> None:
        earlier, payout = self.before.get(one.name), _payout_of(line)
        if not one.seen and (not earlier or payout in {"", earlier}):
            self._pair(line, one)
        elif line.status in {PENDING, FAILED}:
            self.result.passed_over += 1  # an attempt beside the one that counts
        else:
            self._duplicate(line, one)

    def _pair(self, line: ProviderLine, one: Ours) -> None:
        one.seen = True
        what, ours, theirs = _compared(line, one)
        if line.status == PAID and not self.before.get(one.name):
            self._pay_out(line, one.provider)
            of_day = self.result.settled.setdefault(one.day.isoformat(), {})
            of_day[one.name] = _payout_of(line)
        if what:
            self._note(State.MISMATCHED, one, line=line, what=what, ours=ours, theirs=theirs)
        elif line.settled_on and line.settled_on > (due := self.due(one.day)):
            self._note(
                State.LATE,
                one,
                line=line,
                ours={"due": due.isoformat()},
                theirs={"settled_on": line.settled_on.isoformat()},
            )
        else:
            self.result.matched += 1
            self.result.matched_amount += one.amount

    def _duplicate(self, line: ProviderLine, one: Ours) -> None:
        earlier = self.before.get(one.name)
        self._note(
            State.DUPLICATE,
            one,
            line=line,
            theirs={AMOUNT: line.amount},
            note=f"also in payout {earlier}" if earlier else None,
        )

    def _not_ours(self, line: ProviderLine) -> None:
        if line.status in {PENDING, FAILED}:
            self.result.passed_over += 1
            return
        name = (line.kind, line.transaction_id or line.order_id, line.amount)
        again = name in self.unknown_seen
        self.unknown_seen.add(name)
        if not again:
            self._pay_out(line, line.provider)
        self.result.differences.append(
            Difference(
                leg=PROVIDER,
                state=State.DUPLICATE if again else State.MISSING_INTERNAL,
                day=line.day,
                line=line.number,
                order_id=line.order_id or None,
                transaction_id=line.transaction_id or None,
                batch=line.batch or None,
                provider=line.provider or None,
                theirs={AMOUNT: line.amount, STATUS: line.status},
                amount=line.amount,
            )
        )

    def _pay_out(self, line: ProviderLine, provider: str) -> None:
        if not (name := _payout_of(line)):
            return
        batch = self.batches.setdefault(name, Batch(batch=name, provider=provider))
        batch.provider = batch.provider or provider
        if line.settled_on:
            batch.paid_out_on = max(batch.paid_out_on or date.min, line.settled_on)
        sign = 1 if line.paid_out_sen >= 0 else -1
        batch.gross_sen += sign * line.amount * _SEN
        batch.fee_sen += sign * line.amount * _SEN - line.paid_out_sen
        batch.net_sen += line.paid_out_sen
        if provider:
            batch.by_provider[provider] = batch.by_provider.get(provider, 0) + line.paid_out_sen
        batch.count += 1

    def _note(
        self,
        state: State,
        one: Ours,
        *,
        line: ProviderLine | None = None,
        what: tuple[str, ...] = (),
        ours: Mapping[str, Any] | None = None,
        theirs: Mapping[str, Any] | None = None,
        note: str | None = None,
    ) -> None:
        self.result.differences.append(
            Difference(
                leg=PROVIDER,
                state=state,
                day=one.day,
                what=what,
                line=line.number if line else None,
                order_id=one.order_id or None,
                transaction_id=one.transaction_id,
                name=one.name,
                batch=(line.batch or None) if line else None,
                provider=one.provider,
                product=one.product,
                site=one.site,
                ours=ours or {AMOUNT: one.amount},
                theirs=theirs or {},
                amount=one.amount,
                note=note,
            )
        )


def _compared(
    line: ProviderLine, one: Ours
) -> tuple[tuple[str, ...], Mapping[str, Any], Mapping[str, Any]]:
    """Return what differs, and what each side says of that."""
    what, ours, theirs = [], {}, {}
    for name, differs, mine, other in (
        (AMOUNT, line.amount != one.amount, one.amount, line.amount),
        (
            FEE,
            line.fee_sen is not None and abs(line.fee_sen - one.fee * _SEN) >= _SEN,
            one.fee,
            None if line.fee_sen is None else _rupiah(line.fee_sen),
        ),
        (DATE, _other_day(line, one), one.day.isoformat(), line.day.isoformat()),
        (STATUS, line.status != one.status, one.status, line.status),
    ):
        if differs:
            what.append(name)
            ours[name], theirs[name] = mine, other
    return tuple(what), ours, theirs


def _other_day(line: ProviderLine, one: Ours) -> bool:
    if line.day == one.day:
        return False
    when = line.paid_at
    return not (isinstance(when, datetime) and abs(when - one.at) <= _SAME_MOMENT)


def _rupiah(amount_sen: int) -> int | float:
    return amount_sen / _SEN if amount_sen % _SEN else amount_sen // _SEN


def _payout_of(line: ProviderLine) -> str:
    """Return the name of a line's payout; for files that name none, its day."""
    return line.batch or (line.settled_on.isoformat() if line.settled_on else "")


def days_of(lines: Iterable[ProviderLine]) -> tuple[date, date] | None:
    """Return the first and last day (WIB) of payments in a file; None if it has none."""
    days = {line.day for line in lines if line.status == PAID}
    return (min(days), max(days)) if days else None


def _add(index: dict[str, Ours | list[Ours]], name: str, one: Ours) -> None:
    """Note one under a name; a list only where several have it, which is seldom."""
    match index.setdefault(name, one):
        case list() as several:
            several.append(one)
        case first if first is not one:
            index[name] = [first, one]


def _listed(index: Mapping[str, Ours | list[Ours]], name: str) -> Sequence[Ours]:
    match index.get(name):
        case None:
            return ()
        case list() as several:
            return several
        case one:
            return (one,)


def _fitting(known: Sequence[Ours], line: ProviderLine) -> Any:
    """Return the one that a line is about: not seen yet and of the same amount, if there is one."""
    return min(known, key=lambda one: (one.seen, one.amount != line.amount), default=None)
