"""The routes by which the public reads shelters, and by which fleets are sent where there is room."""

from typing import Final

from infra.entries import FEEDS_API, REDIRECTS_API
from infra.routes.route import FLEET, Reply, Route, ServedBy, cached

_feeds = ServedBy(FEEDS_API)
_gbfs = ServedBy(FEEDS_API, headers=(), gateway_path="/gbfs/{proxy+}")
_fleet = ServedBy(REDIRECTS_API, scopes=(FLEET,))

SHELTER_FEEDS_ROUTES: Final[tuple[Route, ...]] = (
    _feeds(
        "GET",
        "/shelters",
        "listShelters",
        "The shelters and how they stand: places, who is in them, what is free",
        cached(Reply("The shelters", "feeds.views:ShelterList")),
        query=("jurisdiction_id",),
        problems=(400,),
    ),
    _feeds(
        "GET",
        "/shelters/nearest",
        "findNearestShelter",
        "The nearest shelters with room for a type of vehicle, as the crow flies, and why",
        cached(Reply("Where to go", "feeds.views:NearestView")),
        required_query=("lat", "lng", "vehicle_type"),
        problems=(400,),
    ),
    _feeds(
        "GET",
        "/shelters/{shelter_id}",
        "showShelter",
        "A shelter with its fence",
        cached(Reply("The shelter", "feeds.views:ShelterDetail")),
        problems=(404,),
    ),
    _feeds(
        "GET",
        "/shelters/{shelter_id}/history",
        "showShelterHistory",
        "A shelter's day by the hour (WIB): stays, turnover, dwell time, how full; also as CSV",
        cached(Reply("The day so far", "feeds.views:History", also_csv=True)),
        query=("date", "format"),
        problems=(400, 404),
    ),
    _gbfs(
        "GET",
        "/gbfs/{version}/{feed}",
        "showGbfsFeed",
        "A GBFS feed of all shelters, in version 3.0 or 2.3; begin at gbfs.json or manifest.json",
        cached(Reply("The feed", "feeds.views:GbfsFeed")),
        query=("lang",),
        problems=(404,),
    ),
    _gbfs(
        "GET",
        "/gbfs/{version}/{jurisdiction_id}/{feed}",
        "showGbfsFeedOf",
        "A GBFS feed of one jurisdiction's shelters",
        cached(Reply("The feed", "feeds.views:GbfsFeed")),
        query=("lang",),
        problems=(404,),
    ),
    _fleet(
        "POST",
        "/fleet/redirects",
        "redirectVehicle",
        "Send a vehicle where there is room, net of those sent in the last five minutes",
        Reply("Where it was sent; its place is kept for five minutes", "feeds.views:RedirectView"),
        request="redirects.api:RedirectRequest",
    ),
)
