"""Every hour: asks after payments of which nothing was heard, and seals the journal's hours."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import chain, takewhile, zip_longest
from typing import Any, Final

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from functions.payment_webhooks import settings
from functions.payment_webhooks.books.closing import ALTERED, close_hours
from functions.payment_webhooks.items import STALE_SHARDS
from functions.payment_webhooks.surroundings import payment_store
from shared import queues
from shared.clock import from_text, now, to_text

logger = Logger(service="payment_webhooks")
metrics = Metrics(namespace="Simpul", service="payment_webhooks")

#: With less than this left of its time it asks after no more: sealing needs some of it.
RESERVE_MS: Final = 180_000


def stale(at: datetime) -> Iterator[tuple[str, str]]:
    """Yield orders to be asked after, with their marks; shards take turns, the oldest first."""
    shards = (payment_store().stale(shard, at) for shard in range(STALE_SHARDS))
    return filter(None, chain.from_iterable(zip_longest(*shards)))


def ask_after(at: datetime, context: Any) -> tuple[int, float]:
    """Put what is to be asked after on the queue; return how many, and the oldest one's age in s."""
    asked, oldest = 0, at

    def messages() -> Iterator[Mapping[str, Any]]:
        nonlocal asked, oldest
        for order_id, marked in takewhile(
            lambda _: context.get_remaining_time_in_millis() > RESERVE_MS, stale(at)
        ):
            asked, oldest = asked + 1, min(oldest, from_text(marked))
            yield {"type": "payment_check.v1", "order_id": order_id, "at": to_text(at)}

    queues.send_all(settings.notifications_queue(), messages())
    return asked, (at - oldest).total_seconds()


def handler(_event: object, context: Any) -> dict[str, int]:
    """Ask after what is stale, then seal what is closed.

    Raises:
        NotSealed: some jurisdictions' hours could not be sealed; the next hour tries again.
    """
    at = now()
    try:
        asked, age_s = ask_after(at, context)
        metrics.add_metric("PaymentsAskedAfter", MetricUnit.Count, asked)
        metrics.add_metric("OldestStalePaymentSeconds", MetricUnit.Seconds, age_s)
    finally:
        # What is wrong with the one is no reason to leave out the other.
        hours, altered = close_hours(at, logger)
    metrics.add_metric(ALTERED, MetricUnit.Count, altered)
    metrics.flush_metrics()
    logger.info("hour", asked=asked, oldest_s=age_s, sealed=hours, altered=altered)
    return {"asked": asked, "sealed": hours, "altered": altered}
