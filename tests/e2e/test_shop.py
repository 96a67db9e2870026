"""A shop's day on the deployed API: ordered, paid, let in, given back; a bill by virtual account."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from typer.testing import CliRunner

from cli import payments_keys
from cli import provider_simulator_signing as signing
from cli.main import app
from cli.surroundings import Surroundings
from tests import signed
from tests.e2e.citizen import eventually
from tests.e2e.payment_requests import a_provider

SNAP = "/payments/snap"
INQUIRY = "/v1.0/transfer-va/inquiry"
PAYMENT = "/v1.0/transfer-va/payment"
REVERSAL = "/v1.0/transfer-va/payment-reversal"


@pytest.fixture
def simpul(surroundings: Surroundings) -> Any:
    runner = CliRunner()

    def run(*arguments: Any, fails: bool = False) -> Any:
        done = runner.invoke(app, [*map(str, arguments), "--json"], obj=surroundings)
        assert bool(done.exit_code) is fails, done.output
        return done.stderr if fails else json.loads(done.stdout)

    return run


def test_tickets_are_ordered_paid_let_in_and_given_back(surroundings, simpul):
    with a_provider(surroundings) as provider:
        order = simpul("orders", "create", "-p", "tiket-sam-poo-kong", "--quantity", 3)
        number = order["order_id"]
        assert number in order["qr_string"]

        provider.stage.pay(number)
        provider.tell([[provider.stage.told(number)]])
        paid = eventually(lambda: _when(simpul("orders", "show", number), "paid"))
        one, _, last = (ticket["token"] for ticket in paid["tickets"])
        assert simpul("tickets", "redeem", one, "--gate", "G1")["outcome"] == "redeemed"
        assert "already_redeemed" in simpul("tickets", "redeem", one, fails=True)

        asked = simpul("orders", "refund", number, "--reason", "hujan", "--amount", 20_000)
        assert asked["outcome"] == "accepted"
        assert "revoked" in simpul("tickets", "redeem", last, fails=True)
        provider.bank.confirm_refunds(number, datetime.now(UTC))
        provider.tell([[provider.stage.told(number)]])
        back = eventually(lambda: _when(simpul("orders", "show", number), "partially_refunded"))
        assert (back["refunded_amount"], len(back["tickets"])) == (20_000, 2)
        assert "already_redeemed" in simpul(
            "orders", "refund", number, "--reason", "semua", fails=True
        )


def test_a_wallet_asks_for_a_bill_pays_it_and_takes_it_back(surroundings, simpul, tmp_path: Path):
    nop = f"3374{uuid4().int % 10**13:013d}0"
    bills = tmp_path / "tagihan.csv"
    bills.write_text(f"nop,tahun,pokok,jatuh_tempo,nama\n{nop},2026,150000,2040-09-30,Siti\n")
    assert simpul("pbb", "import", bills, "-j", "semarang")["added"] == 1
    keys = payments_keys.load(surroundings)["snap"]["va"]
    account = {
        "partnerServiceId": "   33740",
        "customerNo": f"{nop}2026",
        "virtualAccountNo": f"   33740{nop}2026",
    }

    def said(path: str, **more: Any) -> tuple[int, Any]:
        body = signing.compact(account | more)
        headers = signed.snap_headers(path, body)
        headers["X-SIGNATURE"] = signing.snap(
            path, body, signed.TIMESTAMP, keys["private_key_of_provider"]
        )
        url = surroundings.outputs.api_url.rstrip("/") + SNAP + path
        answer = surroundings.http.post(url, content=body, headers=headers)
        return answer.status_code, answer.json()

    status, answer = said(INQUIRY, inquiryRequestId="i-1")
    assert (status, answer["responseCode"]) == (200, "2002400")
    owed = answer["virtualAccountData"]["totalAmount"]
    assert owed == {"value": "150000.00", "currency": "IDR"}

    payment = {
        "paymentRequestId": str(uuid4()),
        "paidAmount": owed,
        "trxDateTime": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    wrong = {"value": "149000.00", "currency": "IDR"}
    status, answer = said(PAYMENT, **payment | {"paidAmount": wrong})
    assert (status, answer["responseCode"]) == (404, "4042513")
    for _ in range(2):
        status, answer = said(PAYMENT, **payment)
        assert (status, answer["responseCode"]) == (200, "2002500")
    bill = eventually(lambda: _when(simpul("pbb", "inquire", nop, 2026), "paid"))
    assert len(bill["receipt_number"]) == 16
    assert said(INQUIRY)[1]["responseCode"] == "4042414"
    other = payment | {"paymentRequestId": str(uuid4())}
    assert said(PAYMENT, **other)[1]["responseCode"] == "4042514"

    assert said(REVERSAL, **payment)[0] == 200
    eventually(lambda: _when(simpul("pbb", "inquire", nop, 2026), "unpaid"))
    assert said(INQUIRY)[1]["responseCode"] == "2002400"


def _when(found: dict[str, Any], status: str) -> dict[str, Any] | None:
    return found if found["status"] == status else None
