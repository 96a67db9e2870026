"""Checks that a submission costs the same at 100 and at 20,000 stored complaints."""

import json
import os
from collections.abc import Callable, Mapping, Sequence
from itertools import count as numbers
from typing import Any

from benchmarks import moto_cloud, scenario
from benchmarks.figures import Figure, Row, Section, count
from benchmarks.recorder import Call, Recorder
from benchmarks.rehearsal import INTAKE, LambdaContext, handler
from benchmarks.timing import Timings, in_fresh_process, in_turns

FEW = 100
MANY = 20_000

_MOST_GROWTH = 1.05


def measure(*, few: int = FEW, many: int = MANY, rounds: int = 21) -> Section:
    """Return the cost of a submission at both sizes, and how much it grew."""
    calls, timings = in_fresh_process(_measured, (few, many), rounds)
    rows = [
        _row("AWS calls", [len(found) for found in calls]),
        _row("base writes", [sum(call.base_writes for call in found) for found in calls]),
        _row("index writes", [sum(call.index_writes for call in found) for found in calls]),
        _row("reads", [sum(call.reads for call in found) for found in calls]),
        Row(
            "own CPU, µs",
            (
                *(Figure(one.median * 1e6, digits=0) for one in timings),
                Figure(timings[1].over(timings[0]), _MOST_GROWTH),
            ),
        ),
    ]
    return Section(
        title="A submission as the complaints grow",
        how=(
            "One process, two tables on moto, of which the handler writes to either in turns; "
            "CPU time is without moto's own."
        ),
        columns=(f"at {few:,}", f"at {many:,}", "grows by ×"),
        rows=rows,
    )


def _row(name: str, values: Sequence[float]) -> Row:
    few, many = values
    return Row(name, (count(few), count(many), Figure(many / few if few else 1 + many, 1.0)))


def _measured(sizes: Sequence[int], rounds: int) -> tuple[list[list[Call]], list[Timings]]:
    recorder = Recorder()
    recorder.install()
    tables = [f"{scenario.COMPLAINTS}-{size}" for size in sizes]
    with moto_cloud.running(*tables):
        submit = _submitter(recorder)
        submit(scenario.COMPLAINTS, keep=True)
        (example,) = moto_cloud.items(scenario.COMPLAINTS)
        for table, size in zip(tables, sizes, strict=True):
            for number in range(size):
                moto_cloud.put(table, _another(example, number))
        calls = []
        for table in tables:
            with recorder.recording() as found:
                submit(table, keep=False)
            calls.append(found)
        contenders = {table: lambda table=table: submit(table, keep=False) for table in tables}
        timings = in_turns(contenders, rounds=rounds, calls=20, clock=recorder.own_cpu)
        return calls, [timings[table] for table in tables]


def _submitter(recorder: Recorder) -> Callable[..., None]:
    """Return what submits a new complaint to a table, and takes it away again uncounted."""
    from functions.complaint_intake import stores
    from functions.complaint_intake.settings import settings

    fresh = numbers()

    def submit(table: str, *, keep: bool) -> None:
        with recorder.uncounted():
            os.environ["COMPLAINTS_TABLE"] = table
            settings.cache_clear()
            stores.complaints.cache_clear()
            event = scenario.submit(next(fresh))
        answer = handler(INTAKE)(event, LambdaContext())
        assert answer["statusCode"] == 201
        with recorder.uncounted():
            if not keep:
                complaint_id = json.loads(answer["body"])["complaint_id"]
                moto_cloud.delete(table, moto_cloud.record_key(complaint_id))

    return submit


def _another(example: Mapping[str, Any], number: int) -> Mapping[str, Any]:
    """Return a complaint like the example under a number of its own."""
    complaint_id = f"SMG-{number:013}"
    return {
        **example,
        **moto_cloud.record_key(complaint_id),
        "complaint_id": {"S": complaint_id},
        "undelivered_shard": {"S": f"U#{number % 8}"},
    }
