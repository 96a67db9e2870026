"""Shelters' alerts, and who reports of a jurisdiction's fleets."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from botocore.exceptions import ClientError

from functions.shelter_alerts import indexes
from functions.shelter_alerts.alerts import items
from functions.shelter_alerts.alerts.alert import Alert
from functions.shelter_alerts.alerts.timers import Waits
from functions.shelter_alerts.items import as_text
from shared import aws
from shared.dynamo import from_item, to_item
from shared.reads import queried
from shared.writes import patiently, refused

#: Of how many shelters a batch of reads asks.
_MOST_IN_A_READ = 100


@dataclass(frozen=True, slots=True)
class Reporting:
    """Which providers were silent when it was last looked, and when that was (ms).

    `asked`: which were when looks at all their shelters were last asked for.
    """

    silent: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()
    looked_ms: int = 0


class AlertStore:
    """Alerts in DynamoDB.

    | access pattern                    | operation           | key / index                  | units           |
    | --------------------------------- | ------------------- | ---------------------------- | --------------- |
    | a shelter's, and who is silent    | BatchGet, consistent| pk=A#<jurisdiction>          | 2 reads         |
    |                                   |                     | sk=CAPACITY#<shelter>        |                 |
    |                                   |                     | sk=REPORTING                 |                 |
    | write it, if nobody else did      | Put, conditional    | … sk=CAPACITY#<shelter>      | 1 write / KB    |
    | those that are due                | Query by_due        | due_shard, due_at            | 0.5 read / 4 KB |
    | note who is silent                | Put                 | … sk=REPORTING               | 1 write         |
    | those of many shelters            | BatchGet            | … sk=CAPACITY#<shelter>      | 0.5 read each   |

    by_due takes 1 write more when a clock is set or stopped, and 2 when it is set anew.
    """

    def __init__(self, table: str) -> None:
        self._table = table

    def get(self, shelter_id: str, jurisdiction_id: str) -> tuple[Alert, Reporting]:
        """Return a shelter's alert as it is now, and who is silent in its jurisdiction."""
        keys = [items.alert_key(shelter_id), items.reporting_key(jurisdiction_id)]
        request: Any = {"Keys": [to_item(key) for key in keys], "ConsistentRead": True}
        answer = aws.dynamodb().batch_get_item(RequestItems={self._table: request})
        if answer["UnprocessedKeys"]:
            raise RuntimeError("DynamoDB left a read of two items half done")
        found = {item["sk"]: item for item in map(from_item, answer["Responses"][self._table])}
        alert = found.get(keys[0]["sk"])
        reporting = found.get(items.REPORTING)
        return (
            items.alert_from(alert) if alert else Alert(shelter_id=shelter_id),
            _reporting(reporting) if reporting else Reporting(),
        )

    def get_all(self, shelter_ids: Collection[str]) -> Mapping[str, Alert]:
        """Return the alerts of many shelters as they were a moment ago; not of those never looked at."""
        keys = [to_item(items.alert_key(each)) for each in dict.fromkeys(shelter_ids)]
        found: dict[str, Alert] = {}
        while keys:
            some, keys = keys[:_MOST_IN_A_READ], keys[_MOST_IN_A_READ:]
            answer = aws.dynamodb().batch_get_item(RequestItems={self._table: {"Keys": some}})
            for item in answer["Responses"].get(self._table, []):
                alert = items.alert_from(from_item(item))
                found[alert.shelter_id] = alert
            keys += answer["UnprocessedKeys"].get(self._table, {"Keys": []})["Keys"]
        return found

    def reporting(self, jurisdiction_id: str) -> Reporting:
        """Return who was silent when it was last looked."""
        key = to_item(items.reporting_key(jurisdiction_id))
        answer = aws.dynamodb().get_item(TableName=self._table, Key=key)
        return _reporting(from_item(answer["Item"])) if "Item" in answer else Reporting()

    def note(self, jurisdiction_id: str, reporting: Reporting) -> None:
        """Note who is silent, and that it was looked."""
        values = {
            "silent": sorted(reporting.silent),
            "asked": sorted(reporting.asked),
            "looked_ms": reporting.looked_ms,
        }
        item = to_item({**items.reporting_key(jurisdiction_id), **values})
        aws.dynamodb().put_item(TableName=self._table, Item=item)

    def write(self, before: Alert, after: Alert, waits: Waits) -> Alert | None:
        """Write what became of an alert; None if another wrote it since it was read.

        Raises:
            Busy: DynamoDB did not take it (HTTP 503).
        """
        written = replace(after, revision=before.revision + 1)
        put: dict[str, Any] = {
            "TableName": self._table,
            "Item": to_item(items.alert_values(written, waits)),
            "ConditionExpression": "attribute_not_exists(pk)",
        }
        if before.revision:
            put["ConditionExpression"] = "revision = :revision AND seq = :seq"
            put["ExpressionAttributeValues"] = to_item(
                {":revision": before.revision, ":seq": before.seq}
            )
        try:
            patiently(lambda: aws.dynamodb().put_item(**put))
        except ClientError as error:
            if not refused(error):
                raise
            return None
        return written

    def due(self, shard: str, now_ms: int) -> Iterator[tuple[str, str]]:
        """Yield the keys (partition, sort) of what is due: alerts, or districts."""
        for item in queried(
            TableName=self._table,
            IndexName=indexes.BY_DUE,
            KeyConditionExpression="due_shard = :shard AND due_at <= :now",
            ExpressionAttributeValues=to_item({":shard": shard, ":now": as_text(now_ms)}),
        ):
            yield item["pk"], item["sk"]


def _reporting(values: Mapping[str, Any]) -> Reporting:
    return Reporting(
        frozenset(values["silent"]), frozenset(values.get("asked", ())), values["looked_ms"]
    )
