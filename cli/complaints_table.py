"""Reads lists from the complaints table, as the account's own user: by queries, never a scan."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from cli.surroundings import Surroundings
from shared.dynamo import from_item


def listed(
    around: Surroundings,
    index: str,
    partition: tuple[str, str],
    *,
    before: tuple[str, str] | None = None,
    newest_first: bool = False,
    most: int,
) -> Iterator[Mapping[str, Any]]:
    """Yield at most so many rows of an index's partition, given as its key's name and value.

    `before` is the sort key's name and the text that it is to come before.
    """
    paginator = around.dynamodb.get_paginator("query")
    pages = paginator.paginate(
        **_query(around, index, partition, before),
        ScanIndexForward=not newest_first,
        PaginationConfig={"PageSize": min(most, 200)},
    )
    return islice((from_item(item) for page in pages for item in page["Items"]), most)


def counted(
    around: Surroundings,
    index: str,
    partition: tuple[str, str],
    *,
    before: tuple[str, str] | None = None,
) -> int:
    """Return how many rows an index's partition has, or those before a text."""
    paginator = around.dynamodb.get_paginator("query")
    pages = paginator.paginate(**_query(around, index, partition, before), Select="COUNT")
    return sum(page["Count"] for page in pages)


def record(around: Surroundings, keys: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the whole item to which a row of an index that holds keys alone belongs."""
    key = {name: {"S": str(keys[name])} for name in ("pk", "sk")}
    found = around.dynamodb.get_item(TableName=around.outputs.tables.complaints, Key=key)
    return from_item(found["Item"]) if "Item" in found else None


def _query(
    around: Surroundings,
    index: str,
    partition: tuple[str, str],
    before: tuple[str, str] | None,
) -> Any:
    name, value = partition
    condition = "#partition = :partition"
    names, values = {"#partition": name}, {":partition": {"S": value}}
    if before:
        condition += " AND #sort < :before"
        names["#sort"], values[":before"] = before[0], {"S": before[1]}
    return {
        "TableName": around.outputs.tables.complaints,
        "IndexName": index,
        "KeyConditionExpression": condition,
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": values,
    }
