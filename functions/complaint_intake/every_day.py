"""The daily look at what is to be forgotten: terms that are over, and requests still not carried out."""

import os
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from itertools import takewhile
from typing import Any, Literal

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from shared import queues
from shared.clock import now
from shared.complaints.clocks import ERASURE, RETENTION
from shared.complaints.events import ErasureRequestedV1, erasure_requested
from shared.complaints.listings import ComplaintListings

logger = Logger(service="complaint_intake")
metrics = Metrics(namespace="Simpul", service="complaint_intake")

#: With less than this left of its time the function stops: its last call may take 14 s.
RESERVE_MS = 15_000


@cache
def listings() -> ComplaintListings:
    return ComplaintListings(os.environ["COMPLAINTS_TABLE"])


def look(at: datetime, has_time: Callable[[], bool]) -> dict[str, int]:
    """Have everything that is due forgotten, as far as there is time; return how much that was.

    Requests come first. What is not reached, or fails, is still due tomorrow.
    """
    found = {"late": 0, "over": 0}

    def events(clock: str, reason: Literal["request", "retention"], name: str) -> Iterator[Any]:
        for complaint_id in takewhile(lambda _: has_time(), listings().due(clock, at)):
            found[name] += 1
            event: ErasureRequestedV1 = erasure_requested(complaint_id, reason)
            yield event

    queue = os.environ["ERASURES_QUEUE_URL"]
    queues.send_all(queue, events(ERASURE, "request", "late"))
    queues.send_all(queue, events(RETENTION, "retention", "over"))
    return found


def handler(_event: dict[str, Any], context: Any) -> dict[str, int]:
    """Send an event for each complaint whose reporter is to be forgotten; return how many."""
    found = look(now(), lambda: context.get_remaining_time_in_millis() > RESERVE_MS)
    metrics.add_metric("ErasuresLate", MetricUnit.Count, found["late"])
    metrics.add_metric("TermsOver", MetricUnit.Count, found["over"])
    metrics.flush_metrics()
    logger.info("every day", late=found["late"], over=found["over"])
    return found
