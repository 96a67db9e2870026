"""What late tax costs besides: months begun, and the rule of the day and the channel."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.payment_webhooks.configuration import Penalty, payments_of
from functions.payment_webhooks.penalties import months_late, penalty_of

RULES = payments_of("semarang").product_by_code["pbb"].penalties
DUE = date(2024, 9, 30)
DAYS = st.dates(date(2000, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize(
    ("due_on", "paid_on", "months"),
    [
        (date(2024, 8, 15), date(2024, 8, 14), 0),
        (date(2024, 8, 15), date(2024, 8, 15), 0),
        (date(2024, 8, 15), date(2024, 8, 16), 1),
        (date(2024, 8, 15), date(2024, 9, 15), 1),
        (date(2024, 8, 15), date(2024, 9, 16), 2),
        (date(2024, 8, 15), date(2025, 8, 15), 12),
        (date(2024, 8, 15), date(2025, 8, 16), 13),
        (date(2024, 9, 30), date(2024, 10, 1), 1),
        (date(2024, 9, 30), date(2024, 10, 31), 1),
        (date(2024, 9, 30), date(2024, 11, 1), 2),
        (date(2024, 1, 31), date(2024, 2, 29), 1),
        (date(2024, 1, 31), date(2024, 3, 1), 2),
        (date(2024, 1, 30), date(2024, 2, 29), 1),
        (date(2024, 1, 30), date(2024, 3, 1), 2),
        (date(2024, 1, 30), date(2024, 3, 31), 3),
    ],
)
def test_each_month_begun_counts(due_on, paid_on, months):
    assert months_late(due_on, paid_on) == months


@given(DAYS, DAYS)
def test_a_day_more_is_at_most_a_month_more(due_on, paid_on):
    one, other = months_late(due_on, paid_on), months_late(due_on, paid_on + timedelta(1))
    assert 0 <= other - one <= 1
    assert (one == 0) == (paid_on <= due_on)


@pytest.mark.parametrize(
    ("paid_on", "channel", "penalty"),
    [
        (date(2024, 9, 30), "qris", 0),
        (date(2024, 10, 1), "qris", 1_000),
        (date(2024, 11, 1), "qris", 0),
        (date(2024, 11, 30), "qris", 0),
        (date(2024, 11, 30), "va", 2_000),
        (date(2024, 12, 1), "qris", 3_000),
        (date(2026, 9, 30), "va", 24_000),
        (date(2036, 9, 30), "gopay", 24_000),
    ],
)
def test_rules_vary_by_day_and_channel_and_stop_somewhere(paid_on, channel, penalty):
    assert penalty_of(100_000, DUE, paid_on, channel, RULES) == penalty


def test_an_older_rule_holds_for_what_was_paid_then():
    assert penalty_of(100_000, date(2023, 9, 30), date(2023, 10, 2), "qris", RULES) == 2_000
    assert penalty_of(100_000, date(2003, 9, 30), date(2003, 10, 2), "qris", RULES) == 0


def test_half_a_rupiah_is_rounded_up():
    rule = Penalty(basis_points=100, valid_from=date(2020, 1, 1))
    paid_on = date(2024, 10, 1)
    assert [penalty_of(one, DUE, paid_on, "va", [rule]) for one in (49, 50, 149, 150)] == [
        0, 1, 1, 2,
    ]  # fmt: skip


@given(st.integers(0, 10**12), DAYS, DAYS, st.sampled_from(["qris", "va", "gopay", "card"]))
def test_a_penalty_is_never_below_nothing_nor_above_two_percent_for_24_months(
    principal, due_on, paid_on, channel
):
    penalty = penalty_of(principal, due_on, paid_on, channel, RULES)
    assert 0 <= penalty <= principal * 48 // 100 + 1
    if paid_on <= due_on:
        assert penalty == 0
