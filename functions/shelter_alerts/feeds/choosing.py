"""Reads where somebody is, and tells where to go."""

from collections.abc import Iterable, Mapping
from typing import Final

from functions.shelter_alerts.feeds.standing import Option, Standing
from functions.shelter_alerts.feeds.views import ChoiceView, NearestView
from functions.shelter_alerts.geometry import Place
from functions.shelter_alerts.nearest import Choice, Found, Reason, nearest
from functions.shelter_alerts.vehicle import COUNTED, CountedType
from shared.errors import InvalidInput
from shared.text import Text

#: Each reason in words.
_WORDS: Final[Mapping[Reason, Text]] = {
    Reason.NEAREST: Text("Terdekat dan masih ada tempat", "The nearest, with room"),
    Reason.NEARER_FULL: Text(
        "Terdekat yang masih ada tempat; yang lebih dekat tidak bisa",
        "The nearest with room; nearer ones cannot take it",
    ),
    Reason.NEXT: Text("Pilihan berikutnya", "The next choice"),
    Reason.FULL: Text("Penuh", "Full"),
    Reason.PROMISED: Text(
        "Sisa tempatnya untuk kendaraan yang sedang menuju ke sana",
        "Its free places are for vehicles on their way there",
    ),
    Reason.UNKNOWN: Text("Tidak ada laporan saat ini", "Nobody reports of it just now"),
}


def place_of(query: Mapping[str, str]) -> Place:
    """Return the place that a query asks about.

    Raises:
        InvalidInput: there is none.
    """
    return _degrees(query, "lat", 90), _degrees(query, "lng", 180)


def vehicle_type_of(text: str | None) -> CountedType:
    """Return the type of vehicle asked for.

    Raises:
        InvalidInput: shelters count no such type.
    """
    for each in COUNTED:
        if text == each:
            return each
    listed = ", ".join(COUNTED)
    raise InvalidInput.at(
        "vehicle_type",
        "not_a_choice",
        Text(f"Pilih salah satu: {listed}.", f"Choose one of: {listed}."),
    )


def chosen(
    standings: Iterable[Standing],
    place: Place,
    vehicle_type: CountedType,
    promised: Mapping[str, int],
) -> tuple[Found, Mapping[str, Standing]]:
    """Return where to go, and the shelters by id."""
    by_id = {one.shelter.id: one for one in standings}
    options = (Option(one, vehicle_type) for one in by_id.values())
    return nearest(options, place, promised=promised), by_id


def view_of(
    found: Found, by_id: Mapping[str, Standing], vehicle_type: CountedType, language: str
) -> NearestView:
    """Return where to go as it is answered."""
    return NearestView(
        vehicle_type=vehicle_type,
        shelters=[_choice(one, by_id[one.id], language) for one in found.named],
        passed_over=[_choice(one, by_id[one.id], language) for one in found.passed],
    )


def _choice(one: Choice, standing: Standing, language: str) -> ChoiceView:
    lat, long = standing.shelter.centre
    return ChoiceView(
        shelter_id=one.id,
        name=standing.shelter.name.in_language(language),
        lat=lat,
        long=long,
        distance_m=one.distance_m,
        free=one.free,
        reason=one.reason,
        explanation=_WORDS[one.reason].in_language(language),
    )


def _degrees(query: Mapping[str, str], name: str, most: int) -> float:
    try:
        found = float(query.get(name, ""))
    except ValueError:
        found = float("nan")
    if not -most <= found <= most:
        raise InvalidInput.at(
            name,
            "not_degrees",
            Text(
                f"Isi dengan derajat desimal, -{most} sampai {most}.",
                f"Give decimal degrees, -{most} to {most}.",
            ),
        )
    return found
