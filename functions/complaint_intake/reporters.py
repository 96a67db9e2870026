"""Reporters' contact data in DynamoDB: the only place that holds any, and intake's alone."""

from collections.abc import Mapping
from datetime import datetime
from secrets import token_hex
from typing import Any, Final

from shared import aws
from shared.clock import to_text
from shared.complaints.items import partition
from shared.complaints.store import CONTACT
from shared.dynamo import from_item, to_item

#: What begins the sort key of what was done with somebody's data.
LOG: Final = "LOG#"


class ReporterStore:
    """Reporters in DynamoDB. A contact is written in its complaint's own transaction.

    | access pattern            | operation       | key                      | units  |
    | ------------------------- | --------------- | ------------------------ | ------ |
    | the contact of a complaint | Get, consistent | pk=C#<id> sk=CONTACT     | 1 read |
    | log what was done with it | Put             | pk=C#<id> sk=LOG#<instant>#<random> | 1 write |
    """

    def __init__(self, table: str) -> None:
        self.table = table

    def contact(self, complaint_id: str) -> Mapping[str, Any] | None:
        """Return the contact data given with a complaint, or None."""
        key = {"pk": {"S": partition(complaint_id)}, "sk": {"S": CONTACT}}
        found = aws.dynamodb().get_item(TableName=self.table, Key=key, ConsistentRead=True)
        return from_item(found["Item"]) if "Item" in found else None

    def log(self, complaint_id: str, *, what: str, by: str, at: datetime) -> None:
        """Write down what was done with a reporter's data, by whom and when: before it is done."""
        entry = {
            "pk": partition(complaint_id),
            "sk": f"{LOG}{to_text(at)}#{token_hex(4)}",
            "what": what,
            "by": by,
            "at": to_text(at),
        }
        aws.dynamodb().put_item(TableName=self.table, Item=to_item(entry))
