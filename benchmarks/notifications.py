"""What providers send in the benchmarks: signed notifications, and the secrets that they fit."""

import base64
import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from benchmarks import scenario
from functions.payment_webhooks import accounts
from functions.payment_webhooks.items import order_values
from functions.payment_webhooks.record import Order
from shared.dynamo import to_item

_SERVER_KEY: Final = "SB-Mid-server-bench"
_ORDER: Final = "SMG-BRT-7K3F9Q2M1XWZ4"
_CREATED: Final = datetime(2026, 11, 23, 1, 14, tzinfo=UTC)
_TIMESTAMP: Final = "2026-11-23T08:15:30+07:00"
_SIGNED_PATH: Final = "/v1.0/qr/qr-mpm-notify"
_SIGNED: Final = f"{_ORDER}2003500.00{_SERVER_KEY}"

_MIDTRANS: Final[Mapping[str, Any]] = {
    "transaction_time": "2026-11-23 08:14:01",
    "transaction_status": "settlement",
    "transaction_id": "9aed5972-5b6a-401e-894b-a32c91ed1a3a",
    "status_message": "midtrans payment notification",
    "status_code": "200",
    "signature_key": hashlib.sha512(_SIGNED.encode()).hexdigest(),
    "settlement_time": "2026-11-23 08:15:30",
    "payment_type": "qris",
    "order_id": _ORDER,
    "merchant_id": "G000000000",
    "gross_amount": "3500.00",
    "fraud_status": "accept",
    "currency": "IDR",
    "transaction_type": "off-us",
    "issuer": "dana",
    "acquirer": "gopay",
}
_SNAP: Final[Mapping[str, Any]] = {
    "originalReferenceNo": "9aed5972-5b6a-401e-894b-a32c91ed1a3a",
    "originalPartnerReferenceNo": _ORDER,
    "latestTransactionStatus": "00",
    "transactionStatusDesc": "success",
    "amount": {"value": "3500.00", "currency": "IDR"},
    "externalStoreID": "BUS-017",
    "additionalInfo": {"qris": {"issuerName": "DANA", "acquirerName": "GOPAY"}},
}


def secrets() -> Mapping[str, str]:
    """Return the secrets of receivers by name."""
    key = _private_key().public_key()
    pem = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    prefix = scenario.ENVIRONMENT["PAYMENTS_SECRETS_PREFIX"]
    return {
        f"{prefix}midtrans": json.dumps({"semarang": {"server_keys": [_SERVER_KEY]}}),
        f"{prefix}snap": json.dumps({"qris": {"public_keys": [pem]}}),
    }


def midtrans() -> dict[str, Any]:
    """Return the event of a notification of Midtrans."""
    return _posted("/payments/notifications/midtrans", _compact(_MIDTRANS), {})


def order_item() -> dict[str, Any]:
    """Return the item of the order that the notifications are of: a bus fare."""
    order = Order(
        order_id=_ORDER,
        jurisdiction_id="semarang",
        product="brt",
        kind="fare",
        amount=3_500,
        credits=((accounts.revenue("semarang-dishub", "4.1.04.16.01.0001"), 3_500),),
        created_at=_CREATED,
        expires_at=_CREATED + timedelta(minutes=15),
        stale_at=_CREATED + timedelta(minutes=15),
        charge={"transaction_id": _MIDTRANS["transaction_id"], "qr_string": "0" * 180},
        key_hash="0" * 64,
        fingerprint="0" * 64,
    )
    return to_item(order_values(order))


def answer_of_provider(*_: Any) -> tuple[int, bytes]:
    """Stand in for the wire to the provider, which says of the payment what it told of it."""
    return 200, _compact(_MIDTRANS).encode()


def snap() -> dict[str, Any]:
    """Return the event of a BI-SNAP notification: RSA over the body's hash."""
    body = _compact(_SNAP)
    digest = hashlib.sha256(body.encode()).hexdigest()
    text = f"POST:{_SIGNED_PATH}:{digest}:{_TIMESTAMP}".encode()
    signature = _private_key().sign(text, padding.PKCS1v15(), SHA256())
    headers = {
        "X-TIMESTAMP": _TIMESTAMP,
        "X-SIGNATURE": base64.b64encode(signature).decode(),
        "X-PARTNER-ID": "QRIS",
        "X-EXTERNAL-ID": "41807553358950093184162180797837",
    }
    return _posted(f"/payments/snap{_SIGNED_PATH}", body, headers)


def first_verification() -> str:
    """Return a program that verifies a signature as a container's first BI-SNAP request does."""
    event = snap()
    pem = json.loads(next(one for name, one in secrets().items() if name.endswith("snap")))
    arguments = {
        "method": "POST",
        "path": _SIGNED_PATH,
        "body": event["body"].encode(),
        "timestamp": _TIMESTAMP,
        "signature": event["headers"]["X-SIGNATURE"],
        "public_key_pem": pem["qris"]["public_keys"][0],
    }
    module = "functions.payment_webhooks.providers"
    return f"from {module} import snap; assert snap.verify(**{arguments!r})"


@cache
def _private_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _compact(body: Mapping[str, Any]) -> str:
    return json.dumps(body, separators=(",", ":"))


def _posted(path: str, body: str, headers: Mapping[str, str]) -> dict[str, Any]:
    event = scenario.request("POST", path, {}, headers=headers)
    return event | {"body": body}
