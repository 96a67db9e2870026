"""Signs webhooks as Standard Webhooks 1.0 says (standardwebhooks.com)."""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Final

SECRET_PREFIX: Final = "whsec_"  # noqa: S105 (what every secret begins with)
#: Bytes of a new secret; the standard wants 24 to 64.
SECRET_BYTES: Final = 32


def secret_of(random: bytes) -> str:
    """Return random bytes as a secret is given to a partner: `whsec_` and base64."""
    return SECRET_PREFIX + base64.b64encode(random).decode()


def headers(
    webhook_id: str, timestamp: int, body: bytes, secrets: Sequence[str]
) -> Mapping[str, str]:
    """Return the headers that prove a body to be ours: one signature for each secret.

    `timestamp` is in Unix seconds; who receives it refuses one that is minutes off.
    """
    signed = b".".join((webhook_id.encode(), str(timestamp).encode(), body))
    return {
        "webhook-id": webhook_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(_signature(secret, signed) for secret in secrets),
    }


def _signature(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    return f"v1,{base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()}"
