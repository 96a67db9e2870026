"""A provider's vehicles: registered, changed, and shown as they are known."""

from collections.abc import Mapping
from typing import Any

from functions.shelter_alerts.mds.bulk import Bulk, Error, Refusal, bad, missing
from functions.shelter_alerts.mds.checks import VEHICLE, is_uuid, wrong_in_vehicle
from functions.shelter_alerts.mds.registry import Registry, can_be_kept
from functions.shelter_alerts.vehicle import Vehicle

_ALREADY = Refusal(Error.ALREADY_REGISTERED, ("device_id",))
_UNREGISTERED = Refusal(Error.UNREGISTERED, ("device_id",))


def register(items: list[Any], provider_id: str, registry: Registry) -> Bulk:
    """Register vehicles; those that are already stay as they are."""
    bulk = Bulk(len(items))
    asked = [one for one in items if isinstance(one, dict) and is_uuid(one.get("device_id"))]
    known = registry.get(provider_id, (one["device_id"].lower() for one in asked))
    for item in items:
        if refusal := _refusal(item, provider_id, VEHICLE):
            bulk.refuse(item, refusal)
        elif item["device_id"].lower() in known or not registry.put(
            _of(item, provider_id), new=True
        ):
            bulk.refuse(item, _ALREADY)
    return bulk


def change(items: list[Any], provider_id: str, registry: Registry) -> Bulk:
    """Change registered vehicles in what is told of them."""
    bulk = Bulk(len(items))
    asked = [one for one in items if isinstance(one, dict) and is_uuid(one.get("device_id"))]
    known = registry.get(provider_id, (one["device_id"].lower() for one in asked))
    for item in items:
        if refusal := _refusal(item, provider_id, ("device_id",)):
            bulk.refuse(item, refusal)
            continue
        changed = _of(item, provider_id)
        before = known.get(changed["device_id"])
        after = (before or {}) | changed
        if before is not None and not can_be_kept(after):
            bulk.refuse(item, bad("item"))
        elif before is None or not registry.put(after, new=False):
            bulk.refuse(item, _UNREGISTERED)
        else:
            known[changed["device_id"]] = after
    return bulk


def status(vehicle: Vehicle) -> dict[str, Any]:
    """Return a vehicle's status: the place and the state last written of it."""
    ids = {"device_id": vehicle.device_id, "provider_id": vehicle.provider_id}
    found: dict[str, Any] = dict(ids)
    location = {"lat": vehicle.lat, "lng": vehicle.lng}
    if vehicle.state is not None:
        found["last_event"] = ids | {
            "event_id": vehicle.stated[1],
            "vehicle_state": vehicle.state,
            "timestamp": vehicle.stated[0],
        }
    if vehicle.lat is not None:
        found["last_telemetry"] = ids | {
            "telemetry_id": vehicle.fixed[1],
            "timestamp": vehicle.fixed[0],
            "trip_ids": None,
            "journey_id": None,
            "location": location,
        }
    return found


def _of(item: Mapping[str, Any], provider_id: str) -> dict[str, Any]:
    return {**item, "device_id": item["device_id"].lower(), "provider_id": provider_id}


def _refusal(item: Any, provider_id: str, required: tuple[str, ...]) -> Refusal | None:
    if not isinstance(item, dict):
        return bad("item")
    if not item.keys() >= set(required):
        return missing(item, required)
    if wrong := wrong_in_vehicle(item, provider_id):
        return bad(*wrong)
    return None if can_be_kept(item) else bad("item")
