"""The journal as the books read it (table `ledger`), and what they keep beside it (`payments`)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from functions.payment_webhooks.entry import (
    SHARDS,
    JournalEntry,
    entry_values,
    partition,
)
from functions.payment_webhooks.indexes import BY_POSTED
from shared import aws
from shared.clock import from_text, to_text
from shared.dynamo import from_item, to_item
from shared.writes import refused

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

Values = Mapping[str, Any]

#: Sort key, among a jurisdiction's totals, of the instant up to which they count everything.
_UP_TO: Final = "UP_TO"


class Journal:
    """Journal entries by day and by posting hour, seals, totals, payouts and files read.

    Nothing is ever updated in place or deleted: entries, seals and files are put if absent, totals
    are put whole. Only queries and puts are used, so that functions need no other right, and of the
    ledger nothing but entries is ever written.

    | access pattern                     | operation              | key / index               | units |
    | ---------------------------------- | ---------------------- | ------------------------- | ----- |
    | entries of a day (WIB)             | 4 Query, consistent    | pk=J#<j>#<day>#<shard>    | 1 read / 4 KB |
    | entries posted in an hour (UTC)    | 4 Query by_posted      | posted_shard, posted_key  | 0.5 read / 4 KB |
    | post an entry                      | Put if absent          | pk=J#…, sk=<entry id>     | 2 writes / KB |
    | seals, the last or a page          | Query                  | pk=SEAL#<j>, sk=<hour>    | 0.5 read |
    | seal an hour                       | Put if absent          | the same                  | 1 write |
    | totals of days                     | Query                  | pk=T#<j>, sk=<day>        | 0.5 read / 4 KB |
    | set a day's totals                 | Put if not older       | the same                  | 1 write / KB |
    | payouts by the day they were made  | Query                  | pk=P#<j>, sk=<day>#<name>#… | 0.5 read / 4 KB |
    | bank lines that nothing explains   | Query                  | pk=K#<j>, sk=<day>#<file>#… | 0.5 read / 4 KB |
    | what explains a difference         | Query, Put if absent   | pk=D#<j>, sk=<its id>     | 0.5 read, 1 write |
    | a file read before                 | Query, Put if absent   | pk=F#<j>, sk=<sha256>     | 0.5 read, 1 write |
    """

    def __init__(
        self,
        ledger: str,
        payments: str,
        dynamodb: "Callable[[], DynamoDBClient]" = aws.dynamodb,
    ) -> None:
        self._ledger = ledger
        self._payments = payments
        self._dynamodb = dynamodb

    def entries(self, jurisdiction_id: str, day: date) -> Iterator[Values]:
        """Yield the entries of a day (WIB), as plain values, in no particular order."""
        for shard in range(SHARDS):
            yield from self._queried(
                self._ledger, partition(jurisdiction_id, day, shard), ConsistentRead=True
            )

    def posted(self, jurisdiction_id: str, hour: str, since: str = "") -> Iterator[Values]:
        """Yield the entries posted in an hour (UTC), or since an instant (as text) in it."""
        return self._posted(jurisdiction_id, hour, from_=since or "0")

    def has_posted(self, jurisdiction_id: str, hour: str) -> bool:
        """Tell whether anything was posted in an hour (UTC)."""
        return any(True for _ in self._posted(jurisdiction_id, hour, limit=1))

    def post(self, entry: JournalEntry) -> bool:
        """Post an entry; tell whether it was not there yet."""
        return self._put_if_absent(entry_values(entry), self._ledger)

    def seals(
        self, jurisdiction_id: str, *, before: str = "", limit: int | None = None
    ) -> Iterator[Values]:
        """Yield seals, the newest first, or those before an hour."""
        return self._queried(
            self._payments,
            f"SEAL#{jurisdiction_id}",
            before=before,
            ScanIndexForward=False,
            limit=limit,
        )

    def seal(self, jurisdiction_id: str, hour: str) -> Values | None:
        """Return the seal of an hour, if there is one (yet)."""
        found = self._queried(
            self._payments, f"SEAL#{jurisdiction_id}", from_=hour, to=hour, ConsistentRead=True
        )
        return next(found, None)

    def put_seal(self, seal: Values) -> Values:
        """Keep a seal, and return the one that stands: another may have been quicker."""
        key = {"pk": f"SEAL#{seal['jurisdiction_id']}", "sk": seal["hour"]}
        if self._put_if_absent({**key, **seal}):
            return seal
        return self.seal(seal["jurisdiction_id"], seal["hour"]) or seal

    def totals(self, jurisdiction_id: str, first: date, last: date) -> Iterator[Values]:
        """Yield the totals of the days from first to last (WIB) that have any, in order."""
        return self._queried(
            self._payments, f"T#{jurisdiction_id}", from_=first.isoformat(), to=last.isoformat()
        )

    def set_totals(self, jurisdiction_id: str, day: date, totals: Values, as_of: datetime) -> None:
        """Set a day's totals, as they stood at an instant, unless younger ones are there."""
        self._put(
            {
                **totals,
                "pk": f"T#{jurisdiction_id}",
                "sk": day.isoformat(),
                "day": day.isoformat(),
                "as_of": to_text(as_of),
            },
            condition="attribute_not_exists(pk) OR as_of <= :as_of",
            values={":as_of": to_text(as_of)},
        )

    def up_to(self, jurisdiction_id: str) -> datetime | None:
        """Return up to when totals count everything that was posted; None before the first."""
        found = next(
            self._queried(self._payments, f"T#{jurisdiction_id}", from_=_UP_TO, to=_UP_TO), None
        )
        return from_text(found["as_of"]) if found else None

    def set_up_to(self, jurisdiction_id: str, at: datetime) -> None:
        """Note up to when totals count everything; never an instant before the one noted."""
        self._put(
            {"pk": f"T#{jurisdiction_id}", "sk": _UP_TO, "as_of": to_text(at)},
            condition="attribute_not_exists(pk) OR as_of <= :as_of",
            values={":as_of": to_text(at)},
        )

    def payouts(self, jurisdiction_id: str, first: date, last: date) -> Iterator[Values]:
        """Yield the payouts that providers' files told of, by the day they were made."""
        return self._queried(
            self._payments,
            f"P#{jurisdiction_id}",
            from_=first.isoformat(),
            to=f"{last.isoformat()}~",
        )

    def put_payout(self, jurisdiction_id: str, kept: Values) -> None:
        """Keep what a file tells of a payout, or that it was banked; `sk` begins with its day."""
        self._put({"pk": f"P#{jurisdiction_id}", **kept})

    def bank_lines(self, jurisdiction_id: str, first: date, last: date) -> Iterator[Values]:
        """Yield the bank lines of days that nothing had explained, and which were since."""
        return self._queried(
            self._payments,
            f"K#{jurisdiction_id}",
            from_=first.isoformat(),
            to=f"{last.isoformat()}~",
        )

    def put_bank_line(self, jurisdiction_id: str, kept: Values) -> None:
        """Keep a bank line that nothing explains, or that one was; `sk` begins with its day."""
        self._put({"pk": f"K#{jurisdiction_id}", **kept})

    def file(self, jurisdiction_id: str, digest: str) -> Values | None:
        """Return what is noted of a file of this content, if it was read before."""
        found = self._queried(
            self._payments, f"F#{jurisdiction_id}", from_=digest, to=digest, ConsistentRead=True
        )
        return next(found, None)

    def put_file(self, jurisdiction_id: str, digest: str, noted: Values) -> bool:
        """Note that a file of this content was read; tell whether it was the first time."""
        return self._put_if_absent({"pk": f"F#{jurisdiction_id}", "sk": digest, **noted})

    def explanations(self, jurisdiction_id: str) -> Iterator[Values]:
        """Yield what people explained of differences; `sk` is the difference's id."""
        return self._queried(self._payments, f"D#{jurisdiction_id}", ConsistentRead=True)

    def explain(self, jurisdiction_id: str, difference_id: str, noted: Values) -> bool:
        """Note what explains a difference; tell whether nothing did before."""
        key = {"pk": f"D#{jurisdiction_id}", "sk": difference_id}
        return self._put_if_absent({**key, **noted})

    def _posted(self, jurisdiction_id: str, hour: str, **more: Any) -> Iterator[Values]:
        for shard in range(SHARDS):
            yield from self._queried(
                self._ledger,
                f"{jurisdiction_id}#{hour}#{shard}",
                keys=("posted_shard", "posted_key"),
                IndexName=BY_POSTED,
                **more,
            )

    def _queried(
        self,
        table: str,
        pk: str,
        *,
        keys: Sequence[str] = ("pk", "sk"),
        from_: str = "",
        to: str = "",
        before: str = "",
        limit: int | None = None,
        **arguments: Any,
    ) -> Iterator[Values]:
        condition, values = "#pk = :pk", {":pk": {"S": pk}}
        names = {"#pk": keys[0]}
        if from_ or to or before:
            names["#sk"] = keys[1]
        if before:
            condition += " AND #sk < :before"
            values[":before"] = {"S": before}
        elif to:
            condition += " AND #sk BETWEEN :from AND :to"
            values |= {":from": {"S": from_}, ":to": {"S": to}}
        elif from_:
            condition += " AND #sk >= :from"
            values[":from"] = {"S": from_}
        query = {
            "TableName": table,
            "KeyConditionExpression": condition,
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": values,
            **arguments,
        }
        if limit:
            query["Limit"] = limit
        while True:
            page = self._dynamodb().query(**query)
            yield from map(from_item, page["Items"])
            if limit or not (last := page.get("LastEvaluatedKey")):
                return
            query["ExclusiveStartKey"] = last

    def _put_if_absent(self, values: Values, table: str | None = None) -> bool:
        return self._put(values, condition="attribute_not_exists(pk)", table=table)

    def _put(
        self,
        item: Values,
        *,
        condition: str = "",
        values: Mapping[str, str] | None = None,
        table: str | None = None,
    ) -> bool:
        """Put an item; tell whether the condition was met."""
        arguments: dict[str, Any] = {}
        if condition:
            arguments["ConditionExpression"] = condition
        if values:
            arguments["ExpressionAttributeValues"] = to_item(values)
        try:
            self._dynamodb().put_item(
                TableName=table or self._payments, Item=to_item(item), **arguments
            )
        except ClientError as error:
            if not refused(error):
                raise
            return False
        return True
