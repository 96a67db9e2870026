"""The sweep: sends again, through the routing queue, whatever still carries its mark."""

from datetime import timedelta
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger

from functions.agency_routing import settings
from shared import queues
from shared.clock import now
from shared.complaints.events import to_deliver
from shared.complaints.items import UNDELIVERED_SHARDS
from shared.complaints.store import ComplaintStore

logger = Logger(service="agency_routing")

#: Marks younger than this are still on their usual way.
PATIENCE = timedelta(minutes=5)
#: The most complaints of a shard in one run; the oldest come first, the rest in the next run.
MOST_OF_A_SHARD = 100


@cache
def complaints() -> ComplaintStore:
    return ComplaintStore(settings.complaints_table())


def handler(_event: dict[str, Any], _context: object) -> dict[str, int]:
    """Send one event for each complaint that is overdue for delivery; return how many."""
    before = now() - PATIENCE
    resent = 0
    for shard in range(UNDELIVERED_SHARDS):
        found = map(complaints().get, complaints().undelivered(shard, before, MOST_OF_A_SHARD))
        events = [to_deliver(one) for one in found if one and one.undelivered_since]
        queues.send_all(settings.routing_queue_url(), events)
        resent += len(events)
    logger.info("sweep", resent=resent)
    return {"resent": resent}
