"""The first leg, case by case: what a line of a provider's file and our journal say of each other."""

import io
from dataclasses import replace
from datetime import date, timedelta

import pytest

from functions.payment_webhooks.books.ours import ours
from functions.payment_webhooks.books.reconciliation import (
    Reconciled,
    days_of,
    reconcile,
    working_days_after,
)
from functions.payment_webhooks.books.settlement_files import provider_lines
from functions.payment_webhooks.entry import EntryKind, Line
from tests.journals import NOON, a_refund, an_entry, sale_lines, stored

HEAD = "Order ID,Transaction ID,Transaction Time,Gross,Fee,Status,Settlement Date,Payout ID\n"
FRIDAY, MONDAY = date(2026, 11, 20), date(2026, 11, 23)


def a_line(transaction_id="t-1", **changes) -> str:
    cells = {
        "order_id": f"SMG-BRT-{transaction_id}",
        "transaction_id": transaction_id,
        "at": "2026-11-20 12:00:00",
        "gross": 3_500,
        "fee": 24,
        "status": "settlement",
        "settled": "2026-11-23",
        "payout": "PO-1",
    }
    return ",".join(map(str, (cells | changes).values()))


def lines(*written):
    return list(provider_lines(io.BytesIO((HEAD + "\n".join(written)).encode())))


def compared(entries, *written, **more) -> Reconciled:
    return reconcile(ours(stored(entries)), lines(*written), **more)


def states(found: Reconciled):
    return [(str(one.state), one.what, one.transaction_id) for one in found.differences]


def test_what_both_have_alike_is_matched():
    found = compared([an_entry()], a_line())
    assert (states(found), found.matched, found.matched_amount) == ([], 1, 3_500)
    assert (found.first, found.last, found.lines) == (FRIDAY, FRIDAY, 1)
    assert found.settled == {"2026-11-20": {"t-1": "PO-1"}}
    (batch,) = found.batches
    assert (batch.batch, batch.provider, batch.paid_out_on) == ("PO-1", "midtrans", MONDAY)
    assert (batch.gross_sen, batch.fee_sen, batch.net_sen, batch.count) == (
        3_500_00, 24_00, 3_476_00, 1,
    )  # fmt: skip
    assert batch.by_provider == {"midtrans": 3_476_00}


@pytest.mark.parametrize(
    ("changes", "what", "ours_", "theirs"),
    [
        ({"gross": 3_501}, ("amount",), {"amount": 3_500}, {"amount": 3_501}),
        ({"fee": "25"}, ("fee",), {"fee": 24}, {"fee": 25}),
        ({"fee": "25.50"}, ("fee",), {"fee": 24}, {"fee": 25.5}),
        (
            {"at": "2026-11-19 12:00:00"},
            ("date",),
            {"date": "2026-11-20"},
            {"date": "2026-11-19"},
        ),
        ({"at": "2026-11-19"}, ("date",), {"date": "2026-11-20"}, {"date": "2026-11-19"}),
        ({"status": "deny"}, ("status",), {"status": "paid"}, {"status": "failed"}),
        ({"status": "odd"}, ("status",), {"status": "paid"}, {"status": "odd"}),
        (
            {"gross": 1, "fee": 0, "status": "pending"},
            ("amount", "fee", "status"),
            {"amount": 3_500, "fee": 24, "status": "paid"},
            {"amount": 1, "fee": 0, "status": "pending"},
        ),
    ],
)
def test_each_thing_that_differs_is_named(changes, what, ours_, theirs):
    found = compared([an_entry()], a_line(**changes))
    (one,) = found.differences
    assert (one.state, one.what, one.ours, one.theirs) == ("MISMATCHED", what, ours_, theirs)
    assert (one.line, one.product, one.site) == (2, "brt-umum", "koridor-1")


def test_parts_of_a_rupiah_and_a_fee_left_open_are_no_difference():
    assert states(compared([an_entry()], a_line(fee="24.50"))) == []
    assert states(compared([an_entry()], a_line(fee="23.50"))) == []
    assert states(compared([an_entry()], a_line(fee=""))) == []


def test_a_payment_at_midnight_may_bear_either_day_where_both_say_the_time():
    entry = an_entry(occurred_at=NOON + timedelta(hours=12, minutes=1))
    assert states(compared([entry], a_line(at="2026-11-20 23:59:00"))) == []
    assert states(compared([entry], a_line(at="2026-11-20 22:00:00"))) != []


def test_what_is_not_in_the_file_is_missing_on_its_days_and_expected_after_them():
    entries = [
        an_entry("t-1"),
        an_entry("t-2"),
        an_entry("t-3", occurred_at=NOON + timedelta(days=1)),
        an_entry("t-4", occurred_at=NOON - timedelta(days=1)),
    ]
    found = compared(entries, a_line())
    assert states(found) == [("MISSING_PROVIDER", (), "t-2"), ("EXPECTED", (), "t-3")]
    longer = compared(entries, a_line(), days=(FRIDAY, FRIDAY + timedelta(days=1)))
    assert ("MISSING_PROVIDER", (), "t-3") in states(longer)


def test_another_providers_payments_are_expected_of_its_own_file_until_their_term_is_over():
    entries = [an_entry("t-1"), an_entry("t-2"), an_entry("t-3", provider="gobiz")]
    missing = ("MISSING_PROVIDER", (), "t-2")
    term = date(2026, 11, 25)
    for today in (None, term):
        found = compared(entries, a_line(), today=today)
        assert states(found) == [missing, ("EXPECTED", (), "t-3")]
    found = compared(entries, a_line(), today=term + timedelta(days=1))
    assert states(found) == [missing, ("MISSING_PROVIDER", (), "t-3")]
    nobodys = compared(entries, a_line("t-9"))
    assert ("MISSING_PROVIDER", (), "t-3") in states(nobodys)


def test_an_empty_file_speaks_for_no_day():
    found = compared([an_entry()])
    assert states(found) == [("EXPECTED", (), "t-1")]
    assert (found.first, found.batches) == (None, [])


def test_what_is_not_ours_is_missing_here_and_paid_out_all_the_same():
    found = compared([an_entry()], a_line(), a_line("x", gross=10, fee=0), a_line("x", gross=10))
    assert states(found) == [("MISSING_INTERNAL", (), "x"), ("DUPLICATE", (), "x")]
    assert found.batches[0].net_sen == 3_486_00
    assert found.batches[0].by_provider == {"midtrans": 3_476_00}


def test_attempts_that_came_to_nothing_are_passed_over():
    found = compared(
        [an_entry()],
        a_line(status="deny"),
        a_line(),
        a_line("x", status="expire"),
        a_line("y", status="pending"),
    )
    assert (states(found), found.matched, found.passed_over) == ([], 1, 3)


def test_a_line_that_comes_twice_is_a_duplicate_and_paid_out_once():
    found = compared([an_entry()], a_line(), a_line())
    assert states(found) == [("DUPLICATE", (), "t-1")]
    assert found.batches[0].count == 1


def test_what_other_files_settled_in_the_same_payout_is_matched_and_not_paid_out_again():
    found = compared([an_entry()], a_line(), settled_before={"t-1": "PO-1"})
    assert (states(found), found.matched, found.batches) == ([], 1, [])


def test_what_other_files_settled_in_another_payout_is_a_duplicate():
    found = compared([an_entry()], a_line(), settled_before={"t-1": "PO-0"})
    assert states(found) == [("DUPLICATE", (), "t-1")]
    assert found.differences[0].note == "also in payout PO-0"


def test_what_a_file_without_payouts_listed_is_settled_by_the_one_that_names_them():
    found = compared([an_entry()], a_line(), settled_before={"t-1": ""})
    assert (states(found), found.matched, found.batches[0].batch) == ([], 1, "PO-1")
    assert found.settled == {"2026-11-20": {"t-1": "PO-1"}}
    found = compared([an_entry()], a_line(payout="", settled=""), settled_before={"t-1": "PO-1"})
    assert (states(found), found.matched, found.batches, found.settled) == ([], 1, [], {})


def test_what_other_files_settled_is_not_missing_from_this_one():
    entries = [an_entry("t-1"), an_entry("t-2")]
    assert states(compared(entries, a_line(), settled_before={"t-2": "PO-0"})) == []


def test_late_is_what_is_right_and_settled_after_its_term():
    assert states(compared([an_entry()], a_line(settled="2026-11-25"))) == []
    found = compared([an_entry()], a_line(settled="2026-11-26"))
    assert states(found) == [("LATE", (), "t-1")]
    assert found.differences[0].ours == {"due": "2026-11-25"}
    assert found.settled


def test_working_days_leave_out_week_ends_and_holidays():
    assert working_days_after(FRIDAY, 0) == FRIDAY
    assert working_days_after(FRIDAY, 1) == MONDAY
    assert working_days_after(FRIDAY, 1, {"2026-11-23"}) == date(2026, 11, 24)


def test_without_the_providers_own_number_the_order_tells():
    found = compared([an_entry("t-1"), an_entry("t-2")], a_line(transaction_id=""), a_line("t-2"))
    assert states(found) == [("MISSING_INTERNAL", (), None), ("MISSING_PROVIDER", (), "t-1")]
    named = a_line(transaction_id="", order_id="SMG-BRT-t-1")
    assert states(compared([an_entry("t-1"), an_entry("t-2")], named, a_line("t-2"))) == []
    assert states(compared([an_entry("t-1")], named, named)) == [("DUPLICATE", (), "t-1")]


def test_where_the_file_has_other_numbers_throughout_the_order_tells_too():
    other = a_line(transaction_id="RRN-7", order_id="SMG-BRT-t-1")
    assert states(compared([an_entry("t-1")], other)) == []
    # … but a second payment of an order is not the first one.
    assert states(compared([an_entry("t-1")], a_line(), other)) == [
        ("MISSING_INTERNAL", (), "RRN-7")
    ]


def test_two_payments_of_one_order_are_two_transactions():
    entries = [
        an_entry("t-1", order_id="SMG-A"),
        an_entry("t-2", order_id="SMG-A"),
        an_entry("t-3", order_id="SMG-A", lines=sale_lines(9_000, 0)),
    ]
    written = [a_line(transaction_id="", order_id="SMG-A", gross=g, fee="") for g in (9_000, 3_500)]
    found = compared(entries, *written)
    assert states(found) == [("MISSING_PROVIDER", (), "t-2")]


def test_refunds_are_matched_by_their_amount_and_taken_off_the_payout():
    entries = [an_entry(), a_refund("t-1", 500, "r-1"), a_refund("t-1", 700, "r-2")]
    refund = {"fee": 0, "status": "refund"}
    found = compared(entries, a_line(), a_line(gross=-700, **refund), a_line(gross=500, **refund))
    assert (states(found), found.matched) == ([], 3)
    assert found.batches[0].net_sen == (3_476 - 1_200) * 100
    assert found.batches[0].gross_sen == (3_500 - 1_200) * 100
    assert set(found.settled["2026-11-20"]) == {"t-1", "t-1 refund r-1", "t-1 refund r-2"}


def test_a_refund_that_is_only_asked_for_is_expected():
    pending = an_entry(
        kind=EntryKind.REFUND_PENDING,
        reference="r-1",
        lines=(Line("revenue:a:b", 500), Line("refunds_payable", -500)),
    )
    assert states(compared([an_entry(), pending], a_line())) == [("EXPECTED", (), "t-1")]
    settled = a_refund("t-1", 500, "r-1")
    for order in ([pending, settled], [settled, pending]):
        found = compared([an_entry(), *order], a_line())
        assert states(found) == [("MISSING_PROVIDER", (), "t-1")]


def test_a_chargeback_is_matched():
    lines_ = (Line("revenue:a:b", 3_500), Line("clearing:midtrans", -3_500))
    entries = [an_entry(), an_entry(kind=EntryKind.CHARGEBACK, reference="c-1", lines=lines_)]
    assert states(compared(entries, a_line(), a_line(status="chargeback", fee=0))) == []


def test_what_was_reversed_is_not_expected_of_the_provider():
    undone = tuple(replace(line, amount=-line.amount) for line in sale_lines(3_500, 24))
    reversal = an_entry("t-2", kind=EntryKind.REVERSAL, lines=undone)
    entries = [an_entry("t-1"), an_entry("t-2"), reversal]
    assert states(compared(entries, a_line())) == []
    assert states(compared(entries, a_line(), a_line("t-2", status="deny"))) == []
    assert states(compared(entries, a_line(), a_line("t-2"))) == [
        ("MISMATCHED", ("status",), "t-2")
    ]


def test_what_a_payment_turned_out_to_be_is_added_to_what_it_was():
    undone = (Line("clearing:midtrans", -3_476), Line("mdr:midtrans", -24), Line("x", 3_500))
    entries = [
        an_entry(),
        an_entry(entry_id="0" * 26, lines=undone),
        an_entry(kind=EntryKind.AMOUNT_MISMATCH, lines=sale_lines(3_500, 24)),
    ]
    found = compared(entries, a_line())
    assert (states(found), found.matched) == ([], 1)
    assert ours(stored(entries[:2])) == []


def test_an_overpayment_is_no_transaction_of_its_own():
    moved = (Line("revenue:a:b", 3_500), Line("suspense:overpayment", -3_500))
    surplus = an_entry("", kind=EntryKind.OVERPAYMENT, provider="", lines=moved)
    assert states(compared([an_entry(), surplus], a_line())) == []


def test_an_accepted_fee_is_ours_too_and_moves_between_our_accounts_are_none_of_the_files():
    adjustment = an_entry(
        kind=EntryKind.MDR_ADJUSTMENT,
        lines=(Line("mdr:midtrans", 6), Line("clearing:midtrans", -6)),
    )
    late = an_entry(kind=EntryKind.LATE, lines=(Line("revenue:a:b", 5), Line("suspense:late", -5)))
    assert states(compared([adjustment, an_entry(), late], a_line(fee=30))) == []
    assert ours(stored([adjustment])) == []


def test_a_file_without_payouts_has_one_a_day_of_settlement():
    found = compared([an_entry()], a_line(payout=""))
    assert [one.batch for one in found.batches] == ["2026-11-23"]
    none = compared([an_entry()], a_line(payout="", settled=""))
    assert (none.batches, none.matched) == ([], 1)
    dated = compared([an_entry()], a_line(settled=""))
    assert dated.batches[0].paid_out_on == FRIDAY


def test_a_payout_is_of_its_last_day_and_of_several_providers():
    entries = [an_entry("t-1"), an_entry("t-2", provider="gopay")]
    found = compared(entries, a_line("t-1", settled="2026-11-24"), a_line("t-2"))
    (batch,) = found.batches
    assert batch.paid_out_on == date(2026, 11, 24)
    assert batch.by_provider == {"midtrans": 3_476_00, "gopay": 3_476_00}


def test_the_days_of_a_file_are_those_of_what_was_paid():
    assert days_of(lines(a_line(at="2026-11-18", status="deny"), a_line())) == (FRIDAY, FRIDAY)
    assert days_of([]) is None
