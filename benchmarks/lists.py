"""What the large requests cost with many complaints stored: what is nearby, and a thousand rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from benchmarks import moto_cloud, scenario
from benchmarks.baselines.barest import barest
from benchmarks.figures import Figure, Row, Section, count
from benchmarks.recorder import Call, Recorder
from benchmarks.rehearsal import INTAKE, OPEN311, LambdaContext, handler
from benchmarks.timing import Timings, in_fresh_process, in_turns
from shared.complaints.items import complaint_from, complaint_values
from shared.dynamo import from_item, to_item

MANY = 20_000
_ROWS = 1000
#: Semarang, roughly, in which the stored complaints are strewn; degrees.
_SOUTH_WEST, _NORTH_EAST = (-7.08, 110.30), (-6.95, 110.50)
_DAYS = 89


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, the most AWS calls it may make, and the most read units it may consume."""

    name: str
    module: str
    event: Mapping[str, Any]
    most_calls: int
    most_reads: float


@dataclass(frozen=True, slots=True)
class Found:
    """What a request cost, beside the barest handler that asks AWS the same."""

    calls: Sequence[Call]
    answer_bytes: int
    ours: Timings
    barest: Timings


def measure(*, many: int = MANY, rounds: int = 5) -> Section:
    """Return what each large request costs with `many` complaints stored."""
    asked = _requests()
    found = in_fresh_process(_measured, many, rounds)
    return Section(
        title=f"Lists, with {many:,} complaints stored",
        how=(
            "On moto, whose own time is not counted. The complaints are strewn over the city and "
            "over three months. The barest handler asks AWS the same and serialises the same "
            "answer; it reads no record and builds no row."
        ),
        columns=("AWS calls", "reads", "answer, KB", "× barest", "ours, ms"),
        rows=[_row(one, cost) for one, cost in zip(asked, found, strict=True)],
    )


def _requests() -> list[Asked]:
    since = {"page_size": str(_ROWS), "jurisdiction_id": "semarang"}
    place = {"lat": "-6.99", "lng": "110.42", "category": "jalan-rusak"}
    return [
        Asked("nearby", INTAKE, scenario.nearby(place | {"jurisdiction_id": "semarang"}), 5, 20),
        *(
            Asked(
                f"Open311, {_ROWS:,} rows, {form}",
                OPEN311,
                scenario.open311("GET", f"requests.{form}", query=since),
                12,
                300,
            )
            for form in ("json", "xml")
        ),
    ]


def _row(asked: Asked, cost: Found) -> Row:
    reads = sum(call.reads for call in cost.calls)
    return Row(
        asked.name,
        (
            Figure(len(cost.calls), asked.most_calls, digits=0),
            Figure(reads, asked.most_reads, digits=1),
            count(cost.answer_bytes // 1024),
            Figure(cost.ours.over(cost.barest)),
            Figure(cost.ours.median * 1e3, digits=1),
        ),
    )


def _measured(many: int, rounds: int) -> list[Found]:
    recorder = Recorder()
    recorder.install()
    with moto_cloud.running():
        answer = handler(INTAKE)(scenario.submit(0), LambdaContext())
        assert answer["statusCode"] == 201
        (example,) = moto_cloud.items(scenario.COMPLAINTS)
        for item in strewn(example, many, datetime.now(UTC)):
            moto_cloud.put(scenario.COMPLAINTS, item)
        return [_costs(one, recorder, rounds) for one in _requests()]


def strewn(example: Mapping[str, Any], many: int, now: datetime) -> Sequence[Mapping[str, Any]]:
    """Return complaints like the example, all over the city and the last three months."""
    chance = Random(20_000)
    complaint = complaint_from(from_item(example))
    made = []
    for number in range(many):
        at = now - timedelta(seconds=chance.uniform(60, _DAYS * 86_400))
        at = at.replace(microsecond=0)
        one = replace(
            complaint,
            complaint_id=f"SMG-{number:013}",
            lat=round(chance.uniform(_SOUTH_WEST[0], _NORTH_EAST[0]), 6),
            long=round(chance.uniform(_SOUTH_WEST[1], _NORTH_EAST[1]), 6),
            created_at=at,
            updated_at=at,
            undelivered_since=None,
        )
        made.append(to_item(complaint_values(one)))
    return made


def _costs(asked: Asked, recorder: Recorder, rounds: int) -> Found:
    from shared import aws

    ask: Callable[[], Any] = partial(handler(asked.module), asked.event, LambdaContext())
    with recorder.recording() as calls:
        answer = ask()
    assert answer["statusCode"] == 200, answer["body"][:500]
    clients = {"dynamodb": aws.dynamodb()}
    contenders: dict[str, Callable[[], Any]] = {
        "ours": ask,
        "barest": partial(barest(calls, answer, clients), asked.event, LambdaContext()),
    }
    found = in_turns(contenders, rounds=rounds, calls=1, clock=recorder.own_cpu)
    return Found(calls, len(answer["body"].encode()), found["ours"], found["barest"])
