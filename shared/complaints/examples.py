"""Labelled examples: what operators decided, kept for routing to learn from, without personal data."""

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from shared import config
from shared.clock import from_text, to_text
from shared.complaints.record import Complaint
from shared.complaints.visibility import PUBLIC
from shared.dynamo import to_item
from shared.reads import queried

#: Partitions over which a jurisdiction's examples are spread.
SHARDS: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A text, whose it is, and what about: an operator's word."""

    complaint_id: str
    text: str
    agency: str
    service_code: str | None = None
    was_agency: str | None = None  #: whose it was before
    kind: str = "complaint"
    attributes: Mapping[str, str] = field(default_factory=dict)  #: answers chosen from lists
    decided_at: datetime


def example_key(jurisdiction_id: str, complaint_id: str) -> dict[str, str]:
    """Return the key of the example that a complaint is. There is one at most."""
    shard = zlib.crc32(complaint_id.encode()) % SHARDS
    return {"pk": partitions(jurisdiction_id)[shard], "sk": complaint_id}


def partitions(jurisdiction_id: str) -> list[str]:
    """Return the partitions of a jurisdiction's examples."""
    return [f"X#{jurisdiction_id}#{shard}" for shard in range(SHARDS)]


def example_values(
    complaint: Complaint, agency: str, service_code: str | None, at: datetime
) -> dict[str, Any] | None:
    """Return the item of an operator's decision on a complaint, to be put in its transaction.

    A later decision on the same complaint takes the place of an earlier one. None of a complaint
    that teaches nothing: what is not public, is suspected to be spam, or is to be forgotten.
    """
    if complaint.visibility != PUBLIC or complaint.suspicion or complaint.erasure_requested_at:
        return None
    from shared.masking import masked  # its patterns take time, and forgetting needs none

    jurisdiction = config.load(complaint.jurisdiction_id)
    asked = jurisdiction.attribute_by_code
    chosen = {
        code: answer
        for code, answer in complaint.attributes.items()
        if code in asked and asked[code].is_list
    }
    assignment = complaint.assignment
    return {
        **example_key(complaint.jurisdiction_id, complaint.complaint_id),
        "text": masked(complaint.description),
        "agency": agency,
        "service_code": service_code,
        "was_agency": assignment.agency if assignment else None,
        "kind": complaint.kind,
        "attributes": chosen or None,
        "decided_at": to_text(at),
    }


def example_from(values: Mapping[str, Any]) -> Example:
    """Return the example that an item holds."""
    known = {name: value for name, value in values.items() if name not in {"pk", "sk"}}
    at = from_text(known.pop("decided_at"))
    return Example(complaint_id=values["sk"], decided_at=at, **known)


class Examples:
    """Labelled examples in the complaints table.

    | access pattern         | operation                 | key                         | units           |
    | ---------------------- | ------------------------- | --------------------------- | --------------- |
    | an operator's decision | Put, in the desk's writes | pk=X#<jurisdiction>#<shard> | 2 writes / KB   |
    | all of a jurisdiction  | Query of each shard       | the same                    | 0.5 read / 4 KB |
    | forget one             | Delete                    | … sk=<complaint_id>         | 1 write / KB    |
    """

    def __init__(self, table: str) -> None:
        self._table = table

    def all(self, jurisdiction_id: str) -> Iterator[Example]:
        """Yield all examples of a jurisdiction."""
        for partition in partitions(jurisdiction_id):
            found = queried(
                TableName=self._table,
                KeyConditionExpression="pk = :pk",
                ExpressionAttributeValues={":pk": {"S": partition}},
            )
            yield from map(example_from, found)

    def forget(self, jurisdiction_id: str, complaint_id: str) -> dict[str, Any]:
        """Return the arguments of the Delete that forgets an example; done twice, as once."""
        return {
            "TableName": self._table,
            "Key": to_item(example_key(jurisdiction_id, complaint_id)),
        }
