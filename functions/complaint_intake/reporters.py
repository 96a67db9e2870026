"""Reporters' contact data in DynamoDB: the only place that holds any, and intake's alone."""

from collections.abc import Mapping
from typing import Any

from shared import aws
from shared.complaints.items import partition
from shared.complaints.store import CONTACT
from shared.dynamo import from_item


class ReporterStore:
    """Reporters in DynamoDB. A contact is written in its complaint's own transaction.

    | access pattern            | operation       | key                      | units  |
    | ------------------------- | --------------- | ------------------------ | ------ |
    | the contact of a complaint | Get, consistent | pk=C#<id> sk=CONTACT     | 1 read |
    """

    def __init__(self, table: str) -> None:
        self.table = table

    def contact(self, complaint_id: str) -> Mapping[str, Any] | None:
        """Return the contact data given with a complaint, or None."""
        key = {"pk": {"S": partition(complaint_id)}, "sk": {"S": CONTACT}}
        found = aws.dynamodb().get_item(TableName=self.table, Key=key, ConsistentRead=True)
        return from_item(found["Item"]) if "Item" in found else None
