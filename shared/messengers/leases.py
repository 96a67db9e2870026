"""Who has sent, or is sending, which notice: a lease in DynamoDB for each, so that only a crash repeats.

A lease is taken before sending and marked afterwards. What comes while it runs waits; what comes
after the mark finds it done. If the function dies in between, nobody can know whether the notice
went out: when the lease has run out it is sent again, so at most once more for each crash, and
never not at all. The items also tell the reporter what was sent and when.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from botocore.exceptions import ClientError

from shared import aws
from shared.clock import to_text
from shared.complaints.items import partition
from shared.dynamo import from_item, to_attribute
from shared.writes import old_item, refused

#: Longer than the function may take (`infra/entries.py`: 30 s), so that nobody else begins while
#: one may be sending; shorter than the queue's first wait before it tries again (`FIRST_WAIT_S`)
#: and than its visibility time-out, so that no try is spent on waiting for a lease.
LEASE: Final = timedelta(seconds=45)
FIRST_WAIT_S: Final = 60


class BeingSent(Exception):
    """Another is sending this notice just now, or has died of it: come again later."""


class NoticeLeases:
    """Leases in a table, at pk=C#<id> sk=NOTICE#<once>#<channel>.

    They lie with a complaint's reporter, in the table `reporters`; `partition` names another's
    partition by its id.

    | access pattern                       | operation           | units   |
    | ------------------------------------ | ------------------- | ------- |
    | take, unless sent, failed or running | Update, conditional | 1 write |
    | mark as sent, or failed for good     | Update              | 1 write |
    """

    def __init__(self, table: str, partition: Callable[[str], str] = partition) -> None:
        self._table = table
        self._partition = partition

    def take(
        self,
        complaint_id: str,
        once: str,
        channel: str,
        *,
        told: Mapping[str, str | int],
        now: datetime,
    ) -> bool:
        """Take the lease of a notice; False: it has been sent already, or can never be.

        `told` is kept for who is told to read: the occasion.

        Raises:
            BeingSent: the lease is another's, and has not run out.
        """
        values = {"lease_until": to_text(now + LEASE), "channel": channel, **told}
        names = {f"#{name}": name for name in values}
        try:
            aws.dynamodb().update_item(
                TableName=self._table,
                Key=self._key(complaint_id, once, channel),
                UpdateExpression=f"SET {', '.join(f'#{name} = :{name}' for name in values)}"
                " ADD tries :one",
                ConditionExpression="attribute_not_exists(sent_at)"
                " AND attribute_not_exists(failed_at)"
                " AND (attribute_not_exists(lease_until) OR lease_until <= :now)",
                ExpressionAttributeNames=names,
                ExpressionAttributeValues={
                    **{f":{name}": to_attribute(value) for name, value in values.items()},
                    ":now": to_attribute(to_text(now)),
                    ":one": to_attribute(1),
                },
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            if not refused(error):
                raise
            standing = from_item(old_item(error) or {})
            if standing.keys() & {"sent_at", "failed_at"}:
                return False
            raise BeingSent from None
        return True

    def sent(self, complaint_id: str, once: str, channel: str, now: datetime) -> None:
        """Mark a notice as sent."""
        self._end(complaint_id, once, channel, {"sent_at": to_text(now)})

    def failed(
        self, complaint_id: str, once: str, channel: str, now: datetime, *, reason: str
    ) -> None:
        """Mark a notice as one that can never be sent."""
        self._end(complaint_id, once, channel, {"failed_at": to_text(now), "reason": reason})

    def _end(self, complaint_id: str, once: str, channel: str, values: Mapping[str, str]) -> None:
        aws.dynamodb().update_item(
            TableName=self._table,
            Key=self._key(complaint_id, once, channel),
            UpdateExpression=f"SET {', '.join(f'#{name} = :{name}' for name in values)}"
            " REMOVE lease_until",
            ExpressionAttributeNames={f"#{name}": name for name in values},
            ExpressionAttributeValues={
                f":{name}": to_attribute(value) for name, value in values.items()
            },
        )

    def _key(self, complaint_id: str, once: str, channel: str) -> dict[str, dict[str, str]]:
        pk = self._partition(complaint_id)
        return {"pk": {"S": pk}, "sk": {"S": f"NOTICE#{once}#{channel}"}}
