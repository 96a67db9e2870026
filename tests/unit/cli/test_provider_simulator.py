"""The played provider keeps to the providers' documents, and what it signs is what ours verifies."""

import base64
import json
from collections import Counter
from datetime import UTC, datetime
from random import Random

import pytest

from cli import payments_keys
from cli import provider_simulator_fates as fates
from cli import provider_simulator_messages as messages
from cli import provider_simulator_signing as signing
from cli.provider_simulator import never_made
from cli.provider_simulator_bank import Bank, Refused
from cli.provider_simulator_fates import FATES, Place, Stage
from cli.provider_simulator_messages import SnapSender
from cli.provider_simulator_orders import Bill, places, wanted
from cli.provider_simulator_server import ProviderApi
from functions.payment_webhooks.configuration import payments_of
from functions.payment_webhooks.order_ids import read_order_number
from functions.payment_webhooks.providers import gobiz, midtrans, snap
from shared import config, qris

AT = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)
ORDER = "SMG-BRT-7K3F9Q2M1XWZ4"
SERVER_KEY = "SB-Mid-server-a"
DEBIT, QR = "/v1.0/debit/notify", "/v1.0/qr/qr-mpm-notify"


@pytest.fixture(scope="module")
def keys():
    return payments_keys._completed({})


@pytest.fixture
def bank():
    return Bank(seed=7)


@pytest.fixture
def stage(bank, keys):
    snap_keys = keys["snap"]["qris"]
    sender = SnapSender(
        private_key=snap_keys["private_key_of_provider"],
        partner_id="p",
        prefix="/payments/snap",
        signed_prefix="/payments/snap",
    )
    server_keys = {name: one["server_keys"][0] for name, one in keys["midtrans"].items()}
    return Stage(bank=bank, server_keys=server_keys, acquirer=sender, now=lambda: AT)


@pytest.fixture
def api(bank, keys):
    said: list[str] = []
    return ProviderApi(bank, keys, lambda: AT, said.append, said.append)


def charged(bank, order_id=ORDER, amount=3500):
    bank.begin(order_id, jurisdiction_id="semarang", channel="qris", amount=amount, created_at=AT)
    return bank.move(order_id, "pending")


def basic(key):
    return {"authorization": "Basic " + base64.b64encode(f"{key}:".encode()).decode()}


def ask(api, keys, method, path, body=None, **headers):
    own = basic(keys["midtrans"]["semarang"]["server_keys"][0])
    raw = json.dumps(body).encode() if body is not None else b""
    return api.answer(method, path, {**own, **headers}, raw)


def test_what_it_signs_is_what_our_own_code_expects(bank, stage, keys):
    charged(bank)
    stage.pay(ORDER)
    told = json.loads(stage.told(ORDER).body)
    key = keys["midtrans"]["semarang"]["server_keys"][0]
    parts = (told["order_id"], told["status_code"], told["gross_amount"])
    assert told["signature_key"] == midtrans.signature_key(*parts, key)
    place = Place(jurisdiction_id="semarang", product="brt", amounts=(3500,), outlet="G1")
    secret = keys["gobiz"]["secrets"][0]
    event = fates.paid_at_a_place(stage, place, 1, Random(1), secret)
    signature = event.headers["X-Go-Signature"]
    assert gobiz.verify(body=event.body, signature=signature, secret=secret)
    place = Place(jurisdiction_id="semarang", product="brt", amounts=(3500,), nmid="ID1")
    notice = fates.paid_at_a_place(stage, place, 2, Random(1), secret)
    assert snap.verify(
        method="POST",
        path=notice.path,
        body=notice.body,
        timestamp=notice.headers["X-TIMESTAMP"],
        signature=notice.headers["X-SIGNATURE"],
        public_key_pem=keys["snap"]["qris"]["public_keys"][0],
    )
    ours = snap.sign_symmetric(
        method="POST", path=DEBIT, access_token="t", body=b"{}", timestamp="x", client_secret="s"
    )
    assert signing.snap_service(DEBIT, "t", b"{}", "x", "s") == ours


def test_a_charge_is_answered_with_a_qr_that_names_the_order(api, keys):
    body = {
        "payment_type": "qris",
        "transaction_details": {"order_id": ORDER, "gross_amount": 3500},
    }
    status, told = ask(api, keys, "POST", "/v2/charge", body)
    assert (status, told["status_code"], told["transaction_status"]) == (201, "201", "pending")
    code = qris.parse(told["qr_string"])
    assert code.amount == 3500
    again, refused = ask(api, keys, "POST", "/v2/charge", body)
    assert (again, refused["status_code"]) == (406, "406")


@pytest.mark.parametrize(
    "body",
    [
        [],
        {},
        {"transaction_details": []},
        {"payment_type": "qris", "transaction_details": {"order_id": ORDER, "gross_amount": "1"}},
        {"payment_type": "qris", "transaction_details": {"order_id": ORDER, "gross_amount": 0}},
        {"payment_type": "qris", "transaction_details": {"order_id": "a b", "gross_amount": 1}},
        {"payment_type": "cash", "transaction_details": {"order_id": ORDER, "gross_amount": 1}},
    ],
)
def test_a_charge_that_says_nonsense_is_refused(api, keys, body):
    assert ask(api, keys, "POST", "/v2/charge", body)[0] == 400


def test_status_is_told_to_the_merchant_alone(api, bank, keys):
    charged(bank)
    assert ask(api, keys, "GET", f"/v2/{ORDER}/status")[1]["transaction_status"] == "pending"
    assert bank.times_asked([ORDER]) == {ORDER: 1}
    assert ask(api, keys, "GET", "/v2/SMG-BRT-0000000000000/status")[0] == 404
    other = basic(keys["midtrans"]["jateng"]["server_keys"][0])
    assert api.answer("GET", f"/v2/{ORDER}/status", other, b"")[0] == 404
    for wrong in ({}, basic("x"), {"authorization": "Basic !"}, {"authorization": "Bearer x"}):
        assert api.answer("GET", f"/v2/{ORDER}/status", wrong, b"")[0] == 401
    assert ask(api, keys, "GET", "/v3/nothing")[0] == 404


def test_more_is_never_refunded_than_was_paid_and_the_bank_says_so_later(api, bank, keys):
    charged(bank, amount=10_000)
    path = f"/v2/{ORDER}/refund"
    assert ask(api, keys, "POST", path, {"refund_key": "a", "amount": 1})[0] == 412
    bank.move(ORDER, "settlement", paid_at=AT)
    part = ask(api, keys, "POST", path, {"refund_key": "a", "amount": 4_000})[1]
    assert part["transaction_status"] == "partial_refund"
    again = ask(api, keys, "POST", path, {"refund_key": "a", "amount": 4_000})[1]
    assert again["refund_chargeback_id"] == part["refund_chargeback_id"]
    assert ask(api, keys, "POST", path, {"refund_key": "b", "amount": 6_001})[0] == 414
    rest = ask(api, keys, "POST", f"{path}/online/direct", {"refund_key": "b", "amount": 6_000})[1]
    assert rest["transaction_status"] == "refund"
    told = messages.midtrans_body(bank.find(ORDER), SERVER_KEY)
    assert not any("bank_confirmed_at" in one for one in told["refunds"])
    bank.confirm_refunds(ORDER, AT)
    told = messages.midtrans_body(bank.find(ORDER), SERVER_KEY)
    assert all("bank_confirmed_at" in one for one in told["refunds"])
    assert told["gross_amount"] == "10000.00"  # it stays the original


def test_snap_gives_a_token_for_a_signature_and_answers_for_a_token(api, bank, keys):
    own = keys["snap"]["gopay"]
    charged(bank)
    bank.move(ORDER, "settlement", paid_at=AT)
    at = signing.snap_time(AT)
    headers = {
        "x-client-key": own["client_id"],
        "x-timestamp": at,
        "x-signature": signing.rsa_signature(f"{own['client_id']}|{at}", own["private_key"]),
    }
    path, grant = "/v1.0/access-token/b2b", b'{"grantType":"client_credentials"}'
    status, told = api.answer("POST", path, headers, grant)
    assert (status, told["responseCode"]) == (200, "2007300")
    forged = headers | {"x-timestamp": signing.snap_time(AT.replace(hour=6))}
    assert api.answer("POST", path, forged, grant)[0] == 401
    service, body = "/v1.0/debit/status", signing.compact({"originalPartnerReferenceNo": ORDER})
    token = told["accessToken"]
    secret = own["client_secret"]
    asked = {
        "authorization": f"Bearer {token}",
        "x-timestamp": at,
        "x-signature": signing.snap_service(service, token, body, at, secret),
    }
    status, told = api.answer("POST", service, asked, body)
    assert (status, told["latestTransactionStatus"]) == (200, "00")
    assert api.answer("POST", service, asked | {"x-signature": "x"}, body)[0] == 401
    assert api.answer("POST", service, asked | {"authorization": "Bearer x"}, body)[0] == 401
    assert api.answer("POST", "/v1.0/nothing", asked, body)[0] == 404


@pytest.mark.parametrize("fate", FATES)
def test_every_fate_is_possible_after_the_providers_table(bank, stage, fate):
    charged(bank)
    told = [[message.about for message in wave] for wave in fates.waves(stage, ORDER, fate)]
    assert told
    assert told[-1][-1] in {bank.find(ORDER).status, "settlement"}
    paid = bank.find(ORDER).paid_at is not None
    assert paid is (fate not in ("expired", "cancelled", "denied"))


def test_a_transaction_cannot_go_where_the_table_does_not_lead(bank):
    charged(bank)
    bank.move(ORDER, "cancel")
    with pytest.raises(Refused):
        bank.move(ORDER, "settlement")
    with pytest.raises(Refused):
        bank.find("nobody's")
    with pytest.raises(Refused):
        bank.found_by_id("nobody's")


def test_a_trial_and_a_stranger_are_told_as_midtrans_would(bank, stage):
    trial = fates.trial(stage, 1, "semarang")
    assert trial.order_id.startswith("payment_notif_test_")
    for number in range(200):
        order_id = never_made("SMG", "BRT", number)
        assert read_order_number(order_id) == order_id
    assert fates.unknown(stage, order_id, "semarang").about == "settlement"


def test_orders_are_of_every_product_and_the_same_for_the_same_seed():
    known = {one: payments_of(one) for one in config.jurisdiction_ids()}
    bills = [Bill(f"3374{number:014d}", 2026) for number in range(3)]
    made = list(wanted(known, Random(1), 60, bills))
    assert len(made) == 60
    assert [one.body for one in made] == [one.body for one in wanted(known, Random(1), 60, bills)]
    products = {(one.jurisdiction_id, one.body["product"]) for one in made}
    sold = {
        (name, code)
        for name, payments in known.items()
        for client in payments.clients
        if "orders/write" in client.scopes
        for code in client.products
    }
    assert products == sold
    assert sum("nop" in one.body for one in made) == 3
    assert len({one.key for one in made}) == 60
    assert all(place.amounts for place in places(known))


def test_fates_are_drawn_as_often_as_the_table_says():
    random = Random(1)
    drawn = Counter(fates.drawn(random) for _ in range(4000))
    assert set(drawn) == set(FATES)
    assert 0.5 < drawn["paid"] / 4000 < 0.62
    assert sum(weight for weight, _ in FATES.values()) == 1000
