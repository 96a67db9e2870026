"""The queue of looks: somebody came to a shelter or left it, or a clock of its alert has rung."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger

from functions.shelter_alerts import settings
from functions.shelter_alerts.alerts.evaluate import Evaluator
from functions.shelter_alerts.alerts.messages import ShelterTimerV1
from functions.shelter_alerts.alerts.store import AlertStore
from functions.shelter_alerts.sessions import SessionStore
from functions.shelter_alerts.store import VehicleStore
from shared import aws
from shared.clock import now
from shared.queues import work_through

logger = Logger(service="shelter_alerts")


def wait(message: ShelterTimerV1, delay_s: int) -> None:
    aws.sqs().send_message(
        QueueUrl=settings.evaluation_queue_url(),
        MessageBody=json.dumps(message),
        DelaySeconds=delay_s,
    )


@cache
def evaluator() -> Evaluator:
    table = settings.shelters_table()
    return Evaluator(AlertStore(table), VehicleStore(table), wait, now)


@cache
def sessions() -> SessionStore:
    return SessionStore(settings.shelters_table())


def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Work through a batch; a shelter of which several messages tell is looked at once."""
    looked: set[str] = set()

    def work(message: Any) -> None:
        match message["type"]:
            case "shelter_left.v1":
                sessions().keep(message)
            case "shelter_changed.v1" | "shelter_timer.v1":
                shelter_id = message["shelter_id"]
                if shelter_id in looked:
                    return
                if_due = message["type"] == "shelter_timer.v1"
                alert = evaluator().look(shelter_id, if_due=if_due)
                if not if_due:
                    looked.add(shelter_id)
                if alert is not None:
                    logger.info("look", shelter_id=shelter_id, state=alert.state, seq=alert.seq)
            case unknown:
                raise ValueError(f"no message of type {unknown}")

    return work_through(event, work, logger)
