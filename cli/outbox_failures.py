"""Brings back what the readers of the tables' streams could not tell anyone."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from cli.outputs import Outputs
from cli.screen import CannotContinue
from cli.surroundings import Surroundings

_RECORDS_A_CALL: Final = 50

#: An item, or a part of one, as DynamoDB has it.
Attributes = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamReader:
    """A reader of a table's stream: its function's entry, and the queue of what it could not tell.

    `before` makes up what an item was before the change that is told again; None: it is told as new.
    """

    entry: str
    table: str
    failures_url: str
    before: Callable[[Attributes], Attributes | None]


def stream_readers(outputs: Outputs) -> Mapping[str, StreamReader]:
    """Return a deployment's stream readers, by the names that `simpul dlq` has for their queues."""
    return {
        "outbox-failures": StreamReader(
            entry="complaint-intake-outbox",
            table=outputs.tables.complaints,
            failures_url=outputs.queues.outbox_failures,
            before=lambda _: None,
        ),
        "shelters-outbox-failures": StreamReader(
            entry="shelter-alerts-outbox",
            table=outputs.tables.shelters,
            failures_url=outputs.queues.shelters_outbox_failures,
            before=_before_it_left,
        ),
    }


def _before_it_left(item: Attributes) -> Attributes | None:
    """Return a vehicle as it was in its last shelter, so that this one hears that it is gone."""
    if "left" not in item:
        return None
    kept = {name: value for name, value in item.items() if name not in {"left", "stay"}}
    return {**kept, "stay": item["left"]}


def tell_again(around: Surroundings, reader: StreamReader, most: int) -> int:
    """Let a reader tell again what its failure queue notes; return how many records it was.

    It takes `most` notes, so that what fails again meanwhile does not go round in circles.

    A note of a single record has its key: what the table holds of it now is told as if it were
    new. A note of a batch that Lambda gave up has its place in the stream, which is read again for
    as long as the stream remembers, a day. Whoever hears anything twice does nothing twice. A
    note is deleted only once its records are told.

    Raises:
        CannotContinue: the reader failed again, or the stream has forgotten a batch.
    """
    url = reader.failures_url
    told = 0
    for _ in range(most):
        received = around.sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=1, WaitTimeSeconds=1, VisibilityTimeout=120
        ).get("Messages", [])
        if not received:
            break
        (message,) = received
        records = list(_records(around, reader, json.loads(message["Body"])))
        for at in range(0, len(records), _RECORDS_A_CALL):
            _tell(around, reader, records[at : at + _RECORDS_A_CALL])
        around.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        told += len(records)
    return told


def _records(
    around: Surroundings, reader: StreamReader, note: Mapping[str, Any]
) -> Iterator[Mapping[str, Any]]:
    if batch := note.get("DDBStreamBatchInfo"):
        yield from _of_stream(around, batch)
    elif keys := note.get("keys"):
        found = around.dynamodb.get_item(TableName=reader.table, Key=keys, ConsistentRead=True)
        if item := found.get("Item"):
            before = reader.before(item)
            yield {
                "eventID": note.get("event_id"),
                "eventName": "INSERT" if before is None else "MODIFY",
                "dynamodb": {
                    "Keys": keys,
                    "NewImage": item,
                    **({} if before is None else {"OldImage": before}),
                },
            }


def _of_stream(around: Surroundings, batch: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the records of a batch that was given up, from the stream itself."""
    streams = around.streams
    try:
        iterator = streams.get_shard_iterator(
            StreamArn=batch["streamArn"],
            ShardId=batch["shardId"],
            ShardIteratorType="AT_SEQUENCE_NUMBER",
            SequenceNumber=batch["startSequenceNumber"],
        )["ShardIterator"]
    except (
        streams.exceptions.TrimmedDataAccessException,
        streams.exceptions.ResourceNotFoundException,
    ):
        raise CannotContinue(
            f"Stream sudah melupakan {batch['batchSize']} rekaman dari "
            f"{batch.get('approximateArrivalOfFirstRecord')}. Aduannya dikirim ulang oleh sapuan, "
            "titik kumpul dihitung lagi begitu ada yang datang atau pergi; pemberitahuan dan riwayat "
            "saat itu hilang. / The stream has forgotten them: the sweep sends the complaints, "
            "shelters are counted when somebody comes or goes, notices and history are lost."
        ) from None
    last = int(batch["endSequenceNumber"])
    while iterator:
        page = streams.get_records(ShardIterator=iterator)
        for record in page["Records"]:
            if int(record["dynamodb"]["SequenceNumber"]) > last:
                return
            if record["eventName"] != "REMOVE":
                yield record
        if not page["Records"]:
            return
        iterator = page.get("NextShardIterator", "")


def _tell(around: Surroundings, reader: StreamReader, records: Sequence[Mapping[str, Any]]) -> None:
    answer = around.functions.invoke(
        FunctionName=around.outputs.function(reader.entry),
        Payload=json.dumps({"Records": records}, default=str).encode(),
    )
    if answer.get("FunctionError"):
        raise CannotContinue(
            "Pembaca stream gagal lagi; lihat lognya. / The stream's reader failed again: see its log."
        )
