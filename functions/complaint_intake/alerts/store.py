"""Subscriptions to what is new near a place, in the table of personal data."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from botocore.exceptions import ClientError

from functions.complaint_intake.alerts.areas import place_of
from functions.complaint_intake.alerts.subscription import (
    ALERT,
    Subscription,
    alert_of,
    key_of,
    partition_of,
    subscription_from,
    values_of,
)
from shared import aws
from shared.clock import WIB, to_text
from shared.complaints.indexes import BY_PLACE
from shared.dynamo import from_item, to_item
from shared.reads import queried
from shared.writes import refused

#: How long it is remembered that one was ended, and how many were told on a day: the table forgets
#: both by itself.
_ENDED_FOR: Final = timedelta(days=1)
_COUNTED_FOR: Final = timedelta(days=2)
#: How many subscribers of one place are read at once; each is a message.
PAGE: Final = 100


class AlertStore:
    """Subscriptions in the `reporters` table; all of an address lie together.

    | access pattern                      | operation           | key / index             | units    |
    | ----------------------------------- | ------------------- | ----------------------- | -------- |
    | those of an address                 | Query, consistent   | pk=A#<address>, ALERT#… | 1 read / 4 KB |
    | one                                 | Get, consistent     | pk=A#<address> sk=ALERT#<area> | 1 read |
    | ask for one, or again               | Put, Update, conditional | the same           | 2 writes |
    | confirm one                         | Update, conditional | and by_place            | 2 writes |
    | end one: nothing is left to tell whose | Update, if there | the same                | 4 writes |
    | who follows a place, page by page   | Query               | by_place                | 0.5 read / 4 KB |
    | count what one is told in a day     | Update (of a set)   | sk=DAY#<area>#<date>    | 1 write  |
    | what one was told                   | Query               | sk=NOTICE#<area>#…      | 1 read / 4 KB |
    """

    def __init__(self, table: str) -> None:
        self._table = table

    def of_address(self, alert_id: str, now: datetime) -> tuple[Subscription | None, int]:
        """Return one subscription, ended or not, and how many others of its address have not ended."""
        found = [subscription_from(one) for one in self._beginning(alert_id, ALERT)]
        there = [one for one in found if one]
        own = next((one for one in there if one.alert_id == alert_id), None)
        others = sum(one.alert_id != alert_id and now < one.until for one in there)
        return own, others

    def get(self, alert_id: str) -> Subscription | None:
        """Return a subscription as it is now, or None."""
        found = aws.dynamodb().get_item(
            TableName=self._table, Key=to_item(key_of(alert_id)), ConsistentRead=True
        )
        return subscription_from(from_item(found["Item"])) if "Item" in found else None

    def ask(self, wanted: Subscription, standing: Subscription | None) -> bool:
        """Keep what is to be confirmed; False: somebody did so, or it was confirmed, just now."""
        seen = {":seen": {"S": to_text(standing.asked_at)}} if standing else {}
        unchanged = "asked_at = :seen" if standing else "attribute_not_exists(asked_at)"
        if standing and standing.runs(wanted.asked_at):
            return self._written(
                self._update,
                wanted.alert_id,
                UpdateExpression="SET asked_at = :asked",
                ConditionExpression=unchanged,
                ExpressionAttributeValues=seen | {":asked": {"S": to_text(wanted.asked_at)}},
            )
        now_s = {":now": {"N": str(int(wanted.asked_at.timestamp()))}}
        return self._written(
            aws.dynamodb().put_item,
            TableName=self._table,
            Item=to_item(values_of(wanted)),
            ConditionExpression=f"{unchanged}"
            " AND (attribute_not_exists(confirmed_at) OR expires_at <= :now)",
            ExpressionAttributeValues=seen | now_s,
        )

    def confirm(self, one: Subscription, until: datetime, now: datetime) -> bool:
        """Let a subscription run; False: it has ended meanwhile."""
        place = place_of(one.jurisdiction_id, one.lat, one.long, one.radius_m)
        return self._written(
            self._update,
            one.alert_id,
            UpdateExpression="SET confirmed_at = :at, place = :place, expires_at = :until",
            ConditionExpression="attribute_exists(asked_at) AND expires_at > :now",
            ExpressionAttributeValues={
                ":at": {"S": to_text(now)},
                ":place": {"S": place},
                ":until": {"N": str(int(until.timestamp()))},
                ":now": {"N": str(int(now.timestamp()))},
            },
        )

    def end(self, alert_id: str, now: datetime) -> None:
        """Take all out of a subscription that tells whose it was, and where. May be repeated."""
        self._written(
            self._update,
            alert_id,
            UpdateExpression="SET expires_at = :soon REMOVE email, phone, lat, #long, radius_m,"
            " service_code, jurisdiction_id, #language, asked_at, confirmed_at, place",
            ConditionExpression="attribute_exists(pk)",
            ExpressionAttributeNames={"#long": "long", "#language": "language"},
            ExpressionAttributeValues={
                ":soon": {"N": str(int((now + _ENDED_FOR).timestamp()))},
            },
        )

    def following(
        self, place: str, after: str | None = None
    ) -> tuple[Sequence[Mapping[str, Any]], str | None]:
        """Return a page of a place's subscriptions as the index holds them, and where the next begins."""
        start = {"ExclusiveStartKey": to_item({"place": place, **key_of(after)})} if after else {}
        page = aws.dynamodb().query(
            TableName=self._table,
            IndexName=BY_PLACE,
            KeyConditionExpression="place = :place",
            ExpressionAttributeValues={":place": {"S": place}},
            Limit=PAGE,
            **start,  # type: ignore[arg-type]
        )
        last = page.get("LastEvaluatedKey")
        return list(map(from_item, page["Items"])), alert_of(from_item(last)) if last else None

    def place_in_the_day(
        self, one: Subscription, complaint_id: str, *, most: int, now: datetime
    ) -> int | None:
        """Count what a subscriber is told of; None: there were as many today as there may be.

        The same complaint counts once, however often it is tried.
        """
        day = f"{now.astimezone(WIB):%Y-%m-%d}"
        key = {"pk": partition_of(one.alert_id), "sk": f"DAY#{one.area}#{day}"}
        try:
            told = aws.dynamodb().update_item(
                TableName=self._table,
                Key=to_item(key),
                UpdateExpression="ADD complaint_ids :new SET expires_at = :forgotten",
                ConditionExpression="attribute_not_exists(complaint_ids)"
                " OR contains(complaint_ids, :this) OR size(complaint_ids) < :most",
                ExpressionAttributeValues={
                    ":new": {"SS": [complaint_id]},
                    ":this": {"S": complaint_id},
                    ":most": {"N": str(most)},
                    ":forgotten": {"N": str(int((now + _COUNTED_FOR).timestamp()))},
                },
                ReturnValues="ALL_NEW",
            )
        except ClientError as error:
            if not refused(error):
                raise
            return None
        return len(told["Attributes"]["complaint_ids"]["SS"])

    def told(self, one: Subscription) -> Sequence[Mapping[str, Any]]:
        """Return what a subscriber was sent, as far as it is remembered, oldest first."""
        found = self._beginning(one.alert_id, f"NOTICE#{one.area}#")
        return sorted(found, key=lambda each: str(each.get("sent_at", "later")))

    def _beginning(self, alert_id: str, prefix: str) -> Sequence[Mapping[str, Any]]:
        return list(
            queried(
                TableName=self._table,
                KeyConditionExpression="pk = :pk AND begins_with(sk, :prefix)",
                ExpressionAttributeValues={
                    ":pk": {"S": partition_of(alert_id)},
                    ":prefix": {"S": prefix},
                },
                ConsistentRead=True,
            )
        )

    def _update(self, alert_id: str, **how: Any) -> Any:
        return aws.dynamodb().update_item(
            TableName=self._table, Key=to_item(key_of(alert_id)), **how
        )

    @staticmethod
    def _written(write: Any, *what: Any, **how: Any) -> bool:
        """Write; False: its condition was not met."""
        try:
            write(*what, **how)
        except ClientError as error:
            if not refused(error):
                raise
            return False
        return True
