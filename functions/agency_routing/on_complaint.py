"""The routing queue: brings each complaint to the agency that must act on it."""

from functools import cache
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from functions.agency_routing import settings
from functions.agency_routing.deliver import deliver
from shared import config, queues
from shared.clock import now
from shared.complaints.events import ComplaintAssignedV1, ComplaintChangedV1
from shared.complaints.store import ComplaintStore

logger = Logger(service="agency_routing")
metrics = Metrics(namespace="Simpul", service="agency_routing")


@cache
def complaints() -> ComplaintStore:
    return ComplaintStore(settings.complaints_table())


def send(agency: str, message: ComplaintAssignedV1 | ComplaintChangedV1) -> None:
    queues.send(settings.agency_queue_url(agency), message)
    if message["type"] == "complaint_changed.v1":
        outcome = "Told"
    elif agency == config.load(message["jurisdiction_id"]).triage:
        outcome = "Triaged"
    else:
        outcome = "Assigned"
    metrics.add_metric(outcome, MetricUnit.Count, 1)


def work(event: Any) -> None:
    complaint = deliver(event, now=now(), store=complaints(), send=send)
    if complaint is None or complaint.assignment is None:
        return
    assignment = complaint.assignment
    logger.info(
        "delivered",
        complaint_id=complaint.complaint_id,
        assignment_no=assignment.no,
        agency=assignment.agency,
        rule=assignment.rule,
    )


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Deliver the complaints of a batch; what fails comes again."""
    failures = queues.work_through(event, work, logger)
    if metrics.metric_set:
        metrics.flush_metrics()
    return failures
