"""What is held of reporters besides their complaints: contact, notices, and who processed it when."""

from collections.abc import Mapping
from datetime import datetime
from operator import itemgetter
from typing import Any, Final

from botocore.exceptions import ClientError

from functions.complaint_intake.alerts.subscription import alert_of, is_alert
from functions.complaint_intake.reporters import LOG
from functions.complaint_intake.rights.held import Held
from shared import aws
from shared.clock import to_text
from shared.complaints.indexes import BY_EMAIL, BY_PHONE
from shared.complaints.items import partition
from shared.complaints.store import CONTACT
from shared.dynamo import to_item
from shared.reads import queried
from shared.writes import refused

NOTICE: Final = "NOTICE#"


class ReporterRegister:
    """Reporters in DynamoDB, with all that hangs on a complaint.

    | access pattern                     | operation       | key / index             | units           |
    | ---------------------------------- | --------------- | ----------------------- | --------------- |
    | all that is held with a complaint  | Query, consistent | pk=C#<id>             | 1 read / 4 KB   |
    | note who did what                  | Put             | sk=LOG#…              | 1 write         |
    | forget all but the log             | Delete each     | sk=CONTACT, NOTICE#…    | 1 write each    |
    | complaints, alerts of an address   | Query           | by_phone, by_email      | 0.5 read / 4 KB |
    """

    def __init__(self, table: str) -> None:
        self._table = table

    def held(self, complaint_id: str) -> Held:
        """Return all that is held of the reporter with a complaint."""
        items = self._items(complaint_id)
        return Held(
            contact=next((one for one in items if one["sk"] == CONTACT), None),
            notices=[one for one in items if str(one["sk"]).startswith(NOTICE)],
            log=sorted(
                (one for one in items if str(one["sk"]).startswith(LOG)), key=itemgetter("at")
            ),
        )

    def note(self, complaint_id: str, what: str, *, by: str, at: datetime, once: str) -> None:
        """Note in the processing log that `by` did something; `by` names no reporter.

        Of what goes by the same name in `once`, the first note stands.
        """
        key = {"pk": partition(complaint_id), "sk": f"{LOG}{once}"}
        said = {"what": what, "by": by, "at": to_text(at)}
        try:
            aws.dynamodb().put_item(
                TableName=self._table,
                Item=to_item(key | said),
                ConditionExpression="attribute_not_exists(pk)",
            )
        except ClientError as error:
            if not refused(error):
                raise

    def forget(self, complaint_id: str) -> None:
        """Delete contact and notices; the log stays. May be repeated."""
        for one in self._items(complaint_id):
            if not str(one["sk"]).startswith(LOG):
                key = to_item({"pk": one["pk"], "sk": one["sk"]})
                aws.dynamodb().delete_item(TableName=self._table, Key=key)

    def complaints_of(self, *, phone: str | None = None, email: str | None = None) -> list[str]:
        """Return the numbers of the complaints that came with a telephone number or an e-mail address."""
        held = self._held_with(phone, email)
        return [one["pk"].removeprefix("C#") for one in held if one["pk"].startswith("C#")]

    def alerts_of(self, *, phone: str | None = None, email: str | None = None) -> list[str]:
        """Return the names of the alerts that go to a telephone number or an e-mail address."""
        return [alert_of(one) for one in self._held_with(phone, email) if is_alert(one)]

    def _held_with(self, phone: str | None, email: str | None) -> list[Mapping[str, Any]]:
        """Return the keys of all items with an address, each once."""
        found: dict[tuple[str, str], Mapping[str, Any]] = {}
        for index, name, value in ((BY_PHONE, "phone", phone), (BY_EMAIL, "email", email)):
            if value:
                rows = queried(
                    TableName=self._table,
                    IndexName=index,
                    KeyConditionExpression="#name = :value",
                    ExpressionAttributeNames={"#name": name},
                    ExpressionAttributeValues={":value": {"S": value}},
                )
                found |= {(one["pk"], one["sk"]): one for one in rows}
        return list(found.values())

    def _items(self, complaint_id: str) -> list[Mapping[str, Any]]:
        return list(
            queried(
                TableName=self._table,
                KeyConditionExpression="pk = :pk",
                ExpressionAttributeValues={":pk": {"S": partition(complaint_id)}},
                ConsistentRead=True,
            )
        )
