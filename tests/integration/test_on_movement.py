"""Movements worked through: who is where, at what cost, and what a failure leaves behind."""

import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest

from functions.shelter_alerts import on_movement
from functions.shelter_alerts.messages import movements_message, unseen_message
from functions.shelter_alerts.movement import Kind, Movement, shard_of
from functions.shelter_alerts.store import Outdated, VehicleStore
from functions.shelter_alerts.vehicle import Vehicle
from shared import aws
from tests.aws_double import MOVEMENTS_DLQ, SHELTERS, answering, messages
from tests.builders import CONTEXT
from tests.dying import Died, dying
from tests.metering import metered
from tests.movements import (
    HERE,
    MINUTE,
    THERE,
    a_batch,
    enter,
    everything,
    image,
    leave,
    present,
    queued,
    told,
    work_through,
)
from tests.unit.shelter_alerts.fleet import NOON, PROVIDER, a_movement

pytestmark = pytest.mark.usefixtures("aws_double")

#: The middle of HERE.
INSIDE = {"lat": -6.9846, "lng": 110.4086, "accuracy_m": 6.0, "speed_mps": 0.0}


@pytest.fixture(autouse=True)
def _a_new_container() -> None:
    on_movement.noted.clear()


def a_fix(seconds: int, device: str = "one", **more: Any) -> Movement:
    at_ms = NOON + seconds * 1_000
    return a_movement(
        at_ms, device_id=device, **{**INSIDE, "event_id": f"{device}-{at_ms}", **more}
    )


def note_the_minute() -> None:
    """Let each shard's watermark be written, which happens once a minute."""
    for shard in range(32):
        on_movement.noted[PROVIDER, shard] = NOON + 60 * MINUTE


@pytest.mark.parametrize("arrival", [a_fix(0), enter(0, HERE)])
def test_an_arrival_is_one_read_and_one_transaction_of_four_units(arrival):
    note_the_minute()
    with metered() as bill:
        work_through(arrival)
    assert bill.calls == ["BatchGetItem", "TransactWriteItems"]
    assert (bill.write_units, bill.read_units) == (4, 0.5)
    assert present() == {"one"}


def test_a_move_and_a_departure_cost_six_units_and_four():
    note_the_minute()
    work_through(enter(0, HERE))
    with metered() as bill:
        work_through(enter(10, THERE))
    assert (bill.calls, bill.write_units) == (["BatchGetItem", "TransactWriteItems"], 6)
    assert (present(HERE), present(THERE)) == (set(), {"one"})
    with metered() as bill:
        work_through(leave(20, THERE))
    assert (bill.calls, bill.write_units) == (["BatchGetItem", "TransactWriteItems"], 4)
    assert present(THERE) == set()


@pytest.mark.parametrize("number", [10, 500])
def test_an_arrival_costs_the_same_however_many_are_there(number):
    store = VehicleStore(SHELTERS)
    for each in range(number):
        key = {"pk": {"S": f"S#{HERE}"}, "sk": {"S": f"P#other#{each:04}"}}
        item: dict[str, Any] = {name: {"S": "x"} for name in ("arrived_at", "session_id")}
        item |= key | {"vehicle_type": {"S": "motorcycle"}}
        aws.dynamodb().put_item(TableName=SHELTERS, Item=item)
    note_the_minute()
    with metered() as bill:
        work_through(enter(0, HERE))
    assert (len(bill.calls), bill.write_units, bill.read_units) == (2, 4, 0.5)
    assert len(list(store.present(HERE))) == number + 1


def test_telemetry_that_changes_nothing_is_one_call_for_all_and_writes_nothing():
    devices = [f"device-{n}" for n in range(50)]
    work_through(*(a_fix(0, one) for one in devices))
    note_the_minute()
    with metered() as bill:
        work_through(*(a_fix(30, one) for one in devices))
    assert bill.calls == ["BatchGetItem"]
    assert (bill.write_units, bill.read_units) == (0, 25)
    assert present() == {*devices}


def test_that_a_vehicle_was_seen_is_written_once_a_minute():
    note_the_minute()
    work_through(a_fix(0))
    with metered() as bill:
        for seconds in range(10, 130, 10):
            work_through(a_fix(seconds))
    assert bill.write_units == 2
    found = image()
    assert found is not None
    assert found["seen_minute"] == "2026-11-20T05:02"


def test_a_vehicle_that_comes_and_goes_within_one_message_is_written_each_time():
    work_through(enter(0, HERE), leave(10, HERE), enter(20, THERE))
    found = image()
    assert found is not None
    assert found["left"]["shelter_id"] == HERE
    assert (found["shelter_id"], found["revision"]) == (THERE, 3)


def test_a_repetition_writes_nothing():
    arrival = (enter(0, HERE), a_fix(5, speed_mps=9.0))
    work_through(*arrival)
    note_the_minute()
    before = everything()
    with metered() as bill:
        work_through(*arrival)
    assert (bill.calls, everything()) == (["BatchGetItem"], before)


def test_a_vehicle_that_was_read_a_moment_too_early_is_read_again():
    work_through(enter(0, HERE))

    def outdated(**_: Any) -> Any:
        return SimpleNamespace(status_code=200), {"Responses": {}, "UnprocessedKeys": {}}

    with answering(aws.dynamodb(), "before-call.dynamodb.BatchGetItem", outdated):
        work_through(enter(10, THERE), leave(5, HERE))
        assert (present(HERE), present(THERE)) == (set(), {"one"})
        work_through(a_fix(20, speed_mps=9.0))
    found = image()
    assert found is not None
    assert (found["inside"], found["outside"]) == (HERE, 1)


def test_keys_that_a_read_leaves_over_are_read_next():
    work_through(enter(0, HERE), enter(0, HERE, "two"))
    asked: list[int] = []

    def hold_back(parsed: Any, **_: Any) -> None:
        asked.append(len(parsed["Responses"][SHELTERS]))
        if len(asked) == 1:
            over = parsed["Responses"][SHELTERS].pop()
            keys = [{name: over[name] for name in ("pk", "sk")}]
            parsed["UnprocessedKeys"] = {SHELTERS: {"Keys": keys}}

    aws.dynamodb().meta.events.register("after-call.dynamodb.BatchGetItem", hold_back)
    try:
        found = VehicleStore(SHELTERS).get_all([(PROVIDER, "one"), (PROVIDER, "two")])
    finally:
        aws.dynamodb().meta.events.unregister("after-call.dynamodb.BatchGetItem", hold_back)
    assert {device for _, device in found} == {"one", "two"}
    assert asked == [2, 1]


def test_a_vehicle_that_changes_all_the_time_is_left_to_the_queue(monkeypatch):
    def always(_: Any, before: Vehicle, __: Any) -> Vehicle:
        raise Outdated(before)

    monkeypatch.setattr(VehicleStore, "write", always)
    batch = a_batch(*queued(enter(0, HERE)))
    assert on_movement.handler(batch, CONTEXT)["batchItemFailures"]


@pytest.mark.parametrize(
    "unreadable",
    [
        "{no json",
        "null",
        '{"type": "fleet_movements.v1"}',
        '{"type": "fleet_flown.v1", "provider_id": "p", "shard": 0}',
        json.dumps(movements_message("p", 0, 1, [{"kind": "flown"}])),
    ],
)
def test_what_can_never_be_worked_through_is_set_aside_at_once_and_holds_nobody_up(unreadable):
    (good,) = queued(enter(0, HERE))
    batch = a_batch(unreadable, good, group="14")
    assert on_movement.handler(batch, CONTEXT) == {"batchItemFailures": []}
    assert present() == {"one"}
    (kept,) = aws.sqs().receive_message(QueueUrl=MOVEMENTS_DLQ)["Messages"]
    assert kept["Body"] == unreadable


def devices_of_two_groups() -> tuple[str, str]:
    one, other = "one", "two"
    assert shard_of(PROVIDER, one) != shard_of(PROVIDER, other)
    return one, other


@contextmanager
def failing_for(device: str) -> Iterator[None]:
    """Let DynamoDB refuse every write of one vehicle."""

    def refuse(params: Any, **_: Any) -> None:
        if f"V#{PROVIDER}#{device}" in str(params):
            raise ConnectionError("cut off")

    event = "provide-client-params.dynamodb.TransactWriteItems"
    aws.dynamodb().meta.events.register(event, refuse)
    try:
        yield
    finally:
        aws.dynamodb().meta.events.unregister(event, refuse)


def test_after_a_failure_nothing_more_of_its_group_is_worked_through_and_others_are():
    one, other = devices_of_two_groups()
    batch = a_batch(
        *queued(enter(0, HERE, one)),
        *queued(enter(0, HERE, other)),
        *queued(leave(10, HERE, one)),
        *queued(leave(10, HERE, other)),
    )
    with failing_for(one):
        failed = on_movement.handler(batch, CONTEXT)["batchItemFailures"]
    assert [each["itemIdentifier"] for each in failed] == ["m0", "m2"]
    assert present() == set()
    found = image(other)
    assert found is not None
    assert found["left"]["reason"] == "exit"
    assert image(one) is None
    assert on_movement.handler(batch, CONTEXT) == {"batchItemFailures": []}
    assert present() == set()
    assert messages(MOVEMENTS_DLQ) == []


def test_what_was_told_too_late_goes_into_the_history_alone():
    came_in = NOON + 20 * MINUTE
    late = (enter(0, HERE), leave(1, HERE), leave(2, None), a_fix(3), told(4, Kind.COMMS_LOST))
    for _ in range(2):
        work_through(*late, received_ms=came_in)
    assert present() == set()
    kept = [one for one in everything() if one["pk"].startswith("H#")]
    assert [one["pk"] for one in kept] == [f"H#{HERE}#2026-11-20"] * 2
    assert [one["kind"] for one in kept] == ["enter", "exit"]
    assert kept[0]["sk"].startswith("LATE#2026-11-20T05:00:00.000Z#")
    assert image() is None


def test_how_far_a_shard_was_worked_through_is_noted_once_a_minute():
    store, shard = VehicleStore(SHELTERS), shard_of(PROVIDER, "one")
    for seconds in (0, 30, 59, 60):
        work_through(a_fix(seconds))
        newest = NOON + (60_000 if seconds == 60 else 0)
        assert store.watermarks(PROVIDER) == {shard: newest}
    on_movement.noted.clear()
    assert store.worked_through(PROVIDER, shard, NOON + 61_000) == NOON + 60_000
    assert store.watermarks("nobody") == {}


STORY = (
    (a_fix(0), a_fix(0, "two", speed_mps=9.0)),
    (a_fix(10, "two", speed_mps=9.0), enter(11, THERE)),
    (leave(20, THERE), enter(21, HERE), a_fix(90, "two")),
    (a_fix(100, lat=0.0), a_fix(110, lat=0.0), leave(111, None, "two")),
)


def without_revisions() -> list[dict[str, Any]]:
    return [{**one, "revision": 0} if "revision" in one else one for one in everything()]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", range(len(STORY)))
def test_wherever_the_function_dies_its_batch_again_gives_the_same_end(step, when):
    def up_to(number: int) -> None:
        for item in everything(without=()):
            key: Any = {name: {"S": item[name]} for name in ("pk", "sk")}
            aws.dynamodb().delete_item(TableName=SHELTERS, Key=key)
        on_movement.noted.clear()
        for movements in STORY[:number]:
            work_through(*movements)

    up_to(step + 1)
    end = without_revisions()
    up_to(step)
    with dying() as made:
        work_through(*STORY[step])
    assert {"BatchGetItem", "TransactWriteItems"} <= {*made}
    for call_no in range(len(made)):
        up_to(step)
        with pytest.raises(Died), dying(call_no, when):
            work_through(*STORY[step])
        on_movement.noted.clear()
        work_through(*STORY[step])
        assert without_revisions() == end


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("call_no", [0, 1])
def test_wherever_it_dies_while_the_unseen_leave_they_leave_once(call_no, when):
    work_through(enter(0, HERE))
    question = unseen_message(PROVIDER, shard_of(PROVIDER, "one"), NOON + 6 * MINUTE, ["one"])
    with pytest.raises(Died), dying(call_no, when):
        on_movement.handler(a_batch(question), CONTEXT)
    for _ in range(2):
        assert on_movement.handler(a_batch(question), CONTEXT) == {"batchItemFailures": []}
    found = image()
    assert found is not None
    assert (present(), found["left"]["reason"], found["revision"]) == (set(), "stale", 2)


def test_any_order_and_repetition_leaves_those_who_are_there():
    chance = random.Random(6)
    truth: dict[str, str | None] = {}
    history: list[Movement] = []
    for seconds in range(400):
        device = f"device-{chance.randrange(20)}"
        place = chance.choice((HERE, THERE, None))
        if place:
            history.append(enter(seconds, place, device))
        else:
            history.append(leave(seconds, None, device))
        truth[device] = place
    sent = history + chance.sample(history, 150)
    chance.shuffle(sent)
    for start in range(0, len(sent), 40):
        work_through(*sent[start : start + 40], received_ms=NOON + 400_000)
    for shelter in (HERE, THERE):
        assert present(shelter) == {one for one, place in truth.items() if place == shelter}
