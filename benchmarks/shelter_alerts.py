"""What a shelter's alert costs, from the look that finds nothing new to Dishub being told."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from benchmarks import moto_cloud, scenario
from benchmarks.figures import Row, Section, count
from benchmarks.recorder import Call, Recorder
from benchmarks.rehearsal import LambdaContext
from benchmarks.timing import in_fresh_process
from functions.shelter_alerts.items import present_key, session_values
from shared.dynamo import from_item, to_item

HERE: Final = "semarang-tugu-muda"
_PROVIDER: Final = "5f1c9b1e-6a3d-4d0b-9f43-2b7f0a6c1e11"
#: Vehicles in the shelter: within its 40 places, and too many.
_SOME, _CROWD = 20, 44
#: So many were there on a day that is over.
_STAYS: Final = 200

#: Of each step: the most calls, base writes and reads. A look reads the alert, who is silent, and one
#: for each 4 KB of those present, all consistently; who writes looks again.
_BUDGETS: Final[Mapping[str, tuple[float, float, float]]] = {
    "look, nothing new": (2, 0, 3),
    "look, one more came (no news)": (5, 1, 6),
    "look, a crowd came (clocks set)": (6, 1, 8),
    "look, a clock rang (said)": (5, 1, 8),
    "tell Dishub, keep CAP": (12, 5, 6),
    f"a day of history, {_STAYS} stays": (4, 0, 10),
}


def measure() -> Section:
    """Return what each step asks of AWS."""
    steps = in_fresh_process(_played)
    return Section(
        title="Alerts of shelters",
        how=(
            f"A shelter of 40 motorcycles, in which there are {_SOME}, then {_CROWD}. A look counts "
            "it once, for its alert and for what the public reads. Who writes looks again, so a change "
            "is two looks. In brackets: the budget."
        ),
        columns=("AWS calls", "base writes", "index writes", "reads"),
        rows=[_row(name, calls) for name, calls in steps.items()],
    )


def _row(name: str, calls: Sequence[Call]) -> Row:
    most_calls, most_writes, most_reads = _BUDGETS[name]
    return Row(
        name,
        (
            count(len(calls), most_calls),
            count(sum(call.base_writes for call in calls), most_writes),
            count(sum(call.index_writes for call in calls)),
            count(sum(call.reads for call in calls), most_reads),
        ),
    )


def _played() -> dict[str, Sequence[Call]]:
    recorder = Recorder()
    recorder.install()
    with moto_cloud.running():
        from functions.shelter_alerts import every_minute, on_alert, on_timer
        from functions.shelter_alerts.alerts.items import alert_key
        from functions.shelter_alerts.alerts.payload import said_in
        from functions.shelter_alerts.store import VehicleStore

        instant = datetime(2026, 11, 20, 5, tzinfo=UTC)
        on_timer.now = on_alert.now = every_minute.now = lambda: instant  # type: ignore[attr-defined]

        def played(
            handler: Callable[[Any, Any], Any], message: Mapping[str, Any]
        ) -> Sequence[Call]:
            record = {
                "messageId": "m",
                "body": json.dumps(message),
                "receiptHandle": "r",
                "attributes": {"ApproximateReceiveCount": "1"},
            }
            with recorder.recording() as calls:
                answer = handler({"Records": [record]}, LambdaContext())
            assert answer == {"batchItemFailures": []}
            return calls

        changed = {"type": "shelter_changed.v1", "shelter_id": HERE, "at": "2026-11-20T05:00:00Z"}
        steps: dict[str, Sequence[Call]] = {}
        VehicleStore(scenario.SHELTERS).worked_through(
            _PROVIDER, 0, round(instant.timestamp() * 1000)
        )
        every_minute.handler({}, LambdaContext())  # which notes who is silent
        _crowd(_SOME)
        played(on_timer.handler, changed)
        steps["look, nothing new"] = played(on_timer.handler, changed)
        _crowd(_SOME + 1)
        steps["look, one more came (no news)"] = played(on_timer.handler, changed)
        _crowd(_CROWD)
        steps["look, a crowd came (clocks set)"] = played(on_timer.handler, changed)
        instant += timedelta(seconds=30)
        timer = {"type": "shelter_timer.v1", "shelter_id": HERE, "seq": 0, "revision": 1}
        steps["look, a clock rang (said)"] = played(on_timer.handler, timer)
        stored = moto_cloud.stored(scenario.SHELTERS, to_item(alert_key(HERE)))
        said = said_in(None, from_item(stored or {}))
        assert said
        steps["tell Dishub, keep CAP"] = played(on_alert.handler, said)
        with recorder.recording() as calls:
            _read_history()
        steps[f"a day of history, {_STAYS} stays"] = calls
        return steps


def _read_history() -> None:
    """Let a day be asked for, of which the stays were kept just before."""
    from functions.shelter_alerts.board import Board
    from functions.shelter_alerts.feeds.past import Past
    from functions.shelter_alerts.vehicle import Reason, Stay

    day, noon_ms = date(2026, 11, 19), 1_795_064_400_000
    for each in range(_STAYS):
        stay = Stay(
            session_id=f"{each:020}",
            shelter_id=HERE,
            arrived_ms=noon_ms + each * 60_000,
            vehicle_type="motorcycle",
            left_ms=noon_ms + (each + 25) * 60_000,
            reason=Reason.EXIT,
        )
        for values in session_values(stay):
            moto_cloud.put(scenario.SHELTERS, to_item(values))
    past = Past(Board(scenario.SHELTERS))
    assert len(list(past.spells(HERE, day))) > _STAYS
    past.silent_minutes("semarang", day)
    past.known("semarang")


def _crowd(number: int) -> None:
    from shared import aws

    for each in range(number):
        key = present_key(HERE, _PROVIDER, f"{each:08}-0000-4000-8000-000000000000")
        values = {
            **key,
            "vehicle_type": "motorcycle",
            "arrived_at": "2026-11-20T05:00:00.000Z",
            "session_id": "0123456789abcdef0123",
        }
        aws.dynamodb().put_item(TableName=scenario.SHELTERS, Item=to_item(values))
