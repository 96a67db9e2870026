"""What the receivers put on the queue of notifications: a versioned message, the body raw in it."""

import base64
import hashlib
import sys
from datetime import UTC, datetime
from typing import Final, Literal

from shared.clock import to_text

if sys.version_info >= (3, 12):
    from typing import TypedDict
else:
    from typing_extensions import TypedDict  # pydantic makes schemas of no other before 3.12

#: Of a body's hash: enough that no two notifications of one minute share it.
_HASH_DIGITS: Final = 16


class PaymentNotificationV1(TypedDict):
    """A notification whose signature fitted, as it came."""

    type: Literal["payment_notification.v1"]
    notification_id: str
    provider: str  #: "midtrans", "gopay", "qris", "va", "gobiz" or "marketplace:<id>"
    path: str  #: that it came to, the stage left out
    body: str  #: its bytes in base64
    content_type: str
    received_at: str
    jurisdiction_id: str | None  #: whose key fitted, where keys are of jurisdictions


class PaymentCheckV1(TypedDict):
    """An order of which nothing was heard in long: its provider is to be asked."""

    type: Literal["payment_check.v1"]
    order_id: str
    at: str


class SettlementFileV1(TypedDict):
    """A file of a provider or of the bank was dropped in the bucket."""

    type: Literal["settlement_file.v1"]
    key: str  #: settlements/<jurisdiction>/{provider|bank}/<name>


def payment_notification(
    *,
    provider: str,
    path: str,
    body: bytes,
    content_type: str,
    received_at: datetime,
    jurisdiction_id: str | None,
) -> PaymentNotificationV1:
    """Return the message of a notification; the id says when it came and is made from its bytes."""
    digest = hashlib.sha256(provider.encode() + body).hexdigest()[:_HASH_DIGITS]
    return {
        "type": "payment_notification.v1",
        "notification_id": f"{received_at.astimezone(UTC):%Y%m%dT%H%M}-{digest}",
        "provider": provider,
        "path": path,
        "body": base64.b64encode(body).decode(),
        "content_type": content_type,
        "received_at": to_text(received_at),
        "jurisdiction_id": jurisdiction_id,
    }
