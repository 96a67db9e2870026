"""What is wrong with GBFS 3.0 feeds that no validator notices."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

Feeds = Mapping[str, Mapping[str, Any]]


def mistakes(feeds: Feeds) -> list[str]:
    """Return what is wrong with a system's feeds, by name."""
    return [*_types(feeds), *_stations(feeds), *_times("", feeds)]


def _types(feeds: Feeds) -> Iterator[str]:
    known = {one["vehicle_type_id"] for one in feeds["vehicle_types"]["data"]["vehicle_types"]}
    for name in ("station_information", "station_status"):
        for station in feeds[name]["data"]["stations"]:
            named = {one["vehicle_type_id"] for one in station.get("vehicle_types_available", ())}
            for part in ("vehicle_docks_capacity", "vehicle_docks_available"):
                for one in station.get(part, ()):
                    named |= set(one["vehicle_type_ids"])
            for unknown in named - known:
                yield f"{station['station_id']}: unknown vehicle type {unknown}"


def _stations(feeds: Feeds) -> Iterator[str]:
    known = {one["station_id"]: one for one in feeds["station_information"]["data"]["stations"]}
    for status in feeds["station_status"]["data"]["stations"]:
        station = known.get(status["station_id"])
        if station is None:
            yield f"{status['station_id']}: status of an unknown station"
            continue
        if status["num_docks_available"] > station["capacity"]:
            yield f"{status['station_id']}: more docks free than there are"
        if sum(one["count"] for one in station["vehicle_docks_capacity"]) != station["capacity"]:
            yield f"{status['station_id']}: docks by type are not all docks"
        free = sum(one["count"] for one in status["vehicle_docks_available"])
        if free != status["num_docks_available"]:
            yield f"{status['station_id']}: free docks by type are not all free docks"
    for alert in feeds["system_alerts"]["data"]["alerts"]:
        for unknown in set(alert["station_ids"]) - set(known):
            yield f"{alert['alert_id']}: alert of an unknown station {unknown}"


def _times(name: str, value: Any) -> Iterator[str]:
    match value:
        case Mapping():
            for key, inner in value.items():
                yield from _times(str(key), inner)
        case list():
            for inner in value:
                yield from _times(name, inner)
        case str() if name in {"last_updated", "last_reported", "start", "end"}:
            if datetime.fromisoformat(value).tzinfo is None:
                yield f"{name}: a time without its zone, {value}"
