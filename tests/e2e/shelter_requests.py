"""A request that must succeed for each operation of shelters, as a fleet or the public sends it."""

import time
from typing import Any
from uuid import uuid4

from cli.fleet_access import CDS, MDS
from functions.shelter_alerts.configuration import all_shelters, shelters_of

FLEET = "semarang-mitra-armada"
HERE = "semarang-tugu-muda"


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


#: Of shelters' operations those that nobody can succeed with, as shelters are the city's to set, or
#: only while there is an alert.
REFUSED = frozenset({"registerStops", "changeStops", "acknowledgeShelterAlert", "getShelterAlert"})
#: What shelter officers do.
OFFICERS = frozenset({"watchShelters", "acknowledgeShelterAlert", "silenceShelter"})
