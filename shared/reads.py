"""Reads from DynamoDB page after page."""

from collections.abc import Iterator, Mapping
from typing import Any

from shared import aws
from shared.dynamo import from_item


def queried(**arguments: Any) -> Iterator[Mapping[str, Any]]:
    """Yield the items of a query as plain values, fetching pages as far as they are asked for."""
    while True:
        page = aws.dynamodb().query(**arguments)
        yield from map(from_item, page["Items"])
        if not (last := page.get("LastEvaluatedKey")):
            return
        arguments["ExclusiveStartKey"] = last
