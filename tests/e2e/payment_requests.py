"""A request that must succeed for each operation of payments, signed as its sender signs it."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from cli import payments_keys, shop
from cli import provider_simulator_signing as signing
from cli.bill_registry import write
from cli.provider_simulator import Simulator
from cli.surroundings import Surroundings
from functions.payment_webhooks.items import order_values
from functions.payment_webhooks.order_ids import number_of_payment
from functions.payment_webhooks.pbb import TaxBill
from functions.payment_webhooks.record import Order, OrderStatus, PaidTransaction
from shared.days import day_of
from shared.dynamo import to_item
from tests import signed

#: Who calls what only machines of payments may.
CLIENTS = {
    "orders/write": "semarang-loket",
    "gate/redeem": "semarang-gerbang-sam-poo-kong",
}
_SNAP = {
    "notifyDebit": ("/v1.0/debit/notify", "gopay"),
    "notifyQrMpm": ("/v1.0/qr/qr-mpm-notify", "qris"),
    "payVirtualAccount": ("/v1.0/transfer-va/payment", "va"),
    "reverseVirtualAccountPayment": ("/v1.0/transfer-va/payment-reversal", "va"),
    "inquireVirtualAccount": ("/v1.0/transfer-va/inquiry", "va"),
}


@contextmanager
def a_provider(around: Surroundings) -> Iterator[Simulator]:
    """Play the provider that the deployment asks; what it tells, it tells twice."""
    outputs = around.outputs
    played = Simulator(
        api_url=outputs.api_url,
        keys=payments_keys.load(around),
        port=urlsplit(outputs.payments.provider_url).port or 0,
        duplicates=1.0,
    )
    with played.serving():
        yield played


def a_paid_order(around: Surroundings, *, refundable: str | None = None) -> str:
    """Put an order of a ticket that somebody has paid into the table, and return its number.

    `refundable` is the number of an order that the provider knows as paid, and takes back.
    """
    at = datetime.now(UTC)
    paid = PaidTransaction(
        provider="midtrans", status="settlement", amount=20_000, paid_at=at, channel="qris"
    )
    order = Order(
        order_id=refundable or number_of_payment("SMG", "TIX", "e2e", str(uuid4())),
        jurisdiction_id="semarang",
        product="tiket-sam-poo-kong",
        kind="ticket",
        site="sam-poo-kong",
        amount=20_000,
        paid_amount=20_000,
        status=OrderStatus.PAID,
        created_at=at,
        transactions={"t-1": paid},
        details={
            "fare_class": "general",
            "valid_from": day_of(at).isoformat(),
            "valid_until": day_of(at + timedelta(days=1)).isoformat(),
        },
    )
    around.dynamodb.put_item(
        TableName=around.outputs.tables.payments, Item=to_item(order_values(order))
    )
    return order.order_id


def a_bill(around: Surroundings) -> TaxBill:
    """Put a tax bill that nobody paid into the table."""
    bill = TaxBill(
        jurisdiction_id="semarang",
        nop=f"3374{uuid4().int % 10**13:013d}0",
        year=2026,
        principal=150_000,
        due_on=datetime.now(UTC).date() + timedelta(days=60),
    )
    write(around.dynamodb, around.outputs.tables.payments, [bill])
    return bill


def valid_payment_requests(around: Surroundings, provider: Simulator) -> dict[str, dict[str, Any]]:
    """Return the arguments of good requests, by operation. `provider` is played and answers."""
    keys = payments_keys.load(around)
    paid, bill = a_paid_order(around), a_bill(around)
    seller = shop.token(around, CLIENTS["orders/write"])
    api = shop.api(around)
    (ticket,) = api.get(f"/orders/{paid}", token=seller)["tickets"]
    bought = api.post("/orders", {"product": "tiket-sam-poo-kong"}, token=seller)["order_id"]
    provider.stage.pay(bought)
    a_paid_order(around, refundable=bought)
    account = {
        "partnerServiceId": "   33740",
        "customerNo": f"{bill.nop}{bill.year}",
        "virtualAccountNo": f"   33740{bill.nop}{bill.year}",
    }
    payment = account | {
        "paymentRequestId": str(uuid4()),
        "paidAmount": {"value": "150000.00", "currency": "IDR"},
    }
    told = {
        "originalReferenceNo": str(uuid4()),
        "originalPartnerReferenceNo": f"e2e-{uuid4()}",
        "latestTransactionStatus": "03",
        "amount": {"value": "3500.00", "currency": "IDR"},
    }
    snap_bodies: dict[str, dict[str, Any]] = {
        "notifyDebit": told,
        "notifyQrMpm": told | {"originalReferenceNo": str(uuid4())},
        "payVirtualAccount": payment,
        "reverseVirtualAccountPayment": payment,
        "inquireVirtualAccount": account,
    }
    (server_key, *_) = keys["midtrans"]["semarang"]["server_keys"]
    trial = signed.midtrans(server_key, order_id="payment_notif_test_G000000000_e2e")
    return {
        "notifyMidtrans": {"body": trial},
        "notifyGobiz": _gobiz(keys["gobiz"]["secrets"][0]),
        **{
            name: _snap(keys, path, partner, snap_bodies[name])
            for name, (path, partner) in _SNAP.items()
        },
        "createOrder": {"body": {"product": "brt"}, "headers": {"Idempotency-Key": str(uuid4())}},
        "showOrder": {"path_parameters": {"order_id": paid}},
        "refundOrder": {
            "path_parameters": {"order_id": bought},
            "body": {"reason": "batal berkunjung"},
        },
        "redeemTickets": {"body": {"token": ticket["token"], "gate": "Utara 1"}},
        "listTicketKeys": {},
        "showTaxBill": {"path_parameters": {"nop": bill.nop, "year": "2026"}},
        "getRevenue": {"query": {"from": "2026-11-01", "to": "2026-11-30", "group_by": "product"}},
        "listSeals": {"query": {"jurisdiction_id": "semarang"}},
        "getSeal": {"path_parameters": a_seal(around)},
        "takeMarketplaceSale": _sale(keys["marketplaces"]["loket"]["secrets"][0]),
    }


def a_seal(around: Surroundings) -> dict[str, str]:
    """Have the ledger sealed, and return what stands in the path of a seal that was published."""
    around.functions.invoke(
        FunctionName=around.outputs.function("payment-webhooks-every-hour"), Payload=b"{}"
    )
    listed = shop.api(around).public("/ledger/seals?jurisdiction_id=semarang")["seals"]
    return {"jurisdiction_id": "semarang", "hour": listed[0]["hour"]} if listed else {}


def _snap(keys: Mapping[str, Any], path: str, partner: str, body: dict[str, Any]) -> dict[str, Any]:
    pem = keys["snap"][partner]["private_key_of_provider"]
    signature = signing.snap(path, signing.compact(body), signed.TIMESTAMP, pem)
    headers = {
        "X-TIMESTAMP": signed.TIMESTAMP,
        "X-SIGNATURE": signature,
        "X-PARTNER-ID": partner,
        "X-EXTERNAL-ID": "41807553358950093184162180797837",
    }
    return {"body": body, "headers": headers}


def _gobiz(secret: str) -> dict[str, Any]:
    body = {
        "header": {
            "event_name": "payment.transaction.settlement",
            "event_id": str(uuid4()),
            "version": 1,
            "timestamp": "2026-11-23T06:00:00Z",
        },
        "body": {
            "outlet": {"id": "G000000001"},
            "transaction": {
                "id": str(uuid4()),
                "gross_amount": 3500,
                "currency": "IDR",
                "status": "settlement",
            },
        },
    }
    signature = signing.gobiz(json.dumps(body).encode(), secret)
    return {"body": body, "headers": {"X-Go-Signature": signature}}


def _sale(secret: str) -> dict[str, Any]:
    body = {
        "type": "ticket.sold",
        "timestamp": "2026-11-23T06:00:00Z",
        "data": {"sale_id": str(uuid4()), "sku": "SPK-ANAK", "quantity": 1, "amount": 15_000},
    }
    at = int(datetime.now(UTC).timestamp())
    headers = {
        "webhook-id": "msg-1",
        "webhook-timestamp": str(at),
        "webhook-signature": signing.webhook("msg-1", at, json.dumps(body).encode(), secret),
    }
    return {"path_parameters": {"partner": "loket"}, "body": body, "headers": headers}
