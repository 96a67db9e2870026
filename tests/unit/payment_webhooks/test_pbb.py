"""Bills of the land and building tax: numbers, sums, names and keys."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.payment_webhooks import pbb
from functions.payment_webhooks.configuration import payments_of
from functions.payment_webhooks.order_ids import is_order_number
from functions.payment_webhooks.pbb import Nop, TaxBill, bill_named, nop_of
from functions.payment_webhooks.record import Bill
from shared.dynamo import from_item
from shared.errors import InvalidInput
from tests.unit.payment_webhooks.orders import an_order

DIGITS = "337401000100100010"
NOPS = st.builds(
    lambda head, flag: head + flag,
    st.text("0123456789", min_size=17, max_size=17),
    st.sampled_from("079"),
)


def a_bill(**changes: Any) -> TaxBill:
    values: dict[str, Any] = {
        "jurisdiction_id": "semarang",
        "nop": DIGITS,
        "year": 2024,
        "principal": 100_000,
        "due_on": date(2024, 9, 30),
        "taxpayer": "B*** S******",
    }
    return TaxBill(**values | changes)


@given(NOPS, st.sampled_from(["", ".", "-", " "]))
def test_a_nop_is_read_with_and_without_its_dots_and_has_seven_parts(digits, between):
    parts = Nop(digits).parts
    assert [len(part) for part in parts] == [2, 2, 3, 3, 3, 4, 1]
    assert "".join(parts) == digits
    assert nop_of(between.join(parts)) == Nop(digits)
    assert nop_of(Nop(digits).printed) == Nop(digits)


def test_a_nop_is_printed_as_the_tax_office_does():
    assert Nop(DIGITS).printed == "33.74.010.001.001-0001.0"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "format"),
        ("33740100010010001", "format"),
        ("3374010001001000100", "format"),
        ("33740100010010001x", "format"),
        ("３３７４０１０００１００１０００１０", "format"),
        ("33/74.010.001.001-0001.0", "format"),
        ("337401000100100011", "flag"),
        ("337401000100100018", "flag"),
        ("357401000100100010", "elsewhere"),
    ],
)
def test_what_is_no_nop_is_told_why(text, code):
    with pytest.raises(InvalidInput) as caught:
        nop_of(text, ["3374", "3322"])
    (fault,) = caught.value.faults
    assert (fault.field, fault.code) == ("nop", code)
    assert fault.message.id
    if code == "elsewhere":
        assert "3374, 3322" in fault.message.en


@given(st.text().filter(lambda text: sum(map(str.isdigit, text)) != 18))
def test_a_text_without_eighteen_digits_is_no_nop(text):
    with pytest.raises(InvalidInput):
        nop_of(text)


@pytest.mark.parametrize(
    ("customer_no", "named"),
    [
        (f"{DIGITS}2024", (DIGITS, 2024)),
        (f" {DIGITS}2024 ", (DIGITS, 2024)),
        (f"{DIGITS}24", (DIGITS, 2024)),
        (f"{DIGITS}84", (DIGITS, 2084)),
        (f"{DIGITS}85", (DIGITS, 1985)),
        (f"{DIGITS}1985", (DIGITS, 1985)),
        (f"{DIGITS}1984", None),
        (DIGITS, None),
        (f"{DIGITS}202", None),
        (f"{DIGITS}20245", None),
        ("3374010001001000112024", None),
        ("", None),
    ],
)
def test_a_virtual_accounts_number_names_a_bill(customer_no, named):
    assert bill_named(customer_no) == named


def test_what_is_owed_is_principal_and_penalty():
    rules = payments_of("semarang").product_by_code["pbb"].penalties
    owed = pbb.owed(a_bill(), date(2024, 11, 15), "va", rules)
    assert (owed.principal, owed.penalty, owed.total) == (100_000, 2_000, 102_000)
    assert pbb.owed(a_bill(), date(2024, 11, 15), "qris", rules).total == 100_000


@given(st.text(max_size=30), st.text(max_size=30))
def test_a_receipts_number_follows_from_the_payment(order_id, transaction_id):
    number = pbb.receipt_number(order_id, transaction_id)
    assert number == pbb.receipt_number(order_id, transaction_id)
    assert len(number) == 16
    assert number.isalnum()
    assert number != pbb.receipt_number(order_id, transaction_id + "x")
    assert not is_order_number(number)


def test_a_bill_is_claimed_and_released_by_its_order_alone():
    bill = Bill(nop=DIGITS, year=2024, principal=100, penalty=1)
    order = an_order(product="pbb", kind="tax", bill=bill)
    claim = pbb.claim_of_bill(order, datetime(2026, 1, 2, tzinfo=UTC), "R1")
    assert from_item(claim["Key"]) == {"pk": f"B#{DIGITS}#2024", "sk": "BILL"}
    assert from_item(claim["ExpressionAttributeValues"]) == {
        ":paid": "paid",
        ":unpaid": "unpaid",
        ":order": order.order_id,
        ":at": "2026-01-02T00:00:00.000Z",
        ":receipt": "R1",
    }
    released = pbb.release_of_bill(order)
    assert released["Key"] == claim["Key"]
    assert released["ConditionExpression"] == "paid_by = :order"


def test_a_bill_comes_back_from_its_item():
    bill = a_bill(status="paid", paid_by="SMG-PBB-1", paid_at="x", receipt_number="R")
    assert pbb.bill_from(pbb.bill_values(bill)) == bill
    assert bill.is_paid
    bare = a_bill(taxpayer="")
    kept = {name: value for name, value in pbb.bill_values(bare).items() if value is not None}
    assert "taxpayer" not in kept
    assert pbb.bill_from(kept) == bare
    assert not bare.is_paid


def test_a_name_is_masked_to_its_first_letters():
    assert pbb.masked("  Budi  Santoso ") == "B*** S******"
    assert pbb.masked("A") == "A"
    assert pbb.masked("") == ""
