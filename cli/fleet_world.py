"""A city of made-up vehicles that come to shelters and leave them, and the truth about where they are.

Positions are latitude and longitude, times seconds of simulated time, speeds metres a second.
"""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Final
from uuid import UUID

from cli.fleet_places import apart, moved, towards
from functions.shelter_alerts.configuration import Shelter
from functions.shelter_alerts.geometry import Grid, Place
from functions.shelter_alerts.vehicle import CountedType

#: How often a vehicle tells where it is.
HEARTBEAT_S: Final = 30.0
_DRIVES_MPS: Final = 9.0
_NOISE_M: Final = 4.0
#: Of a hundred points told while standing, so many jump far away and claim to be exact.
_JUMPS_PERCENT: Final = 2
_JUMP_M: Final = 200.0
#: How near to the middle of a shelter vehicles stand: noise leaves them inside the fence.
_STANDS_WITHIN_M: Final = 12.0
_SHORTEST_WAIT_S, _LONGEST_WAIT_S = 120.0, 420.0
_CARS_PERCENT: Final = 15
_EXPLICIT_PERCENT: Final = 35
_VANISH_PERCENT: Final = 2


@dataclass(frozen=True, slots=True)
class Crowd:
    """A planted crowd: so many motorcycles come to a shelter at once, and leave at once later.

    Without a time to leave it stays until it is let go.
    """

    shelter_id: str
    vehicles: int
    comes_s: float
    leaves_s: float = math.inf


@dataclass(slots=True)
class Vehicle:
    """A vehicle as it really is."""

    device_id: str
    jurisdiction_id: str
    vehicle_type: CountedType
    explicit: bool  #: it tells arrivals and departures by CDS, instead of places by MDS
    place: Place
    goal: str | None = None  #: the shelter it drives to
    inside: str | None = None  #: the shelter it is in
    until_s: float = 0.0  #: when it leaves there, or starts for a goal
    beats_s: float = 0.0  #: when it next tells where it is
    crowd: Crowd | None = None
    vanished: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """Something that a vehicle tells. `kind`: enter, exit, seen, or fix."""

    vehicle: Vehicle
    kind: str
    at_s: float
    place: Place
    shelter_id: str | None = None
    speed_mps: float = 0.0
    accuracy_m: float = 5.0


@dataclass
class World:
    """All vehicles, moved step by step; what each step tells is told in the order of time."""

    shelters: Mapping[str, Sequence[Shelter]]  #: by jurisdiction
    random: Random
    minutes: float
    vehicles: list[Vehicle] = field(default_factory=list)
    now_s: float = 0.0

    def __post_init__(self) -> None:
        self._by_id = {one.id: one for each in self.shelters.values() for one in each}
        self._grid = Grid((name, one.fence) for name, one in self._by_id.items())

    def people(self, count: int, crowds: Sequence[Crowd] = ()) -> None:
        """Put vehicles into the city, of which the crowds take the first motorcycles."""
        jurisdictions = list(self.shelters)
        for number in range(count):
            jurisdiction_id = jurisdictions[number % len(jurisdictions)]
            near = self.random.choice(self.shelters[jurisdiction_id]).centre
            self.vehicles.append(
                Vehicle(
                    device_id=str(UUID(int=self.random.getrandbits(128), version=4)),
                    jurisdiction_id=jurisdiction_id,
                    vehicle_type="car" if self._chance(_CARS_PERCENT) else "motorcycle",
                    explicit=self._chance(_EXPLICIT_PERCENT),
                    place=moved(near, self._between(300, 1500), self._between(0, 360)),
                    until_s=self._start_s(),
                    beats_s=self.random.uniform(0, HEARTBEAT_S),
                )
            )
        for crowd in crowds:
            self._plant(crowd)

    def step(self, seconds: float) -> Iterator[Told]:
        """Let so much time pass, and yield what is told meanwhile."""
        self.now_s += seconds
        for vehicle in self.vehicles:
            if vehicle.vanished:
                continue
            yield from self._move(vehicle, seconds)
            if vehicle.beats_s <= self.now_s:
                vehicle.beats_s += HEARTBEAT_S
                yield self._beat(vehicle)

    def absent(self) -> Iterator[Told]:
        """Yield that nobody is anywhere yet, as those tell it who tell arrivals."""
        for vehicle in self.vehicles:
            if vehicle.explicit:
                yield Told(vehicle, "exit", self.now_s, vehicle.place)

    def let_go(self, shelter_id: str) -> None:
        """Let a shelter's crowd leave at the next step; who is on the way there turns back."""
        for vehicle in self._crowd_of(shelter_id):
            vehicle.until_s, vehicle.goal = self.now_s, None
            if vehicle.inside is None:
                vehicle.until_s = math.inf

    def staying(self) -> frozenset[str]:
        """Return the shelters that wait for their crowd to be let go."""
        return frozenset(
            one.crowd.shelter_id
            for one in self.vehicles
            if one.crowd and one.crowd.leaves_s == math.inf and (one.inside or one.goal)
        )

    def settled(self) -> Iterator[Told]:
        """Yield where each vehicle stands or drives, exactly, as if it told it once more."""
        for vehicle in self.vehicles:
            if not vehicle.vanished:
                yield Told(
                    vehicle,
                    "seen" if vehicle.explicit else "fix",
                    self.now_s,
                    vehicle.place,
                    speed_mps=0.0 if vehicle.inside else _DRIVES_MPS,
                )

    def occupancy(self) -> dict[str, Counter[str]]:
        """Return how many of each type are in each shelter: the truth.

        Who tells places is where its place is, though it only drives through.
        """
        found: dict[str, Counter[str]] = {name: Counter() for name in self._by_id}
        for vehicle in self.vehicles:
            told = vehicle.inside if vehicle.explicit else self._grid.at(*vehicle.place)
            if told is not None:
                found[told][vehicle.vehicle_type] += 1
        return found

    def _crowd_of(self, shelter_id: str) -> Iterator[Vehicle]:
        return (one for one in self.vehicles if one.crowd and one.crowd.shelter_id == shelter_id)

    def _move(self, vehicle: Vehicle, seconds: float) -> Iterator[Told]:
        if vehicle.inside is not None:
            if vehicle.until_s <= self.now_s:
                yield from self._leave(vehicle)
            return
        if vehicle.goal is None:
            if vehicle.until_s <= self.now_s:
                vehicle.goal = self._goal(vehicle)
            return
        target = self._by_id[vehicle.goal].centre
        away_m = apart(vehicle.place, target)
        if away_m > _DRIVES_MPS * seconds:
            vehicle.place = towards(vehicle.place, target, _DRIVES_MPS * seconds / away_m)
        else:
            yield from self._arrive(vehicle)

    def _arrive(self, vehicle: Vehicle) -> Iterator[Told]:
        name = str(vehicle.goal)
        middle = self._by_id[name].centre
        vehicle.place = moved(middle, self._between(0, _STANDS_WITHIN_M), self._between(0, 360))
        vehicle.inside, vehicle.goal = name, None
        waits_s = self._between(_SHORTEST_WAIT_S, _LONGEST_WAIT_S)
        vehicle.until_s = vehicle.crowd.leaves_s if vehicle.crowd else self.now_s + waits_s
        if vehicle.explicit:
            yield Told(vehicle, "enter", self.now_s, vehicle.place, name)
        if vehicle.crowd is None and self._chance(_VANISH_PERCENT):
            vehicle.vanished = True  # it is there, and is never heard again
            if not vehicle.explicit:
                yield Told(vehicle, "fix", self.now_s, vehicle.place)

    def _leave(self, vehicle: Vehicle) -> Iterator[Told]:
        if vehicle.explicit:
            yield Told(vehicle, "exit", self.now_s, vehicle.place, vehicle.inside)
        middle = self._by_id[str(vehicle.inside)].centre
        vehicle.place = moved(middle, self._between(250, 400), self._between(0, 360))
        vehicle.inside = None
        vehicle.until_s = math.inf if vehicle.crowd else self.now_s + self._between(30, 200)

    def _goal(self, vehicle: Vehicle) -> str:
        if vehicle.crowd:
            return vehicle.crowd.shelter_id
        crowded = {one.crowd.shelter_id for one in self.vehicles if one.crowd}
        around = sorted(
            (one for one in self.shelters[vehicle.jurisdiction_id] if one.id not in crowded),
            key=lambda one: apart(vehicle.place, one.centre),
        )
        return self.random.choice(around[:4]).id

    def _beat(self, vehicle: Vehicle) -> Told:
        if vehicle.explicit:
            return Told(vehicle, "seen", self.now_s, vehicle.place)
        if vehicle.inside and self._chance(_JUMPS_PERCENT):
            jumped = moved(vehicle.place, _JUMP_M, self._between(0, 360))
            return Told(vehicle, "fix", self.now_s, jumped, accuracy_m=1.7)
        noisy = moved(vehicle.place, abs(self.random.gauss(0, _NOISE_M)), self._between(0, 360))
        speed = 0.3 if vehicle.inside else _DRIVES_MPS
        return Told(vehicle, "fix", self.now_s, noisy, speed_mps=speed)

    def _plant(self, crowd: Crowd) -> None:
        shelter = self._by_id[crowd.shelter_id]
        ready = (
            one
            for one in self.vehicles
            if one.crowd is None
            and one.vehicle_type == "motorcycle"
            and shelter in self.shelters[one.jurisdiction_id]
        )
        for vehicle, _ in zip(ready, range(crowd.vehicles), strict=False):
            vehicle.crowd = crowd
            vehicle.until_s = crowd.comes_s
            vehicle.place = moved(shelter.centre, self._between(300, 500), self._between(0, 360))

    def _start_s(self) -> float:
        """Return when a vehicle first starts: mostly in one of two rush hours."""
        whole_s = self.minutes * 60
        peak = self.random.choice((0.15, 0.6)) * whole_s
        rushed = self._chance(70)
        return (
            max(0.0, self.random.gauss(peak, whole_s / 12)) if rushed else self._between(0, whole_s)
        )

    def _between(self, least: float, most: float) -> float:
        return self.random.uniform(least, most)

    def _chance(self, percent: float) -> bool:
        return self.random.uniform(0, 100) < percent
