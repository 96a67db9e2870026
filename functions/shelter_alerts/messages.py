"""The messages about movements, versioned: what the queues of this context carry."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Literal, NotRequired

from functions.shelter_alerts.movement import MOST_IN_A_MESSAGE
from functions.shelter_alerts.vehicle import CountedType

if sys.version_info >= (3, 12):
    from typing import TypedDict
else:
    from typing_extensions import TypedDict  # pydantic makes schemas of no other before 3.12


class MovementV1(TypedDict):
    """One movement. Times are milliseconds since 1970 (UTC), distances metres."""

    device_id: str
    event_id: str
    at_ms: int
    kind: Literal["telemetry", "event", "enter", "exit", "comms_lost"]
    lat: NotRequired[float]
    lng: NotRequired[float]
    accuracy_m: NotRequired[float]
    speed_mps: NotRequired[float]
    place: NotRequired[str]
    vehicle_state: NotRequired[str]
    vehicle_type: NotRequired[str]


class FleetMovementsV1(TypedDict):
    """Movements of vehicles of one provider and shard, as they came in together."""

    type: Literal["fleet_movements.v1"]
    provider_id: str
    shard: int
    received_ms: int
    movements: list[MovementV1]


class FleetUnseenV1(TypedDict):
    """Vehicles that may have left unseen. It stands in the queue behind all that was told of them.

    Who was not seen for five minutes before `watermark_ms` has left.
    """

    type: Literal["fleet_unseen.v1"]
    provider_id: str
    shard: int
    watermark_ms: int
    devices: list[str]


class ShelterChangedV1(TypedDict):
    """Somebody came to a shelter or left it: its alert is to be evaluated anew."""

    type: Literal["shelter_changed.v1"]
    shelter_id: str
    at: str


class ShelterLeftV1(TypedDict):
    """A stay is over: it goes into the shelter's history."""

    type: Literal["shelter_left.v1"]
    shelter_id: str
    provider_id: str
    device_id: str
    session_id: str
    vehicle_type: CountedType
    arrived_ms: int
    left_ms: int
    reason: Literal["exit", "moved", "stale", "removed"]


def movements_message(
    provider_id: str, shard: int, received_ms: int, movements: list[Any]
) -> FleetMovementsV1:
    """Return the message that carries movements."""
    return {
        "type": "fleet_movements.v1",
        "provider_id": provider_id,
        "shard": shard,
        "received_ms": received_ms,
        "movements": movements,
    }


def unseen_message(
    provider_id: str, shard: int, watermark_ms: int, devices: list[str]
) -> FleetUnseenV1:
    """Return the message that asks whether vehicles have left unseen."""
    return {
        "type": "fleet_unseen.v1",
        "provider_id": provider_id,
        "shard": shard,
        "watermark_ms": watermark_ms,
        "devices": devices,
    }


def packed(
    provider_id: str, received_ms: int, by_shard: Mapping[int, Sequence[Any]]
) -> Iterator[FleetMovementsV1]:
    """Yield messages of at most 50 movements, each of one shard, in the order given."""
    for shard, movements in by_shard.items():
        rest = iter(movements)
        while some := list(islice(rest, MOST_IN_A_MESSAGE)):
            yield movements_message(provider_id, shard, received_ms, some)
