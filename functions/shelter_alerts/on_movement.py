"""The queue of movements: follows each vehicle into shelters and out of them, in its shard's order."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from functions.shelter_alerts import configuration, fifo, settings
from functions.shelter_alerts.follow import Follower, Tally
from functions.shelter_alerts.movement import from_message
from functions.shelter_alerts.store import WATERMARK_MS, Identity, VehicleStore
from shared.errors import described

logger = Logger(service="shelter_alerts")
metrics = Metrics(namespace="Simpul", service="shelter_alerts")

#: The watermark of each provider's shard, as this container last wrote or read it.
noted: dict[tuple[str, int], int] = {}


@dataclass(frozen=True, slots=True)
class Work:
    """A message that was understood: of whom it tells, and what is to be done."""

    identities: Sequence[Identity]
    do: Callable[[Follower], None]


@cache
def vehicles() -> VehicleStore:
    return VehicleStore(settings.shelters_table())


def read(body: str) -> Work:
    """Return what a message asks for.

    Raises:
        KeyError, TypeError, ValueError: nothing that this function could ever do.
    """
    message = json.loads(body)
    provider_id, shard = str(message["provider_id"]), int(message["shard"])
    match message["type"]:
        case "fleet_movements.v1":
            received_ms = int(message["received_ms"])
            movements = [from_message(provider_id, one) for one in message["movements"]]

            def follow(follower: Follower) -> None:
                follower.follow(movements, received_ms)
                note(provider_id, shard, received_ms)

            return Work([(provider_id, one.device_id) for one in movements], follow)
        case "fleet_unseen.v1":
            watermark_ms = int(message["watermark_ms"])
            identities = [(provider_id, str(one)) for one in message["devices"]]
            return Work(identities, lambda follower: follower.expire(identities, watermark_ms))
    raise ValueError("a message of an unknown type")


def note(provider_id: str, shard: int, received_ms: int) -> None:
    """Note how far a shard was worked through, once a minute."""
    if received_ms - noted.get((provider_id, shard), 0) >= WATERMARK_MS:
        noted[provider_id, shard] = vehicles().worked_through(provider_id, shard, received_ms)


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Work through a batch; what fails comes again, and all after it in its group with it.

    What can never be worked through goes to the dead letters at once, so that it holds nobody up.
    """
    follower = Follower(vehicles(), configuration.all_fences())
    works = {record["messageId"]: _understood(record) for record in event["Records"]}
    follower.learn(identity for work in works.values() if work for identity in work.identities)
    failed: list[str] = []
    stopped: set[str] = set()
    for record in event["Records"]:
        group, work = record["attributes"]["MessageGroupId"], works[record["messageId"]]
        if group in stopped:
            failed.append(record["messageId"])
            continue
        try:
            if work is None:
                _set_aside(record)
            else:
                work.do(follower)
        except Exception as error:  # noqa: BLE001 (logged; the queue brings it again)
            logger.error("message failed", message_id=record["messageId"], **described(error))
            stopped.add(group)
            failed.append(record["messageId"])
    _tell(follower.tally)
    return {"batchItemFailures": [{"itemIdentifier": one} for one in failed]}


def _understood(record: Mapping[str, Any]) -> Work | None:
    try:
        return read(record["body"])
    except (KeyError, TypeError, ValueError) as error:
        logger.error("message unreadable", message_id=record["messageId"], **described(error))
        return None


def _set_aside(record: Mapping[str, Any]) -> None:
    """Send a message to the dead letters as it is."""
    fifo.send(
        settings.movements_dlq_url(),
        group=record["attributes"]["MessageGroupId"],
        repetition=record["messageId"],
        body=record["body"],
    )


def _tell(tally: Tally) -> None:
    counts = {"Arrived": tally.arrived, "Left": tally.left, "Late": tally.late}
    for name, number in counts.items():
        if number:
            metrics.add_metric(name, MetricUnit.Count, number)
    if metrics.metric_set:
        metrics.flush_metrics()
