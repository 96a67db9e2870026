"""A difference is open until our books, a later file or a person explains it."""

from dataclasses import asdict
from datetime import date, timedelta

import pytest

from functions.payment_webhooks.books.differences import BANK, PROVIDER, Difference, State
from functions.payment_webhooks.books.ours import ours
from functions.payment_webhooks.books.outstanding import Known, days_of, outstanding, told
from functions.payment_webhooks.books.payout_items import explained_lines, line_name
from tests.journals import NOON, an_entry, stored

DAY = date(2026, 11, 20)
TODAY = DAY + timedelta(days=8)
DIGEST = "d" * 64


def a_difference(state=State.MISSING_PROVIDER, **changes):
    values = {
        "leg": PROVIDER,
        "state": state,
        "day": DAY,
        "order_id": "SMG-BRT-t-1",
        "transaction_id": "t-1",
        "name": "t-1",
        "amount": 3_500,
    }
    one = asdict(Difference(**values | changes))
    return {**one, "state": str(one["state"]), "day": DAY.isoformat(), "what": list(one["what"])}


def a_report(*found, as_of="2026-11-21T00:00:00Z", file="a.csv"):
    return {"as_of": as_of, "file": file, "sha256": DIGEST, "differences": list(found)}


def open_after(known, *found):
    return outstanding(told([a_report(*found)]), known, TODAY)["differences"]


FEE = a_difference(State.MISMATCHED, what=("fee",), ours={"fee": 24}, theirs={"fee": 25})
NOT_BANKED = a_difference(leg=BANK, transaction_id=None, name=None, batch="P-1")
NOT_OURS = a_difference(State.MISSING_INTERNAL, name=None, order_id=None)
STRANGE_LINE = a_difference(
    State.MISSING_INTERNAL, leg=BANK, transaction_id=None, name=None, order_id=None, line=7
)


def entries_with(fee):
    lines = an_entry("t-1").lines
    amounts = {"clearing:midtrans": 3_500 - fee, "mdr:midtrans": fee}
    changed = tuple(
        type(line)(line.account, amounts.get(line.account, line.amount)) for line in lines
    )
    return ours(stored([an_entry("t-1", lines=changed)]))


@pytest.mark.parametrize(
    ("found", "known"),
    [
        (a_difference(), Known(settled={"t-1"})),
        (a_difference(name=None), Known(settled={"t-1"})),
        (NOT_OURS, Known(ours=ours(stored([an_entry("t-1")])))),
        (FEE, Known(ours=entries_with(25))),
        (NOT_BANKED, Known(banked={"P-1"})),
        (STRANGE_LINE, Known(explained_lines={line_name(DIGEST, 7)})),
    ],
)
def test_what_the_books_know_by_now_is_open_no_longer(found, known):
    (row,) = open_after(Known(), found)
    assert (row["age_days"], row["file"], row["amount"]) == (8, "a.csv", 3_500)
    assert open_after(known, found) == []
    assert open_after(Known(explained={row["id"]}), found) == []


@pytest.mark.parametrize(
    ("found", "known"),
    [
        (a_difference(), Known(settled={"t-2"})),
        (NOT_OURS, Known(ours=ours(stored([an_entry("t-2")])))),
        (FEE, Known(ours=entries_with(24))),
        (a_difference(State.DUPLICATE), Known(settled={"t-1"}, ours=entries_with(24))),
        (a_difference(State.DUPLICATE, leg=BANK), Known(banked={"P-1"})),
        (NOT_BANKED, Known(banked={"P-2"})),
        (STRANGE_LINE, Known(explained_lines={line_name(DIGEST, 8)})),
        (STRANGE_LINE | {"line": None}, Known(explained_lines={line_name(DIGEST, 7)})),
    ],
)
def test_what_nothing_explains_stays_open(found, known):
    assert len(open_after(known, found)) == 1


def test_what_came_late_and_what_is_only_expected_is_not_open():
    assert open_after(Known(), a_difference(State.LATE), a_difference(State.EXPECTED)) == []


def test_what_several_files_tell_is_one_difference_first_told_when_it_was():
    newer = a_report(a_difference() | {"line": 9}, as_of="2026-11-25T00:00:00Z", file="b.csv")
    (row,) = told([newer, a_report(a_difference())])
    assert (row["first_told"], row["file"], row["line"]) == ("2026-11-21T00:00:00Z", "b.csv", 9)
    other = a_difference(transaction_id="t-2", name="t-2")
    found = outstanding(told([newer, a_report(other)]), Known(), TODAY)
    assert (found["count"], found["amount"]) == (2, 7_000)
    assert [(age["from_days"], age["count"]) for age in found["ageing"] if age["count"]] == [(8, 2)]


def test_the_journal_is_asked_for_the_days_around_those_of_providers():
    rows = told([a_report(a_difference(), NOT_BANKED)])
    assert days_of(rows) == [DAY - timedelta(days=1), DAY, DAY + timedelta(days=1)]
    assert days_of([one for one in rows if one["leg"] == BANK]) == []


def test_a_bank_line_is_known_by_its_file_and_number():
    mark = {"sk": f"2026-11-20#{DIGEST[:12]}#7~explained", "explained": "P-1", "by": "x"}
    assert explained_lines([mark, {"sk": f"2026-11-20#{DIGEST[:12]}#8"}]) == {line_name(DIGEST, 7)}
    assert NOON.date() == DAY
