"""How many receipts an address gets in a day: nobody is flooded by reports that others make in their name."""

from datetime import datetime, timedelta

from botocore.exceptions import ClientError

from shared import aws, ids
from shared.clock import WIB
from shared.writes import refused

#: A day's count is of no use after it; the table forgets it by itself.
_COUNTED_FOR = timedelta(days=2)


class Recipients:
    """Counts of the day in the complaints table, by a pseudonym that is another one each day.

    | access pattern     | operation                          | key                           | units   |
    | ------------------ | ---------------------------------- | ----------------------------- | ------- |
    | count a receipt    | Update (add to a set), conditional | pk=TO#<pseudonym> sk=RECEIPTS | 1 write |
    """

    def __init__(self, table: str) -> None:
        self._table = table

    def may_have(
        self,
        address: str,
        about: str,
        *,
        most: int,
        secret: bytes,
        now: datetime,
        what: str = "RECEIPTS",
    ) -> bool:
        """Count a complaint's receipt for an address; False: it had as many as it may today.

        The same complaint counts once, however often its receipt is tried. `what` names another
        count, of what is sent unasked about something else.
        """
        day = f"{now.astimezone(WIB):%Y-%m-%d}"
        try:
            aws.dynamodb().update_item(
                TableName=self._table,
                Key={
                    "pk": {"S": f"TO#{ids.keyed_hash(secret, 'recipient', day, address)}"},
                    "sk": {"S": what},
                },
                UpdateExpression="ADD complaint_ids :new SET expires_at = :forgotten",
                ConditionExpression="attribute_not_exists(complaint_ids)"
                " OR contains(complaint_ids, :this) OR size(complaint_ids) < :most",
                ExpressionAttributeValues={
                    ":new": {"SS": [about]},
                    ":this": {"S": about},
                    ":most": {"N": str(most)},
                    ":forgotten": {"N": str(int((now + _COUNTED_FOR).timestamp()))},
                },
            )
        except ClientError as error:
            if not refused(error):
                raise
            return False
        return True
