"""A batch sent three times, its function dying at every AWS call: each draft is stored once."""

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from shared.dynamo import from_item
from tests.e2e.crashes.dying import Death, Run, run
from tests.e2e.crashes.world import INTAKE, World, http

DRAFTS = 25
#: One of five comes with a contact, which makes its write a transaction over both tables.
WITH_CONTACT = DRAFTS // 5


def a_batch(name: str) -> list[dict[str, Any]]:
    """Return drafts whose descriptions no other batch has."""
    return [
        {
            "key": str(uuid4()),
            "jurisdiction_id": "semarang",
            "service_code": "lampu-jalan",
            "description": f"{name}, laporan {number}",
            "drafted_at": "2026-11-20T11:00:00+07:00",
            **({"contact": {"phone": "+6281200000001"}} if number < WITH_CONTACT else {}),
        }
        for number in range(DRAFTS)
    ]


def send(drafts: Sequence[Any], death: Death | None = None) -> Run:
    return run(INTAKE, http("POST", "/complaints/batch", {"drafts": drafts}), death)


def results(sent: Run) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(sent.answer["body"])["results"]
    return found


def stored(world: World) -> Counter[str]:
    """Return how often each description is stored, with the number of contacts under ''."""
    dynamodb, found = world.client("dynamodb"), Counter[str]()
    for table in ("complaints", "reporters"):
        pages = dynamodb.get_paginator("scan").paginate(TableName=f"{world.prefix}-{table}")
        for values in (from_item(item) for page in pages for item in page["Items"]):
            found[values.get("description", "")] += 1
    return found


def inserted(world: World) -> Counter[str]:
    """Return how often each description came into the table, as its stream tells."""
    return Counter(
        record["dynamodb"]["NewImage"]["description"]["S"]
        for record in world.stream()
        if record["eventName"] == "INSERT"
    )


def test_a_batch_that_dies_at_any_aws_call_stores_each_draft_once(world: World) -> None:
    whole = send(a_batch("tanpa gangguan"))
    assert Counter(whole.calls) == {
        "secretsmanager.GetSecretValue": 2,
        "dynamodb.PutItem": DRAFTS - WITH_CONTACT,
        "dynamodb.TransactWriteItems": WITH_CONTACT,
    }
    expected = [draft["description"] for draft in a_batch("tanpa gangguan")]
    for call in range(len(whole.calls)):
        drafts = a_batch(f"mati pada panggilan {call}")
        expected += [draft["description"] for draft in drafts]
        for when in ("before", "after"):
            assert send(drafts, Death(call, when)).died, (call, when)
        last = results(send(drafts))
        assert {one["status"] for one in last} <= {200, 201}, call
        assert [one["key"] for one in last] == [draft["key"] for draft in drafts]
        assert len({one["receipt"]["complaint_id"] for one in last}) == DRAFTS
    batches = 1 + len(whole.calls)
    assert stored(world) == Counter(expected) | Counter({"": batches * WITH_CONTACT})
    assert inserted(world) == Counter(expected)
    print(f"{2 * len(whole.calls)} crash points at {len(whole.calls)} AWS calls, {batches} batches")
