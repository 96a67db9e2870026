"""How the command signs in as one of payments' machine clients, and reads orders and their books."""

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from cli.screen import CannotContinue
from cli.signin import MachineClient, machine_token
from cli.surroundings import Surroundings
from functions.payment_webhooks.entry import JournalEntry, entry_from, partition
from functions.payment_webhooks.items import order_from
from functions.payment_webhooks.items import partition as order_partition
from functions.payment_webhooks.pbb import TaxBill, bill_from, bill_key
from functions.payment_webhooks.record import Order
from shared.dynamo import from_item

if TYPE_CHECKING:
    from datetime import date

_AT_ONCE = 8
_SHARDS = 4


def token_of(around: Surroundings, client: str) -> str:
    """Return an access token of a machine client, by its id in configuration.

    Raises:
        CannotContinue: there is no such client.
    """
    outputs = around.outputs
    found = outputs.payments.clients.get(client)
    if found is None:
        listed = ", ".join(outputs.payments.clients)
        raise CannotContinue(
            f"Klien `{client}` tidak ada; pilih: {listed}. / There is no such client."
        )
    described = around.cognito.describe_user_pool_client(
        UserPoolId=outputs.user_pool_id, ClientId=found.client_id
    )["UserPoolClient"]
    machine = MachineClient(
        client_id=found.client_id,
        client_secret=described["ClientSecret"],
        token_url=outputs.token_url,
        scope=" ".join(found.scopes),
    )
    return machine_token(machine, around.http)


def items_of(around: Surroundings, order_id: str) -> list[dict[str, Any]]:
    """Return all that the table of payments has of an order: its record and its claims."""
    answer = around.dynamodb.query(
        TableName=around.outputs.tables.payments,
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": order_partition(order_id)}},
        ConsistentRead=True,
    )
    return [from_item(item) for item in answer["Items"]]


def orders_of(around: Surroundings, order_ids: Iterable[str]) -> Mapping[str, Order]:
    """Return the orders that there are, by id."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        found = pool.map(lambda order_id: _order(around, order_id), order_ids)
    return {order.order_id: order for order in found if order}


def bills_of(around: Surroundings, named: Iterable[tuple[str, int]]) -> list[TaxBill | None]:
    """Return tax bills by NOP and year, in the order asked for; None for what is not there."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(lambda one: _bill(around, *one), named))


def entries_of(around: Surroundings, jurisdiction_id: str, day: "date") -> Iterator[JournalEntry]:
    """Yield the journal entries of a jurisdiction's day (WIB)."""
    pages = around.dynamodb.get_paginator("query")
    for shard in range(_SHARDS):
        for page in pages.paginate(
            TableName=around.outputs.tables.ledger,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": partition(jurisdiction_id, day, shard)}},
            ConsistentRead=True,
        ):
            for item in page["Items"]:
                yield entry_from(from_item(item))


def _order(around: Surroundings, order_id: str) -> Order | None:
    item = around.dynamodb.get_item(
        TableName=around.outputs.tables.payments,
        Key={"pk": {"S": order_partition(order_id)}, "sk": {"S": "ORDER"}},
        ConsistentRead=True,
    ).get("Item")
    return order_from(from_item(item)) if item else None


def _bill(around: Surroundings, nop: str, year: int) -> TaxBill | None:
    item = around.dynamodb.get_item(
        TableName=around.outputs.tables.payments, Key=bill_key(nop, year), ConsistentRead=True
    ).get("Item")
    return bill_from(from_item(item)) if item else None
