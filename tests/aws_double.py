"""AWS inside this process (moto): the tables, queues, secrets and parameters of a stage named test."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import wraps
from threading import RLock
from typing import Any

import pytest
from moto import mock_aws
from moto.dynamodb.models import DynamoDBBackend

from functions.complaint_intake import settings as intake_settings
from functions.complaint_intake.notices import settings as notices_settings
from functions.payment_webhooks.indexes import LEDGER_INDEXES, PAYMENTS_INDEXES
from functions.shelter_alerts.indexes import SHELTERS_INDEXES
from shared import aws
from shared.complaints.indexes import COMPLAINTS_INDEXES, REPORTERS_INDEXES, key_attributes
from shared.messengers import delivering
from tests.builders import ID_SECRET, TOKEN_SECRET
from tests.small_config import JURISDICTIONS

PREFIX = "simpul-test"
COMPLAINTS = f"{PREFIX}-complaints"
REPORTERS = f"{PREFIX}-reporters"
PAYMENTS = f"{PREFIX}-payments"
SHELTERS = f"{PREFIX}-shelters"
LEDGER = f"{PREFIX}-ledger"
QUEUES = "https://sqs.ap-southeast-3.amazonaws.com/123456789012"
ROUTING_QUEUE = f"{QUEUES}/{PREFIX}-routing"
OUTBOX_FAILURES = f"{QUEUES}/{PREFIX}-complaints-outbox-failures"
NOTICES_QUEUE = f"{QUEUES}/{PREFIX}-notices"
PHOTOS_QUEUE = f"{QUEUES}/{PREFIX}-photos"
ERASURES_QUEUE = f"{QUEUES}/{PREFIX}-erasures"
MOVEMENTS_QUEUE = f"{QUEUES}/{PREFIX}-movements.fifo"
EVALUATION_QUEUE = f"{QUEUES}/{PREFIX}-evaluation"
ALERTS_QUEUE = f"{QUEUES}/{PREFIX}-alerts"
MOVEMENTS_DLQ = f"{QUEUES}/{PREFIX}-movements-dlq.fifo"
NOTIFICATIONS_QUEUE = f"{QUEUES}/{PREFIX}-payments"
SETTLEMENTS_QUEUE = f"{QUEUES}/{PREFIX}-settlements"
PAYMENTS_BUCKET = f"{PREFIX}-payments"
PHOTOS_BUCKET = f"{PREFIX}-photos"
OPEN_DATA_BUCKET = f"{PREFIX}-open-data"
AGENCY_QUEUES = f"{QUEUES}/{PREFIX}-agency-"

#: Cognito's ids of the machine clients, and whose they are.
CLIENTS = {
    "client-of-dpu": "semarang-dpu",
    "client-of-dpubmck": "jateng-dpubmck",
    "client-of-fleet": "fleet:semarang:semarang-mitra-armada",
    "client-of-other-fleet": "fleet:jateng:jateng-mitra-armada",
    "client-of-former-fleet": "fleet:semarang:semarang-mitra-lama",
}

ENVIRONMENT = {
    "STAGE": "test",
    "COMPLAINTS_TABLE": COMPLAINTS,
    "REPORTERS_TABLE": REPORTERS,
    "COMPLAINT_ID_SECRET": "simpul/test/complaint-id",
    "TRACKING_TOKEN_SECRET": "simpul/test/tracking-token",
    "CLIENTS_PARAMETER_PREFIX": "/simpul/test/clients/",
    "ROUTING_QUEUE_URL": ROUTING_QUEUE,
    "OUTBOX_FAILURES_URL": OUTBOX_FAILURES,
    "NOTICES_QUEUE_URL": NOTICES_QUEUE,
    "PHOTOS_QUEUE_URL": PHOTOS_QUEUE,
    "ERASURES_QUEUE_URL": ERASURES_QUEUE,
    "PHOTOS_BUCKET": PHOTOS_BUCKET,
    "OPEN_DATA_BUCKET": OPEN_DATA_BUCKET,
    "PAYMENTS_TABLE": PAYMENTS,
    "SHELTERS_TABLE": SHELTERS,
    "MOVEMENTS_QUEUE_URL": MOVEMENTS_QUEUE,
    "MOVEMENTS_DLQ_URL": MOVEMENTS_DLQ,
    "EVALUATION_QUEUE_URL": EVALUATION_QUEUE,
    "ALERTS_QUEUE_URL": ALERTS_QUEUE,
    "LEDGER_TABLE": LEDGER,
    "NOTIFICATIONS_QUEUE_URL": NOTIFICATIONS_QUEUE,
    "RAW_BUCKET": PAYMENTS_BUCKET,
    "MIDTRANS_API_URL": "https://midtrans.test",
    "SNAP_API_URL": "https://snap.test",
    "PAYMENTS_SECRETS_PREFIX": "simpul/test/payments/",
    "AGENCY_QUEUE_URL_PREFIX": AGENCY_QUEUES,
    "PUBLIC_URL": "https://aduan.example/v1",
    "EMAIL_SENDER": "Simpul <notices@simpul.example>",
    "EMAIL_CONFIGURATION_SET": PREFIX,
    "SMS_REGION": "ap-southeast-3",
    "SMS_SENDER": "SIMPUL",
    "PARTNER_SECRET_PREFIX": "simpul/test/partners/",
    "WEBHOOKS_TO_LOOPBACK": "yes",
    "POWERTOOLS_METRICS_NAMESPACE": "Simpul",
}


@contextmanager
def opened() -> Iterator[None]:
    """Open an empty stage, with the environment that its functions would have."""
    with mock_aws(), pytest.MonkeyPatch.context() as patch:
        for name, value in ENVIRONMENT.items():
            patch.setenv(name, value)
        for remembered in (
            aws.secret,
            aws._parameter,
            intake_settings.settings,
            notices_settings.settings,
            delivering._kept,
        ):
            remembered.cache_clear()
        _make_tables()
        _make_queues()
        _make_secrets()
        _make_buckets()
        yield


def messages(queue_url: str) -> list[Any]:
    """Return the messages of a queue, oldest first, and delete them."""
    found: list[Any] = []
    while (
        batch := aws.sqs()
        .receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10)
        .get("Messages")
    ):
        for message in batch:
            found.append(json.loads(message["Body"]))
            aws.sqs().delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
    return found


@contextmanager
def answering(client: Any, event: str, answer: Callable[..., Any]) -> Iterator[None]:
    """Let `answer` speak at one of botocore's events: "before-call" stands in for AWS itself."""
    client.meta.events.register(event, answer)
    try:
        yield
    finally:
        client.meta.events.unregister(event, answer)


@contextmanager
def one_write_at_a_time() -> Iterator[None]:
    """Let DynamoDB check a condition and write by it in one step, as AWS does, for threads.

    moto looks at the condition first and executes the update afterwards, with nothing between the
    two that keeps another thread out: both of two would find an item as it was.
    """
    turn = RLock()  # a transaction's writes are writes of the same thread

    def in_turn(write: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(write)
        def written(*arguments: Any, **named: Any) -> Any:
            with turn:
                return write(*arguments, **named)

        return written

    with pytest.MonkeyPatch.context() as patch:
        for name in ("put_item", "update_item", "delete_item", "transact_write_items"):
            patch.setattr(DynamoDBBackend, name, in_turn(getattr(DynamoDBBackend, name)))
        yield


def items(table: str) -> Sequence[Mapping[str, Any]]:
    """Return all items of a table, as DynamoDB holds them."""
    return aws.dynamodb().scan(TableName=table)["Items"]


def _make_tables() -> None:
    for name, indexes in (
        (COMPLAINTS, COMPLAINTS_INDEXES),
        (REPORTERS, REPORTERS_INDEXES),
        (PAYMENTS, PAYMENTS_INDEXES),
        (SHELTERS, SHELTERS_INDEXES),
        (LEDGER, LEDGER_INDEXES),
    ):
        aws.dynamodb().create_table(
            TableName=name,
            BillingMode="PAY_PER_REQUEST",
            KeySchema=_keys("pk", "sk"),
            AttributeDefinitions=[
                {"AttributeName": attribute, "AttributeType": "S"}
                for attribute in key_attributes(indexes)
            ],
            GlobalSecondaryIndexes=[one.definition for one in indexes],
        )


def _keys(partition: str, sort: str) -> Any:
    return [
        {"AttributeName": partition, "KeyType": "HASH"},
        {"AttributeName": sort, "KeyType": "RANGE"},
    ]


def _make_queues() -> None:
    agencies = [agency.code for one in JURISDICTIONS.values() for agency in one.agencies]
    inner = [ROUTING_QUEUE, OUTBOX_FAILURES, NOTICES_QUEUE, PHOTOS_QUEUE, ERASURES_QUEUE]
    inner += [NOTIFICATIONS_QUEUE, SETTLEMENTS_QUEUE, EVALUATION_QUEUE, ALERTS_QUEUE]
    urls = [*inner, *(AGENCY_QUEUES + agency for agency in agencies)]
    for url in (*urls, MOVEMENTS_QUEUE, MOVEMENTS_DLQ):
        made = aws.sqs().create_queue(
            QueueName=url.rsplit("/", 1)[-1],
            Attributes={"FifoQueue": "true"} if url.endswith(".fifo") else {},
        )["QueueUrl"]
        assert made == url


def _make_buckets() -> None:
    for name in (PHOTOS_BUCKET, OPEN_DATA_BUCKET, PAYMENTS_BUCKET):
        aws.s3().create_bucket(
            Bucket=name, CreateBucketConfiguration={"LocationConstraint": "ap-southeast-3"}
        )


def _make_secrets() -> None:
    secrets = aws._client("secretsmanager")
    for variable, value in (
        ("COMPLAINT_ID_SECRET", ID_SECRET),
        ("TRACKING_TOKEN_SECRET", TOKEN_SECRET),
    ):
        secrets.create_secret(Name=ENVIRONMENT[variable], SecretString=value.decode())
    parameters = aws._client("ssm")
    for client_id, agency in CLIENTS.items():
        name = ENVIRONMENT["CLIENTS_PARAMETER_PREFIX"] + client_id
        parameters.put_parameter(Name=name, Value=agency, Type="String")
