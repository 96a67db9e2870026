"""Divides the earth into cells, so that what lies near a place is found by a few queries."""

from collections.abc import Sequence
from math import asin, cos, floor, radians, sin, sqrt

#: A cell's side in degrees: about 550 m north to south, and a little less east to west in Java.
_SIDE = 0.005
_METRES_PER_DEGREE = 111_195.0
_EARTH_RADIUS_M = 6_371_000.0
#: Nearer the poles than this, cells are too narrow to be counted; nobody complains from there.
_FARTHEST_LATITUDE = 80.0


def cell_of(lat: float, long: float, side: float = _SIDE) -> str:
    """Return the name of the cell in which a place lies; degrees."""
    return f"{floor(lat / side)}:{floor(long / side)}"


def cells_within(lat: float, long: float, radius_m: float, side: float = _SIDE) -> Sequence[str]:
    """Return the cells that a circle touches: four at most while it is narrower than a cell."""
    north = radius_m / _METRES_PER_DEGREE
    east = north / cos(radians(min(abs(lat) + north, _FARTHEST_LATITUDE)))
    rows = range(floor((lat - north) / side), floor((lat + north) / side) + 1)
    columns = range(floor((long - east) / side), floor((long + east) / side) + 1)
    return [f"{row}:{column}" for row in rows for column in columns]


def distance_m(lat: float, long: float, other_lat: float, other_long: float) -> float:
    """Return the distance between two places on a sphere, in metres (haversine)."""
    rise = sin(radians(other_lat - lat) / 2) ** 2
    turn = sin(radians(other_long - long) / 2) ** 2
    share = rise + cos(radians(lat)) * cos(radians(other_lat)) * turn
    return 2 * _EARTH_RADIUS_M * asin(sqrt(min(1.0, share)))
