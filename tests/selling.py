"""A shop's surroundings for tests: sellers, gates, a provider that charges, secrets, and payments."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from functions.payment_webhooks import posting, states
from functions.payment_webhooks.notice import Notice, RefundNotice
from functions.payment_webhooks.orders import api
from functions.payment_webhooks.orders.store import OrderDesk
from functions.payment_webhooks.processing import Bill
from functions.payment_webhooks.provider_client import ProviderClient
from functions.payment_webhooks.record import Order
from functions.payment_webhooks.store import PaymentStore
from shared import aws
from tests import signed
from tests.aws_double import ENVIRONMENT, LEDGER, PAYMENTS
from tests.builders import CONTEXT, officer_claims

#: A Monday, 13:00 WIB.
NOON = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
SELLER, BUS_APP, GATE, OTHER_GATE = "cl-seller", "cl-app", "cl-gate", "cl-gate-2"
CLIENTS = {
    SELLER: "payments:semarang:semarang-loket",
    BUS_APP: "payments:semarang:semarang-aplikasi-brt",
    GATE: "payments:semarang:semarang-gerbang-sam-poo-kong",
    OTHER_GATE: "payments:semarang:semarang-gerbang-goa-kreo",
    "cl-jateng": "payments:jateng:jateng-loket",
    "cl-gone": "payments:semarang:semarang-gone",
}
MARKET_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
TICKET_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
SECRETS: Mapping[str, Any] = {
    "midtrans": {"semarang": {"server_keys": [signed.SERVER_KEY]}},
    "snap": {"va": {"public_keys": [signed.public_pem()]}},
    "marketplaces": {"loket": {"secrets": [MARKET_SECRET]}},
    "tickets": {
        "keys": [
            {
                "kid": "k1",
                "private": TICKET_KEY.private_bytes(
                    Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
                ).decode(),
            }
        ]
    },
}


@dataclass
class Provider:
    """Answers as Midtrans does; keeps what it was asked."""

    asked: list[tuple[str, str, Any]] = field(default_factory=list)
    answers: list[Any] = field(default_factory=list)  #: before the usual ones

    def send(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None
    ) -> tuple[int, bytes]:
        given = json.loads(body) if body else None
        self.asked.append((method, url, given))
        if self.answers:
            answer = self.answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return 200, json.dumps(answer).encode()
        return 200, json.dumps(self._usual(url, given)).encode()

    @staticmethod
    def _usual(url: str, given: Any) -> dict[str, Any]:
        if url.endswith("/refund"):
            return {"status_code": "200", "refund_key": given["refund_key"]}
        order_id = given["transaction_details"]["order_id"]
        return {
            "status_code": "201",
            "transaction_id": f"tx-{order_id}",
            "qr_string": f"00020101021226...{order_id}",
        }


def client_of(provider: Provider) -> ProviderClient:
    """Return the client of a provider that is played here."""
    return ProviderClient(
        midtrans_url="https://midtrans.test",
        snap_url="",
        midtrans_keys=lambda: SECRETS["midtrans"],
        snap_keys=dict,
        send=provider.send,
        clock=lambda: NOON,
    )


def open_shop() -> None:
    """Put secrets and machine clients where the functions look for them."""
    prefix = ENVIRONMENT["PAYMENTS_SECRETS_PREFIX"]
    secrets = aws._client("secretsmanager")
    for name, value in SECRETS.items():
        secrets.create_secret(Name=prefix + name, SecretString=json.dumps(value))
    secrets.create_secret(Name=prefix + "order-id", SecretString="an order id secret")
    for client_id, whose in CLIENTS.items():
        name = ENVIRONMENT["CLIENTS_PARAMETER_PREFIX"] + client_id
        aws._client("ssm").put_parameter(Name=name, Value=whose, Type="String")


def machine(client_id: str, scope: str = "orders/write") -> dict[str, Any]:
    """Return the claims of a machine client's token."""
    return {"client_id": client_id, "scope": scope, "sub": client_id}


TREASURER = officer_claims("treasurer:semarang")


def call(
    method: str,
    path: str,
    body: Any = None,
    *,
    claims: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
    query: Mapping[str, str] | None = None,
) -> tuple[int, Any, dict[str, str]]:
    """Call the API of orders and return status, body and headers."""
    given = {**(headers or {})}
    event = {
        "resource": path,
        "path": path,
        "httpMethod": method,
        "headers": given,
        "multiValueHeaders": {name: [value] for name, value in given.items()},
        "queryStringParameters": dict(query or {}) or None,
        "multiValueQueryStringParameters": {k: [v] for k, v in (query or {}).items()} or None,
        "pathParameters": None,
        "stageVariables": None,
        "body": body if body is None or isinstance(body, str) else json.dumps(body),
        "isBase64Encoded": False,
        "requestContext": {
            "resourcePath": path,
            "httpMethod": method,
            "path": f"/v1{path}",
            "stage": "v1",
            "requestId": str(uuid4()),
            **({"authorizer": {"claims": dict(claims)}} if claims is not None else {}),
        },
    }
    answer = api.handler(event, CONTEXT)
    found = {name: values[-1] for name, values in answer["multiValueHeaders"].items()}
    text = answer["body"]
    return int(answer["statusCode"]), json.loads(text) if text else None, found


def ordered(claims: Mapping[str, Any] | None = None, **body: Any) -> dict[str, Any]:
    """Order something as a seller and return the order."""
    status, order, _ = call(
        "POST",
        "/orders",
        {"product": "brt", **body},
        claims=claims or machine(SELLER),
        headers={"Idempotency-Key": str(uuid4())},
    )
    assert status == 201, order
    assert isinstance(order, dict)
    return order


def the_order(order_id: str) -> Order:
    """Return an order as it is stored."""
    order = OrderDesk(PAYMENTS).order(order_id, consistent=True)
    assert order is not None
    return order


def tell(order_id: str, status: str = "settlement", **changes: Any) -> Order:
    """Let the provider tell of an order's payment, and return what became of the order."""
    before = the_order(order_id)
    notice = Notice(
        provider="midtrans",
        transaction_id=f"tx-{order_id}",
        order_ref=order_id,
        status=status,
        raw_status=status,
        proven=False,
        amount=before.amount,
        status_code="200",
        paid_at=NOON,
        channel="qris",
        **changes,
    )
    done = states.settle(before, notice, notice, fee=lambda _: 0, at=NOON)
    entries = posting.entries(before, done.after, NOON)
    bill = Bill.CLAIM if before.bill and status == "settlement" else Bill.LEAVE
    PaymentStore(PAYMENTS, LEDGER).settle(
        done, entries, notification_id=str(uuid4()), at=NOON, bill=bill
    )
    return done.after


def tell_refund(order_id: str, key: str, amount: int) -> Order:
    """Let the provider tell of a refund that the bank carried out."""
    refund = RefundNotice(key=key, amount=amount, confirmed=True, at=NOON)
    order = the_order(order_id)
    whole = order.refunded_amount + amount == order.amount
    return tell(order_id, "refund" if whole else "partial_refund", refunds=(refund,))
