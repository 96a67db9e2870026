"""Labelled examples outside their table: read from a deployment, and from and to CSV files."""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from cli import routing_texts
from cli.screen import CannotContinue
from shared.clock import from_text, to_text
from shared.complaints.examples import Example, example_from, partitions
from shared.dynamo import from_item

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

#: Of an export. `simpul routing train` reads the first two; `label` is the service code.
COLUMNS: Final = ("text", "label", "agency", "was_agency", "kind", "attributes", "decided_at")
#: … and `simpul routing replay` needs these.
NEEDED: Final = ("text", "agency")


@dataclass(frozen=True, slots=True)
class Past:
    """An operator's decision: the text, whose it became, and whose it had been."""

    text: str
    agency: str
    service_code: str | None = None
    was_agency: str | None = None
    kind: str = "complaint"
    attributes: dict[str, str] = field(default_factory=dict)
    decided_at: datetime | None = None


def stored(dynamodb: "DynamoDBClient", table: str, jurisdiction_id: str) -> Iterator[Example]:
    """Yield a jurisdiction's examples as they lie in a deployment's table."""
    for partition in partitions(jurisdiction_id):
        pages = dynamodb.get_paginator("query").paginate(
            TableName=table,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": partition}},
        )
        for page in pages:
            yield from (example_from(from_item(item)) for item in page["Items"])


def past(example: Example) -> Past:
    """Return an example as an operator's decision."""
    return Past(
        example.text,
        example.agency,
        example.service_code,
        example.was_agency,
        example.kind,
        dict(example.attributes),
        example.decided_at,
    )


def read(path: Path) -> list[Past]:
    """Return the decisions of a CSV file; but for `text` and `agency`, columns may be missing.

    Raises:
        CannotContinue: it is not there, is no such CSV, or lacks a column or a value.
    """
    return [_past(path, row) for row in routing_texts.rows(path, NEEDED)]


def _past(path: Path, row: Mapping[str, str]) -> Past:
    try:
        return Past(
            row["text"],
            row["agency"],
            row.get("label") or None,
            row.get("was_agency") or None,
            row.get("kind") or "complaint",
            json.loads(row.get("attributes") or "{}"),
            from_text(row["decided_at"]) if row.get("decided_at") else None,
        )
    except ValueError:
        raise CannotContinue(
            f"{path}: `decided_at` atau `attributes` tidak terbaca; ekspor ulang dengan "
            "`simpul routing examples`. / They cannot be read: export the file anew."
        ) from None


def write(file: IO[str], decisions: Sequence[Past]) -> None:
    """Write decisions as CSV."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in decisions:
        writer.writerow(
            [
                one.text,
                one.service_code or "",
                one.agency,
                one.was_agency or "",
                one.kind,
                json.dumps(one.attributes, ensure_ascii=False) if one.attributes else "",
                to_text(one.decided_at) if one.decided_at else "",
            ]
        )
