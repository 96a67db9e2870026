"""GoBiz: the signature over the raw body, and what an envelope says."""

import hmac
from datetime import datetime

import pytest

from functions.payment_webhooks.providers import gobiz
from functions.payment_webhooks.refusal import Reason, Refused
from shared.clock import WIB
from tests import signed

SECRET = "gobiz-secret"
BODY = signed.raw(signed.gobiz())
SIGNATURE = signed.gobiz_signature(BODY, SECRET)


def is_verified(body=BODY, signature=SIGNATURE, secret=SECRET):
    return gobiz.verify(body=body, signature=signature, secret=secret)


def test_a_genuine_body_is_verified_with_the_secret_as_text_or_bytes():
    assert is_verified()
    assert is_verified(secret=SECRET.encode())


def test_no_changed_byte_is_verified():
    assert not any(is_verified(body=flipped) for flipped in signed.flips(BODY))
    for flipped in signed.flips(SIGNATURE.encode()):
        assert not is_verified(signature=flipped.decode("latin-1"))


def test_another_secret_and_another_serialisation_do_not_fit():
    assert not is_verified(secret="other")
    assert not is_verified(secret="")
    for nothing in ("", b""):
        signed_with_it = signed.gobiz_signature(BODY, "")
        assert not is_verified(secret=nothing, signature=signed_with_it)
    assert not is_verified(secret="\ud800")
    assert not is_verified(body=signed.raw(signed.gobiz(), indent=1))
    assert not is_verified(body=signed.reserialised(BODY))


@pytest.mark.parametrize("signature", ["", None, "é", "\ud800", SIGNATURE.upper(), SIGNATURE + " "])
def test_a_malformed_signature_is_refused_and_raises_nothing(signature):
    assert not is_verified(signature=signature)


def test_signatures_are_compared_in_constant_time(monkeypatch):
    compared = []

    def compare(left, right):
        compared.append(left)
        return True

    monkeypatch.setattr(hmac, "compare_digest", compare)
    assert is_verified(signature="whatever")
    assert compared == [SIGNATURE.encode()]


def test_a_settlement_is_read():
    found = gobiz.checked(signed.gobiz())
    assert (found.provider, found.order_ref, found.transaction_id) == (
        "gobiz",
        signed.ORDER,
        "G-2026-1",
    )
    assert (found.status, found.raw_status, found.proven) == ("settlement", "settlement", True)
    assert (found.amount, found.currency) == (3500, "IDR")
    assert found.paid_at == datetime(2026, 11, 23, 8, 15, 30, tzinfo=WIB)
    assert (found.outlet_id, found.terminal) == ("G999", "HALTE-07")
    assert (found.payment_type, found.channel) == ("QRIS", "qris")


@pytest.mark.parametrize(
    ("status", "read"),
    [
        ("SETTLEMENT", "settlement"),
        (None, "settlement"),
        ("", "settlement"),
        ("odd", "unknown:odd"),
        (7, "unknown:7"),
    ],
)
def test_the_status_is_the_transactions_or_else_the_events(status, read):
    assert gobiz.notice(signed.gobiz(status=status)).status == read


def test_an_envelope_may_be_flat_or_an_array():
    flat = signed.gobiz()["body"]
    arrayed = signed.gobiz() | {"body": [flat]}
    assert gobiz.notice(flat | {"status": "x"}).transaction_id == "G-2026-1"
    assert gobiz.notice(arrayed) == gobiz.notice(signed.gobiz())


def test_a_transaction_without_id_goes_by_its_order():
    assert gobiz.checked(signed.gobiz(id=None)).transaction_id == signed.ORDER


@pytest.mark.parametrize("body", [{}, {"body": None}, {"body": {"transaction": []}}])
def test_a_notification_of_no_transaction_is_refused(body):
    with pytest.raises(Refused) as refusal:
        gobiz.checked(body)
    assert (refusal.value.reason, refusal.value.field) == (Reason.MISSING, "body.transaction.id")


def test_what_is_not_said_is_absent():
    found = gobiz.notice({})
    assert found.status == "unknown:"
    assert (found.amount, found.channel, found.outlet_id, found.paid_at) == (None,) * 4


@pytest.mark.parametrize(
    ("reason", "status"),
    [
        (Reason.UNSIGNED, 401),
        (Reason.SIGNATURE, 401),
        (Reason.MISSING, 400),
        (Reason.BODY, 400),
        (Reason.OVERSIZE, 413),
    ],
)
def test_each_refusal_has_its_answer(reason, status):
    found, body = gobiz.refused(Refused(reason, "X-Go-Signature"))
    assert found == status
    assert body == {
        "success": False,
        "errors": [
            {"code": reason.lower(), "message": f"Refused: {reason}: X-Go-Signature"},
        ],
    }


def test_the_other_answers():
    assert gobiz.accepted() == (200, {"success": True})
    error = {"code": "unavailable", "message": "Temporarily unavailable, please send again"}
    assert gobiz.failed() == (503, {"success": False, "errors": [error]})
