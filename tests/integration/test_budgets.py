"""What each operation costs: AWS calls and units of the base table, as the design promises.

Units are for records up to 1 KB; DynamoDB itself is asked on the local cloud (`make bench`).
"""

import json
from dataclasses import replace
from typing import Any

import pytest

from functions.agency_routing import api as routing
from functions.agency_routing import on_complaint
from functions.complaint_intake import api as intake
from shared import ids
from shared.complaints import marks
from shared.complaints.events import to_deliver
from shared.complaints.items import complaint_values
from shared.complaints.law import OPEN, Action, Status
from shared.complaints.record import Complaint
from shared.complaints.store import ComplaintStore
from shared.dynamo import to_item
from tests.aws_double import AGENCY_QUEUES, COMPLAINTS, messages
from tests.builders import (
    CONTEXT,
    TOKEN_SECRET,
    a_complaint,
    a_contact,
    a_key,
    a_submission,
    an_action,
    an_api_event,
    an_entry,
    an_sqs_event,
    client_claims,
)
from tests.metering import metered, size_of

pytestmark = pytest.mark.usefixtures("small_config", "aws_double")

DPU = client_claims("client-of-dpu")


@pytest.fixture
def table() -> ComplaintStore:
    return ComplaintStore(COMPLAINTS)


@pytest.fixture(autouse=True)
def _warm(_aws_is_open: None) -> None:
    """Fetch secrets and parameters first, as a container does once."""
    intake.handler(an_api_event("POST", "/complaints", body=a_submission()), CONTEXT)
    routing.handler(an_api_event("GET", "/agencies/semarang-dpu/complaints", claims=DPU), CONTEXT)


@pytest.fixture
def _aws_is_open(aws_double: None) -> None:
    """Order the fixtures."""


def submit(key: str | None = None, **changes: Any) -> Any:
    headers = {"Idempotency-Key": key or a_key()}
    event = an_api_event("POST", "/complaints", body=a_submission(**changes), headers=headers)
    return intake.handler(event, CONTEXT)


def stored(table: ComplaintStore, **changes: Any) -> Complaint:
    complaint = a_complaint(**changes)
    assert table.submit(complaint) is None
    assert size_of(to_item(complaint_values(complaint))) < 1024
    return complaint


def test_an_anonymous_submission_is_one_call_and_two_units_at_most():
    with metered() as bill:
        assert submit(anonymous=True)["statusCode"] == 201
    assert bill.calls == ["PutItem"]
    assert bill.write_units <= 2
    assert bill.read_units == 0


def test_a_submission_with_contact_is_one_transaction_and_six_units_at_most():
    with metered() as bill:
        assert submit(contact=a_contact())["statusCode"] == 201
    assert bill.calls == ["TransactWriteItems"]
    assert bill.write_units <= 6
    assert bill.read_units == 0


@pytest.mark.parametrize("contact", [None, a_contact()])
def test_the_same_submission_again_is_the_refused_write_only(contact):
    key = a_key()
    submit(key, contact=contact)
    with metered() as bill:
        assert submit(key, contact=contact)["statusCode"] == 200
    assert len(bill.calls) <= 2
    assert bill.read_units <= 1


def test_routing_a_complaint_is_three_calls_and_four_units_at_most(table):
    complaint = stored(table)
    with metered() as bill:
        done = on_complaint.handler(an_sqs_event(to_deliver(complaint)), CONTEXT)
    assert done == {"batchItemFailures": []}
    assert bill.calls == ["UpdateItem", "SendMessage", "UpdateItem"]
    assert bill.write_units <= 4
    assert bill.read_units == 0
    assert len(messages(f"{AGENCY_QUEUES}semarang-dpu")) == 1


def test_an_agencys_action_is_two_calls_four_units_and_one_read_at_most(table):
    complaint = stored(table, status=Status.ASSIGNED)
    path = f"/complaints/{complaint.complaint_id}/actions"
    with metered() as bill:
        event = an_api_event("POST", path, body=an_action("accept"), claims=DPU)
        assert routing.handler(event, CONTEXT)["statusCode"] == 200
    assert bill.calls == ["GetItem", "TransactWriteItems"]
    assert bill.write_units <= 4
    assert bill.read_units <= 1


def test_a_complaint_is_followed_with_one_query(table):
    complaint = stored(table, status=Status.ASSIGNED)
    table.record_action(complaint, replace(complaint, version=3), an_entry())
    with metered() as bill:
        event = an_api_event("GET", f"/complaints/{complaint.complaint_id}")
        answer = intake.handler(event, CONTEXT)
    assert len(json.loads(answer["body"])["timeline"]) == 3
    assert bill.calls == ["Query"]
    assert bill.read_units == 0.5


def test_a_work_list_is_one_query_a_status(table):
    for _ in range(5):
        stored(table, status=Status.ASSIGNED)
    with metered() as bill:
        found, _ = table.work("semarang-dpu", OPEN, limit=50)
    assert len(found) == 5
    assert bill.calls == ["Query"] * len(OPEN)


def test_a_submission_costs_the_same_however_many_there_are(table):
    with metered() as first:
        submit()
    for _ in range(200):
        stored(table)
    with metered() as later:
        submit()
    assert later == first


def test_a_long_description_costs_by_its_size():
    with metered() as bill:
        submit(description="a" * 4000)
    assert bill.write_units == 5


def test_a_reporters_reply_is_three_calls_four_units_and_two_reads_at_most(table):
    complaint = stored(table, status=Status.ASSIGNED)
    token = ids.tracking_token(TOKEN_SECRET, complaint.complaint_id, 0)
    body = {"action": "withdraw", "action_id": a_key()}
    path = f"/complaints/{complaint.complaint_id}/replies"
    event = an_api_event("POST", path, body=body, headers={"X-Tracking-Token": token})
    with metered() as bill:
        assert intake.handler(event, CONTEXT)["statusCode"] == 200
    assert bill.calls == ["GetItem", "GetItem", "TransactWriteItems"]
    assert bill.write_units <= 4
    assert bill.read_units <= 2


@pytest.mark.parametrize(
    ("what", "status", "most"),
    [
        ("support", Status.ASSIGNED, 4),
        ("not-fixed", Status.RESOLVED, 6),  # with its mark the record may pass a kilobyte
    ],
)
def test_a_voice_is_two_calls_and_one_read_at_most(table, what, status, most):
    complaint = stored(table, status=status)
    path = f"/complaints/{complaint.complaint_id}/{what}"
    with metered() as bill:
        event = an_api_event("POST", path, body={"device_id": "gawai-1"})
        assert intake.handler(event, CONTEXT)["statusCode"] == 201
    assert bill.calls == ["GetItem", "TransactWriteItems"]
    assert bill.write_units <= most
    assert bill.read_units <= 1


def test_what_is_near_is_four_queries_and_one_read_of_many_at_most(table):
    for _ in range(30):
        stored(table, lat=-6.99, long=110.42)
    query = {"jurisdiction_id": "semarang", "lat": "-6.99", "lng": "110.42"}
    with metered() as bill:
        answer = intake.handler(an_api_event("GET", "/complaints/nearby", query=query), CONTEXT)
    assert len(json.loads(answer["body"])["complaints"]) == 20
    assert bill.calls.count("Query") <= 4
    assert bill.calls.count("BatchGetItem") == 1
    assert set(bill.calls) == {"Query", "BatchGetItem"}


def test_news_of_a_complaint_is_four_calls_and_one_unit_at_most(table):
    before = stored(table, status=Status.RESOLVED)
    said = an_entry(action=Action.NOT_FIXED)
    after = marks.to_tell(replace(before, version=3), said.action_id, before.created_at)
    table.record_action(before, after, said)
    with metered() as bill:
        on_complaint.handler(an_sqs_event(to_deliver(after)), CONTEXT)
    assert bill.calls == ["GetItem", "GetItem", "SendMessage", "UpdateItem"]
    assert bill.write_units <= 2
    assert len(messages(f"{AGENCY_QUEUES}semarang-dpu")) == 1
