"""Webhooks are signed so that the standard's own library verifies them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from shared.messengers.signing import headers, secret_of

SECRET = secret_of(b"0123456789abcdef0123456789abcdef")
OTHER = secret_of(b"another secret of thirty-two by.")


def now_s():
    return int(datetime.now(UTC).timestamp())


@given(st.binary(min_size=24, max_size=64), st.text())
def test_what_is_signed_is_verified_by_the_standards_own_library(random, text):
    secret, body = secret_of(random), text.encode()
    signed = headers("SMG-1-2-p", now_s(), body, [secret])
    Webhook(secret).verify(body, dict(signed), json_parse=False)


def test_while_a_secret_is_changed_both_the_old_and_the_new_one_verify():
    signed = dict(headers("id", now_s(), b"{}", [SECRET, OTHER]))
    assert Webhook(SECRET).verify(b"{}", signed) == {}
    assert Webhook(OTHER).verify(b"{}", signed) == {}


@pytest.mark.parametrize(
    ("body", "changed"),
    [
        (b"{ }", {}),
        (b"{}", {"webhook-id": "other"}),
        (b"{}", {"webhook-timestamp": str(now_s() - 1)}),
    ],
)
def test_what_was_changed_on_the_way_is_not_verified(body, changed):
    signed = {**headers("id", now_s(), b"{}", [SECRET]), **changed}
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(body, signed)


def test_another_secret_does_not_verify():
    with pytest.raises(WebhookVerificationError):
        Webhook(OTHER).verify(b"{}", dict(headers("id", now_s(), b"{}", [SECRET])))


def test_the_standards_own_example_is_signed_as_it_says():
    # https://github.com/standard-webhooks/standard-webhooks, test vectors of its libraries
    signed = headers(
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
        ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
    )
    assert signed["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
