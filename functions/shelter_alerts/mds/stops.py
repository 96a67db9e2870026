"""Shelters as MDS's stops. The city keeps them in its configuration; providers only read them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from functions.shelter_alerts.configuration import Shelter
from functions.shelter_alerts.mds.bulk import Bulk, Error, Refusal, bad, missing
from functions.shelter_alerts.mds.checks import is_uuid
from functions.shelter_alerts.store import Present
from shared.text import Text

_REQUIRED = (
    "stop_id",
    "name",
    "last_updated",
    "location",
    "status",
    "capacity",
    "num_vehicles_available",
    "num_vehicles_disabled",
)
_THE_CITYS = Text(
    "titik kumpul ditetapkan oleh dinas perhubungan; hubungi mereka",
    "shelters are the transport agency's to set; ask them",
)


def stop(
    shelter: Shelter, present: Iterable[Present], provider_id: str, now: datetime
) -> dict[str, Any]:
    """Return a shelter as a stop; of the vehicles in it, only the provider's own are named."""
    there = list(present)
    counted = Counter(one.vehicle_type for one in there)
    capacity = shelter.capacity_at(now)
    return {
        "stop_id": shelter.stop_id,
        "name": shelter.name.id,
        "short_name": shelter.id,
        "last_updated": round(now.timestamp() * 1000),
        "location": {"lat": shelter.centre[0], "lng": shelter.centre[1]},
        "status": {"is_installed": True, "is_renting": False, "is_returning": True},
        "capacity": dict(capacity),
        "num_vehicles_available": dict.fromkeys(capacity, 0),
        "num_vehicles_disabled": {each: counted[each] for each in capacity},
        "num_places_available": {
            each: max(0, places - counted[each]) for each, places in capacity.items()
        },
        "region_id": shelter.district,
        "devices": sorted(one.device_id for one in there if one.provider_id == provider_id),
    }


def refused(items: list[Any], known: Mapping[str, Shelter], *, new: bool) -> Bulk:
    """Return why a provider's stops are not taken: they exist, or are not its to make."""
    bulk = Bulk(len(items))
    for item in items:
        bulk.refuse(item, _refusal(item, known, new=new))
    return bulk


def _refusal(item: Any, known: Mapping[str, Shelter], *, new: bool) -> Refusal:
    if not isinstance(item, dict):
        return bad("item")
    required = _REQUIRED if new else ("stop_id",)
    if not item.keys() >= set(required):
        return missing(item, required)
    if not is_uuid(item["stop_id"]):
        return bad("stop_id")
    exists = item["stop_id"].lower() in known
    if exists and new:
        return Refusal(Error.ALREADY_REGISTERED, ("stop_id",))
    if not exists and not new:
        return Refusal(Error.UNREGISTERED, ("stop_id",))
    return bad("stop_id", because=_THE_CITYS)
