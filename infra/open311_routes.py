"""Open311's operations in the route table: one API resource stands for the whole subtree.

The standard writes the format into the path's last step, which API Gateway cannot take apart. The
same operations are served for one jurisdiction, without its parameter, under
`/open311/v2/<jurisdiction_id>/…`.
"""

from collections.abc import Mapping
from typing import Any, Final

from infra.route import Method, Reply, Route
from shared import config

OPEN311: Final = "complaint_intake.open311.api"

_OPEN311: Final = "functions.complaint_intake.open311"
_SUBTREE: Final = "/open311/v2/{proxy+}"
_ERRORS: Final = Reply(
    description="The standard's errors",
    model=f"{_OPEN311}.shapes:Error",
    listed=True,
    also_xml=True,
)
_INSTANT: Final = {
    "type": "string",
    "format": "date-time",
    "examples": ["2026-11-22T08:00:00+07:00"],
}

#: What the parameters mean here, where their names mean something else in our own API, or nothing.
PARAMETERS: Final[Mapping[str, Mapping[str, Any]]] = {
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


def _route(
    method: Method,
    path: str,
    operation_id: str,
    summary: str,
    model: str,
    *,
    shapes: str = "shapes",
    problems: tuple[int, ...],
    listed: bool = True,
    query: tuple[str, ...] = ("jurisdiction_id",),
    headers: tuple[str, ...] = (),
    request: str | None = None,
) -> Route:
    reply = Reply(
        description=summary, model=f"{_OPEN311}.{shapes}:{model}", listed=listed, also_xml=True
    )
    return Route(
        method=method,
        path=f"/open311/v2/{path}.{{format}}",
        gateway_path=_SUBTREE,
        function=OPEN311,
        operation_id=operation_id,
        summary=summary,
        query=query,
        headers=("Accept-Language", *headers),
        request=request,
        request_media_type="application/x-www-form-urlencoded",
        replies={200: reply},
        problems=problems,
        problem=_ERRORS,
    )


_LISTED: Final = ("page", "page_size")
_PERIOD: Final = ("start_date", "end_date")

OPEN311_ROUTES: Final = (
    _route(
        "GET",
        "discovery",
        "open311Discovery",
        "Open311: where the API is, and whom to ask",
        "Discovery",
        shapes="service_shapes",
        listed=False,
        query=(),
        problems=(404,),
    ),
    _route(
        "GET",
        "services",
        "open311Services",
        "Open311: the services of a jurisdiction",
        "Service",
        shapes="service_shapes",
        problems=(400, 404),
    ),
    _route(
        "GET",
        "services/{service_code}",
        "open311ServiceDefinition",
        "Open311: the further questions of a service",
        "ServiceDefinition",
        shapes="service_shapes",
        listed=False,
        problems=(400, 404),
    ),
    _route(
        "GET",
        "requests",
        "open311Requests",
        "Open311: public requests, the newest first, or those of some ids",
        "ServiceRequest|ExtendedRequest",
        query=(
            "jurisdiction_id",
            "service_request_id",
            "service_code",
            "status",
            *_PERIOD,
            "updated_after",
            "updated_before",
            "extensions",
            *_LISTED,
        ),
        problems=(400, 404),
    ),
    _route(
        "POST",
        "requests",
        "open311PostRequest",
        "Open311: submit a request",
        "RequestReceipt",
        query=(),
        headers=("Idempotency-Key",),
        request=f"{_OPEN311}.forms:PostedRequest",
        problems=(400, 403, 404, 413, 503),
    ),
    _route(
        "GET",
        "requests/{service_request_id}",
        "open311Request",
        "Open311: a public request",
        "ServiceRequest|ExtendedRequest",
        query=("jurisdiction_id", "extensions"),
        problems=(404,),
    ),
    _route(
        "GET",
        "tokens/{token}",
        "open311Token",
        "Open311: the id that a token stands for",
        "TokenAnswer",
        problems=(404,),
    ),
    _route(
        "GET",
        "servicerequestupdates",
        "open311Updates",
        "Open311: what was done to public requests, the oldest first",
        "RequestUpdate",
        query=("jurisdiction_id", *_PERIOD, "api_key", *_LISTED),
        problems=(400, 403, 404),
    ),
    _route(
        "POST",
        "servicerequestupdates",
        "open311PostUpdate",
        "Open311: tell what was said or done about a request elsewhere",
        "UpdateReceipt",
        query=(),
        request=f"{_OPEN311}.forms:PostedUpdate",
        problems=(400, 403, 404, 413, 503),
    ),
)
