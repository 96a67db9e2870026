from dataclasses import replace

import pytest

from functions.payment_webhooks.books.following import Following
from functions.payment_webhooks.books.verifying import Fault
from functions.payment_webhooks.entry import EntryKind
from functions.payment_webhooks.posting import entries
from functions.payment_webhooks.record import PaidTransaction, Refund
from tests.journals import an_entry, stored
from tests.unit.payment_webhooks.orders import PAID, SEEN, an_order

REFUND = Refund(amount=500, confirmed=True, at=SEEN)
ORDER = replace(
    an_order(),
    version=2,
    transactions={
        "t-1": PaidTransaction(
            provider="midtrans",
            status="settlement",
            amount=3_500,
            mdr=24,
            paid_at=PAID,
            facts=("settlement",),
            confirmed=("settlement",),
            refunds={"r-1": REFUND},
        )
    },
)
JOURNAL = stored(entries(an_order(), ORDER, SEEN))


def found(journal, orders=(ORDER,), version=2, **more):
    following = Following()
    for order in orders:
        following.stands(order)
    for entry in journal:
        following.reads(entry)
    return {(one.fault, one.entry_id) for one in following.findings(lambda _: version, **more)}


def test_what_an_orders_facts_imply_is_what_is_posted():
    assert len(JOURNAL) == 3
    assert found(JOURNAL) == set()
    assert found([], [an_order()]) == set()


@pytest.mark.parametrize("place", range(3))
def test_an_entry_that_is_taken_away_is_named_before_any_seal(place):
    rest = [*JOURNAL[:place], *JOURNAL[place + 1 :]]
    assert found(rest) == {(Fault.MISSING, JOURNAL[place]["entry_id"])}


def test_an_entry_that_says_something_else_is_named():
    lines = [{**line, "amount": line["amount"] * 2} for line in JOURNAL[0]["lines"]]
    altered = {**JOURNAL[0], "lines": lines}
    assert found([altered, *JOURNAL[1:]]) == {(Fault.ALTERED, altered["entry_id"])}


def test_an_entry_of_no_fact_or_no_order_is_named():
    (more,) = stored([an_entry("t-9", order_id=ORDER.order_id)])
    assert found([*JOURNAL, more]) == {(Fault.INSERTED, more["entry_id"])}
    (stray,) = stored([an_entry("t-9", order_id="SMG-BRT-0000000000000")])
    assert found([stray], [], version=None) == {(Fault.INSERTED, stray["entry_id"])}
    following = Following()
    following.reads(stray)
    (finding,) = following.findings(lambda _: None)
    assert finding.jurisdiction_id == stray["jurisdiction_id"]


def test_an_order_that_changed_meanwhile_or_was_made_is_left_out():
    assert found(JOURNAL[:1], version=3) == set()
    assert found(JOURNAL, [], version=1) == set()


def test_what_people_post_and_what_is_known_already_is_left_out():
    posted = [
        an_entry("t-9", kind=kind)
        for kind in (EntryKind.PAYOUT, EntryKind.MDR_ADJUSTMENT, EntryKind.CORRECTION)
    ]
    assert found([*JOURNAL, *stored(posted)]) == set()
    missing = JOURNAL[0]["entry_id"]
    assert found(JOURNAL[1:], known=frozenset({missing})) == set()


@pytest.mark.parametrize("spoilt", [{"kind": "x"}, {"lines": None}, {"lines": [{"account": "a"}]}])
def test_an_entry_that_cannot_be_read_is_missing_to_its_order(spoilt):
    assert found([{**JOURNAL[0], **spoilt}, *JOURNAL[1:]]) == {
        (Fault.MISSING, JOURNAL[0]["entry_id"])
    }
