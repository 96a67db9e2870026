"""What DynamoDB charges for, from items before and after a write and from the bytes of a read.

moto answers a fixed number whatever is written, so the published rules are applied here:
a write is charged by KB of the larger of the old and the new item, twice in a transaction;
an index by what changes in it; a read by 4 KB, half of it if it may be a little old.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from shared.complaints.indexes import Index

Item = Mapping[str, Any]

_WRITE_BYTES = 1024
_READ_BYTES = 4096
#: What a map or a list costs by itself, and for each thing in it.
_CONTAINER_BYTES = 3
_ELEMENT_BYTES = 1


def item_bytes(item: Item) -> int:
    """Return an item's size: the names and values of its attributes, in UTF-8."""
    return sum(len(name.encode()) + _value_bytes(value) for name, value in item.items())


def write_units(old: Item | None, new: Item | None, *, transaction: bool = False) -> int:
    """Return the table's own units for a write; a refused one has `new` as `old`."""
    size = max(item_bytes(old or {}), item_bytes(new or {}))
    return _kilobytes(size) * (2 if transaction else 1)


def index_units(index: Index, old: Item | None, new: Item | None) -> int:
    """Return an index's units for a write: an entry made, changed or removed, or moved (both)."""
    before, after = _entry(index, old), _entry(index, new)
    if before == after:
        return 0
    if (
        before
        and after
        and any(before[name] != after[name] for name in (index.partition, index.sort))
    ):
        return _kilobytes(item_bytes(before)) + _kilobytes(item_bytes(after))
    return _kilobytes(max(item_bytes(before or {}), item_bytes(after or {})))


def read_units(items: Iterable[Item], *, consistent: bool) -> float:
    """Return the units of a Get or a Query that found `items`."""
    size = sum(map(item_bytes, items))
    return max(1, math.ceil(size / _READ_BYTES)) * (1 if consistent else 0.5)


def _entry(index: Index, item: Item | None) -> Item | None:
    if item is None or any(name not in item for name in (index.partition, index.sort)):
        return None
    if index.holds is None:
        return item
    names = ("pk", "sk", index.partition, index.sort, *index.holds)
    return {name: item[name] for name in names if name in item}


def _kilobytes(size: int) -> int:
    return max(1, math.ceil(size / _WRITE_BYTES))


def _value_bytes(attribute: Mapping[str, Any]) -> int:
    ((kind, value),) = attribute.items()
    match kind:
        case "S":
            return len(value.encode())
        case "N":
            return math.ceil(len(value.lstrip("-").replace(".", "")) / 2) + 1
        case "SS":
            return sum(len(one.encode()) for one in value)
        case "M":
            inner = _ELEMENT_BYTES * len(value) + item_bytes(value)
        case "L":
            inner = _inner_bytes(value)
        case _:
            return 1
    return _CONTAINER_BYTES + inner


def _inner_bytes(values: Sequence[Mapping[str, Any]]) -> int:
    return sum(_ELEMENT_BYTES + _value_bytes(value) for value in values)
