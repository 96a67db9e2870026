"""What providers call: a notification is proven by its raw bytes, queued, and answered exactly.

Nothing else happens here: no table is read or written, so that an answer takes one AWS call.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from http import HTTPStatus
from typing import Any, Final

from aws_lambda_powertools.event_handler import Response

from functions.payment_webhooks import receiving, settings
from functions.payment_webhooks.counting import count_refusal
from functions.payment_webhooks.keys import Keys
from functions.payment_webhooks.messages import payment_notification
from functions.payment_webhooks.providers import gobiz, midtrans, snap_services
from functions.payment_webhooks.receiving import Proven
from functions.payment_webhooks.refusal import Reason, Refused
from shared import queues
from shared.clock import now
from shared.errors import BodyTooLarge, described
from shared.http import JSON, MAX_BODY_BYTES, ApiResolver, Request

Answer = tuple[HTTPStatus, Mapping[str, Any]]

app = ApiResolver(service="payment_webhooks")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sender:
    """How one kind of notification is proven and answered."""

    provider: str
    path: str
    prove: Callable[[bytes, Request], Proven]
    accepted: Callable[[Mapping[str, Any]], Answer]
    refused: Callable[[Refused], Answer]
    failed: Callable[[], Answer]
    headers: Callable[[], dict[str, str]] = field(default=dict)
    keys_are_of_jurisdictions: bool = False


@cache
def keys(name: str) -> Keys:
    """Return a secret's keys, the same object as long as the container lives."""
    return Keys(settings.secret_name(name))


def _snap_headers() -> dict[str, str]:
    return {"X-TIMESTAMP": snap_services.timestamp(now())}


def _snap(service: snap_services.Service) -> _Sender:
    return _Sender(
        provider=service.provider,
        path=settings.SNAP_PREFIX + service.path,
        prove=lambda raw, request: receiving.from_snap(
            service, raw, request.headers, keys("snap"), settings.signed_paths(service.path)
        ),
        accepted=partial(snap_services.accepted, service),
        refused=partial(snap_services.refused, service),
        failed=partial(snap_services.failed, service),
        headers=_snap_headers,
    )


_MIDTRANS: Final = _Sender(
    provider=midtrans.PROVIDER,
    path="/payments/notifications/midtrans",
    prove=lambda raw, _request: receiving.from_midtrans(raw, keys("midtrans")),
    accepted=lambda _body: midtrans.accepted(),
    refused=midtrans.refused,
    failed=midtrans.failed,
    keys_are_of_jurisdictions=True,
)
_GOBIZ: Final = _Sender(
    provider=gobiz.PROVIDER,
    path="/payments/notifications/gobiz",
    prove=lambda raw, request: receiving.from_gobiz(raw, request.headers, keys("gobiz")),
    accepted=lambda _body: gobiz.accepted(),
    refused=gobiz.refused,
    failed=gobiz.failed,
)
_DEBIT: Final = _snap(snap_services.DEBIT)
_QR: Final = _snap(snap_services.QR)
_VA_REVERSAL: Final = _snap(snap_services.VA_REVERSAL)


@app.post(_MIDTRANS.path)
def midtrans_notified() -> Response[str]:
    return _receive(_MIDTRANS)


@app.post(_GOBIZ.path)
def gobiz_notified() -> Response[str]:
    return _receive(_GOBIZ)


@app.post(_DEBIT.path)
def debit_notified() -> Response[str]:
    return _receive(_DEBIT)


@app.post(_QR.path)
def qr_notified() -> Response[str]:
    return _receive(_QR)


@app.post(_VA_REVERSAL.path)
def virtual_account_reversed() -> Response[str]:
    return _receive(_VA_REVERSAL)


def _receive(sender: _Sender) -> Response[str]:
    try:
        status, answer = _taken(sender, app.incoming)
    except Refused as refusal:
        count_refusal(app.logger, sender.provider, refusal)
        status, answer = sender.refused(refusal)
    except Exception as error:  # noqa: BLE001 (logged; the provider sends again)
        cause = error.__cause__ or error  # what kept the keys away, where they are
        app.logger.error("notification not taken", provider=sender.provider, **described(cause))
        status, answer = sender.failed()
    return Response(
        status_code=status,
        content_type=JSON,
        body=json.dumps(answer, ensure_ascii=False, separators=(",", ":")),
        headers={"Cache-Control": "no-store", **sender.headers()},
    )


def _taken(sender: _Sender, request: Request) -> Answer:
    """Prove a notification and put it on the queue (one SQS call)."""
    try:
        raw = request.read(MAX_BODY_BYTES)
    except BodyTooLarge:
        raise Refused(Reason.OVERSIZE) from None
    proven = sender.prove(raw, request)
    message = payment_notification(
        provider=sender.provider,
        path=sender.path,
        body=raw,
        content_type=request.headers.get("content-type", "")[:100],
        received_at=now(),
        jurisdiction_id=proven.sender if sender.keys_are_of_jurisdictions else None,
    )
    queues.send(settings.notifications_queue(), message)
    return sender.accepted(proven.body)


handler = app.lambda_handler
