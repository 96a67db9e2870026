"""Where a vehicle should go: the nearest shelters with room for its type, as the crow flies."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from functions.shelter_alerts.geometry import METRES_A_DEGREE, Place, distance_m

#: How many are named unless another number is asked for, and of those passed over.
MOST_NAMED: Final = 5
_MOST_PASSED: Final = 10


class Reason(StrEnum):
    """Why a shelter is named, or passed over though it is nearer."""

    NEAREST = "nearest"  #: none is nearer
    NEARER_FULL = "nearer_full"  #: those nearer have no room
    NEXT = "next"  #: further than the first, with room
    FULL = "full"
    PROMISED = "promised"  #: its free places are taken by those sent there just now
    UNKNOWN = "unknown"  #: nobody reports of it


class Candidate(Protocol):
    """A shelter as a choice."""

    @property
    def id(self) -> str:
        """The shelter's id."""

    @property
    def place(self) -> Place:
        """Its centre."""

    @property
    def places(self) -> int | None:
        """Free places for the type; None: it takes none of that type."""

    @property
    def is_known(self) -> bool:
        """Whether somebody reports of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A shelter named or passed over; `free` is net of those sent there."""

    id: str
    distance_m: int
    free: int
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Where to go, the best first, and what was nearer and passed over."""

    named: tuple[Choice, ...]
    passed: tuple[Choice, ...]


def nearest(
    candidates: Iterable[Candidate],
    place: Place,
    *,
    promised: Mapping[str, int],
    most: int = MOST_NAMED,
) -> Found:
    """Return the nearest shelters with room, of those that take the type.

    `promised` tells how many were sent to each shelter and are not there yet.
    """
    by_distance = sorted(
        ((_roughly(place, one.place), one) for one in candidates if one.places is not None),
        key=lambda pair: (pair[0], pair[1].id),
    )
    named: list[Choice] = []
    passed: list[Choice] = []
    for _, one in by_distance:
        if len(named) == most:
            break
        free = max(0, (one.places or 0) - promised.get(one.id, 0))
        reason = _reason(one, free, named, passed)
        choice = Choice(
            id=one.id, distance_m=round(distance_m(place, one.place)), free=free, reason=reason
        )
        if reason in {Reason.NEAREST, Reason.NEARER_FULL, Reason.NEXT}:
            named.append(choice)
        elif not named and len(passed) < _MOST_PASSED:
            passed.append(choice)
    return Found(named=tuple(named), passed=tuple(passed))


def _reason(one: Candidate, free: int, named: list[Choice], passed: list[Choice]) -> Reason:
    if not one.is_known:
        return Reason.UNKNOWN
    if free:
        if named:
            return Reason.NEXT
        return Reason.NEARER_FULL if passed else Reason.NEAREST
    return Reason.PROMISED if one.places else Reason.FULL


def _roughly(one: Place, other: Place) -> float:
    """Return the square of a distance on a flat earth, which orders as the true one does here."""
    north = (other[0] - one[0]) * METRES_A_DEGREE
    east = (other[1] - one[1]) * METRES_A_DEGREE * math.cos(math.radians(one[0]))
    return north * north + east * east
