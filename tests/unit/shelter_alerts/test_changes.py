"""What the outbox tells of a vehicle's item: stays that are over, shelters that changed."""

import json

import pytest
from jsonschema import Draft202012Validator

from functions.shelter_alerts import items
from functions.shelter_alerts.changes import events_of
from functions.shelter_alerts.messages import packed, unseen_message
from functions.shelter_alerts.movement import Kind, as_message
from functions.shelter_alerts.vehicle import Reason
from infra.contracts import FOLDER
from shared.dynamo import from_item, to_item
from tests.unit.shelter_alerts.fleet import (
    DEVICE,
    NOON,
    PROVIDER,
    a_movement,
    a_stay,
    a_vehicle,
)

STAY = a_stay()
OTHER = a_stay("semarang-kota-lama", session_id="s-2", arrived_ms=NOON + 9_000)


def ended(stay, reason, seconds=9):
    return a_stay(
        stay.shelter_id,
        session_id=stay.session_id,
        arrived_ms=stay.arrived_ms,
        left_ms=NOON + seconds * 1_000,
        reason=reason,
    )


def image(**changes):
    return from_item(to_item(items.vehicle_values(a_vehicle(**changes))))


def changed(shelter_id, at):
    return {"type": "shelter_changed.v1", "shelter_id": shelter_id, "at": at}


def left(stay, reason, seconds=9):
    return {
        "type": "shelter_left.v1",
        "shelter_id": stay.shelter_id,
        "provider_id": PROVIDER,
        "device_id": DEVICE,
        "session_id": stay.session_id,
        "vehicle_type": "motorcycle",
        "arrived_ms": stay.arrived_ms,
        "left_ms": NOON + seconds * 1_000,
        "reason": reason,
    }


AT_9 = "2026-11-20T05:00:09.000Z"
AT_0 = "2026-11-20T05:00:00.000Z"


def test_an_arrival_changes_its_shelter():
    arrived = [changed("semarang-tugu-muda", AT_0)]
    assert [*events_of(None, image(stay=STAY))] == arrived
    assert [*events_of(image(), image(stay=STAY))] == arrived


def test_a_departure_ends_a_stay_and_changes_its_shelter():
    gone = image(left=ended(STAY, Reason.EXIT))
    assert [*events_of(image(stay=STAY), gone)] == [
        left(STAY, "exit"),
        changed("semarang-tugu-muda", AT_9),
    ]


def test_a_move_changes_both_shelters():
    moved = image(stay=OTHER, left=ended(STAY, Reason.MOVED))
    assert [*events_of(image(stay=STAY), moved)] == [
        left(STAY, "moved"),
        changed("semarang-tugu-muda", AT_9),
        changed("semarang-kota-lama", AT_9),
    ]


def test_who_comes_back_to_the_same_shelter_changes_it_once():
    again = a_stay(session_id="s-3", arrived_ms=NOON + 10_000)
    back = image(stay=again, left=ended(STAY, Reason.STALE))
    events = [*events_of(image(stay=STAY), back)]
    assert events == [left(STAY, "stale"), changed("semarang-tugu-muda", AT_9)]


def test_a_departure_of_which_nothing_more_is_known_still_changes_the_shelter():
    assert [*events_of(image(stay=STAY), image(seen_ms=NOON))] == [
        changed("semarang-tugu-muda", AT_0)
    ]


def test_what_moves_nobody_means_nothing():
    here = image(stay=STAY, left=ended(OTHER, Reason.EXIT))
    seen = image(stay=STAY, left=ended(OTHER, Reason.EXIT), seen_ms=NOON + 60_000)
    assert [*events_of(here, seen)] == []


def test_other_items_and_removals_mean_nothing():
    there = from_item(to_item(items.present_values(a_vehicle(), STAY)))
    assert [*events_of(None, there)] == []
    assert [*events_of(image(stay=STAY), None)] == []


def test_movements_are_packed_by_shard_fifty_to_a_message():
    found = list(packed(PROVIDER, NOON, {3: [*range(120)], 7: [1]}))
    assert [(one["shard"], len(one["movements"])) for one in found] == [
        (3, 50),
        (3, 50),
        (3, 20),
        (7, 1),
    ]
    assert [each for one in found[:3] for each in one["movements"]] == [*range(120)]
    assert found[0]["type"] == "fleet_movements.v1"
    assert (found[0]["provider_id"], found[0]["received_ms"]) == (PROVIDER, NOON)


def test_a_question_names_whom_it_is_about():
    assert unseen_message(PROVIDER, 3, NOON, [DEVICE]) == {
        "type": "fleet_unseen.v1",
        "provider_id": PROVIDER,
        "shard": 3,
        "watermark_ms": NOON,
        "devices": [DEVICE],
    }


@pytest.mark.parametrize(
    "message",
    [
        *packed(PROVIDER, NOON, {3: [as_message(a_movement(kind=kind)) for kind in Kind]}),
        unseen_message(PROVIDER, 3, NOON, [DEVICE]),
        *events_of(image(stay=STAY), image(left=ended(STAY, Reason.REMOVED))),
    ],
    ids=lambda message: message["type"],
)
def test_every_message_keeps_its_contract(message):
    contract = json.loads((FOLDER / f"{message['type']}.json").read_text(encoding="utf-8"))
    Draft202012Validator(contract).validate(message)
    assert message.keys() == contract["properties"].keys()
