"""Reads the records of a table's stream, so that one that cannot be read stops no other."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from shared.errors import described

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger

Found = TypeVar("Found")


def read_all(
    event: Mapping[str, Any], read: Callable[[Mapping[str, Any]], Found], logger: "Logger"
) -> tuple[list[Found], list[dict[str, Any]]]:
    """Return what `read` finds in each record, and of those that it cannot read what names them."""
    found, unreadable = [], []
    for record in event["Records"]:
        try:
            found.append(read(record))
        except Exception as error:  # noqa: BLE001 (logged, and set aside)
            logger.error("unreadable record", event_id=record.get("eventID"), **described(error))
            unreadable.append(_reference(record))
    return found, unreadable


def _reference(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return what finds a record again, and none of its text."""
    images = record.get("dynamodb", {})
    return {
        "event_id": record.get("eventID"),
        "keys": images.get("Keys"),
        "sequence_number": images.get("SequenceNumber"),
    }
