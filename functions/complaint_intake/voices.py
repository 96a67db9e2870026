"""Who has spoken of a complaint already, in DynamoDB: each device once, and nothing else of it."""

from collections.abc import Sequence
from datetime import datetime

from botocore.exceptions import ClientError

from functions.complaint_intake.support import Count
from shared import aws
from shared.complaints import items
from shared.complaints.acting import StaleVersion
from shared.complaints.law import Status
from shared.dynamo import to_attribute, to_item
from shared.writes import patiently, refused

#: Before the hash in the sort key, by what is counted.
_KINDS: dict[Count, str] = {"supporters": "SUPPORT", "not_fixed": "NOT_FIXED"}


class VoiceStore:
    """Voices in DynamoDB, each in one transaction with its complaint's count.

    | access pattern            | operation                 | key                                  | units    |
    | ------------------------- | ------------------------- | ------------------------------------ | -------- |
    | count a device once       | Transaction: put + update | pk=S#<id> sk=<kind>#<device>, RECORD | 4 writes |

    The record's version stays, so that no agency's `expected_version` is outdated by a crowd.
    """

    def __init__(self, table: str) -> None:
        self._table = table

    def add(
        self,
        complaint_id: str,
        device: str,
        count: Count,
        *,
        among: Sequence[Status],
        until: datetime,
    ) -> bool:
        """Count a device if it was not yet; return whether it was counted now.

        It is remembered `until` then.

        Raises:
            StaleVersion: the complaint is not public, or in no status `among` these.
            Busy: others kept writing the same complaint.
        """
        voice = {
            "pk": f"S#{complaint_id}",
            "sk": f"{_KINDS[count]}#{device}",
            "expires_at": int(until.timestamp()),
        }
        statuses = {f":status{at}": to_attribute(one) for at, one in enumerate(among)}
        put = {
            "TableName": self._table,
            "Item": to_item(voice),
            "ConditionExpression": "attribute_not_exists(pk)",
        }
        update = {
            "TableName": self._table,
            "Key": {"pk": {"S": items.partition(complaint_id)}, "sk": {"S": items.RECORD}},
            "UpdateExpression": "ADD #count :one",
            "ConditionExpression": "visibility = :public AND attribute_not_exists(suspicion)"
            f" AND #status IN ({', '.join(statuses)})",
            "ExpressionAttributeNames": {"#count": count, "#status": "status"},
            "ExpressionAttributeValues": {
                ":one": to_attribute(1),
                ":public": to_attribute("public"),
                **statuses,
            },
        }
        writes = [{"Put": put}, {"Update": update}]
        try:
            patiently(lambda: aws.dynamodb().transact_write_items(TransactItems=writes))  # type: ignore[arg-type]
        except ClientError as error:
            if refused(error, 0):
                return False
            if refused(error, 1):
                raise StaleVersion from None
            raise
        return True
