"""Turns plain values into DynamoDB's attribute values and back.

boto3's serializers do the same for more types at over twice the CPU (`make bench`), and would
bring boto3 and decimal numbers with them; a test holds these equal to them for the types that
the tables use.
"""

from collections.abc import Mapping
from typing import Any

Item = dict[str, Any]


def to_item(values: Mapping[str, Any]) -> Item:
    """Return `values` as a DynamoDB item. Top-level None means absent, and is left out."""
    return {name: to_attribute(value) for name, value in values.items() if value is not None}


def from_item(item: Mapping[str, Any]) -> dict[str, Any]:
    """Return a DynamoDB item (of a read or a stream image) as plain values."""
    return {name: from_attribute(attribute) for name, attribute in item.items()}


def to_attribute(value: Any) -> dict[str, Any]:
    """Return one value as a DynamoDB attribute value.

    Raises:
        TypeError: the tables hold no values of this type.
    """
    match value:
        case str():
            return {"S": value}
        case bool():
            return {"BOOL": value}
        case int() | float():
            return {"N": repr(value)}
        case None:
            return {"NULL": True}
        case Mapping():
            return {"M": {name: to_attribute(inner) for name, inner in value.items()}}
        case list() | tuple():
            return {"L": [to_attribute(inner) for inner in value]}
    raise TypeError(f"no DynamoDB attribute for {type(value).__name__}")


def from_attribute(attribute: Mapping[str, Any]) -> Any:
    """Return one DynamoDB attribute value as a plain value.

    Raises:
        TypeError: the tables hold no values of this type.
    """
    ((kind, value),) = attribute.items()
    match kind:
        case "S" | "BOOL":
            return value
        case "N":
            return int(value) if value.lstrip("-").isdigit() else float(value)
        case "NULL":
            return None
        case "M":
            return {name: from_attribute(inner) for name, inner in value.items()}
        case "L":
            return [from_attribute(inner) for inner in value]
    raise TypeError(f"no plain value for a DynamoDB {kind}")
