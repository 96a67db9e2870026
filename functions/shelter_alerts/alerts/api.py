"""Alerts as CAP for everyone; for shelter officers who watch: take an alert up, silence it."""

import hashlib
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from functools import cache
from typing import Final

from aws_lambda_powertools.event_handler import Response

from functions.shelter_alerts import addresses, configuration, settings
from functions.shelter_alerts.alerts import cap
from functions.shelter_alerts.alerts.alert import Alert, acknowledged, silenced
from functions.shelter_alerts.alerts.caps import CapStore
from functions.shelter_alerts.alerts.store import AlertStore
from functions.shelter_alerts.alerts.views import (
    Acknowledgement,
    Silence,
    WatchedShelter,
    WatchList,
    watched,
)
from functions.shelter_alerts.configuration import Shelter, jurisdiction_of
from shared import config
from shared.clock import now
from shared.errors import Busy, Conflict, Forbidden, InvalidInput, NotFound
from shared.http import ApiResolver, Request, reply
from shared.text import Text

app = ApiResolver(service="shelter_alerts")

_FEED: Final = "public, max-age=30"
#: A message never changes.
_FOR_GOOD: Final = "public, max-age=86400, immutable"
#: Messages are listed for two days; of an alert that is open, the last is listed always.
_LISTED_MS: Final = 2 * 86_400_000
_MOST_TRIES: Final = 5


@cache
def alerts() -> AlertStore:
    return AlertStore(settings.shelters_table())


@cache
def caps() -> CapStore:
    return CapStore(settings.shelters_table())


@app.get("/shelters/alerts")
def list_alerts() -> Response[str]:
    request, now_ms = app.incoming, _now_ms()
    asked = _jurisdiction(request)
    jurisdictions = {asked} if asked else {*config.jurisdiction_ids()}
    listed = {
        identifier: content
        for each in jurisdictions
        for identifier, content in caps().newest(each, since_ms=now_ms - _LISTED_MS)
    }
    for identifier in _open(jurisdictions) - listed.keys():
        if (content := caps().get(identifier)) is not None:
            listed[identifier] = content
    found = sorted(listed.items(), key=lambda one: _said_ms(one[0]), reverse=True)
    newest = _said_ms(found[0][0]) if found else now_ms
    url = f"{addresses.of_api(request, below='/shelters/')}/shelters/alerts"
    content = cap.feed(found, url=url, updated_ms=newest)
    return _xml(request, content, "application/atom+xml", _FEED)


def _open(jurisdictions: AbstractSet[str]) -> set[str]:
    """Return the names of what was last said of the alerts that are open."""
    shelters = [
        each for each in configuration.all_shelters() if jurisdiction_of(each) in jurisdictions
    ]
    return {
        cap.identifier_of(each, alert.seq, alert.at_ms)
        for each, alert in alerts().get_all(shelters).items()
        if alert.is_open
    }


@app.get("/shelters/alerts/<identifier>")
def get_alert(identifier: str) -> Response[str]:
    content = caps().get(identifier)
    if content is None:
        raise NotFound
    return _xml(app.incoming, content, cap.MEDIA_TYPE, _FOR_GOOD)


@app.get("/shelters/watch")
def list_watched() -> Response[str]:
    request = app.incoming
    desks = request.caller(settings.clients_parameter_prefix()).shelters
    if not desks:
        raise Forbidden
    asked = _jurisdiction(request)
    shelters = [
        one
        for one in configuration.all_shelters().values()
        if jurisdiction_of(one.id) in (desks & {asked} if asked else desks)
    ]
    known = alerts().get_all([one.id for one in shelters])
    found = [(known.get(one.id, Alert(shelter_id=one.id)), one) for one in shelters]
    found.sort(key=lambda pair: (-pair[0].level, pair[1].id))
    at = now()
    listed = [watched(one, alert, at, language=request.language) for alert, one in found]
    return reply(WatchList(shelters=listed))


@app.post("/shelters/<shelter_id>/acknowledgements")
def acknowledge(shelter_id: str) -> Response[str]:
    given = app.incoming.parse(Acknowledgement)

    def taken_up(alert: Alert, by: str, _now_ms: int) -> Alert:
        if not alert.is_open:
            raise Conflict(
                Text("Di sini tidak ada peringatan.", "There is no alert here to take up.")
            )
        if alert.seq != given.seq:
            raise Conflict(
                Text(
                    "Peringatan ini sudah berubah; lihat lagi.",
                    "This alert has changed; look again.",
                )
            )
        return acknowledged(alert, by)

    return reply(_changed(shelter_id, taken_up), status=201)


@app.post("/shelters/<shelter_id>/silences")
def silence(shelter_id: str) -> Response[str]:
    given = app.incoming.parse(Silence)

    def quiet(alert: Alert, by: str, now_ms: int) -> Alert:
        return silenced(alert, by, now_ms, now_ms + given.minutes * 60_000)

    return reply(_changed(shelter_id, quiet), status=201)


def _changed(shelter_id: str, change: Callable[[Alert, str, int], Alert]) -> WatchedShelter:
    """Change a shelter's alert as an officer asks, if it is one that they watch."""
    request = app.incoming
    shelter, by = _watched_by(request, shelter_id)
    jurisdiction_id = jurisdiction_of(shelter.id)
    waits = configuration.shelters_of(jurisdiction_id).timings.waits
    for _ in range(_MOST_TRIES):
        before, _ = alerts().get(shelter.id, jurisdiction_id)
        now_ms = _now_ms()
        after = change(before, by, now_ms)
        if alerts().write(before, after, waits) is not None:
            return watched(shelter, after, now(), language=request.language)
    raise Busy(headers={"Retry-After": "1"})


def _jurisdiction(request: Request) -> str | None:
    """Return the jurisdiction that is asked for, if one is.

    Raises:
        InvalidInput: there is no such jurisdiction.
    """
    asked = request.query.get("jurisdiction_id")
    if asked is not None and asked not in config.jurisdiction_ids():
        listed = ", ".join(config.jurisdiction_ids())
        raise InvalidInput.at(
            "jurisdiction_id",
            "unknown_jurisdiction",
            Text(f"Pilih salah satu: {listed}.", f"Choose one of: {listed}."),
        )
    return asked


def _watched_by(request: Request, shelter_id: str) -> tuple[Shelter, str]:
    """Return the shelter, and who is asking.

    Raises:
        Forbidden: they do not watch shelters there.
        NotFound: there is no such shelter.
    """
    caller = request.caller(settings.clients_parameter_prefix())
    if not caller.may_watch(jurisdiction_of(shelter_id)):
        raise Forbidden
    shelter = configuration.all_shelters().get(shelter_id)
    if shelter is None:
        raise NotFound
    return shelter, caller.id


def _xml(request: Request, content: str, media_type: str, cache_control: str) -> Response[str]:
    etag = f'"{hashlib.sha256(content.encode()).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": cache_control}
    known = request.headers.get("if-none-match", "")
    if {etag, "*"} & {tag.strip().removeprefix("W/") for tag in known.split(",")}:
        return Response(status_code=304, content_type=None, body="", headers=headers)
    return Response(
        status_code=200,
        content_type=f"{media_type}; charset=utf-8",
        body=content,
        headers=headers,
    )


def _said_ms(identifier: str) -> int:
    return int(identifier.rpartition(".")[2])


def _now_ms() -> int:
    return round(now().timestamp() * 1000)


handler = app.lambda_handler
