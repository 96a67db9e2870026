"""Asks after an order of which nothing was heard in long, and does what the answer says."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Protocol

from functions.payment_webhooks import processing, states
from functions.payment_webhooks.calling import ProviderUnavailable
from functions.payment_webhooks.facts import NotConfirmed
from functions.payment_webhooks.notice import Notice
from functions.payment_webhooks.processing import Processed, StaleVersion, Surroundings
from functions.payment_webhooks.record import Order
from shared.clock import to_text

#: How long after its end an order is given up of which its provider knows nothing.
GIVEN_UP_AFTER: Final = timedelta(days=1)
#: When it is asked after again that is still open.
AGAIN_AFTER: Final = timedelta(hours=1)


class Store(processing.Store, Protocol):
    """Where orders are kept that are to be asked after."""

    def ask_later(self, order_id: str, was: datetime, until: datetime) -> None:
        """Move an order's mark, if it is still the same."""

    def change(self, before: Order, after: Order) -> None:
        """Write a change on the version that it was made from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checking:
    """Who asks. `status` returns the provider's answer, None where it cannot be asked."""

    store: Store
    status: Callable[[Order], Notice | None]
    world: Surroundings

    def check(self, order_id: str, at: datetime) -> Processed:
        """Ask after an order that is still open. Repeated, it asks again and changes nothing.

        Without an answer the order keeps its mark, so that the next sweep asks again: as a dead
        letter, each hour's would be one more of the same.
        """
        order = self.store.get(order_id)
        if order is None or order.stale_at is None:
            return Processed(outcome="ended", order_id=order_id)
        try:
            answer = self.status(order)
        except NotConfirmed:
            answer = None
        except ProviderUnavailable:
            return Processed(outcome="unanswered", order_id=order_id)
        if answer is None:
            return self._unheard_of(order, order.stale_at, at)
        done = processing.process(
            replace(answer, order_ref=order_id),
            order.jurisdiction_id,
            notification_id=f"check-{to_text(at)}",
            at=at,
            world=replace(self.world, ask=lambda *_: answer),
        )
        after = self.store.get(order_id)
        if after is not None and after.stale_at is not None:
            self.store.ask_later(order_id, after.stale_at, at + AGAIN_AFTER)
        return done

    def _unheard_of(self, order: Order, mark: datetime, at: datetime) -> Processed:
        """Leave an order open that nobody began to pay, and give it up a day after its end."""
        if (order.expires_at or order.created_at) + GIVEN_UP_AFTER > at:
            self.store.ask_later(order.order_id, mark, at + AGAIN_AFTER)
            return Processed(outcome="unheard of", order_id=order.order_id)
        try:
            self.store.change(order, states.closed(order, at))
        except StaleVersion:
            return Processed(outcome="ended", order_id=order.order_id)
        return Processed(outcome="given up", order_id=order.order_id)
