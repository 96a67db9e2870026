"""The partners whose servers are told of progress, in DynamoDB, and the secrets they share with us."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from functions.complaint_intake.notices.partners import PARTNERS, Partner, partner_from
from shared import aws
from shared.clock import to_text
from shared.dynamo import from_item, to_attribute
from shared.messengers.delivering import secrets_of
from shared.reads import queried
from shared.writes import refused


class PartnerStore:
    """Partners in the complaints table. The command `simpul partner` writes them.

    | access pattern            | operation            | key                    | units           |
    | ------------------------- | -------------------- | ---------------------- | --------------- |
    | all, at each step         | Query                | pk=PARTNERS            | 0.5 read / 4 KB |
    | one, before it is told    | Get                  | pk=PARTNERS sk=<id>    | 0.5 read        |
    | pause or disable one      | Update, if there     | the same               | 1 write         |
    """

    def __init__(self, table: str, secret_prefix: str) -> None:
        self._table = table
        self._secret_prefix = secret_prefix

    def all(self) -> Sequence[Partner]:
        """Return all partners."""
        found = queried(
            TableName=self._table,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": PARTNERS}},
        )
        return tuple(map(partner_from, found))

    def get(self, partner_id: str) -> Partner | None:
        """Return a partner as it is now, or None."""
        found = aws.dynamodb().get_item(TableName=self._table, Key=_key(partner_id))
        return partner_from(from_item(found["Item"])) if "Item" in found else None

    def pause(self, partner_id: str, until: datetime) -> None:
        """Leave a partner that fails alone for a while, so that it holds up nobody else."""
        self._set(partner_id, {"paused_until": to_text(until)})

    def disable(self, partner_id: str, reason: str) -> None:
        """Send a partner nothing more, until somebody adds it again."""
        self._set(partner_id, {"disabled": reason})

    def secrets(self, partner_id: str, now: datetime) -> Sequence[str]:
        """Return the secrets to sign with: the present one, and for a while the one before it."""
        return secrets_of(self._secret_prefix + partner_id, now)

    def _set(self, partner_id: str, values: Mapping[str, str]) -> None:
        try:
            aws.dynamodb().update_item(
                TableName=self._table,
                Key=_key(partner_id),
                UpdateExpression=f"SET {', '.join(f'#{name} = :{name}' for name in values)}",
                ConditionExpression="attribute_exists(pk)",
                ExpressionAttributeNames={f"#{name}": name for name in values},
                ExpressionAttributeValues={
                    f":{name}": to_attribute(value) for name, value in values.items()
                },
            )
        except ClientError as error:
            if not refused(error):  # removed meanwhile
                raise


def _key(partner_id: str) -> Any:
    return {"pk": {"S": PARTNERS}, "sk": {"S": partner_id}}
