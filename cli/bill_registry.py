"""Puts tax bills into the payments table; one that was paid is left alone."""

from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from functions.payment_webhooks.pbb import UNPAID, TaxBill, bill_key
from shared.dynamo import from_item, to_item
from shared.writes import patiently, refused

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

#: Writes at a time, and bills held in memory: a city has half a million.
_AT_ONCE = 16
_BATCH = 500


def write(dynamodb: "DynamoDBClient", table: str, bills: Iterable[TaxBill]) -> Counter[str]:
    """Write bills and count what became of them: added, changed, unchanged, paid.

    Whatever stops it half way, the same file again does the rest (1 write unit a bill).
    """
    counted: Counter[str] = Counter()
    rest = iter(bills)
    with ThreadPoolExecutor(_AT_ONCE) as hands:
        while batch := list(islice(rest, _BATCH)):
            counted.update(_written(hands, dynamodb, table, batch))
    return counted


def _written(
    hands: ThreadPoolExecutor, dynamodb: "DynamoDBClient", table: str, batch: list[TaxBill]
) -> Iterator[str]:
    return hands.map(lambda bill: _put(dynamodb, table, bill), batch)


def _put(dynamodb: "DynamoDBClient", table: str, bill: TaxBill) -> str:
    content = {
        "jurisdiction_id": bill.jurisdiction_id,
        "nop": bill.nop,
        "year": bill.year,
        "principal": bill.principal,
        "due_on": bill.due_on.isoformat(),
        "taxpayer": bill.taxpayer,
        "status": UNPAID,
    }
    names = {f"#{name}": name for name in content}
    try:
        answer = patiently(
            lambda: dynamodb.update_item(
                TableName=table,
                Key=bill_key(bill.nop, bill.year),
                UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in content),
                ConditionExpression="attribute_not_exists(pk) OR #status = :status",
                ExpressionAttributeNames=names,
                ExpressionAttributeValues=to_item(
                    {f":{name}": value for name, value in content.items()}
                ),
                ReturnValues="ALL_OLD",
            )
        )
    except ClientError as error:
        if not refused(error):
            raise
        return "paid"
    before = from_item(answer.get("Attributes", {}))
    if not before:
        return "added"
    return "unchanged" if content.items() <= before.items() else "changed"
