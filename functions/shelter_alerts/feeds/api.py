"""What the public reads of shelters: how they stand, their days, where there is room, and GBFS."""

import hashlib
import json
from datetime import date, timedelta
from typing import Any, Final

from aws_lambda_powertools.event_handler import Response

from functions.shelter_alerts import addresses, configuration
from functions.shelter_alerts.feeds import choosing, gbfs, history, looking, rendering
from functions.shelter_alerts.feeds.past import Past
from functions.shelter_alerts.feeds.showing import detail_of, history_of, shelter_of
from functions.shelter_alerts.feeds.views import ShelterList
from shared import config
from shared.clock import now
from shared.days import day_of
from shared.errors import InvalidInput, NotFound
from shared.http import JSON, ApiResolver, Request, cacheable
from shared.text import Text

app = ApiResolver(service="shelter_alerts")

_LIVE: Final = f"public, max-age={gbfs.LIVE_S}"
_TODAY: Final = "public, max-age=60"
_PAST: Final = "public, max-age=3600"
#: What is older is no more asked of a shelter at once.
_OLDEST: Final = timedelta(days=400)


@app.get("/shelters")
def list_shelters() -> Response[str]:
    request, instant = app.incoming, now()
    asked = request.query.get("jurisdiction_id")
    if asked is not None and asked not in config.jurisdiction_ids():
        listed = ", ".join(config.jurisdiction_ids())
        raise InvalidInput.at(
            "jurisdiction_id",
            "not_a_choice",
            Text(f"Pilih salah satu: {listed}.", f"Choose one of: {listed}."),
        )
    found = looking.standings_of_all(None if asked is None else (asked,), instant)
    return cacheable(
        ShelterList(shelters=[shelter_of(one, request.language) for one in found]),
        request,
        cache_control=_LIVE,
    )


@app.get("/shelters/nearest")
def find_nearest() -> Response[str]:
    request = app.incoming
    place = choosing.place_of(request.query)
    vehicle_type = choosing.vehicle_type_of(request.query.get("vehicle_type"))
    standings = looking.standings_of_all(None, now())
    found, by_id = choosing.chosen(standings, place, vehicle_type, promised={})
    view = choosing.view_of(found, by_id, vehicle_type, request.language)
    return cacheable(view, request, cache_control=_LIVE)


@app.get("/shelters/<shelter_id>")
def show_shelter(shelter_id: str) -> Response[str]:
    request = app.incoming
    jurisdiction_id = _jurisdiction(shelter_id)
    (found,) = (
        one for one in looking.standings_of(jurisdiction_id, now()) if one.shelter.id == shelter_id
    )
    return cacheable(detail_of(found, request.language), request, cache_control=_LIVE)


@app.get("/shelters/<shelter_id>/history")
def show_history(shelter_id: str) -> Response[str]:
    request, instant = app.incoming, now()
    jurisdiction_id = _jurisdiction(shelter_id)
    day = _day(request.query.get("date"), today=day_of(instant))
    shelter = configuration.all_shelters()[shelter_id]
    past = Past(looking.board())
    rows = history.hours(
        day,
        past.spells(shelter_id, day),
        shelter.capacity_at,
        silent=past.silent_minutes(jurisdiction_id, day),
        known=past.known(jurisdiction_id),
        now=instant,
    )
    cache_control = _TODAY if day == day_of(instant) else _PAST
    if _wants_csv(request):
        name = f"{shelter_id}-{day}.csv"
        answer = _answer(request, history.table(rows), "text/csv; charset=utf-8", cache_control)
        answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
        return answer
    return cacheable(history_of(shelter_id, day, rows), request, cache_control=cache_control)


@app.get("/gbfs/<version>/<feed>")
def show_feed(version: str, feed: str) -> Response[str]:
    return _feed(version, None, feed)


@app.get("/gbfs/<version>/<jurisdiction_id>/<feed>")
def show_feed_of(version: str, jurisdiction_id: str, feed: str) -> Response[str]:
    return _feed(version, jurisdiction_id, feed)


def _feed(version: str, jurisdiction_id: str | None, file: str) -> Response[str]:
    request = app.incoming
    name, dot, kind = file.partition(".")
    if (dot, kind) != (".", "json"):
        raise NotFound
    language = "en" if request.query.get("lang") == "en" else "id"
    api = addresses.of_api(request, below="/gbfs/")
    found = rendering.rendered(version, jurisdiction_id, name, language, api, now())
    content = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    return _answer(request, content, JSON, f"public, max-age={gbfs.TTL_S[name]}")


def _answer(request: Request, content: str, content_type: str, cache_control: str) -> Response[str]:
    etag = f'"{hashlib.sha256(content.encode()).hexdigest()[:32]}"'
    headers: dict[str, Any] = {"ETag": etag, "Cache-Control": cache_control}
    sent = {
        tag.strip().removeprefix("W/")
        for tag in request.headers.get("if-none-match", "").split(",")
    }
    if sent & {etag, "*"}:
        return Response(status_code=304, content_type=None, body="", headers=headers)
    return Response(status_code=200, content_type=content_type, body=content, headers=headers)


def _jurisdiction(shelter_id: str) -> str:
    if shelter_id not in configuration.all_shelters():
        raise NotFound
    return configuration.jurisdiction_of(shelter_id)


def _day(text: str | None, *, today: date) -> date:
    try:
        found = date.fromisoformat(text) if text else today
    except ValueError:
        found = date.max
    if not today - _OLDEST <= found <= today:
        raise InvalidInput.at(
            "date",
            "not_a_day",
            Text(
                "Isi tanggal (YYYY-MM-DD) hari ini atau sebelumnya, paling lama 400 hari.",
                "Give a day (YYYY-MM-DD), today or within the last 400 days.",
            ),
        )
    return found


def _wants_csv(request: Request) -> bool:
    asked = request.query.get("format", "json")
    if asked not in {"json", "csv"}:
        raise InvalidInput.at(
            "format",
            "not_a_choice",
            Text("Pilih salah satu: json, csv.", "Choose one of: json, csv."),
        )
    return asked == "csv"


handler = app.lambda_handler
