"""The sweep: sends again whatever still carries its mark, and does what clocks that ran out say."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import cache
from itertools import chain, repeat, takewhile, zip_longest
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from functions.agency_routing import settings
from functions.agency_routing.clockwork import RINGS, ring
from shared import config, queues
from shared.clock import from_text, now
from shared.complaints.deliveries import Deliveries
from shared.complaints.events import to_deliver
from shared.complaints.items import UNDELIVERED_SHARDS
from shared.complaints.listings import ComplaintListings
from shared.complaints.record import Complaint
from shared.complaints.store import ComplaintStore
from shared.errors import described

logger = Logger(service="agency_routing")
metrics = Metrics(namespace="Simpul", service="agency_routing")

#: Marks younger than this are still on their usual way.
PATIENCE = timedelta(minutes=5)
#: With less than this left of its time the function stops: its last call may take 14 s.
RESERVE_MS = 15_000


@cache
def complaints() -> ComplaintStore:
    return ComplaintStore(settings.complaints_table())


@cache
def listings() -> ComplaintListings:
    """Return the lists of the complaints table."""
    return ComplaintListings(settings.complaints_table())


def overdue(before: datetime) -> Iterator[tuple[Complaint, datetime]]:
    """Yield the complaints marked before an instant and when they were, the oldest first.

    Shards take turns, so that one full of what cannot be delivered hides no other. Only a page of
    each is held at a time.
    """
    shards = (complaints().undelivered(shard, before) for shard in range(UNDELIVERED_SHARDS))
    for complaint_id in filter(None, chain.from_iterable(zip_longest(*shards))):
        try:
            complaint = complaints().get(complaint_id)
        except (KeyError, TypeError, ValueError) as error:
            # The outbox has set it aside and raised the alarm; the rest must go on.
            logger.error("unreadable", complaint_id=complaint_id, **described(error))
            continue
        if complaint and complaint.undelivered_since:
            yield complaint, from_text(complaint.undelivered_since.partition("#")[0])


def sweep(at: datetime, has_time: Callable[[], bool]) -> tuple[int, timedelta]:
    """Send what is overdue while there is time; return how much that was and the oldest's age."""
    resent, oldest = 0, at

    def events() -> Iterator[Any]:
        nonlocal resent, oldest
        for complaint, marked in takewhile(lambda _: has_time(), overdue(at - PATIENCE)):
            resent, oldest = resent + 1, min(oldest, marked)
            yield to_deliver(complaint)

    queues.send_all(settings.routing_queue_url(), events())
    return resent, at - oldest


@cache
def deliveries() -> Deliveries:
    """Return what is known of deliveries in the complaints table."""
    return Deliveries(settings.complaints_table())


def due(at: datetime) -> Iterator[tuple[str, str]]:
    """Yield kinds of clock and the complaints whose clock ran out, the longest ago first.

    Kinds take turns, so that a flood of one keeps no other waiting.
    """
    kinds = (zip(repeat(kind), listings().due(kind, at), strict=False) for kind in RINGS)
    return filter(None, chain.from_iterable(zip_longest(*kinds)))


def ring_all(at: datetime, has_time: Callable[[], bool]) -> Mapping[str, int]:
    """Do what is due while there is time; return how much of each kind. The rest is still due then."""
    done: Counter[str] = Counter(dict.fromkeys(RINGS, 0))
    for kind, complaint_id in takewhile(lambda _: has_time(), due(at)):
        try:
            done[kind] += ring(kind, complaint_id, now=at, store=complaints())
        except (KeyError, TypeError, ValueError) as error:
            # It stays due and is logged each time; the rest must go on.
            logger.error("unreadable", complaint_id=complaint_id, **described(error))
    return done


def handler(_event: dict[str, Any], context: Any) -> dict[str, int]:
    """Send what is overdue for delivery, then do what is due; return how many of each."""

    def has_time() -> bool:
        return bool(context.get_remaining_time_in_millis() > RESERVE_MS)

    at = now()
    resent, age = sweep(at, has_time)
    done = ring_all(at, has_time)
    metrics.add_metric("Resent", MetricUnit.Count, resent)
    metrics.add_metric("OldestMarkAgeSeconds", MetricUnit.Seconds, age.total_seconds())
    stuck = sum(map(deliveries().count_stuck, config.jurisdiction_ids()))
    metrics.add_metric("Stuck", MetricUnit.Count, stuck)
    for kind, number in done.items():
        metrics.add_metric(f"Rung{kind.title()}", MetricUnit.Count, number)
    metrics.flush_metrics()
    logger.info("sweep", resent=resent, oldest_mark_age_s=age.total_seconds(), rung=done)
    return {"resent": resent, **done}
