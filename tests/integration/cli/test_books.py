"""`simpul ledger` and `simpul payments reconcile` on tables and a bucket of their own."""

import csv
import io
import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cli import ledger, reconcile
from cli.main import app
from cli.surroundings import Surroundings
from functions.payment_webhooks import accounts, posting
from functions.payment_webhooks.books import sealing
from functions.payment_webhooks.books.journal import Journal
from functions.payment_webhooks.entry import entry_values
from functions.payment_webhooks.items import order_values
from shared import aws, config
from shared.dynamo import to_item
from tests.aws_double import LEDGER, PAYMENTS, items
from tests.journals import NOON, an_entry, in_turns
from tests.settlements import in_order, plant, told
from tests.unit.payment_webhooks.books.test_following import ORDER as PAID_ORDER
from tests.unit.payment_webhooks.orders import an_order

#: An order that was paid in the hour of the tests, and its entries.
ORDER = replace(PAID_ORDER, created_at=NOON)
entries_of_order = posting.entries(an_order(), ORDER, NOON + timedelta(hours=8, minutes=55))
DAYS = ("--from", "2026-11-20", "--to", "2026-11-23")


@pytest.fixture(autouse=True)
def _some_days_later(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (ledger, reconcile):
        monkeypatch.setattr(module, "now", lambda: NOON + timedelta(days=5))


@pytest.fixture
def journal(aws_double: None) -> Journal:
    found = Journal(LEDGER, PAYMENTS)
    for one in in_turns(80, NOON, timedelta(minutes=37)):
        found.post(one)
    return found


def simpul(around: Surroundings, *arguments: str, fails: bool = False) -> Result:
    ran = CliRunner().invoke(app, arguments, obj=around)
    assert ran.exit_code == int(fails), ran.output
    return ran


def read(around: Surroundings, *arguments: str, fails: bool = False) -> Any:
    return json.loads(simpul(around, *arguments, "--json", fails=fails).stdout)


def entries(journal: Journal) -> list[Any]:
    days = {one["day"]["S"] for one in items(LEDGER)}
    return [
        entry
        for day in sorted(days)
        for entry in journal.entries("semarang", date.fromisoformat(day))
    ]


def alter(entry: Any, attribute: str, value: Any) -> None:
    item = next(one for one in items(LEDGER) if one["sk"]["S"] == entry["sk"])
    aws.dynamodb().put_item(TableName=LEDGER, Item={**item, attribute: value})


class TestVerify:
    @pytest.fixture(autouse=True)
    def _few_hours(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(ledger, "now", lambda: NOON + timedelta(hours=9))
        monkeypatch.setattr(sealing, "LOOKS_BACK", timedelta(hours=12))
        monkeypatch.setattr(config, "jurisdiction_ids", lambda: ("semarang",))

    @pytest.fixture
    def journal(self, aws_double: None) -> Journal:
        found = Journal(LEDGER, PAYMENTS)
        for one in in_turns(80, NOON, timedelta(minutes=5)):
            found.post(one)
        return found

    def test_a_sealed_journal_is_whole(self, around: Surroundings, journal: Journal) -> None:
        sealed = read(around, "ledger", "seal")
        assert sum(one["entries"] for one in sealed["seals"]) == 80
        assert "0 jam disegel" in simpul(around, "ledger", "seal").stdout
        assert "utuh dan seimbang" in simpul(around, "ledger", "verify", "--no-orders").stdout
        assert read(around, "ledger", "verify", "--no-orders") == {
            "ok": True,
            "entries": 80,
            "sealed": 80,
            "seals": len(sealed["seals"]),
            "sums": {"semarang": 0},
            "findings": [],
        }

    def test_an_altered_a_removed_and_an_inserted_entry_are_named(
        self, around: Surroundings, journal: Journal
    ) -> None:
        simpul(around, "ledger", "seal")
        altered, removed = entries(journal)[:2]
        alter(altered, "site", {"S": "koridor-9"})
        key = {name: {"S": removed[name]} for name in ("pk", "sk")}
        aws.dynamodb().delete_item(TableName=LEDGER, Key=key)
        more = an_entry("x")
        journal.post(more)
        found = read(around, "ledger", "verify", "--no-orders", fails=True)
        assert {(one["fault"], one["entry_id"]) for one in found["findings"]} == {
            ("altered", altered["entry_id"]),
            ("missing", removed["entry_id"]),
            ("inserted", more.entry_id),
        }
        shown = simpul(around, "ledger", "verify", "--no-orders", fails=True).stdout
        assert all(one["entry_id"] in shown for one in (altered, removed))

    def test_an_entry_altered_before_its_seal_is_told_by_the_sealer(
        self, around: Surroundings, journal: Journal
    ) -> None:
        altered = entries(journal)[0]
        alter(altered, "site", {"S": "koridor-9"})
        ran = simpul(around, "ledger", "seal", fails=True)
        assert altered["entry_id"] in ran.output

    def test_seals_kept_elsewhere_show_that_all_was_sealed_anew(
        self, around: Surroundings, journal: Journal, tmp_path: Path
    ) -> None:
        kept = tmp_path / "seals.json"
        kept.write_text(json.dumps(read(around, "ledger", "seal")))
        assert read(around, "ledger", "verify", "--no-orders", "--published", str(kept))["ok"]
        for item in items(PAYMENTS):
            key = {name: item[name] for name in ("pk", "sk")}
            aws.dynamodb().delete_item(TableName=PAYMENTS, Key=key)
        values = entry_values(an_entry("t-0", posted_at=NOON, product="other"))
        aws.dynamodb().put_item(TableName=LEDGER, Item=to_item(values))
        simpul(around, "ledger", "seal")
        assert read(around, "ledger", "verify", "--no-orders")["ok"]
        found = read(
            around, "ledger", "verify", "--no-orders", "--published", str(kept), fails=True
        )
        assert {one["fault"] for one in found["findings"]} == {"published"}

    @pytest.mark.parametrize("content", ["x", "{}", '[{"hour": 1}]', "7"])
    def test_what_holds_no_seals_is_refused(
        self, around: Surroundings, journal: Journal, tmp_path: Path, content: str
    ) -> None:
        kept = tmp_path / "seals.json"
        kept.write_text(content)
        ran = simpul(
            around, "ledger", "verify", "--no-orders", "--published", str(kept), fails=True
        )
        assert "bukan daftar segel" in ran.output

    def test_an_entry_taken_away_before_any_seal_is_named_by_its_order(
        self, around: Surroundings
    ) -> None:
        posted = Journal(LEDGER, PAYMENTS)
        for one in entries_of_order:
            posted.post(one)
        values = to_item(order_values(ORDER))
        aws.dynamodb().put_item(TableName=PAYMENTS, Item=values)
        assert read(around, "ledger", "verify")["ok"]
        gone = entry_values(entries_of_order[0])
        key = {name: {"S": gone[name]} for name in ("pk", "sk")}
        aws.dynamodb().delete_item(TableName=LEDGER, Key=key)
        found = read(around, "ledger", "verify", fails=True)
        assert ("missing", gone["entry_id"]) in {
            (one["fault"], one["entry_id"]) for one in found["findings"]
        }


class TestStatements:
    def test_the_trial_balance_balances(self, around: Surroundings, journal: Journal) -> None:
        found = read(around, "ledger", "trial-balance")
        assert found["balanced"]
        assert {row["account"]: row["balance"] for row in found["accounts"]} == {
            "clearing:midtrans": 80 * 3_476,
            "mdr:midtrans": 80 * 24,
            "revenue:semarang-dishub:4.1.02.03": -80 * 3_500,
        }
        part = read(around, "ledger", "trial-balance", *DAYS[:2], "--to", "2026-11-20")
        assert 0 < part["total"]["debit"] < found["total"]["debit"]
        rows = list(csv.DictReader(io.StringIO(csv_of(around, "ledger", "trial-balance"))))
        assert rows[-1]["account"] == "total"
        assert "222.720" not in simpul(around, "ledger", "trial-balance", "-j", "jateng").stdout
        assert "280.000" in simpul(around, "ledger", "trial-balance").stdout

    def test_a_journal_that_does_not_balance_is_a_failure(
        self, around: Surroundings, journal: Journal
    ) -> None:
        lines = [{"M": {"account": {"S": accounts.BANK}, "amount": {"N": "5"}}}]
        alter(entries(journal)[0], "lines", {"L": lines})
        assert not read(around, "ledger", "trial-balance", fails=True)["balanced"]

    def test_the_journal_is_exported_line_by_line(
        self, around: Surroundings, journal: Journal, tmp_path: Path
    ) -> None:
        rows = list(csv.DictReader(io.StringIO(simpul(around, "ledger", "export").stdout)))
        assert len(rows) == 80 * 3
        assert sum(int(row["debit"]) - int(row["credit"]) for row in rows) == 0
        file = tmp_path / "journal.csv"
        simpul(around, "ledger", "export", *DAYS, "-o", str(file))
        assert len(file.read_text("utf-8-sig").splitlines()) == 1 + 80 * 3

    def test_balances_are_by_account_and_day_and_may_be_made_anew(
        self, around: Surroundings, journal: Journal
    ) -> None:
        assert read(around, "ledger", "balances", *DAYS) == []
        rows = read(around, "ledger", "balances", *DAYS, "--anew")
        assert {row["day"] for row in rows} == {"2026-11-20", "2026-11-21", "2026-11-22"}
        assert sum(row["balance"] for row in rows) == 0
        assert "2026-11-21" in simpul(around, "ledger", "balances", *DAYS).stdout
        assert len(csv_of(around, "ledger", "balances", *DAYS).splitlines()) == 1 + len(rows)

    @pytest.mark.parametrize(
        "arguments",
        [
            ("balances", "--from", "soon"),
            ("balances", "--from", "2026-11-21", "--to", "2026-11-20"),
            ("balances", "-j", "surakarta"),
        ],
    )
    def test_what_cannot_be_asked_for_is_told(
        self, around: Surroundings, arguments: tuple[str, ...]
    ) -> None:
        assert "✗" in simpul(around, "ledger", *arguments, fails=True).output


def csv_of(around: Surroundings, *arguments: str) -> str:
    return simpul(around, *arguments, "--csv").stdout


class TestReconcile:
    @pytest.fixture
    def planted(self, journal: Journal, tmp_path: Path) -> tuple[str, str, Any]:
        settlement, bank, truth = plant(entries(journal), 4, lines_of_a_payout=5)
        for name, content in (("settlement.csv", settlement), ("bank.csv", bank)):
            (tmp_path / name).write_bytes(content)
        return str(tmp_path / "settlement.csv"), str(tmp_path / "bank.csv"), truth

    def test_both_legs_name_what_was_planted(
        self, around: Surroundings, planted: tuple[str, str, Any]
    ) -> None:
        settlement, bank, truth = planted
        found = read(around, "payments", "reconcile", settlement, "--bank", bank)
        assert in_order(told(found["differences"])) == in_order(truth)
        assert found["posted"]
        again = read(around, "payments", "reconcile", settlement, "--bank", bank)
        assert in_order(told(again["differences"])) == in_order(truth)
        assert again["posted"] == []

    def test_the_same_content_is_read_once(
        self, around: Surroundings, planted: tuple[str, str, Any]
    ) -> None:
        settlement, bank, _ = planted
        first = read(around, "payments", "reconcile", settlement)
        assert read(around, "payments", "reconcile", settlement) == first
        assert "sudah pernah dibaca" in simpul(around, "payments", "reconcile", settlement).output
        statement = read(around, "payments", "reconcile", bank, "--statement")
        assert statement["kind"] == "bank"
        again = read(around, "payments", "reconcile", settlement, "--again")
        assert again["differences"] == first["differences"]

    def test_a_dry_run_keeps_nothing(
        self, around: Surroundings, planted: tuple[str, str, Any]
    ) -> None:
        settlement, bank, truth = planted
        before = (items(LEDGER), items(PAYMENTS))
        arguments = ("payments", "reconcile", settlement, "--bank", bank, "--dry-run")
        assert in_order(told(read(around, *arguments)["differences"])) == in_order(truth)
        assert (items(LEDGER), items(PAYMENTS)) == before
        assert csv_of(around, *arguments).startswith("leg,state,what,")
        assert "SELISIH" in simpul(around, *arguments).stdout

    def test_a_file_without_difference_says_so(
        self, around: Surroundings, journal: Journal, tmp_path: Path
    ) -> None:
        settlement, _, _ = plant(entries(journal), 4, each=0)
        file = tmp_path / "a.csv"
        file.write_bytes(settlement)
        assert "Tidak ada selisih" in simpul(around, "payments", "reconcile", str(file)).stdout
        assert read(around, "payments", "accept-fees", str(file)) == {"posted": 0, "more": 0}

    def test_a_missing_column_is_named(self, around: Surroundings, tmp_path: Path) -> None:
        file = tmp_path / "a.csv"
        file.write_text("Order ID,Time\nSMG-1,2026-11-20\n")
        for command in ("reconcile", "accept-fees"):
            ran = simpul(around, "payments", command, str(file), fails=True)
            assert "Kolom `amount`" in ran.output

    def test_fees_are_posted_only_by_command_and_are_no_difference_afterwards(
        self, around: Surroundings, planted: tuple[str, str, Any]
    ) -> None:
        settlement, _, truth = planted
        simpul(around, "payments", "accept-fees", settlement, fails=True)
        assert read(around, "payments", "accept-fees", settlement, "--yes")["posted"] == 1
        assert "0 potongan" in simpul(around, "payments", "accept-fees", settlement).stdout
        found = told(read(around, "payments", "reconcile", settlement)["differences"])
        left = [one for one in truth if one["leg"] == "provider" and one["what"] != ("fee",)]
        assert in_order(one for one in found if one["leg"] == "provider") == in_order(left)
        assert read(around, "ledger", "trial-balance")["balanced"]


def test_leakage_follows_what_was_issued_to_the_bank(
    around: Surroundings, journal: Journal, tmp_path: Path
) -> None:
    order = an_order(created_at=NOON, site="koridor-1", quantity=2)
    scan = {
        "pk": "S#semarang#-#2026-11-20",
        "sk": "scan-1",
        "outcome": "not_paid",
        "product": "brt-umum",
    }
    for values in (order_values(order), scan):
        aws.dynamodb().put_item(TableName=PAYMENTS, Item=to_item(values))
    settlement, bank, _ = plant(entries(journal), 4, each=0, lines_of_a_payout=5)
    for name, content in (("a.csv", settlement), ("b.csv", bank)):
        (tmp_path / name).write_bytes(content)
    files = (str(tmp_path / "a.csv"), "--bank", str(tmp_path / "b.csv"))
    before = read(around, "payments", "leakage", *DAYS)["total"]
    assert (before["paid"], before["settled"], before["unsettled_amount"]) == (80, 0, 280_000)
    assert (before["issued"], before["scanned"], before["refused_scans"]) == (2, 0, 1)
    simpul(around, "payments", "reconcile", *files)
    after = read(around, "payments", "leakage", *DAYS)
    assert (after["total"]["settled"], after["total"]["banked"]) == (80, 80)
    assert after["total"]["unbanked_amount"] == 0
    assert {row["site"] for row in after["rows"]} == {"koridor-1", "-"}
    assert csv_of(around, "payments", "leakage", *DAYS).count("\n") == len(after["rows"]) + 2
    assert "280.000" in simpul(around, "payments", "leakage", *DAYS).stdout
