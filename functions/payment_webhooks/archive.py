"""Keeps what providers sent, as they sent it: one object of lines for each batch and hour."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any, Final

from shared import aws

FOLDER: Final = "raw/"
_ID_LENGTH: Final = 16


def keep(bucket: str, messages: Iterable[Mapping[str, Any]]) -> None:
    """Write a batch's `payment_notification.v1` messages to the bucket (one S3 call an hour of them).

    The same batch again writes the same object.
    """
    for key, lines in objects(messages):
        aws.s3().put_object(Bucket=bucket, Key=key, Body=lines, ContentType="application/x-ndjson")


def objects(messages: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, bytes]]:
    """Yield the key and content of each object: the messages by the hour in which they came."""
    ordered = sorted(messages, key=lambda one: str(one["notification_id"]))
    for prefix, group in groupby(ordered, key=lambda one: prefix_of(str(one["notification_id"]))):
        lines = [json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in group]
        content = ("\n".join(lines) + "\n").encode()
        yield f"{prefix}{hashlib.sha256(content).hexdigest()[:_ID_LENGTH]}.ndjson", content


def prefix_of(notification_id: str) -> str:
    """Return where a notification is kept ("20260301T0215-…"): raw/2026/03/01/02/ (UTC)."""
    return (
        f"{FOLDER}{notification_id[:4]}/{notification_id[4:6]}/{notification_id[6:8]}"
        f"/{notification_id[9:11]}/"
    )
