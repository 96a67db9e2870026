"""Complaints that follow another in DynamoDB: who follows, how many, and what a merger writes."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, Final

from botocore.exceptions import ClientError

from shared import aws
from shared.complaints import items
from shared.complaints.indexes import BY_FOLLOWED
from shared.complaints.law import DONE, OPEN, Status
from shared.complaints.record import Complaint
from shared.dynamo import to_attribute
from shared.reads import queried
from shared.writes import refused

#: How many followers a query reads at a time where all are counted.
_PAGE: Final = 500
#: Whose status lets another be merged into it.
_MERGEABLE: Final = {f":{one}": to_attribute(one) for one in (Status.RECEIVED, *OPEN)}


class FollowedComplaints:
    """The part of the complaint store that knows who follows whom.

    | access pattern                        | operation           | key / index          | units         |
    | ------------------------------------- | ------------------- | -------------------- | ------------- |
    | what follows a complaint              | Query               | by_followed          | 0.5 read / 4 KB |
    | there is more to move: a new mark     | Update if same mark | pk=C#<id> sk=RECORD  | 1 write       |
    """

    def __init__(self, table: str) -> None:
        self._table = table

    def followers(self, complaint_id: str, *, after: str, limit: int) -> Sequence[str]:
        """Return the numbers of complaints that follow this one, at most so many, in their order.

        What has just come to follow it may be missing: see `count_followers`.
        """
        return list(islice(self._followers(complaint_id, after, limit), limit))

    def count_followers(self, complaint_id: str) -> int:
        """Return how many followers of a complaint the index knows of by now."""
        return sum(1 for _ in self._followers(complaint_id, "", _PAGE))

    def deliver_more(self, before: Complaint, after: Complaint) -> None:
        """Put a mark of what is left to do in the place of the one that was worked upon.

        Nothing happens if that has been replaced already.
        """
        try:
            aws.dynamodb().update_item(
                **record_of(self._table, before.complaint_id),
                UpdateExpression="SET undelivered_since = :mark, undelivered_action = :left",
                ConditionExpression="undelivered_since = :before",
                ExpressionAttributeValues={
                    ":mark": to_attribute(after.undelivered_since),
                    ":left": to_attribute(after.undelivered_action),
                    ":before": to_attribute(before.undelivered_since),
                },
            )
        except ClientError as error:
            if not refused(error):
                raise

    def _followers(self, complaint_id: str, after: str, limit: int) -> Iterator[str]:
        found = queried(
            TableName=self._table,
            IndexName=BY_FOLLOWED,
            KeyConditionExpression="follows = :followed AND complaint_id > :after",
            ExpressionAttributeValues={
                ":followed": {"S": complaint_id},
                ":after": {"S": after or " "},
            },
            Limit=limit,
        )
        return (str(values["complaint_id"]) for values in found)


def record_of(table: str, complaint_id: str) -> Any:
    """Return where a complaint's record lies."""
    key = {"pk": {"S": items.partition(complaint_id)}, "sk": {"S": items.RECORD}}
    return {"TableName": table, "Key": key}


def counted(table: str, before: Complaint, after: Complaint) -> Sequence[Any]:
    """Return the write by which the complaint that one is merged into, or taken out of, counts it.

    It gets no new version, which whoever works it would stumble over. A merger wants it to be
    open and to follow no other itself.
    """
    if before.duplicate_of == after.duplicate_of:
        return ()
    write: dict[str, Any] = {
        **record_of(table, after.duplicate_of or before.duplicate_of or ""),
        "UpdateExpression": "ADD duplicates :one",
        "ConditionExpression": "attribute_exists(pk)",
        "ExpressionAttributeValues": {":one": to_attribute(1 if after.duplicate_of else -1)},
    }
    if after.duplicate_of:
        write["ConditionExpression"] = (
            f"attribute_not_exists(follows) AND #status IN ({', '.join(_MERGEABLE)})"
            " AND attribute_not_exists(erasure_requested_at)"
        )
        write["ExpressionAttributeNames"] = {"#status": "status"}
        write["ExpressionAttributeValues"] |= _MERGEABLE
    return ({"Update": write},)


def knowing_all(before: Complaint, after: Complaint) -> tuple[str, dict[str, Any]]:
    """Return the condition, and its values, of a change of which those that follow have to hear.

    Mergers are counted without a new version, so whoever ends a complaint must have known all.
    """
    ends = after.status in DONE and before.status not in DONE
    if not (ends or (after.follows and not before.follows)):
        return "", {}
    none = "" if before.duplicates else "attribute_not_exists(duplicates) OR "
    return f" AND ({none}duplicates = :duplicates)", {
        ":duplicates": to_attribute(before.duplicates)
    }
