"""Entries of the journal: balanced, named by their fact, and hashed by their content."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from functions.payment_webhooks import accounts, entry
from functions.payment_webhooks.entry import (
    EntryKind,
    JournalEntry,
    Line,
    Unbalanced,
    Unreadable,
    lines_of,
)
from shared.dynamo import from_item, to_item

AT = datetime(2026, 3, 1, 18, 30, tzinfo=UTC)


def an_entry(**changes):
    lines = (
        Line(accounts.clearing("midtrans"), 3_475),
        Line(accounts.mdr("midtrans"), 25),
        Line(accounts.revenue("semarang-dishub", "4.1.02.03"), -3_500),
    )
    values: dict[str, Any] = {
        "entry_id": entry.entry_id("sale", "midtrans", "t-1"),
        "kind": EntryKind.SALE,
        "jurisdiction_id": "semarang",
        "order_id": "SMG-BRT-0000000000001",
        "provider": "midtrans",
        "transaction_id": "t-1",
        "product": "brt",
        "occurred_at": AT,
        "posted_at": AT,
        "lines": lines,
    }
    return JournalEntry(**values | changes)


def test_an_entry_that_does_not_balance_is_not_one():
    with pytest.raises(Unbalanced):
        an_entry(lines=(Line("bank", 1),))
    with pytest.raises(Unbalanced):
        an_entry(lines=())


def test_the_day_of_an_entry_is_the_day_in_wib_of_what_happened():
    assert an_entry().day == date(2026, 3, 2)


def test_an_id_is_of_the_fact_alone():
    first = entry.entry_id("sale", "midtrans", "t-1")
    assert first == entry.entry_id("sale", "midtrans", "t-1")
    others = [
        entry.entry_id("sale", "midtrans", "t-2"),
        entry.entry_id("reversal", "midtrans", "t-1"),
        entry.entry_id("sale", "gopay", "t-1"),
        entry.entry_id("sale", "midtrans", "t-1", "r"),
        entry.entry_id("sale", "midtranst", "-1"),
    ]
    assert len({first, *others}) == 6
    assert {len(one) for one in (first, *others)} == {26}


def test_an_entry_comes_back_from_the_table_as_it_was_stored():
    kept = an_entry(site="halte-1", note="n", reference="r")
    values = entry.entry_values(kept)
    assert entry.entry_from(from_item(to_item(values))) == entry.stored(kept)
    assert values["pk"] == f"J#semarang#2026-03-02#{entry.shard_of(kept.entry_id)}"
    assert values["posted_shard"] == f"semarang#2026-03-01T18#{entry.shard_of(kept.entry_id)}"
    assert values["posted_key"] == f"2026-03-01T18:30:00.000Z#{kept.entry_id}"


def test_the_hash_is_of_the_content_and_not_of_where_it_is_kept():
    values = entry.entry_values(an_entry())
    assert entry.content_hash(values) == values["hash"]
    assert entry.content_hash(values | {"pk": "elsewhere", "posted_key": "x"}) == values["hash"]
    for changed in (
        {"lines": [{"account": "bank", "amount": 0}]},
        {"order_id": "SMG-BRT-0000000000002"},
        {"added": 1},
    ):
        assert entry.content_hash(values | changed) != values["hash"]
    assert replace(an_entry(), hash="forged") != entry.stored(an_entry())
    assert entry.entry_values(an_entry(hash="forged"))["hash"] == values["hash"]


def test_accounts_are_named_by_what_they_hold():
    account = accounts.revenue("semarang-bapenda", "4.1.01.15")
    assert account == "revenue:semarang-bapenda:4.1.01.15"
    assert accounts.is_revenue(account)
    assert not accounts.is_revenue(accounts.suspense("late"))
    assert accounts.agency_and_budget(account) == ("semarang-bapenda", "4.1.01.15")
    assert accounts.clearing("qris") == "clearing:qris"
    assert accounts.mdr("qris") == "mdr:qris"


@pytest.mark.parametrize(
    "lines",
    [
        None,
        "x",
        [],
        ["x"],
        [{"account": "bank"}],
        [{"account": 1, "amount": 1}],
        [{"account": "bank", "amount": "1"}],
        [{"account": "bank", "amount": 1.5}],
        [{"account": "bank", "amount": True}],
        [{"account": "bank", "amount": 1}, {"account": "bank", "amount": None}],
    ],
)
def test_an_entry_that_cannot_be_added_up_is_named(lines):
    with pytest.raises(Unreadable, match=r"Ayat e-1\b.*simpul ledger verify"):
        lines_of({"sk": "e-1", "lines": lines})
    assert lines_of({"lines": [{"account": "bank", "amount": 0}]}) == [Line("bank", 0)]
