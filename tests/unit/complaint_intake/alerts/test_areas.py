"""Whoever follows a place is found from every complaint within the circle, by a few queries."""

from math import cos, radians

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.complaint_intake.alerts.areas import WIDTHS, place_of, places_around, rounded
from shared.alerts import LARGEST_RADIUS_M, SMALLEST_RADIUS_M
from shared.complaints.cells import distance_m

#: Indonesia lies between 6° north and 11° south.
LATITUDES = st.floats(-11, 6)
LONGITUDES = st.floats(95, 141)
RADII = st.integers(SMALLEST_RADIUS_M, LARGEST_RADIUS_M)
METRES_PER_DEGREE = 111_195


@given(LATITUDES, LONGITUDES, RADII, st.floats(-1, 1), st.floats(-1, 1))
def test_a_complaint_within_the_circle_looks_where_the_subscription_lies(
    lat, long, radius_m, north, east
):
    there_lat = lat + north * radius_m / METRES_PER_DEGREE
    there_long = long + east * radius_m / METRES_PER_DEGREE / cos(radians(lat))
    if distance_m(lat, long, there_lat, there_long) <= radius_m:
        around = places_around("semarang", there_lat, there_long)
        assert place_of("semarang", lat, long, radius_m) in around


@given(LATITUDES, LONGITUDES)
def test_a_complaint_looks_into_twelve_cells_at_most(lat, long):
    around = places_around("semarang", lat, long)
    assert len(WIDTHS) <= len(around) <= 4 * len(WIDTHS)
    assert len(set(around)) == len(around)


@pytest.mark.parametrize(
    ("radius_m", "place"),
    [
        (200, "semarang#250#-1398:22084"),
        (250, "semarang#250#-1398:22084"),
        (251, "semarang#1000#-350:5521"),
        (1000, "semarang#1000#-350:5521"),
        (1001, "semarang#4000#-88:1380"),
        (4000, "semarang#4000#-88:1380"),
    ],
)
def test_a_wider_circle_lies_in_a_wider_cell(radius_m, place):
    assert place_of("semarang", -6.99, 110.42, radius_m) == place


def test_jurisdictions_do_not_share_cells():
    assert not set(places_around("semarang", -7.0, 110.4)) & set(
        places_around("jateng", -7.0, 110.4)
    )


def test_a_place_is_kept_to_about_a_hundred_metres():
    assert (rounded(-6.9912345), rounded(110.4256789)) == (-6.991, 110.426)
