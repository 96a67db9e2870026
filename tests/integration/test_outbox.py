"""The outbox through its handler: stream records in, events on the routing queue."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from functions.complaint_intake.outbox import handler
from shared.complaints.events import to_deliver
from shared.complaints.law import Status
from tests.aws_double import NOTICES_QUEUE, OUTBOX_FAILURES, ROUTING_QUEUE, messages
from tests.builders import (
    CONTEXT,
    NOW,
    a_complaint,
    a_stream_event,
    a_stream_record,
    an_entry,
    an_entry_image,
)

pytestmark = pytest.mark.usefixtures("aws_double")


def test_every_complaint_to_be_delivered_is_told_once():
    new = [a_complaint() for _ in range(12)]
    entry = an_entry_image(new[0], an_entry())
    delivered = a_complaint(status=Status.ASSIGNED)
    records = [*map(a_stream_record, new), a_stream_record(entry), a_stream_record(delivered)]
    handler(a_stream_event(*records), CONTEXT)
    sent = {message["complaint_id"]: message for message in messages(ROUTING_QUEUE)}
    assert sent == {one.complaint_id: to_deliver(one) for one in new}
    assert messages(OUTBOX_FAILURES) == []


def unreadable() -> list[Any]:
    good = a_stream_record(a_complaint())
    image = good["dynamodb"]["NewImage"]
    spoilt = [
        image | {"status": {"S": "unheard-of"}},
        {name: value for name, value in image.items() if name != "description"},
        image | {"due_at": {"S": "soon"}},
        image | {"lat": {"SS": ["x"]}},
    ]
    return [
        *(good | {"dynamodb": good["dynamodb"] | {"NewImage": one}} for one in spoilt),
        good | {"dynamodb": {"Keys": good["dynamodb"]["Keys"], "SequenceNumber": "1"}},
        {"eventID": "without anything"},
    ]


@pytest.mark.parametrize("record", unreadable())
def test_a_record_that_cannot_be_read_goes_aside_and_stops_nobody(record):
    complaint = a_complaint()
    handler(a_stream_event(record, a_stream_record(complaint)), CONTEXT)
    assert [one["complaint_id"] for one in messages(ROUTING_QUEUE)] == [complaint.complaint_id]
    ((aside),) = messages(OUTBOX_FAILURES)
    images = record.get("dynamodb", {})
    assert aside == {
        "event_id": record["eventID"],
        "keys": images.get("Keys"),
        "sequence_number": images.get("SequenceNumber"),
    }


def test_what_goes_aside_has_nothing_of_the_text():
    record = a_stream_record(a_complaint(description="Bu Tutik tinggal di sini"))
    record["dynamodb"]["NewImage"]["status"] = {"S": "unheard-of"}
    handler(a_stream_event(record), CONTEXT)
    assert "Tutik" not in str(messages(OUTBOX_FAILURES))


def test_a_failing_send_fails_the_batch_so_that_it_comes_again(monkeypatch):
    monkeypatch.setenv("ROUTING_QUEUE_URL", f"{ROUTING_QUEUE}-gone")
    with pytest.raises(ClientError):
        handler(a_stream_event(a_stream_record(a_complaint())), CONTEXT)


def test_a_batch_with_nothing_to_tell_sends_nothing():
    handler(a_stream_event(a_stream_record(a_complaint(status=Status.ASSIGNED))), CONTEXT)
    assert messages(ROUTING_QUEUE) == []


def test_a_day_by_which_it_is_to_be_done_is_told_once_whether_or_not_its_status_changes():
    accepted = a_complaint(status=Status.ACCEPTED)
    planned = replace(
        accepted, status=Status.IN_PROGRESS, planned_at=NOW + timedelta(days=7), version=3
    )
    noted = replace(planned, version=4)
    moved = replace(noted, planned_at=NOW + timedelta(days=9), version=5)
    steps = [(planned, accepted), (noted, planned), (moved, noted)]
    handler(a_stream_event(*(a_stream_record(new, old) for new, old in steps)), CONTEXT)
    told = [(one["version"], one["planned"]) for one in messages(NOTICES_QUEUE)]
    assert sorted(told) == [(3, True), (5, True)]
