"""Our signatures beside those of Midtrans' own client for Node, and of Node's cryptography."""

import json
import os
import random
import subprocess
from pathlib import Path
from typing import Any

import pytest

from functions.payment_webhooks.providers import gobiz, midtrans, snap
from tests import signed
from tests.pure_coverage import ROOT

JUDGE = Path(__file__).with_name("judge.js")

pytestmark = pytest.mark.skipif(
    not (ROOT / "node_modules" / "midtrans-client").exists(),
    reason="midtrans-client is not installed; run make setup",
)


def judged(cases: list[dict[str, Any]]) -> list[Any]:
    """Return the judge's answer to each case."""
    done = subprocess.run(
        ["node", str(JUDGE)],
        input=json.dumps(cases),
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "NODE_PATH": str(ROOT / "node_modules")},
    )
    assert done.returncode == 0, done.stderr
    answers: list[Any] = json.loads(done.stdout)
    assert len(answers) == len(cases)
    return answers


def test_midtrans_signatures_are_those_of_its_document():
    chance = random.Random(5)
    cases = [
        {
            "order_id": f"SMG-BRT-{chance.randrange(10**12):013d}",
            "status_code": chance.choice(["200", "201", "202", "407"]),
            "gross_amount": f"{chance.randrange(1, 10**9)}.00",
            "server_key": f"SB-Mid-server-{chance.randbytes(9).hex()}é",
        }
        for _ in range(50)
    ]
    ours = [midtrans.signature_key(**case) for case in cases]
    assert judged([{"judge": "midtrans", **case} for case in cases]) == ours


BODIES = [
    signed.qr(),
    signed.debit(),
    signed.virtual_account(virtualAccountName='Bu "Tutik" \\ é 🙏'),
    signed.debit(additionalInfo={"refundHistory": [], "metadata": {"a": [1, {"b": None}]}}),
]


def a_case(body: bytes, path: str = signed.DEBIT_PATH, **changes: Any) -> dict[str, Any]:
    signature = signed.snap_signature(path, signed.raw(json.loads(body)))
    return {
        "body": body.decode(),
        "path": path,
        "timestamp": signed.TIMESTAMP,
        "signature": signature,
        "public_key": signed.public_pem(),
    } | changes


def test_what_midtrans_own_client_verifies_is_verified_and_nothing_else():
    cases = []
    for body in BODIES:
        for indent in (None, 2):
            written = signed.raw(body, indent=indent)
            cases += [
                a_case(written),
                a_case(written, path=signed.QR_PATH),
                a_case(written, path="/other", signature=a_case(written)["signature"]),
                a_case(written, timestamp="2026-11-23T08:15:31+07:00"),
                a_case(written, public_key=signed.public_pem(1)),
                a_case(written, signature=signed.snap_signature(signed.DEBIT_PATH, b"{}")),
            ]
    theirs = judged([{"judge": "verify", **case} for case in cases])
    ours = [
        snap.verify(
            method="POST",
            path=case["path"],
            body=case["body"].encode(),
            timestamp=case["timestamp"],
            signature=case["signature"],
            public_key_pem=case["public_key"],
        )
        for case in cases
    ]
    assert ours == theirs
    assert ours == [True, True, False, False, False, False] * (2 * len(BODIES))


def test_requests_of_ours_are_signed_as_midtrans_own_client_signs_them():
    cases = [
        {
            "body": signed.raw(body, indent=indent).decode(),
            "method": method,
            "path": path,
            "access_token": "eyJhbGciOiJSUzI1NiJ9.e30.x",
            "timestamp": signed.TIMESTAMP,
            "client_secret": "a secret é",
        }
        for body in BODIES
        for indent in (None, 4)
        for method, path in (("POST", "/v1.0/qr/qr-mpm-query"), ("post", "/v1.0/debit/refund"))
    ]
    ours = [
        snap.sign_symmetric(**{**case, "body": case["body"].encode()})  # type: ignore[arg-type]
        for case in cases
    ]
    assert judged([{"judge": "sign", **case} for case in cases]) == ours


def test_gobiz_signatures_are_those_of_another_implementation():
    body = signed.raw(signed.gobiz(terminal_label="Halte é"))
    (theirs,) = judged([{"judge": "gobiz", "body": body.decode(), "secret": "a secret é"}])
    assert gobiz.verify(body=body, signature=theirs, secret="a secret é")
