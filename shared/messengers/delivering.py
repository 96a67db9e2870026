"""Tells a partner's server something by a signed webhook."""

import json
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from shared import aws
from shared.clock import from_text
from shared.messengers import posting, signing
from shared.messengers.addresses import endpoint
from shared.messengers.posting import NotDelivered

#: How long a container remembers a partner's secret: as much later a change is heard of.
_SECRETS_FOR_S: Final = 300


def deliver(
    url: str,
    message_id: str,
    message: Mapping[str, Any],
    secrets: Sequence[str],
    now: datetime,
    *,
    loopback: bool,
) -> int:
    """Sign a message, post it, and return the status that the server answers.

    Raises:
        NotDelivered: the URL may not be called, or the server was not reached.
    """
    where = endpoint(url, loopback=loopback)
    if where is None:
        raise NotDelivered("its URL is not one that may be called")
    body = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
    headers = signing.headers(message_id, int(now.timestamp()), body, secrets)
    return posting.post(where, headers, body)


def secrets_of(name: str, now: datetime) -> Sequence[str]:
    """Return the secrets to sign with: the present one, and for a while the one before it.

    `name` is a secret's in Secrets Manager, which holds both as JSON.
    """
    kept = _kept(name, int(time.time() // _SECRETS_FOR_S))
    previous = kept.get("previous")
    if previous and from_text(kept["previous_until"]) > now:
        return [kept["secret"], previous]
    return [kept["secret"]]


@lru_cache(maxsize=64)
def _kept(name: str, _turn: int) -> Mapping[str, Any]:
    kept: Mapping[str, Any] = json.loads(aws.secret_now(name))
    return kept
