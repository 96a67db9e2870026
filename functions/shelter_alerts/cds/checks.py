"""What CDS 1.1 asks of a curb event, and which movement it tells: here a zone is a shelter."""

import json
from collections.abc import Mapping
from typing import Any, Final, get_args

from functions.shelter_alerts.mds.bulk import Refusal, bad, missing
from functions.shelter_alerts.mds.checks import (
    Checked,
    is_number,
    is_text,
    is_time,
    is_uuid,
    same,
)
from functions.shelter_alerts.mds.words import MOST_LAT, MOST_LNG, CurbEventType, CurbVehicleType
from functions.shelter_alerts.movement import Kind

_REQUIRED: Final = (
    "event_id",
    "event_type",
    "event_time",
    "event_publication_time",
    "data_source_type",
    "data_source_device_id",
)
_REQUIRED_SET: Final = frozenset(_REQUIRED)
_KINDS: Final[Mapping[CurbEventType, Kind]] = {
    "enter_area": Kind.ENTER,
    "park_start": Kind.ENTER,
    "exit_area": Kind.EXIT,
    "park_end": Kind.EXIT,
    "scheduled_report": Kind.TELEMETRY,
    "comms_lost": Kind.COMMS_LOST,
    "comms_restored": Kind.TELEMETRY,
    "decommissioned": Kind.EVENT,
}
VEHICLE_TYPES: Final = frozenset(get_args(CurbVehicleType))


def curb_event(item: Any, provider_id: str, now_ms: int, zones: Mapping[str, str]) -> Checked:
    """Check one event; `zones` tells the shelter that a curb_zone_id names."""
    if type(item) is not dict:
        return bad("item")
    if not item.keys() >= _REQUIRED_SET:
        return missing(item, _REQUIRED)
    if wrong := _wrong(item, provider_id, now_ms, zones):
        return bad(*wrong)
    kind = _KINDS[item["event_type"]]
    place = zones.get(str(item.get("curb_zone_id")).lower())
    where = _point(item.get("event_location")) or {}
    if kind is Kind.ENTER and place is None:
        if not where:
            return Refusal(missing(item, ("curb_zone_id",)).error, ("curb_zone_id",))
        kind = Kind.TELEMETRY  # it came into some area: the fences tell which
    device_id, event_id = item["data_source_device_id"].lower(), item["event_id"].lower()
    told = {
        "device_id": device_id,
        "event_id": event_id,
        "at_ms": item["event_time"],
        "kind": str(kind),
        **where,
    }
    if place is not None and kind in {Kind.ENTER, Kind.EXIT}:
        told["place"] = place
    if kind is Kind.EVENT:
        told["vehicle_state"] = "removed"
    vehicle_type = item.get("vehicle_type")
    members = json.dumps(told, separators=(",", ":"))[1:-1]
    return device_id, event_id, members, None if vehicle_type == "unspecified" else vehicle_type


def _wrong(
    item: Mapping[str, Any], provider_id: str, now_ms: int, zones: Mapping[str, str]
) -> list[str]:
    zone, where = item.get("curb_zone_id"), item.get("event_location")
    operator, vehicle_type = item.get("data_source_operator_id"), item.get("vehicle_type")
    session = item.get("event_session_id")
    checks = {
        "event_id": is_uuid(item["event_id"]),
        "event_type": isinstance(item["event_type"], str) and item["event_type"] in _KINDS,
        "event_time": is_time(item["event_time"], now_ms),
        "event_publication_time": is_time(item["event_publication_time"], now_ms),
        "data_source_type": item["data_source_type"] == "data_feed",
        "data_source_device_id": is_uuid(item["data_source_device_id"]),
        "data_source_operator_id": operator is None or same(operator, provider_id),
        "curb_zone_id": zone is None or (isinstance(zone, str) and zone.lower() in zones),
        "event_session_id": session is None or is_uuid(session),
        "event_location": where is None or _point(where) is not None,
        "event_purpose": item.get("event_purpose") is None or is_text(item["event_purpose"]),
        "vehicle_type": vehicle_type is None
        or (isinstance(vehicle_type, str) and vehicle_type in VEHICLE_TYPES),
    }
    return [name for name, fits in checks.items() if not fits]


def _point(where: Any) -> dict[str, float] | None:
    """Return the place of a GeoJSON point, or of a feature that is one."""
    if isinstance(where, dict) and where.get("type") == "Feature":
        where = where.get("geometry")
    if not isinstance(where, dict) or where.get("type") != "Point":
        return None
    match where.get("coordinates"):
        case [lng, lat, *_] if is_number(lng, -MOST_LNG, MOST_LNG) and is_number(
            lat, -MOST_LAT, MOST_LAT
        ):
            return {"lat": lat, "lng": lng}
    return None
