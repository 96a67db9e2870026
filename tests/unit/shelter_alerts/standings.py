"""Builds shelters as they stand."""

from collections.abc import Mapping
from datetime import datetime

from functions.shelter_alerts.configuration import Shelter
from functions.shelter_alerts.feeds.standing import Counted, Standing, standings
from shared.text import Text

NOON = datetime.fromisoformat("2026-11-20T12:00:00+07:00")
NOON_MS = round(NOON.timestamp() * 1000)


def a_shelter(
    name: str = "semarang-satu", lat: float = -6.98, lng: float = 110.41, **capacity: int
) -> Shelter:
    """Return a square shelter of a hundred metres."""
    half = 0.0005
    south, north, west, east = lat - half, lat + half, lng - half, lng + half
    return Shelter(
        id=name,
        name=Text(f"Titik {name}", f"Point {name}"),
        district="Semarang Tengah",
        centre=(lat, lng),
        fence=((south, west), (south, east), (north, east), (north, west), (south, west)),
        capacity=capacity or {"motorcycle": 10, "car": 2},  # type: ignore[arg-type]
    )


def standing(
    *shelters: Shelter,
    counts: Mapping[str, Mapping[str, int]] | None = None,
    reported_ms: int | None = NOON_MS - 20_000,
) -> list[Standing]:
    """Return how shelters stand at noon."""
    board = {
        name: Counted(by_type=by_type, at_ms=NOON_MS - 60_000)
        for name, by_type in (counts or {}).items()
    }
    return standings(shelters or (a_shelter(),), board, reported_ms, NOON)
