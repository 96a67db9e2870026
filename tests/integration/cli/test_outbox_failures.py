"""Driving back what the streams' readers could not tell: from the table, or from the stream again."""

import io
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from cli.outbox_failures import stream_readers, tell_again
from cli.screen import CannotContinue
from cli.surroundings import Surroundings
from functions.complaint_intake import outbox
from functions.shelter_alerts import outbox as shelters_outbox
from functions.shelter_alerts.alerts.items import alert_key
from functions.shelter_alerts.items import vehicle_key
from shared import aws
from shared.complaints.store import ComplaintStore
from shared.dynamo import to_item
from tests.aws_double import (
    ALERTS_QUEUE,
    COMPLAINTS,
    EVALUATION_QUEUE,
    NOTICES_QUEUE,
    OUTBOX_FAILURES,
    PHOTOS_QUEUE,
    ROUTING_QUEUE,
    SHELTERS,
    messages,
)
from tests.builders import CONTEXT, a_complaint, a_number, a_stream_event, a_stream_record
from tests.movements import HERE, THERE, enter, leave, work_through
from tests.shelter_alerting import Scene
from tests.unit.cli.conftest import OUTPUTS
from tests.unit.shelter_alerts.fleet import PROVIDER

PHOTO = "0" * 26


class Functions:
    """Lambda, as far as it runs the outbox; `broken` lets it fail."""

    broken = False

    def invoke(self, *, FunctionName: str, Payload: bytes) -> Any:
        reader = {
            "simpul-test-complaint-intake-outbox": outbox,
            "simpul-test-shelter-alerts-outbox": shelters_outbox,
        }[FunctionName]
        if self.broken:
            return {"FunctionError": "Unhandled", "Payload": io.BytesIO(b"{}")}
        reader.handler(json.loads(Payload), CONTEXT)
        return {"Payload": io.BytesIO(b"null")}


class Streams:
    """A stream of records, of which it may have forgotten the oldest."""

    class exceptions:
        class TrimmedDataAccessException(Exception): ...

        class ResourceNotFoundException(Exception): ...

    def __init__(self, records: list[Any], *, forgotten: bool = False) -> None:
        self.records, self.forgotten = records, forgotten

    def get_shard_iterator(self, *, SequenceNumber: str, **_: Any) -> Any:
        if self.forgotten:
            raise self.exceptions.TrimmedDataAccessException
        numbers = [one["dynamodb"]["SequenceNumber"] for one in self.records]
        return {"ShardIterator": str(numbers.index(SequenceNumber))}

    def get_records(self, *, ShardIterator: str) -> Any:
        at = int(ShardIterator)
        return {"Records": self.records[at : at + 2], "NextShardIterator": str(at + 2)}


@pytest.fixture
def around(aws_double: None) -> Surroundings:
    outputs = OUTPUTS.model_copy(
        update={
            "tables": OUTPUTS.tables.model_copy(
                update={"complaints": COMPLAINTS, "shelters": SHELTERS}
            ),
            "queues": OUTPUTS.queues.model_copy(
                update=dict.fromkeys(
                    ("outbox_failures", "shelters_outbox_failures"), OUTBOX_FAILURES
                )
            ),
        }
    )
    surroundings = Surroundings(state_dir=None, outputs_path=None)  # type: ignore[arg-type]
    known: Any = vars(surroundings)
    known |= {"outputs": outputs, "sqs": aws.sqs(), "dynamodb": aws.dynamodb()}
    known |= {"functions": Functions(), "streams": Streams([])}
    return surroundings


def told_again(around: Surroundings, most: int, name: str = "outbox-failures") -> int:
    return tell_again(around, stream_readers(around.outputs)[name], most)


def note(body: Any) -> None:
    aws.sqs().send_message(QueueUrl=OUTBOX_FAILURES, MessageBody=json.dumps(body))


def a_batch(count: int) -> dict[str, Any]:
    return {
        "DDBStreamBatchInfo": {
            "streamArn": "arn:stream",
            "shardId": "shard-1",
            "startSequenceNumber": "1",
            "endSequenceNumber": str(count),
            "batchSize": count,
            "approximateArrivalOfFirstRecord": "2026-11-20T05:00:00Z",
        }
    }


def test_an_unreadable_record_is_told_as_the_table_has_it_now(around):
    complaint = a_complaint(photo_ids=(PHOTO,))
    ComplaintStore(COMPLAINTS).submit(complaint)
    spoilt = a_stream_record(complaint)
    keys = {"pk": {"S": f"C#{complaint.complaint_id}"}, "sk": {"S": "RECORD"}}
    spoilt["dynamodb"] |= {"Keys": keys}
    spoilt["dynamodb"]["NewImage"]["status"] = {"S": "unheard-of"}
    outbox.handler(a_stream_event(spoilt), CONTEXT)
    assert messages(ROUTING_QUEUE) == []
    assert told_again(around, 1) == 1
    for queue in (ROUTING_QUEUE, NOTICES_QUEUE, PHOTOS_QUEUE):
        assert [one["complaint_id"] for one in messages(queue)] == [complaint.complaint_id]
    assert messages(OUTBOX_FAILURES) == []


def test_a_batch_that_lambda_gave_up_is_read_from_the_stream_again(around):
    complaints = [a_complaint() for _ in range(4)]
    records = [a_stream_record(one) for one in complaints]
    for number, record in enumerate(records, start=1):
        record["dynamodb"] |= {
            "SequenceNumber": str(number),
            "ApproximateCreationDateTime": datetime(2026, 11, 20, tzinfo=UTC),
        }
    records[1]["eventName"] = "REMOVE"
    vars(around)["streams"] = Streams(records)
    note(a_batch(3))
    assert told_again(around, 1) == 2
    told = [one["complaint_id"] for one in messages(ROUTING_QUEUE)]
    assert told == [complaints[0].complaint_id, complaints[2].complaint_id]


def test_a_note_stays_until_its_records_are_told(around):
    complaint = a_complaint()
    ComplaintStore(COMPLAINTS).submit(complaint)
    keys = {"pk": {"S": f"C#{complaint.complaint_id}"}, "sk": {"S": "RECORD"}}
    note({"event_id": "1", "keys": keys, "sequence_number": "1"})
    around.functions.broken = True
    with pytest.raises(CannotContinue, match="gagal lagi"):
        told_again(around, 1)
    left = aws.sqs().get_queue_attributes(QueueUrl=OUTBOX_FAILURES, AttributeNames=["All"])
    assert left["Attributes"]["ApproximateNumberOfMessagesNotVisible"] == "1"


def test_what_the_stream_has_forgotten_is_said(around):
    vars(around)["streams"] = Streams([], forgotten=True)
    note(a_batch(7))
    with pytest.raises(CannotContinue, match="melupakan 7 rekaman"):
        told_again(around, 1)


def test_a_note_of_what_is_gone_is_done_with(around):
    keys = {"pk": {"S": f"C#{a_number()}"}, "sk": {"S": "RECORD"}}
    note({"event_id": "1", "keys": keys, "sequence_number": "1"})
    note({"event_id": "2", "keys": None, "sequence_number": None})
    assert told_again(around, 5) == 0
    assert messages(OUTBOX_FAILURES) == []


def of_shelters(around: Surroundings, keys: Mapping[str, str]) -> list[Any]:
    """Let the shelters' reader tell an item again; return what it told, but of stays."""
    note({"event_id": "1", "keys": to_item(keys), "sequence_number": "1"})
    assert told_again(around, 1, "shelters-outbox-failures") == 1
    assert messages(OUTBOX_FAILURES) == []
    return [*messages(EVALUATION_QUEUE), *messages(ALERTS_QUEUE)]


def test_shelters_hear_of_who_came_and_of_who_is_gone_again(around, monkeypatch):
    Scene(monkeypatch)
    work_through(enter(0, HERE))
    work_through(leave(60, HERE))
    work_through(enter(120, THERE))
    told = of_shelters(around, vehicle_key(PROVIDER, "one"))
    assert [(one["type"], one["shelter_id"]) for one in told] == [
        ("shelter_left.v1", HERE),
        ("shelter_changed.v1", HERE),
        ("shelter_changed.v1", THERE),
    ]


def test_a_vehicle_that_never_left_a_shelter_is_told_as_new(around, monkeypatch):
    Scene(monkeypatch)
    work_through(enter(0, HERE))
    (told,) = of_shelters(around, vehicle_key(PROVIDER, "one"))
    assert (told["type"], told["shelter_id"]) == ("shelter_changed.v1", HERE)


def test_an_alert_is_said_again_as_it_was_written(around, monkeypatch):
    scene = Scene(monkeypatch)
    scene.there_are(50)
    scene.look()
    (first,) = scene.says(60)
    (again,) = (
        one for one in of_shelters(around, alert_key(HERE)) if one["type"] == "alert_said.v1"
    )
    assert again == first
