"""The stays that are over, each in its shelter's history under every day that it saw."""

from collections.abc import Iterator, Mapping
from typing import Any

from functions.shelter_alerts import items
from functions.shelter_alerts.messages import ShelterLeftV1
from functions.shelter_alerts.vehicle import Reason, Stay
from shared import aws
from shared.dynamo import to_item
from shared.reads import queried


class SessionStore:
    """Stays that are over, in DynamoDB.

    | access pattern                 | operation | key / index                        | units           |
    | ------------------------------ | --------- | ---------------------------------- | --------------- |
    | keep one, again without harm   | Put       | pk=H#<shelter>#<day> sk=<left_at>… | 1 write a day   |
    | of a shelter that saw a day    | Query     | pk=H#<shelter>#<day>               | 0.5 read / 4 KB |
    """

    def __init__(self, table: str) -> None:
        self._table = table

    def keep(self, message: ShelterLeftV1) -> None:
        """Keep a stay that is over; the same one is the same items."""
        stay = Stay(
            session_id=message["session_id"],
            shelter_id=message["shelter_id"],
            arrived_ms=message["arrived_ms"],
            vehicle_type=message["vehicle_type"],
            left_ms=message["left_ms"],
            reason=Reason(message["reason"]),
        )
        for values in items.session_values(stay):
            aws.dynamodb().put_item(TableName=self._table, Item=to_item(values))

    def of_day(self, shelter_id: str, day: str) -> Iterator[Mapping[str, Any]]:
        """Yield the stays that are over and saw a day (WIB), in the order in which they ended."""
        return queried(
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND sk < :late",
            ExpressionAttributeValues=to_item(
                {":pk": items.sessions_partition(shelter_id, day), ":late": items.LATE}
            ),
        )
