"""Places on the ground, as vehicles move between them: latitude and longitude, metres, degrees."""

import math

from functions.shelter_alerts.geometry import METRES_A_DEGREE, Place


def apart(one: Place, other: Place) -> float:
    """Return how far apart two places are, in metres."""
    north = (other[0] - one[0]) * METRES_A_DEGREE
    east = (other[1] - one[1]) * METRES_A_DEGREE * math.cos(math.radians(one[0]))
    return math.hypot(north, east)


def towards(one: Place, other: Place, share: float) -> Place:
    """Return the place at a share of the way from one to another."""
    return one[0] + (other[0] - one[0]) * share, one[1] + (other[1] - one[1]) * share


def moved(place: Place, metres: float, degrees: float) -> Place:
    """Return the place so many metres away, in a direction: clockwise from north."""
    angle = math.radians(degrees)
    north = metres * math.cos(angle) / METRES_A_DEGREE
    east = metres * math.sin(angle) / METRES_A_DEGREE / math.cos(math.radians(place[0]))
    return place[0] + north, place[1] + east
