"""The minute's sweep: asks whether the unseen have left, and whether alerts' clocks have rung."""

from functools import cache
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from functions.shelter_alerts import configuration, settings, silence, unseen
from functions.shelter_alerts.alerts import backstop
from functions.shelter_alerts.alerts.store import AlertStore
from functions.shelter_alerts.board import Board
from functions.shelter_alerts.store import VehicleStore
from shared import config
from shared.clock import now

logger = Logger(service="shelter_alerts")
metrics = Metrics(namespace="Simpul", service="shelter_alerts")


@cache
def vehicles() -> VehicleStore:
    return VehicleStore(settings.shelters_table())


@cache
def alerts() -> AlertStore:
    return AlertStore(settings.shelters_table())


@cache
def board() -> Board:
    return Board(settings.shelters_table())


def provider_ids() -> list[str]:
    """Return the ids by which MDS knows all that report of fleets."""
    known = (configuration.shelters_of(each) for each in config.jurisdiction_ids())
    return sorted(one for each in known for one in each.provider_ids)


def handler(_event: dict[str, Any], _context: object) -> dict[str, int]:
    """Ask of the unseen and for what is due of alerts, note who is silent; return how many."""
    at = now()
    at_ms = round(at.timestamp() * 1000)
    looks, tidings = settings.evaluation_queue_url(), settings.alerts_queue_url()
    asked = {
        "unseen": unseen.ask(vehicles(), settings.movements_queue_url(), at_ms),
        "rung": backstop.ring(alerts(), looks, at_ms),
        "changed": backstop.look_around(alerts(), vehicles(), looks, at_ms),
        "districts": backstop.remind(alerts(), tidings, at_ms),
        "silent": silence.note(board(), provider_ids(), at),
    }
    metrics.add_metric("Unseen", MetricUnit.Count, asked["unseen"])
    metrics.add_metric("SilentProviders", MetricUnit.Count, asked["silent"])
    metrics.flush_metrics()
    logger.info("sweep", extra=asked)
    return asked
