"""Shows shelters and their days as the public reads them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from functions.shelter_alerts.configuration import jurisdiction_of
from functions.shelter_alerts.feeds.history import Hour
from functions.shelter_alerts.feeds.standing import Standing
from functions.shelter_alerts.feeds.views import (
    History,
    HourView,
    ShelterDetail,
    ShelterView,
    State,
)
from functions.shelter_alerts.items import instant


def shelter_of(one: Standing, language: str) -> ShelterView:
    """Return a shelter as a list shows it."""
    return ShelterView(**_told(one, language))


def detail_of(one: Standing, language: str) -> ShelterDetail:
    """Return a shelter as it is shown by itself."""
    ring = [[lng, lat] for lat, lng in one.shelter.fence]
    return ShelterDetail(
        **_told(one, language),
        stop_id=one.shelter.stop_id,
        fence={"type": "Polygon", "coordinates": [ring]},
    )


def history_of(shelter_id: str, day: date, rows: Sequence[Hour]) -> History:
    """Return a shelter's day."""
    shown = [HourView.model_validate(row, from_attributes=True) for row in rows]
    return History(shelter_id=shelter_id, day=day, hours=shown)


def state_of(one: Standing) -> State:
    """Return in one word how a shelter stands: by the type of vehicle that fares worst."""
    if not one.is_known:
        return "unknown"
    pairs = [(one.occupancy[each], most) for each, most in one.capacity.items()]
    if any(count > most for count, most in pairs):
        return "over"
    return "full" if any(count == most for count, most in pairs) else "normal"


def _told(one: Standing, language: str) -> dict[str, Any]:
    lat, long = one.shelter.centre
    ever = one.reported_ms is not None
    return {
        "shelter_id": one.shelter.id,
        "jurisdiction_id": jurisdiction_of(one.shelter.id),
        "name": one.shelter.name.in_language(language),
        "district": one.shelter.district,
        "lat": lat,
        "long": long,
        "state": state_of(one),
        "capacity": dict(one.capacity),
        "occupancy": dict(one.occupancy) if ever else None,
        "free": dict(one.free) if ever else None,
        "reported_at": instant(one.reported_ms) if one.reported_ms is not None else None,
    }
