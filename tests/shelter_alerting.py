"""Plays a shelter's alert through the table: who is there, the stream, the queues, the clock."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

import pytest

from functions.shelter_alerts import (
    configuration,
    every_minute,
    on_alert,
    on_movement,
    on_timer,
    outbox,
)
from functions.shelter_alerts.alerts.items import alert_from, alert_key
from functions.shelter_alerts.configuration import Provider, Shelters, shelters_of
from functions.shelter_alerts.feeds import looking
from functions.shelter_alerts.items import present_key
from functions.shelter_alerts.store import VehicleStore
from shared import aws, queues
from shared.dynamo import from_item, to_item
from tests.aws_double import ALERTS_QUEUE, EVALUATION_QUEUE, SHELTERS, messages
from tests.builders import CONTEXT
from tests.movements import HERE
from tests.unit.shelter_alerts.fleet import NOON, PROVIDER

Message = Mapping[str, Any]


def batch(*bodies: Message) -> dict[str, Any]:
    """Return the event by which a queue calls its function."""
    return {
        "Records": [
            {
                "messageId": f"m{number}",
                "body": json.dumps(body),
                "receiptHandle": "r",
                "attributes": {"ApproximateReceiveCount": "1"},
            }
            for number, body in enumerate(bodies)
        ]
    }


@dataclass
class Scene:
    """A moment, and the queues that wait for it."""

    patch: pytest.MonkeyPatch
    now: datetime = field(default_factory=lambda: datetime.fromtimestamp(NOON / 1000, UTC))
    delays_s: list[int] = field(default_factory=list)  #: for which messages were to wait

    def __post_init__(self) -> None:
        for module in (every_minute, on_alert, on_timer):
            self.patch.setattr(module, "now", lambda: self.now)
        self.configured()
        on_movement.noted.clear()
        looking.forget()
        self.patch.setattr(on_timer, "wait", self._waits(EVALUATION_QUEUE))
        self.patch.setattr(on_alert, "later", self._waits(ALERTS_QUEUE))
        for cached in (
            every_minute.vehicles,
            every_minute.alerts,
            looking.board,
            on_alert.teller,
            on_timer.evaluator,
            on_timer.sessions,
        ):
            cached.cache_clear()

    def configured(self, **changes: Any) -> None:
        """Let the jurisdiction be configured otherwise; the only provider is the tests' own."""
        whose = Provider(id="semarang-tests", provider_id=UUID(PROVIDER), name="Tests")
        update = {"providers": (whose,), "agency": "semarang-dishub", **changes}
        changed = shelters_of("semarang").model_copy(update=update)
        for name, value in vars(Shelters).items():
            if isinstance(value, cached_property):  # a copy holds what was worked out before
                changed.__dict__.pop(name, None)

        def found(jurisdiction_id: str) -> Shelters:
            return changed if jurisdiction_id == "semarang" else shelters_of(jurisdiction_id)

        self.patch.setattr(configuration, "shelters_of", found)

    @property
    def now_ms(self) -> int:
        return round(self.now.timestamp() * 1000)

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)

    def reports(self) -> None:
        """Let the provider tell of something, elsewhere."""
        VehicleStore(SHELTERS).worked_through(PROVIDER, 0, self.now_ms)

    def there_are(self, number: int, shelter_id: str = HERE, kind: str = "motorcycle") -> None:
        """Let so many vehicles of a type be in a shelter."""
        for each in range(200):
            key = to_item(present_key(shelter_id, PROVIDER, f"{kind}-{each:03}"))
            if each < number:
                more = {"vehicle_type": kind, "arrived_at": "x", "session_id": "s"}
                aws.dynamodb().put_item(TableName=SHELTERS, Item=key | to_item(more))
            elif not self._deleted(key):
                break

    def look(self, shelter_id: str = HERE, kind: str = "shelter_changed.v1") -> Any:
        """Let a look at a shelter be asked for and done; return what failed."""
        message = {"type": kind, "shelter_id": shelter_id, "at": "x"}
        return on_timer.handler(batch(message), CONTEXT)["batchItemFailures"]

    def item(self, shelter_id: str = HERE) -> dict[str, Any] | None:
        """Return a shelter's alert as it is kept."""
        key = to_item(alert_key(shelter_id))
        found = aws.dynamodb().get_item(TableName=SHELTERS, Key=key, ConsistentRead=True)
        return from_item(found["Item"]) if "Item" in found else None

    def alert(self, shelter_id: str = HERE) -> Any:
        """Return a shelter's alert."""
        item = self.item(shelter_id)
        assert item
        return alert_from(item)

    def changes(self, shelter_id: str = HERE) -> Message:
        """Look, and return the event by which the stream tells what the look changed."""
        old = self.item(shelter_id)
        assert self.look(shelter_id) == []
        return stream((old, self.item(shelter_id)))

    def says(self, seconds: float, shelter_id: str = HERE) -> list[Any]:
        """Let time pass, look, and return what is then said on the queue of alerts."""
        self.wait(seconds)
        outbox.handler(self.changes(shelter_id), CONTEXT)
        return messages(ALERTS_QUEUE)

    def tell(self, *bodies: Message) -> Any:
        """Let messages of the queue of alerts be worked on; return which failed."""
        looking.forget()
        return on_alert.handler(batch(*bodies), CONTEXT)["batchItemFailures"]

    def _waits(self, queue_url: str) -> Callable[[Message, int], None]:
        """Return what sends a message at once, and keeps for how long it was to wait."""

        def wait(message: Message, delay_s: int) -> None:
            self.delays_s.append(delay_s)
            queues.send(queue_url, message)

        return wait

    @staticmethod
    def _deleted(key: Any) -> bool:
        gone = aws.dynamodb().delete_item(TableName=SHELTERS, Key=key, ReturnValues="ALL_OLD")
        return "Attributes" in gone


def stream(*changes: tuple[Message | None, Message | None]) -> dict[str, Any]:
    """Return the event by which a table's stream calls its function."""
    return {"Records": list(_records(changes))}


def timers() -> list[Any]:
    """Return what waits on the queue of looks."""
    return messages(EVALUATION_QUEUE)


def _records(changes: Iterable[tuple[Message | None, Message | None]]) -> Iterable[Any]:
    for number, (old, new) in enumerate(changes):
        images = {
            name: to_item(image)
            for name, image in (("OldImage", old), ("NewImage", new))
            if image is not None
        }
        yield {"eventID": f"e{number}", "dynamodb": images}
