"""The indexes of the table `shelters`, for whoever makes one."""

from typing import Final

from shared.complaints.indexes import Index, key_attributes

__all__ = ["BY_DUE", "BY_PROVIDER", "BY_SEEN", "SHELTERS_INDEXES", "key_attributes"]

BY_SEEN: Final = "by_seen"
BY_DUE: Final = "by_due"
BY_PROVIDER: Final = "by_provider"

SHELTERS_INDEXES: Final = (
    #: Vehicles present in a shelter, by the minute in which they were last seen.
    Index(BY_SEEN, "stale_shard", "seen_minute"),
    #: Alerts that are to be looked at by themselves, and districts whose news have gathered.
    Index(BY_DUE, "due_shard", "due_at"),
    #: Registrations, by whose vehicles they are.
    Index(BY_PROVIDER, "registered_by", "device_id", holds=None),
)
