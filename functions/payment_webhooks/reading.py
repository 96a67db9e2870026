"""Reads the queue's messages: a provider's raw body becomes the one notice that it says."""

import base64
from collections.abc import Mapping
from typing import Any

from functions.payment_webhooks.configuration import Payments, payments_of
from functions.payment_webhooks.notice import Notice
from functions.payment_webhooks.providers import (
    gobiz,
    marketplace,
    midtrans,
    snap_services,
    values,
)
from shared import config


class Unreadable(Exception):
    """A message that was accepted and cannot be read; the body is kept, and somebody must look."""


def from_message(message: Mapping[str, Any]) -> Notice:
    """Return what a `payment_notification.v1` says.

    Raises:
        Unreadable: the body is no JSON object, or nobody knows the provider.
    """
    body = values.object_of(base64.b64decode(message["body"]))
    if body is None:
        raise Unreadable("the body is no JSON object")
    provider = message["provider"]
    if provider == midtrans.PROVIDER:
        return midtrans.notice(body)
    if provider == gobiz.PROVIDER:
        return gobiz.notice(body)
    if provider.startswith(marketplace.PROVIDER):
        return marketplace.notice(body, provider, _configured())
    for service in snap_services.NOTIFICATIONS:
        if message["path"].endswith(service.path):
            return snap_services.notice(service, body)
    raise Unreadable(f"nobody knows the provider {provider!r}")


def _configured() -> Mapping[str, Payments]:
    return {each: payments_of(each) for each in config.jurisdiction_ids()}
