"""The queue's messages become notices."""

import json
from base64 import b64encode
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.payment_webhooks import reading
from functions.payment_webhooks.messages import payment_notification
from functions.payment_webhooks.notice import Notice
from functions.payment_webhooks.reading import Unreadable
from shared.clock import to_text
from tests import signed

AT = datetime(2026, 11, 23, 1, 15, 31, 250000, tzinfo=UTC)
#: Each kind of notification: provider, path, body.
KINDS = [
    ("midtrans", "/payments/notifications/midtrans", signed.midtrans()),
    ("gobiz", "/payments/notifications/gobiz", signed.gobiz()),
    ("gopay", "/payments/snap/v1.0/debit/notify", signed.debit()),
    ("gopay", "/payments/snap/v1.0/debit/notify", signed.refunded()),
    ("qris", "/payments/snap/v1.0/qr/qr-mpm-notify", signed.qr()),
    ("va", "/payments/snap/v1.0/transfer-va/payment", signed.virtual_account()),
    ("va", "/payments/snap/v1.0/transfer-va/payment-reversal", signed.virtual_account()),
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def made_strange(value, draw):
    """Return a body with some of its values, at any depth, replaced by anything."""
    if draw(st.integers(0, 9)) == 0:
        return draw(JSON)
    if isinstance(value, dict):
        return {name: made_strange(one, draw) for name, one in value.items()}
    if isinstance(value, list):
        return [made_strange(one, draw) for one in value]
    return value


def a_message(provider, path, body, jurisdiction_id=None):
    return payment_notification(
        provider=provider,
        path=path,
        body=body,
        content_type="application/json",
        received_at=AT,
        jurisdiction_id=jurisdiction_id,
    )


def test_a_message_carries_the_bytes_and_an_id_made_from_them():
    found = a_message("midtrans", "/p", b'{"a": 1}', "semarang")
    assert found == {
        "type": "payment_notification.v1",
        "notification_id": "20261123T0115-48559db417413374",
        "provider": "midtrans",
        "path": "/p",
        "body": b64encode(b'{"a": 1}').decode(),
        "content_type": "application/json",
        "received_at": "2026-11-23T01:15:31.250Z",
        "jurisdiction_id": "semarang",
    }
    assert a_message("midtrans", "/p", b'{"a":1}') != found


@pytest.mark.parametrize(("provider", "path", "body"), KINDS, ids=lambda one: str(one)[:40])
def test_each_kind_is_read_as_its_providers(provider, path, body):
    found = reading.from_message(a_message(provider, path, signed.raw(body, indent=2)))
    assert found.provider == provider
    assert found.is_known
    assert found.transaction_id
    assert found.proven == (provider != "midtrans")


@given(st.sampled_from(KINDS), st.data())
def test_a_notice_is_read_whatever_stands_in_the_fields(kind, data):
    provider, path, body = kind
    strange = made_strange(body, data.draw)
    if not isinstance(strange, dict):
        return
    message = a_message(provider, path, json.dumps(strange).encode())
    found = reading.from_message(message)
    assert isinstance(found, Notice)
    json.dumps(found.transaction_id).encode()
    assert found.amount is None or found.amount >= 0
    for at in (found.paid_at, *(one.at for one in found.refunds)):
        assert at is None or to_text(at)


@pytest.mark.parametrize("body", [b"", b"[]", b"\xff"])
def test_what_is_no_object_is_not_read(body):
    with pytest.raises(Unreadable):
        reading.from_message(a_message("midtrans", "/p", body))


def test_a_provider_that_nobody_knows_is_not_read():
    with pytest.raises(Unreadable):
        reading.from_message(a_message("nobody", "/payments/notifications/nobody", b"{}"))


def test_a_marketplaces_event_is_read_by_its_own_rules():
    body = b'{"type": "sale.renamed"}'
    found = reading.from_message(a_message("marketplace:loket", "/payments/marketplace/x", body))
    assert (found.provider, found.status) == ("marketplace:loket", "unknown:sale.renamed")
