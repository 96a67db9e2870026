"""Calls a provider's API: with a time-out, few retries, and no more of an answer than is needed."""

import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from urllib3 import PoolManager

#: A call gives up within 13 s: two attempts, and half a second between them.
CONNECT_WITHIN_S: Final = 2.0
READ_WITHIN_S: Final = 4.0
_RETRIES: Final = 1
_PAUSE_S: Final = 0.5
_PASSING: Final = (429, 500, 502, 503, 504)
_MOST_BYTES: Final = 256 * 1024

#: Method, address, headers and body; returns the status and the body.
Send = Callable[[str, str, Mapping[str, str], bytes | None], tuple[int, bytes]]


class ProviderUnavailable(Exception):
    """The provider was not reached, or did not answer as it should: the queue comes again."""


@cache
def _pool() -> "PoolManager":
    import urllib3  # which botocore brings; most notifications of SNAP need none

    return urllib3.PoolManager(retries=False)


def send(
    method: str, url: str, headers: Mapping[str, str], body: bytes | None
) -> tuple[int, bytes]:
    """Call an address and return its answer's status and body.

    What may pass is tried once more, but for what may have been done already: only a GET is.

    Raises:
        ProviderUnavailable: no answer came in time.
    """
    import urllib3

    retries = urllib3.Retry(
        total=_RETRIES,
        connect=_RETRIES,
        read=_RETRIES,
        redirect=0,
        status=_RETRIES,
        status_forcelist=_PASSING,
        allowed_methods={"GET"},
        backoff_factor=_PAUSE_S,
        backoff_max=_PAUSE_S,
        raise_on_status=False,
        raise_on_redirect=False,
        respect_retry_after_header=False,
    )
    try:
        answer = _pool().request(
            method,
            url,
            headers=dict(headers),
            body=body,
            retries=retries,
            timeout=urllib3.Timeout(connect=CONNECT_WITHIN_S, read=READ_WITHIN_S),
            redirect=False,
            preload_content=False,
        )
        try:
            return answer.status, answer.read(_MOST_BYTES, decode_content=True)
        finally:
            answer.release_conn()
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise ProviderUnavailable(type(error).__name__) from None


def object_of(body: bytes) -> Mapping[str, Any]:
    """Return the JSON object that an answer is.

    Raises:
        ProviderUnavailable: it is something else, such as a proxy's page.
    """
    try:
        found = json.loads(body)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise ProviderUnavailable("the answer is no JSON object")
    return found
