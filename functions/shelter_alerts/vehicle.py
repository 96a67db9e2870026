"""What is kept of a vehicle, and of its stays in shelters."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Literal

from functions.shelter_alerts.movement import NEVER, Moment

#: Under which types shelters count their places. MDS knows more types than shelters have places.
CountedType = Literal["motorcycle", "car"]
COUNTED: Final[tuple[CountedType, ...]] = ("motorcycle", "car")
_TWO_WHEELED: Final = frozenset(
    {
        "bicycle",
        "cargo_bicycle",
        "moped",
        "motorcycle",
        "scooter",
        "scooter_seated",
        "scooter_standing",
    }
)


class Reason(StrEnum):
    """Why a vehicle left a shelter."""

    EXIT = "exit"  #: it was told, or seen outside
    MOVED = "moved"  #: it came to another shelter
    STALE = "stale"  #: it was not seen any more
    REMOVED = "removed"  #: it serves no more, or elsewhere


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """A vehicle's time in a shelter; `left_ms` and `reason` when it is over."""

    session_id: str
    shelter_id: str
    arrived_ms: int
    vehicle_type: CountedType
    left_ms: int | None = None
    reason: Reason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle:
    """A vehicle as last known. `revision` counts what was written; 0 if nothing ever was."""

    provider_id: str
    device_id: str
    vehicle_type: str = ""  #: as MDS has it
    state: str | None = None  #: MDS vehicle_state
    stated: Moment = NEVER  #: when it was told
    lat: float | None = None
    lng: float | None = None
    fixed: Moment = NEVER  #: the newest place that was written
    entered: Moment = NEVER  #: the newest arrival
    #: The newest departure from each shelter, or from wherever it was, that came after `entered`.
    exits: Mapping[str, Moment] = field(default_factory=dict)
    inside: str | None = None  #: in whose fence the last place was, while one more is awaited
    outside: int = 0  #: how many places in a row were outside the shelter it is in
    seen_ms: int = 0
    stay: Stay | None = None  #: in the shelter it is in
    left: Stay | None = None  #: the last that is over
    revision: int = 0

    @property
    def shelter_id(self) -> str | None:
        """The shelter it is in."""
        return self.stay.shelter_id if self.stay else None


def counted_as(vehicle_type: str) -> CountedType:
    """Return under which type a shelter counts a vehicle of an MDS type."""
    return "motorcycle" if vehicle_type in _TWO_WHEELED else "car"


def session_id_of(provider_id: str, device_id: str, arrived: Moment) -> str:
    """Return the id of a stay, which is the same however often its arrival is worked through."""
    told = f"{provider_id}\0{device_id}\0{arrived[0]}\0{arrived[1]}"
    return hashlib.sha256(told.encode()).hexdigest()[:20]
