"""What is known of the delivery of assignments, in the complaints table."""

from collections.abc import Iterator
from datetime import datetime

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

    def stuck(self, jurisdiction_id: str) -> Iterator[Complaint]:
        """Yield the complaints that their agencies were sent in vain, the longest stuck first."""
        found = queried(
            TableName=self._table,
            IndexName=BY_STUCK,
            KeyConditionExpression="stuck = :jurisdiction",
            ExpressionAttributeValues={":jurisdiction": {"S": jurisdiction_id}},
        )
        return map(items.complaint_from, found)
