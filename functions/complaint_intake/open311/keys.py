"""Keys of the systems that may send requests: only a digest of each is kept."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from shared.clock import from_text, to_text
from shared.dynamo import from_item, to_item
from shared.errors import Forbidden
from shared.ids import same
from shared.text import Text

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_PARTITION: Final = "OPEN311_KEYS"
#: Longer than any key that was ever given out.
_LONGEST: Final = 200


class NoValidKey(Forbidden):
    """The request needs a key, and has none or a wrong one."""

    code = "invalid_api_key"
    title = Text(
        "api_key tidak ada atau tidak berlaku.", "api_key was not provided or is not valid."
    )


@dataclass(frozen=True, slots=True)
class Key:
    """A key that was given out: what it is known by, whose it is, from when to when it counts."""

    digest: str
    client: str
    created_at: datetime
    revoked_at: datetime | None = None

    @property
    def id(self) -> str:
        """What people call the key by: the beginning of its digest, of which nothing follows."""
        return self.digest[:12]


def actor_of(client: str) -> str:
    """Return how a client is named in the timeline, whose actors nobody outside is shown."""
    return f"open311:{client}"


def digest_of(key: str) -> str:
    """Return what is kept of a key."""
    return hashlib.sha256(key.encode()).hexdigest()


class KeyStore:
    """Keys in DynamoDB.

    | access pattern       | operation     | key                            | units           |
    | -------------------- | ------------- | ------------------------------ | --------------- |
    | whose key is it      | Get           | pk=OPEN311_KEYS sk=<digest>    | 1 read          |
    | give one out         | Put           | the same                       | 1 write         |
    | all there are        | Query         | pk=OPEN311_KEYS                | 0.5 read / 4 KB |
    | revoke one           | Update        | pk=OPEN311_KEYS sk=<digest>    | 1 write         |
    """

    def __init__(self, table: str, dynamodb: "DynamoDBClient") -> None:
        self._table = table
        self._dynamodb = dynamodb

    def client_of(self, key: str | None) -> str:
        """Return whose key this is, as of now: one that was just revoked counts no more.

        Raises:
            NoValidKey: it is missing, unknown or revoked.
        """
        if not key or len(key) > _LONGEST:
            raise NoValidKey
        digest = digest_of(key)
        found = self._dynamodb.get_item(
            TableName=self._table, Key=_key(digest), ConsistentRead=True
        )
        known = _read(found["Item"]) if "Item" in found else None
        if known is None or known.revoked_at or not same(known.digest, digest):
            raise NoValidKey
        return known.client

    def add(self, key: str, client: str, now: datetime) -> Key:
        """Keep a new key's digest."""
        made = Key(digest_of(key), client, now)
        values = {"client": client, "created_at": to_text(now)}
        self._dynamodb.put_item(
            TableName=self._table,
            Item=_key(made.digest) | to_item(values),
            ConditionExpression="attribute_not_exists(pk)",
        )
        return made

    def all(self) -> list[Key]:
        """Return every key that was given out, revoked ones too, the oldest first."""
        return sorted(self._every(), key=lambda one: one.created_at)

    def revoke(self, digest: str, now: datetime) -> None:
        """Let a key count no more; the first time stands."""
        self._dynamodb.update_item(
            TableName=self._table,
            Key=_key(digest),
            UpdateExpression="SET revoked_at = if_not_exists(revoked_at, :now)",
            ConditionExpression="attribute_exists(pk)",
            ExpressionAttributeValues={":now": {"S": to_text(now)}},
        )

    def _every(self) -> Iterator[Key]:
        arguments: dict[str, Any] = {
            "TableName": self._table,
            "KeyConditionExpression": "pk = :pk",
            "ExpressionAttributeValues": {":pk": {"S": _PARTITION}},
        }
        while True:
            page = self._dynamodb.query(**arguments)
            yield from map(_read, page["Items"])
            if not (last := page.get("LastEvaluatedKey")):
                return
            arguments["ExclusiveStartKey"] = last


def _key(digest: str) -> Any:
    return {"pk": {"S": _PARTITION}, "sk": {"S": digest}}


def _read(item: Mapping[str, Any]) -> Key:
    values = from_item(item)
    revoked_at = values.get("revoked_at")
    return Key(
        digest=values["sk"],
        client=values["client"],
        created_at=from_text(values["created_at"]),
        revoked_at=from_text(revoked_at) if revoked_at else None,
    )
