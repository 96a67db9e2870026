"""A crash at any AWS call of alerts asks and tells once more at most, and never not at all."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

import functions.complaint_intake.alerts.asking
import functions.complaint_intake.alerts.telling  # noqa: F401 (not in each forked process)
from functions.complaint_intake.alerts.showing import shown
from functions.complaint_intake.alerts.store import AlertStore
from functions.complaint_intake.alerts.subscription import Subscription, area_of
from shared import aws, ids
from shared.clock import now
from shared.complaints.items import complaint_values
from shared.complaints.law import Status
from shared.dynamo import to_item
from shared.messengers import leases
from tests.builders import a_complaint
from tests.e2e.crashes.dying import Death, run
from tests.e2e.crashes.world import INTAKE, JURISDICTION, NOTICES, World, http, messages

#: What one uninterrupted step must call; a test of the test.
EXPECTED_CALLS = {
    "asked": {"dynamodb.Query", "dynamodb.PutItem", "sqs.SendMessage"},
    "fan": {"dynamodb.GetItem", "dynamodb.Query", "sqs.SendMessageBatch"},
    "tell": {"dynamodb.GetItem", "dynamodb.UpdateItem", "sesv2.SendEmail"},
    "ask": {"dynamodb.GetItem", "dynamodb.UpdateItem", "sesv2.SendEmail"},
}


class Follower:
    """Someone who follows a place of their own, and a complaint there."""

    def __init__(self, world: World) -> None:
        self.world, at, unique = world, now(), uuid4()
        self.address = f"warga-{unique.hex}@example.id"
        self.lat, self.long = round(-8 + unique.int % 2000 / 1000, 3), 110.42
        area = area_of(JURISDICTION, None, self.lat, self.long, 500)
        self.subscription = Subscription(
            alert_id=ids.alert_id(b"a secret", self.address, area),
            jurisdiction_id=JURISDICTION,
            service_code=None,
            lat=self.lat,
            long=self.long,
            radius_m=500,
            channel="email",
            address=self.address,
            language="id",
            asked_at=at,
            until=at + timedelta(days=1),
        )
        self.complaint = a_complaint(
            jurisdiction_id=JURISDICTION,
            agency="semarang-disperkim",
            service_code="lampu-jalan",
            status=Status.ASSIGNED,
            lat=self.lat,
            long=self.long,
            created_at=at,
            updated_at=at,
        )

    def follows(self) -> "Follower":
        """Let them have confirmed it, and the complaint be there."""
        store, at = AlertStore(f"{self.world.prefix}-reporters"), now()
        assert store.ask(self.subscription, None)
        one = replace(self.subscription, confirmed_at=at)
        assert store.confirm(one, at + timedelta(days=9), at)
        self.world.client("dynamodb").put_item(
            TableName=f"{self.world.prefix}-complaints",
            Item=to_item(complaint_values(self.complaint)),
        )
        return self

    @property
    def request(self) -> Mapping[str, Any]:
        """The request by which they would ask for it."""
        place = {"jurisdiction_id": JURISDICTION, "lat": self.lat, "long": self.long}
        return http("POST", "/alerts", place | {"email": self.address})

    @property
    def due(self) -> Mapping[str, Any]:
        """The message by which they are told of the complaint."""
        event = shown(self.complaint)
        told = {"alert": self.subscription.alert_id, "complaint_id": event["complaint_id"]}
        return {"type": "alert_due.v1", **told, "at": event["at"]}

    @property
    def times(self) -> int:
        """How often they were written to."""
        sent = httpx.get(f"{self.world.endpoint_url}/_ministack/ses/messages").json()["messages"]
        return sum(self.address in one["To"] for every in sent.values() for one in every)


@pytest.fixture
def telling(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    # Repeated at once, as the queue would some time later, when the lease has run out.
    monkeypatch.setattr(leases, "LEASE", timedelta(seconds=-1))
    aws.ses()
    yield world
    world.waiting("notices")


def deaths(step: str, handler: str, event: Mapping[str, Any]) -> Iterator[Death]:
    """Run a step without a crash, and yield each way to die in it."""
    calls = run(handler, event).calls
    assert EXPECTED_CALLS[step] <= set(calls), (step, calls)
    for number in range(len(calls)):
        yield Death(number, "before")
        yield Death(number, "after")


def worked(world: World, step: str = "rest") -> None:
    """Let the queue be worked to its end."""
    while waiting := world.waiting("notices"):
        for one in waiting:
            world.trigger(step, NOTICES, messages([one]))


def test_a_crash_while_somebody_asks_has_the_address_asked_once(telling: World) -> None:
    for death in deaths("asked", INTAKE, Follower(telling).request):
        telling.waiting("notices")
        someone = Follower(telling)
        telling.death = ("asked", death)
        assert telling.trigger("asked", INTAKE, someone.request)["statusCode"] == 202
        worked(telling)
        assert someone.times == 1, death


def test_a_crash_while_an_address_is_asked_asks_it_once_more_at_most(telling: World) -> None:
    def waiting() -> tuple[Follower, Mapping[str, Any]]:
        telling.waiting("notices")
        someone = Follower(telling)
        telling.trigger("asked", INTAKE, someone.request)
        (message,) = telling.waiting("notices")
        return someone, messages([message])

    for death in deaths("ask", NOTICES, waiting()[1]):
        someone, event = waiting()
        telling.death = ("ask", death)
        telling.trigger("ask", NOTICES, event)
        telling.trigger("ask", NOTICES, event)
        assert someone.times in (1, 2), death


def test_a_crash_while_followers_are_found_tells_each_once(telling: World) -> None:
    for death in deaths("fan", NOTICES, messages([shown(Follower(telling).follows().complaint)])):
        telling.waiting("notices")
        someone = Follower(telling).follows()
        telling.death = ("fan", death)
        telling.trigger("fan", NOTICES, messages([shown(someone.complaint)]))
        worked(telling)
        assert someone.times == 1, death


def test_only_a_crash_between_sending_and_marking_tells_twice(telling: World) -> None:
    repeated = []
    for death in deaths("tell", NOTICES, messages([Follower(telling).follows().due])):
        someone = Follower(telling).follows()
        telling.death = ("tell", death)
        telling.trigger("tell", NOTICES, messages([someone.due]))
        telling.trigger("tell", NOTICES, messages([someone.due]))
        assert someone.times in (1, 2), death
        if someone.times == 2:
            repeated.append(death)
    first, second = repeated
    assert (first.when, second.when) == ("after", "before")
    assert second.call == first.call + 1
