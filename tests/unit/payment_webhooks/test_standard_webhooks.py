"""Webhooks of partners, as Standard Webhooks signs them; its own library is the judge."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook

from functions.payment_webhooks.providers.standard_webhooks import verify

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER = "whsec_" + base64.b64encode(bytes(24)).decode()
BODY = b'{"type":"ticket.sold","data":{}}'


def signed(body: bytes = BODY, secret: str = SECRET, at: datetime = NOW) -> dict[str, str]:
    """Return the headers that the standard's own library signs with."""
    return {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign("msg_1", at, body.decode()),
    }


def is_genuine(headers: dict[str, str], body: bytes = BODY, *secrets: str) -> bool:
    return verify(headers=headers, body=body, secrets=secrets or [SECRET], now=NOW)


@given(st.text(), st.binary(min_size=24, max_size=64))
def test_whatever_the_library_signs_is_genuine(text, key):
    secret = "whsec_" + base64.b64encode(key).decode()
    headers = signed(text.encode(), secret)
    assert is_genuine(headers, text.encode(), secret)
    assert is_genuine(headers, text.encode(), OTHER + "x", SECRET, secret)
    assert not is_genuine(headers, text.encode() + b" ", secret)


@pytest.mark.parametrize("place", range(len(BODY)))
def test_a_body_with_a_byte_changed_is_not(place):
    changed = bytes([*BODY[:place], BODY[place] ^ 1, *BODY[place + 1 :]])
    assert not is_genuine(signed(), changed)


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
@pytest.mark.parametrize("value", [None, "", "x", "v1,", "v1", "v1,é", "-1", "1e9", "９" * 10])
def test_a_header_that_is_missing_or_malformed_proves_nothing(name, value):
    headers = signed()
    if value is None:
        del headers[name]
    else:
        headers[name] = value
    assert not is_genuine(headers)


def test_only_the_secrets_own_signature_of_the_first_version_counts():
    headers = signed()
    genuine = headers["webhook-signature"]
    assert not is_genuine(headers, BODY, OTHER)
    assert not is_genuine(headers | {"webhook-signature": genuine.replace("v1,", "v1a,")})
    assert not is_genuine(headers | {"webhook-signature": genuine.replace("v1,", "v2,")})
    assert is_genuine(headers | {"webhook-signature": f"v1,bm8= {genuine} v2,x"})


@pytest.mark.parametrize(("seconds", "fits"), [(0, True), (300, True), (301, False), (-301, False)])
def test_a_message_is_taken_for_five_minutes(seconds, fits):
    assert is_genuine(signed(at=NOW - timedelta(seconds=seconds))) is fits


@pytest.mark.parametrize("secret", ["whsec_not base64!", "", "whsec_", "é"])
def test_a_secret_that_is_none_proves_nothing(secret):
    assert not verify(headers=signed(), body=BODY, secrets=[secret], now=NOW)
    assert not verify(headers=signed(), body=BODY, secrets=[], now=NOW)
