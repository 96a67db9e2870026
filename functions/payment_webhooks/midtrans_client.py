"""Midtrans' own API: what became of a payment, a new charge, a refund.

https://docs.midtrans.com/reference. Basic authentication: the server key and an empty password.
"""

import base64
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

from functions.payment_webhooks.calling import ProviderUnavailable, Send, object_of
from functions.payment_webhooks.facts import NotConfirmed
from functions.payment_webhooks.notice import Notice
from functions.payment_webhooks.providers import midtrans
from functions.payment_webhooks.record import Order
from shared.clock import WIB

_DONE: Final = ("200", "201")
_UNAUTHORIZED: Final = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)


class NotAccepted(Exception):
    """The provider does not do what it was asked; `status_code` and the words are its own."""

    def __init__(self, status_code: str, message: str) -> None:
        super().__init__(f"{status_code} {message}")
        self.status_code = status_code
        self.message = message


class MidtransClient:
    """Calls Midtrans at `url` with the server keys of a jurisdiction, the present one first."""

    def __init__(self, url: str, server_keys: Sequence[str], send: Send) -> None:
        self._url = url.rstrip("/")
        self._keys = server_keys
        self._send = send

    def status(self, order_ref: str, transaction_id: str = "") -> Notice:
        """Return what became of an order's payment.

        A second transaction of an order is asked for by its own id.

        Raises:
            NotConfirmed: Midtrans knows no such transaction (404): it is held.
            ProviderUnavailable: no answer that could be read.
        """
        found = self._status_of(order_ref)
        if transaction_id and found.transaction_id not in (transaction_id, order_ref):
            found = self._status_of(transaction_id)
            if found.transaction_id != transaction_id:
                raise NotConfirmed("the provider knows another transaction of the order")
        return found

    def charge_qris(
        self, order: Order, *, minutes: int, at: datetime, acquirer: str = "gopay"
    ) -> Mapping[str, Any]:
        """Ask for a dynamic QRIS of an order; return transaction_id, qr_string, qr_url, expires_at.

        Raises:
            NotAccepted: Midtrans refuses; with 406 the order has been charged already.
            ProviderUnavailable: no answer: whether it was done is not known.
        """
        asked = {
            "payment_type": "qris",
            "transaction_details": {
                "order_id": order.order_id,
                "gross_amount": order.amount,
            },
            "qris": {"acquirer": acquirer},
            "custom_expiry": {
                "order_time": at.astimezone(WIB).strftime("%Y-%m-%d %H:%M:%S %z"),
                "expiry_duration": minutes,
                "unit": "minute",
            },
        }
        answer = self._posted("/v2/charge", asked)
        actions = answer.get("actions")
        urls = {
            one.get("name"): one.get("url")
            for one in (actions if isinstance(actions, list) else [])
            if isinstance(one, dict)
        }
        charged = {
            "provider": midtrans.PROVIDER,
            "transaction_id": answer.get("transaction_id"),
            "qr_string": answer.get("qr_string"),
            "qr_url": urls.get("generate-qr-code-v2") or urls.get("generate-qr-code"),
            "deeplink": urls.get("deeplink-redirect"),
            "expires_at": answer.get("expiry_time"),
        }
        return {name: value for name, value in charged.items() if value is not None}

    def refund(self, order_ref: str, *, key: str, amount: int, reason: str) -> Mapping[str, Any]:
        """Ask for a refund in rupiah. `key` is ours: the same again is the same refund.

        Raises:
            NotAccepted: Midtrans refuses, such as after its window (412, 414).
            ProviderUnavailable: no answer: ask again with the same key.
        """
        asked = {"refund_key": key, "amount": amount, "reason": reason}
        return self._posted(f"/v2/{quote(order_ref, safe='')}/refund", asked)

    def _status_of(self, reference: str) -> Notice:
        answer = self._called("GET", f"/v2/{quote(reference, safe='')}/status", None)
        if "transaction_status" in answer:
            return midtrans.notice(answer)
        code = str(answer.get("status_code"))
        if code == "404":
            raise NotConfirmed("the provider knows no such transaction")
        # Such as 429: not taken for "no such transaction", which would give up an order paid since.
        raise ProviderUnavailable(f"status {code}")

    def _posted(self, path: str, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        answer = self._called("POST", path, json.dumps(asked).encode())
        code = str(answer.get("status_code"))
        if code not in _DONE:
            raise NotAccepted(code, str(answer.get("status_message", "")))
        return answer

    def _called(self, method: str, path: str, body: bytes | None) -> Mapping[str, Any]:
        """Return the answer to the first key that Midtrans takes."""
        status, content = 0, b""
        for key in self._keys:
            token = base64.b64encode(f"{key}:".encode()).decode()
            headers = {
                "Authorization": f"Basic {token}",
                "Accept": "application/json",
                "Content-Type": "application/json",
            }
            status, content = self._send(method, self._url + path, headers, body)
            if status not in _UNAUTHORIZED:
                break
        if status == HTTPStatus.NOT_FOUND:
            raise NotConfirmed("the provider knows no such transaction")
        if status in _UNAUTHORIZED or status >= HTTPStatus.INTERNAL_SERVER_ERROR or not status:
            raise ProviderUnavailable(f"status {status}")
        answer = object_of(content)
        if str(answer.get("status_code")) == "401":
            raise ProviderUnavailable("the provider does not know our key")
        return answer
