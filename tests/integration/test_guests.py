"""A fleet's vehicles in another jurisdiction's shelters: fences stand beside each other."""

from functions.shelter_alerts.alerts.states import State
from functions.shelter_alerts.configuration import shelters_of
from functions.shelter_alerts.items import present_key
from functions.shelter_alerts.store import VehicleStore
from shared import aws
from shared.dynamo import to_item
from tests.aws_double import SHELTERS
from tests.movements import HERE, sweep
from tests.shelter_alerting import Scene, timers

GUEST = str(shelters_of("jateng").providers[0].provider_id)


def test_a_shelter_full_of_guests_is_unknown_when_their_fleet_falls_silent(aws_double, monkeypatch):
    scene = Scene(monkeypatch)
    for number in range(44):
        there = present_key(HERE, GUEST, f"guest-{number:02}")
        more = {"vehicle_type": "motorcycle", "arrived_at": "x", "session_id": "s"}
        aws.dynamodb().put_item(TableName=SHELTERS, Item=to_item(there | more))
    VehicleStore(SHELTERS).worked_through(GUEST, 0, scene.now_ms)
    scene.reports()
    sweep()
    scene.look()
    scene.wait(30)
    scene.look()
    assert scene.alert().state is State.OVER
    scene.wait(181)
    scene.reports()
    timers()
    sweep()
    assert HERE in {one["shelter_id"] for one in timers()}
    scene.look()
    assert scene.alert().state is State.UNKNOWN
    VehicleStore(SHELTERS).worked_through(GUEST, 0, scene.now_ms)
    sweep()
    assert HERE in {one["shelter_id"] for one in timers()}
    scene.look()
    assert (scene.alert().state, scene.alert().seq) == (State.OVER, 3)
