"""Open311's operations in the route table: one API resource stands for the whole subtree.

The standard writes the format into the path's last step, which API Gateway cannot take apart. The
same operations are served for one jurisdiction, without its parameter, under
`/open311/v2/<jurisdiction_id>/…`.
"""

from typing import Final

from infra.entries import OPEN311_API
from infra.routes.route import Method, Reply, Route, ServedBy

_served = ServedBy(
    OPEN311_API,
    problem=Reply("The standard's errors", "open311.shapes:Error", listed=True, also_xml=True),
    request_media_type="application/x-www-form-urlencoded",
    gateway_path="/open311/v2/{proxy+}",
)


def _route(
    method: Method,
    path: str,
    operation_id: str,
    summary: str,
    model: str,
    *,
    problems: tuple[int, ...],
    listed: bool = True,
    query: tuple[str, ...] = ("jurisdiction_id",),
    headers: tuple[str, ...] = (),
    request: str | None = None,
) -> Route:
    return _served(
        method,
        f"/open311/v2/{path}.{{format}}",
        operation_id,
        f"Open311: {summary}",
        Reply(f"Open311: {summary}", f"open311.{model}", listed=listed, also_xml=True),
        request=request,
        query=query,
        headers=headers,
        problems=problems,
    )


_LISTED: Final = ("page", "page_size")
_PERIOD: Final = ("start_date", "end_date")

OPEN311_ROUTES: Final[tuple[Route, ...]] = (
    _route(
        "GET",
        "discovery",
        "open311Discovery",
        "where the API is, and whom to ask",
        "service_shapes:Discovery",
        listed=False,
        query=(),
        problems=(404,),
    ),
    _route(
        "GET",
        "services",
        "open311Services",
        "the services of a jurisdiction",
        "service_shapes:Service",
        problems=(400, 404),
    ),
    _route(
        "GET",
        "services/{service_code}",
        "open311ServiceDefinition",
        "the further questions of a service",
        "service_shapes:ServiceDefinition",
        listed=False,
        problems=(400, 404),
    ),
    _route(
        "GET",
        "requests",
        "open311Requests",
        "public requests, the newest first, or those of some ids",
        "shapes:ServiceRequest|ExtendedRequest",
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
        "submit a request",
        "shapes:RequestReceipt",
        query=(),
        headers=("Idempotency-Key",),
        request="open311.forms:PostedRequest",
        problems=(403, 404, 503),
    ),
    _route(
        "GET",
        "requests/{service_request_id}",
        "open311Request",
        "a public request",
        "shapes:ServiceRequest|ExtendedRequest",
        query=("jurisdiction_id", "extensions"),
        problems=(404,),
    ),
    _route(
        "GET",
        "tokens/{token}",
        "open311Token",
        "the id that a token stands for",
        "shapes:TokenAnswer",
        problems=(404,),
    ),
    _route(
        "GET",
        "servicerequestupdates",
        "open311Updates",
        "what was done to public requests, the oldest first",
        "shapes:RequestUpdate",
        query=("jurisdiction_id", *_PERIOD, "api_key", *_LISTED),
        problems=(400, 403, 404),
    ),
    _route(
        "POST",
        "servicerequestupdates",
        "open311PostUpdate",
        "tell what was said or done about a request elsewhere",
        "shapes:UpdateReceipt",
        query=(),
        request="open311.forms:PostedUpdate",
        problems=(403, 404, 503),
    ),
)
