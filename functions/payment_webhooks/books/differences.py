"""What reconciling finds: states, differences and how old they are."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Final


class State(StrEnum):
    """How something of ours and something of theirs stand to each other."""

    EXPECTED = "EXPECTED"  #: ours is not due in a file yet
    MATCHED = "MATCHED"
    MISMATCHED = "MISMATCHED"  #: both have it, and say different things of it
    MISSING_PROVIDER = "MISSING_PROVIDER"  #: the other side does not have it
    MISSING_INTERNAL = "MISSING_INTERNAL"  #: we do not have it
    DUPLICATE = "DUPLICATE"  #: they have it more than once
    LATE = "LATE"  #: right, but later than agreed


#: The two legs: order ↔ provider's transaction, provider's payout ↔ bank line.
PROVIDER: Final = "provider"
BANK: Final = "bank"

#: States that somebody has to look at.
OPEN: Final = frozenset(set(State) - {State.EXPECTED, State.MATCHED})
#: What the parts of a mismatch are called.
AMOUNT, FEE, DATE, STATUS = "amount", "fee", "date", "status"

#: Ages in days, each up to and including; older ones come last.
AGES: Final = (1, 7, 30, 90)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that does not agree, or is not there yet. Amounts are rupiah, days WIB."""

    leg: str
    state: State
    day: date  #: of the payment or payout
    what: tuple[str, ...] = ()  #: of a mismatch: what differs
    line: int | None = None  #: of the file
    order_id: str | None = None
    transaction_id: str | None = None
    name: str | None = None  #: as `Ours.name` has it, where it is of something of ours
    batch: str | None = None
    provider: str | None = None
    product: str | None = None
    site: str | None = None
    ours: Mapping[str, Any] = field(default_factory=dict)  #: what of ours differs
    theirs: Mapping[str, Any] = field(default_factory=dict)
    amount: int = 0  #: how much money it is about
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Age:
    """Open differences of an age: from and to which number of days (None: any)."""

    from_days: int
    to_days: int | None
    count: int
    amount: int


def in_order(differences: Iterable[Difference]) -> list[Difference]:
    """Return differences as a treasurer reads them: open ones first, by leg, state and line."""
    states = [*(state for state in State if state in OPEN), State.EXPECTED, State.MATCHED]
    return sorted(
        differences,
        key=lambda one: (
            one.leg != PROVIDER,
            states.index(one.state),
            one.day,
            one.line or 0,
            one.transaction_id or one.batch or "",
        ),
    )


def ageing(differences: Iterable[Difference], as_of: date) -> list[Age]:
    """Return how many open differences there are of each age, in days since the payment."""
    counts: Counter[int] = Counter()
    amounts: Counter[int] = Counter()
    for one in differences:
        if one.state in OPEN:
            days = (as_of - one.day).days
            age = next((n for n, most in enumerate(AGES) if days <= most), len(AGES))
            counts[age] += 1
            amounts[age] += abs(one.amount)
    return [
        Age(
            from_days=AGES[n - 1] + 1 if n else 0,
            to_days=AGES[n] if n < len(AGES) else None,
            count=counts[n],
            amount=amounts[n],
        )
        for n in range(len(AGES) + 1)
    ]


def counted(
    differences: Iterable[Difference], matched: Mapping[str, int]
) -> Mapping[str, Mapping[str, int]]:
    """Return how many there are of each state, by leg; `matched` gives those of each leg."""
    found: Sequence[tuple[str, State]] = [(one.leg, one.state) for one in differences]
    counts = Counter(found)
    return {
        leg: {
            str(state): matched.get(leg, 0) if state is State.MATCHED else counts[leg, state]
            for state in State
        }
        for leg in (PROVIDER, BANK)
    }
