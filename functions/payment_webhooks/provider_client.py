"""Providers' own APIs, as the rest of payments asks for them: by order and jurisdiction."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from functions.payment_webhooks import calling, settings, snap_client
from functions.payment_webhooks.calling import ProviderUnavailable, Send
from functions.payment_webhooks.keys import Keys, Unavailable
from functions.payment_webhooks.midtrans_client import MidtransClient, NotAccepted
from functions.payment_webhooks.notice import Notice
from functions.payment_webhooks.providers import midtrans
from functions.payment_webhooks.record import Order
from functions.payment_webhooks.snap_client import SnapClient
from shared.clock import now

__all__ = ["NotAccepted", "ProviderClient", "ProviderUnavailable", "provider_client"]


@dataclass(kw_only=True)
class ProviderClient:
    """Asks providers. `midtrans_keys` and `snap_keys` return the secrets' values."""

    midtrans_url: str
    snap_url: str
    midtrans_keys: Callable[[], Any]
    snap_keys: Callable[[], Any]
    send: Send = calling.send
    clock: Callable[[], datetime] = now
    _snap: dict[str, SnapClient] = field(default_factory=dict)
    _down: set[str] = field(default_factory=set)

    def begin(self) -> None:
        """Begin a batch: who did not answer in the last one may answer now."""
        self._down.clear()

    def confirmation(self, order: Order, notice: Notice) -> Notice | None:
        """Return what the provider answers about a notice's payment; None if it cannot be asked.

        Raises:
            NotConfirmed: it knows no such payment (yet).
            ProviderUnavailable: it does not answer.
        """
        with self._spared(notice.provider):
            if notice.provider == midtrans.PROVIDER:
                reference = notice.order_ref or notice.transaction_id
                client = self.midtrans(order.jurisdiction_id)
                return client.status(reference, notice.transaction_id)
            asked = self._snap_client(notice.provider)
            return asked.status(notice) if asked else None

    def status(self, order: Order) -> Notice | None:
        """Return what became of an order's payment, of which nothing came in long.

        Raises:
            NotConfirmed: the provider knows none.
            ProviderUnavailable: it does not answer.
        """
        provider = order.provider or midtrans.PROVIDER
        reference = str(order.details.get("order_ref") or order.order_id)
        about = Notice(
            provider=provider,
            transaction_id=next(iter(order.transactions), ""),
            order_ref=reference,
            status="pending",
            raw_status="",
            proven=True,
        )
        with self._spared(provider):
            if provider == midtrans.PROVIDER:
                return self.midtrans(order.jurisdiction_id).status(reference)
            asked = self._snap_client(provider)
            return asked.status(about) if asked else None

    @contextmanager
    def _spared(self, provider: str) -> Iterator[None]:
        """Ask a provider, unless it did not answer a moment ago: waiting once a batch is enough."""
        if provider in self._down:
            raise ProviderUnavailable("it did not answer a moment ago")
        try:
            yield
        except ProviderUnavailable:
            self._down.add(provider)
            raise

    def midtrans(self, jurisdiction_id: str) -> MidtransClient:
        """Return the client of a jurisdiction's account at Midtrans.

        Raises:
            ProviderUnavailable: it has no server key.
        """
        try:
            known = self.midtrans_keys()
        except Unavailable:
            raise ProviderUnavailable("no server key") from None
        account = known.get(jurisdiction_id) if isinstance(known, Mapping) else None
        server_keys = account.get("server_keys") if isinstance(account, Mapping) else None
        if not server_keys:
            raise ProviderUnavailable("no server key")
        many = [server_keys] if isinstance(server_keys, str) else list(server_keys)
        return MidtransClient(self.midtrans_url, many, self.send)

    def _snap_client(self, provider: str) -> SnapClient | None:
        if provider not in self._snap:
            try:
                known = self.snap_keys()
            except Unavailable:
                return None
            credentials = known.get(provider) if isinstance(known, Mapping) else None
            if not self.snap_url or not isinstance(credentials, Mapping):
                return None
            if not snap_client.can_ask(provider, credentials):
                return None
            self._snap[provider] = SnapClient(self.snap_url, credentials, self.send, self.clock)
        return self._snap[provider]


@cache
def provider_client() -> ProviderClient:
    """Return the container's client, at the addresses that the environment names."""
    return ProviderClient(
        midtrans_url=os.environ["MIDTRANS_API_URL"],
        snap_url=os.environ.get("SNAP_API_URL", ""),
        midtrans_keys=Keys(settings.secret_name("midtrans")).current,
        snap_keys=Keys(settings.secret_name("snap")).current,
    )
