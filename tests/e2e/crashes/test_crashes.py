"""Every AWS call of the main job, and a crash right before and right after each of them."""

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest

from functions.agency_routing import every_quarter_hour
from shared.complaints.items import complaint_from
from shared.complaints.record import Complaint
from shared.dynamo import from_item
from tests.e2e.crashes.dying import Death, run
from tests.e2e.crashes.world import (
    DESK,
    INTAKE,
    OUTBOX,
    ROUTING,
    SWEEP,
    World,
    http,
    messages,
)

AGENCY = "semarang-disperkim"
TRIAGE = "semarang-diskominfo"
SUBMISSION = {
    "jurisdiction_id": "semarang",
    "service_code": "lampu-jalan",
    "description": "Lampu jalan mati di depan gang",
    "contact": {"phone": "+6281200000001"},
}
#: What the calls of one uninterrupted main job must include; a test of the test.
EXPECTED_CALLS = {
    "submit": {"dynamodb.TransactWriteItems"},
    "outbox": {"sqs.SendMessageBatch"},
    "route": {"dynamodb.UpdateItem", "sqs.SendMessage"},
    "accept": {"ssm.GetParameter", "dynamodb.GetItem", "dynamodb.TransactWriteItems"},
    "return": {"dynamodb.TransactWriteItems"},
    "outbox again": {"sqs.SendMessageBatch"},
    "deliver again": {"dynamodb.GetItem", "sqs.SendMessage", "dynamodb.UpdateItem"},
}


def submit(world: World, key: str) -> str:
    event = http("POST", "/complaints", SUBMISSION, headers={"Idempotency-Key": key})
    answer = world.trigger("submit", INTAKE, event)
    assert answer["statusCode"] in (200, 201), answer
    complaint_id: str = json.loads(answer["body"])["complaint_id"]
    return complaint_id


def through_stream(world: World, complaint_id: str, step: str, after: int = 0) -> int:
    """Give the outbox the complaint's stream records that it has not had; return how many."""
    records = world.stream_of(complaint_id)
    world.trigger(step, OUTBOX, {"Records": records[after:]})
    return len(records)


def through_routing(world: World, step: str) -> None:
    """Give routing each message that waits for it, one event a message."""
    for body in world.waiting("routing"):
        answer = world.trigger(step, ROUTING, messages([body]))
        assert answer == {"batchItemFailures": []}


def act(world: World, step: str, complaint_id: str, body: Mapping[str, Any]) -> None:
    claims = {"client_id": AGENCY, "scope": "agency/work"}
    event = http(
        "POST",
        "/complaints/{complaint_id}/actions",
        body,
        claims=claims,
        complaint_id=complaint_id,
    )
    answer = world.trigger(step, DESK, event)
    assert answer["statusCode"] == 200, answer


def main_job(world: World) -> str:
    """Run a complaint to its agency, back to triage, and to triage's queue."""
    complaint_id = submit(world, str(uuid4()))
    had = through_stream(world, complaint_id, "outbox")
    through_routing(world, "route")
    accept = {"action": "accept", "action_id": str(uuid4()), "expected_version": 2}
    act(world, "accept", complaint_id, accept)
    back = {
        "action": "return",
        "action_id": str(uuid4()),
        "expected_version": 3,
        "internal_note": "bukan wewenang kami",
    }
    act(world, "return", complaint_id, back)
    through_stream(world, complaint_id, "outbox again", had)
    through_routing(world, "deliver again")
    return complaint_id


def record(world: World, complaint_id: str) -> Complaint:
    (found,) = (
        values for values in map(from_item, world.items(complaint_id)) if values["sk"] == "RECORD"
    )
    return complaint_from(found)


def queues_with(world: World, complaint_id: str) -> dict[str, list[int]]:
    """Return the assignment numbers that wait for each agency, of one complaint."""
    waiting = {code: world.waiting(f"agency-{code}") for code in world.agencies}
    return {
        code: [one["assignment_no"] for one in bodies if one["complaint_id"] == complaint_id]
        for code, bodies in waiting.items()
        if any(one["complaint_id"] == complaint_id for one in bodies)
    }


def check_nothing_lost(world: World, complaint_id: str) -> None:
    complaint = record(world, complaint_id)
    assert [one.agency for one in complaint.assignments] == [AGENCY, TRIAGE]
    assert [one.no for one in complaint.assignments] == [1, 2]
    assert complaint.version == 4
    assert complaint.undelivered_since is None
    actions = [item for item in world.items(complaint_id) if item["sk"]["S"] != "RECORD"]
    assert sorted(item["action"]["S"] for item in actions) == ["accept", "return"]
    waiting = queues_with(world, complaint_id)
    assert set(waiting) == {AGENCY, TRIAGE}
    assert set(waiting[AGENCY]) == {1}
    assert set(waiting[TRIAGE]) == {2}
    contact = world.client("dynamodb").get_item(
        TableName=f"{world.prefix}-reporters",
        Key={"pk": {"S": f"C#{complaint_id}"}, "sk": {"S": "CONTACT"}},
    )
    assert "Item" in contact


def test_a_crash_at_any_aws_call_of_the_main_job_loses_and_doubles_nothing(world: World) -> None:
    check_nothing_lost(world, main_job(world))
    seen = {step: outcome.calls for step, outcome in world.seen}
    for step, calls in EXPECTED_CALLS.items():
        assert calls <= set(seen[step]), step
    points = [
        (step, Death(call, when))
        for step, calls in seen.items()
        for call in range(len(calls))
        for when in ("before", "after")
    ]
    tested = 0
    for step, death in points:
        world.seen.clear()
        world.death = (step, death)
        complaint_id = main_job(world)
        assert [outcome.died for _, outcome in world.seen].count(True) == 1, (step, death)
        check_nothing_lost(world, complaint_id)
        tested += 1
    assert tested == 2 * sum(len(calls) for calls in seen.values())
    print(f"{tested} crash points at {tested // 2} AWS calls")


@pytest.mark.parametrize("order", ["once", "doubled", "reversed", "one by one", "at once"])
def test_stream_records_in_any_order_and_number_give_one_assignment(
    world: World, order: str
) -> None:
    ids = [submit(world, str(uuid4())) for _ in range(3)]
    records = [record for one in ids for record in world.stream_of(one)]
    batches = {
        "once": [records],
        "doubled": [records * 2],
        "reversed": [records[::-1]],
        "one by one": [[record] for record in records],
        "at once": [records] * 4,
    }[order]
    with ThreadPoolExecutor(4 if order == "at once" else 1) as pool:
        told = list(pool.map(lambda batch: run(OUTBOX, {"Records": batch}), batches))
    assert not any(outcome.died for outcome in told)
    assert all("sqs.SendMessageBatch" in outcome.calls for outcome in told)
    through_routing(world, "route")
    for complaint_id in ids:
        through_stream(world, complaint_id, "outbox")
    for complaint_id in ids:
        assert [one.agency for one in record(world, complaint_id).assignments] == [AGENCY]


def test_the_same_message_worked_by_many_at_once_gives_one_assignment(world: World) -> None:
    complaint_id = submit(world, str(uuid4()))
    through_stream(world, complaint_id, "outbox")
    (body,) = world.waiting("routing")
    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(lambda _: run(ROUTING, messages([body])), range(8)))
    assert all(outcome.answer == {"batchItemFailures": []} for outcome in outcomes)
    complaint = record(world, complaint_id)
    assert [one.agency for one in complaint.assignments] == [AGENCY]
    assert complaint.undelivered_since is None
    assert set(queues_with(world, complaint_id)) == {AGENCY}


def test_the_same_submission_sent_by_many_at_once_is_stored_once(world: World) -> None:
    event = http("POST", "/complaints", SUBMISSION, headers={"Idempotency-Key": str(uuid4())})
    with ThreadPoolExecutor(4) as pool:
        answers = [one.answer for one in pool.map(lambda _: run(INTAKE, event), range(8))]
    receipts = {answer["body"] for answer in answers}
    assert sorted(answer["statusCode"] for answer in answers) == [200] * 7 + [201]
    assert len(receipts) == 1


def test_the_sweep_sends_again_what_the_stream_lost(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(every_quarter_hour, "PATIENCE", -every_quarter_hour.PATIENCE)
    lost = [submit(world, str(uuid4())) for _ in range(2)]
    calls = run(SWEEP, {}).calls
    world.waiting("routing")
    for call in range(len(calls)):
        for when in ("before", "after"):
            world.death = ("sweep", Death(call, when))
            world.trigger("sweep", SWEEP, {})
            assert world.death is None
    answer = world.trigger("route", ROUTING, messages(world.waiting("routing")))
    assert answer == {"batchItemFailures": []}
    for complaint_id in lost:
        complaint = record(world, complaint_id)
        assert [one.agency for one in complaint.assignments] == [AGENCY]
        assert complaint.undelivered_since is None
    assert set(run(SWEEP, {}).answer.values()) == {0}
