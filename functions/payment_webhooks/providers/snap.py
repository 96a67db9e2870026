"""BI-SNAP: signatures in both directions, and the services that a provider calls at us.

Bank Indonesia's national standard of open payment APIs. A provider signs with its RSA key; what we
send ourselves is signed with a shared secret. Both sign the path, which is the one registered with
the provider.
"""

import base64
import hashlib
import hmac
import re
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

TIMESTAMP_HEADER: Final = "X-TIMESTAMP"
SIGNATURE_HEADER: Final = "X-SIGNATURE"

#: A whole string, or to the body's end where it is not closed; or white space outside of any.
_STRING_OR_SPACE: Final = re.compile(rb'("(?:[^"\\]++|\\.)*+(?:"|\\?\Z))|[ \t\r\n]+', re.DOTALL)
_TIMESTAMP: Final = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:?\d\d)", re.ASCII
)


def verify(
    *,
    method: str,
    path: str,
    body: bytes,
    timestamp: str,
    signature: str,
    public_key_pem: str | bytes,
) -> bool:
    """Tell whether a provider's key signed a request: SHA256withRSA in base64.

    The signed text holds the hash of the minified body. The raw bytes are tried first; then without
    the white space outside strings. A body is never parsed and written anew, which would change
    numbers and escapes. Whatever cannot be read, the key among it, proves nothing: False, no error.
    """
    given = _decoded(signature)
    key = _public_key(public_key_pem)
    if given is None or key is None:
        return False
    return any(
        _is_signed(key, given, _joined(method, path, content, timestamp))
        for content in dict.fromkeys((body, minified(body)))
    )


def sign_symmetric(
    *, method: str, path: str, access_token: str, body: bytes, timestamp: str, client_secret: str
) -> str:
    """Return the signature of a request of ours: HMAC-SHA512 in base64, over the minified body."""
    text = f"{method.upper()}:{path}:{access_token}:{_hash(minified(body))}:{timestamp}"
    digest = hmac.new(client_secret.encode(), text.encode(), hashlib.sha512).digest()
    return base64.b64encode(digest).decode()


def minified(body: bytes) -> bytes:
    """Return a JSON text without the white space outside its strings, else byte for byte."""
    return _STRING_OR_SPACE.sub(rb"\1", body)


def is_timestamp(text: str) -> bool:
    """Tell whether a header is an ISO 8601 instant with seconds and an offset."""
    if not _TIMESTAMP.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _joined(method: str, path: str, content: bytes, timestamp: str) -> bytes:
    return f"{method.upper()}:{path}:{_hash(content)}:{timestamp}".encode("utf-8", "replace")


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _decoded(signature: str) -> bytes | None:
    """Return a base64 text's bytes, if it is the only text for them."""
    try:
        found = base64.b64decode(signature, validate=True)
    except (ValueError, TypeError):
        return None
    return found if base64.b64encode(found) == signature.encode() else None


@lru_cache(maxsize=64)
def _public_key(pem: str | bytes) -> "RSAPublicKey | None":
    # A cold start that receives no SNAP request does without 30 ms of imports.
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        key = load_pem_public_key(pem.encode() if isinstance(pem, str) else pem)
    except (TypeError, ValueError, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, RSAPublicKey) else None


def _is_signed(key: "RSAPublicKey", signature: bytes, text: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.hashes import SHA256

    try:
        key.verify(signature, text, PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return True
