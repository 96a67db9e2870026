"""Works through movements as the queue would, and tells what the table then holds."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from functions.shelter_alerts import every_minute, on_movement
from functions.shelter_alerts.fifo import group_of
from functions.shelter_alerts.messages import packed
from functions.shelter_alerts.movement import Kind, Movement, as_message, shard_of
from functions.shelter_alerts.store import VehicleStore
from shared import aws
from shared.dynamo import from_item
from tests.aws_double import SHELTERS, items
from tests.builders import CONTEXT
from tests.unit.shelter_alerts.fleet import NOON, PROVIDER, a_movement

HERE, THERE = "semarang-tugu-muda", "semarang-kota-lama"
MINUTE = 60_000


def told(
    seconds: int, kind: Kind, place: str | None = None, device: str = "one", **more: Any
) -> Movement:
    """Return an explicit movement some seconds after noon."""
    at_ms = NOON + seconds * 1_000
    return a_movement(
        at_ms, kind, place=place, device_id=device, **{"event_id": f"{device}-{at_ms}", **more}
    )


def enter(seconds: int, place: str, device: str = "one", **more: Any) -> Movement:
    """Return an arrival some seconds after noon."""
    return told(seconds, Kind.ENTER, place, device, **{"vehicle_type": "motorcycle", **more})


def leave(seconds: int, place: str | None, device: str = "one") -> Movement:
    """Return a departure some seconds after noon."""
    return told(seconds, Kind.EXIT, place, device)


def queued(*movements: Movement, received_ms: int | None = None) -> list[Mapping[str, Any]]:
    """Return the messages that carry movements."""
    by_shard: dict[int, list[Any]] = defaultdict(list)
    for one in movements:
        by_shard[shard_of(one.provider_id, one.device_id)].append(as_message(one))
    came_in = received_ms or max(one.at_ms for one in movements)
    return list(packed(PROVIDER, came_in, by_shard))


def a_batch(*messages: Mapping[str, Any] | str, group: str | None = None) -> dict[str, Any]:
    """Return the event by which the queue calls its function; message n has the id `m<n>`."""
    return {
        "Records": [
            {
                "messageId": f"m{number}",
                "body": one if isinstance(one, str) else json.dumps(one),
                "attributes": {
                    "MessageGroupId": group
                    or (group_of(0) if isinstance(one, str) else group_of(one["shard"]))
                },
            }
            for number, one in enumerate(messages)
        ]
    }


def work_through(*movements: Movement, received_ms: int | None = None) -> None:
    """Work through movements that came in together; all must go well."""
    batch = a_batch(*queued(*movements, received_ms=received_ms))
    assert on_movement.handler(batch, CONTEXT) == {"batchItemFailures": []}


def sweep() -> int:
    """Ask of the unseen, as every minute does; return of how many."""
    return every_minute.handler({}, CONTEXT)["unseen"]


def work_off(queue_url: str) -> None:
    """Work through all that is in the queue of movements, group by group in its order."""
    while (
        batch := aws.sqs()
        .receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10, AttributeNames=["All"])
        .get("Messages")
    ):
        records = [
            {"messageId": one["MessageId"], "body": one["Body"], "attributes": one["Attributes"]}
            for one in batch
        ]
        assert on_movement.handler({"Records": records}, CONTEXT) == {"batchItemFailures": []}
        for one in batch:
            aws.sqs().delete_message(QueueUrl=queue_url, ReceiptHandle=one["ReceiptHandle"])


def present(shelter_id: str = HERE) -> set[str]:
    """Return the devices that are in a shelter."""
    return {one.device_id for one in VehicleStore(SHELTERS).present(shelter_id)}


def everything(*, without: Iterable[str] = ("W#",)) -> list[dict[str, Any]]:
    """Return all that the table holds, in its order, without items of some kinds."""
    found = sorted(map(from_item, items(SHELTERS)), key=lambda item: (item["pk"], item["sk"]))
    return [item for item in found if not item["pk"].startswith(tuple(without))]


def image(device: str = "one") -> dict[str, Any] | None:
    """Return a vehicle's item as plain values, as the stream would show it."""
    key = f"V#{PROVIDER}#{device}"
    return next((one for one in everything() if (one["pk"], one["sk"]) == (key, "VEHICLE")), None)
