"""The routes by which the public reads shelters, and by which fleets are sent where there is room."""

from typing import Final

from infra.route import FEEDS, FLEET, REDIRECTS, Reply, Route

_VIEWS: Final = "functions.shelter_alerts.feeds.views"
_CACHED: Final = ("ETag", "Cache-Control")
_UNCHANGED: Final = Reply(description="Unchanged since the ETag that was sent", headers=_CACHED)
_LANGUAGE: Final = ("Accept-Language", "If-None-Match")
_GBFS: Final = "/gbfs/{proxy+}"


def _read(
    path: str,
    operation_id: str,
    summary: str,
    shown: Reply,
    *,
    query: tuple[str, ...] = (),
    required_query: tuple[str, ...] = (),
    headers: tuple[str, ...] = _LANGUAGE,
    problems: tuple[int, ...] = (),
    gateway_path: str = "",
) -> Route:
    return Route(
        method="GET",
        path=path,
        function=FEEDS,
        operation_id=operation_id,
        summary=summary,
        query=query,
        required_query=required_query,
        headers=headers,
        replies={200: shown, 304: _UNCHANGED},
        problems=problems,
        gateway_path=gateway_path,
    )


FEEDS_ROUTES: Final[tuple[Route, ...]] = (
    _read(
        "/shelters",
        "listShelters",
        "The shelters and how they stand: places, who is in them, what is free",
        Reply(description="The shelters", model=f"{_VIEWS}:ShelterList", headers=_CACHED),
        query=("jurisdiction_id",),
        problems=(400,),
    ),
    _read(
        "/shelters/nearest",
        "findNearestShelter",
        "The nearest shelters with room for a type of vehicle, as the crow flies, and why",
        Reply(description="Where to go", model=f"{_VIEWS}:NearestView", headers=_CACHED),
        required_query=("lat", "lng", "vehicle_type"),
        problems=(400,),
    ),
    _read(
        "/shelters/{shelter_id}",
        "showShelter",
        "A shelter with its fence",
        Reply(description="The shelter", model=f"{_VIEWS}:ShelterDetail", headers=_CACHED),
        problems=(404,),
    ),
    _read(
        "/shelters/{shelter_id}/history",
        "showShelterHistory",
        "A shelter's day by the hour (WIB): stays, turnover, dwell time, how full; also as CSV",
        Reply(
            description="The day so far",
            model=f"{_VIEWS}:History",
            headers=_CACHED,
            also_csv=True,
        ),
        query=("date", "format"),
        problems=(400, 404),
    ),
    _read(
        "/gbfs/{version}/{feed}",
        "showGbfsFeed",
        "A GBFS feed of all shelters, in version 3.0 or 2.3; begin at gbfs.json or manifest.json",
        Reply(description="The feed", model=f"{_VIEWS}:GbfsFeed", headers=_CACHED),
        query=("lang",),
        headers=("If-None-Match",),
        problems=(404,),
        gateway_path=_GBFS,
    ),
    _read(
        "/gbfs/{version}/{jurisdiction_id}/{feed}",
        "showGbfsFeedOf",
        "A GBFS feed of one jurisdiction's shelters",
        Reply(description="The feed", model=f"{_VIEWS}:GbfsFeed", headers=_CACHED),
        query=("lang",),
        headers=("If-None-Match",),
        problems=(404,),
        gateway_path=_GBFS,
    ),
    Route(
        method="POST",
        path="/fleet/redirects",
        function=REDIRECTS,
        operation_id="redirectVehicle",
        summary="Send a vehicle where there is room, net of those sent in the last five minutes",
        scopes=(FLEET,),
        request="functions.shelter_alerts.redirects.api:RedirectRequest",
        headers=("Accept-Language",),
        replies={
            200: Reply(
                description="Where it was sent; its place is kept for five minutes",
                model=f"{_VIEWS}:RedirectView",
            )
        },
        problems=(400, 401, 403, 413),
    ),
)
