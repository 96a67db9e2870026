"""The board: of each shelter how many are in it, counted anew whenever somebody came or left.

Presence stays the truth, an item for each vehicle. The board is what many read at once: a
jurisdiction's shelters in one Query, instead of one for each shelter.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from functions.shelter_alerts.configuration import jurisdiction_of
from functions.shelter_alerts.feeds.standing import Counted
from functions.shelter_alerts.items import Key
from functions.shelter_alerts.store import VehicleStore
from shared import aws
from shared.clock import WIB
from shared.dynamo import from_item, to_item
from shared.reads import queried
from shared.writes import patiently, refused

#: How often one count is begun anew because another one was written meanwhile.
_MOST_COUNTS = 5


def board_partition(jurisdiction_id: str) -> str:
    """Return the partition of a jurisdiction's board."""
    return f"O#{jurisdiction_id}"


def board_key(shelter_id: str) -> Key:
    """Return the key of a shelter on its jurisdiction's board."""
    return {"pk": board_partition(jurisdiction_of(shelter_id)), "sk": shelter_id}


def silence_partition(provider_id: str, day: str) -> str:
    """Return the partition of the minutes of a day (WIB) in which a provider was silent."""
    return f"X#{provider_id}#{day}"


class Board:
    """The board in DynamoDB.

    | access pattern                   | operation              | key / index             | units          |
    | -------------------------------- | ---------------------- | ----------------------- | -------------- |
    | count a shelter anew             | Get, Query             | pk=O#<jurisdiction> sk=<shelter> | 1 + 1 / 4 KB |
    | … and put what changed           | Put if unchanged       | …                       | 1 write        |
    | all shelters of a jurisdiction   | Query                  | pk=O#<jurisdiction>     | 0.5 read / 4 KB |
    | a provider was silent in a minute| Put                    | pk=X#<provider>#<day>   | 1 write        |
    | when it was silent on a day      | Query                  | …                       | 0.5 read / 4 KB |
    """

    def __init__(self, table: str) -> None:
        self._table = table
        self._vehicles = VehicleStore(table)

    def recount(self, shelter_id: str, now_ms: int) -> Counted:
        """Count who is in a shelter and put it on the board; return what now stands there.

        Two that count at once cannot leave the older count behind: who finds the item changed
        since before it counted, counts again.

        Raises:
            RuntimeError: the item changes faster than can be counted.
        """
        for _ in range(_MOST_COUNTS):
            before = self._item(shelter_id)
            by_type = dict(Counter(one.vehicle_type for one in self._vehicles.present(shelter_id)))
            if before is not None and before["by_type"] == by_type:
                return Counted(by_type=by_type, at_ms=before["at_ms"])
            revision = before["revision"] if before else 0
            if self._put(shelter_id, by_type, now_ms, revision):
                return Counted(by_type=by_type, at_ms=now_ms)
        raise RuntimeError("a shelter changes faster than it can be counted")

    def counts(self, jurisdiction_id: str) -> dict[str, Counted]:
        """Return what the board says of a jurisdiction's shelters, by id; a moment ago's."""
        found = queried(
            TableName=self._table,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues=to_item({":pk": board_partition(jurisdiction_id)}),
        )
        return {item["sk"]: Counted(by_type=item["by_type"], at_ms=item["at_ms"]) for item in found}

    def reported_ms(self, provider_ids: Iterable[str]) -> int | None:
        """Return up to when (ms) anything that providers told was worked through; None: never."""
        told = [
            processed
            for one in provider_ids
            for processed in self._vehicles.watermarks(one).values()
        ]
        return max(told, default=None)

    def note_silence(self, provider_id: str, at: datetime) -> None:
        """Note that a provider was silent in a minute; again without harm."""
        local = at.astimezone(WIB)
        item = {
            "pk": silence_partition(provider_id, local.date().isoformat()),
            "sk": f"{local:%H:%M}",
        }
        aws.dynamodb().put_item(TableName=self._table, Item=to_item(item))

    def silent_minutes(self, provider_id: str, day: str) -> set[str]:
        """Return the minutes (`HH:MM`, WIB) of a day in which a provider was silent."""
        found = queried(
            TableName=self._table,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues=to_item({":pk": silence_partition(provider_id, day)}),
        )
        return {item["sk"] for item in found}

    def _item(self, shelter_id: str) -> dict[str, Any] | None:
        found = aws.dynamodb().get_item(
            TableName=self._table, Key=to_item(board_key(shelter_id)), ConsistentRead=True
        )
        return from_item(found["Item"]) if "Item" in found else None

    def _put(self, shelter_id: str, by_type: Mapping[str, int], now_ms: int, revision: int) -> bool:
        item = {
            **board_key(shelter_id),
            "by_type": by_type,
            "at_ms": now_ms,
            "revision": revision + 1,
        }
        condition: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(pk)"}
        if revision:
            condition = {
                "ConditionExpression": "revision = :revision",
                "ExpressionAttributeValues": to_item({":revision": revision}),
            }
        try:
            patiently(
                lambda: aws.dynamodb().put_item(
                    TableName=self._table, Item=to_item(item), **condition
                )
            )
        except ClientError as error:
            if not refused(error):
                raise
            return False
        return True
