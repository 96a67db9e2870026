"""The routes of fleets: MDS 2.0 Agency and CDS 1.1's curb events. Their errors are the standards'."""

from typing import Final

from infra.entries import FLEETS_API
from infra.routes.route import FLEET, Method, Reply, Route, ServedBy

_MDS: Final = "application/vnd.mds+json"
_CDS: Final = "application/vnd.cds+json"


def _standard(media_type: str, subtree: str) -> ServedBy:
    return ServedBy(
        FLEETS_API,
        scopes=(FLEET,),
        headers=("Accept", "Accept-Language"),
        problem=Reply("The standard's errors", "mds.shapes:Failed", media_type=media_type),
        body_kb=512,
        gateway_path=subtree,
    )


_mds = _standard(_MDS, "/mds/{proxy+}")
_cds = _standard(_CDS, "/cds/{proxy+}")


def _shown(
    path: str,
    operation_id: str,
    summary: str,
    model: str,
    *,
    query: tuple[str, ...] = (),
    problems: tuple[int, ...] = (),
) -> Route:
    return _mds(
        "GET",
        path,
        operation_id,
        summary,
        Reply(summary, f"mds.shapes:{model}", media_type=_MDS),
        query=query,
        problems=(406, *problems),
    )


def _told(
    method: Method,
    path: str,
    operation_id: str,
    summary: str,
    request: str,
    problems: tuple[int, ...] = (),
) -> Route:
    """Return the route of a request of up to 200 items, each answered on its own."""
    served, media_type = (_cds, _CDS) if path.startswith("/cds/") else (_mds, _MDS)
    return served(
        method,
        path,
        operation_id,
        summary,
        {
            201 if method == "POST" else 200: Reply(
                summary, "mds.shapes:BulkReply", media_type=media_type
            )
        },
        request=f"mds.shapes:{request}",
        problems=(406, *problems),
    )


FLEETS_ROUTES: Final[tuple[Route, ...]] = (
    _told(
        "POST",
        "/mds/vehicles",
        "registerVehicles",
        "Register up to 200 vehicles",
        "Vehicles",
        problems=(409,),
    ),
    _told(
        "PUT",
        "/mds/vehicles",
        "changeVehicles",
        "Change up to 200 registered vehicles",
        "VehicleChanges",
        problems=(404,),
    ),
    _shown(
        "/mds/vehicles",
        "listVehicles",
        "All of the provider's vehicles as they are registered, a hundred a page",
        "VehicleList",
        query=("cursor",),
        problems=(400,),
    ),
    _shown(
        "/mds/vehicles/status",
        "listVehiclesStatus",
        "What was last written of the states and places of a page of them",
        "StatusList",
        query=("cursor",),
        problems=(400,),
    ),
    _shown(
        "/mds/vehicles/{device_id}",
        "showVehicle",
        "A vehicle as it is registered",
        "VehicleList",
        problems=(404,),
    ),
    _shown(
        "/mds/vehicles/status/{device_id}",
        "showVehicleStatus",
        "What was last written of a vehicle's state and place",
        "StatusList",
        problems=(404,),
    ),
    _told(
        "POST",
        "/mds/telemetry",
        "sendTelemetry",
        "Tell where up to 200 vehicles were",
        "TelemetryList",
    ),
    _told(
        "POST",
        "/mds/events",
        "sendEvents",
        "Tell up to 200 changes of vehicles' states",
        "EventList",
    ),
    _shown(
        "/mds/stops",
        "listStops",
        "The shelters as stops, fifty a page",
        "StopList",
        query=("cursor",),
    ),
    _told(
        "POST",
        "/mds/stops",
        "registerStops",
        "Refused: shelters are the city's to set",
        "Stops",
        problems=(409,),
    ),
    _told(
        "PUT",
        "/mds/stops",
        "changeStops",
        "Refused: shelters are the city's to set",
        "Stops",
        problems=(404,),
    ),
    _shown(
        "/mds/stops/{stop_id}",
        "showStop",
        "A shelter as a stop",
        "StopList",
        problems=(404,),
    ),
    _told(
        "POST",
        "/cds/events/events",
        "sendCurbEvents",
        "Tell up to 200 arrivals and departures",
        "CurbEvents",
    ),
    _told(
        "POST",
        "/cds/events/event",
        "sendCurbEvent",
        "The same, as CDS's text has it",
        "CurbEvents",
    ),
)
