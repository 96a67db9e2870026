"""What is known of the delivery of assignments, in the complaints table."""

from collections.abc import Sequence
from datetime import datetime
from itertools import islice

from botocore.exceptions import ClientError

from shared import aws
from shared.clock import to_text
from shared.complaints import items
from shared.complaints.indexes import BY_STUCK
from shared.complaints.record import Complaint
from shared.reads import queried
from shared.writes import refused


class Deliveries:
    """What agencies' programs took, and what nobody acknowledges.

    | access pattern                       | operation              | key / index         | units           |
    | ------------------------------------ | ---------------------- | ------------------- | --------------- |
    | taken over HTTP, the first time      | Update if its agency's | pk=C#<id> sk=RECORD | 1 write / KB    |
    | stuck ones of a jurisdiction         | Query                  | by_stuck            | 0.5 read / 4 KB |
    """

    def __init__(self, table: str) -> None:
        self._table = table

    def received(self, complaint_id: str, assignment_no: int, agency: str, at: datetime) -> None:
        """Record that an agency's program took an assignment of its, the first time that it did."""
        place = f"assignments[{assignment_no - 1}]"
        try:
            aws.dynamodb().update_item(
                TableName=self._table,
                Key={"pk": {"S": items.partition(complaint_id)}, "sk": {"S": items.RECORD}},
                UpdateExpression=f"SET {place}.received_at = :at",
                ConditionExpression=f"{place}.agency = :agency"
                f" AND attribute_not_exists({place}.received_at)",
                ExpressionAttributeValues={":at": {"S": to_text(at)}, ":agency": {"S": agency}},
            )
        except ClientError as error:
            if not refused(error):
                raise

    def stuck(
        self, jurisdiction_id: str, *, after: str = "", limit: int
    ) -> tuple[Sequence[Complaint], str | None]:
        """Return complaints that agencies were sent in vain, the longest stuck first.

        And where to go on, None at the end; `after` is the place that the last page returned.
        """
        found = queried(
            TableName=self._table,
            IndexName=BY_STUCK,
            KeyConditionExpression="stuck = :jurisdiction AND stuck_since > :after",
            ExpressionAttributeValues={
                ":jurisdiction": {"S": jurisdiction_id},
                ":after": {"S": after or " "},
            },
            Limit=limit + 1,
        )
        rows = list(islice(found, limit + 1))
        page, more = rows[:limit], rows[limit:]
        place = str(page[-1]["stuck_since"]) if more else None
        return [items.complaint_from(values) for values in page], place

    def count_stuck(self, jurisdiction_id: str) -> int:
        """Return how many complaints agencies were sent in vain."""
        pages = (
            aws.dynamodb()
            .get_paginator("query")
            .paginate(
                TableName=self._table,
                IndexName=BY_STUCK,
                KeyConditionExpression="stuck = :jurisdiction",
                ExpressionAttributeValues={":jurisdiction": {"S": jurisdiction_id}},
                Select="COUNT",
            )
        )
        return sum(page["Count"] for page in pages)
