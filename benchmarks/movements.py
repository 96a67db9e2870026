"""What fleets cost: an arrival in AWS calls and units, telemetry and fences in processor time."""

import json
import os
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from random import Random
from types import SimpleNamespace
from typing import Any, Final
from uuid import UUID

from benchmarks import moto_cloud, scenario
from benchmarks.figures import Figure, Row, Section, count
from benchmarks.recorder import Call, Recorder
from benchmarks.rehearsal import LambdaContext, handler
from benchmarks.timing import in_fresh_process, in_turns
from functions.shelter_alerts import fifo, items
from functions.shelter_alerts.geometry import Grid
from functions.shelter_alerts.messages import packed
from functions.shelter_alerts.movement import Kind, Movement, as_message, shard_of
from shared.dynamo import to_item

ON_MOVEMENT: Final = "functions.shelter_alerts.on_movement"
MDS: Final = "functions.shelter_alerts.mds.api"
PROVIDER: Final = "5f1c9b1e-6a3d-4d0b-9f43-2b7f0a6c1e11"
HERE, THERE = "semarang-tugu-muda", "semarang-kota-lama"
#: The middle of HERE.
_INSIDE: Final[Mapping[str, Any]] = {
    "lat": -6.9846,
    "lng": 110.4086,
    "accuracy_m": 8.5,
    "speed_mps": 0.4,
}
_NOON: Final = 1_795_150_800_000
_TOLD_AT_ONCE: Final = 200
_IN_A_MESSAGE: Final = 50
#: How many are there before an arrival, and how many shelters the grid holds.
_FEW, _MANY = 10, 500
_SHELTERS: Final = (10, 1000)
_POINTS: Final = 2000

#: Of each step: the most calls, base writes and reads, for one vehicle.
_BUDGETS: Final[Mapping[str, tuple[float, float, float]]] = {
    "telemetry, no change": (1 / 25, 0, 0.5),
    f"arrive, {_FEW} there": (2, 4, 1),
    f"arrive, {_MANY} there": (2, 4, 1),
    "move": (2, 6, 1),
    "leave": (2, 4, 1),
}


def measure() -> Section:
    """Return what following a vehicle asks of AWS."""
    steps = in_fresh_process(_followed)
    return Section(
        title="Movements of fleets",
        how=(
            f"One vehicle's share of a message; telemetry comes {_IN_A_MESSAGE} a message. Besides, "
            "each shard of a provider writes 1 unit a minute, and that a present vehicle was seen is "
            "1 unit a minute and 2 of the index. In brackets: the budget."
        ),
        columns=("AWS calls", "base writes", "index writes", "reads"),
        rows=[_row(name, calls, vehicles) for name, (calls, vehicles) in steps.items()],
    )


def measure_cpu(*, rounds: int = 25) -> Section:
    """Return the processor time of telemetry and of fences."""
    return Section(
        title="Fleets: processor time",
        how=(
            f"The least of the rounds. Telemetry comes {_TOLD_AT_ONCE} items a request. The barest "
            "handler parses the same JSON and answers; ours checks each item, packs it by shard and "
            "hands it to SQS's client, whose own time is not in it. Places are all over the city, "
            "and inside fences."
        ),
        columns=("µs", "× barest", "found"),
        rows=in_fresh_process(_timed, rounds),
    )


def _row(name: str, calls: Sequence[Call], vehicles: int) -> Row:
    most_calls, most_writes, most_reads = _BUDGETS[name]
    return Row(
        name,
        (
            Figure(len(calls) / vehicles, most_calls),
            count(sum(call.base_writes for call in calls) / vehicles, most_writes),
            count(sum(call.index_writes for call in calls) / vehicles),
            count(sum(call.reads for call in calls) / vehicles, most_reads),
        ),
    )


def _followed() -> dict[str, tuple[Sequence[Call], int]]:
    """Play an arrival, a move and a departure, and telemetry of those who stay."""
    recorder = Recorder()
    recorder.install()
    with moto_cloud.running():
        from functions.shelter_alerts import on_movement

        for shard in range(32):  # its watermark was just written
            on_movement.noted[PROVIDER, shard] = _NOON + 3_600_000

        def played(*movements: Movement) -> Sequence[Call]:
            with recorder.recording() as calls:
                answer = handler(ON_MOVEMENT)(_batch(movements), LambdaContext())
            assert answer == {"batchItemFailures": []}
            return calls

        steps: dict[str, tuple[Sequence[Call], int]] = {}
        _crowd(_FEW)
        steps[f"arrive, {_FEW} there"] = played(_told(0, Kind.ENTER, HERE)), 1
        steps["move"] = played(_told(1, Kind.ENTER, THERE)), 1
        steps["leave"] = played(_told(2, Kind.EXIT, THERE)), 1
        _crowd(_MANY)
        steps[f"arrive, {_MANY} there"] = played(_told(3, Kind.ENTER, HERE)), 1
        standing = [_fix(number, 4) for number in _of_one_shard(_IN_A_MESSAGE)]
        played(*standing)
        again = [_fix(number, 5) for number in _of_one_shard(_IN_A_MESSAGE)]
        steps["telemetry, no change"] = played(*again), _IN_A_MESSAGE
        return {name: steps[name] for name in _BUDGETS}


def _timed(rounds: int) -> list[Row]:
    os.environ.update(scenario.ENVIRONMENT)
    with moto_cloud.running():
        moto_cloud.register_client("fleet:semarang:semarang-mitra-armada")
        found = in_turns(_tellers(), rounds=rounds, calls=20)
    ours, barest = found["ours"], found["barest"]
    rows = [
        Row(
            "telemetry, an item",
            (
                Figure(ours.least / _TOLD_AT_ONCE * 1e6),
                Figure(ours.least / barest.least, 5.0),
                "",
            ),
        ),
        Row("barest, an item", (Figure(barest.least / _TOLD_AT_ONCE * 1e6), "", "")),
    ]
    for number in _SHELTERS:
        grid, places = _strewn(number)
        look = partial(_look, grid, places)
        took = in_turns({"at": look}, rounds=rounds, calls=5)["at"]
        rows.append(
            Row(
                f"fence of a place, {number:,} shelters",
                (Figure(took.least / len(places) * 1e6, 5.0), "", count(look())),
            )
        )
    return rows


def _tellers() -> dict[str, Callable[[], object]]:
    """Return our handler of a batch of telemetry, and the barest that only parses it."""
    from functions.shelter_alerts.mds import api
    from shared import aws
    from shared.clock import now

    at_ms = round(now().timestamp() * 1000)
    told = [_telemetry(number, at_ms) for number in range(_TOLD_AT_ONCE)]
    for one in told:
        vehicle = {"device_id": one["device_id"], "provider_id": PROVIDER}
        api.registry().put(
            vehicle
            | {"vehicle_id": "H", "vehicle_type": "motorcycle", "propulsion_types": ["combustion"]},
            new=True,
        )
    headers = {"Accept": "application/vnd.mds+json;version=2.0"}
    event = scenario.request(
        "POST", "/mds/telemetry", {}, headers=headers, client=scenario.CLIENT
    ) | {"body": json.dumps(told)}
    claims = event["requestContext"]["authorizer"]["claims"]
    claims["scope"] = "fleet/telemetry"
    answer = api.handler(event, LambdaContext())
    assert answer["statusCode"] == 201, answer["body"][:500]
    sent = SimpleNamespace(send_message_batch=lambda **_: {})
    aws.sqs = lambda: sent  # type: ignore[assignment,return-value]

    def barest() -> object:
        body = json.dumps({"total": len(json.loads(event["body"]))})
        return {"statusCode": 201, "body": body}

    return {"ours": partial(api.handler, event, LambdaContext()), "barest": barest}


def _telemetry(number: int, at_ms: int) -> dict[str, Any]:
    chance = Random(number)
    return {
        "device_id": _device(number),
        "provider_id": PROVIDER,
        "telemetry_id": str(UUID(int=chance.getrandbits(128))),
        "timestamp": at_ms,
        "trip_ids": None,
        "journey_id": None,
        "location": {
            "lat": round(chance.uniform(-7.05, -6.95), 6),
            "lng": round(chance.uniform(110.35, 110.48), 6),
            "heading": 120.0,
            "speed": 3.4,
            "horizontal_accuracy": 8.5,
        },
    }


def _strewn(number: int) -> tuple[Grid, list[tuple[float, float]]]:
    """Return fences all over the city, and places anywhere and in their middles."""
    chance = Random(number)
    fences = []
    for each in range(number):
        lat, lng = chance.uniform(-7.08, -6.95), chance.uniform(110.30, 110.50)
        corners = [(0.0, 0.0), (5e-4, 1e-4), (6e-4, 6e-4), (1e-4, 5e-4), (0.0, 0.0)]
        fences.append((f"shelter-{each}", [(lat + north, lng + east) for north, east in corners]))
    places = [
        (chance.uniform(-7.08, -6.95), chance.uniform(110.30, 110.50)) for _ in range(_POINTS)
    ]
    places += [(corners[0][0] + 3e-4, corners[0][1] + 3e-4) for _, corners in fences]
    return Grid(fences), places


def _look(grid: Grid, places: Sequence[tuple[float, float]]) -> int:
    return sum(grid.at(lat, lng) is not None for lat, lng in places)


def _device(number: int) -> str:
    return str(UUID(int=number, version=4))


def _of_one_shard(number: int) -> list[int]:
    shard = shard_of(PROVIDER, _device(0))
    found = [one for one in range(5_000) if shard_of(PROVIDER, _device(one)) == shard]
    return found[1 : number + 1]


def _told(seconds: int, kind: Kind, place: str) -> Movement:
    return Movement(
        provider_id=PROVIDER,
        device_id=_device(0),
        event_id=_device(seconds),
        at_ms=_NOON + seconds * 1000,
        kind=kind,
        place=place,
        vehicle_type="motorcycle",
    )


def _fix(number: int, seconds: int) -> Movement:
    return Movement(
        provider_id=PROVIDER,
        device_id=_device(number),
        event_id=_device(seconds),
        at_ms=_NOON + seconds * 1000,
        kind=Kind.TELEMETRY,
        vehicle_type="motorcycle",
        **_INSIDE,
    )


def _batch(movements: Sequence[Movement]) -> dict[str, Any]:
    shard = shard_of(PROVIDER, movements[0].device_id)
    told = {shard: [as_message(one) for one in movements]}
    return {
        "Records": [
            {
                "messageId": str(number),
                "body": json.dumps(message),
                "attributes": {"MessageGroupId": fifo.group_of(shard)},
            }
            for number, message in enumerate(packed(PROVIDER, _NOON + 10_000, told))
        ]
    }


def _crowd(number: int) -> None:
    """Let so many others be in HERE."""
    for each in range(number):
        key = items.present_key(HERE, "another-provider", _device(each))
        there = {"vehicle_type": "motorcycle", "arrived_at": "-", "session_id": "-"}
        moto_cloud.put(scenario.SHELTERS, to_item(key | there))
