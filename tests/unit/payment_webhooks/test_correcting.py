"""A correction is an entry like any other, with a reason that can be read later."""

from typing import Any

import pytest

from functions.payment_webhooks.correcting import NotCorrectable, correction
from tests.unit.payment_webhooks.orders import FARES, SEEN, an_order

RIGHT: dict[str, Any] = {
    "debited": "suspense:late",
    "credited": FARES,
    "amount": 3_500,
    "why": " Penumpang  sudah\ndiangkut ",
}


def corrected(**changes):
    return correction(an_order(**changes.pop("order", {})), **(RIGHT | changes), at=SEEN)


def test_it_moves_an_amount_and_says_why():
    entry = corrected()
    assert {line.account: line.amount for line in entry.lines} == {
        "suspense:late": 3_500,
        FARES: -3_500,
    }
    assert (entry.kind, entry.note) == ("correction", "Penumpang sudah diangkut")
    assert (entry.occurred_at, entry.posted_at, entry.provider) == (SEEN, SEEN, "")
    assert corrected(order={"provider": "qris"}).provider == "qris"


def test_the_same_is_the_same_and_another_reason_is_another():
    first = corrected()
    assert corrected(why="Penumpang sudah diangkut") == first
    others = [
        corrected(why="Penumpang sudah diantar"),
        corrected(amount=3_501),
        corrected(debited="suspense:overpayment"),
        corrected(credited="bank"),
        corrected(order={"order_id": "SMG-BRT-0000000000001"}),
    ]
    assert len({one.entry_id for one in [first, *others]}) == 6
    assert len({one.reference for one in [first, *others]}) == 6


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"debited": "Bank"}, "debited"),
        ({"debited": "suspense:"}, "debited"),
        ({"credited": "revenue:dishub:x"}, "credited"),
        ({"credited": "suspense:late"}, "credited"),
        ({"amount": 0}, "amount"),
        ({"amount": -1}, "amount"),
        ({"why": "       x"}, "why"),
        ({"why": "1234567"}, "why"),
    ],
)
def test_what_is_no_correction_names_the_field(changes, field):
    with pytest.raises(NotCorrectable) as refusal:
        corrected(**changes)
    assert refusal.value.field == field


@pytest.mark.parametrize(
    "account", ["refunds_payable", "bank", "mdr:qris", "clearing:marketplace:loket"]
)
def test_every_account_of_the_ledger_can_be_corrected(account):
    assert corrected(debited=account, amount=1, why="12345678").lines[0].account == account
