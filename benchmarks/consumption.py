"""Counts AWS calls and the capacity they consume, for each operation, beside the budgets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks import samples
from benchmarks.capacity import item_bytes
from benchmarks.figures import Row, Section, count
from benchmarks.rehearsal import Step, rehearsed
from benchmarks.timing import in_fresh_process
from shared.complaints.items import complaint_values
from shared.complaints.record import Complaint
from shared.dynamo import to_item

Most = float | None
_KILOBYTE = 1024


@dataclass(frozen=True, slots=True)
class Budget:
    """The most that an operation may cost; None where the design sets nothing."""

    calls: Most = None
    base_writes: Most = None
    reads: Most = None


#: The design's, for records up to 1 KB. A repeat may cost the refused write and no other: that
#: of the same kind as the first, so 1 unit alone and 2 an item in a transaction.
BUDGETS: Mapping[str, Budget] = {
    "submit, anonymous": Budget(calls=1, base_writes=2, reads=0),
    "submit, with contact": Budget(calls=1, base_writes=6, reads=0),
    "the same, anonymous, again": Budget(calls=2, base_writes=2, reads=1),
    "the same, with contact, again": Budget(calls=2, base_writes=6, reads=1),
    "tell routing (stream)": Budget(),
    "route": Budget(calls=3, base_writes=4, reads=0),
    "route, told twice": Budget(calls=3, base_writes=4, reads=0),
    "twin: receive a message": Budget(calls=2, base_writes=2, reads=0),
    "twin: ack": Budget(calls=3, base_writes=2, reads=1),
    "a repetition, when its clock rings": Budget(calls=2, base_writes=6, reads=1),
    "a repetition, delivered": Budget(calls=3, base_writes=2, reads=1),
    "agency action": Budget(calls=2, base_writes=6, reads=1),  # with its clocks, over 1 KB
    "the same action again": Budget(),
    "public view": Budget(),
    "work list, a page": Budget(),
    "batch of 25, a draft": Budget(calls=1, base_writes=2, reads=0),
    "Open311 submit": Budget(calls=2, base_writes=2, reads=1),
    "accept a notification": Budget(calls=1, base_writes=0, reads=0),
    "accept one by BI-SNAP (RSA)": Budget(calls=1, base_writes=0, reads=0),
    # Each a batch of one: the raw body is kept by one more call a batch, of S3.
    "process a notification": Budget(calls=3, base_writes=8, reads=1),
    "the same notification again": Budget(calls=2, base_writes=0, reads=1),
}


def measure(*, listed: int = 50) -> Section:
    """Return what each operation asks of AWS, with `listed` complaints on the work list."""
    first, steps = in_fresh_process(rehearsed, listed)
    extra = len(first) - len(steps["submit, anonymous"].calls)
    return Section(
        title="AWS calls and capacity",
        how=(
            f"The handlers on moto, in a warm container (a cold one fetches {extra} secrets more). "
            "Units follow DynamoDB's rules for the items before and after each write and for the "
            "bytes read. In brackets: the budget, which the design sets for records up to 1 KB."
        ),
        columns=("AWS calls", "base writes", "index writes", "reads", "record, bytes"),
        rows=[_row(step, BUDGETS[name]) for name, step in steps.items()],
    )


def measure_sizes() -> Section:
    """Return how large the sample complaints' records are; over 1 KB, a write costs more."""
    stages = {"received": samples.received(), "routed": list(samples.routed())}
    return Section(
        title="Size of a record",
        how=(
            "The sample complaints as they lie in the table. Units are charged by the KB begun: of "
            "a record over 1 KB, an agency action takes 6 base writes and not 4."
        ),
        columns=("least, bytes", "median, bytes", "most, bytes", "within 1 KB, %"),
        rows=[_sizes(name, complaints) for name, complaints in stages.items()],
    )


def _sizes(name: str, complaints: Sequence[Complaint]) -> Row:
    sizes = sorted(item_bytes(to_item(complaint_values(one))) for one in complaints)
    within = sum(size <= _KILOBYTE for size in sizes) / len(sizes)
    return Row(
        name,
        (
            count(sizes[0]),
            count(sizes[len(sizes) // 2]),
            count(sizes[-1]),
            count(round(100 * within)),
        ),
    )


def _row(step: Step, budget: Budget) -> Row:
    calls, items = step.calls, step.items
    return Row(
        step.name,
        (
            count(len(calls) / items, budget.calls),
            count(sum(call.base_writes for call in calls) / items, budget.base_writes),
            count(sum(call.index_writes for call in calls) / items),
            count(sum(call.reads for call in calls) / items, budget.reads),
            count(step.record_bytes) if step.record_bytes else "",
        ),
    )
