"""From how many vehicles on a shelter is nearly full, full or too full, and when no more."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.shelter_alerts.alerts.states import (
    FULL,
    NORMAL,
    OVER,
    WARNING,
    Edges,
    edges,
    level_at,
)


@pytest.mark.parametrize(
    ("capacity", "expected"),
    [
        (1, (None, Edges(1, 0), Edges(2, 1))),
        (2, (Edges(1, 0), Edges(2, 1), Edges(3, 2))),
        (4, (Edges(3, 2), Edges(4, 3), Edges(5, 4))),
        (10, (Edges(8, 7), Edges(10, 9), Edges(11, 10))),
        (30, (Edges(24, 21), Edges(30, 27), Edges(32, 30))),
        (2000, (Edges(1600, 1400), Edges(2000, 1800), Edges(2100, 2000))),
    ],
)
def test_the_edges_are_those_of_the_table(capacity, expected):
    assert edges(capacity) == expected


def test_the_edges_are_in_order_for_every_capacity():
    for capacity in range(1, 2001):
        known = [edge for edge in edges(capacity) if edge]
        assert len(known) == (2 if capacity == 1 else 3)
        assert all(0 <= edge.leave < edge.enter for edge in known)
        assert all(
            low.enter < high.enter and low.leave < high.leave for low, high in pairwise(known)
        )


@pytest.mark.parametrize(
    ("occupancy", "before", "level"),
    [
        (7, NORMAL, NORMAL),
        (8, NORMAL, WARNING),
        (10, NORMAL, FULL),
        (11, NORMAL, OVER),
        (10, FULL, FULL),
        (9, FULL, WARNING),
        (10, OVER, FULL),
        (7, WARNING, NORMAL),
        (0, OVER, NORMAL),
    ],
)
def test_a_shelter_of_ten_places(occupancy, before, level):
    assert level_at(occupancy, 10, before) == level


def test_between_its_edges_a_level_stays_where_it_was():
    assert [level_at(28, 30, before) for before in (NORMAL, WARNING, FULL)] == [
        WARNING,
        WARNING,
        FULL,
    ]
    assert [level_at(31, 30, before) for before in (FULL, OVER)] == [FULL, OVER]
    assert [level_at(22, 30, before) for before in (NORMAL, WARNING)] == [NORMAL, WARNING]


@given(capacity=st.integers(1, 2000), more=st.integers(0, 2500), before=st.integers(0, 3))
def test_a_level_follows_the_edges_alone(capacity, more, before):
    level = level_at(more, capacity, before)
    assert level_at(more, capacity, level) == level
    for each, edge in zip((WARNING, FULL, OVER), edges(capacity), strict=True):
        if edge and more >= edge.enter:
            assert level >= each
        if edge and more <= edge.leave:
            assert level < each
