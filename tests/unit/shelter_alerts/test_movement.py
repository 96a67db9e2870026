"""A movement goes into a message and comes out again; each vehicle has its one shard."""

import json

import pytest

from functions.shelter_alerts.movement import SHARDS, Kind, as_message, from_message, shard_of
from functions.shelter_alerts.vehicle import counted_as, session_id_of
from tests.unit.shelter_alerts.fleet import DEVICE, NOON, PROVIDER, a_movement

FULL = a_movement(
    accuracy_m=5.0, speed_mps=0.0, vehicle_state="available", vehicle_type="moped", place="x"
)


@pytest.mark.parametrize("movement", [FULL, *(a_movement(kind=kind) for kind in Kind)])
def test_a_movement_comes_out_of_a_message_as_it_went_in(movement):
    told = json.loads(json.dumps(as_message(movement)))
    assert "provider_id" not in told
    assert None not in told.values()
    assert from_message(PROVIDER, told) == movement


@pytest.mark.parametrize(
    "spoilt",
    [{"kind": "flown"}, {"at_ms": "1"}, {"event_id": 7}, {"altitude": 3}],
)
def test_what_is_no_movement_is_refused(spoilt):
    with pytest.raises((TypeError, ValueError)):
        from_message(PROVIDER, as_message(FULL) | spoilt)


def test_what_lacks_its_kind_is_refused():
    with pytest.raises(KeyError):
        from_message(PROVIDER, {"at_ms": 1, "event_id": "e", "device_id": DEVICE})


def test_movements_are_ordered_by_time_then_id():
    assert a_movement(NOON, event_id="a").moment < a_movement(NOON, event_id="b").moment
    assert a_movement(NOON, event_id="b").moment < a_movement(NOON + 1, event_id="a").moment


def test_a_vehicle_has_one_shard_and_vehicles_spread_over_all():
    shards = [shard_of(PROVIDER, f"device-{number}") for number in range(3_200)]
    assert {*shards} == {*range(SHARDS)}
    assert max(shards.count(one) for one in range(SHARDS)) < 200
    assert shard_of(PROVIDER, DEVICE) == 28  # what is queued before a deployment stays in its shard


@pytest.mark.parametrize(
    ("vehicle_type", "counted"),
    [
        ("motorcycle", "motorcycle"),
        ("moped", "motorcycle"),
        ("scooter_seated", "motorcycle"),
        ("car", "car"),
        ("truck", "car"),
        ("", "car"),
    ],
)
def test_every_type_is_counted_as_one_that_shelters_have_places_for(vehicle_type, counted):
    assert counted_as(vehicle_type) == counted


def test_a_stay_has_one_id_and_another_arrival_another():
    one = session_id_of(PROVIDER, DEVICE, (NOON, "e"))
    assert one == session_id_of(PROVIDER, DEVICE, (NOON, "e"))
    assert one != session_id_of(PROVIDER, DEVICE, (NOON + 1, "e"))
    assert len(one) == 20
