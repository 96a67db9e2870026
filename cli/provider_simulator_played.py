"""What was simulated: the truth that ours is compared with."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cli.provider_simulator_bank import Transaction
from cli.provider_simulator_fates import FATES
from shared.clock import to_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What was simulated: the bank's transactions, each order's fate, and what was told."""

    seed: int
    transactions: tuple[Transaction, ...]
    fates: Mapping[str, str]  #: of orders that the merchant made
    without_order: Mapping[str, str]  #: the product of payments to a QR that stands still
    unknown: tuple[str, ...]
    trials: tuple[str, ...]
    sent: int
    answers: Mapping[str, int]
    took_s: float

    def truth(self) -> dict[str, Any]:
        """Return all of it, for a file: what the provider knows, and what ours should then say."""
        by_order = {one.order_id: one for one in self.transactions}
        return {
            "seed": self.seed,
            "orders": [
                _told(by_order[order_id])
                | {"fate": fate, "expected_status": FATES[fate][1]}
                | (
                    {"again": _told(second)}
                    if (second := by_order.get(f"{order_id}/again"))
                    else {}
                )
                for order_id, fate in self.fates.items()
            ],
            "without_order": [
                _told(by_order[order_id]) | {"product": product}
                for order_id, product in self.without_order.items()
            ],
            "unknown": [_told(by_order[order_id]) for order_id in self.unknown],
            "trials": list(self.trials),
            "sent": self.sent,
            "answers": dict(self.answers),
            "took_s": round(self.took_s, 2),
        }


def _told(one: Transaction) -> dict[str, Any]:
    return {
        "order_id": one.order_id,
        "transaction_id": one.transaction_id,
        "jurisdiction_id": one.jurisdiction_id,
        "provider": one.provider,
        "channel": one.channel,
        "amount": one.amount,
        "gross": one.gross,
        "status": one.status,
        "history": list(one.history),
        "created_at": to_text(one.created_at),
        "paid_at": to_text(one.paid_at) if one.paid_at else None,
        "refunds": [
            {"key": refund.key, "amount": refund.amount, "confirmed": bool(refund.confirmed_at)}
            for refund in one.refunds
        ],
        "place": dict(one.place),
    }
