"""What somebody wrote past the service is found by `simpul ledger`, and named."""

import json
from datetime import date, timedelta
from typing import Any

import pytest

from cli import ledger
from cli.surroundings import Surroundings
from functions.payment_webhooks.books import sealing
from functions.payment_webhooks.books.balances import make_anew
from functions.payment_webhooks.books.files import BookFiles
from functions.payment_webhooks.books.journal import Journal
from functions.payment_webhooks.entry import content_hash, entry_values
from functions.payment_webhooks.items import order_values
from shared import aws, config
from shared.dynamo import to_item
from tests.aws_double import LEDGER, PAYMENTS, PAYMENTS_BUCKET, items
from tests.integration.cli.test_books import (
    ORDER,
    alter,
    entries,
    entries_of_order,
    read,
    simpul,
)
from tests.journals import NOON, an_entry, in_turns

NOW = NOON + timedelta(hours=9)
DAY = "2026-11-20"


@pytest.fixture(autouse=True)
def _few_hours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "now", lambda: NOW)
    monkeypatch.setattr(sealing, "LOOKS_BACK", timedelta(hours=12))
    monkeypatch.setattr(config, "jurisdiction_ids", lambda: ("semarang",))


@pytest.fixture
def journal(aws_double: None) -> Journal:
    found = Journal(LEDGER, PAYMENTS)
    for one in in_turns(40, NOON, timedelta(minutes=5)):
        found.post(one)
    return found


def found(around: Surroundings, *arguments: str) -> set[tuple[str, str]]:
    """Return each fault with the entry, hour or day that it names."""
    told = read(around, "ledger", "verify", *arguments, fails=True)["findings"]
    return {(one["fault"], one["entry_id"] or one["hour"] or one["day"]) for one in told}


def rewrite(table: str, sk: str, **changes: Any) -> None:
    """Put an item again, as somebody with rights to the table can, with other values."""
    item = next(one for one in items(table) if one["sk"]["S"] == sk)
    aws.dynamodb().put_item(TableName=table, Item={**item, **to_item(changes)})


class TestBeforeItsSeal:
    """Its order tells what must be posted for it."""

    @pytest.fixture(autouse=True)
    def _posted(self, aws_double: None) -> None:
        for one in entries_of_order:
            Journal(LEDGER, PAYMENTS).post(one)
        values = to_item(order_values(ORDER))
        aws.dynamodb().put_item(TableName=PAYMENTS, Item=values)

    def test_an_altered_entry_is_named(self, around: Surroundings) -> None:
        one = entry_values(entries_of_order[0])
        rewrite(LEDGER, one["sk"], site="koridor-9")
        assert ("altered", one["sk"]) in found(around)

    def test_one_that_was_hashed_anew_is_named_too(self, around: Surroundings) -> None:
        one = entry_values(entries_of_order[0])
        lines = [{**line, "amount": line["amount"] * 2} for line in one["lines"]]
        rewrite(LEDGER, one["sk"], lines=lines, hash=content_hash({**one, "lines": lines}))
        assert found(around) == {("altered", one["sk"])}

    def test_a_missing_entry_is_named(self, around: Surroundings) -> None:
        one = entry_values(entries_of_order[0])
        key = to_item({name: one[name] for name in ("pk", "sk")})
        aws.dynamodb().delete_item(TableName=LEDGER, Key=key)
        assert ("missing", one["sk"]) in found(around)

    def test_an_inserted_entry_is_named(self, around: Surroundings) -> None:
        more = an_entry("x", posted_at=NOW - timedelta(minutes=1), order_id=ORDER.order_id)
        Journal(LEDGER, PAYMENTS).post(more)
        assert found(around) == {("inserted", more.entry_id)}


class TestAfterItsSeal:
    @pytest.mark.parametrize("attribute", ["root", "previous", "chain", "entries"])
    def test_a_tampered_seal_is_named_by_its_hour(
        self, around: Surroundings, journal: Journal, attribute: str
    ) -> None:
        simpul(around, "ledger", "seal")
        rewrite(PAYMENTS, "2026-11-20T06", **{attribute: "0" * 64})
        assert ("chain", "2026-11-20T06") in found(around, "--no-orders")

    def test_a_tampered_manifest_is_named_by_its_hour(
        self, around: Surroundings, journal: Journal
    ) -> None:
        simpul(around, "ledger", "seal")
        keys = [one["Key"] for one in aws.s3().list_objects_v2(Bucket=PAYMENTS_BUCKET)["Contents"]]
        key = next(one for one in keys if "T06" in one or "/06" in one)
        body = json.loads(aws.s3().get_object(Bucket=PAYMENTS_BUCKET, Key=key)["Body"].read())
        body["leaves"] = body["leaves"][1:]
        aws.s3().put_object(Bucket=PAYMENTS_BUCKET, Key=key, Body=json.dumps(body).encode())
        assert ("manifest", "2026-11-20T06") in found(around, "--no-orders")

    def test_an_entry_with_what_no_entry_can_hold_is_named(
        self, around: Surroundings, journal: Journal
    ) -> None:
        simpul(around, "ledger", "seal")
        one = entries(journal)[0]
        alter(one, "site", {"B": b"x"})
        assert found(around, "--no-orders") == {("altered", one["entry_id"])}


class TestTotals:
    @pytest.fixture(autouse=True)
    def _made(self, journal: Journal) -> None:
        make_anew("semarang", date.fromisoformat(DAY), journal=journal, clock=lambda: NOW)
        journal.set_up_to("semarang", NOW)
        files = BookFiles(PAYMENTS_BUCKET)
        list(sealing.seal_closed("semarang", journal=journal, manifests=files, now=NOW))

    def test_a_tampered_balance_is_named_by_its_day(
        self, around: Surroundings, journal: Journal
    ) -> None:
        assert read(around, "ledger", "verify", "--no-orders")["findings"] == []
        kept = next(iter(journal.totals("semarang", date.min, date.max)))
        rewrite(PAYMENTS, DAY, accounts={**kept["accounts"], "bank": [1, 0]})
        assert found(around, "--no-orders") == {("balance", DAY)}
        shown = simpul(around, "ledger", "verify", "--no-orders", fails=True).stdout
        assert DAY in shown
        assert "bank" in shown


@pytest.mark.parametrize(
    "command", [["trial-balance"], ["export"], ["balances", "--anew", "--from", DAY, "--to", DAY]]
)
def test_an_amount_that_is_no_number_is_named_by_its_entry(
    around: Surroundings, journal: Journal, command: list[str]
) -> None:
    one = entries(journal)[0]
    lines = [{"M": {"account": {"S": "bank"}, "amount": {"S": "banyak"}}}]
    alter(one, "lines", {"L": lines})
    told = simpul(around, "ledger", *command, fails=True).output
    assert f"✗ Ayat {one['entry_id']}:" in told
    assert "simpul ledger verify" in told
