"""The vehicles that providers registered: asked for each movement, so remembered for a while."""

import json
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final

from botocore.exceptions import ClientError

from functions.shelter_alerts import indexes, items
from functions.shelter_alerts.mds.intake import Known
from functions.shelter_alerts.movement import shard_of
from shared import aws
from shared.dynamo import from_item, to_item
from shared.writes import patiently, refused

_MOST_IN_A_READ: Final = 100
#: A container forgets what it knows after so long, and so learns of changed types.
_REMEMBERED_S: Final = 600
#: So many vehicles are some 30 MB.
_MOST_REMEMBERED: Final = 100_000
#: What is kept of a registration besides these is kept as it came, with its motors up to this length.
_LONGEST_MORE: Final = 2_048
_KEPT: Final = ("vehicle_id", "vehicle_type", "propulsion_types")


class Registry:
    """Registrations in DynamoDB.

    | access pattern                 | operation          | key / index              | units        |
    | ------------------------------ | ------------------ | ------------------------ | ------------ |
    | types, those not remembered    | BatchGet, 100      | pk=V#<provider>#<device> | 0.5 each     |
    | register / change one          | Put if absent / is | … sk=REGISTRATION        | 2 writes / KB|
    | some, as they are              | BatchGet, 100      | …                        | 1 read each  |
    | a page of a provider's         | Query by_provider  | registered_by, device_id | 0.5 read/4 KB|
    """

    def __init__(self, table: str) -> None:
        self._table = table
        self._remembered: dict[str, dict[str, Known]] = defaultdict(dict)
        self._forget_at = time.monotonic() + _REMEMBERED_S

    def remembered(self, provider_id: str) -> Mapping[str, Known]:
        """Return those vehicles of a provider of which this container has asked."""
        many = len(self._remembered[provider_id]) > _MOST_REMEMBERED
        if many or time.monotonic() > self._forget_at:
            self._remembered.clear()
            self._forget_at = time.monotonic() + _REMEMBERED_S
        return self._remembered[provider_id]

    def known(self, provider_id: str, device_ids: Iterable[str]) -> Mapping[str, Known]:
        """Return those vehicles of a provider that are registered, and remember them."""
        return {
            device_id: self._remember(provider_id, device_id, told["vehicle_type"])
            for device_id, told in self.get(provider_id, device_ids, consistent=False).items()
        }

    def get(
        self, provider_id: str, device_ids: Iterable[str], *, consistent: bool = True
    ) -> dict[str, dict[str, Any]]:
        """Return the registrations of a provider's vehicles, by device_id."""
        keys = [
            to_item(items.registration_key(provider_id, one)) for one in dict.fromkeys(device_ids)
        ]
        found = {}
        while keys:
            some, keys = keys[:_MOST_IN_A_READ], keys[_MOST_IN_A_READ:]
            answer = aws.dynamodb().batch_get_item(
                RequestItems={self._table: {"Keys": some, "ConsistentRead": consistent}}
            )
            for item in map(from_item, answer["Responses"].get(self._table, [])):
                found[item["pk"].split("#", 2)[2]] = _as_told(item)
            keys += answer["UnprocessedKeys"].get(self._table, {"Keys": []})["Keys"]
        return found

    def page(self, provider_id: str, after: str | None) -> tuple[list[dict[str, Any]], str | None]:
        """Return up to a hundred of a provider's registrations by device_id, as of a moment ago.

        They begin `after` a device_id. The second is after which the next page begins; None: at
        the end.
        """
        condition, values = "registered_by = :provider", {":provider": provider_id}
        if after is not None:
            condition += " AND device_id > :after"
            values |= {":after": after}
        answer = aws.dynamodb().query(
            TableName=self._table,
            IndexName=indexes.BY_PROVIDER,
            KeyConditionExpression=condition,
            ExpressionAttributeValues=to_item(values),
            Limit=_MOST_IN_A_READ,
        )
        found = [_as_told(from_item(item)) for item in answer["Items"]]
        return found, found[-1]["device_id"] if "LastEvaluatedKey" in answer else None

    def put(self, vehicle: Mapping[str, Any], *, new: bool) -> bool:
        """Register a vehicle, or change it; return False if it was already, or never was."""
        key = items.registration_key(vehicle["provider_id"], vehicle["device_id"])
        kept = {name: vehicle[name] for name in _KEPT}
        listed = {"registered_by": vehicle["provider_id"], "device_id": vehicle["device_id"]}
        item = to_item({**key, **listed, **kept, "more": _more(vehicle) or None})
        try:
            patiently(
                lambda: aws.dynamodb().put_item(
                    TableName=self._table,
                    Item=item,
                    ConditionExpression="attribute_not_exists(pk)"
                    if new
                    else "attribute_exists(pk)",
                )
            )
        except ClientError as error:
            if not refused(error):
                raise
            return False
        self._remember(vehicle["provider_id"], vehicle["device_id"], vehicle["vehicle_type"])
        return True

    def _remember(self, provider_id: str, device_id: str, vehicle_type: str) -> Known:
        found = Known(vehicle_type, shard_of(provider_id, device_id))
        self._remembered[provider_id][device_id] = found
        return found


def can_be_kept(vehicle: Mapping[str, Any]) -> bool:
    """Tell whether a registration is short enough, and JSON: Python also reads infinite numbers."""
    try:
        return len(_json([vehicle.get("propulsion_types"), _more(vehicle)])) <= _LONGEST_MORE
    except ValueError:
        return False


def _more(vehicle: Mapping[str, Any]) -> str:
    named = {"provider_id", "device_id", *_KEPT}
    more = {name: value for name, value in vehicle.items() if name not in named}
    return _json(more) if more else ""


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _as_told(item: Mapping[str, Any]) -> dict[str, Any]:
    _, provider_id, device_id = item["pk"].split("#", 2)
    kept = {name: item[name] for name in _KEPT}
    more = json.loads(item.get("more", "{}"))
    return {"device_id": device_id, "provider_id": provider_id, **kept, **more}
