"""The routes of shelters' alerts: CAP for everyone, and what officers do who watch shelters."""

from typing import Final

from infra.entries import SHELTER_ALERTS_API
from infra.routes.route import OFFICER, Reply, Route, ServedBy, cached

_public = ServedBy(SHELTER_ALERTS_API)
_officer = ServedBy(SHELTER_ALERTS_API, scopes=(OFFICER,))

SHELTER_ALERTS_ROUTES: Final[tuple[Route, ...]] = (
    _public(
        "GET",
        "/shelters/alerts",
        "listShelterAlerts",
        "Alerts of the last two days as CAP 1.2 in an Atom feed, the newest first",
        cached(Reply("The feed; each entry holds its message", media_type="application/atom+xml")),
        query=("jurisdiction_id",),
        problems=(400,),
    ),
    _public(
        "GET",
        "/shelters/alerts/{identifier}",
        "getShelterAlert",
        "One message as CAP 1.2",
        cached(Reply("The message", media_type="application/cap+xml")),
        problems=(404,),
    ),
    _officer(
        "GET",
        "/shelters/watch",
        "watchShelters",
        "As an officer of shelters: those one watches, the worst first",
        Reply("The shelters", "alerts.views:WatchList"),
        query=("jurisdiction_id",),
        problems=(400,),
    ),
    _officer(
        "POST",
        "/shelters/{shelter_id}/acknowledgements",
        "acknowledgeShelterAlert",
        "As an officer of shelters: take an alert up; it is not said again until worse",
        {201: Reply("The shelter as it now is", "alerts.views:WatchedShelter")},
        request="alerts.views:Acknowledgement",
        problems=(404, 409, 503),
    ),
    _officer(
        "POST",
        "/shelters/{shelter_id}/silences",
        "silenceShelter",
        "As an officer of shelters: tell people nothing of a shelter for some minutes",
        {201: Reply("The shelter as it now is", "alerts.views:WatchedShelter")},
        request="alerts.views:Silence",
        problems=(404, 503),
    ),
)
