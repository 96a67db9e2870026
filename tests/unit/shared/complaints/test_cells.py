"""Cells: whatever lies within a circle lies in one of the circle's cells."""

from math import asin, cos, degrees, isclose, radians, sin

from hypothesis import given
from hypothesis import strategies as st

from shared.complaints.cells import cell_of, cells_within, distance_m

#: Indonesia and round about.
lats = st.floats(-11, 6)
longs = st.floats(95, 141)
radii = st.floats(1, 1000)


@given(lats, longs, radii, st.floats(0, 0.999), st.floats(0, 6.2831))
def test_what_lies_within_a_circle_lies_in_one_of_its_cells(lat, long, radius_m, share, bearing):
    away = share * radius_m / 6_371_000
    other_lat = degrees(
        asin(sin(radians(lat)) * cos(away) + cos(radians(lat)) * sin(away) * cos(bearing))
    )
    turned = sin(bearing) * sin(away) / cos(radians(other_lat))
    other_long = long + degrees(asin(turned))
    assert distance_m(lat, long, other_lat, other_long) <= radius_m
    assert cell_of(other_lat, other_long) in cells_within(lat, long, radius_m)


@given(lats, longs, st.floats(1, 270))
def test_a_small_circle_touches_four_cells_at_most(lat, long, radius_m):
    assert 1 <= len(cells_within(lat, long, radius_m)) <= 4


@given(st.floats(-90, 90), st.floats(-180, 180), radii)
def test_anywhere_on_earth_the_cells_of_a_circle_can_be_counted(lat, long, radius_m):
    assert cell_of(lat, long) in cells_within(lat, long, radius_m)
    assert len(cells_within(lat, long, radius_m)) <= 200


@given(lats, longs, lats, longs)
def test_a_distance_is_the_same_both_ways_and_none_to_itself(lat, long, other_lat, other_long):
    there = distance_m(lat, long, other_lat, other_long)
    assert isclose(there, distance_m(other_lat, other_long, lat, long), abs_tol=1e-6)
    assert distance_m(lat, long, lat, long) == 0


def test_a_known_distance():
    tugu_muda, lawang_sewu = (-6.98441, 110.40930), (-6.98393, 110.41060)
    assert 145 < distance_m(*tugu_muda, *lawang_sewu) < 160
