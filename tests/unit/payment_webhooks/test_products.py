"""What a payment is for, whose revenue it is, and what the acquirer keeps."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.payment_webhooks.configuration import payments_of
from functions.payment_webhooks.products import attributed, credits_of, mdr, refund_days

PAYMENTS = payments_of("semarang")
BUS = "ID1026000000010"
TODAY = date(2026, 11, 23)
CLASSES = ["micro", "small", "medium", "large", "government", "education", "public_service"]


@pytest.mark.parametrize(
    ("received", "product", "site"),
    [
        ({"nmid": BUS}, "brt", None),
        ({"nmid": BUS, "terminal": "BUS-K2-01"}, "brt", "koridor-2"),
        ({"nmid": f" {BUS} ", "terminal": " BUS-K1-01"}, "brt", "koridor-1"),
        ({"nmid": BUS, "terminal": "BUS-XX"}, "brt", None),
        ({"outlet": "G000000001", "terminal": "T9"}, "brt", "koridor-1"),
        ({"nmid": "ID1026000000002"}, "parkir", "simpang-lima"),
    ],
)
def test_a_printed_qr_is_known_by_all_that_it_names(received, product, site):
    found = attributed(PAYMENTS, **received)
    assert found is not None
    assert (found.product.code, found.site) == (product, site)
    assert found.account == PAYMENTS.account_by_code[found.product.account].ledger_account


@pytest.mark.parametrize(
    "received",
    [{}, {"nmid": ""}, {"nmid": "  "}, {"nmid": "ID1026999999999"}, {"terminal": "BUS-K1-01"}],
)
def test_what_fits_no_place_is_for_nothing_known(received):
    assert attributed(PAYMENTS, **received) is None


def test_a_merchant_without_a_printed_qr_is_known_by_its_nmid():
    bare = PAYMENTS.model_copy(update={"static": ()})
    found = attributed(bare, nmid="ID1026000000001")
    assert found is not None
    assert (found.product.code, found.site) == ("retribusi-pasar", "pasar-johar")
    assert (found.account, found.merchant_class) == (
        "revenue:semarang-disperdag:4.1.02.01.05.0001",
        "micro",
    )


def test_a_merchant_of_another_product_does_not_change_a_printed_qr():
    (first, *_) = PAYMENTS.static
    strange = first.model_copy(update={"nmid": "ID1026000000001"})
    found = attributed(PAYMENTS.model_copy(update={"static": (strange,)}), nmid="ID1026000000001")
    assert found is not None
    assert (found.product.code, found.site) == ("brt", None)
    assert found.account == "revenue:semarang-dishub:4.1.04.15.01.0001"
    assert found.merchant_class == "public_service"


def test_principal_and_penalty_of_a_tax_are_accounted_apart():
    pbb = PAYMENTS.product_by_code["pbb"]
    assert credits_of(PAYMENTS, pbb, 110, penalty=10) == (
        ("revenue:semarang-bapenda:4.1.01.15.01.0001", 100),
        ("revenue:semarang-bapenda:4.1.04.12.01.0015", 10),
    )
    assert credits_of(PAYMENTS, pbb, 110) == (("revenue:semarang-bapenda:4.1.01.15.01.0001", 110),)
    assert len(credits_of(PAYMENTS, pbb, 10, penalty=10)) == 1
    brt = PAYMENTS.product_by_code["brt"]
    assert {name for name, _ in credits_of(PAYMENTS, brt, 9, penalty=1)} == {
        "revenue:semarang-dishub:4.1.04.15.01.0001"
    }


@pytest.mark.parametrize(
    ("amount", "merchant_class", "channel", "day", "kept"),
    [
        (500_000, "micro", "qris", TODAY, 0),
        (500_001, "micro", "qris", TODAY, 1500),
        (400_000, "micro", "qris", date(2024, 11, 30), 1200),
        (400_000, "micro", "qris", date(2024, 12, 1), 0),
        (100_000, "small", "qris", TODAY, 700),
        (100_000, "medium", "qris", TODAY, 700),
        (100_000, "large", "qris", TODAY, 700),
        (10**9, "government", "qris", TODAY, 0),
        (100_000, "education", "qris", TODAY, 600),
        (3500, "public_service", "qris", TODAY, 14),
        (125, "public_service", "qris", TODAY, 1),
        (124, "public_service", "qris", TODAY, 0),
        (3500, "public_service", "gopay", TODAY, 70),
        (3500, "public_service", "va", TODAY, 3500),
        (100_000, "public_service", "va", TODAY, 4000),
        (3500, "public_service", "qris", date(2019, 1, 1), 0),
    ],
)
def test_the_acquirer_keeps_what_the_dated_table_says(amount, merchant_class, channel, day, kept):
    assert mdr(PAYMENTS, amount, merchant_class, channel, day) == kept


@given(
    amount=st.integers(0, 10**12),
    merchant_class=st.sampled_from(CLASSES),
    channel=st.sampled_from(["qris", "gopay", "va", "card"]),
    day=st.dates(date(2019, 1, 1), date(2035, 1, 1)),
)
def test_never_is_more_kept_than_was_paid(amount, merchant_class, channel, day):
    assert 0 <= mdr(PAYMENTS, amount, merchant_class, channel, day) <= amount


def test_a_provider_refunds_for_so_many_days():
    assert [refund_days(PAYMENTS, name) for name in ("qris", "gopay", "va", "x")] == [45, 180, 0, 0]
