"""The vehicles that partners registered, in the complaints table: read, added and removed."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from cli.fleet_file import Row, labelled
from cli.screen import CannotContinue
from shared import vehicles
from shared.dynamo import from_item, to_item
from shared.writes import old_item, patiently, refused

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

#: Vehicles a transaction: two items each, of the hundred that DynamoDB takes at once.
BATCH = 50
#: Characters of a made-up code between prefix and check: 24 million of them a prefix.
_BODY = 5

#: Chooses one of some characters: `secrets.choice` outside of tests.
Choose = Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle:
    """A registered vehicle, and the line of the file that it comes from (0: from none)."""

    code: str
    label: str | None
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What registering a file comes to."""

    added: Sequence[Vehicle]
    changed: Sequence[Vehicle]
    unchanged: int

    @property
    def to_write(self) -> Sequence[Vehicle]:
        """The vehicles whose items are to be written."""
        return [*self.added, *self.changed]


def planned(
    rows: Iterable[Row], registered: Iterable[Vehicle], *, prefix: str, choose: Choose
) -> Plan:
    """Return what a file changes: a vehicle without a code keeps the one its label has had.

    Raises:
        CannotContinue: that code is another row's already.
    """
    known = {vehicle.code: vehicle for vehicle in registered}
    rows = list(rows)
    by_label = {labelled(one.label): one.code for one in known.values() if one.label}
    by_label |= {labelled(row.label): row.code for row in rows if row.label and row.code}
    taken = set(known)
    line_of: dict[str, int] = {}
    added, changed, unchanged = [], [], 0
    for row in rows:
        code = row.code or by_label.get(labelled(row.label or ""))
        code = code or _made_up(prefix, taken, choose)
        taken.add(code)
        if (before := line_of.setdefault(code, row.line)) != row.line:
            raise CannotContinue(
                f"baris {row.line}: kode {code} sudah ada di baris {before}; sisakan satu. "
                "/ This vehicle's code stands in that row too: keep one."
            )
        vehicle = Vehicle(code=code, label=row.label, line=row.line)
        if code not in known:
            added.append(vehicle)
        elif known[code].label != row.label:
            changed.append(vehicle)
        else:
            unchanged += 1
    return Plan(added=added, changed=changed, unchanged=unchanged)


def _made_up(prefix: str, taken: set[str], choose: Choose) -> str:
    while True:
        body = "".join(choose(vehicles.clear_characters()) for _ in range(_BODY))
        code = vehicles.checked(prefix, body)
        if code and code not in taken:
            return code


class FleetRegistry:
    """Vehicles in DynamoDB.

    | access pattern         | operation                     | key                     | units           |
    | ---------------------- | ----------------------------- | ----------------------- | --------------- |
    | register, 50 at a time | Transaction, 2 puts a vehicle | V#<code>, FLEET#<partner> | 4 writes each |
    | a partner's vehicles   | Query                         | FLEET#<partner>         | 0.5 read / 4 KB |
    | remove one             | Get, transaction of 2 deletes | as registering          | 1 read, 4 writes |
    """

    def __init__(self, table: str, dynamodb: "DynamoDBClient") -> None:
        self._table = table
        self._dynamodb = dynamodb

    def vehicles(self, partner: str) -> Iterator[Vehicle]:
        """Yield a partner's vehicles by code."""
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="pk = :fleet",
            ExpressionAttributeValues={":fleet": {"S": vehicles.listing(partner)}},
            ConsistentRead=True,
        )
        for page in pages:
            for item in page["Items"]:
                values = from_item(item)
                yield Vehicle(code=values["code"], label=values.get("label"))

    def write(self, partner: str, some: Sequence[Vehicle]) -> Iterator[int]:
        """Write vehicles, a batch a transaction; yield after each how many it held.

        Raises:
            CannotContinue: a code is another partner's; its batch is not written.
        """
        for start in range(0, len(some), BATCH):
            batch = some[start : start + BATCH]
            writes = [write for one in batch for write in self._puts(partner, one)]
            try:
                patiently(lambda writes=writes: self._transact(writes))  # type: ignore[misc]
            except ClientError as error:
                raise self._taken(error, batch) or error from None
            yield len(batch)

    def remove(self, partner: str, code: str) -> bool:
        """Remove a vehicle; tell whether it was there.

        Raises:
            CannotContinue: it is another partner's.
        """
        found = self._dynamodb.get_item(
            TableName=self._table, Key=to_item(vehicles.key(code)), ConsistentRead=True
        ).get("Item")
        if found is None:
            return False
        if (owner := from_item(found)["partner"]) != partner:
            raise CannotContinue(_belongs(code, owner))
        keys = (vehicles.key(code), vehicles.listing_key(partner, code))
        deletes = [{"Delete": {"TableName": self._table, "Key": to_item(one)}} for one in keys]
        patiently(lambda: self._transact(deletes))
        return True

    def _puts(self, partner: str, vehicle: Vehicle) -> Iterator[Mapping[str, Any]]:
        said = {"partner": partner, "code": vehicle.code, "label": vehicle.label}
        yield {
            "Put": {
                "TableName": self._table,
                "Item": to_item(vehicles.key(vehicle.code) | said),
                "ConditionExpression": "attribute_not_exists(pk) OR partner = :partner",
                "ExpressionAttributeValues": {":partner": {"S": partner}},
                "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
            }
        }
        listed = to_item(vehicles.listing_key(partner, vehicle.code) | said)
        yield {"Put": {"TableName": self._table, "Item": listed}}

    def _taken(self, error: ClientError, batch: Sequence[Vehicle]) -> CannotContinue | None:
        """Return what to tell of a transaction that another partner's vehicle stood in the way of."""
        for number, vehicle in enumerate(batch):
            if refused(error, 2 * number):
                owner = from_item(old_item(error, 2 * number) or {}).get("partner", "?")
                return CannotContinue(f"baris {vehicle.line}: {_belongs(vehicle.code, owner)}")
        return None

    def _transact(self, writes: Sequence[Mapping[str, Any]]) -> None:
        self._dynamodb.transact_write_items(TransactItems=writes)  # type: ignore[arg-type]


def _belongs(code: str, owner: str) -> str:
    return (
        f"kode {code} milik mitra `{owner}`; pakai kode lain. "
        f"/ This code belongs to the partner `{owner}`: use another."
    )
