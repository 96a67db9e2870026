"""The shelters table's stream: tells of comings and goings, of stays that are over, and of alerts."""

import os
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any, Final

from aws_lambda_powertools import Logger

from functions.shelter_alerts.alerts.items import CAPACITY
from functions.shelter_alerts.alerts.payload import said_in
from functions.shelter_alerts.changes import events_of
from shared.dynamo import from_item
from shared.queues import send_all
from shared.streams import read_all

logger = Logger(service="shelter_alerts")

#: The environment's name for the queue on which each event goes.
LOOKS: Final = "EVALUATION_QUEUE_URL"
ALERTS: Final = "ALERTS_QUEUE_URL"
FAILURES: Final = "OUTBOX_FAILURES_URL"


def events(record: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the events of a stream record, and on which queue each goes."""
    images = record["dynamodb"]
    old = from_item(images["OldImage"]) if "OldImage" in images else None
    new = from_item(images["NewImage"]) if "NewImage" in images else None
    if new is not None and new["sk"].startswith(CAPACITY):
        if said := said_in(old, new):
            yield ALERTS, said
        return
    for event in events_of(old, new):
        yield LOOKS, event


def handler(event: Mapping[str, Any], _context: object) -> None:
    """Send the events of a batch of stream records; a failed send brings the batch again."""
    found, unreadable = read_all(event, lambda record: list(events(record)), logger)
    sent: dict[str, list[Mapping[str, Any]]] = {ALERTS: [], LOOKS: [], FAILURES: [*unreadable]}
    for queue, message in chain.from_iterable(found):
        sent[queue].append(message)
    for queue, messages in sent.items():
        if messages:
            send_all(os.environ[queue], messages)
    logger.info("outbox", records=len(event["Records"]), events=sum(map(len, sent.values())))
