"""A request that must succeed for each operation of shelters, as a fleet or the public sends it."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from cli.fleet_access import CDS, MDS, send
from cli.surroundings import Surroundings
from functions.shelter_alerts.configuration import all_shelters, shelters_of
from tests.e2e.citizen import eventually

FLEET = "semarang-mitra-armada"
HERE = "semarang-tugu-muda"
#: It takes four cars, which are soon brought there; no other test crowds it.
FULL = "semarang-undip-tembalang"


def valid_shelter_requests() -> dict[str, dict[str, Any]]:
    """Return the arguments of a request for each operation, in an order in which each succeeds."""
    provider = str(shelters_of("semarang").provider_by_client[FLEET].provider_id)
    shelter = all_shelters()[HERE]
    device, now_ms = str(uuid4()), round(time.time() * 1000)
    of_vehicle = {"device_id": device, "provider_id": provider}
    vehicle = {
        **of_vehicle,
        "vehicle_id": "H 1234 AB",
        "vehicle_type": "motorcycle",
        "propulsion_types": ["combustion"],
    }
    where = {"lat": shelter.centre[0], "lng": shelter.centre[1], "horizontal_accuracy": 5.0}
    telemetry = {
        **of_vehicle,
        "telemetry_id": str(uuid4()),
        "timestamp": now_ms,
        "trip_ids": None,
        "journey_id": None,
        "location": where,
    }
    event = {
        **of_vehicle,
        "event_id": str(uuid4()),
        "vehicle_state": "available",
        "event_types": ["driver_on"],
        "timestamp": now_ms,
        "location": where,
    }
    curb = {
        "event_id": str(uuid4()),
        "event_type": "exit_area",
        "event_time": now_ms,
        "event_publication_time": now_ms,
        "data_source_type": "data_feed",
        "data_source_device_id": device,
        "curb_zone_id": shelter.stop_id,
    }
    mds, cds = {"headers": {"Accept": MDS}}, {"headers": {"Accept": CDS}}
    public = {"path_parameters": {"shelter_id": HERE}}
    return {
        "registerVehicles": mds | {"body": [vehicle]},
        "changeVehicles": mds | {"body": [{"device_id": device, "vehicle_id": "H 4321 BA"}]},
        "listVehicles": mds,
        "listVehiclesStatus": mds,
        "showVehicle": mds | {"path_parameters": {"device_id": device}},
        "sendTelemetry": mds | {"body": [telemetry]},
        "sendEvents": mds | {"body": [event]},
        "sendCurbEvents": cds | {"body": [curb]},
        "sendCurbEvent": cds | {"body": [curb]},
        "listStops": mds,
        "showStop": mds | {"path_parameters": {"stop_id": shelter.stop_id}},
        "redirectVehicle": {
            "body": {"device_id": device, "vehicle_type": "car", "lat": -6.98, "lng": 110.41}
        },
        "listShelters": {"query": {"jurisdiction_id": "jateng"}},
        "showShelter": public,
        "showShelterHistory": public | {"query": {"format": "csv"}},
        "findNearestShelter": {"query": {"lat": -6.98, "lng": 110.41, "vehicle_type": "car"}},
        "showGbfsFeed": {"path_parameters": {"version": "3.0", "feed": "gbfs.json"}},
        "showGbfsFeedOf": {
            "path_parameters": {
                "version": "2.3",
                "jurisdiction_id": "jateng",
                "feed": "station_status.json",
            },
            "query": {"lang": "en"},
        },
        "listShelterAlerts": {"query": {"jurisdiction_id": "semarang"}},
        "watchShelters": {},
        "silenceShelter": public | {"body": {"minutes": 0}},
        "showVehicleStatus": mds | {"path_parameters": {"device_id": device}},
    }


@contextmanager
def a_full_shelter(around: Surroundings, fleet: str) -> Iterator[None]:
    """Bring as many cars into a shelter as it takes, and out of it in the end."""
    cars = [str(uuid4()) for _ in range(all_shelters()[FULL].capacity["car"])]
    _told(around, fleet, cars, "enter_area")
    try:
        yield
    finally:
        _told(around, fleet, cars, "exit_area")


def valid_requests_about_an_alert(around: Surroundings, officer: str) -> dict[str, dict[str, Any]]:
    """Return the same for an alert, once it is raised of the full shelter."""
    http, url = around.http, f"{around.outputs.api_url}/shelters"
    own = {"Authorization": f"Bearer {officer}"}

    def raised() -> int | None:
        listed = http.get(f"{url}/watch", headers=own).json()["shelters"]
        (full,) = (one for one in listed if one["shelter_id"] == FULL)
        return full["seq"] if full["state"] in {"full", "over"} else None

    def identifier() -> str | None:
        feed = http.get(f"{url}/alerts", params={"jurisdiction_id": "semarang"}).text
        found = re.search(rf"{FULL}\.\d+\.\d+", feed)
        return found[0] if found else None

    seq = eventually(raised, within_s=120)
    return {
        "acknowledgeShelterAlert": {"path_parameters": {"shelter_id": FULL}, "body": {"seq": seq}},
        "getShelterAlert": {"path_parameters": {"identifier": eventually(identifier)}},
    }


def _told(around: Surroundings, fleet: str, devices: list[str], event_type: str) -> None:
    at_ms = round(time.time() * 1000)
    events = [
        {
            "event_id": str(uuid4()),
            "event_type": event_type,
            "event_time": at_ms,
            "event_publication_time": at_ms,
            "data_source_type": "data_feed",
            "data_source_device_id": device,
            "curb_zone_id": FULL,
            "vehicle_type": "car",
        }
        for device in devices
    ]
    answer = send(around.http, f"{around.outputs.api_url}/cds/events/events", fleet, events)
    assert answer.status_code == 201, answer.text


#: Of shelters' operations those that nobody can succeed with: shelters are the city's to set.
REFUSED = frozenset({"registerStops", "changeStops"})
#: What shelter officers do.
OFFICERS = frozenset({"watchShelters", "acknowledgeShelterAlert", "silenceShelter"})
