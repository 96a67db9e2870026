"""A thousand orders through a played provider, whose messages come twice and in disorder.

Then a provider's file and a bank's with planted differences, and an entry that somebody altered.
"""

import json
import os
import secrets
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli import payments_keys
from cli.bill_registry import write
from cli.main import app
from cli.payments_access import entries_of, orders_of
from cli.payments_simulating import Simulated, simulated
from cli.provider_simulator_orders import Bill
from cli.surroundings import Surroundings
from functions.payment_webhooks.entry import JournalEntry, entry_values
from functions.payment_webhooks.pbb import TaxBill, bill_from, bill_key
from functions.payment_webhooks.record import OrderStatus
from shared import config
from shared.clock import WIB, now
from shared.dynamo import from_item
from tests.e2e.citizen import eventually
from tests.settlements import BANK_KINDS, PROVIDER_KINDS, plant

ORDERS = 1000
BILLS = 160
#: The same in every run on a cloud of its own; on one that is used again, orders have to be new.
SEED = secrets.randbelow(10**9) if "SIMPUL_TEST_CLOUD" in os.environ else 20_261_120


def a_bill(number: int) -> TaxBill:
    """Return the bill of an object that no other run's bills are about."""
    nop = f"3374{number % 1000:03d}{SEED % 1000:03d}{number // 10:03d}{number:04d}0"
    return TaxBill(
        jurisdiction_id="semarang",
        nop=nop,
        year=now().year,
        principal=100_000 + 500 * number,
        due_on=now().date() - timedelta(days=70 if number % 2 else -70),
        taxpayer="S***",
    )


@pytest.fixture(scope="module")
def played(surroundings: Surroundings, tmp_path_factory: pytest.TempPathFactory) -> Simulated:
    around = surroundings
    bills = [a_bill(number) for number in range(BILLS)]
    write(around.dynamodb, around.outputs.tables.payments, bills)
    return simulated(
        around,
        orders=ORDERS,
        duplicates=0.2,
        disorder=0.1,
        seed=SEED,
        keys=payments_keys.load(around),
        bills=[Bill(one.nop, one.year) for one in bills],
    )


@pytest.fixture(scope="module")
def entries(surroundings: Surroundings, played: Simulated) -> list[JournalEntry]:
    """All entries about what was played, of both jurisdictions."""
    truth = played.truth
    orders = {one["order_id"] for one in truth["orders"] + truth["marketplace"]}
    others = {
        one["transaction_id"] for one in truth["without_order"] + truth["unknown"] + truth["wallet"]
    }
    return [
        entry
        for jurisdiction_id in config.jurisdiction_ids()
        for entry in of_late(surroundings, jurisdiction_id)
        if entry.order_id in orders or entry.transaction_id in others
    ]


def of_late(around: Surroundings, jurisdiction_id: str) -> list[JournalEntry]:
    """Return a jurisdiction's entries of yesterday and today (WIB)."""
    today = now().astimezone(WIB).date()
    days = (today - timedelta(days=1), today)
    return [entry for day in days for entry in entries_of(around, jurisdiction_id, day)]


def run(around: Surroundings, *arguments: str) -> Any:
    return CliRunner().invoke(app, list(arguments), obj=around)


def test_every_order_is_as_the_provider_says(played: Simulated) -> None:
    parts = [played.truth[part] for part in ("orders", "marketplace", "wallet")]
    assert sum(map(len, parts)) == ORDERS
    assert all(len(part) >= ORDERS * 0.04 for part in parts)
    assert played.different == {}
    # What got no answer in time ("0") was sent again, as a provider does.
    assert set(played.played.answers) - {"0"} == {"200"}
    products = {one["order_id"].split("-")[1] for one in played.truth["orders"]}
    assert products == {"BRT", "PBB", "TIX", "MRC", "OTH"}
    assert played.played.sent > 2 * ORDERS * 1.1  # a fifth of two or more each came twice


def test_the_ledger_balances_and_each_payment_is_in_it_once(
    played: Simulated, entries: list[JournalEntry]
) -> None:
    assert sum(line.amount for entry in entries for line in entry.lines) == 0
    posted = Counter(
        (entry.transaction_id, str(entry.kind))
        for entry in entries
        if entry.kind != "overpayment"  # it is of the order, and may be corrected
    )
    refunds = {one["transaction_id"]: one["refunds"] for one in played.truth["orders"]}
    for (transaction_id, kind), count in posted.items():
        assert count == 1 or kind.startswith("refund"), (transaction_id, kind)
        assert count <= max(1, len(refunds.get(transaction_id, ()))), (transaction_id, kind)
    kept = {"sale", "amount_mismatch", "unknown_order"}
    in_books = {transaction_id for transaction_id, kind in posted if kind in kept}
    for order in played.truth["orders"]:
        paid = order["paid_at"] is not None
        assert (order["transaction_id"] in in_books) is paid, order
        assert "again" not in order or order["again"]["transaction_id"] in in_books
    without = played.truth["without_order"] + played.truth["unknown"]
    assert {one["transaction_id"] for one in without} <= in_books
    sold = {one["transaction_id"] for one in played.truth["marketplace"]}
    assert sold <= in_books


def test_a_bill_that_a_wallet_paid_is_paid_once_and_one_it_took_back_is_owed_again(
    played: Simulated, entries: list[JournalEntry]
) -> None:
    kinds = {
        one["nop"]: sorted(
            str(entry.kind)
            for entry in entries
            if one["transaction_id"] and entry.transaction_id == one["transaction_id"]
        )
        for one in played.truth["wallet"]
    }
    expected = {
        "bill paid": ["sale"],
        "bill's payment reversed": ["reversal", "sale"],
        "bill asked about": [],
    }
    assert kinds == {one["nop"]: expected[one["fate"]] for one in played.truth["wallet"]}
    assert {one["fate"] for one in played.truth["wallet"]} == set(expected)


def test_revenue_is_what_the_provider_was_paid_less_what_it_gave_back(
    played: Simulated, entries: list[JournalEntry]
) -> None:
    revenue = -sum(
        line.amount
        for entry in entries
        for line in entry.lines
        if line.account.startswith("revenue:")
    )
    expected = 0
    for order in played.truth["orders"]:
        if order["expected_status"] in ("paid", "partially_refunded"):
            expected += order["amount"] - sum(one["amount"] for one in order["refunds"])
    for sale in played.truth["marketplace"]:
        if sale["expected_status"] in ("paid", "partially_refunded"):
            expected += sale["amount"] - sale["refunded"]
    expected += sum(
        one["amount"] for one in played.truth["wallet"] if one["expected_bill"] == "paid"
    )
    places = {one["transaction_id"]: one["amount"] for one in played.truth["without_order"]}
    sold = {entry.transaction_id for entry in entries if entry.kind == "sale"}
    expected += sum(amount for key, amount in places.items() if key in sold)
    assert revenue == expected


def test_a_bill_that_was_paid_has_a_receipt_of_its_own(
    surroundings: Surroundings, played: Simulated
) -> None:
    taxes = [one for one in played.truth["orders"] if "-PBB-" in one["order_id"]]
    orders = orders_of(surroundings, [one["order_id"] for one in taxes])
    paid = [one for one in orders.values() if one.status == OrderStatus.PAID]
    assert len(paid) > len(taxes) / 2
    for order in paid:
        assert order.bill
        item = surroundings.dynamodb.get_item(
            TableName=surroundings.outputs.tables.payments,
            Key=bill_key(order.bill.nop, order.bill.year),
            ConsistentRead=True,
        )["Item"]
        bill = bill_from(from_item(item))
        assert (bill.status, bill.paid_by) == ("paid", order.order_id)
    receipts = [order.receipt_number for order in paid]
    assert all(receipts)
    assert len(set(receipts)) == len(receipts)


def test_payments_at_a_qr_that_stands_still_are_the_revenue_of_what_it_stands_for(
    played: Simulated, entries: list[JournalEntry]
) -> None:
    products = {one["transaction_id"]: one["product"] for one in played.truth["without_order"]}
    assert products
    posted = {
        entry.transaction_id: entry.product for entry in entries if entry.transaction_id in products
    }
    assert posted == products


def test_a_message_that_is_replayed_changes_nothing(
    surroundings: Surroundings, played: Simulated
) -> None:
    order_id = next(one["order_id"] for one in played.truth["orders"] if one["fate"] == "refunded")
    before = json.loads(run(surroundings, "payments", "show", order_id, "--json").stdout)
    assert before["order"]["status"] == "refunded"
    assert {one["kind"] for one in before["entries"]} == {
        "sale",
        "refund_pending",
        "refund_settled",
    }
    ids = {event["notification_id"] for event in before["events"]}
    assert len(ids) > 1
    for notification_id in sorted(ids):
        done = run(surroundings, "payments", "replay", notification_id, "--json")
        assert done.exit_code == 0, done.output
    eventually(lambda: _is_worked_off(surroundings))
    after = json.loads(run(surroundings, "payments", "show", order_id, "--json").stdout)
    assert after == before
    nothing = run(surroundings, "payments", "replay", "20200101T0000-0123456789abcdef")
    assert nothing.exit_code == 1


def _is_worked_off(around: Surroundings) -> bool:
    told = around.sqs.get_queue_attributes(
        QueueUrl=around.outputs.queues.payments,
        AttributeNames=["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
    )["Attributes"]
    return not any(map(int, told.values()))


def test_a_file_with_planted_differences_is_told_apart(
    surroundings: Surroundings, entries: list[JournalEntry], tmp_path: Path
) -> None:
    assert entries
    journal = [entry_values(one) for one in of_late(surroundings, "semarang")]
    provider, bank, truth = plant(journal, SEED, each=2)
    planted = Counter((one["leg"], one["state"], *one["what"]) for one in truth)
    assert len(planted) == len(PROVIDER_KINDS) + len(BANK_KINDS)
    assert min(planted.values()) >= 2
    (tmp_path / "truth.json").write_text(json.dumps(truth), encoding="utf-8")
    files = (tmp_path / "settlement.csv", tmp_path / "statement.csv")
    files[0].write_bytes(provider)
    files[1].write_bytes(bank)
    done = run(
        surroundings, "payments", "reconcile", str(files[0]), "--bank", str(files[1]), "--json"
    )
    assert done.exit_code == 0, done.output
    report = json.loads(done.stdout)
    written = json.loads((tmp_path / "truth.json").read_bytes())
    assert Counter(map(told, open_differences(report))) == Counter(map(told, written))


def open_differences(report: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the differences that somebody has to look at: what is only not yet due is none."""
    return [one for one in report["differences"] if one["state"] != "EXPECTED"]


def told(one: dict[str, Any]) -> tuple[str, str, tuple[str, ...], str]:
    name = one["batch"] if one["leg"] == "bank" else one["transaction_id"]
    return one["leg"], one["state"], tuple(one["what"]), name or ""


def test_an_entry_that_somebody_altered_is_named(
    surroundings: Surroundings, entries: list[JournalEntry]
) -> None:
    sound = run(surroundings, "ledger", "verify", "--json")
    assert sound.exit_code == 0, sound.output
    entry = next(one for one in entries if one.kind == "sale")
    values = entry_values(entry)
    key = {name: {"S": values[name]} for name in ("pk", "sk")}
    table = surroundings.outputs.tables.ledger
    before = surroundings.dynamodb.get_item(TableName=table, Key=key, ConsistentRead=True)["Item"]
    changed = json.loads(json.dumps(before))
    for line in changed["lines"]["L"]:
        line["M"]["amount"]["N"] = str(2 * int(line["M"]["amount"]["N"]))
    surroundings.dynamodb.put_item(TableName=table, Item=changed)
    try:
        found = run(surroundings, "ledger", "verify", "--json")
        assert found.exit_code == 1
        assert entry.entry_id in found.stdout
    finally:
        surroundings.dynamodb.put_item(TableName=table, Item=before)
    assert run(surroundings, "ledger", "verify", "--json").exit_code == 0


def test_the_public_reads_the_revenue_of_every_product_that_was_sold(
    surroundings: Surroundings, played: Simulated
) -> None:
    surroundings.functions.invoke(
        FunctionName=surroundings.outputs.function("payment-webhooks-every-minute")
    )
    today: date = now().astimezone(WIB).date()
    answer = surroundings.http.get(
        f"{surroundings.outputs.api_url}/revenue",
        params={"from": (today - timedelta(days=1)).isoformat(), "group_by": "product"},
    )
    assert answer.status_code == 200, answer.text
    rows = {row["product"]: row["revenue"] for row in answer.json()["rows"]}
    sold = {
        order.product
        for order in orders_of(
            surroundings, [one["order_id"] for one in played.truth["orders"]]
        ).values()
        if order.status == OrderStatus.PAID
    }
    assert sold <= set(rows)
    assert all(rows[product] > 0 for product in sold)
