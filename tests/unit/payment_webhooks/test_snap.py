"""BI-SNAP's signatures, inbound and outbound."""

import base64
import hashlib
import hmac
import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from functions.payment_webhooks.providers import snap
from tests import signed

PATH = signed.QR_PATH
BODY = signed.raw(signed.qr(transactionStatusDesc='a "quoted \\ name"  with  spaces'))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


def is_verified(body=BODY, **changes):
    arguments = {
        "method": "POST",
        "path": PATH,
        "body": body,
        "timestamp": signed.TIMESTAMP,
        "signature": signed.snap_signature(PATH, BODY),
        "public_key_pem": signed.public_pem(),
    }
    return snap.verify(**(arguments | changes))


def test_a_genuine_request_is_verified():
    assert is_verified()


def test_the_key_may_be_bytes_and_the_method_in_small_letters():
    assert is_verified(public_key_pem=signed.public_pem().encode(), method="post")


def test_no_changed_byte_of_the_body_is_verified():
    for flipped in signed.flips(BODY):
        assert not is_verified(flipped)


def test_no_changed_byte_of_signature_path_or_time_is_verified():
    for name, value in (
        ("signature", signed.snap_signature(PATH, BODY)),
        ("path", PATH),
        ("timestamp", signed.TIMESTAMP),
    ):
        for flipped in signed.flips(value.encode()):
            assert not is_verified(**{name: flipped.decode("latin-1")})


@pytest.mark.parametrize("name", ["path", "timestamp", "signature", "method"])
def test_half_a_character_proves_nothing_and_raises_nothing(name):
    assert not is_verified(**{name: "\ud800"})


def test_another_key_and_another_method_do_not_fit():
    assert not is_verified(public_key_pem=signed.public_pem(1))
    assert not is_verified(method="PUT")


def test_a_body_that_was_laid_out_after_signing_is_verified():
    laid_out = json.dumps(json.loads(BODY), ensure_ascii=False, indent=4).encode()
    assert laid_out != BODY
    assert is_verified(laid_out)
    assert is_verified(b"\r\n " + BODY + b"\t\n")


def test_a_body_that_was_signed_as_laid_out_is_verified_as_it_is():
    laid_out = json.dumps(json.loads(BODY), ensure_ascii=False, indent=2).encode()
    signature = signed.snap_signature(PATH, laid_out)
    assert is_verified(laid_out, signature=signature)
    assert not is_verified(BODY, signature=signature)


def test_a_body_serialised_anew_is_not_verified():
    for other in (
        json.dumps(json.loads(BODY), ensure_ascii=True, sort_keys=True).encode(),
        BODY.replace(b"3500.00", b"3500.0"),
        BODY.replace(b"a \\", b"\\u0061 \\"),
        BODY.replace(b"  with", b" with"),
    ):
        assert other != BODY
        assert not is_verified(other)


@pytest.mark.parametrize("signature", ["", " ", "x", "é", "====", "AAAA", None, "A" * 4000])
def test_a_malformed_signature_is_refused_and_raises_nothing(signature):
    assert not is_verified(signature=signature)


def test_a_signature_has_one_spelling():
    signature = signed.snap_signature(PATH, BODY)
    assert signature.endswith("==")
    spellings = [signature[:-3] + letter + "==" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef"]
    assert [one for one in spellings if is_verified(signature=one)] in ([], [signature])
    assert not is_verified(signature=signature.rstrip("="))
    assert not is_verified(signature=signature + "\n")
    assert not is_verified(signature=base64.b64decode(signature).hex())


def test_a_key_that_is_none_proves_nothing():
    curve = ec.generate_private_key(ec.SECP256R1()).public_key()
    other = curve.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    for key in ("", "no key", other, "\ud800", None):
        assert not is_verified(public_key_pem=key)


@given(JSON, st.sampled_from([None, 1, 4, "\t"]))
def test_minifying_leaves_what_compact_writing_gives(value, indent):
    written = json.dumps(value, ensure_ascii=False, indent=indent)
    compact = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    assert snap.minified(written.encode("utf-8", "surrogatepass")) == compact.encode(
        "utf-8", "surrogatepass"
    )


@given(st.binary())
def test_minifying_any_bytes_takes_only_white_space_and_does_it_once(content):
    found = snap.minified(content)
    assert found.translate(None, b" \t\r\n") == content.translate(None, b" \t\r\n")
    assert snap.minified(found) == found


def test_a_string_that_never_ends_takes_no_longer():
    assert snap.minified(b'"' + b'\\"' * 30_000) == b'"' + b'\\"' * 30_000
    assert snap.minified(b'"a b\\') == b'"a b\\'


def test_a_request_of_ours_is_signed_as_the_standard_says():
    body = b'{ "partnerReferenceNo": "a  b" }'
    text = (
        "POST:/v1.0/qr/qr-mpm-query:token:"
        + hashlib.sha256(b'{"partnerReferenceNo":"a  b"}').hexdigest()
        + ":"
        + signed.TIMESTAMP
    )
    expected = base64.b64encode(hmac.digest(b"secret", text.encode(), "sha512")).decode()
    found = snap.sign_symmetric(
        method="post",
        path="/v1.0/qr/qr-mpm-query",
        access_token="token",
        body=body,
        timestamp=signed.TIMESTAMP,
        client_secret="secret",
    )
    assert found == expected


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-23T08:15:30+07:00",
        "2026-11-23T08:15:30Z",
        "2026-11-23T08:15:30.123+07:00",
        "2026-11-23T08:15:30+0700",
    ],
)
def test_an_instant_with_an_offset_is_a_timestamp(text):
    assert snap.is_timestamp(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-11-23",
        "2026-11-23T08:15:30",
        "2026-11-23 08:15:30+07:00",
        "2026-13-23T08:15:30+07:00",
        "1795399865",
        "2026-11-23T08:15:30+07:00\n",
    ],
)
def test_what_is_no_instant_or_has_no_offset_is_no_timestamp(text):
    assert not snap.is_timestamp(text)
