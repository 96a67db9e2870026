"""The board: of each shelter how many are in it, as counted when somebody last came or left.

Presence stays the truth, an item for each vehicle. The board is what many read at once: a
jurisdiction's shelters in one Query, instead of one for each shelter. It is what the looks at
shelters wrote in their alerts, so nothing here counts.
"""

from collections.abc import Iterable
from datetime import datetime

from functions.shelter_alerts.alerts.items import CAPACITY, alerts_partition, shelter_in
from functions.shelter_alerts.feeds.standing import Counted
from functions.shelter_alerts.items import forgotten_at
from functions.shelter_alerts.store import VehicleStore
from shared import aws
from shared.clock import WIB
from shared.dynamo import to_item
from shared.reads import queried


def silence_partition(provider_id: str, day: str) -> str:
    """Return the partition of the minutes of a day (WIB) in which a provider was silent."""
    return f"X#{provider_id}#{day}"


class Board:
    """The board in DynamoDB.

    | access pattern                   | operation              | key / index             | units          |
    | -------------------------------- | ---------------------- | ----------------------- | -------------- |
    | all shelters of a jurisdiction   | Query                  | pk=A#<jurisdiction>     | 0.5 read / 4 KB |
    |                                  |                        | sk=CAPACITY#<shelter>   |                |
    | a provider was silent in a minute| Put                    | pk=X#<provider>#<day>   | 1 write        |
    | when it was silent on a day      | Query                  | …                       | 0.5 read / 4 KB |
    """

    def __init__(self, table: str) -> None:
        self._table = table
        self._vehicles = VehicleStore(table)

    def counts(self, jurisdiction_id: str) -> dict[str, Counted]:
        """Return what the board says of a jurisdiction's shelters, by id; a moment ago's.

        Where nobody ever was, nothing is said.
        """
        found = queried(
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :sk)",
            ExpressionAttributeValues=to_item(
                {":pk": alerts_partition(jurisdiction_id), ":sk": CAPACITY}
            ),
            ProjectionExpression="sk, occupancy, counted_ms",
        )
        return {
            shelter_in(item["sk"]): Counted(by_type=item["occupancy"], at_ms=item["counted_ms"])
            for item in found
            if "counted_ms" in item
        }

    def reported_ms(self, provider_ids: Iterable[str]) -> int | None:
        """Return up to when (ms) anything that providers told was worked through; None: never."""
        heard_ms = self.heard_ms(provider_ids)
        return None if heard_ms is None else heard_ms[1]

    def heard_ms(self, provider_ids: Iterable[str]) -> tuple[int, int] | None:
        """Return since when and up to when (ms) providers were heard; None: never."""
        heard = [each for one in provider_ids for each in self._vehicles.heard(one).values()]
        if not heard:
            return None
        return min(since for since, _ in heard), max(until for _, until in heard)

    def note_silence(self, provider_id: str, at: datetime) -> None:
        """Note that a provider was silent in a minute; again without harm."""
        local = at.astimezone(WIB)
        item = {
            "pk": silence_partition(provider_id, local.date().isoformat()),
            "sk": f"{local:%H:%M}",
            "expires_at": forgotten_at(round(at.timestamp() * 1000)),
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
