"""What is told of an alert: to ourselves as it was written, to others with all that they need."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from functions.shelter_alerts.alerts.messages import (
    AlertSaidV1,
    OptionV1,
    ShelterAlertV1,
    ShelterAlertWebhookV1,
    StateName,
    TypeCountV1,
)
from functions.shelter_alerts.alerts.states import NORMAL
from functions.shelter_alerts.configuration import Shelter, jurisdiction_of
from functions.shelter_alerts.items import as_text
from functions.shelter_alerts.vehicle import CountedType

Image = Mapping[str, Any]

_SEVERITIES: Final = ("info", "warning", "error", "critical")
_NAMES: Final[tuple[StateName, ...]] = ("normal", "warning", "full", "over")
#: Types in the order in which one is chosen when both fare as badly.
_TYPES: Final[Sequence[CountedType]] = ("motorcycle", "car")


def said_in(old: Image | None, new: Image | None) -> AlertSaidV1 | None:
    """Return what was said by a change of an alert's item (plain values); None if nothing was."""
    if new is None or "action" not in new or new["seq"] == (old or {}).get("seq"):
        return None
    until_ms = new.get("silenced_until_ms", 0)
    return {
        "type": "alert_said.v1",
        "shelter_id": new["sk"].partition("#")[2],
        "seq": new["seq"],
        "action": new["action"],
        "state": new["state"],
        "previous_state": new["previous"],
        "level": new["level"],
        "levels": new.get("levels", {}),
        "since_ms": new["since_ms"],
        "at_ms": new["at_ms"],
        "opened_seq": new["opened_seq"],
        "follows": new.get("follows"),
        "occupancy": new["occupancy"],
        "capacity": new["capacity"],
        "silenced": new.get("silenced_ms", 0) <= new["at_ms"] < until_ms,
        "acknowledged": "acknowledged_by" in new,
    }


def dedup_key(shelter_id: str) -> str:
    """Return the name under which an alert's news belong together."""
    return f"shelter/{shelter_id}/capacity"


def worst_type(levels: Mapping[str, int], capacity: Mapping[str, int]) -> CountedType:
    """Return the type of vehicle for which a shelter fares worst."""
    types = [each for each in _TYPES if each in capacity] or [_TYPES[0]]
    return max(types, key=lambda each: levels.get(each, NORMAL))


def shelter_alert(
    said: AlertSaidV1, shelter: Shelter, nearest: Sequence[OptionV1]
) -> ShelterAlertV1:
    """Return what others are told of an alert."""
    by_type: dict[str, TypeCountV1] = {
        each: {
            "occupancy": said["occupancy"].get(each, 0),
            "capacity": capacity,
            "state": _NAMES[said["levels"].get(each, NORMAL)],
        }
        for each, capacity in said["capacity"].items()
    }
    lat, lng = shelter.centre
    severity: Any = _SEVERITIES[said["level"]]
    return {
        "type": "shelter_alert.v1",
        "alert_id": f"{shelter.id}.{said['opened_seq']}",
        "dedup_key": dedup_key(shelter.id),
        "seq": said["seq"],
        "action": said["action"],
        "severity": severity,
        "state": said["state"],
        "previous_state": said["previous_state"],
        "jurisdiction_id": jurisdiction_of(shelter.id),
        "shelter_id": shelter.id,
        "shelter_name": shelter.name.id,
        "district": shelter.district,
        "lat": lat,
        "long": lng,
        "occupancy": sum(one["occupancy"] for one in by_type.values()),
        "capacity": sum(one["capacity"] for one in by_type.values()),
        "by_type": by_type,
        "since": as_text(said["since_ms"]),
        "observed_at": as_text(said["at_ms"]),
        "silenced": said["silenced"],
        "acknowledged": said["acknowledged"],
        "nearest": list(nearest),
    }


def webhook(alert: ShelterAlertV1) -> ShelterAlertWebhookV1:
    """Return what a partner's server is told."""
    return {"type": "shelter.alert.v1", "timestamp": alert["observed_at"], "data": alert}


def webhook_id(alert: ShelterAlertV1, partner_id: str) -> str:
    """Return the id by which a partner knows a repetition."""
    return f"{alert['dedup_key']}:{alert['seq']}:{partner_id}"
