"""A crash at any AWS call of a notice repeats it at most once more, and never loses it."""

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from functions.complaint_intake.notices.messages import NoticeDueV1, WebhookDueV1
from functions.complaint_intake.notices.partners import Partner, partner_values
from shared import aws
from shared.clock import now, to_text
from shared.complaints.events import progressed
from shared.complaints.items import complaint_values
from shared.complaints.law import Status
from shared.complaints.record import Complaint
from shared.dynamo import from_item, to_item
from shared.messengers import leases
from shared.messengers.signing import secret_of
from tests.builders import a_complaint
from tests.e2e.crashes.dying import Death, run
from tests.e2e.crashes.world import JURISDICTION, NOTICES, World, messages
from tests.e2e.receiver import Receiver, receiving

DONE: Mapping[str, Any] = {"batchItemFailures": []}
CHANNELS = ("email", "sms", "webhook")
#: What one uninterrupted notice must call; a test of the test.
EXPECTED_CALLS = {
    "fan": {"dynamodb.GetItem", "dynamodb.Query", "sqs.SendMessageBatch"},
    "email": {"dynamodb.UpdateItem", "secretsmanager.GetSecretValue", "sesv2.SendEmail"},
    "sms": {"dynamodb.UpdateItem", "secretsmanager.GetSecretValue", "sns.Publish"},
    "webhook": {"dynamodb.UpdateItem", "secretsmanager.GetSecretValue"},
}


class Told:
    """A complaint whose reporter and partner are to be told, and what reached them."""

    def __init__(self, world: World, receiver: Receiver) -> None:
        self.world, self.receiver = world, receiver
        unique, at = uuid4(), now()
        self.address = f"warga-{unique.hex}@example.id"
        self.phone = f"+62812{unique.int % 10**9:09d}"
        self.complaint = a_complaint(
            jurisdiction_id=JURISDICTION,
            agency="semarang-disperkim",
            service_code="lampu-jalan",
            status=Status.RESOLVED,
            version=4,
            notify=True,
            updated_at=at,
            closed_at=at,
        )
        contact = {"email": self.address, "phone": self.phone, "notify": ["email", "sms"]}
        key = {"pk": f"C#{self.complaint.complaint_id}", "sk": "CONTACT"}
        self._put("complaints", complaint_values(self.complaint))
        self._put("reporters", key | contact | {"language": "id"})

    def due(self, channel: str) -> NoticeDueV1 | WebhookDueV1:
        """Return the message by which one channel is told."""
        complaint, at = self.complaint, to_text(self.complaint.updated_at)
        if channel == "webhook":
            return {
                "type": "webhook_due.v1",
                "partner": "portal",
                "complaint_id": complaint.complaint_id,
                "version": complaint.version,
                "status": complaint.status,
                "previous_status": "accepted",
                "at": at,
            }
        return {
            "type": "notice_due.v1",
            "complaint_id": complaint.complaint_id,
            "occasion": "resolved",
            "channel": "email" if channel == "email" else "sms",
            "version": complaint.version,
            "once": str(complaint.version),
            "at": at,
        }

    def times(self, channel: str) -> int:
        """Return how often one channel was told."""
        match channel:
            case "email":
                accounts = self._sent("ses/messages")["messages"].values()
                return sum(self.address in one["To"] for every in accounts for one in every)
            case "sms":
                return len(self._sent("sns/sms-messages")["sms_messages"].get(self.phone, ()))
        return len(self.receiver.about(self.complaint.complaint_id))

    def leases(self) -> dict[str, Mapping[str, Any]]:
        """Return the leases of its notices by channel."""
        found = self.world.client("dynamodb").query(
            TableName=f"{self.world.prefix}-reporters",
            KeyConditionExpression="pk = :pk AND begins_with(sk, :notice)",
            ExpressionAttributeValues={
                ":pk": {"S": f"C#{self.complaint.complaint_id}"},
                ":notice": {"S": "NOTICE#4#"},
            },
        )["Items"]
        kept = map(from_item, found)
        return {one["sk"].removeprefix("NOTICE#4#").split(":")[0]: one for one in kept}

    def _put(self, table: str, values: Mapping[str, Any]) -> None:
        self.world.client("dynamodb").put_item(
            TableName=f"{self.world.prefix}-{table}", Item=to_item(values)
        )

    def _sent(self, what: str) -> Any:
        return httpx.get(f"{self.world.endpoint_url}/_ministack/{what}").json()


@pytest.fixture
def telling(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    # Repeated at once, as the queue would some time later, when the lease has run out.
    monkeypatch.setattr(leases, "LEASE", timedelta(seconds=-1))
    aws.ses()
    aws.sns(str(world.session.region_name))
    yield world
    world.waiting("notices")


@pytest.fixture
def receiver(world: World) -> Iterator[Receiver]:
    with receiving() as (receiver, url):
        partner = to_item(partner_values(Partner(partner_id="portal", url=url)))
        dynamodb, secrets = world.client("dynamodb"), world.client("secretsmanager")
        table, name = f"{world.prefix}-complaints", f"{world.prefix}/partners/portal"
        dynamodb.put_item(TableName=table, Item=partner)
        secret = json.dumps({"secret": secret_of(b"0123456789abcdef0123456789abcdef")})
        secrets.create_secret(Name=name, SecretString=secret)
        yield receiver
        key = {"pk": partner["pk"], "sk": partner["sk"]}
        dynamodb.delete_item(TableName=table, Key=key)
        secrets.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)


def calls_of(world: World, step: str, message: Mapping[str, Any]) -> tuple[str, ...]:
    """Run a step without a crash and return the AWS calls that it makes."""
    outcome = run(NOTICES, messages([message]))
    assert outcome.answer == DONE, step
    assert EXPECTED_CALLS[step] <= set(outcome.calls), step
    world.waiting("notices")
    return outcome.calls


def event_of(complaint: Complaint) -> Mapping[str, Any]:
    return progressed(complaint, "accepted")


def test_a_crash_at_any_aws_call_of_a_notice_repeats_it_once_at_most_and_loses_none(
    telling: World, receiver: Receiver
) -> None:
    tested = 0
    for channel in CHANNELS:
        calls = calls_of(telling, channel, Told(telling, receiver).due(channel))
        for death in (Death(n, when) for n in range(len(calls)) for when in ("before", "after")):
            told = Told(telling, receiver)
            telling.seen.clear()
            telling.death = (channel, death)
            answer = telling.trigger(channel, NOTICES, messages([told.due(channel)]))
            assert [outcome.died for _, outcome in telling.seen] == [True, False], (channel, death)
            assert answer == DONE
            assert told.times(channel) in (1, 2), (channel, calls, death)
            lease = told.leases()["partner" if channel == "webhook" else channel]
            assert "sent_at" in lease
            assert lease["tries"] == told.times(channel) or lease["tries"] == 2
            assert telling.trigger(channel, NOTICES, messages([told.due(channel)])) == DONE
            assert told.times(channel) <= 2  # what was marked is not sent again
            tested += 1
    print(f"{tested} crash points at {tested // 2} AWS calls")


def test_a_crash_while_messages_are_made_of_an_event_tells_each_once(
    telling: World, receiver: Receiver
) -> None:
    calls = calls_of(telling, "fan", event_of(Told(telling, receiver).complaint))
    for death in (Death(n, when) for n in range(len(calls)) for when in ("before", "after")):
        told = Told(telling, receiver)
        telling.death = ("fan", death)
        assert telling.trigger("fan", NOTICES, messages([event_of(told.complaint)])) == DONE
        for due in telling.waiting("notices"):
            assert telling.trigger("tell", NOTICES, messages([due])) == DONE
        assert [told.times(channel) for channel in CHANNELS] == [1, 1, 1], (calls, death)


def test_only_a_crash_between_sending_and_marking_repeats_a_notice(
    telling: World, receiver: Receiver
) -> None:
    calls = calls_of(telling, "email", Told(telling, receiver).due("email"))
    sending = calls.index("sesv2.SendEmail")
    repeated = []
    for death in (Death(n, when) for n in range(len(calls)) for when in ("before", "after")):
        told = Told(telling, receiver)
        telling.death = ("email", death)
        telling.trigger("email", NOTICES, messages([told.due("email")]))
        if told.times("email") == 2:
            repeated.append(death)
    assert repeated == [Death(sending, "after"), Death(sending + 1, "before")]
