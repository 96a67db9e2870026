"""The same feeds as GBFS 2.3 has them: one language at a time, seconds since 1970, other names.

https://github.com/MobilityData/gbfs/blob/v2.3/gbfs.md
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from functions.shelter_alerts.feeds import gbfs

VERSION: Final = "2.3"

Data = Mapping[str, Any]


def twin_of(name: str, feed: gbfs.Feed, language: str) -> gbfs.Feed:
    """Return the 2.3 twin of a 3.0 feed other than gbfs.json, in one language."""
    return {
        "last_updated": _seconds(feed["last_updated"]),
        "ttl": feed["ttl"],
        "version": VERSION,
        "data": _TWINS[name](feed["data"], language),
    }


def discovery(system: gbfs.System) -> Data:
    """Return the data of gbfs.json: in each language every feed."""
    return {
        each: {
            "feeds": [
                {"name": name, "url": f"{system.base_url}/{name}.json{_asking(each)}"}
                for name in gbfs.LISTED
            ]
        }
        for each in gbfs.LANGUAGES
    }


def _asking(language: str) -> str:
    return "" if language == gbfs.LANGUAGES[0] else f"?lang={language}"


def _system(data: Data, language: str) -> Data:
    return {
        "system_id": data["system_id"],
        "language": language,
        "name": _in(language, data["name"]),
        "operator": data["operator"][0]["text"],
        "feed_contact_email": data["feed_contact_email"],
        "timezone": data["timezone"],
    }


def _types(data: Data, language: str) -> Data:
    return {
        "vehicle_types": [
            {**one, "name": _in(language, one["name"])} for one in data["vehicle_types"]
        ]
    }


def _stations(data: Data, language: str) -> Data:
    return {"stations": [_station(one, language) for one in data["stations"]]}


def _station(one: Data, language: str) -> Data:
    places = {each["vehicle_type_ids"][0]: each["count"] for each in one["vehicle_docks_capacity"]}
    kept = {name: value for name, value in one.items() if name != "vehicle_docks_capacity"}
    return {**kept, "name": _in(language, one["name"]), "vehicle_type_capacity": places}


def _statuses(data: Data, _language: str) -> Data:
    return {"stations": [_status(one) for one in data["stations"]]}


def _status(one: Data) -> Data:
    renamed = {
        "num_vehicles_available": "num_bikes_available",
        "num_vehicles_disabled": "num_bikes_disabled",
    }
    kept = {renamed.get(name, name): value for name, value in one.items()}
    return {**kept, "last_reported": _seconds(one["last_reported"])}


def _alerts(data: Data, language: str) -> Data:
    return {
        "alerts": [
            {
                **one,
                "times": [{"start": _seconds(each["start"])} for each in one["times"]],
                "summary": _in(language, one["summary"]),
                "last_updated": _seconds(one["last_updated"]),
            }
            for one in data["alerts"]
        ]
    }


_TWINS: Final[Mapping[str, Callable[[Data, str], Data]]] = {
    "system_information": _system,
    "vehicle_types": _types,
    "station_information": _stations,
    "station_status": _statuses,
    "system_alerts": _alerts,
}


def _in(language: str, texts: list[dict[str, str]]) -> str:
    return next(one["text"] for one in texts if one["language"] == language)


def _seconds(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())
