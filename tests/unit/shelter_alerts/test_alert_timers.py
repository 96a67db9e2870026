"""What must last before it is said, and how a state that comes and goes is steadied."""

import pytest

from functions.shelter_alerts.alerts.states import FULL, NORMAL, OVER, WARNING
from functions.shelter_alerts.alerts.timers import (
    SAMPLES,
    History,
    Waits,
    clocks_for,
    is_unsteady,
    level_said,
    next_ring,
    remembered,
    rings_at,
)

WAITS = Waits()
MINUTE = 60_000


@pytest.mark.parametrize(("level", "wait_ms"), [(WARNING, 60_000), (FULL, 30_000), (OVER, 30_000)])
def test_a_level_is_said_to_the_millisecond_when_it_has_lasted(level, wait_ms):
    clocks = {level: 1_000}
    assert level_said(NORMAL, clocks, (), WAITS, 1_000 + wait_ms - 1) == NORMAL
    assert level_said(NORMAL, clocks, (), WAITS, 1_000 + wait_ms) == level


def test_what_is_over_is_taken_back_after_two_minutes():
    assert level_said(FULL, {FULL: 0, WARNING: 0}, (), WAITS, 119_999) == FULL
    assert level_said(FULL, {FULL: 0, WARNING: 0}, (), WAITS, 120_000) == NORMAL
    assert level_said(FULL, {FULL: 0, WARNING: 1}, (), WAITS, 120_000) == WARNING


def test_the_higher_of_two_levels_that_have_lasted_is_said():
    assert level_said(NORMAL, {WARNING: 0, FULL: 0, OVER: 0}, (), WAITS, 60_000) == OVER


def test_a_full_shelter_is_called_full_before_anyone_calls_it_nearly_full():
    assert level_said(NORMAL, {WARNING: 0, FULL: 0}, (), WAITS, 30_000) == FULL


def test_clocks_run_for_the_levels_between_what_is_said_and_what_is_so():
    assert clocks_for(NORMAL, FULL, {}, 5) == {WARNING: 5, FULL: 5}
    assert clocks_for(OVER, WARNING, {}, 5) == {FULL: 5, OVER: 5}
    assert clocks_for(FULL, FULL, {FULL: 1}, 5) == {}


def test_a_change_of_level_stops_the_clocks_of_the_others_alone():
    running = clocks_for(NORMAL, OVER, {}, 0)
    assert clocks_for(NORMAL, FULL, running, 20) == {WARNING: 0, FULL: 0}
    assert clocks_for(NORMAL, OVER, {WARNING: 0, FULL: 0}, 25) == {WARNING: 0, FULL: 0, OVER: 25}


def test_the_first_clock_to_ring_is_waited_for():
    assert next_ring(NORMAL, {WARNING: 0, FULL: 40_000}, (), WAITS) == 60_000
    assert next_ring(NORMAL, {}, (), WAITS) is None


def at_minutes(*minutes):
    """A level that is come to and left in turns at these minutes."""
    return tuple(
        (minute * MINUTE, FULL if n % 2 else NORMAL) for n, minute in enumerate(minutes, 1)
    )


def test_a_level_that_changed_at_each_look_is_unsteady_and_one_that_changed_once_is_not():
    assert is_unsteady(at_minutes(*range(1, 21)), FULL, 20 * MINUTE)
    assert not is_unsteady(at_minutes(10), FULL, 20 * MINUTE)
    assert not is_unsteady((), FULL, 20 * MINUTE)


def test_what_changed_above_or_below_a_level_does_not_make_it_unsteady():
    history = at_minutes(*range(1, 21))
    assert is_unsteady(history, WARNING, 20 * MINUTE)
    assert not is_unsteady(history, OVER, 20 * MINUTE)


def test_a_fifth_of_all_changes_is_too_much_and_newer_changes_weigh_more():
    # Of 1520 parts 73 + 75 + 77 + 79 are 304, and with 71 for 73 two less.
    assert is_unsteady(at_minutes(9, 10, 11, 12), FULL, 20 * MINUTE)
    assert not is_unsteady(at_minutes(8, 10, 11, 12), FULL, 20 * MINUTE)


def test_what_lies_more_than_twenty_minutes_back_is_forgotten():
    assert is_unsteady(at_minutes(11, 12, 13, 14, 15), FULL, 30 * MINUTE)
    assert not is_unsteady(at_minutes(10, 12, 13, 14, 15), FULL, 30 * MINUTE)


def test_an_unsteady_level_is_taken_back_later_and_raised_as_soon():
    history = at_minutes(*range(1, 21))
    now_ms = 20 * MINUTE
    assert rings_at(FULL, FULL, now_ms, history, WAITS) == now_ms + 15 * MINUTE
    assert rings_at(NORMAL, FULL, now_ms, history, WAITS) == now_ms + 30_000
    assert rings_at(FULL, FULL, now_ms, (), WAITS) == now_ms + 2 * MINUTE


def test_of_each_minute_the_last_level_is_remembered_as_far_as_looks_reach():
    history: History = ()
    for n in range(60):
        history = remembered(history, n * MINUTE // 2, n % 4)
    assert history == tuple((n * MINUTE // 2, n % 4) for n in range(19, 60, 2))
    assert len(history) == SAMPLES


def test_a_level_that_is_the_same_is_not_remembered_twice():
    assert remembered(((0, FULL),), 5 * MINUTE, FULL) == ((0, FULL),)
