"""What follows a complaint moves once each, wherever the function that moves it dies."""

from typing import Any
from uuid import uuid4

import pytest

# Imported here, so that the processes forked for each run need not.
import functions.complaint_intake.dialogue  # noqa: F401
from shared.complaints.law import Status
from shared.complaints.record import SPLIT
from tests.builders import a_number, an_assignment, officer_claims
from tests.e2e.crashes.test_dialogue import (
    AGENCY,
    TRIAGE,
    Story,
    at_every_point,
    entries_of,
    go_on,
    record,
    request_of,
    stored,
    told,
)
from tests.e2e.crashes.world import DESK, INTAKE, JURISDICTION, World, http

WITHDRAWS = Story(Status.ASSIGNED, says={"action": "withdraw"})
CHANGED, ASSIGNED = "complaint_changed", "complaint_assigned"


def withdrawn(world: World, whole: Any, followers: list[Any]) -> None:
    """Let a reporter withdraw, and everything come of it that does."""
    answer = world.trigger("say", INTAKE, request_of(world, WITHDRAWS, whole))
    assert answer["statusCode"] == 200, answer
    for one in (whole, *followers):
        go_on(world, one.complaint_id)
    for one in followers:
        after = record(world, one.complaint_id)
        assert after.version == one.version + 1
        assert after.undelivered_since is None
        assert len(entries_of(world, one.complaint_id)) == 1
    assert record(world, whole.complaint_id).undelivered_since is None


@pytest.mark.parametrize("of", ["duplicates", "parts"])
def test_a_crash_at_any_aws_call_leaves_no_follower_behind(world: World, of: str) -> None:
    def duplicates() -> None:
        followed = stored(world, status=Status.ASSIGNED, duplicates=2)
        same = {"status": Status.DUPLICATE, "duplicate_of": followed.complaint_id}
        others = [stored(world, **same) for _ in range(2)]
        withdrawn(world, followed, others)
        assert record(world, followed.complaint_id).duplicates == 0
        for one in others:
            assert record(world, one.complaint_id).status is Status.RETURNED
        assert set(told(world)) == {(AGENCY, CHANGED, "withdraw"), (TRIAGE, ASSIGNED, 2)}

    def parts() -> None:
        numbers = (a_number(), a_number())
        whole = stored(
            world,
            status=Status.IN_PROGRESS,
            parts=numbers,
            assignments=(an_assignment(1, AGENCY), an_assignment(2, TRIAGE, rule=SPLIT)),
            version=3,
        )
        own = {"status": Status.ACCEPTED, "part_of": whole.complaint_id}
        of_it = [stored(world, complaint_id=number, **own) for number in numbers]
        withdrawn(world, whole, of_it)
        for one in of_it:
            assert record(world, one.complaint_id).status is Status.WITHDRAWN
        assert set(told(world)) == {(AGENCY, CHANGED, "withdraw"), (TRIAGE, CHANGED, "withdraw")}

    tested = at_every_point(world, duplicates if of == "duplicates" else parts)
    assert tested >= 2 * 8
    print(f"{of}: {tested} crash points")


def test_a_crash_at_any_aws_call_leaves_no_part_of_what_is_hidden_in_public(world: World) -> None:
    def happens() -> None:
        numbers = (a_number(), a_number())
        whole = stored(
            world,
            status=Status.IN_PROGRESS,
            parts=numbers,
            assignments=(an_assignment(1, AGENCY), an_assignment(2, TRIAGE, rule=SPLIT)),
            version=3,
        )
        own = {"status": Status.ACCEPTED, "part_of": whole.complaint_id}
        parts = [stored(world, complaint_id=number, **own) for number in numbers]
        body = {
            "action": "hide",
            "action_id": str(uuid4()),
            "expected_version": 3,
            "internal_note": "Nama anak",
        }
        resource = "/complaints/{complaint_id}/actions"
        claims = officer_claims(f"operator:{JURISDICTION}")
        event = http("POST", resource, body, claims=claims, complaint_id=whole.complaint_id)
        assert world.trigger("hide", DESK, event)["statusCode"] == 200
        go_on(world, whole.complaint_id)
        for one in (whole, *parts):
            after = record(world, one.complaint_id)
            assert (after.hidden, after.version) == (True, one.version + 1)
            assert after.undelivered_since is None
            assert len(entries_of(world, one.complaint_id)) == 1
        assert told(world) == []

    tested = at_every_point(world, happens)
    assert tested >= 2 * 8
    print(f"hiding: {tested} crash points")
