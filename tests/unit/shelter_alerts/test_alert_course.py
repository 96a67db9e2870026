"""Whatever course a shelter takes: what is said is legal, in time, and not too much."""

import random
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from functions.shelter_alerts.alerts.alert import Action, Alert
from functions.shelter_alerts.alerts.states import LEVELS, NORMAL, State, edges, level_at
from tests.unit.shelter_alerts.watching import WAITS, Watch, said_of

MINUTE, HOUR = 60_000, 3_600_000
#: For so long nothing else happens, at the end of a course.
QUIET_MS = 10 * MINUTE

courses = st.lists(st.tuples(st.integers(1, 200_000), st.integers(0, 30)), max_size=60)


def at_times(steps):
    at_ms, course = 0, []
    for wait_ms, occupancy in steps:
        at_ms += wait_ms
        course.append((at_ms, occupancy))
    return course, at_ms + QUIET_MS


@given(capacity=st.integers(1, 25), steps=courses, silences=st.sets(st.integers(0, 59)))
def test_what_is_said_of_an_alert_is_legal(capacity, steps, silences):
    watch = Watch(capacity)
    said: list[Alert] = []
    course, end = at_times(steps)
    for n, (at_ms, occupancy) in enumerate(course):
        watch.reporting = n not in silences
        said += watch.becomes(occupancy, at_ms)
    said += watch.look(end)
    assert [alert.seq for alert in said] == list(range(1, len(said) + 1))
    is_open, before = False, State.NORMAL
    for alert in said:
        assert alert.previous is before
        if alert.action is Action.TRIGGER:
            assert not is_open
        if alert.action in {Action.UPDATE, Action.RESOLVE}:
            assert is_open
        if alert.action is None:
            assert not is_open
            assert State.UNKNOWN in {alert.state, before}
        is_open = alert.action in {Action.TRIGGER, Action.UPDATE}
        assert alert.is_open is is_open
        before = alert.state


@given(capacity=st.integers(2, 25), steps=courses)
def test_in_the_quiet_after_its_course_a_shelter_is_said_to_be_what_it_is(capacity, steps):
    watch = Watch(capacity)
    course, end = at_times(steps)
    for at_ms, occupancy in course:
        list(watch.becomes(occupancy, at_ms))
    list(watch.look(end + HOUR))
    level = NORMAL
    for _, occupancy in course:
        level = level_at(occupancy, capacity, level)
    assert watch.alert.state is LEVELS[level]
    assert not watch.alert.clocks


@given(capacity=st.integers(2, 25), steps=courses, level=st.sampled_from([1, 2, 3]))
def test_every_crowd_that_lasts_is_raised_within_its_time_and_a_minute(capacity, steps, level):
    course, _ = at_times(steps)
    said = said_of(capacity, course, 3 * HOUR)
    assert_raised_in_time(said, course, capacity, level, WAITS.before_raising(level))


@given(capacity=st.integers(2, 25), steps=courses, level=st.sampled_from([1, 2, 3]))
def test_so_is_one_that_lasts_a_minute_longer_though_only_the_sweep_hears_clocks(
    capacity, steps, level
):
    course, _ = at_times(steps)
    said = said_of(capacity, course, 3 * HOUR, heard_every_ms=MINUTE)
    lasts_ms = WAITS.before_raising(level) + MINUTE
    assert_raised_in_time(said, course, capacity, level, lasts_ms)


def assert_raised_in_time(said, course, capacity, level, lasts_ms):
    """Assert that whoever listened heard of every crowd that lasted so long; return how many."""
    crowd = edges(capacity)[level - 1]
    assert crowd
    found = list(lasting(course, crowd.enter, lasts_ms))
    for began, ended in found:
        by = began + WAITS.before_raising(level) + MINUTE
        standing = [alert.level for alert in said if alert.at_ms <= min(by, ended)]
        assert max(standing[-1:], default=NORMAL) >= level or any(
            began <= alert.at_ms <= by and alert.level >= level for alert in said
        )
    return len(found)


def lasting(course, enough, wait_ms):
    """Yield from when to when there were at least so many, where that lasted long enough."""
    began = None
    for at_ms, occupancy in [*course, (course[-1][0] + HOUR if course else 0, 0)]:
        if occupancy >= enough and began is None:
            began = at_ms
        elif occupancy < enough and began is not None:
            if at_ms - began >= wait_ms:
                yield began, at_ms
            began = None


def wavering(capacity, hours, seed):
    """Return a course around the capacity: vehicles come and go as at a busy gate."""
    chance = random.Random(seed)
    occupancy, at_ms, course = capacity, 0, []
    while at_ms < hours * HOUR:
        at_ms += round(chance.expovariate(1 / 15_000))
        pull = (capacity - occupancy) * 0.15
        occupancy += 1 if chance.random() < 0.5 + pull else -1
        course.append((at_ms, occupancy))
    return course


def naive_changes(capacity, course):
    def state(occupancy):
        crowds = [edge.enter for edge in edges(capacity) if edge]
        return sum(occupancy >= enter for enter in crowds)

    states = [state(occupancy) for _, occupancy in course]
    return sum(one != other for one, other in pairwise(states))


def test_around_a_capacity_of_ten_little_is_said_where_each_change_would_be_much():
    hours = 24
    naive, numbers, crowds = 0, [], 0
    for seed in range(5):
        course = wavering(10, hours, seed)
        naive += naive_changes(10, course)
        said = said_of(10, course, (hours + 1) * HOUR)
        numbers.append(len(said) / hours)
        for level in (1, 2, 3):
            lasts_ms = WAITS.before_raising(level)
            crowds += assert_raised_in_time(said, course, 10, level, lasts_ms)
    assert naive / hours / 5 > 100
    assert max(numbers) <= 4
    assert crowds > 1_000
