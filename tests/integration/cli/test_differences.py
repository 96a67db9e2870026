"""`simpul payments differences`: what files found stays listed until something explains it."""

import csv
import io
from datetime import timedelta
from pathlib import Path

import pytest

from cli import differences, ledger, reconcile
from cli.screen import out
from cli.surroundings import Surroundings
from functions.payment_webhooks.books.journal import Journal
from tests.aws_double import LEDGER, PAYMENTS
from tests.integration.cli.test_books import csv_of, entries, read, simpul
from tests.journals import NOON, in_turns
from tests.settlements import plant

LISTED = ("payments", "differences")


@pytest.fixture(autouse=True)
def _some_days_later(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (ledger, reconcile, differences):
        monkeypatch.setattr(module, "now", lambda: NOON + timedelta(days=5))


@pytest.fixture
def journal(aws_double: None) -> Journal:
    found = Journal(LEDGER, PAYMENTS)
    for one in in_turns(80, NOON, timedelta(minutes=37)):
        found.post(one)
    return found


@pytest.fixture
def settlement(journal: Journal, tmp_path: Path) -> str:
    content, _, _ = plant(entries(journal), 4, lines_of_a_payout=5)
    file = tmp_path / "settlement.csv"
    file.write_bytes(content)
    return str(file)


def states(around: Surroundings) -> list[str]:
    return sorted(one["state"] for one in read(around, *LISTED)["differences"])


def test_before_any_file_nothing_is_open(around: Surroundings, journal: Journal) -> None:
    assert "Tidak ada selisih terbuka" in simpul(around, *LISTED).stdout


def test_what_a_file_found_is_listed_once_with_its_age(
    around: Surroundings, settlement: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = read(around, "payments", "reconcile", settlement)
    simpul(around, "payments", "reconcile", settlement, "--again")
    found = read(around, *LISTED)
    open_ = [one for one in report["differences"] if one["state"] != "LATE"]
    assert found["count"] == len(open_) == len(found["differences"])
    assert states(around) == sorted(one["state"] for one in open_)
    assert sum(age["count"] for age in found["ageing"]) == found["count"]
    assert all(one["age_days"] >= 2 and one["file"] for one in found["differences"])
    rows = list(csv.DictReader(io.StringIO(csv_of(around, *LISTED))))
    assert [row["id"] for row in rows] == [one["id"] for one in found["differences"]]
    monkeypatch.setattr(out, "_width", 80)
    shown = simpul(around, *LISTED).stdout
    assert all(one["state"] in shown for one in found["differences"])
    assert all(one["id"] in shown for one in found["differences"])
    assert "semua / all" in shown


def test_a_fee_that_was_accepted_is_no_longer_open(around: Surroundings, settlement: str) -> None:
    read(around, "payments", "reconcile", settlement)
    before = read(around, *LISTED)["differences"]
    simpul(around, "payments", "accept-fees", settlement, "--yes")
    gone = {one["id"] for one in before} - {
        one["id"] for one in read(around, *LISTED)["differences"]
    }
    assert [one["what"] for one in before if one["id"] in gone] == [["fee"]]


def test_what_a_person_explained_is_no_longer_open(around: Surroundings, settlement: str) -> None:
    read(around, "payments", "reconcile", settlement)
    (first, *rest) = [one["id"] for one in read(around, *LISTED)["differences"]]
    simpul(around, "payments", "explain", first, "--why", " ", fails=True)
    simpul(around, "payments", "explain", first, "--why", "Surat penyedia 12/2026")
    assert [one["id"] for one in read(around, *LISTED)["differences"]] == rest
    assert "Tidak ada selisih terbuka" in (
        simpul(around, "payments", "explain", first, "--why", "lagi", fails=True).output
    )
