"""The routes of shelters' alerts: CAP for everyone, and what officers do who watch shelters."""

from typing import Final

from infra.route import OFFICER, SHELTER_DESK, Reply, Route

_VIEWS: Final = "functions.shelter_alerts.alerts.views"
_CACHED: Final = ("ETag", "Cache-Control")
_UNCHANGED: Final = Reply(description="Unchanged since the ETag that was sent", headers=_CACHED)
_WATCHED: Final = Reply(description="The shelter as it now is", model=f"{_VIEWS}:WatchedShelter")

SHELTER_ALERTS_ROUTES: Final[tuple[Route, ...]] = (
    Route(
        method="GET",
        path="/shelters/alerts",
        function=SHELTER_DESK,
        operation_id="listShelterAlerts",
        summary="Alerts of the last two days as CAP 1.2 in an Atom feed, the newest first",
        query=("jurisdiction_id",),
        headers=("Accept-Language", "If-None-Match"),
        replies={
            200: Reply(
                description="The feed; each entry holds its message",
                media_type="application/atom+xml",
                headers=_CACHED,
            ),
            304: _UNCHANGED,
        },
        problems=(400,),
    ),
    Route(
        method="GET",
        path="/shelters/alerts/{identifier}",
        function=SHELTER_DESK,
        operation_id="getShelterAlert",
        summary="One message as CAP 1.2",
        headers=("Accept-Language", "If-None-Match"),
        replies={
            200: Reply(
                description="The message", media_type="application/cap+xml", headers=_CACHED
            ),
            304: _UNCHANGED,
        },
        problems=(404,),
    ),
    Route(
        method="GET",
        path="/shelters/watch",
        function=SHELTER_DESK,
        operation_id="watchShelters",
        summary="As an officer of shelters: those one watches, the worst first",
        scopes=(OFFICER,),
        query=("jurisdiction_id",),
        headers=("Accept-Language",),
        replies={200: Reply(description="The shelters", model=f"{_VIEWS}:WatchList")},
        problems=(401, 403),
    ),
    Route(
        method="POST",
        path="/shelters/{shelter_id}/acknowledgements",
        function=SHELTER_DESK,
        operation_id="acknowledgeShelterAlert",
        summary="As an officer of shelters: take an alert up; it is not said again until worse",
        scopes=(OFFICER,),
        request=f"{_VIEWS}:Acknowledgement",
        headers=("Accept-Language",),
        replies={201: _WATCHED},
        problems=(400, 401, 403, 404, 409, 413, 503),
    ),
    Route(
        method="POST",
        path="/shelters/{shelter_id}/silences",
        function=SHELTER_DESK,
        operation_id="silenceShelter",
        summary="As an officer of shelters: tell people nothing of a shelter for some minutes",
        scopes=(OFFICER,),
        request=f"{_VIEWS}:Silence",
        headers=("Accept-Language",),
        replies={201: _WATCHED},
        problems=(400, 401, 403, 404, 413, 503),
    ),
)
