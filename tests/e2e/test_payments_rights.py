"""Who may touch money and its books, each refusal beside a positive control."""

import json
from typing import Any
from uuid import uuid4

import pytest

from cli import payments_keys, shop
from cli import provider_simulator_signing as signing
from cli.surroundings import Surroundings
from tests.e2e.citizen import Street
from tests.e2e.test_refusals import denied, trusting

__all__ = ["trusting"]

ORDER = {"product": "brt", "quantity": 1}


@pytest.fixture(scope="module")
def street(surroundings: Surroundings) -> Street:
    return Street(surroundings)


@pytest.fixture
def tables(surroundings: Surroundings) -> dict[str, str]:
    known = surroundings.outputs.tables
    return {"payments": known.payments, "ledger": known.ledger}


def test_the_receiver_reaches_its_queue_and_its_secrets_and_no_table(
    street: Street, trusting: Any, tables: dict[str, str]
) -> None:
    role = trusting("payment-webhooks-api")
    outputs = street.around.outputs
    dynamodb, secrets = street.as_role("dynamodb", role), street.as_role("secretsmanager", role)
    key = {"pk": {"S": "O#nobody"}, "sk": {"S": "ORDER"}}
    for table in tables.values():
        assert denied(dynamodb.get_item, TableName=table, Key=key)
        assert denied(dynamodb.put_item, TableName=table, Item=key)
        assert denied(dynamodb.scan, TableName=table)
    prefix = outputs.payments.keys_prefix
    assert not denied(secrets.get_secret_value, SecretId=f"{prefix}midtrans")
    for name in ("tickets", "order-id", "marketplaces"):
        assert denied(secrets.get_secret_value, SecretId=f"{prefix}{name}")
    sqs = street.as_role("sqs", role)
    url = outputs.queues.payments
    assert denied(sqs.receive_message, QueueUrl=url)
    assert denied(sqs.purge_queue, QueueUrl=url)


@pytest.mark.parametrize(
    "function",
    ["on-notification", "orders-api", "books-api", "every-minute", "every-hour", "api"],
)
def test_nobody_changes_or_deletes_an_entry_of_the_ledger(
    street: Street, trusting: Any, tables: dict[str, str], function: str
) -> None:
    dynamodb = street.as_role("dynamodb", trusting(f"payment-webhooks-{function}"))
    key = {"pk": {"S": "J#nowhere#2026-01-01#0"}, "sk": {"S": "nothing"}}
    assert denied(
        dynamodb.update_item,
        TableName=tables["ledger"],
        Key=key,
        UpdateExpression="SET note = :note",
        ExpressionAttributeValues={":note": {"S": "x"}},
    )
    assert denied(dynamodb.delete_item, TableName=tables["ledger"], Key=key)
    assert denied(dynamodb.delete_item, TableName=tables["payments"], Key=key)
    batch = {tables["ledger"]: [{"DeleteRequest": {"Key": key}}]}
    assert denied(dynamodb.batch_write_item, RequestItems=batch)


def test_the_processor_adds_entries_and_reads_none(
    street: Street, trusting: Any, tables: dict[str, str]
) -> None:
    dynamodb = street.as_role("dynamodb", trusting("payment-webhooks-on-notification"))
    key = {"pk": {"S": "J#nowhere#2026-01-01#0"}, "sk": {"S": "nothing"}}
    query = {
        "KeyConditionExpression": "pk = :pk",
        "ExpressionAttributeValues": {":pk": key["pk"]},
    }
    assert denied(dynamodb.query, TableName=tables["ledger"], **query)
    assert denied(dynamodb.get_item, TableName=tables["ledger"], Key=key)
    refused_by_its_condition = dynamodb.exceptions.ConditionalCheckFailedException
    with pytest.raises(refused_by_its_condition):  # it may, but this one is not to be written
        dynamodb.put_item(
            TableName=tables["ledger"], Item=key, ConditionExpression="attribute_exists(pk)"
        )


def test_orders_are_made_by_sellers_and_refunded_by_treasurers(street: Street) -> None:
    around = street.around
    seller = shop.token(around, "semarang-aplikasi-brt")
    gate = shop.token(around, "semarang-gerbang-sam-poo-kong")
    key = {"Idempotency_Key": str(uuid4())}
    assert street.call("POST", "/orders", ORDER, **key).status_code == 401
    assert street.call("POST", "/orders", ORDER, token=gate, **key).status_code == 401  # scope
    operator = street.officer("operator:semarang")
    assert street.call("POST", "/orders", ORDER, token=operator, **key).status_code == 401
    other = {"product": "tiket-goa-kreo", "quantity": 1}
    assert street.call("POST", "/orders", other, token=seller, **key).status_code == 403
    redemption = {"token": "x", "gate": "A"}
    assert street.call("POST", "/tickets/redemptions", redemption, token=seller).status_code == 401
    refund = {"reason": "salah bayar"}
    path = "/orders/SMG-BRT-7K3F9Q2M1XWZ4/refunds"
    assert street.call("POST", path, refund, token=seller).status_code == 401
    assert street.call("POST", path, refund, token=operator).status_code in (403, 404)
    treasurer = street.officer("treasurer:semarang")
    assert street.call("POST", path, refund, token=treasurer).status_code == 404  # no such order


def test_a_message_that_nobody_signed_is_refused_and_one_that_is_signed_is_taken(
    street: Street,
) -> None:
    around = street.around
    keys = payments_keys.load(around)
    order_id = "payment_notif_test_G000000001_rights"
    body = {
        "order_id": order_id,
        "status_code": "200",
        "gross_amount": "10000.00",
        "transaction_status": "settlement",
        "transaction_id": str(uuid4()),
        "signature_key": "0" * 128,
    }
    path = "/payments/notifications/midtrans"
    refused = street.call("POST", path, body)
    assert 400 <= refused.status_code < 500
    server_key = keys["midtrans"]["semarang"]["server_keys"][0]
    signed = body | {"signature_key": signing.midtrans(order_id, "200", "10000.00", server_key)}
    taken = street.call("POST", path, signed)
    assert taken.status_code == 200, taken.text
    assert "server_keys" not in json.dumps(taken.json())
