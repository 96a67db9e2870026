"""What a change of a vehicle's item means to others: the outbox asks for each record of the stream."""

from collections.abc import Iterator, Mapping
from typing import Any

from functions.shelter_alerts.items import VEHICLE, as_text
from functions.shelter_alerts.messages import ShelterChangedV1, ShelterLeftV1

Image = Mapping[str, Any]


def events_of(old: Image | None, new: Image | None) -> Iterator[ShelterLeftV1 | ShelterChangedV1]:
    """Yield what follows from a vehicle's item (plain values) before and after; of others nothing.

    First the stay that is over, if one is, then each shelter in which somebody came or went. The
    same record gives the same events, however often it is read.
    """
    if new is None or new["sk"] != VEHICLE:
        return
    before, after = (old or {}).get("stay"), new.get("stay")
    left = new.get("left")
    if left is not None and left != (old or {}).get("left"):
        yield _left(new, left)
    if (before or {}).get("session_id") == (after or {}).get("session_id"):
        return
    if before is not None:
        at_ms = left["left_ms"] if left is not None else new["seen_ms"]
        yield _changed(before["shelter_id"], at_ms)
    if after is not None and after["shelter_id"] != (before or {}).get("shelter_id"):
        yield _changed(after["shelter_id"], after["arrived_ms"])


def _changed(shelter_id: str, at_ms: int) -> ShelterChangedV1:
    return {"type": "shelter_changed.v1", "shelter_id": shelter_id, "at": as_text(at_ms)}


def _left(vehicle: Image, stay: Image) -> ShelterLeftV1:
    _, provider_id, device_id = vehicle["pk"].split("#", 2)
    return {
        "type": "shelter_left.v1",
        "shelter_id": stay["shelter_id"],
        "provider_id": provider_id,
        "device_id": device_id,
        "session_id": stay["session_id"],
        "vehicle_type": stay["vehicle_type"],
        "arrived_ms": stay["arrived_ms"],
        "left_ms": stay["left_ms"],
        "reason": stay["reason"],
    }
