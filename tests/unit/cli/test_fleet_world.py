"""The made-up city: the same again by its seed, and true to itself."""

from random import Random

from cli.fleet_places import apart
from cli.fleet_world import Crowd, World
from functions.shelter_alerts.configuration import all_fences, shelters_of

SEMARANG = {"semarang": shelters_of("semarang").shelters}
CROWD = Crowd("semarang-kota-lama", 40, 0.0, 300.0)


def a_world(vehicles=150, seed=1, crowds=()):
    world = World(SEMARANG, Random(seed), minutes=10)
    world.people(vehicles, crowds)
    return world


def run(world, seconds):
    return [one for _ in range(int(seconds / 10)) for one in world.step(10)]


def test_the_same_seed_plays_the_same():
    told = [[(one.kind, one.place) for one in run(a_world(seed=s), 300)] for s in (1, 1, 2)]
    assert told[0] == told[1] != told[2]


def test_explicit_arrivals_and_departures_give_the_truth():
    world = a_world(300)
    inside = {}
    for one in run(world, 600):
        if one.kind == "enter":
            inside[one.vehicle.device_id] = one.shelter_id
        elif one.kind == "exit":
            assert inside.pop(one.vehicle.device_id) == one.shelter_id
    there = {one.device_id: one.inside for one in world.vehicles if one.explicit and one.inside}
    assert inside == there
    assert inside


def test_who_tells_places_stands_in_the_fence_that_it_is_in():
    world = a_world(300)
    run(world, 400)
    standing = [one for one in world.vehicles if one.inside]
    assert standing
    assert all(all_fences().at(*one.place) == one.inside for one in standing)
    counted = sum(sum(one.values()) for one in world.occupancy().values())
    assert counted >= len(standing)


def test_a_planted_crowd_comes_and_goes():
    world = a_world(300, crowds=[CROWD])
    run(world, 200)
    assert world.occupancy()["semarang-kota-lama"]["motorcycle"] == 40
    run(world, 150)
    assert sum(world.occupancy()["semarang-kota-lama"].values()) == 0


def test_a_crowd_without_a_time_to_leave_stays_until_it_is_let_go():
    world = a_world(300, crowds=[Crowd("semarang-kota-lama", 40, 0.0)])
    run(world, 500)
    assert world.staying() == {"semarang-kota-lama"}
    world.let_go("semarang-kota-lama")
    told = run(world, 20)
    assert world.staying() == frozenset()
    assert sum(world.occupancy()["semarang-kota-lama"].values()) == 0
    left = {one.vehicle.device_id for one in told if one.kind == "exit" and one.vehicle.crowd}
    assert left == {one.device_id for one in world.vehicles if one.crowd and one.explicit}


def test_who_is_on_the_way_to_a_crowd_that_is_let_go_never_comes():
    world = a_world(300, crowds=[Crowd("semarang-kota-lama", 40, 0.0)])
    run(world, 20)
    assert world.staying()
    world.let_go("semarang-kota-lama")
    run(world, 200)
    assert not any(one.inside for one in world.vehicles if one.crowd)


def test_the_vanished_are_never_heard_again_and_remain_where_they_were():
    world = a_world(400)
    run(world, 500)
    vanished = [one for one in world.vehicles if one.vanished]
    assert vanished
    later = {one.vehicle.device_id for one in [*run(world, 100), *world.settled()]}
    assert later.isdisjoint(one.device_id for one in vanished)
    assert all(one.inside for one in vanished)


def test_some_points_jump_and_claim_to_be_exact():
    world = a_world(400)
    jumps = [
        (one.place, one.vehicle.inside)
        for _ in range(60)
        for one in world.step(10)
        if one.accuracy_m < 2
    ]
    assert jumps
    assert all(all_fences().at(*place) != inside for place, inside in jumps)


def test_most_start_in_one_of_two_rush_hours():
    starts = [one.until_s for one in a_world(1000).vehicles]
    rushed = [one for one in starts if min(abs(one - 90), abs(one - 360)) <= 60]
    assert len(rushed) > 600  # of ten minutes four, in which 400 would start without a rush


def test_places_told_are_some_metres_off():
    world = a_world(300)
    off_m = [
        apart(one.place, one.vehicle.place)
        for _ in range(40)
        for one in world.step(10)
        if one.kind == "fix" and one.accuracy_m > 2 and one.vehicle.inside
    ]
    assert 1 < sum(off_m) / len(off_m) < 10
    assert max(off_m) < 30
