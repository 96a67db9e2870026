"""What MDS asks of telemetry, events and vehicles, checked by hand: hundreds come at once.

Each check returns what is taken, or the refusal with every field at fault. What is taken is JSON at
once, written without an encoder: its texts are UUIDs and words of a list, with nothing to escape.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, get_args

from functions.shelter_alerts.mds.bulk import Refusal, bad, missing
from functions.shelter_alerts.mds.words import (
    EARLIEST_MS,
    LONGEST_TEXT,
    MOST_LAT,
    MOST_LNG,
    MOST_NUMBER,
    PropulsionType,
    VehicleState,
    VehicleType,
)
from functions.shelter_alerts.presence import AHEAD_MS

VEHICLE_TYPES: Final = frozenset(get_args(VehicleType))
PROPULSION_TYPES: Final = frozenset(get_args(PropulsionType))
VEHICLE_STATES: Final = frozenset(get_args(VehicleState))

_TELEMETRY: Final = (
    "device_id",
    "provider_id",
    "telemetry_id",
    "timestamp",
    "trip_ids",
    "journey_id",
    "location",
)
_EVENT: Final = (
    "device_id",
    "provider_id",
    "event_id",
    "vehicle_state",
    "event_types",
    "timestamp",
    "location",
)
VEHICLE: Final = ("device_id", "provider_id", "vehicle_id", "vehicle_type", "propulsion_types")
_TELEMETRY_SET, _EVENT_SET = frozenset(_TELEMETRY), frozenset(_EVENT)

_UUID: Final = re.compile(
    r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
).fullmatch

_NUMBERS: Final = frozenset({int, float})  # and not bool, which is an int

#: What is taken: device_id, event_id, the members of the movement's object in a message, and its
#: vehicle_type if the item tells it (which is not among the members). A plain tuple for its speed.
Taken = tuple[str, str, str, str | None]
Checked = Taken | Refusal


def telemetry(item: Any, provider_id: str, now_ms: int) -> Checked:
    """Check one point of telemetry: first as most of it is, then, if that fails, field by field."""
    try:
        device_id, event_id, at_ms = item["device_id"], item["telemetry_id"], item["timestamp"]
        if (
            item["provider_id"] == provider_id
            and item["trip_ids"] is item["journey_id"] is item.get("stop_id") is None
            and type(at_ms) is int
            and EARLIEST_MS <= at_ms <= now_ms + AHEAD_MS
            and _UUID(device_id)
            and _UUID(event_id)
            and (where := _located(item["location"])) is not None
        ):
            return _telemetry(device_id.lower(), event_id.lower(), at_ms, where)
    except (AttributeError, KeyError, TypeError):
        pass
    return _any_telemetry(item, provider_id, now_ms)


def _any_telemetry(item: Any, provider_id: str, now_ms: int) -> Checked:
    if type(item) is not dict:
        return bad("item")
    if not item.keys() >= _TELEMETRY_SET:
        return missing(item, _TELEMETRY)
    wrong = _wrong_head(item, "telemetry_id", provider_id, now_ms)
    trip_ids, journey_id = item["trip_ids"], item["journey_id"]
    if trip_ids is not None and not is_list(trip_ids, is_uuid):
        wrong.append("trip_ids")
    if journey_id is not None and not is_uuid(journey_id):
        wrong.append("journey_id")
    if (stop_id := item.get("stop_id")) is not None and not is_uuid(stop_id):
        wrong.append("stop_id")
    where = _located(item["location"])
    if wrong or where is None:
        return bad(*wrong, *wrong_location(item["location"]))
    device_id, event_id = item["device_id"].lower(), item["telemetry_id"].lower()
    return _telemetry(device_id, event_id, item["timestamp"], where)


def _telemetry(device_id: str, event_id: str, at_ms: int, where: str) -> Taken:
    members = (
        f'"device_id":"{device_id}","event_id":"{event_id}","at_ms":{at_ms},'
        f'"kind":"telemetry",{where}'
    )
    return device_id, event_id, members, None


def event(item: Any, provider_id: str, now_ms: int) -> Checked:
    """Check one event. What state may follow which is not asked: late is better than never."""
    if type(item) is not dict:
        return bad("item")
    elsewhere = "event_geographies" in item and "location" not in item
    if not item.keys() >= _EVENT_SET and not (
        elsewhere and item.keys() >= _EVENT_SET - {"location"}
    ):
        return missing(item, _EVENT)
    wrong = _wrong_head(item, "event_id", provider_id, now_ms)
    if not isinstance(item["vehicle_state"], str) or item["vehicle_state"] not in VEHICLE_STATES:
        wrong.append("vehicle_state")
    if not (item["event_types"] and is_list(item["event_types"], is_text)):
        wrong.append("event_types")
    if item.get("trip_ids") is not None and not is_list(item["trip_ids"], is_uuid):
        wrong.append("trip_ids")
    if elsewhere and not is_list(item["event_geographies"], is_uuid):
        wrong.append("event_geographies")
    where = "" if elsewhere else _located(item["location"])
    if wrong or where is None:
        return bad(*wrong, *(() if elsewhere else wrong_location(item["location"])))
    device_id, event_id = item["device_id"].lower(), item["event_id"].lower()
    members = (
        f'"device_id":"{device_id}","event_id":"{event_id}","at_ms":{item["timestamp"]},'
        f'"kind":"event","vehicle_state":"{item["vehicle_state"]}"{where and f",{where}"}'
    )
    return device_id, event_id, members, None


def wrong_in_vehicle(item: Mapping[str, Any], provider_id: str) -> list[str]:
    """Return the fields at fault of a vehicle's registration, of those that it has."""
    return [
        name for name, fits in _VEHICLE_FIELDS.items() if name in item and not fits(item[name])
    ] + (["provider_id"] if not same(item.get("provider_id", provider_id), provider_id) else [])


def is_uuid(value: Any) -> bool:
    """Tell whether a value is a UUID."""
    return isinstance(value, str) and _UUID(value) is not None


def is_text(value: Any) -> bool:
    """Tell whether a value is a text as MDS allows it."""
    return isinstance(value, str) and 0 < len(value) <= LONGEST_TEXT


def is_list(value: Any, fits: Callable[[Any], bool]) -> bool:
    """Tell whether a value is a list of such values; it may be empty."""
    return isinstance(value, list) and all(map(fits, value))


def is_time(value: Any, now_ms: int) -> bool:
    """Tell whether a value is a time in milliseconds, at most two minutes ahead."""
    return type(value) is int and EARLIEST_MS <= value <= now_ms + AHEAD_MS


def same(value: Any, provider_id: str) -> bool:
    """Tell whether a value is the provider's id."""
    return isinstance(value, str) and (value == provider_id or value.lower() == provider_id)


def is_number(value: Any, least: float, most: float) -> bool:
    """Tell whether a value is a number within bounds."""
    return type(value) in _NUMBERS and least <= value <= most


def wrong_location(location: Any) -> list[str]:
    """Return the fields at fault of a location."""
    if not isinstance(location, dict):
        return ["location"]
    bounds = {"lat": MOST_LAT, "lng": MOST_LNG}
    wrong = [
        f"location.{name}"
        for name, most in bounds.items()
        if not is_number(location.get(name), -most, most)
    ]
    wrong.extend(
        f"location.{name}"
        for name in ("speed", "horizontal_accuracy")
        if location.get(name) is not None and not is_number(location[name], 0, MOST_NUMBER)
    )
    return wrong


def _located(location: Any) -> str | None:
    """Return the members that tell where a location is, or None if it cannot be accepted.

    It asks the same as `wrong_location`, at a third of the time.
    """
    if type(location) is not dict:
        return None
    lat, lng = location.get("lat"), location.get("lng")
    if (
        type(lat) not in _NUMBERS
        or type(lng) not in _NUMBERS
        or not (-MOST_LAT <= lat <= MOST_LAT and -MOST_LNG <= lng <= MOST_LNG)  # type: ignore[operator]
    ):
        return None
    where = f'"lat":{lat!r},"lng":{lng!r}'
    if (accuracy := location.get("horizontal_accuracy")) is not None:
        if type(accuracy) not in _NUMBERS or not 0 <= accuracy <= MOST_NUMBER:
            return None
        where += f',"accuracy_m":{accuracy!r}'
    if (speed := location.get("speed")) is not None:
        if type(speed) not in _NUMBERS or not 0 <= speed <= MOST_NUMBER:
            return None
        where += f',"speed_mps":{speed!r}'
    return where


def _wrong_head(item: Mapping[str, Any], id_field: str, provider_id: str, now_ms: int) -> list[str]:
    """Return which of the fields that all items have are at fault."""
    wrong = []
    if not is_uuid(item["device_id"]):
        wrong.append("device_id")
    if not same(item["provider_id"], provider_id):
        wrong.append("provider_id")
    if not is_uuid(item[id_field]):
        wrong.append(id_field)
    if not is_time(item["timestamp"], now_ms):
        wrong.append("timestamp")
    return wrong


def _is_type(value: Any) -> bool:
    return isinstance(value, str) and value in VEHICLE_TYPES


def _is_propulsion(value: Any) -> bool:
    return isinstance(value, str) and value in PROPULSION_TYPES


_VEHICLE_FIELDS: Final[Mapping[str, Callable[[Any], bool]]] = {
    "device_id": is_uuid,
    "vehicle_id": is_text,
    "vehicle_type": _is_type,
    "propulsion_types": lambda value: bool(value) and is_list(value, _is_propulsion),
}
