"""What the environment tells the functions of payments: names, never secrets."""

import os
from collections.abc import Sequence
from typing import Final

#: Under which path of ours the services of BI-SNAP are.
SNAP_PREFIX: Final = "/payments/snap"
#: A provider signs the path that was registered with it: the standard's own, ours, or with the
#: stage before it. This is what holds where configuration says nothing else.
_USUAL_PREFIXES: Final = ("", SNAP_PREFIX, f"/v1{SNAP_PREFIX}")


def notifications_queue() -> str:
    """Return the URL of the queue that notifications are put on."""
    return os.environ["NOTIFICATIONS_QUEUE_URL"]


def secret_name(name: str) -> str:
    """Return the whole name of one of the secrets of payments, such as `midtrans`."""
    return f"{os.environ['PAYMENTS_SECRETS_PREFIX'].rstrip('/')}/{name}"


def signed_paths(service_path: str) -> Sequence[str]:
    """Return the paths that a provider may have signed for a service of BI-SNAP.

    `SNAP_SIGNED_PATHS` lists those of all services, with commas, as `[snap] accepted_paths` of the
    jurisdictions says.
    """
    written = os.environ.get("SNAP_SIGNED_PATHS")
    if not written:
        return tuple(prefix + service_path for prefix in _USUAL_PREFIXES)
    paths = (path.strip() for path in written.split(","))
    return tuple(path for path in paths if path.endswith(service_path))
