"""What routes take in their paths, queries and headers, as OpenAPI describes it."""

from collections.abc import Mapping
from typing import Any, Final

from shared import config
from shared.complaints.law import Status

_OF_COMPLAINTS: Final[Mapping[str, Mapping[str, Any]]] = {
    "complaint_id": {"type": "string", "examples": ["SMG-7ZK3Q9M4T0XWH"], "maxLength": 32},
    "photo_id": {"type": "string", "examples": ["7ZK3Q9M4T0XWH7ZK3Q9M4T0XWH"], "maxLength": 26},
    "size": {"type": "string", "enum": ["thumb"]},
    "month": {"type": "string", "examples": ["2026-11"], "maxLength": 7},
    "agency": {"type": "string", "examples": ["semarang-dpu"], "maxLength": 48},
    "jurisdiction_id": {"type": "string", "enum": list(config.jurisdiction_ids())},
    "v": {"type": "string", "description": "A vehicle's code"},
    "ticket": {"type": "string", "description": "What a page gave that may add photos"},
    "lang": {"type": "string", "enum": ["id", "en"]},
    "key": {"type": "string", "description": "Where S3 has put the photo"},
    "lat": {"type": "number", "minimum": -90, "maximum": 90, "examples": [-6.99]},
    "lng": {"type": "number", "minimum": -180, "maximum": 180, "examples": [110.42]},
    "long": {"type": "number", "description": "The same as lng, by its other name"},
    "category": {"type": "string", "examples": ["lampu-jalan"], "maxLength": 48},
    "c": {"type": "string", "description": "The complaint's number"},
    "a": {"type": "string", "description": "The alert's name"},
    "t": {
        "type": "string",
        "description": "The link's token, which can do only what the link says",
    },
    "alert_id": {
        "type": "string",
        "examples": ["7ZK3Q9M4T0XWH7ZK-3Q9M4T0XWH"],
        "maxLength": 27,
    },
    "status": {"type": "string", "enum": [str(status) for status in Status]},
    "overdue": {"type": "string", "enum": ["true", "false"], "default": "false"},
    "due_before": {
        "type": "string",
        "description": "A day (its beginning, WIB) or an instant with its offset",
        "examples": ["2026-11-27"],
    },
    "cursor": {"type": "string", "description": "The cursor of the page before"},
    "format": {"type": "string", "enum": ["json", "csv"], "default": "json"},
    "limit": {"type": "integer", "minimum": 1, "maximum": 100, "default": 50},
    "Accept-Language": {"type": "string", "examples": ["id", "en"]},
    "If-None-Match": {"type": "string", "description": "The ETag of what the client has"},
    "Idempotency-Key": {
        "type": "string",
        "description": "A UUID or at least 128 random bits; the same key and body count once",
    },
    "X-Tracking-Token": {"type": "string", "description": "The token of the receipt"},
    "X-TIMESTAMP": {"type": "string", "examples": ["2026-11-23T08:15:30+07:00"]},
    "X-SIGNATURE": {"type": "string", "description": "SHA256withRSA in base64, as BI-SNAP says"},
    "X-PARTNER-ID": {"type": "string"},
    "X-EXTERNAL-ID": {"type": "string"},
    "CHANNEL-ID": {"type": "string"},
    "X-Go-Signature": {"type": "string", "description": "HMAC-SHA256 of the body in hexadecimal"},
    "X-Go-Idempotency-Key": {"type": "string"},
    "ETag": {"type": "string"},
    "Cache-Control": {"type": "string"},
    "Location": {"type": "string"},
    "Retry-After": {"type": "integer", "description": "Seconds"},
}
_DAY: Final = {"type": "string", "description": "A day (WIB)", "examples": ["2026-11-20"]}
_OF_PAYMENTS: Final[Mapping[str, Mapping[str, Any]]] = {
    "order_id": {"type": "string", "examples": ["SMG-BRT-7K3F9Q2M1XWZ4"], "maxLength": 40},
    "nop": {"type": "string", "examples": ["33.74.010.001.001-0001.0"], "maxLength": 40},
    "year": {"type": "string", "examples": ["2026"], "maxLength": 4},
    "channel": {"type": "string", "enum": ["qris", "gopay", "va", "card"], "default": "qris"},
    "partner": {"type": "string", "examples": ["loket"], "maxLength": 48},
    "from": _DAY,
    "to": _DAY,
    "group_by": {"type": "string", "enum": ["agency", "product", "day"], "default": "day"},
    "hour": {"type": "string", "description": "Of posting, UTC", "examples": ["2026-11-20T05"]},
    "webhook-id": {"type": "string"},
    "webhook-timestamp": {"type": "string", "description": "Seconds since 1970"},
    "webhook-signature": {"type": "string", "description": "As Standard Webhooks says"},
}
_OF_SHELTERS: Final[Mapping[str, Mapping[str, Any]]] = {
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

#: By name, which means the same to every route but Open311's.
PARAMETERS: Final = {**_OF_COMPLAINTS, **_OF_PAYMENTS, **_OF_SHELTERS}

_INSTANT: Final = {
    "type": "string",
    "format": "date-time",
    "examples": ["2026-11-22T08:00:00+07:00"],
}

#: What Open311 means by those whose names mean something else in our own API, or nothing.
OPEN311_PARAMETERS: Final[Mapping[str, Mapping[str, Any]]] = {
    "format": {"type": "string", "enum": ["xml", "json"]},
    "jurisdiction_id": {
        "type": "string",
        "enum": list(config.jurisdiction_ids()),
        "description": "Required unless the path or an id tells it",
    },
    "service_code": {"type": "string", "examples": ["jalan-rusak"]},
    "service_request_id": {"type": "string", "examples": ["SMG-7ZK3Q9M4T0XWH"]},
    "token": {"type": "string", "examples": ["SMG-7ZK3Q9M4T0XWH"]},
    "api_key": {"type": "string"},
    "status": {"type": "string", "description": "open, closed, or both with a comma"},
    "start_date": _INSTANT,
    "end_date": _INSTANT,
    "updated_after": _INSTANT,
    "updated_before": _INSTANT,
    "page": {"type": "integer", "minimum": 1, "default": 1},
    "page_size": {"type": "integer", "minimum": 1, "maximum": 1000, "default": 1000},
    "extensions": {"type": "string", "enum": ["true", "false"]},
}
