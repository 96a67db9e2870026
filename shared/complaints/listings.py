"""Lists of complaints by time, by place and by what falls due: always by queries, never a scan."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from heapq import merge
from itertools import chain, islice
from operator import itemgetter
from typing import Any, Final

from shared import aws
from shared.clock import to_text
from shared.complaints import cells, items
from shared.complaints.indexes import BY_CELL, BY_DUE, BY_LATE, BY_RECEIVED, BY_UPDATED
from shared.complaints.record import Complaint, TimelineEntry
from shared.dynamo import from_item
from shared.reads import queried

#: The keys of the indexes by time: a month's bucket and the instant.
TIME_KEYS: Final[Mapping[str, tuple[str, str]]] = {
    BY_RECEIVED: ("received_bucket", "created_at"),
    BY_UPDATED: ("updated_bucket", "updated_at"),
}
#: Rows that a query of a shard reads at a time: four shards together are a page of a client.
_PAGE = 250
#: What BatchGetItem takes in one call.
_MOST_KEYS = 100
#: The most that one cell's query looks at, newest first, and how many of the nearest are fetched at once.
_MOST_OF_A_CATEGORY = 200
_NEAREST = 60
#: The same of all categories together, which lie one after the other: too few would miss some.
_MOST_IN_A_CELL = 2000

Key = tuple[str, str]


class ComplaintListings:
    """What the public, other systems and the schedules list of complaints.

    | access pattern                         | operation                | index       | units           |
    | -------------------------------------- | ------------------------ | ----------- | --------------- |
    | public ones by when they came          | Query each shard of a month | by_received | 0.5 read / 4 KB |
    | public ones by when they changed       | the same, then BatchGet  | by_updated  | and 0.5 read each |
    | public steps by when they were taken   | the same                 | by_updated  | and 1 read each |
    | public ones near a place               | Query each cell, then BatchGet | by_cell | and 0.5 read each |
    | complaints whose clock has run out     | Query each shard         | by_due      | 0.5 read / 4 KB |
    | late ones of a jurisdiction, debts     | Query each list          | by_late     | 0.5 read / 4 KB |
    """

    def __init__(self, table: str) -> None:
        self._table = table

    def received(self, jurisdiction_id: str, start: datetime, end: datetime) -> Iterator[Complaint]:
        """Yield the public complaints received from `start` until before `end`, newest first."""
        for values in self.received_values(jurisdiction_id, start, end):
            yield items.complaint_from(values)

    def received_values(
        self, jurisdiction_id: str, start: datetime, end: datetime
    ) -> Iterator[Mapping[str, Any]]:
        """Yield the same as they lie in the table, for who passes over most of them."""
        return self._by_time(BY_RECEIVED, jurisdiction_id, start, end)

    def updated(self, jurisdiction_id: str, start: datetime, end: datetime) -> Iterator[Complaint]:
        """Yield the public complaints that last changed within a time, newest change first."""
        found = self._by_time(BY_UPDATED, f"R#{jurisdiction_id}", start, end)
        keys = ((str(one["pk"]), str(one["sk"])) for one in found)
        while batch := list(islice(keys, _MOST_KEYS)):
            got = self._get(batch)
            records = (items.complaint_from(got[key]) for key in batch if key in got)
            yield from (record for record in records if record.is_public)

    def updates(
        self, jurisdiction_id: str, start: datetime, end: datetime
    ) -> Iterator[tuple[Complaint, TimelineEntry]]:
        """Yield the public steps taken within a time, oldest first, and the complaint as it is now."""
        found = self._by_time(BY_UPDATED, f"U#{jurisdiction_id}", start, end, newest_first=False)
        keys = ((str(one["pk"]), str(one["sk"])) for one in found)
        while batch := list(islice(keys, _MOST_KEYS // 2)):
            records = dict.fromkeys((pk, items.RECORD) for pk, _ in batch)
            got = self._get([*batch, *records])
            for pk, sk in batch:
                if (pk, sk) in got and (pk, items.RECORD) in got:
                    record = items.complaint_from(got[pk, items.RECORD])
                    if record.is_public:
                        yield record, items.entry_from(got[pk, sk])

    def near(
        self, lat: float, long: float, radius_m: float, service_code: str | None = None
    ) -> Iterator[tuple[Complaint, float]]:
        """Yield public complaints within a radius and how far each is (m), nearest first.

        Of one category, or of all. They are fetched as they are asked for, so that who passes
        over some finds others behind them. What is looked at is bounded: the newest of each cell.
        """
        found: list[tuple[float, Key]] = []
        for cell in cells.cells_within(lat, long, radius_m):
            for one in self._in_cell(cell, service_code):
                away_m = cells.distance_m(lat, long, float(one["lat"]), float(one["long"]))
                if away_m <= radius_m:
                    found.append((away_m, (str(one["pk"]), str(one["sk"]))))
        nearest = iter(sorted(found))
        while batch := list(islice(nearest, _NEAREST)):
            got = self._get([key for _, key in batch])
            records = (
                (items.complaint_from(got[key]), away_m) for away_m, key in batch if key in got
            )
            yield from ((record, away_m) for record, away_m in records if record.is_public)

    def many(self, complaint_ids: Iterable[str]) -> Sequence[Complaint]:
        """Return the complaints of these numbers, public or not, in their order; none for unknown."""
        keys = [(items.partition(one), items.RECORD) for one in dict.fromkeys(complaint_ids)]
        found: dict[Key, Mapping[str, Any]] = {}
        for at in range(0, len(keys), _MOST_KEYS):
            found |= self._get(keys[at : at + _MOST_KEYS])
        return [items.complaint_from(found[key]) for key in keys if key in found]

    def due(self, clock: str, before: datetime) -> Iterator[str]:
        """Yield the numbers of complaints whose clock of this kind ran out, the longest ago first."""
        shards = (
            self._query(
                IndexName=BY_DUE,
                KeyConditionExpression="due_shard = :shard AND clock_at < :before",
                ExpressionAttributeValues={
                    ":shard": {"S": f"{clock}#{shard}"},
                    ":before": {"S": to_text(before)},
                },
                Limit=_PAGE,
            )
            for shard in range(items.DUE_SHARDS)
        )
        for one in merge(*shards, key=itemgetter("clock_at")):
            yield str(one["pk"]).removeprefix("C#")

    def late(
        self,
        jurisdiction_id: str,
        kinds: Sequence[str],
        *,
        agency: str | None = None,
        after: str = "",
        limit: int,
    ) -> tuple[Sequence[Complaint], str | None]:
        """Return a page of a jurisdiction's lists of late ones by date, and where to go on.

        One query a list (see `items`); `agency` keeps those that are its own now. `after` is the
        place that the last page returned, None at the end.
        """
        lists = (self._in_late_list(items.late_list(jurisdiction_id, one), after) for one in kinds)
        rows = merge(*lists, key=itemgetter("late_key"))
        page: list[Complaint] = []
        place = None
        for row in rows:
            if len(page) == limit:
                return page, place
            complaint = items.complaint_from(row)
            if agency in {None, complaint.assignment and complaint.assignment.agency}:
                page.append(complaint)
                place = str(row["late_key"])
        return page, None

    def _in_late_list(self, partition: str, after: str) -> Iterator[Mapping[str, Any]]:
        return self._query(
            IndexName=BY_LATE,
            KeyConditionExpression="late_list = :list AND late_key > :after",
            ExpressionAttributeValues={":list": {"S": partition}, ":after": {"S": after or " "}},
            Limit=_PAGE,
        )

    def _by_time(
        self,
        index: str,
        of: str,
        start: datetime,
        end: datetime,
        *,
        newest_first: bool = True,
    ) -> Iterator[Mapping[str, Any]]:
        """Yield what an index has of a time, month after month, the shards of each merged."""
        bucket, sort_key = TIME_KEYS[index]
        months = [items.month_bucket(of, month) for month in _months(start, end)]
        return chain.from_iterable(
            merge(
                *(
                    self._query(
                        IndexName=index,
                        KeyConditionExpression="#bucket = :bucket AND #at BETWEEN :start AND :end",
                        ExpressionAttributeNames={"#bucket": bucket, "#at": sort_key},
                        ExpressionAttributeValues={
                            ":bucket": {"S": f"{month}#{shard}"},
                            ":start": {"S": to_text(start)},
                            ":end": {"S": to_text(end)},
                        },
                        ScanIndexForward=not newest_first,
                        Limit=_PAGE,
                    )
                    for shard in range(items.TIME_SHARDS)
                ),
                key=itemgetter(sort_key),
                reverse=newest_first,
            )
            for month in (reversed(months) if newest_first else months)
        )

    def _in_cell(self, cell: str, service_code: str | None) -> Iterator[Mapping[str, Any]]:
        condition, most = "cell = :cell", _MOST_IN_A_CELL
        values: dict[str, Any] = {":cell": {"S": cell}}
        if service_code is not None:
            condition, most = f"{condition} AND begins_with(cell_key, :code)", _MOST_OF_A_CATEGORY
            values[":code"] = {"S": f"{service_code}#"}
        found = self._query(
            IndexName=BY_CELL,
            KeyConditionExpression=condition,
            ExpressionAttributeValues=values,
            ScanIndexForward=False,
            Limit=most,
        )
        return islice(found, most)

    def _get(self, keys: Sequence[Key]) -> dict[Key, Mapping[str, Any]]:
        """Return the items of at most 100 keys, those that there are."""
        asked: dict[str, Any] = {
            self._table: {"Keys": [{"pk": {"S": pk}, "sk": {"S": sk}} for pk, sk in keys]}
        }
        got: dict[Key, Mapping[str, Any]] = {}
        while keys and asked:
            answer = aws.dynamodb().batch_get_item(RequestItems=asked)
            for values in map(from_item, answer["Responses"].get(self._table, ())):
                got[values["pk"], values["sk"]] = values
            asked = answer.get("UnprocessedKeys") or {}
        return got

    def _query(self, **arguments: Any) -> Iterator[Mapping[str, Any]]:
        return queried(TableName=self._table, **arguments)


def _months(start: datetime, end: datetime) -> Iterator[datetime]:
    """Yield an instant of each month (UTC) from `start` to `end`, oldest first."""
    month = start.astimezone(UTC).replace(day=1)
    while (month.year, month.month) <= ((last := end.astimezone(UTC)).year, last.month):
        yield month
        month = month.replace(year=month.year + month.month // 12, month=month.month % 12 + 1)
