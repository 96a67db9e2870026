"""Where a place is: in which fence, how near to one, how far from another place.

Pure Python: a grid and a cast ray take about a microsecond, less than crossing into any library.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

#: A corner or a place: latitude and longitude in degrees (WGS 84).
Place = tuple[float, float]

#: Metres of a degree of latitude.
METRES_A_DEGREE: Final = 111_195.0
_EARTH_M: Final = 6_371_008.8
#: Cells of the grid to a degree: 0.005°, about 550 m, a little wider than a shelter.
_CELLS: Final = 200


class Edge(NamedTuple):
    """A side of a fence that a ray eastwards may cross: where it lies, and its slope."""

    south: float
    north: float
    lng: float  #: at its southern end
    slope: float  #: degrees of longitude for each of latitude


class Fence:
    """The border of one shelter: a closed polygon, its last corner the first again."""

    __slots__ = ("box", "corners", "edges", "shelter_id")

    def __init__(self, shelter_id: str, corners: Sequence[Place]) -> None:
        self.shelter_id = shelter_id
        self.corners = tuple(corners)
        lats, lngs = [lat for lat, _ in corners], [lng for _, lng in corners]
        self.box = (min(lats), min(lngs), max(lats), max(lngs))
        self.edges = tuple(_edges(self.corners))

    def contains(self, lat: float, lng: float) -> bool:
        """Tell whether a place is inside."""
        south, west, north, east = self.box
        if lat < south or lat > north or lng < west or lng > east:
            return False
        inside = False
        for low, high, at, slope in self.edges:
            if low <= lat < high and lng < at + (lat - low) * slope:
                inside = not inside
        return inside

    def distance_m(self, lat: float, lng: float) -> float:
        """Return how far a place is from the fence, 0 inside."""
        if self.contains(lat, lng):
            return 0.0
        east = METRES_A_DEGREE * math.cos(math.radians(lat))
        flat = [((a - lat) * METRES_A_DEGREE, (b - lng) * east) for a, b in self.corners]
        return min(_from_origin(*pair) for pair in pairwise(flat))


class Grid:
    """All fences, found by the cell in which a place is."""

    def __init__(self, fences: Iterable[tuple[str, Sequence[Place]]]) -> None:
        self.fences: Mapping[str, Fence] = {name: Fence(name, corners) for name, corners in fences}
        cells: dict[int, list[Fence]] = defaultdict(list)
        for fence in self.fences.values():
            south, west, north, east = fence.box
            for row in range(math.floor(south * _CELLS), math.floor(north * _CELLS) + 1):
                for column in range(math.floor(west * _CELLS), math.floor(east * _CELLS) + 1):
                    cells[row * 100_000 + column].append(fence)
        self._cells = {cell: tuple(found) for cell, found in cells.items()}

    def at(self, lat: float, lng: float) -> str | None:
        """Return the shelter in whose fence a place is."""
        cell = math.floor(lat * _CELLS) * 100_000 + math.floor(lng * _CELLS)
        for fence in self._cells.get(cell, ()):
            if fence.contains(lat, lng):
                return fence.shelter_id
        return None

    def is_near(self, shelter_id: str, lat: float, lng: float, *, within_m: float) -> bool:
        """Tell whether a place is in a shelter's fence or so near to it; not if there is none."""
        fence = self.fences.get(shelter_id)
        return fence is not None and fence.distance_m(lat, lng) <= within_m


def distance_m(a: Place, b: Place) -> float:
    """Return the distance between two places as the crow flies."""
    (lat, lng), (other_lat, other_lng) = a, b
    half = math.radians(other_lat - lat) / 2
    turned = math.radians(other_lng - lng) / 2
    across = math.cos(math.radians(lat)) * math.cos(math.radians(other_lat))
    return 2 * _EARTH_M * math.asin(math.sqrt(math.sin(half) ** 2 + across * math.sin(turned) ** 2))


def crosses_itself(corners: Sequence[Place]) -> bool:
    """Tell whether two sides of a closed polygon meet other than at a common corner."""
    sides = list(pairwise(corners))
    last = len(sides) - 1
    return any(
        _cross(*sides[one], *sides[other])
        for one in range(len(sides))
        for other in range(one + 2, len(sides))
        if (one, other) != (0, last)
    )


def overlap(one: Sequence[Place], other: Sequence[Place]) -> bool:
    """Tell whether two closed polygons have ground in common."""
    sides = list(pairwise(other))
    return (
        any(_cross(*side, *against) for side in pairwise(one) for against in sides)
        or Fence("", one).contains(*other[0])
        or Fence("", other).contains(*one[0])
    )


def _edges(corners: Sequence[Place]) -> Iterable[Edge]:
    for start, end in pairwise(corners):
        (south, lng), (north, other) = sorted((start, end))
        if south != north:
            yield Edge(south, north, lng, (other - lng) / (north - south))


def _from_origin(start: Place, end: Place) -> float:
    """Return how far a side is from the origin, all in metres."""
    (ay, ax), (by, bx) = start, end
    dy, dx = by - ay, bx - ax
    length = dy * dy + dx * dx
    along = max(0.0, min(1.0, -(ay * dy + ax * dx) / length)) if length else 0.0
    return math.hypot(ay + along * dy, ax + along * dx)


def _cross(a: Place, b: Place, c: Place, d: Place) -> bool:
    """Tell whether two sides meet; on one line they do so only where their spans do."""
    apart = any(
        max(a[axis], b[axis]) < min(c[axis], d[axis])
        or max(c[axis], d[axis]) < min(a[axis], b[axis])
        for axis in (0, 1)
    )
    if apart:
        return False
    return _turn(a, b, c) * _turn(a, b, d) <= 0 and _turn(c, d, a) * _turn(c, d, b) <= 0


def _turn(a: Place, b: Place, c: Place) -> int:
    """Return on which side of a line a third place is: 1, -1, or 0 on it."""
    across = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    return (across > 0) - (across < 0)
