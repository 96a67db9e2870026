"""What shelters' routes take in their paths and queries, as OpenAPI describes it."""

from collections.abc import Mapping
from typing import Any, Final

SHELTER_PARAMETERS: Final[Mapping[str, Mapping[str, Any]]] = {
    "device_id": {"type": "string", "format": "uuid"},
    "stop_id": {"type": "string", "format": "uuid"},
    "identifier": {
        "type": "string",
        "description": "A CAP message's identifier",
        "maxLength": 128,
    },
    "Accept": {
        "type": "string",
        "description": "The standard and its version",
        "examples": ["application/vnd.mds+json;version=2.0"],
    },
    "shelter_id": {"type": "string", "examples": ["semarang-tugu-muda"], "maxLength": 64},
    "vehicle_type": {"type": "string", "enum": ["motorcycle", "car"]},
    "version": {"type": "string", "enum": ["3.0", "2.3"]},
    "feed": {
        "type": "string",
        "enum": [
            "gbfs.json",
            "manifest.json",
            "system_information.json",
            "vehicle_types.json",
            "station_information.json",
            "station_status.json",
            "system_alerts.json",
        ],
    },
    "date": {"type": "string", "description": "A day (WIB)", "examples": ["2026-11-23"]},
}
