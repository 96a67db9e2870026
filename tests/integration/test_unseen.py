"""Vehicles not seen any more leave, unless what was told of them still waits; stays are kept."""

from datetime import UTC, datetime, timedelta

import pytest

from functions.shelter_alerts import every_minute, fifo, on_movement
from functions.shelter_alerts.changes import events_of
from functions.shelter_alerts.movement import Movement
from functions.shelter_alerts.sessions import SessionStore
from shared.queues import SendFailed
from tests.aws_double import MOVEMENTS_QUEUE, SHELTERS, messages
from tests.metering import metered
from tests.movements import (
    HERE,
    MINUTE,
    THERE,
    enter,
    everything,
    image,
    leave,
    present,
    queued,
    sweep,
    work_off,
    work_through,
)
from tests.unit.shelter_alerts.fleet import NOON

pytestmark = pytest.mark.usefixtures("aws_double")


@pytest.fixture(autouse=True)
def _a_new_container() -> None:
    on_movement.noted.clear()


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch):
    """Let the sweep happen so many minutes after noon."""

    def set_to(minutes: float) -> None:
        then = datetime.fromtimestamp(NOON / 1000, UTC) + timedelta(minutes=minutes)
        monkeypatch.setattr(every_minute, "now", lambda: then)

    return set_to


def send(*movements: Movement) -> None:
    """Queue movements as the API does."""
    fifo.send_all(
        MOVEMENTS_QUEUE,
        (
            fifo.Grouped(fifo.group_of(one["shard"]), str(one["movements"]), fifo.written(one))
            for one in queued(*movements)
        ),
    )


def heartbeat(minutes: int) -> None:
    """Let another vehicle of the provider be seen, elsewhere."""
    work_through(enter(minutes * 60, THERE, "another"))


def test_who_is_not_seen_for_five_minutes_leaves(at):
    work_through(enter(0, HERE))
    for minute in range(1, 6):
        heartbeat(minute)
        at(minute)
        assert sweep() == 0
    heartbeat(6)
    at(6)
    assert sweep() == 1
    work_off(MOVEMENTS_QUEUE)
    assert (present(HERE), present(THERE)) == (set(), {"another"})
    found = image()
    assert found is not None
    assert found["left"]["reason"] == "stale"
    assert found["left"]["left_ms"] == NOON + 5 * MINUTE
    assert sweep() == 0


def test_a_backlog_lets_nobody_leave_who_is_there(at):
    work_through(enter(0, HERE))
    send(enter(330, HERE))
    heartbeat(6)
    at(6)
    assert sweep() == 1
    work_off(MOVEMENTS_QUEUE)
    assert present(HERE) == {"one"}


def test_a_silent_provider_lets_nobody_leave_for_an_hour(at):
    work_through(enter(0, HERE))
    for minutes, there in ((10, {"one"}), (60, {"one"}), (61, set())):
        at(minutes)
        sweep()
        work_off(MOVEMENTS_QUEUE)
        assert present(HERE) == there


def test_questions_about_many_are_asked_in_several_messages(at, monkeypatch):
    monkeypatch.setattr("functions.shelter_alerts.unseen._MOST_AT_ONCE", 2)
    devices = [f"device-{n}" for n in range(40)]
    work_through(*(enter(0, HERE, one) for one in devices))
    heartbeat(7)
    at(7)
    assert sweep() == 40
    asked = messages(MOVEMENTS_QUEUE)
    assert {one["type"] for one in asked} == {"fleet_unseen.v1"}
    assert sorted(one for each in asked for one in each["devices"]) == sorted(devices)
    assert all(len(each["devices"]) <= 2 for each in asked)


def test_a_sweep_that_finds_nobody_costs_half_a_unit_a_shard(at):
    at(0)
    sweep()
    with metered() as bill:
        assert sweep() == 0
    of_alerts = ["Query", *["Query"] * 2, *["GetItem", "PutItem"] * 2, "Query"]
    of_silence = ["Query"] * 2  # how far each provider's shards were worked through
    assert (bill.calls, bill.write_units) == ([*["Query"] * 32, *of_alerts, *of_silence], 2)
    assert bill.read_units == 16 + 4 + 2


def test_the_same_minute_asked_again_is_one_question(at):
    work_through(enter(0, HERE))
    heartbeat(6)
    at(6)
    assert sweep() == sweep() == 1
    assert len(messages(MOVEMENTS_QUEUE)) == 1


def test_messages_go_ten_a_call_and_large_ones_in_smaller_batches():
    def some(number: int, size: int) -> None:
        fifo.send_all(
            MOVEMENTS_QUEUE,
            (fifo.Grouped(f"{n:02}", f"{size} {n}", "x" * size) for n in range(number)),
        )

    for number, size, calls in ((0, 1, 0), (10, 1, 1), (11, 1, 2), (5, 100_000, 3)):
        with metered() as bill:
            some(number, size)
        assert bill.calls == ["SendMessageBatch"] * calls


def test_a_message_that_sqs_refuses_fails_the_whole_sending():
    from tests.integration.test_queues import refusing

    with refusing(1), pytest.raises(SendFailed, match="1 of 1 messages: InternalError"):
        send(enter(0, HERE))


def test_every_stay_that_is_over_is_kept_once_under_its_day():
    store = SessionStore(SHELTERS)
    before = None
    for step in (enter(0, HERE), enter(60, THERE), leave(90, THERE), enter(100, HERE)):
        work_through(step)
        after = image()
        for _ in range(2):  # the stream tells twice
            for event in events_of(before, after):
                if event["type"] == "shelter_left.v1":
                    store.keep(event)
        before = after
    (here,) = store.of_day(HERE, "2026-11-20")
    assert (here["reason"], here["left_at"]) == ("moved", "2026-11-20T05:01:00.000Z")
    (there,) = store.of_day(THERE, "2026-11-20")
    assert (there["reason"], there["arrived_at"]) == ("exit", "2026-11-20T05:01:00.000Z")
    assert there["left_at"] == "2026-11-20T05:01:30.000Z"
    assert "one" not in there["sk"]
    assert len([one for one in everything() if one["pk"].startswith("H#")]) == 2


def test_what_was_told_too_late_is_no_stay():
    work_through(enter(0, HERE), received_ms=NOON + 20 * MINUTE)
    assert list(SessionStore(SHELTERS).of_day(HERE, "2026-11-20")) == []
