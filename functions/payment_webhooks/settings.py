"""What the environment tells the functions of payments: names, never secrets."""

import os
from collections.abc import Sequence
from typing import Final

#: Under which path of ours the services of BI-SNAP are.
SNAP_PREFIX: Final = "/payments/snap"
#: A provider signs the path that was registered with it: the standard's own, ours, or with the
#: stage before it. Separated by commas in the environment.
_SIGNED_PREFIXES: Final = f",{SNAP_PREFIX},/v1{SNAP_PREFIX}"


def notifications_queue() -> str:
    """Return the URL of the queue that notifications are put on."""
    return os.environ["NOTIFICATIONS_QUEUE_URL"]


def secret_name(name: str) -> str:
    """Return the whole name of one of the secrets of payments, such as `midtrans`."""
    return f"{os.environ['PAYMENTS_SECRETS_PREFIX'].rstrip('/')}/{name}"


def signed_prefixes() -> Sequence[str]:
    """Return what may stand before a service's path in the path that a provider signs."""
    written = os.environ.get("SNAP_SIGNED_PREFIXES", _SIGNED_PREFIXES)
    return tuple(one.strip().rstrip("/") for one in written.split(","))
