"""Looks at shelters: what they cost, what they write, and what two at once leave behind."""

from contextlib import suppress

import pytest

from functions.shelter_alerts import on_alert, on_timer, outbox
from functions.shelter_alerts.alerts import backstop
from functions.shelter_alerts.alerts.messages import timer_message
from functions.shelter_alerts.alerts.states import State
from functions.shelter_alerts.alerts.store import AlertStore
from shared import aws
from shared.dynamo import to_item
from tests.aws_double import (
    ALERTS_QUEUE,
    EVALUATION_QUEUE,
    OUTBOX_FAILURES,
    SHELTERS,
    answering,
    messages,
)
from tests.builders import CONTEXT
from tests.dying import Died, dying
from tests.metering import metered
from tests.movements import HERE, THERE, enter, image, sweep, work_through
from tests.shelter_alerting import Scene, batch, stream, timers
from tests.unit.shelter_alerts.fleet import NOON, PROVIDER

#: Tugu Muda takes 40 motorcycles and 6 cars.
PLACES = 40


@pytest.fixture(name="scene")
def _scene(aws_double: None, monkeypatch: pytest.MonkeyPatch) -> Scene:
    return Scene(monkeypatch)


def test_a_look_that_finds_nothing_new_reads_and_writes_nothing(scene):
    scene.there_are(3)
    scene.look()  # which notes how many are there
    with metered() as bill:
        assert scene.look() == []
    assert bill.calls == ["BatchGetItem", "Query"]
    assert (bill.write_units, bill.read_units) == (0, 3)


def test_a_look_after_someone_came_writes_that_once_and_sets_no_clock(scene):
    scene.there_are(3)
    scene.look()
    scene.there_are(4)
    with metered() as bill:
        assert scene.look() == []
    assert bill.calls == ["BatchGetItem", "Query", "PutItem", "BatchGetItem", "Query"]
    assert bill.write_units == 1
    assert (scene.alert().occupancy, scene.alert().counted_ms) == ({"motorcycle": 4}, scene.now_ms)
    assert scene.delays_s == []


def test_who_comes_while_a_clock_runs_does_not_set_it_again(scene):
    scene.there_are(PLACES)
    scene.look()
    (clock,) = timers()
    scene.wait(10)
    scene.there_are(PLACES + 1)
    scene.look()
    assert timers() == []
    scene.wait(20)
    on_timer.handler(batch(clock), CONTEXT)
    assert (scene.alert().seq, scene.alert().state) == (1, State.FULL)
    assert scene.alert().occupancy == {"motorcycle": PLACES + 1}


def test_a_crowd_sets_a_clock_and_is_raised_when_it_rings(scene):
    scene.there_are(PLACES)
    scene.look()
    assert (scene.alert().seq, scene.alert().state) == (0, State.NORMAL)
    (timer,) = timers()
    assert timer["shelter_id"] == HERE
    scene.wait(29)
    assert on_timer.handler(batch(timer), CONTEXT) == {"batchItemFailures": []}
    assert scene.alert().seq == 0
    scene.wait(1)
    on_timer.handler(batch(timer), CONTEXT)
    assert (scene.alert().seq, scene.alert().state) == (1, State.FULL)


def test_a_clock_waits_as_many_seconds_as_are_left(scene):
    """A clock that will not ring before one that is set already needs no message yet."""
    scene.there_are(33)
    scene.look()
    scene.wait(10.5)
    scene.there_are(PLACES)
    scene.look()
    scene.wait(10)
    scene.there_are(PLACES + 2)
    scene.look()
    assert scene.delays_s == [60, 30]
    scene.wait(20.2)
    scene.look(kind="shelter_timer.v1")
    assert (scene.alert().state, scene.delays_s) == (State.FULL, [60, 30, 10])


def test_a_clock_is_a_delayed_message(aws_double):
    given = []

    def keep(params, **_):
        given.append(params)

    with answering(aws.sqs(), "provide-client-params.sqs.SendMessage", keep):
        on_timer.wait(timer_message(HERE, 3, 7), 30)
        on_alert.later({"type": "district_due.v1"}, 300)
    assert [(one["QueueUrl"], one["DelaySeconds"]) for one in given] == [
        (EVALUATION_QUEUE, 30),
        (ALERTS_QUEUE, 300),
    ]


def test_a_transition_costs_one_write_and_a_second_look(scene):
    scene.there_are(PLACES)
    scene.look()
    scene.wait(30)
    with metered() as bill:
        scene.look(kind="shelter_timer.v1")
    assert bill.calls == ["BatchGetItem", "Query", "PutItem", "BatchGetItem", "Query"]
    assert bill.write_units == 1


def test_a_batch_looks_at_each_shelter_once(scene):
    changed = [{"type": "shelter_changed.v1", "shelter_id": HERE, "at": "x"}] * 5
    with metered() as bill:
        on_timer.handler(batch(*changed), CONTEXT)
    assert bill.calls == ["BatchGetItem", "Query"]


def test_two_that_look_at_once_leave_behind_what_is_so(scene, monkeypatch):
    """The first counts, the second sees others come and writes; the first must look again."""
    write, once = AlertStore.write, iter([True])

    def slow(self, before, after, waits):
        if next(once, False):
            scene.there_are(PLACES + 2)
            scene.look()
        return write(self, before, after, waits)

    monkeypatch.setattr(AlertStore, "write", slow)
    scene.there_are(33)
    scene.look()
    alert = scene.alert()
    assert alert.levels == {"motorcycle": 3}
    assert set(alert.clocks) == {1, 2, 3}


def test_what_a_look_wrote_while_others_left_it_sees_at_its_second_look(scene, monkeypatch):
    """Who counted before and wrote after somebody left and another saw that nothing is new."""
    write, once = AlertStore.write, iter([True])

    def slow(self, before, after, waits):
        if next(once, False):
            scene.there_are(0)
            scene.look()
        return write(self, before, after, waits)

    monkeypatch.setattr(AlertStore, "write", slow)
    scene.there_are(PLACES)
    scene.look()
    assert not scene.alert().clocks


def test_a_shelter_that_others_write_all_the_time_comes_again(scene, monkeypatch):
    monkeypatch.setattr(AlertStore, "write", lambda *_: None)
    scene.there_are(PLACES)
    assert scene.look() == [{"itemIdentifier": "m0"}]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("call", range(6))
def test_a_look_that_dies_at_an_aws_call_is_made_up_for(scene, call, when):
    scene.reports()
    scene.there_are(PLACES)
    with dying(call, when), suppress(Died):
        scene.look()
    scene.look()
    before = timers()
    scene.wait(30)
    sweep()  # whether or not the clock was sent
    rung = timers()
    assert before or rung
    with dying(call, when), suppress(Died):
        scene.look(kind="shelter_timer.v1")
    scene.look(kind="shelter_timer.v1")
    assert (scene.alert().seq, scene.alert().state) == (1, State.FULL)


def test_the_stream_tells_of_each_thing_said_once_and_of_nothing_else(scene):
    scene.there_are(PLACES)
    assert scene.says(0) == []
    (said,) = scene.says(30)
    assert (said["type"], said["seq"], said["action"]) == ("alert_said.v1", 1, "trigger")
    assert (said["state"], said["previous_state"]) == ("full", "normal")
    assert said["occupancy"] == {"motorcycle": PLACES}
    scene.there_are(0)
    assert scene.says(5) == []
    (resolved,) = scene.says(120)
    assert (resolved["seq"], resolved["action"]) == (2, "resolve")
    assert resolved["follows"] == [1, said["at_ms"]]


def test_the_stream_tells_of_comings_goings_and_stays(scene):
    before = image()
    work_through(enter(0, HERE))
    arrived = image()
    work_through(enter(10, THERE))
    outbox.handler(stream((before, arrived), (arrived, image())), CONTEXT)
    assert [one["type"] for one in messages(EVALUATION_QUEUE)] == [
        "shelter_changed.v1",
        "shelter_left.v1",
        "shelter_changed.v1",
        "shelter_changed.v1",
    ]


def test_a_record_that_cannot_be_read_is_set_aside_and_stops_no_other(scene):
    work_through(enter(0, HERE))
    event = stream((None, image()))
    event["Records"].insert(
        0,
        {
            "eventID": "bad",
            "dynamodb": {"NewImage": {"sk": {"S": "CAPACITY#x"}, "action": {"S": "x"}}},
        },
    )
    outbox.handler(event, CONTEXT)
    assert len(messages(EVALUATION_QUEUE)) == 1
    (reference,) = messages(OUTBOX_FAILURES)
    assert reference["event_id"] == "bad"


def test_an_item_that_was_deleted_tells_nothing(scene):
    work_through(enter(0, HERE))
    outbox.handler(stream((image(), None)), CONTEXT)
    assert messages(EVALUATION_QUEUE) == messages(ALERTS_QUEUE) == []


def test_a_stay_that_is_over_is_kept(scene):
    work_through(enter(0, HERE))
    before = image()
    work_through(enter(10, THERE))
    outbox.handler(stream((before, image())), CONTEXT)
    on_timer.handler(batch(*messages(EVALUATION_QUEUE)), CONTEXT)
    stays = aws.dynamodb().query(
        TableName=SHELTERS,
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues=to_item({":pk": f"H#{HERE}#2026-11-20"}),
    )
    assert stays["Count"] == 1


def test_when_a_provider_falls_silent_all_its_shelters_are_unknown_until_it_speaks(scene):
    sweep()
    assert {one["type"] for one in timers()} == {"shelter_changed.v1"}  # nobody ever reported
    scene.look()
    assert scene.alert().state is State.UNKNOWN
    work_through(enter(0, THERE))
    scene.look()
    assert scene.alert().state is State.NORMAL  # though the sweep has not noticed yet
    sweep()
    assert HERE in {one["shelter_id"] for one in timers()}
    sweep()
    assert timers() == []
    scene.wait(180)
    sweep()
    assert timers() == []
    scene.wait(1)
    sweep()
    assert HERE in {one["shelter_id"] for one in timers()}
    scene.look()
    assert scene.alert().state is State.UNKNOWN


def test_a_shelter_with_vehicles_of_a_fleet_that_reports_is_known(scene):
    sweep()
    timers()
    work_through(enter(0, HERE))
    scene.look()
    assert (scene.alert().seq, scene.alert().state) == (0, State.NORMAL)


def falls_silent(scene):
    """Let the provider have told something once, and then nothing for over three minutes."""
    scene.reports()
    sweep()
    timers()
    scene.wait(181)


def test_a_look_that_is_done_before_the_sweep_ends_sees_who_is_silent(scene, monkeypatch):
    falls_silent(scene)

    def at_once(_queue_url, asked):
        for one in asked:
            scene.look(one["shelter_id"])

    monkeypatch.setattr(backstop, "send_all", at_once)
    sweep()
    assert scene.alert().state is State.UNKNOWN


def test_who_was_silent_before_it_was_noted_what_was_asked_is_asked_about(scene):
    falls_silent(scene)
    noted = {"pk": "A#semarang", "sk": "REPORTING", "silent": [PROVIDER], "looked_ms": NOON}
    aws.dynamodb().put_item(TableName=SHELTERS, Item=to_item(noted))
    sweep()
    assert HERE in {one["shelter_id"] for one in timers()}


def test_a_sweep_that_dies_before_it_asked_asks_the_next_time(scene, monkeypatch):
    falls_silent(scene)

    def dead(_queue_url, asked):
        if asked:
            raise Died

    with monkeypatch.context() as patch:
        patch.setattr(backstop, "send_all", dead)
        with pytest.raises(Died):
            sweep()
    sweep()
    assert HERE in {one["shelter_id"] for one in timers()}


def test_where_the_capacity_changes_by_the_hour_a_look_is_asked_for(scene):
    work_through(enter(0, HERE))
    sunday = 2 * 86_400 - 7 * 3600  # from Friday noon to five in the morning
    scene.wait(sunday - 30)
    sweep()
    timers()
    scene.wait(60)
    sweep()
    asked = [one["shelter_id"] for one in timers()]
    assert "semarang-simpang-lima" in asked
    assert HERE not in asked


def test_an_unknown_message_and_an_unknown_shelter(scene):
    assert on_timer.handler(batch({"type": "x"}), CONTEXT)["batchItemFailures"]
    assert scene.look("semarang-nowhere") == []
    assert scene.now_ms == NOON
