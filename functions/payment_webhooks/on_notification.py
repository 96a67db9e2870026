"""The queue of notifications: what providers said is kept as they said it, then becomes entries."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from functions.payment_webhooks import archive, processing, settings
from functions.payment_webhooks.checking import Checking
from functions.payment_webhooks.facts import fact_of
from functions.payment_webhooks.notice import Notice
from functions.payment_webhooks.processing import Processed
from functions.payment_webhooks.provider_client import provider_client
from functions.payment_webhooks.reading import Unreadable, from_message
from functions.payment_webhooks.surroundings import payment_store, raw_bucket, surroundings
from shared.clock import now
from shared.queues import bodies, work_through

logger = Logger(service="payment_webhooks")
metrics = Metrics(namespace="Simpul", service="payment_webhooks")

#: When what failed, or the provider does not confirm yet, comes again: an hour and a quarter in
#: all, then it is a dead letter.
WAITS_S: Final = (10, 60, 10 * 60, 60 * 60, 0)
#: What somebody is to look at, by the alarm's name.
METRICS: Final[Mapping[str, str]] = {
    "quarantined": "PaymentsQuarantined",
    "unknown": "PaymentsOfUnknownOrders",
    "unhandled": "PaymentsUnhandled",
    "late": "PaymentsLate",
    "overpayment": "PaymentsOverpaid",
}


@cache
def checking() -> Checking:
    return Checking(store=payment_store(), status=provider_client().status, world=surroundings())


def work(message: Any) -> None:
    match message["type"]:
        case "payment_notification.v1":
            number = message["notification_id"]
            done = notified(message, number)
        case "payment_check.v1":
            number = None
            done = checking().check(message["order_id"], now())
        case unknown:
            raise ValueError(f"no message of type {unknown}")
    for alarm in done.alarms:
        metrics.add_metric(METRICS[alarm], MetricUnit.Count, 1)
    logger.info(
        "payment",
        notification_id=number,
        order_id=done.order_id,
        outcome=done.outcome,
        alarms=done.alarms,
    )


def notified(message: Mapping[str, Any], number: str) -> Processed:
    try:
        notice = from_message(message)
    except Unreadable:
        return Processed(outcome="unreadable", alarms=("unhandled",))
    at = now()
    done = processing.process(
        notice, message["jurisdiction_id"], notification_id=number, at=at, world=surroundings()
    )
    if done.outcome == "unhandled":
        payment_store().note(
            notice.order_ref or notice.transaction_id,
            claim_of(notice),
            notification_id=number,
            at=at,
        )
    return done


def claim_of(notice: Notice) -> str:
    return f"EVENT#{notice.provider}#{notice.transaction_id}#{fact_of(notice)}##0"


def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Keep a batch as it came, then work through it; what fails comes again.

    A batch that cannot be kept fails as a whole.
    """
    told = [one for one in bodies(event) if one.get("type") == "payment_notification.v1"]
    archive.keep(raw_bucket(), told)
    provider_client().begin()
    failures = work_through(
        event, work, logger, waits_s=WAITS_S, queue_url=settings.notifications_queue()
    )
    if metrics.metric_set:
        metrics.flush_metrics()
    return failures
