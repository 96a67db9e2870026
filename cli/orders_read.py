"""Reads all orders, as the account's own user, to compare them with the ledger."""

from collections.abc import Iterator

from cli.surroundings import Surroundings
from functions.payment_webhooks.items import RECORD, order_from, partition
from functions.payment_webhooks.record import Order
from shared.dynamo import from_item


def orders_of(around: Surroundings) -> Iterator[Order]:
    """Yield every order; one whose record cannot be read is left out."""
    pages = around.dynamodb.get_paginator("scan").paginate(
        TableName=around.outputs.tables.payments,
        FilterExpression="sk = :record",
        ExpressionAttributeValues={":record": {"S": RECORD}},
        ConsistentRead=True,
    )
    for page in pages:
        for item in page["Items"]:
            try:
                yield order_from(from_item(item))
            except (KeyError, TypeError, ValueError):
                continue


def version_of(around: Surroundings, order_id: str) -> int | None:
    """Return the version of an order now; None if there is no such order."""
    found = around.dynamodb.get_item(
        TableName=around.outputs.tables.payments,
        Key={"pk": {"S": partition(order_id)}, "sk": {"S": RECORD}},
        ConsistentRead=True,
    )
    return int(found["Item"]["version"]["N"]) if "Item" in found else None
