"""Fences, distances, and what a fence must not be."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.shelter_alerts.geometry import (
    METRES_A_DEGREE,
    Fence,
    Grid,
    crosses_itself,
    distance_m,
    overlap,
)

SQUARE = [(-7.0, 110.0), (-6.999, 110.0), (-6.999, 110.001), (-7.0, 110.001), (-7.0, 110.0)]
#: A bay in the north: the place in its middle is outside.
BAY = [(0, 0), (4, 0), (1, 2), (4, 4), (0, 4), (0, 0)]
BOW_TIE = [(0.0, 0.0), (1.0, 1.0), (1.0, 0.0), (0.0, 1.0), (0.0, 0.0)]


def shifted(by_lat, by_lng=0.0):
    return [(lat + by_lat, lng + by_lng) for lat, lng in SQUARE]


@pytest.mark.parametrize(
    ("place", "inside"),
    [((0.5, 2), True), ((3, 2), False), ((3, 0.2), True), ((-1, 2), False), ((1, 9), False)],
)
def test_a_ray_finds_what_is_inside_a_fence_that_is_not_convex(place, inside):
    assert Fence("x", BAY).contains(*place) is inside


def test_places_are_found_by_their_cell_across_its_borders():
    grid = Grid([("here", SQUARE), ("north", shifted(0.002)), ("far", shifted(1.0, 1.0))])
    assert grid.at(-6.9995, 110.0005) == "here"
    assert grid.at(-6.9975, 110.0005) == "north"
    assert grid.at(-5.9995, 111.0005) == "far"
    assert grid.at(-6.9985, 110.0005) is None
    assert grid.at(0.0, 0.0) is None


@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=20, unique=True),
    st.tuples(st.floats(-0.02, 0.1), st.floats(-0.02, 0.1)),
)
def test_the_grid_finds_what_asking_every_fence_finds(places, place):
    fences = {f"{a}-{b}": Fence("", shifted(a * 0.003, b * 0.003)) for a, b in places}
    grid = Grid((name, fence.corners) for name, fence in fences.items())
    lat, lng = -7.0 + place[0], 110.0 + place[1]
    found = [name for name, fence in fences.items() if fence.contains(lat, lng)]
    assert grid.at(lat, lng) == (found[0] if found else None)


@pytest.mark.parametrize("metres", [0.5, 19.0, 21.0, 500.0])
def test_the_distance_to_a_fence_is_that_to_its_nearest_side(metres):
    fence = Fence("x", SQUARE)
    south = (-7.0 - metres / METRES_A_DEGREE, 110.0005)
    assert fence.distance_m(*south) == pytest.approx(metres, rel=0.01)
    east = METRES_A_DEGREE * math.cos(math.radians(7))
    assert fence.distance_m(-6.9995, 110.001 + metres / east) == pytest.approx(metres, rel=0.01)
    assert fence.distance_m(-6.9995, 110.0005) == 0


def test_the_distance_to_a_fence_may_be_that_to_a_corner():
    away = 30 / METRES_A_DEGREE
    found = Fence("x", SQUARE).distance_m(-7.0 - away, 110.0 - away)
    assert found == pytest.approx(distance_m((-7.0 - away, 110.0 - away), (-7.0, 110.0)), rel=0.01)


def test_a_corner_given_twice_does_no_harm():
    assert Fence("x", [SQUARE[0], *SQUARE]).distance_m(-7.1, 110.0) > 10_000


def test_near_is_inside_or_within_so_many_metres_of_a_shelter_that_exists():
    grid = Grid([("here", SQUARE)])
    south = (-7.0 - 20 / METRES_A_DEGREE, 110.0005)
    assert grid.is_near("here", *south, within_m=20.1)
    assert not grid.is_near("here", *south, within_m=19.9)
    assert not grid.is_near("nowhere", *south, within_m=1e9)


def test_the_distance_between_two_places():
    assert distance_m((-6.9846, 110.4086), (-6.9846, 110.4086)) == 0
    assert distance_m((0, 0), (0, 180)) == pytest.approx(math.pi * 6_371_008.8)
    assert distance_m((-6.9846, 110.4086), (-6.9903, 110.4229)) == pytest.approx(1_701, abs=5)


@pytest.mark.parametrize(
    ("corners", "crosses"), [(SQUARE, False), (BAY, False), (BOW_TIE, True), (SQUARE[:4], False)]
)
def test_a_fence_may_not_cross_itself(corners, crosses):
    assert crosses_itself(corners) is crosses


@pytest.mark.parametrize(
    ("other", "common"),
    [
        (SQUARE, True),
        (shifted(0.0005), True),
        (shifted(0.001), True),  # a common side
        (shifted(0.0011), False),
        ([(-8.0, 109.0), (-6.0, 109.0), (-6.0, 112.0), (-8.0, 112.0), (-8.0, 109.0)], True),
        (
            [(-6.9996, 110.0004), (-6.9994, 110.0004), (-6.9995, 110.0006), (-6.9996, 110.0004)],
            True,
        ),
    ],
)
def test_fences_that_have_ground_in_common_overlap(other, common):
    assert overlap(SQUARE, other) is common
    assert overlap(other, SQUARE) is common
