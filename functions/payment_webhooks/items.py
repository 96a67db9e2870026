"""Orders as the values of DynamoDB items, and back."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, Final

from functions.payment_webhooks.record import (
    ORDER,
    Bill,
    Order,
    OrderStatus,
    PaidTransaction,
    Refund,
)
from shared.clock import WIB, from_text, to_text

RECORD: Final = "ORDER"  #: sort key of an order
#: Partitions of the stale, and of a jurisdiction's day.
STALE_SHARDS: Final = 4
DAY_SHARDS: Final = 4


def partition(order_id: str) -> str:
    """Return an order's partition, which its claims share."""
    return f"O#{order_id}"


def shard_of(order_id: str) -> int:
    """Return the shard (0 to 3) of an order."""
    return hashlib.sha256(order_id.encode()).digest()[0] % STALE_SHARDS


def stale_partition(shard: int) -> str:
    """Return the partition of the index `by_stale`."""
    return f"P#{shard}"


def day_partition(jurisdiction_id: str, day: date | str, shard: int) -> str:
    """Return the partition of the index `by_day`: of orders created on a day (WIB)."""
    return f"{jurisdiction_id}#{day}#{shard}"


def order_values(order: Order) -> dict[str, Any]:
    """Return an order as plain values of its item; None means absent."""
    shard = shard_of(order.order_id)
    created_on = order.created_at.astimezone(WIB).date()
    return {
        "pk": partition(order.order_id),
        "sk": RECORD,
        "order_id": order.order_id,
        "jurisdiction_id": order.jurisdiction_id,
        "product": order.product,
        "kind": order.kind,
        "site": order.site,
        "amount": order.amount,
        "credits": [[account, amount] for account, amount in order.credits],
        "quantity": order.quantity,
        "status": str(order.status),
        "provider": order.provider,
        "created_at": to_text(order.created_at),
        "expires_at": _text(order.expires_at),
        "version": order.version,
        "paid_amount": order.paid_amount,
        "refunded_amount": order.refunded_amount,
        "transactions": {key: _transaction(one) for key, one in order.transactions.items()},
        "charge": dict(order.charge) if order.charge is not None else None,
        "bill": asdict(order.bill) if order.bill else None,
        "receipt_number": order.receipt_number,
        "redeemed": dict(order.redeemed),
        "revoked": order.revoked or None,
        "origin": order.origin,
        "held_reason": order.held_reason,
        "closed": order.closed or None,
        "stale_shard": stale_partition(shard) if order.stale_at else None,
        "stale_at": _text(order.stale_at),
        "day_shard": day_partition(order.jurisdiction_id, created_on, shard),
        "key_hash": order.key_hash,
        "fingerprint": order.fingerprint,
        "created_by": order.created_by,
        "details": dict(order.details) or None,
    }


def order_from(values: Mapping[str, Any]) -> Order:
    """Return the order that an item holds."""
    return Order(
        order_id=values["order_id"],
        jurisdiction_id=values["jurisdiction_id"],
        product=values["product"],
        kind=values["kind"],
        site=values.get("site"),
        amount=values["amount"],
        credits=tuple((account, amount) for account, amount in values["credits"]),
        quantity=values["quantity"],
        status=OrderStatus(values["status"]),
        provider=values.get("provider"),
        created_at=from_text(values["created_at"]),
        expires_at=_instant(values.get("expires_at")),
        version=values["version"],
        paid_amount=values["paid_amount"],
        refunded_amount=values["refunded_amount"],
        transactions={key: _transaction_from(one) for key, one in values["transactions"].items()},
        charge=values.get("charge"),
        bill=Bill(**values["bill"]) if values.get("bill") else None,
        receipt_number=values.get("receipt_number"),
        redeemed=values.get("redeemed") or {},
        revoked=values.get("revoked", False),
        origin=values.get("origin", ORDER),
        held_reason=values.get("held_reason"),
        closed=values.get("closed", False),
        stale_at=_instant(values.get("stale_at")),
        key_hash=values.get("key_hash"),
        fingerprint=values.get("fingerprint"),
        created_by=values.get("created_by"),
        details=values.get("details") or {},
    )


def _transaction(one: PaidTransaction) -> dict[str, Any]:
    return _present(
        {
            "provider": one.provider,
            "status": one.status,
            "amount": one.amount,
            "charged": one.charged,
            "paid_at": _text(one.paid_at),
            "mdr": one.mdr or None,
            "channel": one.channel,
            "facts": list(one.facts),
            "confirmed": list(one.confirmed),
            "refunds": {key: _refund(refund) for key, refund in one.refunds.items()} or None,
        }
    )


def _transaction_from(values: Mapping[str, Any]) -> PaidTransaction:
    refunds = values.get("refunds") or {}
    return PaidTransaction(
        provider=values["provider"],
        status=values["status"],
        amount=values.get("amount"),
        charged=values.get("charged"),
        paid_at=_instant(values.get("paid_at")),
        mdr=values.get("mdr", 0),
        channel=values.get("channel"),
        facts=tuple(values["facts"]),
        confirmed=tuple(values["confirmed"]),
        refunds={key: _refund_from(refund) for key, refund in refunds.items()},
    )


def _refund(one: Refund) -> dict[str, Any]:
    return _present(
        {
            "amount": one.amount,
            "confirmed": one.confirmed or None,
            "at": _text(one.at),
            "excess": one.excess or None,
            "chargeback": one.chargeback or None,
        }
    )


def _refund_from(values: Mapping[str, Any]) -> Refund:
    return Refund(
        amount=values["amount"],
        confirmed=values.get("confirmed", False),
        at=_instant(values.get("at")),
        excess=values.get("excess", False),
        chargeback=values.get("chargeback", False),
    )


def _present(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _text(instant: datetime | None) -> str | None:
    return to_text(instant) if instant else None


def _instant(text: str | None) -> datetime | None:
    return from_text(text) if text else None
