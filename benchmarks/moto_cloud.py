"""A stage's tables, queues, secrets and parameters on moto, in this process."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import boto3
from moto import mock_aws
from moto.dynamodb.models import dynamodb_backends

from benchmarks import notifications, scenario
from shared import config
from shared.complaints.indexes import key_attributes


@contextmanager
def running(*more_tables: str) -> Iterator[None]:
    """Make everything that the handlers use, and point them at it. For a fresh process only."""
    os.environ.update(scenario.ENVIRONMENT)
    with mock_aws():
        dynamodb, sqs = boto3.client("dynamodb"), boto3.client("sqs")
        ours = (scenario.COMPLAINTS, scenario.REPORTERS, scenario.PAYMENTS, scenario.LEDGER)
        for table in (*ours, scenario.SHELTERS, *more_tables):
            dynamodb.create_table(**_definition(table))
        boto3.client("s3").create_bucket(
            Bucket=scenario.RAW_BUCKET,
            CreateBucketConfiguration={"LocationConstraint": scenario.REGION},
        )
        prefix = scenario.ENVIRONMENT["AGENCY_QUEUE_URL_PREFIX"]
        agencies = [code for one in config.jurisdiction_ids() for code in _agencies(one)]
        urls = [
            url
            for name, url in scenario.ENVIRONMENT.items()
            if name.endswith(("_QUEUE_URL", "_DLQ_URL", "OUTBOX_FAILURES_URL"))
        ]
        for url in (*urls, *(prefix + code for code in agencies)):
            sqs.create_queue(
                QueueName=url.rpartition("/")[2],
                Attributes={"FifoQueue": "true"} if url.endswith(".fifo") else {},
            )
        secrets = {**dict.fromkeys(scenario.SECRETS, "s" * 64), **notifications.secrets()}
        for name, value in secrets.items():
            boto3.client("secretsmanager").create_secret(Name=name, SecretString=value)
        yield


def register_client(agency: str) -> None:
    """Let the scenario's machine client be an agency's."""
    boto3.client("ssm").put_parameter(
        Name=scenario.CLIENTS + scenario.CLIENT, Value=agency, Type="String"
    )


def stored(table: str, key: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return an item as it lies in a table, asked of moto itself and not as an AWS call."""
    found = _tables().get_item(table, dict(key))
    return found.to_json()["Attributes"] if found else None


def record_key(complaint_id: str) -> Mapping[str, Any]:
    """Return the key of a complaint's record."""
    return {"pk": {"S": f"C#{complaint_id}"}, "sk": {"S": "RECORD"}}


def items(table: str) -> list[Mapping[str, Any]]:
    """Return all items of a table."""
    return [one.to_json()["Attributes"] for one in _tables().get_table(table).all_items()]


def put(table: str, item: Mapping[str, Any]) -> None:
    """Lay an item in a table without an AWS call."""
    _tables().put_item(table, dict(item))


def delete(table: str, key: Mapping[str, Any]) -> None:
    """Take an item from a table without an AWS call."""
    _tables().delete_item(table, dict(key), None, None, None)


def without_rollback(table: str) -> None:
    """Let a table's transactions copy it no more, which takes moto as long as there are items.

    For a table none of whose transactions fails: what one had written by then would stay.
    """
    known = _tables().get_table(table)
    known.__deepcopy__ = lambda _memo: known


def _tables() -> Any:
    return dynamodb_backends[scenario.ACCOUNT][scenario.REGION]


def _agencies(jurisdiction_id: str) -> list[str]:
    return list(config.load(jurisdiction_id).agency_by_code)


def _definition(table: str) -> dict[str, Any]:
    indexes = scenario.indexes_of(table)
    return {
        "TableName": table,
        "KeySchema": _key("pk", "sk"),
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [
            {"AttributeName": name, "AttributeType": "S"} for name in key_attributes(indexes)
        ],
        "GlobalSecondaryIndexes": [index.definition for index in indexes],
    }


def _key(partition: str, sort: str) -> list[dict[str, str]]:
    return [
        {"AttributeName": partition, "KeyType": "HASH"},
        {"AttributeName": sort, "KeyType": "RANGE"},
    ]
