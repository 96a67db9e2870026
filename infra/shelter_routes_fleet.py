"""The routes of fleets: MDS 2.0 Agency and CDS 1.1's curb events. Their errors are the standards'."""

from typing import Final

from infra.route import FLEET, FLEETS, Method, Reply, Route

_SHAPES: Final = "functions.shelter_alerts.mds.shapes"
_MDS: Final = "application/vnd.mds+json"
_CDS: Final = "application/vnd.cds+json"


def _route(
    method: Method,
    path: str,
    operation_id: str,
    summary: str,
    *,
    request: str | None = None,
    shown: str | None = None,
    problems: tuple[int, ...],
    query: tuple[str, ...] = (),
) -> Route:
    media_type = _CDS if path.startswith("/cds/") else _MDS
    model = f"{_SHAPES}:{shown or 'BulkReply'}"
    status = 201 if method == "POST" else 200
    return Route(
        method=method,
        path=path,
        function=FLEETS,
        operation_id=operation_id,
        summary=summary,
        scopes=(FLEET,),
        query=query,
        headers=("Accept", "Accept-Language"),
        request=f"{_SHAPES}:{request}" if request else None,
        replies={status: Reply(description=summary, model=model, media_type=media_type)},
        problems=(401, 403, 406, *problems),
        problem=Reply(
            description="The standard's errors", model=f"{_SHAPES}:Failed", media_type=media_type
        ),
        body_kb=512,
        gateway_path="/cds/{proxy+}" if path.startswith("/cds/") else "/mds/{proxy+}",
    )


FLEET_ROUTES: Final[tuple[Route, ...]] = (
    _route(
        "POST",
        "/mds/vehicles",
        "registerVehicles",
        "Register up to 200 vehicles",
        request="Vehicles",
        problems=(400, 409, 413),
    ),
    _route(
        "PUT",
        "/mds/vehicles",
        "changeVehicles",
        "Change up to 200 registered vehicles",
        request="VehicleChanges",
        problems=(400, 404, 413),
    ),
    _route(
        "GET",
        "/mds/vehicles/{device_id}",
        "showVehicle",
        "A vehicle as it is registered",
        shown="VehicleList",
        problems=(404,),
    ),
    _route(
        "GET",
        "/mds/vehicles/status/{device_id}",
        "showVehicleStatus",
        "What was last written of a vehicle's state and place",
        shown="StatusList",
        problems=(404,),
    ),
    _route(
        "POST",
        "/mds/telemetry",
        "sendTelemetry",
        "Tell where up to 200 vehicles were",
        request="TelemetryList",
        problems=(400, 413),
    ),
    _route(
        "POST",
        "/mds/events",
        "sendEvents",
        "Tell up to 200 changes of vehicles' states",
        request="EventList",
        problems=(400, 413),
    ),
    _route(
        "GET",
        "/mds/stops",
        "listStops",
        "The shelters as stops, fifty a page",
        shown="StopList",
        query=("cursor",),
        problems=(),
    ),
    _route(
        "POST",
        "/mds/stops",
        "registerStops",
        "Refused: shelters are the city's to set",
        request="Stops",
        problems=(400, 409, 413),
    ),
    _route(
        "PUT",
        "/mds/stops",
        "changeStops",
        "Refused: shelters are the city's to set",
        request="Stops",
        problems=(400, 404, 413),
    ),
    _route(
        "GET",
        "/mds/stops/{stop_id}",
        "showStop",
        "A shelter as a stop",
        shown="StopList",
        problems=(404,),
    ),
    _route(
        "POST",
        "/cds/events/events",
        "sendCurbEvents",
        "Tell up to 200 arrivals and departures",
        request="CurbEvents",
        problems=(400, 413),
    ),
    _route(
        "POST",
        "/cds/events/event",
        "sendCurbEvent",
        "The same, as CDS's text has it",
        request="CurbEvents",
        problems=(400, 413),
    ),
)
