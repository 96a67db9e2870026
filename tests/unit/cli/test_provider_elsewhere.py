"""Marketplaces and wallets are played by their own documents, and what they sign is what ours verifies."""

import json
from collections import Counter
from datetime import UTC, date, datetime
from random import Random
from typing import Any

import httpx
import pytest

from cli import payments_keys
from cli import provider_simulator_marketplace as marketplace
from cli import provider_simulator_wallet as wallet
from cli.payments_comparing import bill_differs, name_of, sale_differs
from cli.provider_simulator import Simulator
from cli.provider_simulator_orders import Bill
from cli.provider_simulator_wallet import CannotBePaid, Wallet
from functions.payment_webhooks.configuration import payments_of
from functions.payment_webhooks.pbb import TaxBill, bill_named
from functions.payment_webhooks.providers import snap, standard_webhooks
from functions.payment_webhooks.record import Order, OrderStatus, PaidTransaction
from shared import config

AT = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)
BILL = Bill("337400000000000010", 2026)
OWED = {
    "responseCode": "2002400",
    "virtualAccountData": {"totalAmount": {"value": "150000.00", "currency": "IDR"}},
}


@pytest.fixture(scope="module")
def keys():
    return payments_keys._completed({})


@pytest.fixture(scope="module")
def known():
    return {one: payments_of(one) for one in config.jurisdiction_ids()}


@pytest.fixture
def a_wallet(keys, known):
    (service,) = wallet.services(known)
    sender = Simulator(api_url="", keys=keys, port=0).snap_sender(service.partner)
    return Wallet(service=service, sender=sender, now=lambda: AT)


def a_sale(known, **changes):
    articles = marketplace.articles(known, lambda _: frozenset({"2026-12-25"}))
    values: dict[str, Any] = {
        "article": next(one for one in articles if one.sku == "SPK-UMUM"),
        "sale_id": "S-1",
        "quantity": 2,
        "visit_on": date(2026, 12, 1),
        "sold_at": AT,
        "fate": "sold",
    }
    return marketplace.Sale(**values | changes)


def test_a_wallet_asks_pays_what_is_owed_and_takes_it_back(a_wallet, keys):
    asked = []

    def ask(message):
        asked.append(message)
        return OWED

    payment = a_wallet.asked_for(BILL, "bill's payment reversed", ask)
    (paid,), (back,) = a_wallet.waves(payment)
    for message in (*asked, paid, back):
        assert snap.verify(
            method="POST",
            path=message.path,
            body=message.body,
            timestamp=message.headers["X-TIMESTAMP"],
            signature=message.headers["X-SIGNATURE"],
            public_key_pem=keys["snap"]["va"]["public_keys"][0],
        )
        body = json.loads(message.body)
        assert body["virtualAccountNo"] == body["partnerServiceId"] + body["customerNo"]
        assert bill_named(body["customerNo"]) == (BILL.nop, BILL.year)
    assert len({one.headers["X-EXTERNAL-ID"] for one in (*asked, paid, back)}) == 3
    told, taken_back = json.loads(paid.body), json.loads(back.body)
    assert told["paidAmount"] == {"value": "150000.00", "currency": "IDR"}
    assert told["paymentRequestId"] == taken_back["paymentRequestId"]
    assert told["paymentRequestId"] == payment.truth()["transaction_id"]
    assert (paid.about, back.about) == ("payment", "payment-reversal")


def test_a_bill_that_is_only_asked_about_is_not_paid(a_wallet):
    payment = a_wallet.asked_for(BILL, "bill asked about", lambda _: OWED)
    assert list(a_wallet.waves(payment)) == [[]]
    truth = payment.truth()
    assert (truth["transaction_id"], truth["amount"], truth["expected_bill"]) == (None, 0, "unpaid")


def test_a_bill_that_is_not_there_cannot_be_paid(a_wallet):
    refused = {"responseCode": "4042412", "responseMessage": "Invalid Bill"}
    with pytest.raises(CannotBePaid, match=f"{BILL.nop} 2026: Invalid Bill"):
        a_wallet.asked_for(BILL, "bill paid", lambda _: refused)


def test_a_marketplace_signs_as_the_standard_says_and_learns_the_orders_number(known, keys):
    secret = keys["marketplaces"]["loket"]["secrets"][0]
    sale = a_sale(known, fate="sale partly refunded")
    (sold,), (refunded,) = marketplace.waves(sale, secret, lambda: AT)
    for message in (sold, refunded):
        headers = {name.lower(): value for name, value in message.headers.items()}
        assert standard_webhooks.verify(
            headers=headers, body=message.body, secrets=[secret], now=AT
        )
    assert sold.headers["webhook-id"] != refunded.headers["webhook-id"]
    assert json.loads(sold.body)["data"]["amount"] == 40_000
    assert json.loads(refunded.body)["data"]["amount"] == 10_000
    assert sold.answered
    sold.answered({"order_id": "SMG-TIX-1", "outcome": "queued"})
    sold.answered({"order_id": None, "outcome": "ignored"})
    assert sale.truth()["order_id"] == "SMG-TIX-1"


def test_a_price_is_the_days(known):
    assert a_sale(known, visit_on=date(2026, 12, 1)).amount == 40_000
    assert a_sale(known, visit_on=date(2026, 12, 5)).amount == 50_000  # a Saturday
    assert a_sale(known, visit_on=date(2026, 12, 25)).amount == 50_000


@pytest.mark.parametrize("fate", marketplace.FATES)
def test_every_sale_is_told_before_what_undoes_it(known, keys, fate):
    secret = keys["marketplaces"]["loket"]["secrets"][0]
    waves = list(marketplace.waves(a_sale(known, fate=fate), secret, lambda: AT))
    told = [message.about for wave in waves for message in wave]
    assert told[0] == "ticket.sold"
    assert len(told) == (1 if fate == "sold" else 2)


def test_sales_are_of_every_article_and_the_same_for_the_same_seed(known):
    articles = marketplace.articles(known, lambda _: frozenset())

    def made():
        return list(marketplace.sales(articles, 200, Random(1), lambda: AT))

    assert [one.truth() for one in made()] == [one.truth() for one in made()]
    assert {one.article.sku for one in made()} == {one.sku for one in articles}
    assert set(Counter(one.fate for one in made())) == set(marketplace.FATES)
    assert not list(marketplace.sales([], 3, Random(1), lambda: AT))
    random = Random(1)
    assert {wallet.drawn(random) for _ in range(200)} == set(wallet.FATES)


def test_an_order_that_is_not_as_the_marketplace_says_is_named(known):
    told = a_sale(known, fate="sale refunded").truth()
    order = Order(
        order_id="SMG-TIX-1",
        jurisdiction_id="semarang",
        product="tiket-sam-poo-kong",
        kind="ticket",
        amount=40_000,
        refunded_amount=40_000,
        created_at=AT,
        status=OrderStatus.PAID,
        transactions={"S-1": PaidTransaction(provider="marketplace:loket", status="refund")},
    )
    assert sale_differs(None, told) == "missing"
    assert sale_differs(order, told) == "paid, not refunded"
    told["expected_status"] = "paid"
    assert sale_differs(order, told) is None
    assert sale_differs(order, told | {"refunded": 0}) == "Rp40000 less Rp40000"
    assert sale_differs(order, told | {"transaction_id": "S-2"}) == "its sale is missing"
    assert name_of(told) == "S-1"


def test_a_bill_that_is_not_as_the_wallet_says_is_named():
    bill = TaxBill(
        jurisdiction_id="semarang",
        nop=BILL.nop,
        year=BILL.year,
        principal=150_000,
        due_on=AT.date(),
        status="paid",
        paid_by="IDN-OTH-1",
    )
    told = {"nop": BILL.nop, "year": BILL.year, "expected_bill": "paid"}
    assert bill_differs(bill, told) is None
    assert bill_differs(bill, told | {"expected_bill": "unpaid"}) == "paid: IDN-OTH-1"
    assert bill_differs(None, told) == "missing"
    assert name_of(told) == f"{BILL.nop} 2026"


def test_an_inquiry_is_sent_again_while_the_api_is_busy(keys, a_wallet):
    answers = [httpx.Response(503, text="busy"), httpx.Response(200, json=OWED)]
    http = httpx.Client(transport=httpx.MockTransport(lambda _: answers.pop(0)))
    simulator = Simulator(
        api_url="http://api.test", keys=keys, port=0, http=http, sleep=lambda _: None
    )
    assert a_wallet.asked_for(BILL, "bill paid", simulator.ask).transaction.amount == 150_000
    assert not answers
