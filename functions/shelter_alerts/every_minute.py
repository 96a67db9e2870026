"""The minute's sweep: asks of vehicles not seen any more whether they have left."""

from functools import cache
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from functions.shelter_alerts import settings, unseen
from functions.shelter_alerts.store import VehicleStore
from shared.clock import now

logger = Logger(service="shelter_alerts")
metrics = Metrics(namespace="Simpul", service="shelter_alerts")


@cache
def vehicles() -> VehicleStore:
    return VehicleStore(settings.shelters_table())


def handler(_event: dict[str, Any], _context: object) -> dict[str, int]:
    """Ask of the unseen; return of how many."""
    at_ms = round(now().timestamp() * 1000)
    asked = unseen.ask(vehicles(), settings.movements_queue_url(), at_ms)
    metrics.add_metric("Unseen", MetricUnit.Count, asked)
    metrics.flush_metrics()
    logger.info("sweep", unseen=asked)
    return {"unseen": asked}
