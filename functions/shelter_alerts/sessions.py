"""The stays that are over, each an item of its shelter's history."""

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

    | access pattern                        | operation | key / index                       | units           |
    | ------------------------------------- | --------- | --------------------------------- | --------------- |
    | keep one, again without harm          | Put       | pk=H#<shelter>#<day> sk=<left_at>… | 1 write         |
    | of a shelter, by when they ended (WIB)| Query     | … sk between two times            | 0.5 read / 4 KB |
    """

    def __init__(self, table: str) -> None:
        self._table = table

    def keep(self, message: ShelterLeftV1) -> None:
        """Keep a stay that is over; the same one is the same item."""
        stay = Stay(
            session_id=message["session_id"],
            shelter_id=message["shelter_id"],
            arrived_ms=message["arrived_ms"],
            vehicle_type=message["vehicle_type"],
            left_ms=message["left_ms"],
            reason=Reason(message["reason"]),
        )
        values = items.session_values(message["provider_id"], message["device_id"], stay)
        aws.dynamodb().put_item(TableName=self._table, Item=to_item(values))

    def ended(
        self, shelter_id: str, day: str, *, since: str = "0", until: str = "9"
    ) -> Iterator[Mapping[str, Any]]:
        """Yield the stays that ended in a shelter on a day (WIB), in their order.

        `since` and `until` are times in UTC as `clock.to_text` writes them; `until` is left out.
        """
        return queried(
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND sk BETWEEN :since AND :until",
            ExpressionAttributeValues=to_item(
                {
                    ":pk": items.sessions_partition(shelter_id, day),
                    ":since": since,
                    ":until": until,
                }
            ),
        )
