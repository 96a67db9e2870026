"""Where a fleet's vehicles were sent in the last five minutes."""

from collections import Counter
from collections.abc import Mapping
from typing import Final

from functions.shelter_alerts.items import Key, vehicle_key
from functions.shelter_alerts.vehicle import CountedType
from shared import aws
from shared.dynamo import from_item, to_item
from shared.reads import queried

#: For so long the place of a vehicle that was sent somewhere is kept for it.
KEPT_MS: Final = 5 * 60_000
_MOST_IN_A_READ: Final = 100


def redirect_key(provider_id: str, device_id: str) -> Key:
    """Return the key of where a vehicle was sent; each was sent to one shelter only."""
    return {"pk": f"R#{provider_id}", "sk": device_id}


class RedirectStore:
    """Redirects in DynamoDB.

    | access pattern                     | operation       | key / index               | units           |
    | ---------------------------------- | --------------- | ------------------------- | --------------- |
    | where a provider's vehicles were sent | Query, consistent | pk=R#<provider>      | 1 read / 4 KB   |
    | … and which of them are there      | BatchGet, 100   | pk=V#<provider>#<device>  | 0.5 read each   |
    | send one, or again elsewhere       | Put             | pk=R#<provider> sk=<device> | 1 write       |
    """

    def __init__(self, table: str) -> None:
        self._table = table

    def promised(
        self,
        provider_id: str,
        vehicle_type: CountedType,
        now_ms: int,
        *,
        but_for: str | None = None,
        before_ms: int | None = None,
    ) -> Mapping[str, int]:
        """Return to which shelters a provider's vehicles were sent that are not there yet.

        `but_for` is the vehicle that asks, if one does: its own place is free for it. With
        `before_ms` only those count whose places are kept until then or less long: who was sent
        sooner, and of those sent at once, those whose names come first.
        """
        sent = {
            item["sk"]: item["shelter_id"]
            for item in queried(
                TableName=self._table,
                KeyConditionExpression="pk = :pk",
                ExpressionAttributeValues=to_item({":pk": f"R#{provider_id}"}),
                ConsistentRead=True,
            )
            if item["kept_until_ms"] > now_ms
            and item["vehicle_type"] == vehicle_type
            and item["sk"] != but_for
            and (before_ms is None or (item["kept_until_ms"], item["sk"]) < (before_ms, but_for))
        }
        there = self._there(provider_id, list(sent))
        return Counter(
            shelter_id
            for device_id, shelter_id in sent.items()
            if there.get(device_id) != shelter_id
        )

    def send(
        self,
        provider_id: str,
        device_id: str,
        shelter_id: str,
        vehicle_type: CountedType,
        now_ms: int,
    ) -> int:
        """Note where a vehicle is sent, wherever it was sent before; return until when (ms)."""
        kept_until_ms = now_ms + KEPT_MS
        item = {
            **redirect_key(provider_id, device_id),
            "shelter_id": shelter_id,
            "vehicle_type": vehicle_type,
            "kept_until_ms": kept_until_ms,
            "expires_at": kept_until_ms // 1000,
        }
        aws.dynamodb().put_item(TableName=self._table, Item=to_item(item))
        return kept_until_ms

    def _there(self, provider_id: str, device_ids: list[str]) -> dict[str, str]:
        """Return in which shelter vehicles are, of those that are in one."""
        keys = [to_item(vehicle_key(provider_id, one)) for one in device_ids]
        found: dict[str, str] = {}
        while keys:
            some, keys = keys[:_MOST_IN_A_READ], keys[_MOST_IN_A_READ:]
            request = {"Keys": some, "ProjectionExpression": "pk, shelter_id"}
            answer = aws.dynamodb().batch_get_item(RequestItems={self._table: request})  # type: ignore[dict-item]
            for item in map(from_item, answer["Responses"].get(self._table, [])):
                if "shelter_id" in item:
                    found[item["pk"].split("#", 2)[2]] = item["shelter_id"]
            keys += answer["UnprocessedKeys"].get(self._table, {"Keys": []})["Keys"]
        return found
