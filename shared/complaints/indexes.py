"""The indexes of the tables, for whoever makes one: the stacks, the tests, the benchmarks."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple


class Index(NamedTuple):
    """A secondary index: its key attributes, all strings, and what it holds besides the keys.

    `holds` is None for whole items, else the names of further attributes.
    """

    name: str
    partition: str
    sort: str
    holds: tuple[str, ...] | None = ()

    @property
    def definition(self) -> Any:
        """The index as DynamoDB's CreateTable takes it."""
        projection: dict[str, Any] = {"ProjectionType": "KEYS_ONLY"}
        if self.holds is None:
            projection = {"ProjectionType": "ALL"}
        elif self.holds:
            projection = {"ProjectionType": "INCLUDE", "NonKeyAttributes": list(self.holds)}
        return {
            "IndexName": self.name,
            "KeySchema": [
                {"AttributeName": self.partition, "KeyType": "HASH"},
                {"AttributeName": self.sort, "KeyType": "RANGE"},
            ],
            "Projection": projection,
        }


BY_AGENCY: Final = "by_agency"
BY_UNDELIVERED: Final = "by_undelivered"
BY_RECEIVED: Final = "by_received"
BY_UPDATED: Final = "by_updated"
BY_CELL: Final = "by_cell"
BY_DUE: Final = "by_due"
BY_FOLLOWED: Final = "by_followed"
BY_STUCK: Final = "by_stuck"
BY_LATE: Final = "by_late"

COMPLAINTS_INDEXES: Final = (
    Index(BY_AGENCY, "worklist", "worklist_key", holds=None),
    Index(BY_UNDELIVERED, "undelivered_shard", "undelivered_since"),
    Index(BY_RECEIVED, "received_bucket", "created_at", holds=None),
    Index(BY_UPDATED, "updated_bucket", "updated_at"),
    Index(BY_CELL, "cell", "cell_key", holds=("lat", "long")),
    Index(BY_DUE, "due_shard", "clock_at"),
    Index(BY_FOLLOWED, "follows", "complaint_id"),
    Index(BY_STUCK, "stuck", "stuck_since", holds=None),
    Index(BY_LATE, "late_list", "late_key", holds=None),
)

BY_PHONE: Final = "by_phone"
BY_EMAIL: Final = "by_email"
BY_PLACE: Final = "by_place"

#: Only contacts and subscriptions have an address, and only confirmed subscriptions a place, so
#: each index holds them alone: of addresses the keys, of places what tells who is near.
REPORTERS_INDEXES: Final = (
    Index(BY_PHONE, "phone", "pk"),
    Index(BY_EMAIL, "email", "pk"),
    Index(BY_PLACE, "place", "pk", holds=("lat", "long", "radius_m", "service_code")),
)


def key_attributes(indexes: Sequence[Index]) -> tuple[str, ...]:
    """Return the attributes that a table and its indexes have as keys."""
    of_indexes = (name for one in indexes for name in (one.partition, one.sort))
    return tuple(dict.fromkeys(("pk", "sk", *of_indexes)))
