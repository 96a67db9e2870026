"""Sends a fleet's vehicles where there is room, and keeps the place for them while they drive."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from pydantic import Field, StringConstraints

from functions.shelter_alerts import configuration, settings
from functions.shelter_alerts.configuration import Provider
from functions.shelter_alerts.feeds import choosing, looking
from functions.shelter_alerts.feeds.standing import Standing
from functions.shelter_alerts.feeds.views import RedirectView
from functions.shelter_alerts.items import instant
from functions.shelter_alerts.nearest import Found
from functions.shelter_alerts.redirects.store import RedirectStore
from functions.shelter_alerts.vehicle import CountedType
from shared.access import Caller
from shared.clock import now
from shared.errors import Forbidden
from shared.http import ApiResolver, reply
from shared.models import Body

app = ApiResolver(service="shelter_alerts")

#: So often a vehicle is sent anew because others were sent there meanwhile.
_MOST_CHOICES = 4


class RedirectRequest(Body):
    """A vehicle that looks for a place. The same one may ask again, and is sent anew."""

    device_id: Annotated[
        str,
        StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9-]+$", to_lower=True),
    ]
    vehicle_type: CountedType
    lat: Annotated[float, Field(ge=-90, le=90)]
    lng: Annotated[float, Field(ge=-180, le=180)]


@cache
def redirects() -> RedirectStore:
    return RedirectStore(settings.shelters_table())


@app.post("/fleet/redirects")
def redirect() -> Response[str]:
    request, at = app.incoming, now()
    provider_id = str(_provider(request.caller(settings.clients_parameter_prefix())).provider_id)
    wanted = request.parse(RedirectRequest)
    found, by_id, kept_until_ms = _sent(provider_id, wanted, at)
    seen = choosing.view_of(found, by_id, wanted.vehicle_type, request.language)
    return reply(
        RedirectView(
            **dict(seen),
            device_id=wanted.device_id,
            kept_until=None if kept_until_ms is None else instant(kept_until_ms),
        )
    )


def _sent(
    provider_id: str, wanted: RedirectRequest, at: datetime
) -> tuple[Found, Mapping[str, Standing], int | None]:
    """Send a vehicle; return where, the shelters by id, and until when its place is kept (ms).

    Whoever was sent looks again: a place that others were given before is left to them.
    """
    place, device_id, vehicle_type = (wanted.lat, wanted.lng), wanted.device_id, wanted.vehicle_type

    def to_others(before_ms: int | None = None) -> Mapping[str, int]:
        at_ms = round(now().timestamp() * 1000)
        return redirects().promised(
            provider_id, vehicle_type, at_ms, but_for=device_id, before_ms=before_ms
        )

    standings = looking.standings_of_all(None, at)
    for _ in range(_MOST_CHOICES):
        promised = to_others()
        found, by_id = choosing.chosen(standings, place, vehicle_type, promised)
        if not found.named:
            return found, by_id, None
        first = found.named[0]
        at_ms = round(now().timestamp() * 1000)
        kept_until_ms = redirects().send(provider_id, device_id, first.id, vehicle_type, at_ms)
        sooner = to_others(before_ms=kept_until_ms)
        if sooner.get(first.id, 0) < first.free + promised.get(first.id, 0):
            break
    return found, by_id, kept_until_ms


def _provider(caller: Caller) -> Provider:
    fleet = caller.fleet
    if fleet is None:
        raise Forbidden
    known = configuration.shelters_of(fleet.jurisdiction_id).provider_by_client
    if fleet.id not in known:
        raise Forbidden
    return known[fleet.id]


handler = app.lambda_handler
