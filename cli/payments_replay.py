"""Puts on the queue again what a provider said, and asks after orders of which nothing was heard."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from cli.screen import CannotContinue
from cli.surroundings import Surroundings
from functions.payment_webhooks import archive
from functions.payment_webhooks.indexes import BY_STALE
from functions.payment_webhooks.items import STALE_SHARDS, stale_partition
from shared.clock import now, to_text

_ID = re.compile(r"\d{8}T\d{4}-[0-9a-f]{16}")


def replay(around: Surroundings, notification_id: str) -> Mapping[str, Any]:
    """Put a kept notification on the queue again and return it.

    Raises:
        CannotContinue: none of this id is kept.
    """
    for message in _kept(around, notification_id):
        if message["notification_id"] == notification_id:
            _send(around, [message])
            return message
    raise CannotContinue(
        f"Pemberitahuan `{notification_id}` tidak disimpan; nomornya seperti "
        "20261120T0502-1a2b3c4d5e6f7081. / No notification of this id is kept."
    )


def _kept(around: Surroundings, notification_id: str) -> Iterator[Mapping[str, Any]]:
    """Yield the messages that were kept in the hour that an id names."""
    if not _ID.fullmatch(notification_id):
        return
    s3, bucket = around.client("s3"), around.outputs.buckets["payments"]
    pages = s3.get_paginator("list_objects_v2")
    for page in pages.paginate(Bucket=bucket, Prefix=archive.prefix_of(notification_id)):
        for one in page.get("Contents", ()):
            content = s3.get_object(Bucket=bucket, Key=one["Key"])["Body"].read()
            yield from map(json.loads, content.splitlines())


def _send(around: Surroundings, messages: Iterable[Mapping[str, Any]]) -> None:
    for message in messages:
        around.sqs.send_message(
            QueueUrl=around.outputs.queues.payments,
            MessageBody=json.dumps(message, ensure_ascii=False, separators=(",", ":")),
        )


def stale(around: Surroundings) -> list[tuple[str, str]]:
    """Return the orders that are to be asked about by now, with since when, the oldest first."""
    found = []
    pages = around.dynamodb.get_paginator("query")
    for shard in range(STALE_SHARDS):
        for page in pages.paginate(
            TableName=around.outputs.tables.payments,
            IndexName=BY_STALE,
            KeyConditionExpression="stale_shard = :shard AND stale_at <= :now",
            ExpressionAttributeValues={
                ":shard": {"S": stale_partition(shard)},
                ":now": {"S": to_text(now())},
            },
        ):
            found += [
                (item["pk"]["S"].removeprefix("O#"), item["stale_at"]["S"])
                for item in page["Items"]
            ]
    return sorted(found, key=lambda one: one[1])


def ask_about(around: Surroundings, orders: Iterable[tuple[str, str]]) -> None:
    """Have the provider asked about orders, by the same way as the schedule."""
    at = to_text(now())
    _send(
        around,
        [{"type": "payment_check.v1", "order_id": order_id, "at": at} for order_id, _ in orders],
    )
