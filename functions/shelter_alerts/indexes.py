"""The indexes of the table `shelters`, for whoever makes one."""

from typing import Final

from shared.complaints.indexes import Index, key_attributes

__all__ = ["BY_SEEN", "SHELTERS_INDEXES", "key_attributes"]

BY_SEEN: Final = "by_seen"

SHELTERS_INDEXES: Final = (
    #: Vehicles present in a shelter, by the minute in which they were last seen.
    Index(BY_SEEN, "stale_shard", "seen_minute"),
)
