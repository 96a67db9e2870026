"""A payment and its refund, the processor dying at every AWS call: posted once, and nothing lost."""

import base64
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from uuid import uuid4

import boto3
import pytest

import functions.payment_webhooks.on_notification  # noqa: F401 (so that forked processes need not)
from cli import payments_keys
from cli.local_cloud import free_port
from cli.provider_simulator import Simulator, never_made
from cli.provider_simulator_messages import Message
from cli.surroundings import Surroundings
from functions.payment_webhooks.indexes import LEDGER_INDEXES, PAYMENTS_INDEXES
from functions.payment_webhooks.items import order_from, order_values
from functions.payment_webhooks.record import Order
from shared import aws
from shared.clock import now, to_text
from shared.dynamo import from_item, to_item
from tests.e2e.crashes.dying import Death, Run, run
from tests.e2e.crashes.world import World, messages

PROCESSOR = "functions.payment_webhooks.on_notification.handler"
REVENUE = "revenue:semarang-dishub:4.1.04.15.01.0001"
AMOUNT = 3_500
#: What an uninterrupted run must call; a test of the test.
EXPECTED_CALLS = {"dynamodb.GetItem", "dynamodb.TransactWriteItems", "s3.PutObject"}


@dataclass
class Till:
    """The processor with tables of its own, and a provider that it may ask."""

    world: World
    simulator: Simulator
    made: int = 0
    told: list[Message] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        prefix, url = self.world.prefix, f"http://127.0.0.1:{self.simulator.port}"
        return self.world.environment | {
            "PAYMENTS_TABLE": f"{prefix}-payments",
            "LEDGER_TABLE": f"{prefix}-ledger",
            "RAW_BUCKET": f"{prefix}-payments",
            "NOTIFICATIONS_QUEUE_URL": f"{self.world.endpoint_url}/000000000000/{prefix}-payments",
            "PAYMENTS_SECRETS_PREFIX": f"{prefix}/payments/",
            "MIDTRANS_API_URL": url,
            "SNAP_API_URL": url,
        }

    def build(self, keys: dict[str, Any]) -> None:
        self.world._make_table("payments", PAYMENTS_INDEXES)
        self.world._make_table("ledger", LEDGER_INDEXES)
        self.world.client("s3").create_bucket(
            Bucket=f"{self.world.prefix}-payments",
            CreateBucketConfiguration={"LocationConstraint": self.world.session.region_name},
        )
        self.world.client("sqs").create_queue(QueueName=f"{self.world.prefix}-payments")
        for name in ("midtrans", "snap"):
            self.world.client("secretsmanager").create_secret(
                Name=f"{self.world.prefix}/payments/{name}", SecretString=json.dumps(keys[name])
            )

    def charged(self) -> str:
        """Return a new order that the provider was asked to charge."""
        self.made += 1
        order_id = never_made("SMG", "BRT", uuid4().int >> 8)
        order = Order(
            order_id=order_id,
            jurisdiction_id="semarang",
            product="brt",
            kind="fare",
            amount=AMOUNT,
            created_at=now(),
            credits=((REVENUE, AMOUNT),),
        )
        values = {name: one for name, one in order_values(order).items() if one is not None}
        self.world.client("dynamodb").put_item(
            TableName=f"{self.world.prefix}-payments", Item=to_item(values)
        )
        bank = self.simulator.bank
        bank.begin(
            order_id,
            jurisdiction_id="semarang",
            channel="qris",
            amount=AMOUNT,
            created_at=now(),
        )
        bank.move(order_id, "pending")
        return order_id

    def tell(self, order_id: str, death: Death | None = None) -> Run:
        """Hand the processor what the provider says of an order now, and repeat as SQS would."""
        message = self.simulator.stage.told(order_id)
        digest = sha256(message.body).hexdigest()[:16]
        event = messages(
            [
                {
                    "type": "payment_notification.v1",
                    "notification_id": f"{now():%Y%m%dT%H%M}-{digest}",
                    "provider": "midtrans",
                    "path": message.path,
                    "body": base64.b64encode(message.body).decode(),
                    "content_type": "application/json",
                    "received_at": to_text(now()),
                    "jurisdiction_id": "semarang",
                }
            ]
        )
        for record in event["Records"]:
            record |= {"receiptHandle": "none", "attributes": {"ApproximateReceiveCount": "1"}}
        first = run(PROCESSOR, event, death)
        if first.died or death is None:
            again = run(PROCESSOR, event)
            assert again.answer == {"batchItemFailures": []}
        return first

    def order(self, order_id: str) -> Order:
        item = self.world.client("dynamodb").get_item(
            TableName=f"{self.world.prefix}-payments",
            Key={"pk": {"S": f"O#{order_id}"}, "sk": {"S": "ORDER"}},
            ConsistentRead=True,
        )["Item"]
        return order_from(from_item(item))

    def entries(self, order_id: str) -> list[dict[str, Any]]:
        pages = self.world.client("dynamodb").get_paginator("scan")
        found = pages.paginate(TableName=f"{self.world.prefix}-ledger", ConsistentRead=True)
        items = [from_item(item) for page in found for item in page["Items"]]
        return [one for one in items if one["order_id"] == order_id]


@pytest.fixture(scope="module")
def built(surroundings: Surroundings) -> Iterator[Till]:
    outputs = surroundings.outputs
    assert outputs.endpoint_url
    session = boto3.Session(
        aws_access_key_id="test", aws_secret_access_key="test", region_name=outputs.region
    )
    keys = payments_keys.load(surroundings)
    simulator = Simulator(api_url="http://nowhere", keys=keys, port=free_port())
    till = Till(World(f"till-{uuid4().hex[:8]}", session, outputs.endpoint_url), simulator)
    till.build(keys)
    with simulator.serving():
        yield till


@pytest.fixture
def till(built: Till, monkeypatch: pytest.MonkeyPatch) -> Iterator[Till]:
    for name, value in built.environment.items():
        monkeypatch.setenv(name, value)
    aws._client.cache_clear()
    yield built
    aws._client.cache_clear()


def test_a_payment_is_posted_once_wherever_the_processor_dies(till: Till) -> None:
    order_id = till.charged()
    till.simulator.stage.pay(order_id)
    calls = till.tell(order_id).calls
    assert set(calls) >= EXPECTED_CALLS
    check_paid(till, order_id)
    tested = 0
    for call in range(len(calls)):
        for when in ("before", "after"):
            order_id = till.charged()
            till.simulator.stage.pay(order_id)
            assert till.tell(order_id, Death(call, when)).died, (call, when)
            check_paid(till, order_id)
            tested += 1
    print(f"{tested} crash points at {len(calls)} AWS calls")


def check_paid(till: Till, order_id: str) -> None:
    order = till.order(order_id)
    assert (str(order.status), order.paid_amount) == ("paid", AMOUNT)
    (entry,) = till.entries(order_id)
    assert entry["kind"] == "sale"
    assert sum(line["amount"] for line in entry["lines"]) == 0
    assert {"account": REVENUE, "amount": -AMOUNT} in entry["lines"]


def test_a_refund_is_posted_once_wherever_the_processor_dies(till: Till) -> None:
    calls = refunded(till, None).calls
    assert "dynamodb.TransactWriteItems" in calls
    for call in range(len(calls)):
        for when in ("before", "after"):
            assert refunded(till, Death(call, when)).died, (call, when)


def refunded(till: Till, death: Death | None) -> Run:
    """Pay an order, give it back, and die while the bank's word of it is worked on."""
    order_id = till.charged()
    till.simulator.stage.pay(order_id)
    till.tell(order_id)
    till.simulator.bank.refund(order_id, "back", AMOUNT, now())
    till.tell(order_id)
    till.simulator.bank.confirm_refunds(order_id, now())
    outcome = till.tell(order_id, death)
    assert str(till.order(order_id).status) == "refunded"
    entries = till.entries(order_id)
    kinds = Counter(entry["kind"] for entry in entries)
    assert kinds == {"sale": 1, "refund_pending": 1, "refund_settled": 1}
    sums: Counter[str] = Counter()
    for entry in entries:
        for line in entry["lines"]:
            sums[line["account"]] += line["amount"]
    assert sums[REVENUE] == sums["refunds_payable"] == 0
    assert sum(sums.values()) == 0
    return outcome
