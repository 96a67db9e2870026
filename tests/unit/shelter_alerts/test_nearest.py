"""Where a vehicle is sent: the nearest shelter with room, and why not to a nearer one."""

from functions.shelter_alerts.feeds.standing import Option
from functions.shelter_alerts.geometry import distance_m
from functions.shelter_alerts.nearest import Reason, nearest
from tests.unit.shelter_alerts.standings import NOON_MS, a_shelter, standing

HOME = (-6.98, 110.41)
SHELTERS = [a_shelter(f"semarang-{n}", lat=-6.98 - n / 100, motorcycle=10) for n in range(1, 9)]


def options(**counts):
    told = {f"semarang-{name[1:]}": {"motorcycle": count} for name, count in counts.items()}
    return [Option(one, "motorcycle") for one in standing(*SHELTERS, counts=told)]


def find(candidates, *, promised=None, most=5):
    return nearest(candidates, HOME, promised=promised or {}, most=most)


def test_the_nearest_with_room_comes_first_and_then_the_others_by_distance():
    found = find(reversed(options()))
    assert [one.id for one in found.named] == [f"semarang-{n}" for n in range(1, 6)]
    assert [one.reason for one in found.named] == [Reason.NEAREST, *[Reason.NEXT] * 4]
    assert found.named[0].distance_m == round(distance_m(HOME, SHELTERS[0].centre)) == 1112
    assert found.named[0].free == 10
    assert found.passed == ()


def test_a_full_one_is_passed_over_and_named_as_such():
    found = find(options(n1=10, n2=13), most=1)
    assert [(one.id, one.reason) for one in found.named] == [("semarang-3", Reason.NEARER_FULL)]
    assert [(one.id, one.reason, one.free) for one in found.passed] == [
        ("semarang-1", Reason.FULL, 0),
        ("semarang-2", Reason.FULL, 0),
    ]


def test_full_ones_after_the_first_are_not_told_of():
    found = find(options(n2=10), most=2)
    assert [one.id for one in found.named] == ["semarang-1", "semarang-3"]
    assert found.passed == ()


def test_places_promised_to_others_are_not_given_away_twice():
    found = find(options(n1=8), promised={"semarang-1": 2, "semarang-2": 4}, most=1)
    assert [(one.id, one.reason) for one in found.passed] == [("semarang-1", Reason.PROMISED)]
    assert [(one.id, one.free) for one in found.named] == [("semarang-2", 6)]


def test_more_promises_than_places_leave_none():
    found = find(options(n1=8), promised={"semarang-1": 5}, most=1)
    assert found.passed[0].free == 0


def test_of_whom_nobody_reports_nobody_is_sent_to():
    silent = [
        Option(one, "motorcycle")
        for one in standing(*SHELTERS[:2], reported_ms=NOON_MS - 10 * 60_000)
    ]
    found = find([*silent, *options()[2:]], most=1)
    assert [one.reason for one in found.passed] == [Reason.UNKNOWN] * 2
    assert found.named[0].id == "semarang-3"


def test_who_takes_no_such_vehicle_is_no_choice():
    found = nearest([Option(one, "car") for one in standing(*SHELTERS)], HOME, promised={}, most=3)
    assert (found.named, found.passed) == ((), ())


def test_no_more_than_ten_are_told_of_that_were_passed_over():
    many = [a_shelter(f"semarang-{n:02}", lat=-6.98 - n / 100, motorcycle=1) for n in range(15)]
    counts = {one.id: {"motorcycle": 1} for one in many}
    found = find([Option(one, "motorcycle") for one in standing(*many, counts=counts)])
    assert len(found.passed) == 10
    assert found.named == ()


def test_of_two_as_near_the_one_first_by_name_is_named_first():
    twins = [a_shelter("semarang-b"), a_shelter("semarang-a")]
    found = find([Option(one, "motorcycle") for one in standing(*twins)])
    assert [one.id for one in found.named] == ["semarang-a", "semarang-b"]
