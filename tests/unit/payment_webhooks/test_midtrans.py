"""Midtrans: the signature, the forms that keep it from abuse, and what a body says."""

import hashlib
import hmac
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.payment_webhooks.notice import RefundNotice
from functions.payment_webhooks.providers import midtrans
from functions.payment_webhooks.refusal import Reason, Refused
from shared.clock import WIB
from tests import signed

KEY = signed.SERVER_KEY


def is_accepted(body, key=KEY):
    try:
        return midtrans.fits(midtrans.checked(body), key)
    except Refused:
        return False


def refusal(body):
    with pytest.raises(Refused) as found:
        midtrans.checked(body)
    return found.value.reason, found.value.field


def test_the_signature_is_the_one_of_the_document():
    expected = hashlib.sha512(
        b"Postman-157856885120010000.00askvnoibnosifnboseofinbofinfgbiufglnbfg"
    )
    found = midtrans.signature_key(
        "Postman-1578568851", "200", "10000.00", "askvnoibnosifnboseofinbofinfgbiufglnbfg"
    )
    assert found == expected.hexdigest()


def test_a_genuine_notification_is_accepted():
    assert is_accepted(signed.midtrans())


def test_another_key_does_not_fit():
    assert not is_accepted(signed.midtrans(), KEY + "x")


@pytest.mark.parametrize("name", ["order_id", "status_code", "gross_amount", "signature_key"])
def test_no_changed_byte_of_what_is_signed_is_accepted(name):
    body = signed.midtrans()
    for flipped in signed.flips(body[name].encode()):
        assert not is_accepted(body | {name: flipped.decode("latin-1")})


@pytest.mark.parametrize("name", ["order_id", "status_code", "gross_amount"])
def test_a_missing_field_is_named(name):
    body = signed.midtrans()
    assert refusal({k: v for k, v in body.items() if k != name}) == (Reason.MISSING, name)
    assert refusal(body | {name: ""}) == (Reason.MISSING, name)


def test_a_notification_without_signature_is_unsigned():
    assert refusal(signed.midtrans(signature_key="")) == (Reason.UNSIGNED, "signature_key")


@pytest.mark.parametrize("value", [3500, 3500.0, ["3500.00"], {"value": "3500.00"}, True])
def test_an_amount_that_is_no_text_is_not_hashed(value):
    assert refusal(signed.midtrans() | {"gross_amount": value}) == (Reason.FORMAT, "gross_amount")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("status_code", "20"),
        ("status_code", "2000"),
        ("status_code", "200\n"),
        ("status_code", "٢٠٠"),
        ("gross_amount", "3500"),
        ("gross_amount", "03500.00"),
        ("gross_amount", "3500.0"),
        ("gross_amount", "-3500.00"),
        ("gross_amount", "3500.00\n"),
        ("gross_amount", f"{10**16}.00"),
        ("order_id", "SMG-BRT-7K3F9Q2M1XWZ42"),
        ("order_id", "SMG-BRT-7K3F9Q2M1XWZ"),
        ("order_id", "SMG-BRT-7K3F9Q2M1XWZ4 "),
        ("order_id", "smg brt"),
        ("order_id", "x" * 65),
    ],
)
def test_what_has_not_its_form_is_refused_though_signed(name, value):
    assert refusal(signed.midtrans(**{name: value})) == (Reason.FORMAT, name)


@pytest.mark.parametrize("signature", ["x", "A" * 128, "g" * 128, "a" * 127, "a" * 129, "é" * 128])
def test_a_signature_of_another_form_never_fits(signature):
    found = refusal(signed.midtrans(signature_key=signature))
    assert found == (Reason.SIGNATURE, "signature_key")


def test_a_signature_in_capitals_is_not_what_the_provider_sends():
    body = signed.midtrans()
    assert not is_accepted(body | {"signature_key": body["signature_key"].upper()})


order_ids = st.one_of(
    st.from_regex(r"[A-Z]{3}-[A-Z]{3}-[0-9A-HJKMNP-TV-Z]{13}", fullmatch=True),
    st.from_regex(r"[A-Z]{1,6}-[0-9]{1,12}", fullmatch=True),
    st.from_regex(r"[0-9]{1,12}", fullmatch=True),
    st.from_regex(r"[A-Z]{3}-[A-Z]{3}-[0-9A-Z]{1,20}", fullmatch=True),
)
amounts = st.integers(1, 10**12).map(lambda n: f"{n}.00")


@given(order_ids, st.sampled_from(["200", "201", "202", "407"]), amounts)
def test_no_genuine_signature_is_taken_for_another_order(order_id, status_code, gross_amount):
    joined = order_id + status_code + gross_amount
    genuine = signed.midtrans(order_id=order_id, status_code=status_code, gross_amount=gross_amount)
    readings = [
        {"order_id": joined[:one], "status_code": joined[one:two], "gross_amount": joined[two:]}
        for one in range(len(joined))
        for two in range(one, len(joined))
    ]
    accepted = [one for one in readings if is_accepted(genuine | one)]
    assert len(accepted) <= 1
    if midtrans._OUR_ORDER.fullmatch(order_id):
        assert len(accepted) == 1


@pytest.mark.parametrize(
    "order_id",
    [
        "Postman-1578568851",
        "ORDER-101",
        "A",
        "0f8f-d9cb-469f",
        "INV-JAN-0001",
        "SMG-BRT-1",
        "DIS-HUB-2026.11.23-000017",
        "SMG-BRT-7K3F9Q2M1XWZ4-retry-1",
    ],
)
def test_an_order_that_is_not_ours_is_taken_where_the_join_has_one_reading(order_id):
    assert is_accepted(signed.midtrans(order_id=order_id))


def test_no_order_is_taken_whose_join_can_be_read_as_one_of_ours():
    # Thirteen characters, three digits and an amount make it one of ours, however it is meant.
    body = signed.midtrans(order_id="SMG-BRT-1", gross_amount="1234567894043500.00")
    ours = {
        "order_id": "SMG-BRT-1200123456789",
        "status_code": "404",
        "gross_amount": "3500.00",
    }
    assert is_accepted(body | ours)
    assert refusal(body) == (Reason.FORMAT, "order_id")
    assert is_accepted(signed.midtrans(order_id="SMG-BRT-1", gross_amount="1234567894040500.00"))


def test_a_long_amount_is_refused_before_its_readings_are_counted(monkeypatch):
    monkeypatch.setattr(midtrans, "_readings", lambda joined: pytest.fail("costs its square"))
    body = signed.midtrans(order_id="INV-1", gross_amount="200" * 20_000 + ".00")
    assert refusal(body) == (Reason.FORMAT, "gross_amount")


def test_an_order_that_is_not_ours_is_refused_where_the_join_has_two_readings():
    assert refusal(signed.midtrans(order_id="INV-1", gross_amount="2003500.00")) == (
        Reason.FORMAT,
        "order_id",
    )
    assert refusal(signed.midtrans(order_id="INV-1200")) == (Reason.FORMAT, "order_id")


def test_signatures_are_compared_in_constant_time(monkeypatch):
    compared = []

    def compare(left, right):
        compared.append((left, right))
        return left == right

    monkeypatch.setattr(hmac, "compare_digest", compare)
    body = signed.midtrans()
    assert is_accepted(body)
    assert compared == [(body["signature_key"].encode(), body["signature_key"].encode())]


def test_a_notification_by_qris_is_read():
    found = midtrans.notice(signed.midtrans())
    assert found.provider == "midtrans"
    assert found.order_ref == signed.ORDER
    assert found.transaction_id == "9aed5972-5b6a-401e-894b-a32c91ed1a3a"
    assert (found.status, found.raw_status, found.status_code) == (
        "settlement",
        "settlement",
        "200",
    )
    assert (found.amount, found.original_amount, found.currency) == (3500, None, "IDR")
    assert found.fraud_status == "accept"
    assert found.paid_at == datetime(2026, 11, 23, 8, 15, 30, tzinfo=WIB)
    assert (found.payment_type, found.channel) == ("qris", "qris")
    assert found.refunds == ()
    assert not found.proven
    assert not found.is_test


def test_the_status_is_read_in_any_case_and_kept_as_it_came():
    found = midtrans.notice(signed.midtrans(transaction_status=" PENDING"))
    assert (found.status, found.raw_status) == ("pending", "PENDING")


@pytest.mark.parametrize(("raw", "status"), [("Paid", "unknown:Paid"), (None, "unknown:")])
def test_an_unknown_status_is_kept(raw, status):
    assert midtrans.notice(signed.midtrans(transaction_status=raw)).status == status


def test_what_is_not_said_is_absent():
    bare = midtrans.notice({"order_id": signed.ORDER, "transaction_status": "settlement"})
    assert (bare.fraud_status, bare.paid_at, bare.amount, bare.channel) == (None,) * 4
    assert (bare.payment_type, bare.va_number, bare.status_code) == (None,) * 3
    assert bare.transaction_id == signed.ORDER
    assert bare.currency == "IDR"
    assert midtrans.notice({}).transaction_id == ""


def test_a_payment_not_settled_yet_has_the_time_of_its_transaction():
    found = midtrans.notice(signed.midtrans(settlement_time=None))
    assert found.paid_at == datetime(2026, 11, 23, 8, 14, 1, tzinfo=WIB)


@pytest.mark.parametrize(
    "numbers",
    [
        [{"va_number": " 7001012345", "bank": "bca"}],
        {"va_number": "7001012345 ", "bank": "bca"},
    ],
)
def test_a_virtual_account_may_begin_with_spaces_and_stand_in_no_array(numbers):
    found = midtrans.notice(signed.midtrans(payment_type="bank_transfer", va_numbers=numbers))
    assert (found.va_number, found.channel) == ("7001012345", "va")


def test_a_card_is_a_card():
    found = midtrans.notice(signed.midtrans(payment_type="Credit_Card", fraud_status="CHALLENGE"))
    assert (found.channel, found.fraud_status) == ("card", "challenge")


def test_a_fee_put_on_top_leaves_the_original_amount():
    metadata = {"extra_info": {"gross_amount_info": {"original_amount": "3500.00"}}}
    found = midtrans.notice(signed.midtrans(gross_amount="3525.00", metadata=metadata))
    assert (found.amount, found.original_amount) == (3525, 3500)


REFUND = {
    "refund_chargeback_id": 1,
    "refund_amount": "1000.00",
    "created_at": "2026-11-24 09:00:00",
    "reason": "double",
    "refund_key": "r-1",
    "refund_method": "Direct Refund API",
}


def test_a_refund_is_confirmed_by_the_second_notice_alone():
    asked = midtrans.notice(signed.midtrans(transaction_status="partial_refund", refunds=[REFUND]))
    done = midtrans.notice(
        signed.midtrans(refunds=REFUND | {"bank_confirmed_at": "2026-11-25 10:00:00"})
    )
    assert asked.status == "partial_refund"
    assert asked.refunds == (
        RefundNotice(
            key="r-1",
            amount=1000,
            confirmed=False,
            at=datetime(2026, 11, 24, 9, tzinfo=WIB),
        ),
    )
    assert done.refunds == (
        RefundNotice(
            key="r-1",
            amount=1000,
            confirmed=True,
            at=datetime(2026, 11, 25, 10, tzinfo=WIB),
        ),
    )


def test_a_refund_without_key_goes_by_its_number():
    no_key = {name: value for name, value in REFUND.items() if name != "refund_key"}
    assert midtrans.notice(signed.midtrans(refunds=[no_key])).refunds[0].key == "1"


@pytest.mark.parametrize(
    "refunds",
    [None, [], "no", [None], [{"refund_amount": "5.00"}], [REFUND | {"refund_amount": "0.00"}]],
)
def test_what_is_no_refund_is_none(refunds):
    assert midtrans.notice(signed.midtrans(refunds=refunds)).refunds == ()


def test_a_trial_from_the_dashboard_is_told_apart():
    body = signed.midtrans(order_id="payment_notif_test_G141532850_5c1f")
    assert is_accepted(body)
    assert midtrans.notice(body).is_test


def test_fields_that_nobody_knows_change_nothing():
    more = {"new_field": {"a": [1]}, "another": None}
    assert midtrans.notice(signed.midtrans() | more) == midtrans.notice(signed.midtrans())


def test_where_it_was_paid_is_read_where_it_is_said():
    found = midtrans.notice(
        signed.midtrans(
            metadata={"store_id": "S1", "terminal_id": "T1", "outlet_id": "O1"}, nmid="ID2026"
        )
    )
    assert (found.store_id, found.terminal, found.outlet_id, found.nmid) == (
        "S1",
        "T1",
        "O1",
        "ID2026",
    )


@pytest.mark.parametrize(
    ("reason", "status"),
    [
        (Reason.UNSIGNED, 400),
        (Reason.SIGNATURE, 400),
        (Reason.MISSING, 400),
        (Reason.FORMAT, 400),
        (Reason.BODY, 400),
        (Reason.OVERSIZE, 413),
    ],
)
def test_each_refusal_has_the_answer_that_is_repeated_least(reason, status):
    found, body = midtrans.refused(Refused(reason, "order_id"))
    assert found == status
    assert body == {"status_code": str(status), "status_message": f"Refused: {reason}: order_id"}


def test_the_other_answers():
    assert midtrans.accepted() == (200, {"status_code": "200", "status_message": "OK"})
    assert midtrans.failed() == (
        503,
        {
            "status_code": "503",
            "status_message": "Temporarily unavailable, please send again",
        },
    )
