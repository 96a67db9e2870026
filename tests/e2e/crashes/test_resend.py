"""What was not acknowledged is sent again and counted once, wherever the functions die."""

from datetime import timedelta

import pytest

from shared.clock import now
from shared.complaints.law import Action, Status
from tests.builders import an_assignment
from tests.e2e.crashes.test_dialogue import (
    AGENCY,
    at_every_point,
    entries_of,
    go_on,
    record,
    stored,
)
from tests.e2e.crashes.world import SWEEP, World

#: What sending again must call, besides what lists; a test of the test.
EXPECTED_CALLS = {
    "sweep": {"dynamodb.GetItem", "dynamodb.TransactWriteItems"},
    "outbox": {"sqs.SendMessageBatch"},
    "tell": {"dynamodb.GetItem", "sqs.SendMessage", "dynamodb.UpdateItem"},
}


@pytest.mark.parametrize(("before", "stuck"), [(0, False), (2, True)])
def test_a_crash_at_any_aws_call_of_a_repetition_sends_it_and_counts_it_once(
    world: World, before: int, stuck: bool
) -> None:
    def happens() -> None:
        long_ago = now() - timedelta(hours=25)
        given = an_assignment(agency=AGENCY, at=long_ago, queued_at=long_ago, resends=before)
        waiting = stored(
            world,
            status=Status.ASSIGNED,
            assignments=(given,),
            created_at=long_ago,
            updated_at=long_ago,
            due_at=now() + timedelta(days=9),
            clock="delivery",
            clock_at=now() - timedelta(minutes=1),
        )
        number = waiting.complaint_id
        world.trigger("sweep", SWEEP, {})
        go_on(world, number)
        sent = world.waiting(f"agency-{AGENCY}")
        assert {(one["complaint_id"], one["message_id"]) for one in sent} == {
            (number, f"{number}:1")
        }
        assert {one["repeat"] for one in sent} == {before + 1}
        assert len(sent) <= 2  # one more at most, for the crash
        after = record(world, number)
        assert (after.status, after.version) == (Status.ASSIGNED, waiting.version + 1)
        assert (after.undelivered_since, after.undelivered_action) == (None, None)
        assert [(one["action"], one.get("code")) for one in entries_of(world, number)] == [
            (Action.RESEND, "stuck" if stuck else None)
        ]
        (assignment,) = after.assignments
        assert assignment.resends == before + 1
        assert bool(assignment.stuck_at) == stuck
        assert assignment.resent_at is not None
        assert assignment.queued_at is not None
        assert assignment.queued_at >= assignment.resent_at
        assert (after.clock == "delivery") != stuck

    happens()
    seen = {step: set(outcome.calls) for step, outcome in world.seen}
    for step, calls in EXPECTED_CALLS.items():
        assert calls <= seen[step], step
    tested = at_every_point(world, happens)
    assert tested >= 2 * 6
    print(f"repetition {before + 1}: {tested} crash points")
