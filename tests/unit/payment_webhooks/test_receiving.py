"""Who sent it: keys of jurisdictions and providers, two at once, and what is missing or malformed."""

import json

import pytest

from functions.payment_webhooks import receiving, settings
from functions.payment_webhooks.keys import Keys
from functions.payment_webhooks.providers.snap_services import DEBIT, QR, VA_PAYMENT
from functions.payment_webhooks.refusal import Reason, Refused
from tests import signed

MIDTRANS = {
    "semarang": {"server_keys": ["current", "previous"]},
    "jateng": {"server_keys": "the only one"},
}
SNAP = {
    "gojek": {"public_keys": [signed.public_pem(1), signed.public_pem(0)], "client_id": "x"},
    "wallet": {"public_keys": [signed.public_pem(2)], "services": ["va"]},
}


def keys(secret):
    return Keys("x", lambda _name: json.dumps(secret).encode(), lambda: 0.0)


def lowered(headers):
    return {name.lower(): value for name, value in headers.items()}


def snap_sender(service, raw, headers, secret=SNAP):
    paths = [service.path, "/payments/snap" + service.path]
    return receiving.from_snap(service, raw, lowered(headers), keys(secret), paths).sender


def reason_of(function, *arguments):
    with pytest.raises(Refused) as refusal:
        function(*arguments)
    return refusal.value.reason, refusal.value.field


class TestMidtrans:
    @pytest.mark.parametrize(
        ("key", "jurisdiction_id"),
        [("current", "semarang"), ("previous", "semarang"), ("the only one", "jateng")],
    )
    def test_the_jurisdiction_is_whose_key_fits(self, key, jurisdiction_id):
        proven = receiving.from_midtrans(signed.raw(signed.midtrans(key)), keys(MIDTRANS))
        assert proven.sender == jurisdiction_id
        assert proven.body["order_id"] == signed.ORDER

    def test_a_key_taken_out_fits_no_more(self):
        found = reason_of(
            receiving.from_midtrans, signed.raw(signed.midtrans("retired")), keys(MIDTRANS)
        )
        assert found == (Reason.SIGNATURE, "signature_key")

    @pytest.mark.parametrize(
        "secret",
        [{}, {"semarang": {}}, {"semarang": {"server_keys": ["", None]}}, {"semarang": "x"}],
    )
    def test_no_key_and_an_empty_one_prove_nothing(self, secret):
        body = signed.raw(signed.midtrans(""))
        assert reason_of(receiving.from_midtrans, body, keys(secret))[0] is Reason.SIGNATURE

    @pytest.mark.parametrize("raw", [b"", b"[]", b"order_id=1&status_code=200", b"\xff\xfe"])
    def test_what_is_no_object_is_refused(self, raw):
        assert reason_of(receiving.from_midtrans, raw, keys(MIDTRANS))[0] is Reason.BODY


class TestSnap:
    body = signed.raw(signed.qr())

    def test_the_provider_is_whose_key_fits_the_older_one_too(self):
        for number in (0, 1):
            headers = signed.snap_headers(signed.QR_PATH, self.body, number=number)
            assert snap_sender(QR, self.body, headers) == "gojek"

    def test_the_path_may_be_any_of_those_configured_and_no_other(self):
        for path in (signed.QR_PATH, "/payments/snap" + signed.QR_PATH):
            assert snap_sender(QR, self.body, signed.snap_headers(path, self.body))
        headers = signed.snap_headers("/other" + signed.QR_PATH, self.body)
        found = reason_of(snap_sender, QR, self.body, headers)
        assert found == (Reason.SIGNATURE, "X-SIGNATURE")

    def test_what_was_signed_for_one_service_is_not_taken_by_another(self):
        body = signed.raw(signed.debit())
        headers = signed.snap_headers(signed.QR_PATH, body)
        assert reason_of(snap_sender, DEBIT, body, headers)[0] is Reason.SIGNATURE

    def test_a_provider_speaks_for_its_services_alone_where_they_are_listed(self):
        bill = signed.raw(signed.virtual_account())
        headers = signed.snap_headers(signed.VA_PATH, bill, number=2)
        assert snap_sender(VA_PAYMENT, bill, headers) == "wallet"
        headers = signed.snap_headers(signed.QR_PATH, self.body, number=2)
        assert reason_of(snap_sender, QR, self.body, headers)[0] is Reason.SIGNATURE

    @pytest.mark.parametrize(
        ("name", "value", "reason"),
        [
            ("X-SIGNATURE", None, Reason.UNSIGNED),
            ("X-SIGNATURE", " ", Reason.UNSIGNED),
            ("X-SIGNATURE", "not base64", Reason.SIGNATURE),
            ("X-TIMESTAMP", None, Reason.MISSING),
            ("X-TIMESTAMP", "yesterday", Reason.FORMAT),
            ("X-TIMESTAMP", "2026-11-23T08:15:30", Reason.FORMAT),
            ("X-TIMESTAMP", "2026-11-23T08:15:31+07:00", Reason.SIGNATURE),
        ],
    )
    def test_a_header_missing_or_malformed_is_named(self, name, value, reason):
        headers = signed.snap_headers(signed.QR_PATH, self.body) | {name: value}
        given = {key: one for key, one in headers.items() if one is not None}
        found = reason_of(snap_sender, QR, self.body, given)
        assert found[0] is reason
        assert found[1] in {name, "X-SIGNATURE"}

    @pytest.mark.parametrize("name", ["X-PARTNER-ID", "X-EXTERNAL-ID", "CHANNEL-ID"])
    def test_a_header_that_proves_nothing_may_be_missing(self, name):
        headers = signed.snap_headers(signed.QR_PATH, self.body)
        del headers[name]
        assert snap_sender(QR, self.body, headers)

    def test_an_old_timestamp_is_taken_as_a_retry_may_carry_the_first(self):
        old = "2020-01-01T00:00:00+07:00"
        headers = signed.snap_headers(signed.QR_PATH, self.body, timestamp=old)
        assert snap_sender(QR, self.body, headers)

    @pytest.mark.parametrize(
        ("body", "reason"),
        [
            (b"[]", Reason.BODY),
            (b"", Reason.BODY),
            (b"{}", Reason.MISSING),
            (signed.raw(signed.qr(latestTransactionStatus=None)), Reason.MISSING),
        ],
    )
    def test_a_signed_body_that_lacks_what_is_mandatory_is_refused(self, body, reason):
        headers = signed.snap_headers(signed.QR_PATH, body)
        assert reason_of(snap_sender, QR, body, headers)[0] is reason

    @pytest.mark.parametrize(
        "secret", [{}, {"a": {}}, {"a": {"public_keys": ["no key"]}}, {"a": None}, {"a": "x"}]
    )
    def test_keys_that_are_none_prove_nothing(self, secret):
        headers = signed.snap_headers(signed.QR_PATH, self.body)
        assert reason_of(snap_sender, QR, self.body, headers, secret)[0] is Reason.SIGNATURE

    def test_a_key_that_is_none_does_not_stop_the_next(self):
        secret = {"a": {"public_keys": ["no key", signed.public_pem()]}}
        headers = signed.snap_headers(signed.QR_PATH, self.body)
        assert snap_sender(QR, self.body, headers, secret) == "a"


class TestGobiz:
    body = signed.raw(signed.gobiz())

    @pytest.mark.parametrize("secret", ["new", "old"])
    def test_two_secrets_are_good_at_once(self, secret):
        headers = {"x-go-signature": signed.gobiz_signature(self.body, secret)}
        found = receiving.from_gobiz(self.body, headers, keys({"secrets": ["new", "old"]}))
        assert found.sender == "gobiz"

    def test_unsigned_mis_signed_and_malformed_are_told_apart(self):
        def reason(body, headers):
            found = reason_of(receiving.from_gobiz, body, headers, keys({"secrets": ["new"]}))
            return found[0]

        signature = signed.gobiz_signature(b"{}", "new")
        assert reason(self.body, {}) is Reason.UNSIGNED
        assert reason(self.body, {"x-go-signature": signature}) is Reason.SIGNATURE
        assert reason(b"{}", {"x-go-signature": signature}) is Reason.MISSING
        no_object = signed.gobiz_signature(b"[]", "new")
        assert reason(b"[]", {"x-go-signature": no_object}) is Reason.BODY


class TestSettings:
    def test_the_signed_paths_are_the_standards_and_ours(self, monkeypatch):
        monkeypatch.delenv("SNAP_SIGNED_PATHS", raising=False)
        assert settings.signed_paths(signed.QR_PATH) == (
            signed.QR_PATH,
            "/payments/snap" + signed.QR_PATH,
            "/v1/payments/snap" + signed.QR_PATH,
        )

    def test_the_signed_paths_are_those_configured_for_the_service(self, monkeypatch):
        listed = "/notify/v1.0/qr/qr-mpm-notify, /v2/v1.0/debit/notify"
        monkeypatch.setenv("SNAP_SIGNED_PATHS", listed)
        assert settings.signed_paths(signed.QR_PATH) == ("/notify/v1.0/qr/qr-mpm-notify",)
        assert settings.signed_paths(signed.VA_PATH) == ()

    @pytest.mark.parametrize("prefix", ["simpul/test/payments", "simpul/test/payments/"])
    def test_a_secret_is_named_by_its_prefix(self, monkeypatch, prefix):
        monkeypatch.setenv("PAYMENTS_SECRETS_PREFIX", prefix)
        assert settings.secret_name("snap") == "simpul/test/payments/snap"
