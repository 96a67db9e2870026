"""What the stream's reader finds out about new complaints before routing decides them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from shared import aws, vehicles
from shared.clock import to_text
from shared.complaints.record import Complaint
from shared.dynamo import from_item, to_item
from shared.terms import MOST_OF_A_DEVICE
from shared.writes import old_item, refused

#: A day's count is of no use after it; the table forgets it by itself.
_COUNTED_FOR = timedelta(days=2)
#: What BatchGetItem takes in one call.
_MOST_KEYS = 100


class Enrichment:
    """Counts of devices and the registry of vehicles, in the complaints table.

    | access pattern                       | operation      | key                     | units   |
    | ------------------------------------ | -------------- | ----------------------- | ------- |
    | a device's submissions of the day    | Update (add to a set) | pk=D#<pseudonym> sk=DEVICE | 1 write / KB |
    | the vehicles of a batch of complaints | BatchGet, ≤100 | pk=V#<CODE> sk=VEHICLE | 0.5 read each |
    """

    def __init__(self, table: str) -> None:
        self._table = table

    def of(self, complaints: Sequence[Complaint]) -> dict[str, dict[str, Any]]:
        """Return what is known besides of each complaint that is to be decided, by its number."""
        registered = self._vehicles([one.vehicle_code for one in complaints if one.vehicle_code])
        ranks = self._ranks(complaints)
        return {
            one.complaint_id: {
                "device_today": ranks.get(one.complaint_id),
                **(_of_vehicle(registered.get(one.vehicle_code)) if one.vehicle_code else {}),
            }
            for one in complaints
        }

    def _ranks(self, complaints: Sequence[Complaint]) -> Mapping[str, int]:
        """Return which submission of its device's day each is, the first being 1, by number."""
        by_device = defaultdict(list)
        for one in complaints:
            if one.device:
                by_device[one.device].append(one)
        return {
            number: rank
            for device, theirs in by_device.items()
            for number, rank in self._ranked(device, theirs).items()
        }

    def _ranked(self, device: str, complaints: Sequence[Complaint]) -> Mapping[str, int]:
        """Count a device's submissions; each has the same rank however often its record is read.

        A day's set stops growing where no limit asks any further, so that a flood cannot fill it.
        """
        places = {device_entry(one): one.complaint_id for one in complaints}
        counted = self._counted(device, complaints, sorted(places))
        ranks = {place: rank for rank, place in enumerate(sorted(counted), start=1)}
        return {number: ranks.get(place, len(ranks) + 1) for place, number in places.items()}

    def _counted(
        self, device: str, complaints: Sequence[Complaint], new: Sequence[str]
    ) -> Sequence[str]:
        """Add to a device's submissions of the day, if there is room; return them all."""
        forgotten = _epoch_s(max(one.created_at for one in complaints) + _COUNTED_FOR)
        try:
            answer = aws.dynamodb().update_item(
                TableName=self._table,
                Key=device_key(device),
                UpdateExpression="ADD submissions :new SET expires_at = :forgotten",
                ConditionExpression="attribute_not_exists(submissions) OR size(submissions) < :most",
                ExpressionAttributeValues={
                    ":new": {"SS": new},
                    ":forgotten": {"N": str(forgotten)},
                    ":most": {"N": str(MOST_OF_A_DEVICE)},
                },
                ReturnValues="ALL_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            if not refused(error):
                raise
            return _submissions(old_item(error))
        return _submissions(answer["Attributes"])

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


def device_key(device: str) -> dict[str, Any]:
    """Return the key of a device's submissions of a day."""
    return {"pk": {"S": f"D#{device}"}, "sk": {"S": "DEVICE"}}


def device_entry(complaint: Complaint) -> str:
    """Return how a submission stands in the set of its device's day: sorted by time."""
    return f"{to_text(complaint.created_at)}#{complaint.complaint_id}"


def _submissions(item: Mapping[str, Any] | None) -> Sequence[str]:
    return item["submissions"]["SS"] if item else ()


def _of_vehicle(registered: Mapping[str, Any] | None) -> dict[str, Any]:
    if registered is None:
        return {"vehicle_known": False}
    return {"vehicle_known": True, "vehicle_partner": registered["partner"]}


def _epoch_s(at: datetime) -> int:
    return int(at.timestamp())
