"""What the sweep of deadlines costs: by what is due, and not by what is stored."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks import moto_cloud, scenario
from benchmarks.figures import Figure, Row, Section, count
from benchmarks.recorder import Call, Recorder
from benchmarks.rehearsal import INTAKE, LambdaContext, handler
from benchmarks.timing import in_fresh_process
from shared.complaints.clocks import OVERDUE
from shared.complaints.items import complaint_from, complaint_values
from shared.complaints.law import Status
from shared.complaints.record import Assignment, Complaint, Level
from shared.dynamo import from_item, to_item
from shared.text import Text

DUE = 100
MANY = 20_000
_AGENCY = "semarang-dpu"
#: By complaint: read, and a transaction that puts a step and changes a record and its indexes.
_MOST_READS = 3.0


def measure(*, due: int = DUE, many: int = MANY) -> Section:
    """Return what a sweep costs with `due` complaints overdue, alone and among `many` open ones."""
    found = in_fresh_process(_measured, due, (due, many))
    return Section(
        title=f"The sweep of deadlines, {due:,} complaints due",
        how=(
            "On moto. Every complaint is open and has a clock; those that are due are overdue and "
            "come one step further up. Reads are of all queries and records together."
        ),
        columns=(f"of {due:,} open", f"of {many:,} open", "grows by ×"),
        rows=[
            _row("AWS calls", [len(calls) for calls in found]),
            _row("reads", [sum(call.reads for call in calls) for calls in found], due),
            _row("base writes", [sum(call.base_writes for call in calls) for calls in found]),
        ],
    )


def _row(name: str, values: Sequence[float], due: int = 0) -> Row:
    few, many = values
    cost = Figure(many, due * _MOST_READS, digits=1) if due else count(many)
    return Row(name, (count(few), cost, Figure(many / few, 1.0)))


def _measured(due: int, sizes: Sequence[int]) -> list[list[Call]]:
    recorder = Recorder()
    recorder.install()
    tables = [f"{scenario.COMPLAINTS}-{size}" for size in sizes]
    with moto_cloud.running(*tables):
        answer = handler(INTAKE)(scenario.submit(0), LambdaContext())
        assert answer["statusCode"] == 201
        (example,) = moto_cloud.items(scenario.COMPLAINTS)
        return [
            _swept(recorder, table, example, due, size)
            for table, size in zip(tables, sizes, strict=True)
        ]


def _swept(
    recorder: Recorder, table: str, example: Mapping[str, Any], due: int, size: int
) -> list[Call]:
    """Return the calls of a sweep of a table with `size` complaints, `due` of them overdue."""
    from functions.agency_routing import every_quarter_hour

    now = datetime.now(UTC).replace(microsecond=0)
    for number in range(size):
        late = number % (size // due) == 0
        moto_cloud.put(table, to_item(complaint_values(_open(example, number, now, late=late))))
    moto_cloud.without_rollback(table)
    os.environ["COMPLAINTS_TABLE"] = table
    every_quarter_hour.complaints.cache_clear()
    every_quarter_hour.listings.cache_clear()
    with recorder.recording() as calls:
        done = every_quarter_hour.ring_all(now, has_time=lambda: True)
    assert done["overdue"] == due, done
    return list(calls)


def _open(example: Mapping[str, Any], number: int, now: datetime, *, late: bool) -> Complaint:
    due_at = now - timedelta(hours=1) if late else now + timedelta(days=9, seconds=number)
    return replace(
        complaint_from(from_item(example)),
        complaint_id=f"SMG-{number:013}",
        status=Status.ACCEPTED,
        version=3,
        undelivered_since=None,
        due_at=due_at,
        escalation=int(Level.WARNED),
        clock=OVERDUE,
        clock_at=due_at,
        assignments=(
            Assignment(
                no=1,
                agency=_AGENCY,
                rule="jalan-kota",
                because=Text("Jalan kota milik DPU.", "City roads are DPU's."),
                at=now - timedelta(days=2),
                acknowledged_at=now - timedelta(days=1),
            ),
        ),
    )
