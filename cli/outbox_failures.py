"""Brings back what the reader of the complaints table's stream could not tell anyone."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cli.screen import CannotContinue
from cli.surroundings import Surroundings

#: The entry of the stream's reader.
OUTBOX = "complaint-intake-outbox"
_RECORDS_A_CALL = 50


def tell_again(around: Surroundings, most: int) -> int:
    """Let the outbox tell again what its failure queue notes; return how many records it was.

    It takes `most` notes, so that what fails again meanwhile does not go round in circles.

    A note of a single record has its key: what the table holds of it now is told as if it were
    new. A note of a batch that Lambda gave up has its place in the stream, which is read again for
    as long as the stream remembers, a day. Whoever hears anything twice does nothing twice. A
    note is deleted only once its records are told.

    Raises:
        CannotContinue: the outbox failed again, or the stream has forgotten a batch.
    """
    url = around.outputs.queues.outbox_failures
    told = 0
    for _ in range(most):
        received = around.sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=1, WaitTimeSeconds=1, VisibilityTimeout=120
        ).get("Messages", [])
        if not received:
            break
        (message,) = received
        records = list(_records(around, json.loads(message["Body"])))
        for at in range(0, len(records), _RECORDS_A_CALL):
            _tell(around, records[at : at + _RECORDS_A_CALL])
        around.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        told += len(records)
    return told


def _records(around: Surroundings, note: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    if batch := note.get("DDBStreamBatchInfo"):
        yield from _of_stream(around, batch)
    elif keys := note.get("keys"):
        found = around.dynamodb.get_item(
            TableName=around.outputs.tables.complaints, Key=keys, ConsistentRead=True
        )
        if item := found.get("Item"):
            yield {
                "eventID": note.get("event_id"),
                "eventName": "INSERT",
                "dynamodb": {"Keys": keys, "NewImage": item},
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
            f"{batch.get('approximateArrivalOfFirstRecord')}; sapuan mengirim ulang aduannya ke "
            "dinas, tetapi pemberitahuan warga dari saat itu tidak terkirim. / The stream has "
            "forgotten them: the sweep sends the complaints, notices of that time are lost."
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


def _tell(around: Surroundings, records: Sequence[Mapping[str, Any]]) -> None:
    answer = around.functions.invoke(
        FunctionName=around.outputs.function(OUTBOX),
        Payload=json.dumps({"Records": records}, default=str).encode(),
    )
    if answer.get("FunctionError"):
        raise CannotContinue(
            "Pembaca stream gagal lagi; lihat lognya. / The stream's reader failed again: see its log."
        )
