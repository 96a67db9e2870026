"""Fleets' API: MDS 2.0 Agency (vehicles, telemetry, events, stops), and curb events of CDS 1.1."""

from collections.abc import Callable, Mapping
from functools import cache, partial
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import Response

from functions.shelter_alerts import configuration, fifo, settings
from functions.shelter_alerts.cds.checks import curb_event
from functions.shelter_alerts.configuration import Shelter
from functions.shelter_alerts.mds import checks, intake
from functions.shelter_alerts.mds.bulk import Bulk
from functions.shelter_alerts.mds.registry import Registry
from functions.shelter_alerts.mds.resolver import MobilityResolver
from functions.shelter_alerts.store import VehicleStore
from shared.clock import now
from shared.errors import Forbidden, InvalidInput, NotFound
from shared.text import Text

app = MobilityResolver("shelter_alerts")

#: Shelters on a page of stops: each is counted anew.
_STOPS_ON_A_PAGE = 50
_MDS_VERSION = "2.0.0"


@cache
def registry() -> Registry:
    return Registry(settings.shelters_table())


@cache
def vehicles() -> VehicleStore:
    return VehicleStore(settings.shelters_table())


@cache
def zones() -> Mapping[str, str]:
    """Return the shelters by the names that CDS may give them: their UUIDs, and their own ids."""
    shelters = configuration.all_shelters()
    return {one.stop_id: name for name, one in shelters.items()} | {name: name for name in shelters}


@cache
def by_stop_id() -> Mapping[str, Shelter]:
    """Return the shelters by the UUIDs that MDS knows them by, in this order."""
    return dict(sorted((one.stop_id, one) for one in configuration.all_shelters().values()))


@app.post("/mds/telemetry")
def take_telemetry() -> Response[str]:
    return _taken(checks.telemetry)


@app.post("/mds/events")
def take_events() -> Response[str]:
    return _taken(checks.event)


@app.post("/cds/events/events")
def take_curb_events() -> Response[str]:
    return _taken(partial(curb_event, zones=zones()), or_one=True)


@app.post("/cds/events/event")
def take_curb_event() -> Response[str]:
    return take_curb_events()


@app.post("/mds/vehicles")
def register_vehicles() -> Response[str]:
    from functions.shelter_alerts.mds import fleet

    provider_id, items = _asked()
    return _told(fleet.register(items, provider_id, registry()), HTTPStatus.CREATED)


@app.put("/mds/vehicles")
def change_vehicles() -> Response[str]:
    from functions.shelter_alerts.mds import fleet

    provider_id, items = _asked()
    return _told(
        fleet.change(items, provider_id, registry()), HTTPStatus.OK, unknown=HTTPStatus.NOT_FOUND
    )


@app.get("/mds/vehicles")
def list_vehicles() -> Response[str]:
    app.check_version()
    found, more = _registered()
    return _shown("vehicles", found, links=_links(more))


@app.get("/mds/vehicles/status")
def list_vehicles_status() -> Response[str]:
    from functions.shelter_alerts.mds import fleet

    app.check_version()
    registered, more = _registered()
    identities = [(one["provider_id"], one["device_id"]) for one in registered]
    found = vehicles().get_all(identities)
    told = [fleet.status(found[one]) for one in identities if one in found]
    return _shown("vehicles_status", told, links=_links(more))


@app.get("/mds/vehicles/<device_id>")
def show_vehicle(device_id: str) -> Response[str]:
    app.check_version()
    provider_id, device = _provider(), _uuid(device_id)
    found = registry().get(provider_id, [device])
    if device not in found:
        raise NotFound
    return _shown("vehicles", [found[device]])


@app.get("/mds/vehicles/status/<device_id>")
def show_vehicle_status(device_id: str) -> Response[str]:
    from functions.shelter_alerts.mds import fleet

    app.check_version()
    identity = (_provider(), _uuid(device_id))
    found = vehicles().get_all([identity])
    if identity not in found:
        raise NotFound
    return _shown("vehicles_status", [fleet.status(found[identity])])


@app.get("/mds/stops")
def list_stops() -> Response[str]:
    app.check_version()
    after = app.incoming.query.get("cursor", "")
    rest = [one for stop_id, one in by_stop_id().items() if stop_id > after]
    page = rest[:_STOPS_ON_A_PAGE]
    more = page[-1].stop_id if len(rest) > len(page) else None
    return _shown("stops", _stops(page), links=_links(more))


@app.get("/mds/stops/<stop_id>")
def show_stop(stop_id: str) -> Response[str]:
    app.check_version()
    found = by_stop_id().get(_uuid(stop_id))
    if found is None:
        raise NotFound
    return _shown("stops", _stops([found]))


@app.post("/mds/stops")
def register_stops() -> Response[str]:
    from functions.shelter_alerts.mds import stops

    _, items = _asked()
    return _told(stops.refused(items, by_stop_id(), new=True), HTTPStatus.CREATED)


@app.put("/mds/stops")
def change_stops() -> Response[str]:
    from functions.shelter_alerts.mds import stops

    _, items = _asked()
    bulk = stops.refused(items, by_stop_id(), new=False)
    return _told(bulk, HTTPStatus.OK, unknown=HTTPStatus.NOT_FOUND)


def _taken(check: Callable[..., checks.Checked], *, or_one: bool = False) -> Response[str]:
    """Check what a provider told, queue what is taken, and tell what became of each item."""
    provider_id, items = _asked(or_one=or_one)
    now_ms = round(now().timestamp() * 1000)
    bulk, by_shard = intake.take(
        items, lambda item: check(item, provider_id, now_ms), provider_id, registry()
    )
    fifo.send_all(settings.movements_queue_url(), intake.grouped(provider_id, now_ms, by_shard))
    return _told(bulk, HTTPStatus.CREATED)


def _asked(*, or_one: bool = False) -> tuple[str, list[Any]]:
    app.check_version()
    return _provider(), app.items(or_one=or_one)


def _provider() -> str:
    """Return the provider for which the token's client speaks.

    Raises:
        Forbidden: it speaks for none.
    """
    fleet = app.incoming.caller(settings.clients_parameter_prefix()).fleet
    if fleet is not None:
        shelters = configuration.shelters_of(fleet.jurisdiction_id)
        if provider := shelters.provider_by_client.get(fleet.id):
            return str(provider.provider_id)
    raise Forbidden(
        Text("Token ini bukan milik armada mana pun.", "This token belongs to no fleet.")
    )


def _registered() -> tuple[list[dict[str, Any]], str | None]:
    """Return a page of the provider's registrations, and after which the next one begins.

    Raises:
        InvalidInput: the cursor is none of ours.
    """
    cursor = app.incoming.query.get("cursor")
    if cursor is not None and not checks.is_uuid(cursor):
        raise InvalidInput.at(
            "cursor",
            "bad_param",
            Text("Pakai tautan `next` halaman sebelumnya.", "Follow the previous page's `next`."),
        )
    return registry().page(_provider(), cursor.lower() if cursor else None)


def _links(after: str | None) -> Mapping[str, str]:
    """Return where the next page is, if there is one: relative to this one."""
    return {"next": f"?cursor={after}"} if after else {}


def _uuid(text: str) -> str:
    if not checks.is_uuid(text):
        raise NotFound
    return text.lower()


def _stops(page: list[Shelter]) -> list[dict[str, Any]]:
    from functions.shelter_alerts.mds.stops import stop

    provider_id, at = _provider(), now()
    return [stop(one, vehicles().present(one.id), provider_id, at) for one in page]


def _told(
    bulk: Bulk, taken: HTTPStatus, *, unknown: HTTPStatus = HTTPStatus.BAD_REQUEST
) -> Response[str]:
    request = app.incoming
    return app.told(bulk.body(request.language), bulk.status(taken, unknown=unknown), request)


def _shown(name: str, found: list[Any], links: Mapping[str, str] | None = None) -> Response[str]:
    body: dict[str, Any] = {
        "version": _MDS_VERSION,
        "last_updated": round(now().timestamp() * 1000),
        "ttl": 60_000,
        name: found,
    }
    if links:
        body["links"] = links
    return app.told(body, HTTPStatus.OK, app.incoming)


handler = app.lambda_handler
