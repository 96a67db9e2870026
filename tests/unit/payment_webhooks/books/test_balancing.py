"""Totals that are not those of their entries are told, each by its day and accounts."""

from datetime import timedelta

import pytest

from functions.payment_webhooks.books.balances import OVERLAP, totals
from functions.payment_webhooks.books.balancing import Balancing
from tests.journals import FARES, NOON, an_entry, stored

DAY = "2026-11-20"
ENTRIES = stored([an_entry("t-1"), an_entry("t-2")])
TOTALS = {**totals(ENTRIES), "sk": DAY}
UP_TO = NOON + timedelta(minutes=10)


def found(kept=(TOTALS,), entries=ENTRIES, up_to=UP_TO):
    balancing = Balancing()
    balancing.stand("semarang", kept, up_to)
    for entry in entries:
        balancing.reads(entry)
    return [(one.fault, one.jurisdiction_id, one.day, one.detail) for one in balancing.findings()]


def test_totals_as_they_were_made_are_no_finding():
    assert found() == []


@pytest.mark.parametrize(
    ("changes", "detail"),
    [
        ({"accounts": TOTALS["accounts"] | {FARES: [0, 7_001]}}, FARES),
        ({"accounts": TOTALS["accounts"] | {"bank": [1, 0]}}, "bank"),
        ({"accounts": "x"}, "the totals cannot be read"),
        ({"entries": 3}, "entries, revenue"),
        ({"revenue": []}, "entries, revenue"),
    ],
)
def test_totals_that_were_altered_are_named_by_day_and_account(changes, detail):
    assert found([TOTALS | changes]) == [("balance", "semarang", DAY, detail)]


def test_totals_that_are_gone_or_of_no_entry_are_named():
    assert found([]) == [("balance", "semarang", DAY, "there are no totals")]
    assert [one[2] for one in found([TOTALS | {"sk": "2026-11-19"}, TOTALS])] == ["2026-11-19"]


def test_a_day_whose_totals_are_still_to_be_made_is_left_out():
    young = stored([an_entry("t-3", posted_at=UP_TO - OVERLAP)])
    assert found(entries=[*ENTRIES, *young]) == []
    old = stored([an_entry("t-3", posted_at=UP_TO - OVERLAP - timedelta(seconds=1))])
    assert len(found(entries=[*ENTRIES, *old])) == 1


def test_where_no_totals_were_ever_made_none_are_missed():
    assert found([], up_to=None) == []


@pytest.mark.parametrize("spoilt", [{"lines": "x"}, {"kind": None}, {"posted_at": None}])
def test_a_day_with_an_entry_that_cannot_be_read_is_left_out(spoilt):
    entry = {name: value for name, value in (ENTRIES[1] | spoilt).items() if value is not None}
    assert found(entries=[ENTRIES[0], entry]) == []


def test_an_entry_without_a_key_is_of_no_day():
    assert found(entries=[*ENTRIES, {"posted_at": "2026"}]) == []
