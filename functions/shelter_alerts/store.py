"""Vehicles, who is in which shelter, and how far each provider's shards were worked through."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from botocore.exceptions import ClientError

from functions.shelter_alerts import indexes, items
from functions.shelter_alerts.movement import Movement
from functions.shelter_alerts.vehicle import Vehicle
from shared import aws
from shared.dynamo import from_item, to_item
from shared.reads import queried
from shared.writes import old_item, patiently, refused

#: Who a vehicle is: its provider's id, and its own.
Identity = tuple[str, str]

_MOST_IN_A_READ = 100
#: A shard's watermark is written at most so often.
WATERMARK_MS = 60_000


@dataclass(frozen=True, slots=True)
class Present:
    """A vehicle that is in a shelter."""

    provider_id: str
    device_id: str
    vehicle_type: str  #: as shelters count it
    arrived_at: str
    session_id: str


class Outdated(Exception):
    """A vehicle was changed since it was read; it is now as told here."""

    def __init__(self, vehicle: Vehicle) -> None:
        super().__init__("read again")
        self.vehicle = vehicle


class VehicleStore:
    """Vehicles in DynamoDB.

    | access pattern                   | operation         | key / index               | units              |
    | -------------------------------- | ----------------- | ------------------------- | ------------------ |
    | vehicles that were told of       | BatchGet, 100     | pk=V#<provider>#<device>  | 0.5 read each      |
    | a change that moves it nowhere   | Put if unchanged  | … sk=VEHICLE              | 1 write            |
    | arrive / leave / move            | Transaction of it | and pk=S#<shelter>        | 4 / 4 / 6 writes   |
    | who is in a shelter              | Query, consistent | pk=S#<shelter> sk=P#…     | 1 read / 4 KB      |
    | present, by minute last seen     | Query by_seen     | stale_shard, seen_minute  | 0.5 read / 4 KB    |
    | how far a shard was worked       | Update, a minute  | pk=W#<provider> sk=<shard>| 1 write            |
    | … all shards of a provider       | Query, consistent | pk=W#<provider>           | 1 read             |
    | what was told too late           | Put               | pk=H#<shelter>#<day>      | 1 write            |

    Of a present vehicle, by_seen takes 1 write when it comes or goes and 2 when it was seen again.
    """

    def __init__(self, table: str) -> None:
        self._table = table

    def get_all(self, identities: Iterable[Identity]) -> dict[Identity, Vehicle]:
        """Return the vehicles that are known; a moment ago's, which a write then notices."""
        keys = [to_item(items.vehicle_key(*one)) for one in dict.fromkeys(identities)]
        found: dict[Identity, Vehicle] = {}
        while keys:
            some, keys = keys[:_MOST_IN_A_READ], keys[_MOST_IN_A_READ:]
            answer = aws.dynamodb().batch_get_item(RequestItems={self._table: {"Keys": some}})
            for item in answer["Responses"].get(self._table, []):
                vehicle = items.vehicle_from(from_item(item))
                found[vehicle.provider_id, vehicle.device_id] = vehicle
            keys += answer["UnprocessedKeys"].get(self._table, {"Keys": []})["Keys"]
        return found

    def write(self, before: Vehicle, after: Vehicle) -> Vehicle:
        """Write what became of a vehicle, and who is in a shelter with it; return it as written.

        Raises:
            Outdated: it is no more as it was read; nothing was written.
            Busy: DynamoDB did not take it (HTTP 503).
        """
        written = replace(after, revision=before.revision + 1)
        put = self._put(before, written)
        come, gone = after.stay, before.stay
        if come is not None and gone is not None and come.session_id == gone.session_id:
            come = gone = None
        writes: list[Any] = [{"Put": put}]
        if gone is not None:
            key = items.present_key(gone.shelter_id, before.provider_id, before.device_id)
            writes.append({"Delete": {"TableName": self._table, "Key": to_item(key)}})
        if come is not None:
            there = to_item(items.present_values(after, come))
            writes.append({"Put": {"TableName": self._table, "Item": there}})
        try:
            if len(writes) == 1:
                patiently(lambda: aws.dynamodb().put_item(**put))
            else:
                patiently(lambda: aws.dynamodb().transact_write_items(TransactItems=writes))
        except ClientError as error:
            if not refused(error):
                raise
            raise Outdated(self._as_found(before, old_item(error))) from None
        return written

    def present(self, shelter_id: str) -> Iterator[Present]:
        """Yield who is in a shelter, as of now."""
        for item in queried(
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :sk)",
            ExpressionAttributeValues=to_item(
                {":pk": items.shelter_partition(shelter_id), ":sk": "P#"}
            ),
            ConsistentRead=True,
        ):
            _, provider_id, device_id = item["sk"].split("#", 2)
            yield Present(
                provider_id=provider_id,
                device_id=device_id,
                vehicle_type=item["vehicle_type"],
                arrived_at=item["arrived_at"],
                session_id=item["session_id"],
            )

    def unseen(self, shard: int, at_ms: int) -> Iterator[Identity]:
        """Yield the present vehicles of a shard last seen in a minute or before it."""
        for item in queried(
            TableName=self._table,
            IndexName=indexes.BY_SEEN,
            KeyConditionExpression="stale_shard = :shard AND seen_minute <= :minute",
            ExpressionAttributeValues=to_item(
                {":shard": items.stale_partition(shard), ":minute": items.minute_of(at_ms)}
            ),
        ):
            _, provider_id, device_id = item["pk"].split("#", 2)
            yield provider_id, device_id

    def worked_through(self, provider_id: str, shard: int, received_ms: int) -> int:
        """Note that all that came in up to a time was worked through; return what stands noted.

        It is written only if the last note is a minute old.
        """
        try:
            aws.dynamodb().update_item(
                TableName=self._table,
                Key=to_item(items.watermark_key(provider_id, shard)),
                UpdateExpression="SET processed_ms = :now, since_ms = if_not_exists(since_ms, :now)",
                ConditionExpression="attribute_not_exists(pk) OR processed_ms <= :before",
                ExpressionAttributeValues=to_item(
                    {":now": received_ms, ":before": received_ms - WATERMARK_MS}
                ),
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            if not refused(error):
                raise
            return int(from_item(old_item(error) or {})["processed_ms"])
        return received_ms

    def watermarks(self, provider_id: str) -> Mapping[int, int]:
        """Return up to when (ms) each shard of a provider was worked through, to the minute."""
        return {shard: until for shard, (_, until) in self.heard(provider_id).items()}

    def heard(self, provider_id: str) -> Mapping[int, tuple[int, int]]:
        """Return since when and up to when (ms) each shard of a provider was worked through.

        Since 0 is since ever: of shards noted before their beginning was.
        """
        found = queried(
            TableName=self._table,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues=to_item({":pk": f"W#{provider_id}"}),
            ConsistentRead=True,
        )
        return {int(item["sk"]): (item.get("since_ms", 0), item["processed_ms"]) for item in found}

    def keep_late(self, movement: Movement, received_ms: int) -> None:
        """Keep in a shelter's history what was told of it too late to count."""
        item = to_item(items.late_values(movement, received_ms))
        aws.dynamodb().put_item(TableName=self._table, Item=item)

    def _put(self, before: Vehicle, written: Vehicle) -> dict[str, Any]:
        put: dict[str, Any] = {
            "TableName": self._table,
            "Item": to_item(items.vehicle_values(written)),
            "ConditionExpression": "attribute_not_exists(pk)",
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
        if before.revision:
            put["ConditionExpression"] = "revision = :revision"
            put["ExpressionAttributeValues"] = to_item({":revision": before.revision})
        return put

    @staticmethod
    def _as_found(before: Vehicle, item: Mapping[str, Any] | None) -> Vehicle:
        if item is None:  # it was there when it was read, and nobody deletes vehicles
            return Vehicle(provider_id=before.provider_id, device_id=before.device_id)
        return items.vehicle_from(from_item(item))
