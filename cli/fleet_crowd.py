"""A crowd that comes to a shelter, and what the deployment makes of it: the alert, and where there is room."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from cli.api import Api
from cli.fleet_world import Crowd
from cli.screen import CannotContinue, one_line
from cli.signin import officer_token
from cli.surroundings import Surroundings
from functions.shelter_alerts.configuration import Shelter, all_shelters, jurisdiction_of

_GROUP: Final = "shelter_officer"
#: As many places as these make a shelter not just full but more than full.
_TOO_MANY: Final = 1.2
_CROWDED: Final = frozenset({"full", "over"})


@dataclass(frozen=True, kw_only=True)
class Noticed:
    """What was said of a crowd, how long after the first of it stood there, and where to go instead."""

    shelter: Shelter
    state: str
    seq: int
    occupancy: int
    capacity: int
    after_s: float
    instead: Sequence[Any]

    def summary(self) -> dict[str, Any]:
        """Return it for a machine."""
        return {
            "shelter_id": self.shelter.id,
            "state": self.state,
            "seq": self.seq,
            "motorcycles": self.occupancy,
            "capacity": self.capacity,
            "after_s": round(self.after_s, 1),
            "instead": [
                {name: one[name] for name in ("shelter_id", "distance_m", "free")}
                for one in self.instead
            ],
        }

    def sentence(self) -> str:
        """Return it for a person."""
        instead = "; ".join(
            f"{one_line(one['name'])} ({one['free']} kosong / free, {one['distance_m']} m)"
            for one in self.instead
        )
        return (
            f"{self.shelter.name.id}: {self.occupancy} motor di {self.capacity} tempat, Dishub "
            f"diberi tahu / Dishub told: {self.state}, {self.after_s:.0f} s.\n"
            f"  Diarahkan ke / sent to: {instead or '–'}"
        )


@dataclass
class CrowdWatch:
    """Watches one shelter as its officer, until the crowd in it is noticed."""

    around: Surroundings
    shelter: Shelter
    noticed: Noticed | None = None
    _came: float | None = None
    _token: str = field(default="", repr=False)

    @property
    def crowd(self) -> Crowd:
        """More motorcycles than there are places, from the beginning, until they are let go."""
        places = self.shelter.capacity["motorcycle"]
        return Crowd(self.shelter.id, int(places * _TOO_MANY) + 1, 0.0)

    def __call__(self, shelter_id: str) -> bool:
        """Tell whether an alert is raised of the shelter; remember what it says."""
        one = self._watched(shelter_id)
        there = one["occupancy"].get("motorcycle", 0)
        if there and self._came is None:
            self._came = time.monotonic()
        if one["state"] not in _CROWDED or there < one["capacity"]["motorcycle"]:
            return False
        self.noticed = Noticed(
            shelter=self.shelter,
            state=one["state"],
            seq=one["seq"],
            occupancy=there,
            capacity=one["capacity"]["motorcycle"],
            after_s=time.monotonic() - (self._came or time.monotonic()),
            instead=self._instead(),
        )
        return True

    def _instead(self) -> Sequence[Any]:
        """Return the three shelters where vehicles that are there had better go, as anyone asks."""
        lat, lng = self.shelter.centre
        query = {"lat": str(lat), "lng": str(lng), "vehicle_type": "motorcycle"}
        url = f"{self.around.outputs.api_url}/shelters/nearest"
        found: Sequence[Any] = self.around.http.get(url, params=query).json()["shelters"]
        return found[:3]

    def _watched(self, shelter_id: str) -> Any:
        if not self._token:
            around = self.around
            self._token = officer_token(around.outputs, _GROUP, around.cognito, around.http)
        query = {"jurisdiction_id": jurisdiction_of(shelter_id)}
        api = Api(self.around.outputs.api_url, self.around.http)
        listed = api.get("/shelters/watch", token=self._token, query=query)["shelters"]
        return next(one for one in listed if one["shelter_id"] == shelter_id)


def crowd_watch(around: Surroundings, shelter_id: str) -> CrowdWatch:
    """Return what watches a shelter of this id.

    Raises:
        CannotContinue: there is no such shelter, or it takes no motorcycles.
    """
    found = all_shelters().get(shelter_id)
    if found is None or not found.capacity.get("motorcycle"):
        raise CannotContinue(
            f"Titik kumpul `{one_line(shelter_id)}` tidak ada, atau tidak untuk motor. "
            "/ There is no such shelter for motorcycles."
        )
    return CrowdWatch(around, found)
