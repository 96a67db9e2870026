"""What gathers for a district's subscribers: the first news waits a little for more, the next longer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from botocore.exceptions import ClientError

from functions.shelter_alerts.alerts import items
from functions.shelter_alerts.alerts.messages import ShelterAlertV1
from functions.shelter_alerts.items import as_text, milliseconds
from shared import aws
from shared.dynamo import from_item, to_item
from shared.errors import Busy
from shared.writes import patiently, refused

_MOST_TRIES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class District:
    """What waits to be told, by shelter, and when it is told. Times are milliseconds."""

    revision: int = 0
    waiting: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    due_ms: int | None = None
    told_ms: int = 0  #: last


def gathered(
    district: District, alert: ShelterAlertV1, now_ms: int, *, first_ms: int, again_ms: int
) -> District:
    """Return the district with one more piece of news; the same if it is known.

    Of a shelter that came back to where it was before anyone was told, nothing is.
    """
    shelter_id, waiting = alert["shelter_id"], dict(district.waiting)
    before = waiting.get(shelter_id)
    if before is not None and before["seq"] >= alert["seq"]:
        return district
    previous = before["previous"] if before else alert["previous_state"]
    passed = previous == alert["state"] != alert["previous_state"]
    waiting[shelter_id] = {
        "seq": alert["seq"],
        "state": alert["state"],
        "previous": previous,
        "occupancy": alert["occupancy"],
        "capacity": alert["capacity"],
        "passed": passed,
    }
    due_ms = district.due_ms or max(now_ms + first_ms, district.told_ms + again_ms)
    return replace(district, waiting=waiting, due_ms=due_ms)


def told(district: District, what: District, now_ms: int, *, again_ms: int) -> District:
    """Return the district after `what` was told of it; what came meanwhile waits for the next."""
    waiting = {
        each: news
        for each, news in district.waiting.items()
        if each not in what.waiting or news["seq"] > what.waiting[each]["seq"]
    }
    due_ms = now_ms + again_ms if waiting else None
    return replace(district, waiting=waiting, due_ms=due_ms, told_ms=now_ms)


class DistrictStore:
    """Districts in DynamoDB.

    | access pattern          | operation        | key / index                   | units            |
    | ----------------------- | ---------------- | ----------------------------- | ---------------- |
    | what waits              | Get, consistent  | pk=G#<jurisdiction> sk=<name> | 1 read / 4 KB    |
    | one more, or all told   | Put if unchanged | the same                      | 1 write / KB     |
    """

    def __init__(self, table: str) -> None:
        self._table = table

    def get(self, jurisdiction_id: str, name: str) -> District:
        """Return what waits for a district."""
        key = to_item(items.district_key(jurisdiction_id, name))
        answer = aws.dynamodb().get_item(TableName=self._table, Key=key, ConsistentRead=True)
        if "Item" not in answer:
            return District()
        values = from_item(answer["Item"])
        return District(
            revision=values["revision"],
            waiting=values["waiting"],
            due_ms=milliseconds(values["due_at"]) if "due_at" in values else None,
            told_ms=values["told_ms"],
        )

    def change(
        self, jurisdiction_id: str, name: str, change: Callable[[District], District]
    ) -> tuple[District, District]:
        """Change what waits for a district; return it before and after.

        Raises:
            Busy: others change it all the time, or DynamoDB did not take it.
        """
        for _ in range(_MOST_TRIES):
            before = self.get(jurisdiction_id, name)
            after = change(before)
            if after is before or self._put(jurisdiction_id, name, before.revision, after):
                return before, after
        raise Busy

    def _put(self, jurisdiction_id: str, name: str, revision: int, after: District) -> bool:
        due_at = as_text(after.due_ms) if after.due_ms is not None else None
        values = {
            **items.district_key(jurisdiction_id, name),
            "revision": revision + 1,
            "waiting": dict(after.waiting),
            "told_ms": after.told_ms,
            "due_shard": items.DISTRICTS_DUE if due_at else None,
            "due_at": due_at,
        }
        put: dict[str, Any] = {
            "TableName": self._table,
            "Item": to_item(values),
            "ConditionExpression": "attribute_not_exists(pk)",
        }
        if revision:
            put["ConditionExpression"] = "revision = :revision"
            put["ExpressionAttributeValues"] = to_item({":revision": revision})
        try:
            patiently(lambda: aws.dynamodb().put_item(**put))
        except ClientError as error:
            if not refused(error):
                raise
            return False
        return True
