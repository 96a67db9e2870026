"""By which channels a reporter wishes to be told: changed by the reporter alone, and on record."""

from collections.abc import Sequence
from datetime import datetime
from secrets import token_hex
from typing import Any, Final

from botocore.exceptions import ClientError

from functions.complaint_intake.notices.messages import Channel
from shared import aws
from shared.clock import to_text
from shared.complaints.items import RECORD, partition
from shared.complaints.store import CONTACT
from shared.dynamo import to_attribute, to_item
from shared.writes import patiently, refused

#: What the reporter's processing log calls it.
CHANGED: Final = "notices_changed"


class NoticeWishes:
    """Wishes, in the contact of a complaint's reporter; the record says only whether to look there.

    | access pattern                  | operation                   | table, key                      | units    |
    | ------------------------------- | --------------------------- | ------------------------------- | -------- |
    | change the wishes, and log it   | Transaction: update and put | reporters, sk=CONTACT and LOG#… | 4 writes |
    | let the stream's reader look    | Update, if there            | complaints, sk=RECORD           | 1 write  |
    """

    def __init__(self, *, complaints_table: str, reporters_table: str) -> None:
        self._complaints = complaints_table
        self._reporters = reporters_table

    def change(
        self, complaint_id: str, channels: Sequence[Channel], *, by: str, now: datetime
    ) -> bool:
        """Tell a reporter by these channels from now on; False: it is so already, or there is none.

        `by` says with what right it was asked: "tracking token" or "unsubscribe link".
        """
        pk = partition(complaint_id)
        if channels:
            # First: a wish that nobody looks for would not be heard.
            self._look_for_wishes(pk)
        entry = {"pk": pk, "sk": f"LOG#{to_text(now)}#{token_hex(4)}", "what": CHANGED, "by": by}
        writes: list[Any] = [
            {
                "Update": {
                    "TableName": self._reporters,
                    "Key": {"pk": {"S": pk}, "sk": {"S": CONTACT}},
                    "UpdateExpression": "SET notify = :channels",
                    "ConditionExpression": "attribute_exists(pk) AND notify <> :channels",
                    "ExpressionAttributeValues": {":channels": to_attribute(list(channels))},
                }
            },
            {
                "Put": {
                    "TableName": self._reporters,
                    "Item": to_item(entry | {"at": to_text(now), "channels": list(channels)}),
                }
            },
        ]
        try:
            patiently(lambda: aws.dynamodb().transact_write_items(TransactItems=writes))
        except ClientError as error:
            if not refused(error):
                raise
            return False
        return True

    def _look_for_wishes(self, pk: str) -> None:
        aws.dynamodb().update_item(
            TableName=self._complaints,
            Key={"pk": {"S": pk}, "sk": {"S": RECORD}},
            UpdateExpression="SET notify = :yes",
            ConditionExpression="attribute_exists(pk)",
            ExpressionAttributeValues={":yes": {"BOOL": True}},
        )
