"""Verifies webhooks signed as Standard Webhooks 1.0 says (standardwebhooks.com)."""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

_PREFIX: Final = "whsec_"
_VERSION: Final = "v1"
#: An older or newer message is refused: it may be one that somebody kept and sends again.
TOLERANCE_S: Final = 300
_SECONDS: Final = re.compile(r"[0-9]{1,12}")

ID_HEADER: Final = "webhook-id"
TIMESTAMP_HEADER: Final = "webhook-timestamp"
SIGNATURE_HEADER: Final = "webhook-signature"


def verify(
    *, headers: Mapping[str, str], body: bytes, secrets: Iterable[str], now: datetime
) -> bool:
    """Tell whether a body was signed with one of some secrets, and within five minutes of now.

    `headers` have lower-case names. The secrets begin with `whsec_`; two are good at once.
    """
    message_id = headers.get(ID_HEADER, "").strip()
    sent_at = headers.get(TIMESTAMP_HEADER, "").strip()
    if not message_id or not _SECONDS.fullmatch(sent_at):
        return False
    if abs(now.timestamp() - int(sent_at)) > TOLERANCE_S:
        return False
    signed = b".".join((message_id.encode(), sent_at.encode(), body))
    given = [
        signature
        for version, _, signature in (
            one.partition(",") for one in headers.get(SIGNATURE_HEADER, "").split()
        )
        if version == _VERSION
    ]
    matches = [
        hmac.compare_digest(_signature(key, signed), signature.encode())
        for key in filter(None, map(_key, secrets))
        for signature in given
    ]
    return any(matches)


def _signature(key: bytes, signed: bytes) -> bytes:
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest())


def _key(secret: str) -> bytes | None:
    """Return a secret's bytes; None for one that is no base64, with which nothing is proven."""
    try:
        return base64.b64decode(secret.strip().removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        return None
