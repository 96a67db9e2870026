"""Makes orders on a local cloud, lets the played provider have its way, and compares both accounts."""

import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final
from urllib.parse import urlsplit

from cli.local_cloud import port_taken
from cli.payments_access import entries_of, orders_of, token_of
from cli.provider_simulator import Played, Progress, Simulator, never_made
from cli.provider_simulator_orders import Bill, Wanted, ordered, places, wanted
from cli.screen import CannotContinue
from cli.surroundings import Surroundings
from functions.payment_webhooks.configuration import payments_of
from functions.payment_webhooks.record import Order
from shared import config
from shared.clock import WIB, now

_THREADS: Final = 8
#: Of a hundred orders, so many payments come without one, and for orders that nobody made.
_WITHOUT_ORDER_PERCENT: Final = 5
_UNKNOWN_PERCENT: Final = 1
_TRIALS: Final = 3
#: How long the queue has to be worked off after the last notification.
_SETTLES_WITHIN_S: Final = 120.0


@dataclass(frozen=True, kw_only=True)
class Simulated:
    """What was played, and what our side says of it."""

    played: Played
    truth: Mapping[str, Any]
    different: Mapping[str, str]  #: orders that are not as the provider says: how they are
    sum: int  #: rupiah, of all lines of all entries since it began: zero
    entries: int
    took_s: float

    def summary(self) -> dict[str, Any]:
        """Return it for a machine."""
        fates: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        for order_id, fate in self.played.fates.items():
            fates[fate][0] += 1
            fates[fate][1] += order_id not in self.different
        return {
            "orders": len(self.played.fates),
            "without_order": len(self.played.without_order),
            "unknown": len(self.played.unknown),
            "fates": dict(sorted(fates.items())),
            "sent": self.played.sent,
            "answers": dict(self.played.answers),
            "different": dict(self.different),
            "entries": self.entries,
            "sum": self.sum,
            "took_s": round(self.took_s, 2),
        }


def simulated(
    around: Surroundings,
    *,
    orders: int,
    duplicates: float,
    disorder: float,
    seed: int,
    keys: Mapping[str, Any],
    bills: Sequence[Bill] = (),
    progress: Progress | None = None,
    serve: bool = False,
    sleep: Callable[[float], None] = time.sleep,
) -> Simulated:
    """Play so many orders of all products, and payments without any; return what came of it.

    Raises:
        CannotContinue: the provider's port is taken, or an order was refused.
    """
    began, started_at = time.monotonic(), now()
    known = {one: payments_of(one) for one in config.jurisdiction_ids()}
    random = Random(seed)  # noqa: S311 (to be repeatable, not secret)
    simulator = Simulator(
        api_url=around.outputs.api_url,
        keys=keys,
        port=urlsplit(around.outputs.payments.provider_url).port or 0,
        seed=seed,
        duplicates=duplicates,
        disorder=disorder,
        snap_prefix=next(iter(known.values())).snap.prefix,
        http=around.http,
        progress=progress,
    )
    if port_taken(simulator.port):
        raise CannotContinue(
            f"Porta {simulator.port} sedang dipakai. / The provider's port is in use."
        )
    with simulator.serving():
        made = _made(around, list(wanted(known, random, orders, bills)), progress)
        unknown = [
            (never_made(payments.order_prefix, "BRT", random.getrandbits(200)), jurisdiction_id)
            for number in range(max(1, orders * _UNKNOWN_PERCENT // 100))
            for jurisdiction_id, payments in [sorted(known.items())[number % len(known)]]
        ]
        played = simulator.play(
            made,
            places=places(known),
            at_places=max(1, orders * _WITHOUT_ORDER_PERCENT // 100),
            unknown=unknown,
            trials=_TRIALS,
        )
        truth = played.truth()
        different = _settled(around, truth, progress, sleep)
        while serve:
            sleep(1.0)
    lines = [
        line.amount
        for jurisdiction_id in known
        for day in _days(started_at)
        for entry in entries_of(around, jurisdiction_id, day)
        for line in entry.lines
    ]
    return Simulated(
        played=played,
        truth=truth,
        different=different,
        sum=sum(lines),
        entries=len(lines),
        took_s=time.monotonic() - began,
    )


def _made(around: Surroundings, orders: Sequence[Wanted], progress: Progress | None) -> list[str]:
    """Make the orders, several at a time; return their ids in the same order."""
    tokens = {client: token_of(around, client) for client in {one.client_id for one in orders}}

    def make(order: Wanted) -> str:
        answer = ordered(around.outputs.api_url, tokens[order.client_id], order, around.http)
        return str(answer["order_id"])

    made = []
    with ThreadPoolExecutor(_THREADS) as pool:
        for order_id in pool.map(make, orders):
            made.append(order_id)
            if progress:
                progress("orders", len(made), len(orders))
    return made


def _settled(
    around: Surroundings,
    truth: Mapping[str, Any],
    progress: Progress | None,
    sleep: Callable[[float], None],
) -> dict[str, str]:
    """Wait until ours says what the provider does; return the orders of which it does not."""
    expected = {one["order_id"]: one for one in truth["orders"]}
    waiting = set(expected)
    different: dict[str, str] = {}
    deadline = time.monotonic() + _SETTLES_WITHIN_S
    while waiting and time.monotonic() < deadline:
        found = orders_of(around, sorted(waiting))
        different = {
            order_id: wrong
            for order_id in waiting
            if (wrong := differs(found.get(order_id), expected[order_id]))
        }
        waiting = set(different)
        if progress:
            progress("settling", len(expected) - len(waiting), len(expected))
        if waiting:
            sleep(1.0)
    return different


def differs(order: Order | None, told: Mapping[str, Any]) -> str | None:
    """Return how an order is not as the provider says; None if it is."""
    if order is None:
        return "missing"
    if order.status != told["expected_status"]:
        return f"{order.status}, not {told['expected_status']}"
    transaction = order.transactions.get(told["transaction_id"])
    if transaction is None:
        return "its transaction is missing"
    confirmed = {one["key"]: one["confirmed"] for one in told["refunds"]}
    ours = {key: one.confirmed for key, one in transaction.refunds.items() if not one.chargeback}
    if ours != confirmed:
        return f"refunds {ours}, not {confirmed}"
    if "again" in told and told["again"]["transaction_id"] not in order.transactions:
        return "its second payment is missing"
    return None


def _days(since: datetime) -> list[Any]:
    """Return the days (WIB) from one before an instant until now."""
    first, last = since.astimezone(WIB).date() - timedelta(days=1), now().astimezone(WIB).date()
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]
