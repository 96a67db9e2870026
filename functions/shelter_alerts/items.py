"""What the table `shelters` holds of vehicles and their stays, as plain values, and the keys."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from functions.shelter_alerts.movement import NEVER, Moment, Movement, shard_of
from functions.shelter_alerts.vehicle import Reason, Stay, Vehicle
from shared.clock import from_text, to_text
from shared.days import day_of

VEHICLE: Final = "VEHICLE"  #: sort key of what moves of a vehicle
REGISTRATION: Final = "REGISTRATION"  #: … and of what its provider registered of it
LATE: Final = "LATE"  #: first in the sort key of what was told too late
#: History is shown for 400 days, and forgotten soon after.
_HISTORY_KEPT_S: Final = 402 * 86_400

Key = dict[str, str]


def vehicle_key(provider_id: str, device_id: str) -> Key:
    """Return the key of a vehicle."""
    return {"pk": f"V#{provider_id}#{device_id}", "sk": VEHICLE}


def registration_key(provider_id: str, device_id: str) -> Key:
    """Return the key of a vehicle's registration."""
    return {"pk": f"V#{provider_id}#{device_id}", "sk": REGISTRATION}


def shelter_partition(shelter_id: str) -> str:
    """Return the partition of those present in a shelter."""
    return f"S#{shelter_id}"


def present_key(shelter_id: str, provider_id: str, device_id: str) -> Key:
    """Return the key that a vehicle has while it is in a shelter."""
    return {"pk": shelter_partition(shelter_id), "sk": f"P#{provider_id}#{device_id}"}


def watermark_key(provider_id: str, shard: int) -> Key:
    """Return the key under which it is kept how far a provider's shard was worked through."""
    return {"pk": f"W#{provider_id}", "sk": f"{shard:02}"}


def stale_partition(shard: int) -> str:
    """Return the partition of the index `by_seen`."""
    return f"Q#{shard:02}"


def sessions_partition(shelter_id: str, day: str) -> str:
    """Return the partition of a shelter's stays that saw a day (WIB, `YYYY-MM-DD`)."""
    return f"H#{shelter_id}#{day}"


def instant(at_ms: int) -> datetime:
    """Return the instant of a time in milliseconds."""
    return datetime.fromtimestamp(at_ms // 1000, UTC).replace(microsecond=at_ms % 1000 * 1000)


def as_text(at_ms: int) -> str:
    """Return a time in milliseconds as RFC 3339 in UTC."""
    return to_text(instant(at_ms))


def milliseconds(text: str) -> int:
    """Return the milliseconds of a time that `as_text` wrote."""
    return round(from_text(text).timestamp() * 1000)


def minute_of(at_ms: int) -> str:
    """Return the minute of a time, as the index `by_seen` sorts it (`2026-11-23T02:12`)."""
    return as_text(at_ms)[:16]


def vehicle_values(vehicle: Vehicle) -> dict[str, Any]:
    """Return a vehicle as plain values of its item; None means absent."""
    stay, left = vehicle.stay, vehicle.left
    shard = shard_of(vehicle.provider_id, vehicle.device_id)
    return {
        **vehicle_key(vehicle.provider_id, vehicle.device_id),
        "vehicle_type": vehicle.vehicle_type or None,
        "state": vehicle.state,
        "stated": list(vehicle.stated) if vehicle.state else None,
        "lat": vehicle.lat,
        "lng": vehicle.lng,
        "at_ms": vehicle.fixed[0],
        "event_id": vehicle.fixed[1],
        "entered": list(vehicle.entered),
        "exits": {place: list(moment) for place, moment in vehicle.exits.items()} or None,
        "inside": vehicle.inside,
        "outside": vehicle.outside or None,
        "seen_ms": vehicle.seen_ms,
        "shelter_id": vehicle.shelter_id,
        "stay": _stay_values(stay) if stay else None,
        "left": _stay_values(left) if left else None,
        "stale_shard": stale_partition(shard) if stay else None,
        "seen_minute": minute_of(vehicle.seen_ms) if stay else None,
        "revision": vehicle.revision,
    }


def vehicle_from(values: Mapping[str, Any]) -> Vehicle:
    """Return the vehicle that an item holds."""
    _, provider_id, device_id = values["pk"].split("#", 2)
    return Vehicle(
        provider_id=provider_id,
        device_id=device_id,
        vehicle_type=values.get("vehicle_type", ""),
        state=values.get("state"),
        stated=_moment(values.get("stated", NEVER)),
        lat=values.get("lat"),
        lng=values.get("lng"),
        fixed=(values["at_ms"], values["event_id"]),
        entered=_moment(values["entered"]),
        exits={place: _moment(pair) for place, pair in values.get("exits", {}).items()},
        inside=values.get("inside"),
        outside=values.get("outside", 0),
        seen_ms=values["seen_ms"],
        stay=_stay_from(values.get("stay")),
        left=_stay_from(values.get("left")),
        revision=values["revision"],
    )


def present_values(vehicle: Vehicle, stay: Stay) -> dict[str, Any]:
    """Return the item of a vehicle that is in a shelter."""
    return {
        **present_key(stay.shelter_id, vehicle.provider_id, vehicle.device_id),
        "vehicle_type": stay.vehicle_type,
        "arrived_at": as_text(stay.arrived_ms),
        "session_id": stay.session_id,
    }


def session_values(stay: Stay) -> Iterator[dict[str, Any]]:
    """Yield the items of a stay that is over: the same under each day (WIB) that it saw.

    Which vehicle it was is not in them.
    """
    ended = stay.left_ms or stay.arrived_ms
    left_at = as_text(ended)
    day, last = day_of(instant(stay.arrived_ms)), day_of(instant(ended))
    while day <= last:
        yield {
            "pk": sessions_partition(stay.shelter_id, day.isoformat()),
            "sk": f"{left_at}#{stay.session_id}",
            "arrived_at": as_text(stay.arrived_ms),
            "left_at": left_at,
            "vehicle_type": stay.vehicle_type,
            "reason": str(stay.reason),
            "expires_at": forgotten_at(ended),
        }
        day += timedelta(days=1)


def forgotten_at(at_ms: int) -> int:
    """Return when history of a time is forgotten, in seconds as the table wants it."""
    return at_ms // 1000 + _HISTORY_KEPT_S


def late_values(movement: Movement, received_ms: int) -> dict[str, Any]:
    """Return the item of what was told of a shelter too late to count: history only."""
    day = day_of(instant(movement.at_ms))
    at = as_text(movement.at_ms)
    told = (at, movement.provider_id, movement.device_id, movement.event_id)
    return {
        "pk": sessions_partition(movement.place or "", day.isoformat()),
        "sk": "#".join((LATE, *told)),
        "kind": str(movement.kind),
        "at": at,
        "received_at": as_text(received_ms),
        "expires_at": forgotten_at(movement.at_ms),
    }


def _stay_values(stay: Stay) -> dict[str, Any]:
    values = {
        "session_id": stay.session_id,
        "shelter_id": stay.shelter_id,
        "arrived_ms": stay.arrived_ms,
        "vehicle_type": stay.vehicle_type,
    }
    if stay.reason is not None:
        values |= {"left_ms": stay.left_ms, "reason": str(stay.reason)}
    return values


def _stay_from(values: Mapping[str, Any] | None) -> Stay | None:
    if values is None:
        return None
    reason = values.get("reason")
    return Stay(**{**values, "reason": Reason(reason) if reason else None})


def _moment(pair: Sequence[Any]) -> Moment:
    at_ms, event_id = pair
    return at_ms, event_id
