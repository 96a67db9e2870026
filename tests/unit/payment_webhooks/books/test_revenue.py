import csv
import io
from datetime import date

import pytest

from functions.payment_webhooks.books.balances import totals
from functions.payment_webhooks.books.revenue import Asked, asked, revenue, table
from shared.errors import InvalidInput
from tests.journals import NOON, an_entry, sale_lines, stored

TODAY = date(2026, 11, 20)
IDS = ("jateng", "semarang")


def reading(**query: str) -> Asked:
    return asked(query, today=TODAY, jurisdiction_ids=IDS)


def faults(**query: str) -> dict[str, str]:
    with pytest.raises(InvalidInput) as refused:
        reading(**query)
    return {fault.field: fault.code for fault in refused.value.faults}


def test_a_range_of_days_is_read_as_it_is():
    wanted = reading(**{"from": "2026-11-01", "to": "2026-11-20"}, group_by="agency")
    assert wanted == Asked(
        first=date(2026, 11, 1), last=TODAY, group_by="agency", jurisdiction_id=None
    )


def test_without_days_it_is_the_last_thirty_by_day():
    wanted = reading()
    assert (wanted.first, wanted.last, wanted.group_by) == (date(2026, 10, 22), TODAY, "day")


def test_one_day_is_enough():
    assert reading(**{"from": "2026-11-19"}).last == TODAY
    assert reading(**{"from": "2026-12-24"}).last == date(2026, 12, 24)
    assert reading(**{"from": "2020-01-01"}).last == date(2020, 12, 31)
    assert reading(to="2026-11-19").first == date(2026, 10, 21)
    assert reading(to="2026-11-19", **{"from": "2026-11-19"}).first == date(2026, 11, 19)


def test_spaces_and_case_do_not_matter():
    wanted = reading(**{"from": " 2026-11-19 "}, group_by=" Product ", jurisdiction_id="semarang")
    assert (wanted.group_by, wanted.jurisdiction_id) == ("product", "semarang")


@pytest.mark.parametrize(
    "day",
    ["20-11-2026", "2026-13-01", "2026-02-30", "20261120", "today", "1999-01-01", "2201-01-01"],
)
def test_what_is_no_day_is_named(day):
    assert faults(**{"from": day, "to": day}) == {"from": "not_a_date", "to": "not_a_date"}


def test_all_faults_are_named_at_once():
    assert faults(**{"from": "x"}, group_by="site", jurisdiction_id="surakarta", format="pdf") == {
        "from": "not_a_date",
        "group_by": "not_a_choice",
        "format": "not_a_choice",
        "jurisdiction_id": "not_a_choice",
    }


def test_the_range_is_bounded_and_runs_forward():
    assert faults(**{"from": "2026-11-21", "to": "2026-11-20"}) == {"from": "out_of_range"}
    assert faults(**{"from": "2025-11-19", "to": "2026-11-20"}) == {"from": "out_of_range"}
    assert reading(**{"from": "2025-11-20", "to": "2026-11-20"}).first == date(2025, 11, 20)


def days():
    entries = [
        an_entry("t-1"),
        an_entry("t-2", product="tiket-museum", lines=sale_lines(10_000, 0)),
    ]
    first = totals(stored(entries)) | {"day": "2026-11-19"}
    second = totals(stored([an_entry("t-3")])) | {"day": "2026-11-20"}
    return [first, second]


@pytest.mark.parametrize(
    ("group_by", "rows"),
    [
        ("agency", [("semarang-dishub", 3, 17_000)]),
        ("product", [("brt-umum", 2, 7_000), ("tiket-museum", 1, 10_000)]),
        ("day", [(date(2026, 11, 19), 2, 13_500), (date(2026, 11, 20), 1, 3_500)]),
    ],
)
def test_revenue_is_summed_by_what_was_asked_for(group_by, rows):
    found = revenue(reading(group_by=group_by), days(), as_of=NOON)
    assert [(getattr(row, group_by), row.transactions, row.revenue) for row in found.rows] == rows
    assert (found.total.transactions, found.total.received, found.total.revenue) == (
        3,
        17_000,
        17_000,
    )
    written = found.model_dump(mode="json")
    assert written["from"] == "2026-10-22"
    assert written["as_of"] == "2026-11-20T05:00:00Z"


def test_no_revenue_is_no_row_and_a_total_of_nothing():
    found = revenue(reading(), [], as_of=None)
    assert (found.rows, found.total.revenue, found.as_of) == ([], 0, None)
    assert table(found).splitlines() == ["day,transactions,received,returned,revenue,as_of"]


def test_the_csv_has_the_same_figures():
    found = revenue(reading(group_by="product"), days(), as_of=NOON)
    rows = list(csv.DictReader(io.StringIO(table(found))))
    assert [(row["product"], int(row["revenue"])) for row in rows] == [
        ("brt-umum", 7_000),
        ("tiket-museum", 10_000),
    ]
