"""An agency's head hears of a delay once or twice, and never not at all, wherever the function dies."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from shared import aws, config
from shared.clock import now
from shared.complaints.events import ComplaintEscalatedV1, escalated
from shared.complaints.items import entry_values
from shared.complaints.law import Action, Status
from shared.complaints.record import Level
from shared.dynamo import from_item, to_item
from shared.messengers import leases
from tests.builders import an_entry
from tests.e2e.crashes.dying import Death, run
from tests.e2e.crashes.test_dialogue import AGENCY, stored
from tests.e2e.crashes.world import JURISDICTION, NOTICES, World, messages

DONE: Mapping[str, Any] = {"batchItemFailures": []}
EXPECTED_CALLS = {"dynamodb.Query", "dynamodb.UpdateItem", "sesv2.SendEmail"}


@pytest.fixture
def telling(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    # Repeated at once, as the queue would some time later, when the lease has run out.
    monkeypatch.setattr(leases, "LEASE", timedelta(seconds=-1))
    aws.ses()
    yield world
    world.waiting("notices")


def a_delay(world: World) -> ComplaintEscalatedV1:
    """Store a complaint that has just come as far as its agency's head; return the event."""
    overdue = stored(
        world, status=Status.ACCEPTED, version=5, escalation=int(Level.HEAD), updated_at=now()
    )
    entry = an_entry(version=5, action=Action.ESCALATE, agency=AGENCY, code="head")
    world.client("dynamodb").put_item(
        TableName=f"{world.prefix}-complaints", Item=to_item(entry_values(overdue, entry))
    )
    return escalated(overdue)


def with_head(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    """Let the agency have a head: the processes forked from here have it as well."""
    known = config.load(JURISDICTION)
    agencies = tuple(
        one.model_copy(update={"head_email": address}) if one.code == AGENCY else one
        for one in known.agencies
    )
    told = known.model_copy(update={"agencies": agencies})
    told.__dict__.pop("agency_by_code", None)  # worked out of the agencies, and kept
    monkeypatch.setattr(config, "load", lambda _jurisdiction_id: told)


def times(world: World, address: str) -> int:
    accounts = httpx.get(f"{world.endpoint_url}/_ministack/ses/messages").json()["messages"]
    return sum(address in one["To"] for every in accounts.values() for one in every)


def test_a_crash_at_any_aws_call_repeats_it_once_at_most_and_loses_none(
    telling: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fresh() -> tuple[str, ComplaintEscalatedV1]:
        address = f"kepala-{uuid4().hex}@dinas.example"
        with_head(monkeypatch, address)
        return address, a_delay(telling)

    address, event = fresh()
    calls = run(NOTICES, messages([event])).calls
    assert set(calls) >= EXPECTED_CALLS
    assert times(telling, address) == 1
    repeated = []
    for death in (Death(n, when) for n in range(len(calls)) for when in ("before", "after")):
        address, event = fresh()
        telling.death = ("head", death)
        for _ in range(2):  # what was marked is not sent again
            assert telling.trigger("head", NOTICES, messages([event])) == DONE
        assert times(telling, address) in (1, 2), (calls, death)
        if times(telling, address) == 2:
            repeated.append(death)
        (lease,) = (
            from_item(one)
            for one in telling.client("dynamodb").query(
                TableName=f"{telling.prefix}-reporters",
                KeyConditionExpression="pk = :pk",
                ExpressionAttributeValues={":pk": {"S": f"C#{event['complaint_id']}"}},
            )["Items"]
        )
        assert lease["sk"] == "NOTICE#5#head"
        assert "sent_at" in lease
    sending = calls.index("sesv2.SendEmail")
    assert repeated == [Death(sending, "after"), Death(sending + 1, "before")]
    print(f"{2 * len(calls)} crash points at {len(calls)} AWS calls")
