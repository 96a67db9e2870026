"""What others do to a complaint, with a crash at every AWS call on the way to its agency."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

# Imported here, so that the processes forked for each run need not.
import functions.complaint_intake.dialogue
import functions.complaint_intake.voices  # noqa: F401
from shared import ids
from shared.clock import now
from shared.complaints.items import complaint_from, complaint_values, undelivered_mark
from shared.complaints.law import Status
from shared.complaints.record import Complaint
from shared.dynamo import from_item, to_item
from tests.builders import a_complaint, an_assignment
from tests.e2e.crashes.dying import Death
from tests.e2e.crashes.world import INTAKE, OUTBOX, ROUTING, SWEEP, World, http, messages

AGENCY, TRIAGE, ELSEWHERE = "semarang-disperkim", "semarang-diskominfo", "semarang-dlh"
#: What an agency is told: its code, the message's type without version, the action or assignment.
Told = set[tuple[str, str, Any]]


@dataclass(frozen=True)
class Story:
    """A complaint as it stands, what somebody does, and what must come of it."""

    status: Status
    says: Mapping[str, Any] = field(default_factory=dict)  #: a reply's body
    path: str = "replies"
    body: Mapping[str, Any] = field(default_factory=dict)  #: of another request than a reply
    becomes: Status = Status.WITHDRAWN
    told: Told = field(default_factory=set)
    before: Mapping[str, Any] = field(default_factory=dict)


def _returned() -> dict[str, Any]:
    assignments = (an_assignment(1, AGENCY), an_assignment(2, TRIAGE, rule="returned"))
    return {"assignments": assignments, "version": 3}


def _asked() -> dict[str, Any]:
    return {"clock": "answer", "clock_at": now() + timedelta(days=1)}


STORIES = {
    "an answer": Story(
        Status.NEEDS_INFORMATION,
        says={"action": "answer", "note": "Di depan nomor 12."},
        becomes=Status.IN_PROGRESS,
        told={(AGENCY, "complaint_changed", "answer")},
        before=_asked(),
    ),
    "an answer before the assignment was sent": Story(
        Status.NEEDS_INFORMATION,
        says={"action": "answer", "note": "Di depan nomor 12."},
        becomes=Status.IN_PROGRESS,
        told={(AGENCY, "complaint_assigned", 1), (AGENCY, "complaint_changed", "answer")},
        before=_asked() | {"undelivered_since": undelivered_mark(now(), 2)},
    ),
    "reopening": Story(
        Status.RESOLVED,
        says={"action": "reopen", "note": "Masih mati."},
        becomes=Status.REOPENED,
        told={(AGENCY, "complaint_assigned", 2)},
        before={"closed_at": now()},
    ),
    "rerouting": Story(
        Status.RETURNED,
        says={"action": "reroute", "service_code": "sampah"},
        becomes=Status.ASSIGNED,
        told={(ELSEWHERE, "complaint_assigned", 3)},
        before=_returned(),
    ),
    "withdrawing": Story(
        Status.ASSIGNED,
        says={"action": "withdraw"},
        told={(AGENCY, "complaint_changed", "withdraw")},
    ),
    "withdrawing before it was routed": Story(
        Status.RECEIVED,
        says={"action": "withdraw"},
        before={"undelivered_since": undelivered_mark(now(), 1)},
    ),
    "saying that it is not done": Story(
        Status.RESOLVED,
        path="not-fixed",
        body={"device_id": "gawai-1", "note": "Masih mati."},
        becomes=Status.RESOLVED,
        told={(AGENCY, "complaint_changed", "not_fixed")},
        before={"closed_at": now()},
    ),
}


def stored(world: World, **changes: Any) -> Complaint:
    """Put a complaint into the table as it would stand there by now."""
    complaint = a_complaint(
        agency=AGENCY, service_code="lampu-jalan", description="Lampu mati", **changes
    )
    world.client("dynamodb").put_item(
        TableName=f"{world.prefix}-complaints", Item=to_item(complaint_values(complaint))
    )
    return complaint


def request_of(world: World, story: Story, complaint: Complaint) -> dict[str, Any]:
    secret = world.client("secretsmanager").get_secret_value(
        SecretId=world.environment["TRACKING_TOKEN_SECRET"]
    )["SecretString"]
    token = ids.tracking_token(secret.encode(), complaint.complaint_id, 0)
    reply = {"action_id": str(uuid4()), **story.says}
    return http(
        "POST",
        f"/complaints/{{complaint_id}}/{story.path}",
        dict(story.body) or reply,
        headers={"X-Tracking-Token": token},
        complaint_id=complaint.complaint_id,
    )


def told(world: World) -> list[tuple[str, str, Any]]:
    """Take what waits for the agencies, and return what it says."""
    found = []
    for agency in (AGENCY, TRIAGE, ELSEWHERE):
        for one in world.waiting(f"agency-{agency}"):
            says = one.get("action") or one["assignment_no"]
            found.append((agency, one["type"].removesuffix(".v1"), says))
    return found


def go_on(world: World, number: str) -> None:
    """Bring a change from the table's stream to its agency."""
    world.trigger("outbox", OUTBOX, {"Records": world.stream_of(number)})
    for body in world.waiting("routing"):
        answer = world.trigger("tell", ROUTING, messages([body]))
        assert answer == {"batchItemFailures": []}


def entries_of(world: World, number: str) -> Sequence[Mapping[str, Any]]:
    kept = map(from_item, world.items(number))
    return [one for one in kept if one["sk"].startswith("ACTION#")]


def record(world: World, number: str) -> Complaint:
    (found,) = (one for one in map(from_item, world.items(number)) if one["sk"] == "RECORD")
    return complaint_from(found)


def points(world: World) -> list[tuple[str, Death]]:
    """Return the places at which the steps just seen could have died, mere listing left out."""
    longest: dict[str, Sequence[str]] = {}
    for step, outcome in world.seen:
        longest[step] = max(longest.get(step, ()), outcome.calls, key=len)
    return [
        (step, Death(call, when))
        for step, calls in longest.items()
        for call, name in enumerate(calls)
        if name != "dynamodb.Query"
        for when in ("before", "after")
    ]


def at_every_point(world: World, happens: Callable[[], None]) -> int:
    """Let it happen without a crash, then with one at each point; return how many there are."""
    happens()
    everywhere = points(world)
    for step, death in everywhere:
        world.seen.clear()
        world.death = (step, death)
        happens()
        assert [outcome.died for _, outcome in world.seen].count(True) == 1, (step, death)
    return len(everywhere)


@pytest.mark.parametrize("name", STORIES)
def test_a_crash_at_any_aws_call_loses_and_doubles_nothing(world: World, name: str) -> None:
    story = STORIES[name]

    def happens() -> None:
        before = stored(world, status=story.status, **story.before)
        number = before.complaint_id
        answer = world.trigger("say", INTAKE, request_of(world, story, before))
        assert answer["statusCode"] in (200, 201), answer
        go_on(world, number)
        after = record(world, number)
        routed = story.becomes is Status.ASSIGNED
        assert (after.status, after.version) == (story.becomes, before.version + 1 + routed)
        assert (after.undelivered_since, after.undelivered_action) == (None, None)
        assert len(entries_of(world, number)) == 1
        assert set(told(world)) == story.told
        assert after.not_fixed == (story.path == "not-fixed")

    tested = at_every_point(world, happens)
    assert tested >= 2 * 3
    print(f"{name}: {tested} crash points")


def test_a_question_lapses_once_wherever_the_sweep_dies(world: World) -> None:
    def happens() -> None:
        asked = stored(
            world,
            status=Status.NEEDS_INFORMATION,
            clock="answer",
            clock_at=now() - timedelta(days=1),
        )
        number = asked.complaint_id
        world.trigger("sweep", SWEEP, {})
        go_on(world, number)
        after = record(world, number)
        assert (after.status, after.version) == (Status.IN_PROGRESS, 3)
        assert len(entries_of(world, number)) == 1
        assert set(told(world)) == {(AGENCY, "complaint_changed", "lapse")}

    print(f"lapsing: {at_every_point(world, happens)} crash points")


@pytest.mark.parametrize("kept", ["the mark", "nothing"])
def test_the_sweep_tells_what_the_stream_lost(
    world: World, monkeypatch: pytest.MonkeyPatch, kept: str
) -> None:
    from functions.agency_routing import every_quarter_hour

    monkeypatch.setattr(every_quarter_hour, "PATIENCE", -every_quarter_hour.PATIENCE)
    before = stored(world, status=Status.RESOLVED, closed_at=now())
    if kept == "the mark":
        world.trigger("say", INTAKE, request_of(world, STORIES["reopening"], before))
    assert world.trigger("sweep", SWEEP, {})["resent"] == (kept == "the mark")
    for body in world.waiting("routing"):
        world.trigger("tell", ROUTING, messages([body]))
    expected = {(AGENCY, "complaint_assigned", 2)} if kept == "the mark" else set()
    assert set(told(world)) == expected
