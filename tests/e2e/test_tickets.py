"""Tickets on the deployed API, with IAM enforced: bills, orders, gates, and who may do what."""

import json
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from typer.testing import CliRunner

from cli import shop
from cli.main import app
from cli.surroundings import Surroundings
from functions.payment_webhooks.items import order_values
from functions.payment_webhooks.order_ids import number_of_payment
from functions.payment_webhooks.record import Order, OrderStatus
from functions.payment_webhooks.tickets import keys_in, ticket_in
from shared.days import day_of
from shared.dynamo import to_item

GATE = "semarang-gerbang-sam-poo-kong"
SELLER = "semarang-loket"
CROWD = 200


@pytest.fixture(scope="module")
def tokens(surroundings: Surroundings) -> Mapping[str, str]:
    return {name: shop.token(surroundings, name) for name in (GATE, SELLER)}


@pytest.fixture
def simpul(surroundings: Surroundings) -> Any:
    runner = CliRunner()
    return lambda *arguments: runner.invoke(app, [str(one) for one in arguments], obj=surroundings)


def a_paid_order(surroundings: Surroundings, quantity: int = 1) -> str:
    """Put an order that somebody has paid into the table, and return its number."""
    at = datetime.now(UTC)
    order_id = number_of_payment("SMG", "TIX", "e2e", str(uuid4()))
    order = Order(
        order_id=order_id,
        jurisdiction_id="semarang",
        product="tiket-sam-poo-kong",
        kind="ticket",
        site="sam-poo-kong",
        amount=20_000 * quantity,
        paid_amount=20_000 * quantity,
        quantity=quantity,
        status=OrderStatus.PAID,
        created_at=at,
        details={
            "fare_class": "general",
            "valid_from": day_of(at).isoformat(),
            "valid_until": day_of(at + timedelta(days=1)).isoformat(),
        },
    )
    surroundings.dynamodb.put_item(
        TableName=surroundings.outputs.tables.payments, Item=to_item(order_values(order))
    )
    return order_id


def call(
    surroundings: Surroundings, method: str, path: str, token: str = "", body: Any = None
) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    url = surroundings.outputs.api_url.rstrip("/") + path
    return surroundings.http.request(method, url, headers=headers, json=body, timeout=60)


def tickets_of(surroundings: Surroundings, order_id: str, token: str) -> list[str]:
    order = call(surroundings, "GET", f"/orders/{order_id}", token).json()
    return [one["token"] for one in order["tickets"]]


def test_of_two_hundred_at_the_gates_at_once_exactly_one_gets_in(surroundings, tokens):
    order_id = a_paid_order(surroundings)
    (ticket,) = tickets_of(surroundings, order_id, tokens[SELLER])

    def scan(number: int) -> tuple[int, str]:
        body = {"token": ticket, "gate": f"G{number % 4}", "scan_id": str(uuid4())}
        answer = call(surroundings, "POST", "/tickets/redemptions", tokens[GATE], body)
        while answer.status_code in (429, 503):  # sent again, as a gate does
            answer = call(surroundings, "POST", "/tickets/redemptions", tokens[GATE], body)
        said = answer.json()
        return answer.status_code, said.get("code") or said["outcome"]

    with ThreadPoolExecutor(16) as crowd:
        counted = Counter(crowd.map(scan, range(CROWD)))
    assert counted == {(200, "redeemed"): 1, (409, "already_redeemed"): CROWD - 1}


def test_a_gate_checks_a_ticket_by_the_public_keys_alone(surroundings, tokens):
    order_id = a_paid_order(surroundings, 2)
    known = keys_in(call(surroundings, "GET", "/tickets/keys").json())
    found = tickets_of(surroundings, order_id, tokens[SELLER])
    read = [ticket_in(one, known).id for one in found]
    assert read == [f"{order_id}.1", f"{order_id}.2"]


def test_scopes_are_kept_by_the_gateway(surroundings, tokens):
    order_id = a_paid_order(surroundings)
    scan = {"token": "x"}
    refused = [
        call(surroundings, "POST", "/tickets/redemptions", tokens[SELLER], scan),
        call(surroundings, "POST", "/orders", tokens[GATE], {"product": "brt"}),
        call(surroundings, "GET", f"/orders/{order_id}", tokens[GATE]),
        call(surroundings, "POST", f"/orders/{order_id}/refunds", tokens[SELLER], {}),
        call(surroundings, "GET", f"/orders/{order_id}"),
    ]
    assert [answer.status_code for answer in refused] == [401] * 5


def test_bills_are_imported_and_inquired_after_by_the_command(simpul, tmp_path: Path):
    nop = f"3374{uuid4().int % 10**13:013d}0"
    path = tmp_path / "tagihan.csv"
    path.write_text(f"nop,tahun,pokok,jatuh_tempo,nama\n{nop},2026,150000,2040-09-30,Siti\n")
    done = simpul("pbb", "import", path, "-j", "semarang", "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["added"] == 1
    bill = json.loads(simpul("pbb", "inquire", nop, "2026", "--json").stdout)
    assert (bill["total"], bill["taxpayer"], bill["status"]) == (150_000, "S***", "unpaid")


def test_the_command_lets_a_ticket_in_once(surroundings, simpul, tokens):
    order_id = a_paid_order(surroundings)
    (ticket,) = tickets_of(surroundings, order_id, tokens[SELLER])
    assert simpul("tickets", "redeem", ticket, "--gate", "G1").exit_code == 0
    again = simpul("tickets", "redeem", ticket, "--gate", "G2")
    assert (again.exit_code, "already_redeemed" in again.stderr) == (1, True)
