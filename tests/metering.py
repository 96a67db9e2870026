"""Counts AWS calls, and DynamoDB's units as AWS would charge them (moto charges none).

Units are those of the base table: a write is rounded up to 1 KB of the larger of the item before
and after it, and counts twice in a transaction; a read is rounded up to 4 KB, and counts half
where it need not be consistent.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from shared import aws

_WRITES = ("Put", "Update", "Delete")


@dataclass
class Bill:
    """What was called, and what it cost."""

    calls: list[str] = field(default_factory=list)
    write_units: int = 0
    read_units: float = 0.0


@contextmanager
def metered() -> Iterator[Bill]:
    """Keep the bill of all that the container's clients do meanwhile."""
    meter = _Meter()
    clients = (aws.dynamodb(), aws.sqs())
    for client in clients:
        client.meta.events.register_first("provide-client-params.*", meter.before)
        client.meta.events.register_last("after-call.*", meter.after)
    try:
        yield meter.bill
    finally:
        for client in clients:
            client.meta.events.unregister("provide-client-params.*", meter.before)
            client.meta.events.unregister("after-call.*", meter.after)


class _Meter:
    def __init__(self) -> None:
        self.bill = Bill()
        self._looking = False  # while the meter itself reads an item
        self._params: Mapping[str, Any] = {}
        self._sizes: list[int] = []

    def before(self, params: Mapping[str, Any], model: Any, **_: Any) -> None:
        if not self._looking:
            self.bill.calls.append(model.name)
            self._params = params
            self._sizes = [self._size(*one) for one in _written(model.name, params)]

    def after(self, parsed: Mapping[str, Any], model: Any, **_: Any) -> None:
        if self._looking:
            return
        times = 2 if model.name == "TransactWriteItems" else 1
        places = _written(model.name, self._params)
        for before, place in zip(self._sizes, places, strict=True):
            self.bill.write_units += times * max(1, ceil(max(before, self._size(*place)) / 1024))
        if model.name in {"GetItem", "Query"}:
            items = parsed.get("Items", [parsed["Item"]] if "Item" in parsed else [])
            whole = max(1, ceil(sum(map(size_of, items)) / 4096))
            self.bill.read_units += whole if self._params.get("ConsistentRead") else whole / 2
        if model.name == "BatchGetItem":
            for table, asked in self._params["RequestItems"].items():
                found = [ceil(size_of(item) / 4096) for item in parsed["Responses"][table]]
                units = sum(found) + len(asked["Keys"]) - len(found)  # what is absent costs one too
                self.bill.read_units += units if asked.get("ConsistentRead") else units / 2

    def _size(self, table: str, key: Mapping[str, Any]) -> int:
        self._looking = True
        try:
            found = aws.dynamodb().get_item(TableName=table, Key=key, ConsistentRead=True)
        finally:
            self._looking = False
        return size_of(found.get("Item", {}))


def _written(operation: str, params: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """Return the table and key of each item that an operation writes."""
    if operation == "TransactWriteItems":
        return [
            _place(write[kind])
            for write in params["TransactItems"]
            for kind in _WRITES
            if kind in write
        ]
    return [_place(params)] if operation in {"PutItem", "UpdateItem", "DeleteItem"} else []


def _place(write: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    item = write.get("Key") or write["Item"]
    return write["TableName"], {name: item[name] for name in ("pk", "sk")}


def size_of(item: Mapping[str, Any]) -> int:
    """Return an item's size in bytes, by the rules that DynamoDB publishes."""
    return sum(len(name.encode()) + _value_size(value) for name, value in item.items())


def _value_size(attribute: Mapping[str, Any]) -> int:
    ((kind, value),) = attribute.items()
    match kind:
        case "S":
            return len(value.encode())
        case "N":
            return ceil(len(value.strip("-0.")) / 2) + 1
        case "M":
            return 3 + sum(1 + len(k.encode()) + _value_size(v) for k, v in value.items())
        case "L":
            return 3 + sum(1 + _value_size(inner) for inner in value)
    return 1
