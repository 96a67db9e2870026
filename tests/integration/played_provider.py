"""A provider at the end of the client's wire, and notifications as the queue brings them."""

import base64
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest

from functions.payment_webhooks import (
    every_hour,
    on_notification,
    provider_client,
    surroundings,
)
from functions.payment_webhooks.provider_client import ProviderClient
from shared.dynamo import from_item
from tests.aws_double import LEDGER, items

ORDER_ID = "SMG-BRT-7K3F9Q2M1XWZ4"
TRANSACTION_ID = "b3a40d40-7f2e-4d5b-8a57-5b0a3f6b8f11"


def a_body(status: str = "settlement", **changes: Any) -> dict[str, Any]:
    """Return what Midtrans tells of a payment, and answers when it is asked."""
    codes = {"pending": "201", "deny": "202", "expire": "407"}
    body = {
        "transaction_time": "2026-03-01 09:00:00",
        "transaction_status": status,
        "transaction_id": TRANSACTION_ID,
        "status_code": codes.get(status, "200"),
        "payment_type": "qris",
        "order_id": ORDER_ID,
        "gross_amount": "3500.00",
        "currency": "IDR",
        "fraud_status": "accept",
        "a_field_of_tomorrow": {"x": [1]},
    }
    if status not in codes:
        body["settlement_time"] = "2026-03-01 09:01:00"
    return {name: value for name, value in (body | changes).items() if value is not None}


def a_refund(key: str, amount: int, *, confirmed: bool = False) -> dict[str, Any]:
    refund = {
        "refund_key": key,
        "refund_amount": f"{amount}.00",
        "created_at": "2026-03-01 10:00:00",
    }
    return refund | ({"bank_confirmed_at": "2026-03-01 11:00:00"} if confirmed else {})


def a_message(body: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    raw = json.dumps(body).encode()
    return {
        "type": "payment_notification.v1",
        "notification_id": f"20260301T0201-{abs(hash(raw)):016x}"[:30],
        "provider": "midtrans",
        "path": "/payments/notifications/midtrans",
        "body": base64.b64encode(raw).decode(),
        "content_type": "application/json",
        "received_at": "2026-03-01T02:01:00.000Z",
        "jurisdiction_id": "semarang",
    } | changes


def a_batch(*messages: Any) -> dict[str, Any]:
    return {
        "Records": [
            {
                "messageId": str(number),
                "receiptHandle": str(number),
                "attributes": {"ApproximateReceiveCount": "1"},
                "body": message if isinstance(message, str) else json.dumps(message),
            }
            for number, message in enumerate(messages)
        ]
    }


class Provider:
    """What the provider answers: bodies by order id or transaction id, or an HTTP status."""

    def __init__(self) -> None:
        self.known: dict[str, Any] = {}
        self.asked: list[str] = []
        self.fails: list[Exception | int] = []

    def knows(self, body: Mapping[str, Any]) -> None:
        self.known[body["order_id"]] = self.known[body["transaction_id"]] = body

    def send(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None
    ) -> tuple[int, bytes]:
        assert headers["Authorization"] == "Basic " + base64.b64encode(b"key:").decode()
        self.asked.append(f"{method} {url}")
        if self.fails:
            failure = self.fails.pop(0)
            if isinstance(failure, Exception):
                raise failure
            return failure, b"<html>"
        found = self.known.get(url.removesuffix("/status").rsplit("/", 1)[-1])
        if found is None:
            return 200, b'{"status_code":"404","status_message":"Transaction doesn\'t exist."}'
        return 200, json.dumps(found).encode()


@contextmanager
def played() -> Iterator[Provider]:
    """Put a provider at the end of a fresh container's wire."""
    provider = Provider()

    def client() -> ProviderClient:
        return ProviderClient(
            midtrans_url="https://midtrans.test",
            snap_url="",
            midtrans_keys=lambda: {"semarang": {"server_keys": ["key"]}},
            snap_keys=dict,
            send=provider.send,
        )

    with pytest.MonkeyPatch.context() as patch:
        made = client()
        for module in (provider_client, surroundings, on_notification):
            patch.setattr(module, "provider_client", lambda: made)
        forget()
        yield provider
    forget()


def forget() -> None:
    """Let the container be a new one."""
    for remembered in (
        surroundings.payment_store,
        surroundings.surroundings,
        on_notification.checking,
    ):
        remembered.cache_clear()


class Context:
    """A function with time left, until it has none."""

    def __init__(self, left_ms: int = 600_000) -> None:
        self._left_ms = left_ms

    def get_remaining_time_in_millis(self) -> int:
        return self._left_ms


def deliver(*messages: Any) -> list[str]:
    """Give the consumer a batch; return the messages that failed."""
    answer = on_notification.handler(a_batch(*messages), None)
    return [one["itemIdentifier"] for one in answer["batchItemFailures"]]


def sweep() -> dict[str, int]:
    return every_hour.handler({}, Context())


def the_order(order_id: str = ORDER_ID) -> Any:
    order = surroundings.payment_store().get(order_id)
    assert order is not None
    return order


def entries() -> list[dict[str, Any]]:
    return [from_item(one) for one in items(LEDGER)]


def kinds() -> list[str]:
    return sorted(one["kind"] for one in entries())


def balances() -> dict[str, int]:
    """Return what is on each account."""
    total: dict[str, int] = {}
    for one in entries():
        assert sum(line["amount"] for line in one["lines"]) == 0
        for line in one["lines"]:
            total[line["account"]] = total.get(line["account"], 0) + line["amount"]
    return {account: amount for account, amount in total.items() if amount}
