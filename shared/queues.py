"""Sends to queues and works through their batches, so that a failure repeats and nothing is lost."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from shared import aws
from shared.errors import described

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger

#: SQS takes ten messages a batch; the size leaves room below the 256 KiB that every queue allows.
_MOST_IN_A_BATCH = 10
_LARGEST_BATCH = 240 * 1024


class SendFailed(Exception):
    """SQS took some messages of a batch and refused others."""


def send(queue_url: str, message: Mapping[str, Any]) -> None:
    """Send one message (one SQS call)."""
    aws.sqs().send_message(QueueUrl=queue_url, MessageBody=_body(message))


def send_all(queue_url: str, messages: Iterable[Mapping[str, Any]]) -> None:
    """Send messages, up to ten a call.

    Raises:
        SendFailed: some were refused; all may be sent again.
    """
    for batch in _batches(map(_body, messages)):
        entries = [{"Id": str(n), "MessageBody": body} for n, body in enumerate(batch)]
        answer = aws.sqs().send_message_batch(QueueUrl=queue_url, Entries=entries)  # type: ignore[arg-type]
        if failed := answer.get("Failed"):
            raise SendFailed(f"{len(failed)} of {len(batch)} messages: {failed[0].get('Code')}")


def work_through(
    event: Mapping[str, Any], work: Callable[[Any], None], logger: "Logger"
) -> dict[str, list[dict[str, str]]]:
    """Do `work` on each message of an SQS event; return those that failed, to come again."""
    failures = []
    for record in event["Records"]:
        try:
            work(json.loads(record["body"]))
        except Exception as error:  # noqa: BLE001 (logged, and answered below)
            # Whatever it was, the queue brings the message back, and in the end its DLQ keeps it.
            logger.error("message failed", message_id=record["messageId"], **described(error))
            failures.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failures}


def _body(message: Mapping[str, Any]) -> str:
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"))


def _batches(bodies: Iterable[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    size = 0
    for body in bodies:
        length = len(body.encode())
        if batch and (len(batch) == _MOST_IN_A_BATCH or size + length > _LARGEST_BATCH):
            yield batch
            batch, size = [], 0
        batch.append(body)
        size += length
    if batch:
        yield batch
