"""Shelters as GBFS 3.0 has them: virtual stations that only take vehicles in.

https://github.com/MobilityData/gbfs/blob/v3.0/gbfs.md. Occupied places are its disabled vehicles,
since nothing can be rented here; a full shelter still takes vehicles back.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any, Final

from functions.shelter_alerts.feeds.standing import FORM_FACTORS, Standing
from functions.shelter_alerts.items import instant
from shared.clock import WIB
from shared.text import Text

VERSION: Final = "3.0"
LANGUAGES: Final = ("id", "en")
#: How long a client may keep each feed, in seconds: what changes by the minute, and what rarely.
LIVE_S: Final = 10
SETTLED_S: Final = 3600
TTL_S: Final[Mapping[str, int]] = {
    "gbfs": SETTLED_S,
    "manifest": SETTLED_S,
    "system_information": SETTLED_S,
    "vehicle_types": SETTLED_S,
    "station_information": SETTLED_S,
    "station_status": LIVE_S,
    "system_alerts": 60,
}
#: What a system's gbfs.json lists.
LISTED: Final = (
    "system_information",
    "vehicle_types",
    "station_information",
    "station_status",
    "system_alerts",
)
_NAMES: Final[Mapping[str, Text]] = {
    "motorcycle": Text("Sepeda motor", "Motorcycle"),
    "car": Text("Mobil", "Car"),
}
#: Some petrol tank's worth; GBFS wants it of whatever has a motor.
_RANGES_M: Final[Mapping[str, int]] = {"motorcycle": 200_000, "car": 500_000}

Feed = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """What GBFS calls a system: the shelters of one jurisdiction, or of all."""

    system_id: str
    name: Text
    operator: str
    contact: str  #: an e-mail address
    base_url: str  #: before `/gbfs.json`
    manifest_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowded:
    """A shelter that has no place left for any type."""

    alert_id: str
    standing: Standing
    at_ms: int  #: since when its occupancy is what it is


def feed(name: str, data: Mapping[str, Any], updated: datetime) -> Feed:
    """Return a feed with what GBFS puts around its data."""
    return {
        "last_updated": _rfc3339(updated),
        "ttl": TTL_S[name],
        "version": VERSION,
        "data": data,
    }


def discovery(system: System) -> Mapping[str, Any]:
    """Return the data of gbfs.json."""
    return {"feeds": [{"name": name, "url": f"{system.base_url}/{name}.json"} for name in LISTED]}


def manifest(systems: Iterable[tuple[str, Mapping[str, str]]]) -> Mapping[str, Any]:
    """Return the data of manifest.json, of system ids and the URL of each version of theirs."""
    return {
        "datasets": [
            {
                "system_id": system_id,
                "versions": [{"version": each, "url": url} for each, url in versions.items()],
            }
            for system_id, versions in systems
        ]
    }


def system_information(system: System) -> Mapping[str, Any]:
    """Return the data of system_information.json."""
    return {
        "system_id": system.system_id,
        "languages": list(LANGUAGES),
        "name": _told(system.name),
        "operator": [{"text": system.operator, "language": "id"}],
        "opening_hours": "24/7",
        "feed_contact_email": system.contact,
        "manifest_url": system.manifest_url,
        "timezone": "Asia/Jakarta",
    }


def vehicle_types() -> Mapping[str, Any]:
    """Return the data of vehicle_types.json."""
    return {
        "vehicle_types": [
            {
                "vehicle_type_id": each,
                "form_factor": form,
                "propulsion_type": "combustion",
                "max_range_meters": _RANGES_M[each],
                "name": _told(_NAMES[each]),
            }
            for each, form in FORM_FACTORS.items()
        ]
    }


def station_information(standings: Iterable[Standing]) -> Mapping[str, Any]:
    """Return the data of station_information.json."""
    return {"stations": [_station(one) for one in standings]}


def station_status(standings: Iterable[Standing]) -> Mapping[str, Any]:
    """Return the data of station_status.json; of what nobody ever reported nothing is told."""
    return {"stations": [_status(one) for one in standings if one.reported_ms is not None]}


def system_alerts(crowded: Sequence[Crowded]) -> Mapping[str, Any]:
    """Return the data of system_alerts.json: the shelters that take no more."""
    return {
        "alerts": [
            {
                "alert_id": one.alert_id,
                "type": "other",
                "times": [{"start": _at(one.at_ms)}],
                "station_ids": [one.standing.shelter.id],
                "summary": _told(_full(one.standing)),
                "last_updated": _at(one.at_ms),
            }
            for one in crowded
        ]
    }


def _station(one: Standing) -> dict[str, Any]:
    shelter = one.shelter
    lat, lon = shelter.centre
    ring = [[corner_lng, corner_lat] for corner_lat, corner_lng in shelter.fence]
    return {
        "station_id": shelter.id,
        "name": _told(shelter.name),
        "lat": lat,
        "lon": lon,
        "is_virtual_station": True,
        "parking_type": "street_parking",
        "capacity": sum(one.capacity.values()),
        "station_area": {"type": "MultiPolygon", "coordinates": [[_counterclockwise(ring)]]},
        "vehicle_docks_capacity": _by_type(one.capacity),
    }


def _status(one: Standing) -> dict[str, Any]:
    free = one.free
    return {
        "station_id": one.shelter.id,
        "num_vehicles_available": 0,
        "vehicle_types_available": [{"vehicle_type_id": each, "count": 0} for each in one.capacity],
        "num_vehicles_disabled": one.present,
        "num_docks_available": sum(free.values()),
        "vehicle_docks_available": _by_type(free),
        "is_installed": True,
        "is_renting": False,
        "is_returning": True,
        "last_reported": _at(one.reported_ms or 0),
    }


def _by_type(counts: Mapping[Any, int]) -> list[dict[str, Any]]:
    return [{"vehicle_type_ids": [each], "count": count} for each, count in counts.items()]


def _full(one: Standing) -> Text:
    name = one.shelter.name
    return Text(
        f"{name.id} penuh; carilah titik kumpul lain.", f"{name.en} is full; go to another shelter."
    )


def _told(text: Text) -> list[dict[str, str]]:
    return [{"text": text.in_language(each), "language": each} for each in LANGUAGES]


def _counterclockwise(ring: list[list[float]]) -> list[list[float]]:
    """Return a ring as GeoJSON has outer ones (RFC 7946, 3.1.6)."""
    twice_the_area = sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))
    return ring if twice_the_area > 0 else ring[::-1]


def _at(at_ms: int) -> str:
    return _rfc3339(instant(at_ms))


def _rfc3339(at: datetime) -> str:
    return at.astimezone(UTC).astimezone(WIB).isoformat(timespec="seconds")
