"""BI-SNAP's query services: what became of a payment by GoPay or QRIS.

A token is asked for with our RSA key (`/v1.0/access-token/b2b`); with it each request is signed by
the shared secret. Both expire by themselves, so a token is kept a little shorter than it is good.
"""

import base64
import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Final

from functions.payment_webhooks.calling import ProviderUnavailable, Send, object_of
from functions.payment_webhooks.facts import NotConfirmed
from functions.payment_webhooks.notice import Notice
from functions.payment_webhooks.providers import snap_services
from functions.payment_webhooks.providers.snap import sign_symmetric
from shared.clock import WIB

_TOKEN_PATH: Final = "/v1.0/access-token/b2b"  # noqa: S105 (an address)
#: By provider: where a payment is asked about, its service's code, and how its answer is read.
_QUERIES: Final = {
    "gopay": ("/v1.0/debit/status", "54", snap_services.DEBIT),
    "qris": ("/v1.0/qr/qr-mpm-query", "47", snap_services.QR),
}
_EARLIER: Final = timedelta(seconds=60)
_DEFAULT_S: Final = 900


class SnapClient:
    """Calls one SNAP provider at `url`, as the client that `credentials` name.

    They hold client_id, client_secret, partner_id and private_key (PEM).
    """

    def __init__(
        self,
        url: str,
        credentials: Mapping[str, str],
        send: Send,
        now: Callable[[], datetime],
    ) -> None:
        self._url = url.rstrip("/")
        self._credentials = credentials
        self._send = send
        self._now = now
        self._token = ""
        self._good_until: datetime | None = None

    def status(self, notice: Notice) -> Notice:
        """Return what became of the payment that a notice tells of.

        Raises:
            NotConfirmed: the provider knows no such transaction: it is held.
            ProviderUnavailable: no answer that could be read.
        """
        path, service_code, service = _QUERIES[notice.provider]
        asked = {
            "originalReferenceNo": notice.transaction_id,
            "originalPartnerReferenceNo": notice.order_ref,
            "serviceCode": service_code,
        }
        said = {key: value for key, value in asked.items() if value}
        body = json.dumps(said, separators=(",", ":")).encode()
        status, content = self._send("POST", self._url + path, self._signed(path, body), body)
        if status == HTTPStatus.NOT_FOUND:
            raise NotConfirmed("the provider knows no such transaction")
        if status == HTTPStatus.UNAUTHORIZED:
            self._good_until = None  # the next try asks for a new token
        if status != HTTPStatus.OK:
            raise ProviderUnavailable(f"status {status}")
        answer = dict(object_of(content))
        answer.setdefault("originalReferenceNo", notice.transaction_id)
        if "amount" not in answer and "transAmount" in answer:
            answer["amount"] = answer["transAmount"]
        return snap_services.notice(service, answer)

    def _signed(self, path: str, body: bytes) -> dict[str, str]:
        token, timestamp = self._current_token(), snap_services.timestamp(self._now())
        return {
            "Content-Type": "application/json",
            "Authorization": f"Bearer {token}",
            "X-TIMESTAMP": timestamp,
            "X-SIGNATURE": sign_symmetric(
                method="POST",
                path=path,
                access_token=token,
                body=body,
                timestamp=timestamp,
                client_secret=self._credentials["client_secret"],
            ),
            "X-PARTNER-ID": self._credentials.get("partner_id", ""),
            # Numeric and, by the microsecond of the day, never twice on one day.
            "X-EXTERNAL-ID": self._now().astimezone(WIB).strftime("%Y%m%d%H%M%S%f"),
            "CHANNEL-ID": self._credentials.get("channel_id", "95221"),
        }

    def _current_token(self) -> str:
        if self._good_until is None or self._now() >= self._good_until:
            answer = self._new_token()
            self._token = str(answer.get("accessToken") or "")
            if not self._token:
                raise ProviderUnavailable("no access token")
            self._good_until = self._now() + timedelta(seconds=_seconds(answer)) - _EARLIER
        return self._token

    def _new_token(self) -> Mapping[str, Any]:
        client_id = self._credentials["client_id"]
        timestamp = snap_services.timestamp(self._now())
        headers = {
            "Content-Type": "application/json",
            "X-CLIENT-KEY": client_id,
            "X-TIMESTAMP": timestamp,
            "X-SIGNATURE": _signature(self._credentials["private_key"], f"{client_id}|{timestamp}"),
        }
        body = b'{"grantType":"client_credentials"}'
        status, content = self._send("POST", self._url + _TOKEN_PATH, headers, body)
        if status != HTTPStatus.OK:
            raise ProviderUnavailable(f"status {status}")
        return object_of(content)


def can_ask(provider: str, credentials: Mapping[str, str]) -> bool:
    """Tell whether a provider answers queries, and we have what it wants to know us by."""
    wanted = {"client_id", "client_secret", "private_key"}
    return provider in _QUERIES and wanted <= credentials.keys()


def _seconds(answer: Mapping[str, Any]) -> int:
    try:
        return max(0, int(answer.get("expiresIn") or _DEFAULT_S))
    except (TypeError, ValueError):
        return _DEFAULT_S


def _signature(private_key: str, text: str) -> str:
    """Return a text's signature: SHA256withRSA in base64."""
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    key = load_pem_private_key(private_key.encode(), password=None)
    if not isinstance(key, RSAPrivateKey):
        raise ProviderUnavailable("our key is no RSA key")
    return base64.b64encode(key.sign(text.encode(), PKCS1v15(), SHA256())).decode()
