"""The second leg: payouts that a provider says it made against lines of the bank's statement, N:1."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from functions.payment_webhooks.books.bank_files import PROVIDERS_NAMES, BankLine
from functions.payment_webhooks.books.differences import AMOUNT, BANK, DATE, Difference, State
from functions.payment_webhooks.books.reconciliation import Batch, Due, working_days_after

_SEN: Final = 100
_WORD: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]*")
#: Payouts of so many days in a row may come in one line: those of a long weekend.
_MOST_DAYS: Final = 6
#: From one day before the payout on, a line may be about it; banks book in other zones too.
_EARLIEST: Final = timedelta(days=1)
_LONGEST: Final = timedelta(days=14)


@dataclass(slots=True, kw_only=True)
class Banked:
    """What the statement says of payouts. `pairs` are the lines that agree, with their payouts."""

    first: date | None
    last: date | None
    lines: int
    differences: list[Difference] = field(default_factory=list)
    pairs: list[tuple[BankLine, Sequence[Batch]]] = field(default_factory=list)
    matched: int = 0  #: payouts
    unrelated: int = 0  #: credits that are no provider's

    @property
    def banked(self) -> frozenset[str]:
        """The payouts that are on the bank account."""
        return frozenset(batch.batch for _, batches in self.pairs for batch in batches)


def reconcile_payouts(
    batches: Sequence[Batch],
    lines: Sequence[BankLine],
    *,
    banked_before: Mapping[str, str] | None = None,
    due: Due = working_days_after,
    names: Sequence[str] = PROVIDERS_NAMES,
) -> Banked:
    """Compare payouts with what came in.

    A line is about the payouts that it names; else about those that make its amount: one payout,
    all of one day, or of days in a row. `banked_before` has the line (`BankLine.identity`) in which
    other statements have shown a payout: the same line again is no duplicate, another line is.
    `names` are words that show a line to be a provider's, whatever its amount.
    """
    days = [line.day for line in lines]
    result = Banked(first=min(days, default=None), last=max(days, default=None), lines=len(lines))
    leg = _Leg(batches, banked_before or {}, due, result)
    unnamed = [line for line in lines if not leg.by_name(line)]
    words = re.compile("|".join(map(re.escape, names)), re.IGNORECASE) if names else None
    for line in unnamed:
        if not leg.by_amount(line):
            if words is None or words.search(line.text):
                leg.not_ours(line)
            else:
                result.unrelated += 1
    leg.close()
    return result


class _Leg:
    def __init__(
        self, batches: Sequence[Batch], before: Mapping[str, str], due: Due, result: Banked
    ) -> None:
        self.before = before
        self.due = due
        self.result = result
        self.by_word = {batch.batch.upper(): batch for batch in batches}
        self.open = {batch.batch: batch for batch in batches if batch.batch not in before}
        self.told: dict[str, int] = {}  #: lines of other statements, and of how many payouts
        for identity in before.values():
            self.told[identity] = self.told.get(identity, 0) + 1

    def by_name(self, line: BankLine) -> bool:
        """Match a line to the payouts that it names; tell whether it names any."""
        if line.identity in self.told:
            self.result.matched += self.told.pop(line.identity)
            return True
        words = dict.fromkeys(word.upper().rstrip("./-_") for word in _WORD.findall(line.text))
        named = [self.by_word[word] for word in words if word in self.by_word]
        if not named:
            return False
        if any(batch.batch in self.open for batch in named):
            self._pair(line, [batch for batch in named if batch.batch in self.open])
        else:
            earlier = self.before.get(named[0].batch, "")
            self._note(
                State.DUPLICATE,
                named,
                line,
                theirs={AMOUNT: _rupiah(line.amount_sen)},
                note=f"also on {earlier[:10]}" if earlier else None,
            )
        return True

    def by_amount(self, line: BankLine) -> bool:
        """Match a line to the payouts that make its amount, if there are any."""
        near = [
            (batch.paid_out_on, batch)
            for batch in self.open.values()
            if batch.paid_out_on
            and batch.paid_out_on - _EARLIEST <= line.day <= batch.paid_out_on + _LONGEST
        ]
        for group in _groups(near, line.day):
            if _agree(line, group):
                self._pair(line, group)
                return True
        return False

    def not_ours(self, line: BankLine) -> None:
        """Note a line that is a provider's, of no payout that we know."""
        self._note(
            State.MISSING_INTERNAL,
            (),
            line,
            theirs={AMOUNT: _rupiah(line.amount_sen)},
            note=" ".join(line.text.split())[:120] or None,
        )

    def close(self) -> None:
        """Tell which payouts no line was about."""
        last = self.result.last
        for batch in self.open.values():
            if batch.net_sen < _SEN:
                continue  # more was refunded than paid: nothing comes to the bank
            expected = last is None or batch.paid_out_on is None or batch.paid_out_on > last
            self._note(State.EXPECTED if expected else State.MISSING_PROVIDER, (batch,), None)

    def _pair(self, line: BankLine, batches: Sequence[Batch]) -> None:
        for batch in batches:
            self.open.pop(batch.batch, None)
        paid_out = [batch.paid_out_on for batch in batches if batch.paid_out_on]
        net_sen = sum(batch.net_sen for batch in batches)
        what: list[str] = []
        ours: dict[str, Any] = {}
        theirs: dict[str, Any] = {}
        if not _agree(line, batches):
            what.append(AMOUNT)
            ours[AMOUNT], theirs[AMOUNT] = _rupiah(net_sen), _rupiah(line.amount_sen)
        if paid_out and line.day < max(paid_out) - _EARLIEST:
            what.append(DATE)
            ours[DATE], theirs[DATE] = max(paid_out).isoformat(), line.day.isoformat()
        if what:
            self._note(State.MISMATCHED, batches, line, what=tuple(what), ours=ours, theirs=theirs)
            return
        self.result.pairs.append((line, tuple(batches)))
        if paid_out and line.day > (due := self.due(max(paid_out))):
            self._note(
                State.LATE,
                batches,
                line,
                ours={"due": due.isoformat()},
                theirs={DATE: line.day.isoformat()},
            )
        else:
            self.result.matched += len(batches)

    def _note(
        self,
        state: State,
        batches: Sequence[Batch],
        line: BankLine | None,
        *,
        what: tuple[str, ...] = (),
        ours: Mapping[str, Any] | None = None,
        theirs: Mapping[str, Any] | None = None,
        note: str | None = None,
    ) -> None:
        net_sen = sum(batch.net_sen for batch in batches)
        days = [batch.paid_out_on for batch in batches if batch.paid_out_on]
        day = max(days, default=line.day if line else date.min)
        self.result.differences.append(
            Difference(
                leg=BANK,
                state=state,
                day=day,
                what=what,
                line=line.number if line else None,
                batch=" ".join(batch.batch for batch in batches) or None,
                provider=batches[0].provider or None if batches else None,
                ours=ours or ({AMOUNT: _rupiah(net_sen)} if batches else {}),
                theirs=theirs or {},
                amount=(net_sen if batches else line.amount_sen if line else 0) // _SEN,
                note=note,
            )
        )


def _groups(near: Iterable[tuple[date, Batch]], day: date) -> Iterator[Sequence[Batch]]:
    """Yield the payouts that may come in one line: single ones, then days, the nearest first."""
    by_day: dict[date, list[Batch]] = {}
    for paid_out_on, batch in near:
        by_day.setdefault(paid_out_on, []).append(batch)
    nearest = sorted(by_day, key=lambda one: abs(day - one))
    yield from ([batch] for one in nearest for batch in by_day[one])
    days = sorted(by_day)
    for length in range(1, _MOST_DAYS + 1):
        for last in nearest:
            in_a_row = [one for one in days if one <= last][-length:]
            if len(in_a_row) == length:
                yield [batch for one in in_a_row for batch in by_day[one]]


def _agree(line: BankLine, batches: Sequence[Batch]) -> bool:
    """Tell whether amounts are the same but for parts of a rupiah, of which banks know none."""
    return abs(line.amount_sen - sum(batch.net_sen for batch in batches)) < _SEN


def _rupiah(amount_sen: int) -> int | float:
    return amount_sen / _SEN if amount_sen % _SEN else amount_sen // _SEN
