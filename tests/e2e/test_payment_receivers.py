"""What providers send over HTTP: taken when it is proven, refused in their own format when not."""

import base64
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from cli.surroundings import Surroundings
from tests import signed

MIDTRANS = "/payments/notifications/midtrans"
GOBIZ = "/payments/notifications/gobiz"
SNAP = "/payments/snap"


class Provider:
    """The provider that a local cloud's keys let a test play."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self.keys = json.loads(Path(str(around.outputs.payments.test_keys)).read_text())

    def post(
        self, path: str, body: bytes, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        url = self._around.outputs.api_url.rstrip("/") + path
        sent = {"Content-Type": "application/json", **(headers or {})}
        return self._around.http.post(url, content=body, headers=sent)

    def midtrans(self, **changes: Any) -> bytes:
        (key, *_) = self.keys["midtrans"]["semarang"]["server_keys"]
        # A trial: verified like any other, and posted nowhere.
        trial = {"order_id": "payment_notif_test_G000000000_e2e"} | changes
        return signed.raw(signed.midtrans(key, **trial))

    def snap(self, path: str, body: bytes, partner: str) -> dict[str, str]:
        pem = self.keys["snap"][partner]["private_key_of_provider"]
        key = load_pem_private_key(pem.encode(), None)
        assert isinstance(key, rsa.RSAPrivateKey)
        text = f"POST:{path}:{hashlib.sha256(body).hexdigest()}:{signed.TIMESTAMP}"
        signature = key.sign(text.encode(), padding.PKCS1v15(), SHA256())
        return {
            "X-TIMESTAMP": signed.TIMESTAMP,
            "X-SIGNATURE": base64.b64encode(signature).decode(),
            "X-PARTNER-ID": partner,
            "X-EXTERNAL-ID": "41807553358950093184162180797837",
        }


@pytest.fixture(scope="module")
def provider(surroundings: Surroundings) -> Provider:
    return Provider(surroundings)


def test_midtrans_is_taken_and_taken_again(provider: Provider) -> None:
    body = provider.midtrans()
    for _ in range(2):
        answer = provider.post(MIDTRANS, body)
        assert (answer.status_code, answer.json()["status_code"]) == (200, "200")


def test_midtrans_is_refused_for_one_changed_byte(provider: Provider) -> None:
    body = provider.midtrans()
    for changed in (
        body.replace(b'"3500.00"', b'"3500.01"'),
        provider.midtrans(signature_key="0" * 128),
        provider.midtrans(signature_key=""),
        body[:-1],
        b"",
        b"\xff\xfe\x00",
        b"[]",
    ):
        answer = provider.post(MIDTRANS, changed)
        assert (answer.status_code, answer.json()["status_code"]) == (400, "400")


#: A status that moves no money, so that nothing is posted anywhere.
EXPIRED = {"latestTransactionStatus": "08", "originalPartnerReferenceNo": "SMG-BRT-0000000000000"}


@pytest.mark.parametrize(
    ("path", "body", "partner", "code"),
    [
        (signed.DEBIT_PATH, signed.debit(**EXPIRED), "gopay", "2005600"),
        (signed.QR_PATH, signed.qr(**EXPIRED), "qris", "2005200"),
    ],
)
@pytest.mark.parametrize("prefix", ["", SNAP, "/v1" + SNAP])
@pytest.mark.parametrize("indent", [None, 2])
def test_snap_is_taken_by_each_registered_path_laid_out_or_not(
    provider: Provider,
    path: str,
    body: Any,
    partner: str,
    code: str,
    prefix: str,
    indent: int | None,
) -> None:
    headers = provider.snap(prefix + path, signed.raw(body), partner)
    answer = provider.post(SNAP + path, signed.raw(body, indent=indent), headers)
    assert (answer.status_code, answer.json()["responseCode"]) == (200, code)
    assert answer.headers["X-TIMESTAMP"].endswith("+07:00")


def test_a_virtual_account_is_answered_with_what_was_sent(provider: Provider) -> None:
    sent = signed.virtual_account(paidAmount={"value": "1.00", "currency": "IDR"})
    path = "/v1.0/transfer-va/payment-reversal"
    headers = provider.snap(path, signed.raw(sent), "va")
    answer = provider.post(SNAP + path, signed.raw(sent), headers)
    assert (answer.status_code, answer.json()["responseCode"]) == (200, "2002500")
    data = answer.json()["virtualAccountData"]
    assert data["virtualAccountNo"] == sent["virtualAccountNo"]
    assert data["partnerServiceId"] == sent["partnerServiceId"]


def test_snap_is_refused_with_its_codes(provider: Provider) -> None:
    body = signed.raw(signed.qr(**EXPIRED))
    genuine = provider.snap(signed.QR_PATH, body, "qris")
    unsigned = {name: value for name, value in genuine.items() if name != "X-SIGNATURE"}
    no_time = {name: value for name, value in genuine.items() if name != "X-TIMESTAMP"}
    for content, headers, code in (
        (body, unsigned, "4015200"),
        (body, genuine | {"X-SIGNATURE": "AAAA"}, "4015200"),
        (body.replace(b"3500.00", b"3500.0"), genuine, "4015200"),
        (body, no_time, "4005202"),
        (body, genuine | {"X-TIMESTAMP": "2026-11-23"}, "4005201"),
        (b"{}", provider.snap(signed.QR_PATH, b"{}", "qris"), "4005202"),
        (b"[]", provider.snap(signed.QR_PATH, b"[]", "qris"), "4005200"),
        (body + b" " * 65_536, genuine, "4135200"),
    ):
        answer = provider.post(SNAP + signed.QR_PATH, content, headers)
        assert answer.json()["responseCode"] == code
        assert answer.status_code == int(code[:3])
        assert answer.headers["X-TIMESTAMP"]


def test_gobiz_is_taken_with_its_header_in_any_case_and_refused_without(provider: Provider) -> None:
    body = signed.raw(signed.gobiz(status="expire", order_id="SMG-BRT-0000000000000"))
    (secret, *_) = provider.keys["gobiz"]["secrets"]
    signature = signed.gobiz_signature(body, secret)
    for name in ("X-Go-Signature", "x-go-signature"):
        answer = provider.post(GOBIZ, body, {name: signature})
        assert (answer.status_code, answer.json()) == (200, {"success": True})
    for headers in ({}, {"X-Go-Signature": signature[::-1]}):
        answer = provider.post(GOBIZ, body, headers)
        assert (answer.status_code, answer.json()["success"]) == (401, False)
