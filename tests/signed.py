"""What providers send, signed by their documents' words and not by our code."""

import base64
import hashlib
import hmac
import json
import re
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

ORDER = "SMG-BRT-7K3F9Q2M1XWZ4"
SERVER_KEY = "SB-Mid-server-TEST-0000000000000000"
TIMESTAMP = "2026-11-23T08:15:30+07:00"
DEBIT_PATH = "/v1.0/debit/notify"
QR_PATH = "/v1.0/qr/qr-mpm-notify"
VA_PATH = "/v1.0/transfer-va/payment"


@cache
def private_key(number: int = 0) -> rsa.RSAPrivateKey:
    """Return a provider's RSA key, the same for the same number."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def public_pem(number: int = 0) -> str:
    """Return the public half of a provider's key."""
    key = private_key(number).public_key()
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def snap_signature(path: str, body: bytes, timestamp: str = TIMESTAMP, number: int = 0) -> str:
    """Return what a provider signs a request with whose body it minified as sent."""
    text = f"POST:{path}:{hashlib.sha256(body).hexdigest()}:{timestamp}"
    signed = private_key(number).sign(text.encode(), padding.PKCS1v15(), SHA256())
    return base64.b64encode(signed).decode()


def snap_headers(path: str, body: bytes, **changes: Any) -> dict[str, str]:
    """Return the headers that a provider sends with a body."""
    return {
        "Content-Type": "application/json",
        "X-TIMESTAMP": changes.get("timestamp", TIMESTAMP),
        "X-SIGNATURE": snap_signature(path, body, **changes),
        "X-PARTNER-ID": "GOPAY",
        "X-EXTERNAL-ID": "41807553358950093184162180797837",
        "CHANNEL-ID": "12345",
    }


def gobiz_signature(body: bytes, secret: str) -> str:
    """Return what GoBiz signs a body with."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def midtrans(server_key: str = SERVER_KEY, **changes: Any) -> dict[str, Any]:
    """Return a notification of Midtrans with a genuine signature; None takes a field out."""
    body = {
        "transaction_time": "2026-11-23 08:14:01",
        "transaction_status": "settlement",
        "transaction_id": "9aed5972-5b6a-401e-894b-a32c91ed1a3a",
        "status_message": "midtrans payment notification",
        "status_code": "200",
        "settlement_time": "2026-11-23 08:15:30",
        "payment_type": "qris",
        "order_id": ORDER,
        "merchant_id": "G141532850",
        "gross_amount": "3500.00",
        "fraud_status": "accept",
        "currency": "IDR",
        "transaction_type": "off-us",
        "issuer": "dana",
        "acquirer": "gopay",
    } | changes
    joined = "".join(str(body[name]) for name in ("order_id", "status_code", "gross_amount"))
    body.setdefault("signature_key", hashlib.sha512((joined + server_key).encode()).hexdigest())
    return {name: value for name, value in body.items() if value is not None}


def debit(**changes: Any) -> dict[str, Any]:
    """Return a notification of a wallet's payment."""
    return {
        "originalReferenceNo": "A120240101000000000000000000ID",
        "originalPartnerReferenceNo": ORDER,
        "originalExternalId": "41807553358950093184162180797837",
        "latestTransactionStatus": "00",
        "transactionStatusDesc": "Success",
        "createdTime": "2026-11-23T08:14:01+07:00",
        "finishedTime": "2026-11-23T08:15:30+07:00",
        "amount": {"value": "3500.00", "currency": "IDR"},
        "additionalInfo": {
            "userPaymentDetails": [{"payMethod": "GOPAY", "payOption": "GOPAY_WALLET"}]
        },
    } | changes


def refunded() -> dict[str, Any]:
    """Return a notification of a wallet's payment of which a part went back."""
    refund = {
        "refundNo": "96194816941239812",
        "partnerRefundNo": "r-1",
        "refundAmount": {"value": "1000.00", "currency": "IDR"},
        "refundStatus": "00",
        "refundDate": "2026-11-24T09:00:00+07:00",
    }
    return debit(latestTransactionStatus="04", additionalInfo={"refundHistory": [refund]})


def qr(**changes: Any) -> dict[str, Any]:
    """Return a notification of a payment by QRIS."""
    return {
        "originalReferenceNo": "QR-2026-000001",
        "originalPartnerReferenceNo": ORDER,
        "latestTransactionStatus": "00",
        "transactionStatusDesc": "success",
        "amount": {"value": "3500.00", "currency": "IDR"},
        "externalStoreID": "BUS-017",
        "additionalInfo": {
            "qris": [{"issuerName": "DANA", "acquirerName": "GOPAY", "transactionType": "off-us"}]
        },
    } | changes


def virtual_account(**changes: Any) -> dict[str, Any]:
    """Return a wallet's payment of a bill by its virtual account."""
    return {
        "partnerServiceId": "   88899",
        "customerNo": "3374010001000100002026",
        "virtualAccountNo": "   888993374010001000100002026",
        "virtualAccountName": "Bu Tutik",
        "trxId": None,
        "paymentRequestId": "202611230815300001",
        "paidAmount": {"value": "150000.00", "currency": "IDR"},
        "totalAmount": {"value": "150000.00", "currency": "IDR"},
        "trxDateTime": "2026-11-23T08:15:30+07:00",
        "referenceNo": "20261123081530",
        "additionalInfo": {},
    } | changes


def gobiz(**changes: Any) -> dict[str, Any]:
    """Return a notification of GoBiz; `changes` are of its transaction."""
    transaction = {
        "id": "G-2026-1",
        "order_id": ORDER,
        "gross_amount": 3500,
        "currency": "IDR",
        "payment_type": "QRIS",
        "status": "settlement",
        "created_at": "2026-11-23T08:14:01+07:00",
        "settlement_at": "2026-11-23T08:15:30+07:00",
        "terminal_label": "HALTE-07",
    } | changes
    return {
        "header": {
            "event_name": "payment.transaction.settlement",
            "event_id": "b2bff0a1-3c1f-4b0e-a7c8-2f4d6f5f9e11",
            "version": 1,
            "timestamp": "2026-11-23T01:15:31Z",
        },
        "body": {"outlet": {"id": "G999"}, "transaction": transaction},
    }


def raw(body: Any, *, indent: int | None = None) -> bytes:
    """Return a body as bytes: without a needless space, or laid out."""
    separators = (",", ":") if indent is None else None
    return json.dumps(body, ensure_ascii=False, indent=indent, separators=separators).encode()


def flips(content: bytes) -> list[bytes]:
    """Return a content with each byte changed in turn, in its lowest bit and in its highest."""
    return [
        content[:place] + bytes([content[place] ^ bit]) + content[place + 1 :]
        for place in range(len(content))
        for bit in (1, 32)
    ]


def reserialised(body: bytes) -> bytes:
    """Return the same JSON value in other bytes, as a library would write it."""
    return re.sub(rb'"(\w+)":', rb'"\1" : ', body).replace(b".00", b".0")
