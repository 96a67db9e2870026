"""The shapes of GeoReport v2's answers in JSON, as its specification gives them.

Fields, types and which of them must be there are those of http://wiki.open311.org/GeoReport_v2
and of the project's own schemas (open311/schema-validation); what it calls "may not be returned"
may be null here. Nothing else may be in an answer unless extensions were asked for.
"""

from typing import Any

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_ID: Schema = {"type": "string", "minLength": 1}
_PERHAPS: Schema = {"type": ["string", "null"]}
_DEGREES: Schema = {"type": ["number", "null"], "minimum": -180, "maximum": 180}
_TRUTH: Schema = {"type": "boolean"}
#: The W3C's profile of ISO 8601, to the second and with its offset.
_INSTANT: Schema = {
    "type": "string",
    "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$",
}


def _object(**properties: Schema) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _list(of: Schema) -> Schema:
    return {"type": "array", "items": of}


SERVICES = _list(
    _object(
        service_code=_ID,
        service_name=_ID,
        description=_PERHAPS,
        metadata=_TRUTH,
        type={"enum": ["realtime", "batch", "blackbox"]},
        keywords=_PERHAPS,
        group=_PERHAPS,
    )
)
SERVICE_DEFINITION = _object(
    service_code=_ID,
    attributes=_list(
        _object(
            variable=_TRUTH,
            code=_ID,
            datatype={
                "enum": [
                    "string",
                    "number",
                    "datetime",
                    "text",
                    "singlevaluelist",
                    "multivaluelist",
                ]
            },
            required=_TRUTH,
            datatype_description=_PERHAPS,
            order={"type": "integer", "minimum": 1},
            description=_PERHAPS,
            values=_list(_object(key=_ID, name=_ID)),
        )
    ),
)
_REQUEST = {
    "service_request_id": _ID,
    "status": {"enum": ["open", "closed"]},
    "status_notes": _PERHAPS,
    "service_name": _PERHAPS,
    "service_code": _TEXT,
    "description": {"type": ["string", "null"], "maxLength": 4000},
    "agency_responsible": _PERHAPS,
    "service_notice": _PERHAPS,
    "requested_datetime": _INSTANT,
    "updated_datetime": _INSTANT,
    "expected_datetime": {"anyOf": [_INSTANT, {"type": "null"}]},
    "address": _PERHAPS,
    "address_id": _PERHAPS,
    "zipcode": _PERHAPS,
    "lat": _DEGREES,
    "long": _DEGREES,
    "media_url": {"type": ["string", "null"], "format": "uri"},
}
REQUESTS = _list(_object(**_REQUEST))
EXTENDED_REQUESTS = _list(
    _object(
        **_REQUEST,
        attributes=_list(_object(label=_TEXT, code=_TEXT, name=_TEXT, value=_TEXT)),
        extended_attributes=_object(
            detailed_status=_ID,
            supporters={"type": "integer", "minimum": 0},
            photos=_list(_ID),
        ),
        notes=_list(_object(datetime=_INSTANT, type=_ID, description=_TEXT)),
    )
)
RECEIPT = {
    **_list(_object(service_request_id=_ID, service_notice=_PERHAPS, account_id=_PERHAPS)),
    "minItems": 1,
    "maxItems": 1,
}
TOKEN = {**_list(_object(service_request_id=_ID, token=_ID)), "minItems": 1, "maxItems": 1}
UPDATES = _list(
    _object(
        update_id=_ID,
        service_request_id=_ID,
        status={
            "enum": [
                "open",
                "closed",
                "fixed",
                "in_progress",
                "planned",
                "action_scheduled",
                "investigating",
                "duplicate",
                "not_councils_responsibility",
                "no_further_action",
                "internal_referral",
                "cancelled",
                "reopen",
                "for_triage",
            ]
        },
        updated_datetime=_INSTANT,
        description=_TEXT,
        media_url=_PERHAPS,
        external_status_code=_ID,
    )
)
UPDATE_RECEIPT = {**_list(_object(update_id=_ID)), "minItems": 1, "maxItems": 1}
DISCOVERY = _object(
    changeset=_INSTANT,
    contact=_ID,
    key_service=_ID,
    endpoints={
        **_list(
            _object(
                specification={"const": "http://wiki.open311.org/GeoReport_v2"},
                url=_ID,
                changeset=_INSTANT,
                type={"enum": ["production", "test"]},
                formats={
                    **_list({"enum": ["text/xml", "application/json"]}),
                    "minItems": 2,
                    "uniqueItems": True,
                },
            )
        ),
        "minItems": 2,
    },
)
ERRORS = {
    **_list(_object(code={"type": "integer"}, description=_ID)),
    "minItems": 1,
}
