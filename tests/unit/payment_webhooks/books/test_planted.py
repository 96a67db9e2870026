"""A file with differences planted at random: the report names each of them and no other."""

import io
import random
from dataclasses import asdict
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from functions.payment_webhooks.books.bank_files import bank_lines
from functions.payment_webhooks.books.ours import ours
from functions.payment_webhooks.books.payouts import reconcile_payouts
from functions.payment_webhooks.books.reconciliation import reconcile
from functions.payment_webhooks.books.settlement_files import provider_lines
from tests.journals import NOON, a_refund, an_entry, sale_lines, stored
from tests.settlements import in_order, plant, told


def a_journal(seed: int, sales: int):
    chance = random.Random(seed)
    entries = []
    for number in range(sales):
        at = NOON + timedelta(minutes=chance.randrange(6 * 24 * 60))
        amount = chance.choice([1_000, 3_500, 15_000, 154_600, 1_250_000])
        sale = an_entry(
            f"t-{number}",
            occurred_at=at,
            posted_at=at,
            lines=sale_lines(amount, amount * 7 // 1000),
        )
        entries.append(sale)
        if chance.random() < 0.05:
            later = at + timedelta(hours=1)
            entries.append(
                a_refund(f"t-{number}", amount // 2, "r-1", occurred_at=later, posted_at=later)
            )
    return stored(entries)


def report(entries, settlement, bank):
    found = reconcile(ours(entries), list(provider_lines(io.BytesIO(settlement))))
    banked = reconcile_payouts(found.batches, list(bank_lines(io.BytesIO(bank))))
    return [asdict(one) for one in (*found.differences, *banked.differences)]


@given(seed=st.integers(0, 10**9), sales=st.integers(1, 300), each=st.integers(0, 3))
def test_each_planted_difference_is_named_and_no_other(seed, sales, each):
    entries = a_journal(seed, sales)
    settlement, bank, truth = plant(entries, seed, each=each, lines_of_a_payout=8)
    assert in_order(told(report(entries, settlement, bank))) == in_order(truth)


def test_of_every_kind_something_is_planted_when_there_is_room():
    entries = a_journal(1, 400)
    _, _, truth = plant(entries, 1, lines_of_a_payout=8)
    kinds = {(one["leg"], one["state"], one["what"]) for one in truth}
    assert kinds == {
        *(("provider", "MISMATCHED", (what,)) for what in ("amount", "fee", "date", "status")),
        *(("bank", "MISMATCHED", (what,)) for what in ("amount", "date")),
        *(
            (leg, state, ())
            for leg in ("provider", "bank")
            for state in ("MISSING_PROVIDER", "MISSING_INTERNAL", "DUPLICATE", "LATE")
        ),
    }


def test_an_honest_file_has_no_difference():
    entries = a_journal(2, 200)
    settlement, bank, truth = plant(entries, 2, each=0)
    assert truth == []
    assert told(report(entries, settlement, bank)) == []
