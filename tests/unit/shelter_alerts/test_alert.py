"""What becomes of a shelter's alert when the shelter is looked at."""

from dataclasses import replace

import pytest

from functions.shelter_alerts.alerts.alert import (
    Action,
    Alert,
    Seen,
    acknowledged,
    looked_at,
    silenced,
)
from functions.shelter_alerts.alerts.states import State
from tests.unit.shelter_alerts.fleet import NOON
from tests.unit.shelter_alerts.watching import SHELTER, WAITS, Watch, said_of

S, MINUTE, HOUR = 1_000, 60_000, 3_600_000


def told(alerts):
    return [(alert.at_ms // S, alert.action, alert.state) for alert in alerts]


def test_a_crowd_is_raised_grows_and_is_taken_back():
    course = [(0, 8), (100 * S, 11), (400 * S, 0)]
    assert told(said_of(10, course, HOUR)) == [
        (60, Action.TRIGGER, State.WARNING),
        (130, Action.UPDATE, State.OVER),
        (520, Action.RESOLVE, State.NORMAL),
    ]


def test_a_crowd_that_passes_within_its_time_is_never_raised():
    assert not said_of(10, [(0, 11), (29 * S, 0)], HOUR)


def test_a_dip_shorter_than_two_minutes_does_not_take_an_alert_back():
    course = [(0, 11), (60 * S, 0), (179 * S, 11)]
    assert told(said_of(10, course, 10 * MINUTE)) == [(30, Action.TRIGGER, State.OVER)]


def test_going_to_and_fro_between_full_and_over_is_called_full_in_time():
    course = [(n * 10 * S, 10 + n % 2) for n in range(10)]
    first, *_ = said_of(10, course, 100 * S)
    assert (first.at_ms, first.state) == (30 * S, State.FULL)


def test_what_is_over_is_said_again_each_hour_and_what_is_full_is_not():
    over = told(said_of(10, [(0, 11)], 2 * HOUR + MINUTE))
    assert over == [
        (30, Action.TRIGGER, State.OVER),
        (3630, Action.UPDATE, State.OVER),
        (7230, Action.UPDATE, State.OVER),
    ]
    assert len(said_of(10, [(0, 10)], 3 * HOUR)) == 1


def test_what_is_said_again_keeps_since_when_it_is_so():
    first, again = said_of(10, [(0, 11)], HOUR + MINUTE)
    assert again.since_ms == first.since_ms == 30 * S
    assert (again.seq, again.previous, again.follows) == (2, State.OVER, (1, 30 * S))


def test_the_type_that_fares_worst_decides():
    seen = Seen(occupancy={"motorcycle": 2, "car": 3}, capacity={"motorcycle": 40, "car": 2})
    alert = looked_at(Alert(shelter_id=SHELTER), seen, WAITS, 0)
    assert (alert.levels, alert.seq) == ({"car": 3}, 0)
    assert looked_at(alert, seen, WAITS, 30 * S).state is State.OVER


def test_a_vehicle_of_a_type_that_has_no_places_there_is_not_counted():
    seen = Seen(occupancy={"car": 9}, capacity={"motorcycle": 40})
    after = looked_at(Alert(shelter_id=SHELTER), seen, WAITS, NOON)
    assert (after.levels, after.clocks, after.seq) == ({}, {}, 0)


def test_who_is_there_is_counted_whatever_follows_from_it():
    def look(alert, number, at_ms, **more):
        seen = Seen(occupancy={"motorcycle": number}, capacity={"motorcycle": 40}, **more)
        return looked_at(alert, seen, WAITS, at_ms)

    first = look(Alert(shelter_id=SHELTER), 3, NOON)
    assert (first.occupancy, first.counted_ms, first.seq) == ({"motorcycle": 3}, NOON, 0)
    assert look(first, 3, NOON + S) is first
    unknown = look(first, 4, NOON + S, reporting=False)
    assert (unknown.occupancy, unknown.counted_ms) == ({"motorcycle": 4}, NOON + S)
    left = look(unknown, 0, NOON + 2 * S, reporting=False)
    assert (left.occupancy, left.seq, left.unknown) == ({"motorcycle": 0}, unknown.seq, True)


def test_a_shelter_without_any_place_is_normal():
    alert = Alert(shelter_id=SHELTER)
    assert looked_at(alert, Seen(occupancy={}, capacity={}), WAITS, 0) is alert


def test_a_look_that_finds_nothing_new_changes_nothing():
    watch = Watch(10)
    list(watch.becomes(11, 0))
    before = watch.alert
    list(watch.look(5 * S))
    assert watch.alert is before


def test_missing_data_holds_what_was_said_and_starts_no_clock():
    watch = Watch(10)
    list(watch.becomes(11, 0))
    list(watch.look(MINUTE))
    watch.reporting, watch.occupancy = False, 0
    assert told(watch.look(2 * MINUTE)) == [(120, Action.UPDATE, State.UNKNOWN)]
    assert not list(watch.look(5 * HOUR))
    assert watch.alert.due_ms(WAITS) is None
    watch.reporting = True
    assert told(watch.look(6 * HOUR)) == [(21600, Action.UPDATE, State.OVER)]
    assert told(watch.look(7 * HOUR)) == [(21720, Action.RESOLVE, State.NORMAL)]


def test_of_a_normal_shelter_that_falls_silent_nobody_is_told():
    watch = Watch(10, reporting=False)
    assert told(watch.look(0)) == [(0, None, State.UNKNOWN)]
    watch.reporting = True
    assert told(watch.look(MINUTE)) == [(60, None, State.NORMAL)]


def test_an_acknowledged_alert_is_not_said_again_until_it_gets_worse():
    watch = Watch(10)
    list(watch.becomes(10, 0))
    list(watch.look(MINUTE))
    watch.alert = acknowledged(watch.alert, "officer:1")
    assert told(watch.becomes(12, 2 * MINUTE)) == []
    assert told(watch.look(3 * MINUTE)) == [(150, Action.UPDATE, State.OVER)]
    assert watch.alert.acknowledged_by is None


def test_an_acknowledged_alert_is_not_repeated_and_forgets_who_took_it_up_when_it_is_over():
    watch = Watch(10)
    list(watch.becomes(11, 0))
    list(watch.look(MINUTE))
    watch.alert = acknowledged(watch.alert, "officer:1")
    assert not list(watch.look(5 * HOUR))
    assert told(watch.becomes(10, 5 * HOUR)) == []
    assert told(watch.look(5 * HOUR + 2 * MINUTE)) == [(18120, Action.UPDATE, State.FULL)]
    assert watch.alert.acknowledged_by == "officer:1"
    list(watch.becomes(0, 6 * HOUR))
    list(watch.look(6 * HOUR + 2 * MINUTE))
    assert not watch.alert.is_open
    assert not watch.alert.acknowledged_by


def test_only_an_open_alert_is_acknowledged():
    alert = Alert(shelter_id=SHELTER)
    assert acknowledged(alert, "officer:1") is alert


def test_what_was_said_in_a_silence_is_said_again_after_it():
    watch = Watch(10)
    watch.alert = silenced(watch.alert, "officer:1", 0, 2 * HOUR)
    assert told(watch.becomes(10, MINUTE)) == []
    assert told(watch.look(3 * HOUR)) == [
        (90, Action.TRIGGER, State.FULL),
        (7200, Action.UPDATE, State.FULL),
    ]


@pytest.mark.parametrize("until_ms", [HOUR, 4 * HOUR])
def test_what_was_said_in_a_silence_is_said_again_however_the_silence_was_changed(until_ms):
    watch = Watch(10)
    watch.alert = silenced(watch.alert, "officer:1", 0, 2 * HOUR)
    assert told(watch.becomes(10, MINUTE)) == []
    list(watch.look(HOUR))
    watch.alert = silenced(watch.alert, "officer:2", HOUR, until_ms)
    assert told(watch.look(5 * HOUR)) == [(until_ms // S, Action.UPDATE, State.FULL)]


def test_a_silence_covers_nothing_that_was_said_before_it():
    watch = Watch(10)
    watch.alert = silenced(watch.alert, "officer:1", 0, MINUTE)
    list(watch.becomes(10, 2 * MINUTE))
    list(watch.look(HOUR))
    watch.alert = silenced(watch.alert, "officer:1", HOUR, 2 * HOUR)
    assert told(watch.look(5 * HOUR)) == []


def test_a_silence_puts_the_hourly_repetition_off():
    watch = Watch(10)
    list(watch.becomes(11, 0))
    list(watch.look(MINUTE))
    watch.alert = silenced(watch.alert, "officer:1", MINUTE, 3 * HOUR)
    assert told(watch.look(3 * HOUR)) == [(10800, Action.UPDATE, State.OVER)]


@pytest.mark.parametrize(("at_ms", "silent"), [(9, False), (10, True), (19, True), (20, False)])
def test_a_silence_has_a_beginning_and_an_end(at_ms, silent):
    alert = silenced(Alert(shelter_id=SHELTER), "officer:1", 10, 20)
    assert alert.is_silenced(at_ms) is silent


def test_what_is_said_names_what_was_said_before_since_it_was_raised():
    *_, resolved, raised = said_of(10, [(0, 11), (MINUTE, 0), (5 * MINUTE, 11)], 6 * MINUTE)
    assert (resolved.opened_seq, resolved.follows) == (1, (1, 30 * S))
    assert (raised.action, raised.opened_seq, raised.follows) == (Action.TRIGGER, 3, None)


def test_a_smaller_capacity_raises_an_alert_by_itself():
    watch = Watch(10)
    list(watch.becomes(5, 0))
    watch.capacity = 4
    list(watch.look(MINUTE))
    assert told(watch.look(2 * MINUTE)) == [(90, Action.TRIGGER, State.OVER)]
    assert watch.alert.capacity == {"motorcycle": 4}


def test_what_changed_while_the_worst_stays_is_kept():
    seen = Seen(occupancy={"motorcycle": 9, "car": 9}, capacity={"motorcycle": 4, "car": 4})
    both = looked_at(Alert(shelter_id=SHELTER), seen, WAITS, 0)
    one = looked_at(both, replace(seen, occupancy={"motorcycle": 9}), WAITS, S)
    assert one.levels == {"motorcycle": 3}
    assert one.clocks == both.clocks
