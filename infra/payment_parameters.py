"""What payments' routes take in their paths, queries and headers, as OpenAPI describes it."""

from collections.abc import Mapping
from typing import Any, Final

_DAY: Final = {"type": "string", "description": "A day (WIB)", "examples": ["2026-11-20"]}

PAYMENT_PARAMETERS: Final[Mapping[str, Mapping[str, Any]]] = {
    "order_id": {"type": "string", "examples": ["SMG-BRT-7K3F9Q2M1XWZ4"], "maxLength": 40},
    "nop": {"type": "string", "examples": ["33.74.010.001.001-0001.0"], "maxLength": 40},
    "year": {"type": "string", "examples": ["2026"], "maxLength": 4},
    "channel": {"type": "string", "enum": ["qris", "gopay", "va", "card"], "default": "qris"},
    "partner": {"type": "string", "examples": ["loket"], "maxLength": 48},
    "from": _DAY,
    "to": _DAY,
    "group_by": {"type": "string", "enum": ["agency", "product", "day"], "default": "day"},
    "hour": {"type": "string", "description": "Of posting, UTC", "examples": ["2026-11-20T05"]},
    "webhook-id": {"type": "string"},
    "webhook-timestamp": {"type": "string", "description": "Seconds since 1970"},
    "webhook-signature": {"type": "string", "description": "As Standard Webhooks says"},
}
