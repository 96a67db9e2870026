from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.payment_webhooks import accounts
from functions.payment_webhooks.books.balances import bring_up_to_date, make_anew, totals
from functions.payment_webhooks.books.hours import hour_of
from functions.payment_webhooks.entry import EntryKind, Line
from tests.journals import FARES, NOON, a_refund, an_entry, sale_lines, stored

TAX = accounts.revenue("semarang-bapenda", "4.1.01.15")
PENALTY = accounts.revenue("semarang-bapenda", "4.1.01.99")


class JournalInMemory:
    """A journal of which a test says what was posted, and when it can be seen."""

    def __init__(self, entries=()):
        self.kept = stored(entries)
        self.set: dict[date, Any] = {}
        self.noted = None
        self.all_noted: list[Any] = []
        self.asked: list[str] = []
        self.as_of: list[Any] = []

    def up_to(self, jurisdiction_id):
        return self.noted

    def set_up_to(self, jurisdiction_id, at):
        self.noted = at
        self.all_noted.append(at)

    def posted(self, jurisdiction_id, hour, since=""):
        self.asked.append(hour)
        for one in self.kept:
            if one["posted_at"][:13] == hour and one["posted_key"] >= since:
                yield one

    def entries(self, jurisdiction_id, day):
        return (one for one in self.kept if one["day"] == day.isoformat())

    def totals(self, jurisdiction_id, first, last):
        days = (day for day in self.set if first <= day <= last)
        return ({**self.set[day], "day": day.isoformat()} for day in days)

    def set_totals(self, jurisdiction_id, day, totals, as_of):
        self.set[day] = totals
        self.as_of.append(as_of)


def test_totals_are_debits_and_credits_by_account_and_revenue_by_agency_and_product():
    bill = (
        Line("clearing:va", 110_000),
        Line(TAX, -100_000),
        Line(PENALTY, -10_000),
    )
    moved = (Line(FARES, 3_500), Line("suspense:late", -3_500))
    entries = stored(
        [
            an_entry("t-1"),
            an_entry("t-2"),
            an_entry("t-2", kind=EntryKind.LATE, lines=moved),
            an_entry("t-3", product="pbb", provider="va", lines=bill),
            an_entry("t-4", product=None, lines=(Line("bank", 5), Line("clearing:x", -5))),
        ]
    )
    made = totals(entries)
    assert made["entries"] == 5
    assert made["accounts"][FARES] == [3_500, 7_000]
    assert made["accounts"]["clearing:midtrans"] == [2 * 3_476, 0]
    assert made["accounts"]["suspense:late"] == [0, 3_500]
    assert made["revenue"] == [
        {
            "agency": "semarang-bapenda",
            "product": "pbb",
            "transactions": 1,
            "received": 110_000,
            "returned": 0,
        },
        {
            "agency": "semarang-dishub",
            "product": "brt-umum",
            "transactions": 2,
            "received": 7_000,
            "returned": 3_500,
        },
    ]


def test_no_entries_make_empty_totals():
    assert totals([]) == {"entries": 0, "accounts": {}, "revenue": []}


def test_an_entry_without_product_is_revenue_of_no_product():
    assert totals(stored([an_entry(product=None)]))["revenue"][0]["product"] == ""


@given(st.lists(st.tuples(st.integers(1, 10**9), st.integers(0, 100)), max_size=20))
def test_debits_are_credits_whatever_is_sold(sales):
    entries = [
        an_entry(f"t-{n}", lines=sale_lines(amount + fee, fee))
        for n, (amount, fee) in enumerate(sales)
    ]
    made = totals(stored(entries))["accounts"]
    assert sum(one[0] for one in made.values()) == sum(one[1] for one in made.values())


def test_days_that_were_posted_for_are_made_anew_and_no_others():
    yesterday = NOON - timedelta(days=1)
    journal = JournalInMemory(
        [
            an_entry("old", occurred_at=yesterday, posted_at=yesterday),
            an_entry("new"),
            a_refund("old", 500, "r-1", occurred_at=NOON - timedelta(days=3), posted_at=NOON),
        ]
    )
    journal.noted = NOON - timedelta(minutes=1)
    days = list(bring_up_to_date("semarang", journal=journal, clock=lambda: NOON))
    assert days == [date(2026, 11, 17), date(2026, 11, 20)]
    assert journal.set.keys() == set(days)
    assert journal.noted == NOON


def test_an_entry_that_was_seen_late_is_counted_by_the_next_run():
    journal = JournalInMemory([an_entry("late", posted_at=NOON - timedelta(seconds=100))])
    journal.noted = NOON
    assert list(bring_up_to_date("semarang", journal=journal, clock=lambda: NOON)) == [
        date(2026, 11, 20)
    ]
    journal.noted = NOON + timedelta(seconds=21)
    assert (
        list(
            bring_up_to_date(
                "semarang", journal=journal, clock=lambda: NOON + timedelta(seconds=21)
            )
        )
        == []
    )


def test_the_first_run_looks_two_days_back_and_a_long_pause_is_done_a_day_at_a_time():
    journal = JournalInMemory([an_entry("t", posted_at=NOON - timedelta(hours=47))])
    assert list(bring_up_to_date("semarang", journal=journal, clock=lambda: NOON))
    assert journal.asked[0] == hour_of(NOON - timedelta(days=2, minutes=2))
    journal.noted = NOON - timedelta(days=3)
    list(bring_up_to_date("semarang", journal=journal, clock=lambda: NOON))
    assert journal.all_noted[-3:] == [NOON - timedelta(days=2), NOON - timedelta(days=1), NOON]


def test_totals_are_as_of_before_their_entries_were_read():
    journal = JournalInMemory([an_entry()])
    made = make_anew("semarang", date(2026, 11, 20), journal=journal, clock=lambda: NOON)
    assert made["entries"] == 1
    assert journal.as_of == [NOON]


@pytest.mark.parametrize(
    ("kept", "minutes", "made"),
    [(9_999, 1, True), (10_000, 1, True), (25_000, 1, False), (25_000, 2, True)],
)
def test_a_long_day_is_made_anew_the_less_often_the_more_it_holds(kept, minutes, made):
    journal = JournalInMemory([an_entry("t-1", posted_at=NOON)])
    day = date(2026, 11, 20)
    journal.set[day] = {"entries": kept}
    journal.set[day - timedelta(days=1)] = {"entries": 99_999}  # not posted for: it costs nothing
    journal.noted = NOON - timedelta(seconds=1)
    at = journal.noted + timedelta(minutes=minutes)
    found = list(bring_up_to_date("semarang", journal=journal, clock=lambda: at))
    assert found == ([day] if made else [])
    assert journal.noted == (at if made else NOON - timedelta(seconds=1))


def test_what_waited_is_counted_by_the_run_that_is_worth_it():
    journal = JournalInMemory([an_entry(f"t-{n}", posted_at=NOON) for n in range(3)])
    day = date(2026, 11, 20)
    journal.set[day] = {"entries": 30_000}
    journal.noted = NOON

    def run(minute):
        at = NOON + timedelta(minutes=minute)
        return list(bring_up_to_date("semarang", journal=journal, clock=lambda: at))

    assert [run(minute) for minute in (1, 2)] == [[], []]
    assert journal.set[day]["entries"] == 30_000
    assert run(3) == [day]
    assert journal.set[day]["entries"] == 3
