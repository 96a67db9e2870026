"""Builders of orders, notices and refunds for the tests."""

from datetime import UTC, datetime
from typing import Any

from functions.payment_webhooks import accounts
from functions.payment_webhooks.notice import Notice
from functions.payment_webhooks.record import Order

CREATED = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)
PAID = datetime(2026, 3, 1, 2, 1, tzinfo=UTC)
SEEN = datetime(2026, 3, 1, 2, 2, tzinfo=UTC)
ORDER_ID = "SMG-BRT-7K3F9Q2M1XWZ4"
FARES = accounts.revenue("semarang-dishub", "4.1.02.03")


def an_order(**changes: Any) -> Order:
    values: dict[str, Any] = {
        "order_id": ORDER_ID,
        "jurisdiction_id": "semarang",
        "product": "brt-umum",
        "kind": "fare",
        "amount": 3_500,
        "credits": ((FARES, 3_500),),
        "created_at": CREATED,
    }
    return Order(**values | changes)


def a_notice(status: str = "settlement", **changes: Any) -> Notice:
    values: dict[str, Any] = {
        "provider": "midtrans",
        "transaction_id": "t-1",
        "order_ref": ORDER_ID,
        "status": status,
        "raw_status": status,
        "proven": False,
        "amount": 3_500,
        "status_code": "200",
        "paid_at": PAID,
        "channel": "qris",
    }
    return Notice(**values | changes)
