"""What the stream's reader finds out about new complaints before routing decides them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from shared import aws, vehicles
from shared.complaints.record import Complaint
from shared.dynamo import from_item, to_item

#: A day's count is of no use after it; the table forgets it by itself.
_COUNTED_FOR = timedelta(days=2)
#: What BatchGetItem takes in one call.
_MOST_KEYS = 100


class Enrichment:
    """Counts of devices and the registry of vehicles, in the complaints table.

    | access pattern                       | operation      | key                     | units   |
    | ------------------------------------ | -------------- | ----------------------- | ------- |
    | a device's submissions of the day    | Update (add to a set) | pk=D#<pseudonym> sk=DEVICE | 1 write |
    | the vehicles of a batch of complaints | BatchGet, ≤100 | pk=V#<CODE> sk=VEHICLE | 0.5 read each |
    """

    def __init__(self, table: str) -> None:
        self._table = table

    def of(self, complaints: Sequence[Complaint]) -> dict[str, dict[str, Any]]:
        """Return what is known besides of each complaint that is to be decided, by its number."""
        registered = self._vehicles([one.vehicle_code for one in complaints if one.vehicle_code])
        counts = self._counts(complaints)
        return {
            one.complaint_id: {
                "device_today": counts.get(one.device) if one.device else None,
                **(_of_vehicle(registered.get(one.vehicle_code)) if one.vehicle_code else {}),
            }
            for one in complaints
        }

    def _counts(self, complaints: Sequence[Complaint]) -> Mapping[str, int]:
        """Count each device's submissions, every one once however often its record is read."""
        by_device = defaultdict(list)
        for one in complaints:
            if one.device:
                by_device[one.device].append(one)
        return {device: self._count(device, theirs) for device, theirs in by_device.items()}

    def _count(self, device: str, complaints: Sequence[Complaint]) -> int:
        forgotten = _epoch_s(max(one.created_at for one in complaints) + _COUNTED_FOR)
        counted = aws.dynamodb().update_item(
            TableName=self._table,
            Key={"pk": {"S": f"D#{device}"}, "sk": {"S": "DEVICE"}},
            UpdateExpression="ADD complaint_ids :new SET expires_at = :forgotten",
            ExpressionAttributeValues={
                ":new": {"SS": sorted({one.complaint_id for one in complaints})},
                ":forgotten": {"N": str(forgotten)},
            },
            ReturnValues="UPDATED_NEW",
        )
        return len(counted["Attributes"]["complaint_ids"]["SS"])

    def _vehicles(self, codes: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
        """Return the registered ones of some vehicles, by code."""
        wanted = sorted(set(codes))
        found: dict[str, Mapping[str, Any]] = {}
        for at in range(0, len(wanted), _MOST_KEYS):
            keys = [to_item(vehicles.key(code)) for code in wanted[at : at + _MOST_KEYS]]
            asked: Any = {self._table: {"Keys": keys}}
            while asked:
                answer = aws.dynamodb().batch_get_item(RequestItems=asked)
                for values in map(from_item, answer["Responses"].get(self._table, ())):
                    found[str(values["pk"]).removeprefix("V#")] = values
                asked = answer.get("UnprocessedKeys") or {}
        return found


def _of_vehicle(registered: Mapping[str, Any] | None) -> dict[str, Any]:
    if registered is None:
        return {"vehicle_known": False}
    return {"vehicle_known": True, "vehicle_partner": registered["partner"]}


def _epoch_s(at: datetime) -> int:
    return int(at.timestamp())
