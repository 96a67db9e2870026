"""What makes a vehicle enter and leave a shelter, rule by rule."""

from dataclasses import replace

import pytest

from functions.shelter_alerts import presence
from functions.shelter_alerts.geometry import METRES_A_DEGREE, Grid
from functions.shelter_alerts.movement import Kind
from functions.shelter_alerts.vehicle import Reason
from tests.unit.shelter_alerts.fleet import NOON, a_movement, a_vehicle

SQUARE = [(0.0, 110.0), (0.001, 110.0), (0.001, 110.001), (0.0, 110.001), (0.0, 110.0)]
FENCES = Grid(
    [
        ("here", SQUARE),
        ("there", [(lat + 0.01, lng) for lat, lng in SQUARE]),
    ]
)
INSIDE = {"lat": 0.0005, "lng": 110.0005}
THERE = {"lat": 0.0105, "lng": 110.0005}
STANDING = {"accuracy_m": 8.0, "speed_mps": 0.0}
DRIVING = {"accuracy_m": 8.0, "speed_mps": 7.0}
#: Metres south of the fence, as degrees.
SOUTH = {metres: {"lat": -metres / METRES_A_DEGREE, "lng": 110.0005} for metres in (19, 21, 200)}
MINUTE = 60_000


def after(*movements, vehicle=None, came_in=None):
    """Return a vehicle after movements that each came in when it was made."""
    vehicle = vehicle or a_vehicle()
    for one in movements:
        vehicle = presence.move(vehicle, one, FENCES, came_in or one.at_ms).after
    return vehicle


def a_fix(seconds, place, **told):
    return a_movement(NOON + seconds * 1_000, **{**place, **told})


def told(seconds, kind, place=None, **more):
    return a_movement(NOON + seconds * 1_000, kind, place=place, **more)


@pytest.fixture
def parked():
    return after(told(0, Kind.ENTER, "here"), vehicle=a_vehicle(vehicle_type="motorcycle"))


@pytest.mark.parametrize(
    ("seen", "enters"),
    [
        ({"accuracy_m": 8.0, "speed_mps": 0.0}, True),
        ({"accuracy_m": 50.0, "speed_mps": 1.99}, True),
        ({"accuracy_m": 50.1, "speed_mps": 0.0}, False),
        ({"accuracy_m": 8.0, "speed_mps": 2.0}, False),
        ({"accuracy_m": 8.0}, False),
        ({"speed_mps": 0.0}, False),
    ],
)
def test_one_place_suffices_if_it_is_accurate_and_slow(seen, enters):
    assert (after(a_fix(0, INSIDE, **seen)).shelter_id == "here") is enters


@pytest.mark.parametrize("seen", [DRIVING, {}, {"accuracy_m": 50.0}, {"speed_mps": 0.0}])
def test_two_places_suffice_whatever_the_speed(seen):
    vehicle = after(a_fix(0, INSIDE, **seen), a_fix(10, INSIDE, **seen))
    assert vehicle.shelter_id == "here"
    assert vehicle.stay.arrived_ms == NOON + 10_000


def test_inaccurate_places_never_suffice_and_break_no_row():
    vague = {"accuracy_m": 51.0, "speed_mps": 0.0}
    assert after(*(a_fix(n, INSIDE, **vague) for n in range(5))).shelter_id is None
    row = (a_fix(0, INSIDE, **DRIVING), a_fix(1, THERE, **vague), a_fix(2, INSIDE, **DRIVING))
    assert after(*row).shelter_id == "here"


def test_a_place_outside_between_two_inside_breaks_the_row():
    row = (a_fix(0, INSIDE, **DRIVING), a_fix(1, SOUTH[200]), a_fix(2, INSIDE, **DRIVING))
    assert after(*row).shelter_id is None


def test_the_same_place_twice_is_one_place():
    fix = a_fix(0, INSIDE, **DRIVING)
    assert after(fix, fix).shelter_id is None


@pytest.mark.parametrize(("metres", "leaves"), [(19, False), (21, True), (200, True)])
def test_two_places_in_a_row_over_twenty_metres_outside_are_a_departure(parked, metres, leaves):
    once = after(a_fix(10, SOUTH[metres]), vehicle=parked)
    assert once.shelter_id == "here"
    twice = after(a_fix(20, SOUTH[metres]), vehicle=once)
    assert (twice.shelter_id is None) is leaves
    if leaves:
        assert twice.left.reason is Reason.EXIT
        assert twice.left.left_ms == NOON + 20_000
        assert twice.left.session_id == parked.stay.session_id


@pytest.mark.parametrize("back", [INSIDE, SOUTH[19]])
def test_a_jump_between_places_inside_or_near_is_no_departure(parked, back):
    jumps = (a_fix(10, SOUTH[200]), a_fix(20, back), a_fix(30, SOUTH[200]), a_fix(40, back))
    vehicle = after(*jumps, vehicle=parked)
    assert vehicle.stay == parked.stay
    assert vehicle.outside == 0


def test_a_newer_arrival_takes_it_from_where_it_was(parked):
    moved = after(a_fix(30, THERE, **STANDING), vehicle=parked)
    assert moved.shelter_id == "there"
    assert moved.left == replace(parked.stay, left_ms=NOON + 30_000, reason=Reason.MOVED)
    told_so = after(told(30, Kind.ENTER, "there"), vehicle=parked)
    assert told_so.stay.arrived_ms == NOON + 30_000


def test_two_driving_places_in_another_fence_move_it_there(parked):
    moved = after(a_fix(30, THERE, **DRIVING), a_fix(40, THERE, **DRIVING), vehicle=parked)
    assert moved.shelter_id == "there"


def test_who_is_seen_in_another_fence_while_it_leaves_needs_one_place_more_to_be_there(parked):
    vague = {"accuracy_m": 8.0}
    row = (a_fix(10, SOUTH[200]), a_fix(20, THERE, **vague), a_fix(30, THERE, **vague))
    places = [after(*row[: n + 1], vehicle=parked).shelter_id for n in range(3)]
    assert places == ["here", None, "there"]


def test_a_told_departure_is_taken_at_once(parked):
    vehicle = after(told(1, Kind.EXIT, "here"), vehicle=parked)
    assert (vehicle.shelter_id, vehicle.left.reason) == (None, Reason.EXIT)
    assert after(told(1, Kind.EXIT), vehicle=parked).shelter_id is None


def test_a_departure_from_elsewhere_is_none_from_here(parked):
    assert after(told(1, Kind.EXIT, "there"), vehicle=parked).stay == parked.stay


def test_an_arrival_that_comes_after_the_departure_that_followed_it_changes_nothing():
    vehicle = after(told(20, Kind.EXIT, "here"), told(10, Kind.ENTER, "here"))
    assert vehicle.shelter_id is None
    vehicle = after(told(20, Kind.EXIT, "there"), told(10, Kind.ENTER, "here"))
    assert vehicle.shelter_id == "here"
    vehicle = after(told(20, Kind.EXIT), told(10, Kind.ENTER, "here"))
    assert vehicle.shelter_id is None


def test_an_arrival_elsewhere_that_was_left_since_still_ends_the_stay(parked):
    vehicle = after(told(20, Kind.EXIT, "there"), told(10, Kind.ENTER, "there"), vehicle=parked)
    assert vehicle.shelter_id is None
    assert vehicle.left.reason is Reason.MOVED


def test_a_second_arrival_in_the_same_shelter_goes_on_with_the_stay(parked):
    vehicle = after(told(30, Kind.ENTER, "here"), vehicle=parked)
    assert vehicle.stay == parked.stay
    assert after(told(20, Kind.EXIT, "here"), vehicle=vehicle).stay == parked.stay


def test_an_arrival_that_was_told_before_or_is_older_than_another_changes_nothing(parked):
    for again in (told(0, Kind.ENTER, "here"), told(-5, Kind.ENTER, "there")):
        assert after(again, vehicle=parked) is parked


def test_a_repeated_departure_and_an_arrival_without_a_place_change_nothing(parked):
    gone = after(told(5, Kind.EXIT, "here"), vehicle=parked)
    change = presence.move(gone, told(5, Kind.EXIT, "here"), FENCES, NOON + 6_000)
    assert change.after is change.before
    assert after(told(9, Kind.ENTER), vehicle=gone).shelter_id is None


def test_every_departure_is_remembered_while_an_arrival_before_it_may_still_be_told():
    exits = [told(60 + n, Kind.EXIT, f"shelter-{n}") for n in range(12)]
    assert after(*exits, told(30, Kind.ENTER, "shelter-0")).shelter_id is None
    long_after = told(60 + 22 * 60, Kind.EXIT, "shelter-11")
    assert {*after(*exits, long_after).exits} == {"shelter-11"}


def test_a_place_older_than_what_was_told_counts_for_nothing(parked):
    gone = after(told(60, Kind.EXIT, "here"), vehicle=parked)
    assert after(a_fix(30, INSIDE, **STANDING), vehicle=gone) is gone
    came = after(told(60, Kind.ENTER, "there"), vehicle=parked)
    late = (a_fix(40, SOUTH[200]), a_fix(50, SOUTH[200]))
    assert after(*late, vehicle=came) is came


def test_a_place_older_than_one_that_was_written_counts_for_nothing(parked):
    out = after(a_fix(30, SOUTH[200]), vehicle=parked)
    assert after(a_fix(20, SOUTH[200]), vehicle=out) is out


@pytest.mark.parametrize("state", ["removed", "elsewhere"])
def test_a_vehicle_that_serves_no_more_or_elsewhere_is_in_no_shelter(parked, state):
    event = told(10, Kind.EVENT, vehicle_state=state, **INSIDE)
    vehicle = after(event, vehicle=parked)
    assert (vehicle.shelter_id, vehicle.left.reason) == (None, Reason.REMOVED)
    assert vehicle.state == state


def test_an_event_tells_a_place_too_and_older_states_are_not_believed():
    vehicle = after(told(10, Kind.EVENT, vehicle_state="available", **INSIDE, **STANDING))
    assert (vehicle.shelter_id, vehicle.state) == ("here", "available")
    older = told(5, Kind.EVENT, vehicle_state="on_trip", **INSIDE)
    assert after(older, vehicle=vehicle).state == "available"


def test_an_event_without_a_place_tells_its_state_alone():
    event = told(10, Kind.EVENT, vehicle_state="available", lat=None)
    assert after(event).state == "available"
    event = told(10, Kind.EVENT, vehicle_state="available", lng=None)
    assert after(event).lat is None


@pytest.mark.parametrize("early_s", [0, 1])
def test_what_is_older_than_a_quarter_of_an_hour_changes_nothing(early_s):
    came_in = NOON + 15 * MINUTE + 1 - early_s
    change = presence.move(a_vehicle(), told(0, Kind.ENTER, "here"), FENCES, came_in)
    assert change.late is (early_s == 0)
    assert change.moves is (early_s == 1)
    assert presence.session_of(change.before) is None


def test_nothing_is_written_for_a_place_that_changes_nothing(parked):
    for vehicle, place in ((a_vehicle(), SOUTH[200]), (parked, INSIDE)):
        change = presence.move(vehicle, a_fix(59, place, **STANDING), FENCES, NOON + MINUTE)
        assert change.after is change.before is vehicle


def test_that_a_present_vehicle_was_seen_is_written_once_a_minute(parked):
    change = presence.move(parked, a_fix(60, INSIDE, **STANDING), FENCES, NOON + MINUTE)
    assert change.after.seen_ms == NOON + MINUTE
    assert not change.moves


def test_who_is_not_seen_for_five_minutes_leaves(parked):
    stays = presence.expire(parked, NOON + 6 * MINUTE - 1)
    assert stays.after is parked
    assert parked.stay is not None
    leaves = presence.expire(parked, NOON + 6 * MINUTE)
    assert leaves.moves
    assert leaves.after.left == replace(parked.stay, left_ms=NOON + 5 * MINUTE, reason=Reason.STALE)
    assert presence.expire(leaves.after, NOON + 60 * MINUTE).after is leaves.after


@pytest.mark.parametrize(
    ("silent_ms", "held"),
    [(0, False), (3 * MINUTE, False), (3 * MINUTE + 1, True), (60 * MINUTE, True)],
)
def test_a_silent_provider_lets_nobody_leave(silent_ms, held):
    newest = NOON - silent_ms
    assert presence.watermark_of([newest - 1, newest], NOON) == (newest if held else NOON)


def test_a_provider_that_is_silent_for_an_hour_or_was_never_heard_is_waited_for_no_more():
    assert presence.watermark_of([NOON - 60 * MINUTE - 1], NOON) == NOON
    assert presence.watermark_of([], NOON) == NOON


def test_who_was_taken_for_gone_and_is_seen_again_comes_again(parked):
    gone = presence.expire(parked, NOON + 6 * MINUTE).after
    assert after(told(120, Kind.ENTER, "here"), vehicle=gone).shelter_id == "here"
    assert after(a_fix(400, INSIDE, **STANDING), vehicle=gone).shelter_id == "here"


@pytest.mark.parametrize("kind", [Kind.COMMS_LOST, Kind.EVENT])
def test_a_lost_vehicle_has_five_minutes_from_when_it_was_lost(parked, kind):
    state = {"vehicle_state": "non_contactable", **INSIDE} if kind is Kind.EVENT else {}
    lost = after(told(240, kind, **state), told(500, kind, **state), vehicle=parked)
    assert lost.shelter_id == "here"
    assert lost.state == "non_contactable"
    assert lost.seen_ms == NOON + 240_000
    assert presence.expire(lost, lost.seen_ms + 6 * MINUTE).moves


def test_a_lost_vehicle_that_is_seen_again_is_lost_no_more(parked):
    lost = after(told(240, Kind.COMMS_LOST), vehicle=parked)
    found = after(a_fix(400, INSIDE, **STANDING), vehicle=lost)
    assert not presence.expire(found, NOON + 6 * MINUTE + 240_000).moves


def test_a_stay_never_ends_before_it_began():
    vehicle = after(told(10, Kind.ENTER, "here"))
    early = replace(vehicle, seen_ms=0)
    left = presence.expire(early, NOON + 60 * MINUTE).after.left
    assert left is not None
    assert left.left_ms == left.arrived_ms == NOON + 10_000


def test_a_vehicle_is_counted_by_the_type_last_told():
    vehicle = after(told(0, Kind.ENTER, "here", vehicle_type="moped"))
    assert (vehicle.vehicle_type, vehicle.stay.vehicle_type) == ("moped", "motorcycle")
    assert after(told(1, Kind.ENTER, "there"), vehicle=vehicle).stay.vehicle_type == "motorcycle"
