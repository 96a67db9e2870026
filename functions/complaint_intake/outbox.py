"""The complaints table's stream: tells routing of every complaint that is to be delivered."""

import os
from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools import Logger

from shared.complaints.events import AssignmentPendingV1, ComplaintReceivedV1, to_deliver
from shared.complaints.items import RECORD, complaint_from
from shared.dynamo import from_item
from shared.errors import described
from shared.queues import send_all

logger = Logger(service="complaint_intake")


def event_of(record: Mapping[str, Any]) -> ComplaintReceivedV1 | AssignmentPendingV1 | None:
    """Return the event of a stream record whose change set a mark anew; None for any other."""
    images = record["dynamodb"]
    new = from_item(images["NewImage"])
    mark = new.get("undelivered_since")
    old_mark = images.get("OldImage", {}).get("undelivered_since", {}).get("S")
    if new["sk"] != RECORD or not mark or mark == old_mark:
        return None
    return to_deliver(complaint_from(new))


def handler(event: Mapping[str, Any], _context: object) -> None:
    """Send the events of a batch of stream records; a failed send brings the batch again."""
    events: list[Mapping[str, Any]] = []
    unreadable = []
    for record in event["Records"]:
        try:
            found = event_of(record)
        except Exception as error:  # noqa: BLE001 (logged, and set aside below)
            # One bad record must not stop its shard; the sweep still finds its complaint's mark.
            logger.error("unreadable record", event_id=record.get("eventID"), **described(error))
            unreadable.append(_reference(record))
        else:
            events.extend([found] if found else [])
    send_all(os.environ["ROUTING_QUEUE_URL"], events)
    send_all(os.environ["OUTBOX_FAILURES_URL"], unreadable)
    logger.info("outbox", records=len(event["Records"]), events=len(events))


def _reference(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return what finds a record again, and none of its text."""
    images = record.get("dynamodb", {})
    return {
        "event_id": record.get("eventID"),
        "keys": images.get("Keys"),
        "sequence_number": images.get("SequenceNumber"),
    }
