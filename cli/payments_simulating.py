"""Makes orders on a local cloud, lets the played provider have its way, and compares both accounts."""

import time
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final
from urllib.parse import urlsplit

from cli.local_cloud import port_taken
from cli.payments_access import entries_of, token_of
from cli.payments_comparing import name_of, settled
from cli.provider_simulator import Progress, Simulator, never_made
from cli.provider_simulator_marketplace import articles, sales, waves
from cli.provider_simulator_orders import Bill, Wanted, ordered, places, wanted
from cli.provider_simulator_played import Played
from cli.provider_simulator_wallet import CannotBePaid, Payment, Wallet, drawn, services
from cli.screen import CannotContinue
from cli.surroundings import Surroundings
from functions.payment_webhooks.configuration import Payments, payments_of
from shared import config
from shared.clock import WIB, now

_THREADS: Final = 8
#: Of a hundred orders, so many payments come without one, and for orders that nobody made.
_WITHOUT_ORDER_PERCENT: Final = 5
_UNKNOWN_PERCENT: Final = 1
_TRIALS: Final = 3
#: Of a hundred, so many are marketplaces' sales, and so many are bills that are paid in a wallet;
#: of four bills, one is.
_ELSEWHERE_PERCENT: Final = 5
_BILLS_TO_ONE_IN_A_WALLET: Final = 4


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
        for part in ("orders", "marketplace", "wallet"):
            for told in self.truth[part]:
                fates[told["fate"]][0] += 1
                fates[told["fate"]][1] += name_of(told) not in self.different
        return {
            "orders": len(self.truth["orders"]),
            "marketplace": len(self.truth["marketplace"]),
            "wallet": len(self.truth["wallet"]),
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

    A few of the orders are marketplaces' sales, and tax bills that a wallet asks about and pays.

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
    few = orders * _ELSEWHERE_PERCENT // 100
    sold = list(sales(articles(known, _holidays), few, random, now))
    asked = _asked(simulator, known, bills[::_BILLS_TO_ONE_IN_A_WALLET][:few], random)
    paid_here = [bill for bill in bills if bill not in {one.bill for _, one in asked}]
    rest = orders - len(sold) - len(asked)
    with simulator.serving():
        made = _made(around, list(wanted(known, random, rest, paid_here)), progress)
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
            others=[
                *(waves(one, _secret(keys, one.article.partner), now) for one in sold),
                *(wallet.waves(one) for wallet, one in asked),
            ],
        )
        truth = played.truth() | {
            "marketplace": [one.truth() for one in sold],
            "wallet": [one.truth() for _, one in asked],
        }
        different = settled(around, truth, progress, sleep)
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


def _asked(
    simulator: Simulator, known: Mapping[str, Payments], bills: Sequence[Bill], random: Random
) -> list[tuple[Wallet, Payment]]:
    """Have wallets ask what is owed for bills, several at a time.

    Raises:
        CannotContinue: a bill cannot be paid.
    """
    wallets = [
        Wallet(
            service=one,
            sender=simulator.snap_sender(one.partner),
            now=simulator.clock,
            seed=simulator.seed,
        )
        for one in services(known)
    ]
    chosen = [(bill, drawn(random)) for bill in bills] if wallets else []

    def ask(number: int) -> tuple[Wallet, Payment]:
        wallet = wallets[number % len(wallets)]
        return wallet, wallet.asked_for(*chosen[number], simulator.ask)

    try:
        with ThreadPoolExecutor(_THREADS) as pool:
            return list(pool.map(ask, range(len(chosen))))
    except CannotBePaid as error:
        raise CannotContinue(
            f"Tagihan ini tidak dapat dibayar / this bill cannot be paid: {error}"
        ) from None


def _holidays(jurisdiction_id: str) -> Collection[str]:
    return config.load(jurisdiction_id).holidays


def _secret(keys: Mapping[str, Any], partner: str) -> str:
    return str(keys["marketplaces"][partner]["secrets"][0])


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


def _days(since: datetime) -> list[Any]:
    """Return the days (WIB) from one before an instant until now."""
    first, last = since.astimezone(WIB).date() - timedelta(days=1), now().astimezone(WIB).date()
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]
