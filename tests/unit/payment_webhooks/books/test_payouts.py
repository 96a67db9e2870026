"""The second leg, case by case: payouts and lines of the bank's statement, N:1."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from functions.payment_webhooks.books.bank_files import BankLine
from functions.payment_webhooks.books.payout_items import (
    banked_of,
    batches_of,
    explained,
    mark_of,
    open_lines,
    values_of,
    values_of_line,
)
from functions.payment_webhooks.books.payouts import Banked, reconcile_payouts
from functions.payment_webhooks.books.posting_payouts import fee_entry, payout_entries
from functions.payment_webhooks.books.reconciliation import Batch
from tests.journals import NOON

FRIDAY, MONDAY = date(2026, 11, 20), date(2026, 11, 23)


def a_batch(name="PO-1", net=1_000, day=FRIDAY, **changes) -> Batch:
    values = {
        "batch": name,
        "provider": "midtrans",
        "paid_out_on": day,
        "gross_sen": net * 100,
        "net_sen": net * 100,
        "count": 1,
        "by_provider": {"midtrans": net * 100},
    }
    return Batch(**values | changes)


def a_line(text="MIDTRANS PO-1", amount=1_000, day=FRIDAY, number=1, reference="") -> BankLine:
    return BankLine(number, day, amount * 100, reference, text)


def states(found: Banked):
    return [(str(one.state), one.what, one.batch) for one in found.differences]


def test_a_line_that_names_a_payout_is_matched():
    found = reconcile_payouts([a_batch()], [a_line("TRF/po-1. 17:00")])
    assert (states(found), found.matched, len(found.pairs)) == ([], 1, 1)
    assert (found.first, found.last, found.lines, found.banked) == (
        FRIDAY, FRIDAY, 1, frozenset({"PO-1"}),
    )  # fmt: skip


def test_a_line_may_name_several_payouts():
    batches = [a_batch("PO-1", 1_000), a_batch("PO-2", 500)]
    assert reconcile_payouts(batches, [a_line("PO-1, PO-2", 1_500)]).matched == 2
    found = reconcile_payouts(batches, [a_line("PO-1;PO-2", 1_499)])
    assert states(found) == [("MISMATCHED", ("amount",), "PO-1 PO-2")]
    assert found.differences[0].ours == {"amount": 1_500}


def test_a_line_that_names_nothing_is_known_by_its_amount():
    batches = [a_batch("PO-1", 1_000), a_batch("PO-2", 500), a_batch("PO-3", 70, day=MONDAY)]
    for amount, count in ((500, 1), (1_500, 2), (70, 1), (1_570, 3)):
        found = reconcile_payouts(batches, [a_line("GOPAY", amount, day=MONDAY)])
        assert found.matched == count, amount


def test_of_payouts_of_one_amount_the_nearest_is_meant():
    batches = [a_batch("PO-1"), a_batch("PO-2", day=MONDAY)]
    found = reconcile_payouts(batches, [a_line("", day=MONDAY)])
    assert found.banked == {"PO-2"}


def test_payouts_of_long_ago_and_without_a_day_are_not_guessed():
    batches = [a_batch("PO-1", day=FRIDAY - timedelta(days=20)), a_batch("PO-2", paid_out_on=None)]
    found = reconcile_payouts(batches, [a_line("QRIS")])
    assert ("MISSING_INTERNAL", (), None) in states(found)
    assert ("EXPECTED", (), "PO-2") in states(found)
    assert ("MISSING_PROVIDER", (), "PO-1") in states(found)


def test_a_providers_line_of_no_payout_is_missing_here_and_others_are_unrelated():
    lines = [a_line("MIDTRANS PO-9", 7), a_line("SETORAN TUNAI", 8)]
    found = reconcile_payouts([], lines)
    assert states(found) == [("MISSING_INTERNAL", (), None)]
    assert (found.differences[0].note, found.unrelated) == ("MIDTRANS PO-9", 1)
    assert found.differences[0].amount == 7
    assert len(states(reconcile_payouts([], lines, names=()))) == 2


def test_a_payout_that_is_not_on_the_statement_is_missing_up_to_its_last_day():
    batches = [a_batch("PO-1"), a_batch("PO-2", 9), a_batch("PO-3", 8, day=MONDAY)]
    found = reconcile_payouts(batches, [a_line()])
    assert states(found) == [("MISSING_PROVIDER", (), "PO-2"), ("EXPECTED", (), "PO-3")]
    assert states(reconcile_payouts([a_batch()], [])) == [("EXPECTED", (), "PO-1")]


def test_a_payout_of_nothing_comes_to_no_bank():
    assert states(reconcile_payouts([a_batch(net=-5)], [a_line("x")])) == []


def test_a_second_line_for_a_payout_is_a_duplicate():
    found = reconcile_payouts([a_batch()], [a_line(), a_line(number=2)])
    assert states(found) == [("DUPLICATE", (), "PO-1")]
    assert (found.matched, found.differences[0].note) == (1, None)


def test_the_same_line_of_an_overlapping_statement_is_no_duplicate_and_another_is():
    line = a_line()
    found = reconcile_payouts(
        [a_batch()], [line, a_line(day=MONDAY)], banked_before={"PO-1": line.identity}
    )
    assert (states(found), found.matched) == ([("DUPLICATE", (), "PO-1")], 1)
    assert found.differences[0].note == "also on 2026-11-20"
    assert found.pairs == []


def test_a_line_that_is_late_is_banked_all_the_same_and_one_before_its_payout_is_not():
    late = reconcile_payouts([a_batch()], [a_line(day=date(2026, 11, 26))])
    assert states(late) == [("LATE", (), "PO-1")]
    assert late.banked == {"PO-1"}
    early = reconcile_payouts([a_batch()], [a_line(day=FRIDAY - timedelta(days=2))])
    assert states(early) == [("MISMATCHED", ("date",), "PO-1")]
    assert early.differences[0].theirs == {"date": "2026-11-18"}
    assert states(reconcile_payouts([a_batch()], [a_line(day=FRIDAY - timedelta(days=1))])) == []


def test_parts_of_a_rupiah_are_no_difference():
    found = reconcile_payouts([a_batch(net_sen=1_000_60)], [a_line()])
    assert states(found) == []
    odd = reconcile_payouts([a_batch(net_sen=1_001_50)], [a_line()])
    assert odd.differences[0].ours == {"amount": 1001.5}


def test_a_payout_without_a_day_that_is_named_is_matched():
    assert states(reconcile_payouts([a_batch(paid_out_on=None)], [a_line()])) == []


class TestEntries:
    def test_a_payout_moves_each_providers_share_to_the_bank(self):
        batch = a_batch(net=1_500, by_provider={"midtrans": 1_000_00, "gopay": 500_00})
        entries = list(payout_entries("semarang", batch, a_line(reference="FT1"), NOON))
        assert [(one.provider, one.lines[0].amount) for one in entries] == [
            ("gopay", 500),
            ("midtrans", 1_000),
        ]
        assert {one.reference for one in entries} == {"FT1"}
        assert {one.day for one in entries} == {FRIDAY}
        again = list(payout_entries("semarang", batch, a_line(day=MONDAY), NOON))
        assert [one.entry_id for one in again] == [one.entry_id for one in entries]

    def test_what_is_of_nobodys_transaction_counts_to_the_first_provider(self):
        batch = a_batch(net=1_500, by_provider={"midtrans": 1_000_00})
        (entry,) = payout_entries("semarang", batch, a_line(), NOON)
        assert entry.lines[0].amount == 1_500

    @pytest.mark.parametrize("changes", [{"provider": "", "by_provider": {}}, {"net": 0}])
    def test_a_payout_of_no_provider_or_of_nothing_is_not_posted(self, changes):
        assert list(payout_entries("semarang", a_batch(**changes), a_line(), NOON)) == []

    def test_a_fee_is_posted_between_expense_and_clearing(self):
        entry = fee_entry(
            "semarang",
            provider="midtrans",
            transaction_id="t-1",
            order_id=None,
            product=None,
            site=None,
            day=FRIDAY,
            more=-3,
            note="file",
            posted_at=NOON,
        )
        assert [(line.account, line.amount) for line in entry.lines] == [
            ("mdr:midtrans", -3),
            ("clearing:midtrans", 3),
        ]


class TestItems:
    def test_a_payout_that_several_files_tell_of_is_their_sum(self):
        first = a_batch(net=1_000)
        second = a_batch(net=500, day=MONDAY, by_provider={"gopay": 500_00}, provider="")
        kept = [values_of(first, "a" * 64), values_of(second, "b" * 64)]
        (batch,) = batches_of(kept)
        assert (batch.net_sen, batch.count, batch.paid_out_on) == (1_500_00, 2, MONDAY)
        assert batch.by_provider == {"midtrans": 1_000_00, "gopay": 500_00}
        assert values_of(first, "a" * 64)["sk"] == "2026-11-20#PO-1#aaaaaaaaaaaa"

    def test_a_mark_says_where_a_payout_is_banked_but_not_to_the_reading_that_made_it(self):
        mark = mark_of(a_batch(), a_line(), "mine", NOON)
        kept = [values_of(a_batch(), "x"), mark]
        assert banked_of(kept, "other") == {"PO-1": a_line().identity}
        assert banked_of(kept, "mine") == {}
        assert len(batches_of(kept)) == 1

    def test_a_kept_line_is_open_until_a_payout_explains_it(self):
        line = a_line(reference="FT1")
        kept = [values_of_line(line, "d" * 64)]
        (waiting,) = open_lines(kept, "any")
        assert replace(waiting, kept_as="") == line
        kept.append(explained(waiting, [a_batch()], "mine"))
        assert open_lines(kept, "other") == []
        assert open_lines(kept, "mine") == [waiting]
