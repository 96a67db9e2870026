"""The bodies of MDS 2.0 Agency and CDS 1.1 as JSON Schemas, written from the specifications.

What the specifications leave open is decided here as in docs/shelters.md: 200 items at most, times
no earlier than 2018.
"""

from typing import Any

UUID = {"type": "string", "pattern": "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"}
TEXT = {"type": "string", "minLength": 1, "maxLength": 255}
TIME = {"type": "integer", "minimum": 1_514_764_800_000}
AMOUNT = {"type": ["number", "null"], "minimum": 0, "maximum": 10_000_000}
VEHICLE_TYPES = [
    "bicycle",
    "bus",
    "cargo_bicycle",
    "car",
    "delivery_robot",
    "moped",
    "motorcycle",
    "scooter_standing",
    "scooter_seated",
    "truck",
    "other",
]
PROPULSION_TYPES = [
    "human",
    "electric_assist",
    "electric",
    "combustion",
    "combustion_diesel",
    "hybrid",
    "hydrogen_fuel_cell",
    "plug_in_hybrid",
]
STATES = [
    "removed",
    "available",
    "non_operational",
    "reserved",
    "on_trip",
    "stopped",
    "non_contactable",
    "elsewhere",
]

GPS: dict[str, Any] = {
    "type": "object",
    "required": ["lat", "lng"],
    "properties": {
        "lat": {"type": "number", "minimum": -90, "maximum": 90},
        "lng": {"type": "number", "minimum": -180, "maximum": 180},
        "speed": AMOUNT,
        "horizontal_accuracy": AMOUNT,
    },
}
TELEMETRY: dict[str, Any] = {
    "type": "object",
    "required": [
        "device_id",
        "provider_id",
        "telemetry_id",
        "timestamp",
        "trip_ids",
        "journey_id",
        "location",
    ],
    "properties": {
        "device_id": UUID,
        "provider_id": UUID,
        "telemetry_id": UUID,
        "timestamp": TIME,
        "trip_ids": {"type": ["array", "null"], "items": UUID},
        "journey_id": {"anyOf": [UUID, {"type": "null"}]},
        "stop_id": {"anyOf": [UUID, {"type": "null"}]},
        "location": GPS,
    },
}
EVENT: dict[str, Any] = {
    "type": "object",
    "required": [
        "device_id",
        "provider_id",
        "event_id",
        "vehicle_state",
        "event_types",
        "timestamp",
    ],
    "anyOf": [{"required": ["location"]}, {"required": ["event_geographies"]}],
    "properties": {
        "device_id": UUID,
        "provider_id": UUID,
        "event_id": UUID,
        "vehicle_state": {"enum": STATES},
        "event_types": {"type": "array", "minItems": 1, "items": TEXT},
        "timestamp": TIME,
        "trip_ids": {"type": ["array", "null"], "items": UUID},
        "location": GPS,
    },
}
VEHICLE: dict[str, Any] = {
    "type": "object",
    "required": ["device_id", "provider_id", "vehicle_id", "vehicle_type", "propulsion_types"],
    "properties": {
        "device_id": UUID,
        "provider_id": UUID,
        "vehicle_id": TEXT,
        "vehicle_type": {"enum": VEHICLE_TYPES},
        "propulsion_types": {
            "type": "array",
            "minItems": 1,
            "items": {"enum": PROPULSION_TYPES},
        },
    },
}
COUNTS = {
    "type": "object",
    "propertyNames": {"enum": VEHICLE_TYPES},
    "additionalProperties": {"type": "integer", "minimum": 0},
}
STOP: dict[str, Any] = {
    "type": "object",
    "required": [
        "stop_id",
        "name",
        "last_updated",
        "location",
        "status",
        "capacity",
        "num_vehicles_available",
        "num_vehicles_disabled",
    ],
    "properties": {
        "stop_id": UUID,
        "name": TEXT,
        "last_updated": TIME,
        "location": GPS,
        "status": {
            "type": "object",
            "required": ["is_installed", "is_renting", "is_returning"],
            "additionalProperties": {"type": "boolean"},
        },
        "capacity": COUNTS,
        "num_vehicles_available": COUNTS,
        "num_vehicles_disabled": COUNTS,
        "num_places_available": COUNTS,
        "devices": {"type": "array", "items": UUID},
    },
}
ERROR: dict[str, Any] = {
    "type": "object",
    "required": ["error", "error_description", "error_details"],
    "properties": {
        "error": {"type": "string"},
        "error_description": TEXT,
        "error_details": {"type": "array", "items": {"type": "string"}},
    },
}
BULK: dict[str, Any] = {
    "type": "object",
    "required": ["success", "total", "failures"],
    "additionalProperties": False,
    "properties": {
        "success": {"type": "integer", "minimum": 0},
        "total": {"type": "integer", "minimum": 1, "maximum": 200},
        "failures": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["item", *ERROR["required"]],
                "additionalProperties": False,
                "properties": {
                    "item": {},
                    **ERROR["properties"],
                    "error": {
                        "enum": [
                            "bad_param",
                            "missing_param",
                            "unregistered",
                            "already_registered",
                        ]
                    },
                },
            },
        },
    },
}
POINT: dict[str, Any] = {
    "type": "object",
    "required": ["type", "coordinates"],
    "properties": {
        "type": {"const": "Point"},
        "coordinates": {
            "type": "array",
            "minItems": 2,
            "prefixItems": [
                {"type": "number", "minimum": -180, "maximum": 180},
                {"type": "number", "minimum": -90, "maximum": 90},
            ],
        },
    },
}
CURB_EVENT: dict[str, Any] = {
    "type": "object",
    "required": [
        "event_id",
        "event_type",
        "event_time",
        "event_publication_time",
        "data_source_type",
        "data_source_device_id",
    ],
    "properties": {
        "event_id": UUID,
        "event_type": {
            "enum": [
                "comms_lost",
                "comms_restored",
                "decommissioned",
                "park_start",
                "park_end",
                "scheduled_report",
                "enter_area",
                "exit_area",
            ]
        },
        "event_time": TIME,
        "event_publication_time": TIME,
        "data_source_type": {"const": "data_feed"},
        "data_source_device_id": UUID,
        "event_session_id": {"anyOf": [UUID, {"type": "null"}]},
        "event_purpose": {"anyOf": [TEXT, {"type": "null"}]},
        "vehicle_type": {
            "enum": [
                "bicycle",
                "cargo_bicycle",
                "car",
                "scooter",
                "moped",
                "motorcycle",
                "truck",
                "van",
                "freight",
                "other",
                "unspecified",
                None,
            ]
        },
        "event_location": {
            "anyOf": [
                POINT,
                {
                    "type": "object",
                    "required": ["type", "geometry"],
                    "properties": {"type": {"const": "Feature"}, "geometry": POINT},
                },
                {"type": "null"},
            ]
        },
    },
}
