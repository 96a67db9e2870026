"""Sends to queues and works through their batches, so that a failure repeats and nothing is lost."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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


def bodies(event: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the messages of an SQS event that are JSON objects, before they are worked on."""
    for record in event["Records"]:
        try:
            body = json.loads(record["body"])
        except ValueError:
            continue  # `work_through` fails it
        if isinstance(body, dict):
            yield body


def work_through(
    event: Mapping[str, Any],
    work: Callable[[Any], None],
    logger: "Logger",
    *,
    waits_s: Sequence[int] = (),
    queue_url: str = "",
) -> dict[str, list[dict[str, str]]]:
    """Do `work` on each message of an SQS event; return those that failed, to come again.

    They come when the queue's visibility time-out has run out; or, where `waits_s` is given, as
    many seconds later as it says for a first, second, … failure (one more SQS call each).
    """
    failures = []
    for record in event["Records"]:
        try:
            work(json.loads(record["body"]))
        except Exception as error:  # noqa: BLE001 (logged, and answered below)
            # Whatever it was, the queue brings the message back, and in the end its DLQ keeps it.
            logger.error("message failed", message_id=record["messageId"], **described(error))
            failures.append({"itemIdentifier": record["messageId"]})
            if waits_s:
                _put_off(record, waits_s, queue_url, logger)
    return {"batchItemFailures": failures}


def _put_off(
    record: Mapping[str, Any], waits_s: Sequence[int], queue_url: str, logger: "Logger"
) -> None:
    failed = min(int(record["attributes"]["ApproximateReceiveCount"]), len(waits_s))
    try:
        aws.sqs().change_message_visibility(
            QueueUrl=queue_url,
            ReceiptHandle=record["receiptHandle"],
            VisibilityTimeout=waits_s[failed - 1],
        )
    except Exception as error:  # noqa: BLE001 (it still comes again, only at another time)
        logger.warning("message not put off", message_id=record["messageId"], **described(error))


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
