"""How payment providers sign what they send, after their own documents.

Written from those documents and apart from the code that verifies it, so that one judges the other.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from shared.clock import WIB


def compact(body: Mapping[str, Any]) -> bytes:
    """Return a body as JSON without white space, which is how SNAP's signature sees it."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def midtrans(order_id: str, status_code: str, gross_amount: str, server_key: str) -> str:
    """Return a Midtrans notification's `signature_key`."""
    return hashlib.sha512(f"{order_id}{status_code}{gross_amount}{server_key}".encode()).hexdigest()


def gobiz(body: bytes, secret: str) -> str:
    """Return the header `X-Go-Signature` of a GoBiz event."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def snap(path: str, body: bytes, timestamp: str, private_key: str, method: str = "POST") -> str:
    """Return the header `X-SIGNATURE` of a SNAP notification: SHA256withRSA over its parts."""
    digest = hashlib.sha256(body).hexdigest().lower()
    return rsa_signature(f"{method}:{path}:{digest}:{timestamp}", private_key)


def snap_token_is_asked_for_by(
    public_key: str, client_id: str, timestamp: str, signature: str
) -> bool:
    """Tell whether a request for an access token was signed with the client's private key."""
    key = serialization.load_pem_public_key(public_key.encode())
    if not isinstance(key, rsa.RSAPublicKey):
        return False
    try:
        key.verify(
            base64.b64decode(signature, validate=True),
            f"{client_id}|{timestamp}".encode(),
            padding.PKCS1v15(),
            hashes.SHA256(),
        )
    except Exception:  # noqa: BLE001 (base64's error or cryptography's: refused either way)
        return False
    return True


def snap_service(
    path: str, token: str, body: bytes, timestamp: str, client_secret: str, method: str = "POST"
) -> str:
    """Return the `X-SIGNATURE` that a merchant's call of a SNAP service has to bear."""
    digest = hashlib.sha256(body).hexdigest().lower()
    said = f"{method}:{path}:{token}:{digest}:{timestamp}"
    return base64.b64encode(
        hmac.new(client_secret.encode(), said.encode(), hashlib.sha512).digest()
    ).decode()


def webhook(message_id: str, timestamp: int, body: bytes, secret: str) -> str:
    """Return the header `webhook-signature` of Standard Webhooks."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    said = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, said, hashlib.sha256).digest()).decode()


def rsa_signature(text: str, private_key: str) -> str:
    """Return a text's SHA256withRSA signature in base64."""
    key = serialization.load_pem_private_key(private_key.encode(), password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("SNAP signs with RSA")
    return base64.b64encode(key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())).decode()


def snap_time(instant: datetime) -> str:
    """Return an instant as SNAP's headers and bodies have it: with its offset, to the second."""
    return instant.astimezone(WIB).isoformat(timespec="seconds")


def midtrans_time(instant: datetime) -> str:
    """Return an instant as Midtrans writes it: western Indonesian time, without saying so."""
    return instant.astimezone(WIB).strftime("%Y-%m-%d %H:%M:%S")
