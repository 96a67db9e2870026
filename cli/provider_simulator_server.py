"""The played provider's own API: Midtrans' and BI-SNAP's operations, over HTTP on the loopback."""

import base64
import json
import re
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Final

from cli import provider_simulator_messages as messages
from cli import provider_simulator_signing as signing
from cli.provider_simulator_bank import Bank, Refused, Transaction
from cli.provider_simulator_qr import qr_of

Answer = tuple[int, dict[str, Any]]

_STATUS: Final = re.compile(r"/v2/([^/]+)/status")
_REFUND: Final = re.compile(r"/v2/([^/]+)/refund(?:/online/direct)?")
_TOKEN_LASTS: Final = timedelta(minutes=15)
#: SNAP services by path: their two digits, and the provider that answers them.
_SNAP_SERVICES: Final = {
    "/v1.0/debit/status": "55",
    "/v1.0/qr/qr-mpm-query": "51",
}


class ProviderApi:
    """What the provider answers; `keys` are those of `payments-test-keys.json`."""

    def __init__(
        self,
        bank: Bank,
        keys: Mapping[str, Any],
        now: Callable[[], datetime],
        charged: Callable[[str], None],
        refunded: Callable[[str], None],
    ) -> None:
        self._bank = bank
        self._keys = keys
        self._now = now
        self._charged, self._refunded = charged, refunded
        self._tokens: dict[str, tuple[str, datetime]] = {}

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Return a status and a body; `headers` have lower-case names."""
        try:
            if path.startswith("/v1.0/"):
                return self._snap(method, path, headers, body)
            return self._midtrans(method, path, headers, body)
        except Refused as refusal:
            return refusal.status_code, {
                "status_code": str(refusal.status_code),
                "status_message": str(refusal),
                "id": secrets.token_hex(16),
            }

    def _midtrans(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        jurisdiction_id, server_key = self._merchant(headers.get("authorization", ""))
        if method == "GET" and (asked := _STATUS.fullmatch(path)):
            found = self._bank.asked_about(asked[1])
            if found.jurisdiction_id != jurisdiction_id or found.provider not in _MIDTRANS_TOLD:
                raise Refused(404, "Transaction doesn't exist.")
            return 200, messages.midtrans_body(found, server_key)
        if method == "POST" and path == "/v2/charge":
            return self._charge(_object(body), jurisdiction_id, server_key)
        if method == "POST" and (asked := _REFUND.fullmatch(path)):
            given = _object(body)
            amount = given.get("amount") or self._bank.find(asked[1]).gross
            key = str(given.get("refund_key") or secrets.token_hex(8))
            made = self._bank.refund(asked[1], key, int(amount), self._now())
            self._refunded(made.order_id)
            refund = next(one for one in made.refunds if one.key == key)
            return 200, messages.midtrans_body(made, server_key, refunds=False) | {
                "status_code": "200",
                "status_message": "Success, refund request is approved",
                "refund_chargeback_id": refund.number,
                "refund_amount": messages.gross(refund.amount),
                "refund_key": key,
            }
        raise Refused(404, "The requested resource is not found")

    def _merchant(self, authorization: str) -> tuple[str, str]:
        """Return the jurisdiction whose server key was sent as a user's name, and that key."""
        kind, _, encoded = authorization.partition(" ")
        try:
            user, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
        except ValueError:
            user, password = "", "none"
        if kind.lower() == "basic" and not password:
            for jurisdiction_id, known in self._keys["midtrans"].items():
                if user and user in known["server_keys"]:
                    return jurisdiction_id, user
        raise Refused(401, "Unknown Merchant server_key/id")

    def _charge(self, given: Mapping[str, Any], jurisdiction_id: str, key: str) -> Answer:
        details = given.get("transaction_details")
        if not isinstance(details, Mapping):
            raise Refused(400, "transaction_details is required")
        order_id, amount = details.get("order_id"), details.get("gross_amount")
        payment_type = given.get("payment_type")
        if not isinstance(order_id, str) or not re.fullmatch(r"[A-Za-z0-9._~-]{1,50}", order_id):
            raise Refused(400, "transaction_details.order_id is invalid")
        if isinstance(amount, bool) or not isinstance(amount, int) or amount < 1:
            raise Refused(400, "transaction_details.gross_amount must be a positive integer")
        if payment_type not in _CHANNELS:
            raise Refused(400, "payment_type is not supported")
        now = self._now()
        made = self._bank.begin(
            order_id,
            jurisdiction_id=jurisdiction_id,
            channel=_CHANNELS[payment_type],
            amount=amount,
            created_at=now,
        )
        made = self._bank.move(order_id, "pending")
        self._charged(order_id)
        expiry = now + timedelta(minutes=15)
        return 201, messages.midtrans_body(made, key) | {
            "status_code": "201",
            "status_message": f"{payment_type} transaction is created",
            "expiry_time": signing.midtrans_time(expiry),
            **_how_to_pay(made),
        }

    def _snap(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        given = _object(body)
        if (method, path) == ("POST", "/v1.0/access-token/b2b"):
            return self._token(headers, given)
        service = _SNAP_SERVICES.get(path)
        if service is None:
            return _said("404", "00", "01", "Transaction Not Found")
        token = headers.get("authorization", "").removeprefix("Bearer ")
        client, until = self._tokens.get(token, ("", self._now()))
        if until <= self._now():
            return _said("401", service, "01", "Invalid Token (B2B)")
        expected = signing.snap_service(
            path,
            token,
            body,
            headers.get("x-timestamp", ""),
            self._keys["snap"][client]["client_secret"],
        )
        if not secrets.compare_digest(headers.get("x-signature", ""), expected):
            return _said("401", service, "00", "Unauthorized. [Signature]")
        reference = given.get("originalPartnerReferenceNo") or ""
        try:
            if number := given.get("originalReferenceNo"):
                found = self._bank.found_by_id(str(number))
            else:
                found = self._bank.asked_about(str(reference))
        except Refused:
            return _said("404", service, "01", "Transaction Not Found")
        tell = messages.snap_debit if service == "55" else messages.snap_qr
        told = tell(found) | {
            "originalPartnerReferenceNo": reference or found.order_id,
            "serviceCode": service,
            "transAmount": messages.snap_amount(found.gross),
        }
        return 200, told | _said("200", service, "00", "Successful")[1]

    def _token(self, headers: Mapping[str, str], given: Mapping[str, Any]) -> Answer:
        client_id, timestamp = headers.get("x-client-key", ""), headers.get("x-timestamp", "")
        for name, known in self._keys["snap"].items():
            if (
                given.get("grantType") == "client_credentials"
                and client_id == known["client_id"]
                and signing.snap_token_is_asked_for_by(
                    known["our_public_key"], client_id, timestamp, headers.get("x-signature", "")
                )
            ):
                token = secrets.token_urlsafe(24)
                self._tokens[token] = (name, self._now() + _TOKEN_LASTS)
                return 200, _said("200", "73", "00", "Successful")[1] | {
                    "accessToken": token,
                    "tokenType": "Bearer",
                    "expiresIn": "900",
                }
        return _said("401", "73", "00", "Unauthorized. [Signature]")


_CHANNELS: Final = {
    "qris": "qris",
    "gopay": "gopay",
    "bank_transfer": "va",
    "permata": "va",
    "echannel": "va",
    "credit_card": "card",
}
#: Of what Midtrans knows: its own transactions, and what its dashboard tries out.
_MIDTRANS_TOLD: Final = frozenset({"midtrans", "test"})


def _how_to_pay(transaction: Transaction) -> dict[str, Any]:
    match transaction.channel:
        case "qris":
            return {
                "qr_string": qr_of(transaction.order_id, transaction.gross),
                "acquirer": "gopay",
                "actions": [_action("generate-qr-code", f"qris/{transaction.transaction_id}")],
            }
        case "gopay":
            return {
                "qr_string": qr_of(transaction.order_id, transaction.gross),
                "actions": [
                    _action("generate-qr-code", f"gopay/{transaction.transaction_id}/qr-code"),
                    _action("deeplink-redirect", f"gopay/{transaction.transaction_id}/pay"),
                ],
            }
        case _:
            return {}


def _action(name: str, path: str) -> dict[str, str]:
    return {"name": name, "method": "GET", "url": f"https://simulator.example/v2/{path}"}


def _said(status: str, service: str, case: str, words: str) -> Answer:
    return int(status), {"responseCode": f"{status}{service}{case}", "responseMessage": words}


def _object(body: bytes) -> dict[str, Any]:
    try:
        given = json.loads(body or b"{}")
    except ValueError:
        given = None
    if not isinstance(given, dict):
        raise Refused(400, "The request could not be understood")
    return given


def listening(api: ProviderApi, host: str, port: int) -> ThreadingHTTPServer:
    """Serve the provider's API in a thread of its own until `shutdown` is called.

    A connection serves one request: kept alive, it would answer for a provider that has stopped.

    Raises:
        OSError: the port is taken.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._reply("GET")

        def do_POST(self) -> None:
            self._reply("POST")

        def _reply(self, method: str) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, told = api.answer(method, self.path.partition("?")[0], headers, body)
            raw = json.dumps(told).encode()
            self.send_response(HTTPStatus(status) if status in _KNOWN else status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_: object) -> None:
            """Say nothing: the command tells what happens."""

    server = ThreadingHTTPServer((host, port), Handler)
    server.daemon_threads = True
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    return server


_KNOWN: Final = frozenset(int(status) for status in HTTPStatus)
