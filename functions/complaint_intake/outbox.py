"""The complaints table's stream: tells routing, the notices, the photos and the eraser of changes."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger

from functions.complaint_intake.alerts import showing
from functions.complaint_intake.enrichment import Enrichment
from shared.clock import to_text
from shared.complaints import events
from shared.complaints.items import RECORD, complaint_from
from shared.complaints.law import Status
from shared.complaints.record import Complaint, Level
from shared.dynamo import from_item
from shared.queues import send_all
from shared.streams import read_all

logger = Logger(service="complaint_intake")

#: The environment's name for the queue on which each event goes.
ROUTING = "ROUTING_QUEUE_URL"
NOTICES = "NOTICES_QUEUE_URL"
PHOTOS = "PHOTOS_QUEUE_URL"
ERASURES = "ERASURES_QUEUE_URL"
FAILURES = "OUTBOX_FAILURES_URL"


@dataclass(frozen=True, slots=True)
class Written:
    """A record as it was written, and the plain values it had before."""

    complaint: Complaint
    before: Mapping[str, Any]

    @property
    def to_deliver(self) -> bool:
        """Whether its mark was set anew."""
        mark = self.complaint.undelivered_since
        return mark is not None and mark != self.before.get("undelivered_since")

    @property
    def newly_planned(self) -> bool:
        """Whether a day was named by which it is to be done, or another one."""
        planned_at = self.complaint.planned_at
        return planned_at is not None and to_text(planned_at) != self.before.get("planned_at")

    @property
    def newly_at_its_head(self) -> bool:
        """Whether its delay has just come as far as its agency's head."""
        level = self.complaint.escalation
        return level == Level.HEAD and level != self.before.get("escalation")

    @property
    def newly_shown(self) -> bool:
        """Whether it is routed, public and at a place, and was not all of that before."""
        before = self.before
        was_shown = "cell" in before and before["status"] != Status.RECEIVED
        return showing.is_shown_at_a_place(self.complaint) and not was_shown

    def events(self) -> list[tuple[str, Mapping[str, Any]]]:
        """Return the events, and on which queue each goes, that need nothing looked up."""
        complaint, before = self.complaint, self.before
        found: list[tuple[str, Mapping[str, Any]]] = []
        planned = self.newly_planned
        if complaint.status != before.get("status") or planned:
            progressed = events.progressed(complaint, before.get("status"), planned=planned)
            found.append((NOTICES, progressed))
        if self.newly_at_its_head:
            found.append((NOTICES, events.escalated(complaint)))
        if self.newly_shown:
            found.append((NOTICES, showing.shown(complaint)))
        if set(complaint.photo_ids) - set(before.get("photo_ids", ())):
            found.append((PHOTOS, events.photos_claimed(complaint)))
        if complaint.erasure_requested_at and not before.get("erasure_requested_at"):
            found.append((ERASURES, events.erasure_requested(complaint.complaint_id, "request")))
        return found


def written(record: Mapping[str, Any]) -> Written | None:
    """Return what a stream record says of a complaint; None if it is of something else."""
    images = record["dynamodb"]
    new = from_item(images["NewImage"])
    if new["sk"] != RECORD:
        return None
    return Written(complaint_from(new), from_item(images.get("OldImage", {})))


@cache
def enrichment() -> Enrichment:
    """Return what looks things up, made once a container."""
    return Enrichment(os.environ["COMPLAINTS_TABLE"])


def for_routing(changes: Sequence[Written]) -> list[Mapping[str, Any]]:
    """Return the events for routing, with what is known besides of those to be decided."""
    marked = [one.complaint for one in changes if one.to_deliver]
    known = enrichment().of([one for one in marked if one.status is Status.RECEIVED])
    return [events.to_deliver(one) | known.get(one.complaint_id, {}) for one in marked]


def handler(event: Mapping[str, Any], _context: object) -> None:
    """Send the events of a batch of stream records; a failed send brings the batch again."""
    # What cannot be read is found again by the mark of its complaint: the sweep looks for those.
    found, unreadable = read_all(event, written, logger)
    changes = [one for one in found if one]
    sent = {ROUTING: for_routing(changes), NOTICES: [], PHOTOS: [], ERASURES: []}
    for queue, message in (pair for one in changes for pair in one.events()):
        sent[queue].append(message)
    for queue, messages in (sent | {FAILURES: unreadable}).items():
        if messages:
            send_all(os.environ[queue], messages)
    logger.info("outbox", records=len(event["Records"]), events=sum(map(len, sent.values())))
