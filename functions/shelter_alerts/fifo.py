"""Sends to a FIFO queue: each message with its group, and an id by which SQS knows a repetition."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from shared import aws
from shared.queues import SendFailed

#: SQS takes ten messages a batch, of together at most 256 KiB (since 2025: 1 MiB).
_MOST_IN_A_BATCH = 10
_LARGEST_BATCH = 240 * 1024


class Grouped(NamedTuple):
    """A message, the group in whose order it stands, and what it repeats if sent again."""

    group: str
    repetition: str
    body: str  #: in ASCII, so that a character is a byte


def written(message: Mapping[str, Any]) -> str:
    """Return a message as its body."""
    return json.dumps(message, separators=(",", ":"))


def group_of(shard: int) -> str:
    """Return the group of a shard's messages."""
    return f"{shard:02}"


def send(queue_url: str, *, group: str, repetition: str, body: str) -> None:
    """Send one message that is a text already (one SQS call)."""
    aws.sqs().send_message(
        QueueUrl=queue_url,
        MessageBody=body,
        MessageGroupId=group,
        MessageDeduplicationId=_digest(repetition),
    )


def send_all(queue_url: str, messages: Iterable[Grouped]) -> None:
    """Send messages, up to ten a call.

    Raises:
        SendFailed: some were refused; all may be sent again.
    """
    for entries in _batches(messages):
        answer = aws.sqs().send_message_batch(QueueUrl=queue_url, Entries=entries)  # type: ignore[arg-type]
        if failed := answer.get("Failed"):
            raise SendFailed(f"{len(failed)} of {len(entries)} messages: {failed[0].get('Code')}")


def _batches(messages: Iterable[Grouped]) -> Iterator[list[dict[str, str]]]:
    batch: list[dict[str, str]] = []
    size = 0
    for one in messages:
        length = len(one.body)
        if batch and (len(batch) == _MOST_IN_A_BATCH or size + length > _LARGEST_BATCH):
            yield batch
            batch, size = [], 0
        batch.append(
            {
                "Id": str(len(batch)),
                "MessageBody": one.body,
                "MessageGroupId": one.group,
                "MessageDeduplicationId": _digest(one.repetition),
            }
        )
        size += length
    if batch:
        yield batch


def _digest(repetition: str) -> str:
    return hashlib.sha256(repetition.encode()).hexdigest()
