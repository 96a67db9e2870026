"""Plays a payment provider: lets orders be paid, tells of them as badly as a network does, keeps the truth."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any, Final

import httpx

from cli import provider_simulator_fates as fates
from cli.provider_simulator_bank import Bank
from cli.provider_simulator_fates import FATES, Place, Stage
from cli.provider_simulator_messages import Message, SnapSender
from cli.provider_simulator_played import Played
from cli.provider_simulator_server import ProviderApi, listening
from shared.clock import now
from shared.ids import complaint_numbers

HOST: Final = "127.0.0.1"
#: How often a notification is sent again by the answer's status; Midtrans, but for its delays.
_AGAIN: Final[Mapping[int, int]] = {500: 1, 400: 2, 404: 2, 503: 4, 301: 0, 302: 0, 303: 0}
_AGAIN_OTHERWISE: Final = 5
_AGAIN_AFTER_S: Final = 0.3
_THREADS: Final = 8
#: How long the second wave waits for the merchant to ask about the first.
_ASKED_WITHIN_S: Final = 60.0

#: Counts what is done of a step: called with the step, how much, and of how much.
Progress = Callable[[str, int, int], None]


@dataclass(kw_only=True)
class Simulator:
    """A provider beside one merchant's API. `keys` are those of `payments-test-keys.json`."""

    api_url: str
    keys: Mapping[str, Any]
    port: int
    seed: int = 1
    duplicates: float = 0.2
    disorder: float = 0.1
    snap_prefix: str = "/payments/snap"
    http: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=30))
    clock: Callable[[], datetime] = now
    progress: Progress | None = None
    sleep: Callable[[float], None] = time.sleep

    def __post_init__(self) -> None:
        self.bank = Bank(self.seed)
        self.random = Random(self.seed)  # noqa: S311 (to be repeatable, not secret)
        self._answers: Counter[str] = Counter()
        self._sent = 0
        self._lock = threading.Lock()
        self.stage = Stage(
            bank=self.bank,
            server_keys={
                name: known["server_keys"][0] for name, known in self.keys["midtrans"].items()
            },
            acquirer=self.snap_sender("qris"),
            now=self.clock,
        )

    def snap_sender(self, partner: str) -> SnapSender:
        """Return a partner that speaks SNAP, with its own key."""
        known = self.keys["snap"][partner]
        return SnapSender(
            private_key=known["private_key_of_provider"],
            partner_id=known["partner_id"],
            prefix=self.snap_prefix,
            signed_prefix=self.snap_prefix,
        )

    @contextmanager
    def serving(
        self,
        charged: Callable[[str], None] = lambda _: None,
        refunded: Callable[[str], None] = lambda _: None,
    ) -> Iterator[None]:
        """Answer as the provider as long as the context is open."""
        api = ProviderApi(self.bank, self.keys, self.clock, charged, refunded)
        server = listening(api, HOST, self.port)
        try:
            yield
        finally:
            server.shutdown()
            server.server_close()

    def play(
        self,
        order_ids: Sequence[str],
        *,
        places: Sequence[Place] = (),
        at_places: int = 0,
        unknown: Sequence[tuple[str, str]] = (),
        trials: int = 0,
        others: Sequence[Iterator[list[Message]]] = (),
    ) -> Played:
        """Let something become of every order, and of payments without one; tell all of it.

        `unknown` are order ids that the merchant never made, each with the jurisdiction whose
        account it was paid to. The orders were charged before. `others` are the waves of what this
        provider does not know, such as marketplaces' sales.
        """
        began = time.monotonic()
        chosen = {order_id: fates.drawn(self.random) for order_id in order_ids}
        playing = {
            order_id: fates.waves(self.stage, order_id, fate) for order_id, fate in chosen.items()
        }
        without, extra = self._without_orders(places, at_places)
        extra += [[fates.unknown(self.stage, *one)] for one in unknown]
        jurisdictions = sorted(self.stage.server_keys)
        tried = [
            fates.trial(self.stage, number, jurisdictions[number % len(jurisdictions)])
            for number in range(trials)
        ]
        # Marketplaces' first: what they sign is good for minutes.
        first = [next(one) for one in (*others, *playing.values())]
        first += [*extra, *([one] for one in tried)]
        self._deliver("first", first)
        self._wait_until_asked([one for one in chosen if FATES[chosen[one]][1] in _LATER])
        self._deliver("second", [wave for one in (*others, *playing.values()) for wave in one])
        return Played(
            seed=self.seed,
            transactions=self.bank.everything(),
            fates=chosen,
            without_order=without,
            unknown=tuple(order_id for order_id, _ in unknown),
            trials=tuple(one.order_id for one in tried),
            sent=self._sent,
            answers=dict(self._answers),
            took_s=time.monotonic() - began,
        )

    def tell(self, waves: Iterable[Sequence[Message]]) -> None:
        """Send messages now, each wave's in its order, with duplicates and disorder."""
        self._deliver("", list(waves))

    def ask(self, message: Message) -> Mapping[str, Any]:
        """Send a message now, again if the API is busy, and return what it is answered."""
        found: Mapping[str, Any] = {"responseMessage": "no answer"}
        for attempt in range(_AGAIN_OTHERWISE):
            with suppress(httpx.TransportError, ValueError):
                answer = self._post(message)
                found = answer.json()
                if not answer.is_server_error:
                    break
            self.sleep(_AGAIN_AFTER_S * attempt)
        return found

    def _without_orders(
        self, places: Sequence[Place], number: int
    ) -> tuple[dict[str, str], list[list[Message]]]:
        products: dict[str, str] = {}
        told = []
        for index in range(number if places else 0):
            place = places[index % len(places)]
            message = fates.paid_at_a_place(
                self.stage, place, index, self.random, self.keys["gobiz"]["secrets"][0]
            )
            products[message.order_id] = place.product
            told.append([message])
        return products, told

    def _deliver(self, step: str, waves: Sequence[Sequence[Message]]) -> None:
        """Send each wave's messages in their order, some twice, some too late."""
        timed: list[tuple[float, int, Message]] = []
        for index, wave in enumerate(waves):
            for place, message in enumerate(wave):
                # Ten orders are told of at a time, so that neighbours are sent together.
                due = index + 10 * place + self.random.random()
                if self.random.random() < self.disorder:
                    due += self.random.uniform(10, 40)
                timed.append((due, len(timed), message))
                if self.random.random() < self.duplicates:
                    timed.append((due + self.random.uniform(0, 60), len(timed), message))
        timed.sort(key=lambda one: one[:2])
        with ThreadPoolExecutor(_THREADS) as pool:
            for done, _ in enumerate(pool.map(self._send, [one for *_, one in timed]), 1):
                self._say(step, done, len(timed))

    def _send(self, message: Message) -> None:
        """Send a message until it is taken, or as often as the provider does."""
        attempts = 0
        while True:
            status = self._sent_once(message)
            attempts += 1
            if 200 <= status < 300 or attempts > _AGAIN.get(status, _AGAIN_OTHERWISE):  # noqa: PLR2004
                return
            self.sleep(_AGAIN_AFTER_S * attempts)

    def _sent_once(self, message: Message) -> int:
        try:
            answer = self._post(message)
            status = answer.status_code
            if message.answered and answer.is_success:
                message.answered(answer.json())
        except httpx.TransportError:
            status = 0
        with self._lock:
            self._sent += 1
            self._answers[str(status)] += 1
        return status

    def _post(self, message: Message) -> httpx.Response:
        url = self.api_url + message.path
        return self.http.post(url, content=message.body, headers=dict(message.headers))

    def _say(self, step: str, done: int, of: int) -> None:
        if self.progress:
            self.progress(step, done, of)

    def _wait_until_asked(self, order_ids: Sequence[str]) -> None:
        """Wait until the merchant has asked about each of these orders, but not for ever."""
        deadline = time.monotonic() + _ASKED_WITHIN_S
        while time.monotonic() < deadline:
            asked = self.bank.times_asked(order_ids)
            waiting = sum(not times for times in asked.values())
            self._say("asked", len(order_ids) - waiting, len(order_ids))
            if not waiting:
                return
            self.sleep(0.2)


_LATER: Final = frozenset({"reversed", "refunded", "partially_refunded", "charged_back"})


def never_made(prefix: str, product: str, number: int) -> str:
    """Return an order id of our form that no order has."""
    # An order's check character is never the U that a complaint's may be.
    made = next(one for one in complaint_numbers(prefix, f"{number:064x}") if not one.endswith("U"))
    return f"{prefix}-{product}-{made.removeprefix(f'{prefix}-')}"
