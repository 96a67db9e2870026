"""What providers are asked, and how their answers are read. The wire is played."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any, ClassVar

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from functions.payment_webhooks import calling
from functions.payment_webhooks.calling import ProviderUnavailable
from functions.payment_webhooks.facts import NotConfirmed
from functions.payment_webhooks.keys import Unavailable
from functions.payment_webhooks.midtrans_client import MidtransClient, NotAccepted
from functions.payment_webhooks.provider_client import ProviderClient
from functions.payment_webhooks.snap_client import SnapClient
from tests.unit.payment_webhooks.orders import ORDER_ID, a_notice, an_order

NOW = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)
PAID: Mapping[str, Any] = {
    "status_code": "200",
    "transaction_status": "settlement",
    "transaction_id": "t-1",
    "order_id": ORDER_ID,
    "gross_amount": "3500.00",
}


class Wire:
    """Answers as it was told to, and remembers what it was asked."""

    def __init__(self, *answers: tuple[int, Any]) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, str, Mapping[str, str], bytes | None]] = []

    def __call__(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None
    ) -> tuple[int, bytes]:
        self.asked.append((method, url, headers, body))
        status, content = self.answers.pop(0)
        return status, content if isinstance(content, bytes) else json.dumps(content).encode()


def midtrans(wire: Wire, *keys: str) -> MidtransClient:
    return MidtransClient("https://api.test/", keys or ("key",), wire)


def test_a_status_is_asked_for_with_the_server_key_and_no_password():
    wire = Wire((200, PAID))
    assert midtrans(wire).status(ORDER_ID).status == "settlement"
    ((method, url, headers, body),) = wire.asked
    assert (method, url, body) == ("GET", f"https://api.test/v2/{ORDER_ID}/status", None)
    assert headers["Authorization"] == "Basic " + base64.b64encode(b"key:").decode()


@pytest.mark.parametrize(
    "answer", [(404, b""), (404, {"status_code": "404"}), (200, {"status_code": "404"})]
)
def test_what_midtrans_does_not_know_is_held(answer):
    with pytest.raises(NotConfirmed):
        midtrans(Wire(answer)).status(ORDER_ID)


@pytest.mark.parametrize(
    "answer",
    [
        (500, b""),
        (503, b"<html>"),
        (200, b"<html>"),
        (200, []),
        (401, b""),
        (0, b""),
        (429, {"status_code": "429"}),
        (200, {"status_code": "500", "status_message": "Sorry. Our system is recovering"}),
        (200, {"status_code": "200"}),
    ],
)
def test_an_answer_that_is_none_comes_again(answer):
    with pytest.raises(ProviderUnavailable):
        midtrans(Wire(answer)).status(ORDER_ID)


def test_a_key_that_is_not_taken_any_more_is_followed_by_the_other():
    wire = Wire((401, b""), (200, PAID))
    assert midtrans(wire, "old", "new").status(ORDER_ID).amount == 3_500
    with pytest.raises(ProviderUnavailable):
        midtrans(Wire((200, {"status_code": "401"}))).status(ORDER_ID)


def test_a_second_transaction_is_asked_for_by_its_own_id():
    wire = Wire((200, PAID), (200, {**PAID, "transaction_id": "t/2"}))
    assert midtrans(wire).status(ORDER_ID, "t/2").transaction_id == "t/2"
    assert wire.asked[1][1] == "https://api.test/v2/t%2F2/status"
    with pytest.raises(NotConfirmed):
        midtrans(Wire((200, PAID), (200, PAID))).status(ORDER_ID, "t-2")
    bare = {name: value for name, value in PAID.items() if name != "transaction_id"}
    assert midtrans(Wire((200, bare))).status(ORDER_ID, "t-1").status == "settlement"


def test_a_charge_gives_a_qr():
    actions = [{"name": "generate-qr-code", "url": "https://qr"}, "odd"]
    wire = Wire(
        (200, {**PAID, "status_code": "201", "qr_string": "0002", "actions": actions}),
        (200, {"status_code": "201", "actions": None}),
    )
    charged = midtrans(wire).charge_qris(an_order(), minutes=15, at=NOW)
    assert charged == {
        "provider": "midtrans",
        "transaction_id": "t-1",
        "qr_string": "0002",
        "qr_url": "https://qr",
    }
    asked = json.loads(wire.asked[0][3] or b"")
    assert asked["transaction_details"] == {"order_id": ORDER_ID, "gross_amount": 3_500}
    assert asked["custom_expiry"]["order_time"] == "2026-03-01 09:00:00 +0700"
    assert midtrans(wire).charge_qris(an_order(), minutes=15, at=NOW) == {"provider": "midtrans"}


def test_a_refund_that_is_refused_says_why():
    wire = Wire(
        (200, {"status_code": "200"}), (412, {"status_code": "412", "status_message": "no"})
    )
    midtrans(wire).refund(ORDER_ID, key="r", amount=1_000, reason="x")
    assert wire.asked[0][1].endswith(f"/v2/{ORDER_ID}/refund")
    with pytest.raises(NotAccepted, match="412 no"):
        midtrans(wire).refund(ORDER_ID, key="r", amount=1_000, reason="x")


# ---- BI-SNAP

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def pem(key: Any) -> str:
    written: bytes = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return written.decode()


CREDENTIALS = {
    "client_id": "client",
    "client_secret": "shh",
    "partner_id": "partner",
    "private_key": pem(KEY),
}
TOKEN = (200, {"accessToken": "token", "expiresIn": "900"})
SUCCESS = (
    200,
    {"latestTransactionStatus": "00", "transAmount": {"value": "3500.00", "currency": "IDR"}},
)


def snap(wire: Wire, clock: Any = None, **changes: str) -> SnapClient:
    return SnapClient("https://snap.test/", CREDENTIALS | changes, wire, clock or (lambda: NOW))


def test_a_query_is_signed_with_a_token_that_is_kept():
    wire = Wire(TOKEN, SUCCESS, SUCCESS, TOKEN, SUCCESS)
    at = [NOW]
    client = snap(wire, lambda: at[0])
    told = a_notice(provider="gopay")
    assert client.status(told).amount == 3_500
    assert client.status(told).status == "settlement"
    at[0] += timedelta(seconds=841)
    client.status(told)
    _, url, headers, body = wire.asked[0]
    assert url == "https://snap.test/v1.0/access-token/b2b"
    assert json.loads(body or b"") == {"grantType": "client_credentials"}
    signed = f"client|{headers['X-TIMESTAMP']}".encode()
    KEY.public_key().verify(base64.b64decode(headers["X-SIGNATURE"]), signed, PKCS1v15(), SHA256())
    method, url, headers, body = wire.asked[1]
    assert url == "https://snap.test/v1.0/debit/status"
    digest = hashlib.sha256(body or b"").hexdigest()
    text = f"{method}:/v1.0/debit/status:token:{digest}:{headers['X-TIMESTAMP']}"
    expected = hmac.new(b"shh", text.encode(), hashlib.sha512).digest()
    assert base64.b64decode(headers["X-SIGNATURE"]) == expected
    assert headers["X-EXTERNAL-ID"].isdigit()
    assert json.loads(body or b"")["originalPartnerReferenceNo"] == ORDER_ID


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ([TOKEN, (404, b"")], NotConfirmed),
        ([TOKEN, (401, b"")], ProviderUnavailable),
        ([TOKEN, (500, b"")], ProviderUnavailable),
        ([(500, b"")], ProviderUnavailable),
        ([(200, {})], ProviderUnavailable),
    ],
)
def test_a_query_without_an_answer_is_held(answers, error):
    with pytest.raises(error):
        snap(Wire(*answers)).status(a_notice(provider="qris"))


def test_a_token_that_is_not_taken_is_asked_for_anew():
    wire = Wire(TOKEN, (401, b""), (200, {"accessToken": "t", "expiresIn": "soon"}), SUCCESS)
    client = snap(wire)
    told = a_notice(provider="qris", order_ref=None)
    with pytest.raises(ProviderUnavailable):
        client.status(told)
    assert client.status(told).provider == "qris"


def test_a_key_of_another_kind_signs_nothing():
    other = pem(ec.generate_private_key(ec.SECP256R1()))
    with pytest.raises(ProviderUnavailable):
        snap(Wire(), private_key=other).status(a_notice(provider="qris"))


# ---- Both, by order and jurisdiction


def unavailable() -> Any:
    raise Unavailable


def a_client(wire: Wire, **changes: Any) -> ProviderClient:
    values: dict[str, Any] = {
        "midtrans_url": "https://api.test",
        "snap_url": "https://snap.test",
        "midtrans_keys": lambda: {"semarang": {"server_keys": ["key"]}},
        "snap_keys": lambda: {"qris": CREDENTIALS, "gopay": {"client_id": "x"}, "va": None},
        "send": wire,
        "clock": lambda: NOW,
    }
    return ProviderClient(**values | changes)


def test_each_provider_is_asked_in_its_own_way():
    client = a_client(Wire((200, PAID), TOKEN, SUCCESS, SUCCESS))
    order = an_order()
    answers = (
        client.confirmation(order, a_notice()),
        client.confirmation(order, a_notice(provider="qris")),
        client.status(an_order(provider="qris")),
    )
    assert [one.provider if one else None for one in answers] == ["midtrans", "qris", "qris"]
    for provider in ("gopay", "va", "gobiz", "marketplace:loket"):
        assert client.confirmation(order, a_notice(provider=provider)) is None
    assert a_client(Wire(), snap_url="").status(an_order(provider="qris")) is None
    assert a_client(Wire(), snap_keys=unavailable).status(an_order(provider="qris")) is None


def test_an_order_is_asked_for_by_the_providers_own_name_of_it():
    wire = Wire((200, PAID), (200, PAID))
    client = a_client(wire)
    client.status(an_order())
    client.status(an_order(details={"order_ref": "qr-7"}))
    assert [url for _, url, *_ in wire.asked] == [
        f"https://api.test/v2/{ORDER_ID}/status",
        "https://api.test/v2/qr-7/status",
    ]


@pytest.mark.parametrize("keys", [unavailable, dict, lambda: {"semarang": {}}, list])
def test_without_a_key_nobody_is_asked(keys):
    with pytest.raises(ProviderUnavailable):
        a_client(Wire(), midtrans_keys=keys).confirmation(an_order(), a_notice())


def test_a_single_key_is_one():
    wire = Wire((200, PAID))
    client = a_client(wire, midtrans_keys=lambda: {"semarang": {"server_keys": "key"}})
    assert client.confirmation(an_order(), a_notice()) is not None


def test_a_provider_that_does_not_answer_is_waited_for_once_a_batch():
    wire = Wire((503, b""), (200, PAID))
    client = a_client(wire)
    for _ in range(3):
        with pytest.raises(ProviderUnavailable):
            client.confirmation(an_order(), a_notice())
    assert len(wire.asked) == 1
    client.begin()
    assert client.confirmation(an_order(), a_notice()) is not None


# ---- The wire itself


class _Answers(BaseHTTPRequestHandler):
    asked: ClassVar[list[str]] = []
    statuses: ClassVar[list[int]] = []

    def do_GET(self) -> None:
        _Answers.asked.append(self.path)
        status = _Answers.statuses.pop(0) if _Answers.statuses else 200
        self.send_response(status)
        self.send_header("Content-Length", "2")
        self.send_header("Location", "/elsewhere")
        self.end_headers()
        self.wfile.write(b"{}")

    do_POST = do_GET  # noqa: N815 (the name that http.server calls)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(name="server")
def _server():
    server = HTTPServer(("127.0.0.1", 0), _Answers)
    Thread(target=server.serve_forever, daemon=True).start()
    _Answers.asked, _Answers.statuses = [], []
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.enable_socket
def test_what_may_pass_is_asked_once_more_and_only_where_nothing_is_done_by_it(server, monkeypatch):
    monkeypatch.setattr(calling, "_PAUSE_S", 0)
    _Answers.statuses = [503]
    assert calling.send("GET", server + "/a", {}, None) == (200, b"{}")
    _Answers.statuses = [503]
    assert calling.send("POST", server + "/b", {}, b"{}") == (503, b"{}")
    _Answers.statuses = [302]
    assert calling.send("GET", server + "/c", {}, None)[0] == 302
    _Answers.statuses = [503, 503]
    assert calling.send("GET", server + "/d", {}, None)[0] == 503
    assert _Answers.asked == ["/a", "/a", "/b", "/c", "/d", "/d"]


@pytest.mark.enable_socket
def test_nobody_there_is_no_answer(monkeypatch):
    monkeypatch.setattr(calling, "_PAUSE_S", 0)
    with pytest.raises(ProviderUnavailable):
        calling.send("GET", "http://127.0.0.1:1/", {}, None)
