"""How a shelter stands at an instant: who is in it, how many it takes, since when that is known."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from functions.shelter_alerts.configuration import Shelter
from functions.shelter_alerts.geometry import Place
from functions.shelter_alerts.presence import SILENT_MS
from functions.shelter_alerts.vehicle import CountedType

#: As what GBFS counts our types of vehicles; it knows no motorcycles.
FORM_FACTORS: Final[Mapping[str, str]] = {"motorcycle": "moped", "car": "car"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What the board says of a shelter: how many of each type were in it when last counted."""

    by_type: Mapping[str, int]
    at_ms: int  #: when that was


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A shelter with those in it. `reported_ms`: up to when is known who came and went."""

    shelter: Shelter
    occupancy: Mapping[str, int]
    capacity: Mapping[CountedType, int]
    counted_ms: int | None  #: when its occupancy last changed; None: it never did
    reported_ms: int | None  #: None: nobody ever reported of its jurisdiction
    is_known: bool  #: somebody reported lately

    @property
    def free(self) -> Mapping[str, int]:
        """Free places by type, never less than none."""
        return {
            each: max(0, places - self.occupancy.get(each, 0))
            for each, places in self.capacity.items()
        }

    @property
    def present(self) -> int:
        """All vehicles in it."""
        return sum(self.occupancy.values())


def standings(
    shelters: Iterable[Shelter],
    board: Mapping[str, Counted],
    reported_ms: int | None,
    now: datetime,
) -> list[Standing]:
    """Return how shelters of one jurisdiction stand. Who is on no board has nobody in it."""
    now_ms = round(now.timestamp() * 1000)
    known = reported_ms is not None and now_ms - reported_ms <= SILENT_MS
    found = []
    for shelter in shelters:
        counted = board.get(shelter.id)
        occupancy = counted.by_type if counted else {}
        found.append(
            Standing(
                shelter=shelter,
                occupancy={each: occupancy.get(each, 0) for each in shelter.capacity},
                capacity=shelter.capacity_at(now),
                counted_ms=counted.at_ms if counted else None,
                reported_ms=reported_ms,
                is_known=known,
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class Option:
    """A shelter as a place to send a vehicle of one type."""

    standing: Standing
    vehicle_type: CountedType

    @property
    def id(self) -> str:
        """The shelter's id."""
        return self.standing.shelter.id

    @property
    def place(self) -> Place:
        """Its centre."""
        return self.standing.shelter.centre

    @property
    def places(self) -> int | None:
        """Free places for the type; None: it takes none of that type."""
        return self.standing.free.get(self.vehicle_type)

    @property
    def is_known(self) -> bool:
        """Whether somebody reports of it."""
        return self.standing.is_known
