"""CAP messages as they were sent, kept to be read again."""

from collections.abc import Sequence

from functions.shelter_alerts.alerts import cap, items
from functions.shelter_alerts.alerts.messages import AlertSaidV1
from functions.shelter_alerts.configuration import Shelter, jurisdiction_of
from functions.shelter_alerts.items import as_text
from shared import aws
from shared.dynamo import from_item, to_item

#: The newest of them that the feed lists.
_MOST = 100


class CapStore:
    """CAP messages in DynamoDB.

    | access pattern               | operation | key                                          | units           |
    | ---------------------------- | --------- | -------------------------------------------- | --------------- |
    | keep one, again without harm | Put       | pk=CAP#<jurisdiction> sk=<sent>#<identifier> | 1 write / KB    |
    | one by its identifier        | Get       | the same; its time is in it                  | 0.5 read / 4 KB |
    | a jurisdiction's newest      | Query     | pk=CAP#<jurisdiction>                        | 0.5 read / 4 KB |
    """

    def __init__(self, table: str) -> None:
        self._table = table

    def keep(self, said: AlertSaidV1, shelter: Shelter) -> None:
        """Keep the message of what was said; it is the same each time."""
        identifier = cap.identifier_of(shelter.id, said["seq"], said["at_ms"])
        key = items.cap_key(jurisdiction_of(shelter.id), as_text(said["at_ms"]), identifier)
        values = {**key, "identifier": identifier, "xml": cap.message(said, shelter)}
        aws.dynamodb().put_item(TableName=self._table, Item=to_item(values))

    def get(self, identifier: str) -> str | None:
        """Return a message's XML; None if there is none of that name."""
        kept = cap.kept_at(identifier)
        if kept is None:
            return None
        key = to_item(items.cap_key(*kept, identifier))
        answer = aws.dynamodb().get_item(TableName=self._table, Key=key)
        return str(from_item(answer["Item"])["xml"]) if "Item" in answer else None

    def newest(self, jurisdiction_id: str, *, since_ms: int) -> Sequence[tuple[str, str]]:
        """Return the newest messages since a time (identifier, XML), the newest first."""
        answer = aws.dynamodb().query(
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND sk >= :since",
            ExpressionAttributeValues=to_item(
                {":pk": f"CAP#{jurisdiction_id}", ":since": as_text(since_ms)}
            ),
            ScanIndexForward=False,
            Limit=_MOST,
        )
        found = map(from_item, answer["Items"])
        return [(item["identifier"], item["xml"]) for item in found]
