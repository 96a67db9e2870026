import csv
import io
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from functions.payment_webhooks.books.differences import (
    Difference,
    State,
    ageing,
    counted,
    in_order,
)
from functions.payment_webhooks.books.leakage import COLUMNS, leakage, total
from functions.payment_webhooks.books.report import as_csv, as_text, neutral, report, span_of
from functions.payment_webhooks.books.statements import balance_rows, journal_rows, trial_balance
from functions.payment_webhooks.entry import EntryKind
from tests.journals import NOON, an_entry, sale_lines, stored

TODAY = date(2026, 11, 20)


def a_difference(state=State.MISSING_PROVIDER, leg="provider", age=0, **changes) -> Difference:
    return Difference(
        **{
            "leg": leg,
            "state": state,
            "day": TODAY - timedelta(days=age),
            "transaction_id": "t-1",
            "amount": 100,
            **changes,
        }
    )


def a_report(*differences, **changes):
    values: dict[str, Any] = {
        "jurisdiction_id": "semarang",
        "kind": "provider",
        "file": "a.csv",
        "digest": "d" * 64,
        "as_of": NOON,
        "days": (TODAY, TODAY),
        "lines": 3,
        "differences": differences,
        "matched": {"provider": 1_000},
    }
    return report(**values | changes)


def test_ages_are_counted_from_the_payment():
    ages = [0, 1, 2, 7, 8, 30, 31, 90, 91, 1_000]
    found = ageing([a_difference(age=age) for age in ages], TODAY)
    assert [(one.from_days, one.to_days, one.count, one.amount) for one in found] == [
        (0, 1, 2, 200),
        (2, 7, 2, 200),
        (8, 30, 2, 200),
        (31, 90, 2, 200),
        (91, None, 2, 200),
    ]
    expected = a_difference(State.EXPECTED)
    assert sum(one.count for one in ageing([expected], TODAY)) == 0


def test_every_state_of_each_leg_is_counted():
    found = counted([a_difference(), a_difference(leg="bank")], {"provider": 5})
    assert found["provider"] == {
        **dict.fromkeys(map(str, State), 0),
        "MATCHED": 5,
        "MISSING_PROVIDER": 1,
    }
    assert found["bank"]["MATCHED"] == 0


def test_open_ones_come_first_by_leg_state_and_day():
    a = a_difference(leg="bank", batch="PO-1", transaction_id=None)
    b = a_difference(State.EXPECTED)
    c = a_difference(State.LATE)
    d = a_difference(line=7)
    e = a_difference(age=1, line=9)
    assert in_order([a, b, c, d, e]) == [e, d, c, b, a]


def test_a_report_lists_what_is_open_and_counts_the_rest():
    found = a_report(a_difference(age=3), a_difference(State.EXPECTED, amount=7))
    (one,) = found["differences"]
    assert (one["state"], one["age_days"], one["day"]) == ("MISSING_PROVIDER", 3, "2026-11-17")
    assert found["expected_amount"] == 7
    assert found["counts"]["provider"]["EXPECTED"] == 1
    assert found["days"] == {"from": "2026-11-20", "to": "2026-11-20"}
    assert found["as_of"] == "2026-11-20T05:00:00.000Z"


def test_the_csv_has_a_row_for_each_difference_and_no_formula():
    one = a_difference(
        State.MISMATCHED,
        what=("amount", "fee"),
        ours={"amount": 1, "fee": 2},
        theirs={"amount": 3},
        note="=HYPERLINK(1)",
        order_id="+SMG",
    )
    (row,) = csv.DictReader(io.StringIO(as_csv(a_report(one))))
    assert (row["what"], row["ours"], row["theirs"]) == ("amount fee", "amount=1 fee=2", "amount=3")
    assert (row["note"], row["order_id"]) == ("'=HYPERLINK(1)", "'+SMG")
    assert neutral(-5) == -5


def test_the_table_reads_by_itself():
    text = as_text(
        a_report(
            a_difference(State.MISMATCHED, what=("fee",), ours={"fee": 1}, theirs={"fee": 2}),
            a_difference(leg="bank", transaction_id=None, batch="PO-1", line=4),
            a_difference(State.DUPLICATE, transaction_id=None),
        )
    )
    assert "semarang · a.csv" in text
    assert "MATCHED           1.000  cocok" in text
    assert "MISMATCHED (fee)" in text
    assert "fee=1 → fee=2" in text
    assert "PO-1" in text
    assert "0–1 hari" in text
    assert ">90 hari" in text
    assert span_of({"from_days": 2, "to_days": 7}) == "2–7 hari"


def test_a_report_without_lines_is_short():
    text = as_text(a_report(days=None, lines=0, matched={}))
    assert text.count("\n") == 2
    assert "days: –" in text


def test_the_trial_balance_sums_by_account():
    found = trial_balance(stored([an_entry("a"), an_entry("b")]))
    assert found["accounts"][0] == {
        "account": "clearing:midtrans", "debit": 6_952, "credit": 0, "balance": 6_952,
    }  # fmt: skip
    assert (found["total"]["debit"], found["total"]["credit"]) == (7_000, 7_000)
    assert found["balanced"]
    entry = {"lines": [{"account": "x", "amount": 1}]}
    assert not trial_balance([entry])["balanced"]


def test_the_journal_has_a_row_for_each_line():
    rows = list(journal_rows(stored([an_entry()])))
    assert [(row["account"].partition(":")[0], row["debit"], row["credit"]) for row in rows] == [
        ("clearing", 3_476, 0),
        ("mdr", 24, 0),
        ("revenue", 0, 3_500),
    ]
    assert rows[0]["note"] == ""


def test_balances_have_a_row_for_each_account_and_day():
    day = {"day": "2026-11-20", "as_of": "now", "accounts": {"bank": [7, 2]}}
    assert list(balance_rows([day])) == [
        {
            "day": "2026-11-20",
            "account": "bank",
            "debit": 7,
            "credit": 2,
            "balance": 5,
            "as_of": "now",
        }
    ]


def test_leakage_is_by_site_product_and_day():
    undone = tuple(replace(line, amount=-line.amount) for line in sale_lines(3_500, 24))
    entries = [
        an_entry("t-1"),
        an_entry("t-2"),
        an_entry("t-3"),
        an_entry("t-4", site=None, product=None),
        an_entry("t-5"),
        an_entry("t-5", kind=EntryKind.REVERSAL, lines=undone),
    ]
    rows = leakage(
        orders=[
            {
                "site": "koridor-1",
                "product": "brt-umum",
                "day": "2026-11-20",
                "quantity": 3,
                "amount": 9,
            }
        ],
        scans=[
            {
                "site": "koridor-1",
                "product": "brt-umum",
                "day": "2026-11-20",
                "outcome": "redeemed",
            },
            {
                "site": "koridor-1",
                "product": "brt-umum",
                "day": "2026-11-20",
                "outcome": "not_paid",
            },
        ],
        entries=stored(entries),
        settled={"t-1": "PO-1", "t-2": "PO-2"},
        banked={"PO-1"},
    )
    bare, row = rows
    assert (bare["site"], bare["product"], bare["paid"]) == ("-", "-", 1)
    assert {name: row[name] for name in COLUMNS} == {
        "site": "koridor-1", "product": "brt-umum", "day": "2026-11-20", "issued": 3,
        "issued_amount": 9, "scanned": 1, "refused_scans": 1, "paid": 3, "paid_amount": 10_500,
        "settled": 2, "settled_amount": 7_000, "banked": 1, "banked_amount": 3_500,
        "unsettled_amount": 3_500, "unbanked_amount": 3_500,
    }  # fmt: skip
    assert total(rows)["paid"] == 4
