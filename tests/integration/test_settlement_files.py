"""Files dropped in the bucket: reconciled once, in either order, and told in a report."""

import csv
import io
import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest

from functions.payment_webhooks import on_settlement_file
from functions.payment_webhooks.books.journal import Journal
from functions.payment_webhooks.entry import EntryKind
from shared import aws
from shared.dynamo import from_item
from tests.aws_double import LEDGER, PAYMENTS, PAYMENTS_BUCKET, answering, items
from tests.builders import CONTEXT
from tests.journals import NOON, a_refund, in_turns
from tests.settlements import in_order, plant, told

pytestmark = pytest.mark.usefixtures("aws_double")


@pytest.fixture(autouse=True)
def _two_weeks_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(on_settlement_file, "now", lambda: NOON + timedelta(days=14))


@pytest.fixture
def journal() -> Journal:
    return Journal(LEDGER, PAYMENTS)


def dropped(key: str, content: bytes, times: int = 1) -> dict[str, Any]:
    aws.s3().put_object(Bucket=PAYMENTS_BUCKET, Key=key, Body=content)
    message = {"type": "settlement_file.v1", "key": key}
    event = {"Records": [{"messageId": "m", "body": json.dumps(message)}] * times}
    return on_settlement_file.handler(event, CONTEXT)


def reports(folder: str = "reports/semarang/") -> Mapping[str, bytes]:
    listed = aws.s3().list_objects_v2(Bucket=PAYMENTS_BUCKET, Prefix=folder).get("Contents", [])
    return {
        one["Key"]: aws.s3().get_object(Bucket=PAYMENTS_BUCKET, Key=one["Key"])["Body"].read()
        for one in listed
    }


def report(kind: str, name: str = "a.csv") -> dict[str, Any]:
    found: list[dict[str, Any]] = [
        json.loads(content)
        for key, content in reports(f"reports/semarang/{kind}/{name}.").items()
        if key.endswith(".json")
    ]
    assert len(found) == 1
    return found[0]


def posted(journal: Journal) -> list[Any]:
    for one in in_turns(120, NOON, timedelta(minutes=37)):
        journal.post(one)
    at = NOON + timedelta(days=1)
    journal.post(a_refund("t-3", 1_000, "r-1", occurred_at=at, posted_at=at))
    days = [date(2026, 11, 20) + timedelta(days=n) for n in range(5)]
    return [entry for day in days for entry in journal.entries("semarang", day)]


def payouts(journal: Journal) -> list[Any]:
    days = [date(2026, 11, 10) + timedelta(days=n) for n in range(40)]
    return [
        entry
        for day in days
        for entry in journal.entries("semarang", day)
        if entry["kind"] == EntryKind.PAYOUT
    ]


PROVIDER = "settlements/semarang/provider/a.csv"
BANK = "settlements/semarang/bank/a.csv"


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_reports_name_what_was_planted_and_nothing_else(journal: Journal, seed: int) -> None:
    settlement, bank, truth = plant(posted(journal), seed, lines_of_a_payout=5)
    assert dropped(PROVIDER, settlement) == {"batchItemFailures": []}
    assert dropped(BANK, bank) == {"batchItemFailures": []}
    found = [*report("provider")["differences"], *report("bank")["differences"]]
    assert in_order(told(found)) == in_order(truth)


def test_what_the_bank_shows_is_posted_from_clearing_to_the_bank(journal: Journal) -> None:
    settlement, bank, _ = plant(posted(journal), 5, each=0, lines_of_a_payout=10)
    dropped(PROVIDER, settlement)
    assert payouts(journal) == []
    dropped(BANK, bank)
    entries = payouts(journal)
    assert len(entries) == len(report("bank")["posted"]) > 5
    held = sum(
        line["amount"]
        for item in items(LEDGER)
        for line in _lines(item)
        if line["account"] == "clearing:midtrans"
    )
    assert held == 0


def _lines(item: Any) -> list[Any]:
    lines: list[Any] = from_item(item)["lines"]
    return lines


def test_a_file_that_comes_again_or_under_another_name_is_read_once(journal: Journal) -> None:
    settlement, bank, _ = plant(posted(journal), 7, lines_of_a_payout=10)
    dropped(PROVIDER, settlement, times=3)
    dropped(BANK, bank, times=3)
    before = (sorted(reports()), items(LEDGER), items(PAYMENTS))
    dropped("settlements/semarang/provider/b.csv", settlement)
    dropped("settlements/semarang/bank/2026/11/b.csv", bank)
    assert (sorted(reports()), items(LEDGER), items(PAYMENTS)) == before


def test_an_overlapping_file_repeats_nothing(journal: Journal) -> None:
    settlement, bank, _ = plant(posted(journal), 8, each=0, lines_of_a_payout=10)
    dropped(PROVIDER, settlement)
    dropped(BANK, bank)
    before = len(payouts(journal))
    dropped("settlements/semarang/provider/b.csv", settlement + b"\n")
    dropped("settlements/semarang/bank/b.csv", bank + b"\n")
    assert report("provider", "b.csv")["differences"] == []
    assert report("bank", "b.csv")["differences"] == []
    assert (
        report("provider", "b.csv")["counts"]["provider"]
        == (report("provider")["counts"]["provider"])
    )
    assert len(payouts(journal)) == before


@pytest.mark.parametrize("listed_first", [True, False])
def test_a_list_of_transactions_and_the_payouts_of_them_are_no_duplicates(
    journal: Journal, listed_first: bool
) -> None:
    settlement, bank, _ = plant(posted(journal), 8, each=0, lines_of_a_payout=10)
    listed = settlement.replace(b"Payout ID", b"A").replace(b"Settlement Date", b"B")
    files = {"list.csv": listed, "a.csv": settlement}
    names = sorted(files, reverse=listed_first)
    for name in (*names, "again.csv"):
        content = files.get(name, listed + b"\n")
        dropped(f"settlements/semarang/provider/{name}", content)
        assert report("provider", name)["differences"] == []
    dropped(BANK, bank)
    assert report("bank")["differences"] == []
    assert len(payouts(journal)) > 5


def test_a_statement_that_comes_before_its_settlement_file_is_explained_by_it(
    journal: Journal,
) -> None:
    settlement, bank, _ = plant(posted(journal), 9, each=0, lines_of_a_payout=10)
    dropped(BANK, bank)
    assert {one["state"] for one in report("bank")["differences"]} == {"MISSING_INTERNAL"}
    dropped(PROVIDER, settlement)
    assert report("provider")["differences"] == []
    assert len(payouts(journal)) == len(report("provider")["posted"]) > 5


def test_a_reading_that_died_is_done_again_and_tells_the_same(journal: Journal) -> None:
    settlement, bank, truth = plant(posted(journal), 11, lines_of_a_payout=5)
    for key, content in ((PROVIDER, settlement), (BANK, bank)):
        for calls in (3, 9):
            left = [calls]

            def die(left: list[int] = left, **_: Any) -> None:
                left[0] -= 1
                if left[0] < 0:
                    raise ConnectionError

            with answering(aws.dynamodb(), "before-call.dynamodb.PutItem", die):
                dropped(key, content)
        dropped(key, content)
    found = [*report("provider")["differences"], *report("bank")["differences"]]
    assert in_order(told(found)) == in_order(truth)


def test_the_csv_and_the_table_tell_the_same(journal: Journal) -> None:
    settlement, _, truth = plant(posted(journal), 12)
    dropped(PROVIDER, settlement)
    (table,) = [one.decode() for key, one in reports().items() if key.endswith(".txt")]
    (sheet,) = [one.decode("utf-8-sig") for key, one in reports().items() if key.endswith(".csv")]
    rows = list(csv.DictReader(io.StringIO(sheet)))
    planted = [one for one in truth if one["leg"] == "provider"]
    assert {row["transaction_id"] for row in rows} == {one["transaction_id"] for one in planted}
    assert all(one["transaction_id"][:40] in table for one in planted)
    assert all(one["state"] in table for one in planted)


def test_a_file_that_cannot_be_read_is_told_and_not_read_again_and_again() -> None:
    assert dropped(PROVIDER, b"Order ID,Time\nSMG-1,2026-11-20\n") == {"batchItemFailures": []}
    ((key, content),) = reports().items()
    assert key.startswith("reports/semarang/provider/a.csv.")
    assert key.endswith(".error.json")
    assert "`amount`" in json.loads(content)["error"]["en"]


def test_a_file_of_years_is_refused(journal: Journal) -> None:
    head = "Order ID,Time,Amount,Fee\n"
    dropped(PROVIDER, f"{head}SMG-1,2020-01-01,1,0\nSMG-2,2026-11-20,1,0\n".encode())
    ((_, content),) = reports().items()
    assert "366" in json.loads(content)["error"]["id"]


def test_a_file_that_is_too_large_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("functions.payment_webhooks.books.files.MOST_BYTES", 10)
    dropped(PROVIDER, b"Order ID,Time\n")
    ((_, content),) = reports().items()
    assert "too large" in json.loads(content)["error"]["en"]


@pytest.mark.parametrize(
    "key",
    [
        "settlements/surakarta/provider/a.csv",
        "settlements/semarang/other/a.csv",
        "settlements/semarang/provider/",
        "raw/a.csv",
    ],
)
def test_what_is_no_settlement_file_by_its_name_is_left_alone(key: str) -> None:
    assert dropped(key, b"x") == {"batchItemFailures": []}
    assert reports("reports/") == {}


def test_a_file_that_is_gone_is_no_failure_and_s3s_own_messages_are_understood() -> None:
    for message in (
        {"Records": [{"s3": {"object": {"key": "settlements/semarang/bank/a+b%26c.csv"}}}]},
        {"detail": {"object": {"key": "settlements/semarang/bank/a b&c.csv"}}},
    ):
        assert on_settlement_file.keys_of(message) == ["settlements/semarang/bank/a b&c.csv"]
        event = {"Records": [{"messageId": "m", "body": json.dumps(message)}]}
        assert on_settlement_file.handler(event, CONTEXT) == {"batchItemFailures": []}
    assert on_settlement_file.keys_of({"Event": "s3:TestEvent"}) == []


def test_a_file_of_a_day_without_a_payment_of_ours_is_all_missing(journal: Journal) -> None:
    dropped(PROVIDER, b"Order ID,Time,Amount,Fee\nSMG-1,2026-11-20,3500,0\n")
    assert [one["state"] for one in report("provider")["differences"]] == ["MISSING_INTERNAL"]
    dropped("settlements/semarang/provider/b.csv", b"Order ID,Time,Amount,Fee\n")
    assert report("provider", "b.csv")["lines"] == 0
    dropped(BANK, b"Date,Description,Amount\n")
    assert report("bank")["days"] is None
