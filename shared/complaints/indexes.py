"""The indexes of the complaints table, for whoever makes one: the stacks, the tests, the benchmarks."""

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

COMPLAINTS_INDEXES: Final = (
    Index(BY_AGENCY, "worklist", "worklist_key", holds=None),
    Index(BY_UNDELIVERED, "undelivered_shard", "undelivered_since"),
    Index(BY_RECEIVED, "received_bucket", "created_at", holds=None),
    Index(BY_UPDATED, "updated_bucket", "updated_at"),
    Index(BY_CELL, "cell", "cell_key", holds=("lat", "long")),
    Index(BY_DUE, "due_shard", "clock_at"),
)
COMPLAINTS_ATTRIBUTES: Final = tuple(
    dict.fromkeys(
        ("pk", "sk", *(name for one in COMPLAINTS_INDEXES for name in (one.partition, one.sort)))
    )
)
