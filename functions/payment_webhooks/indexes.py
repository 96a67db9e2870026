"""The indexes of the tables `payments` and `ledger`, for whoever makes one."""

from typing import Final

from shared.complaints.indexes import Index, key_attributes

__all__ = [
    "BY_DAY",
    "BY_POSTED",
    "BY_STALE",
    "LEDGER_INDEXES",
    "PAYMENTS_INDEXES",
    "key_attributes",
]

BY_STALE: Final = "by_stale"
BY_DAY: Final = "by_day"
BY_POSTED: Final = "by_posted"

PAYMENTS_INDEXES: Final = (
    #: Orders whose payment is not known to have ended, by when the provider is to be asked.
    Index(BY_STALE, "stale_shard", "stale_at"),
    #: Orders by jurisdiction and day (WIB) of creation, for reports: what was issued.
    Index(
        BY_DAY,
        "day_shard",
        "order_id",
        holds=("product", "kind", "site", "quantity", "amount", "status"),
    ),
)

LEDGER_INDEXES: Final = (Index(BY_POSTED, "posted_shard", "posted_key", holds=None),)
