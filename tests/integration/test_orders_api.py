"""Orders: taken once, stored before they are charged, and answered with what pays them."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from functions.payment_webhooks import provider_client
from functions.payment_webhooks.calling import ProviderUnavailable
from functions.payment_webhooks.order_ids import is_order_number
from functions.payment_webhooks.orders import api
from functions.payment_webhooks.orders.store import OrderDesk
from shared import aws
from shared.dynamo import to_item
from tests.aws_double import PAYMENTS, items
from tests.builders import officer_claims
from tests.selling import (
    BUS_APP,
    GATE,
    NOON,
    SELLER,
    TREASURER,
    Provider,
    call,
    client_of,
    machine,
    open_shop,
    ordered,
    tell,
    the_order,
)

pytestmark = pytest.mark.usefixtures("aws_double")
NOP = "337401000100100010"


@pytest.fixture(autouse=True)
def provider(aws_double: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    played = Provider()
    open_shop()
    monkeypatch.setattr(provider_client, "provider_client", lambda: client_of(played))
    monkeypatch.setattr(api, "now", lambda: NOON)
    for kept in (api.desk, api.keys):
        kept.cache_clear()
    yield played
    for kept in (api.desk, api.keys):
        kept.cache_clear()


def post(body: Any, key: str | None = None, claims: Any = None) -> tuple[int, Any, dict[str, str]]:
    headers = {"Idempotency-Key": key} if key else {}
    return call("POST", "/orders", body, claims=claims or machine(SELLER), headers=headers)


def put_bill(**changes: Any) -> None:
    values = {
        "pk": f"B#{NOP}#2024",
        "sk": "BILL",
        "jurisdiction_id": "semarang",
        "nop": NOP,
        "year": 2024,
        "principal": 100_000,
        "due_on": "2026-09-30",
        "taxpayer": "B*** S******",
        "status": "unpaid",
        **changes,
    }
    aws.dynamodb().put_item(TableName=PAYMENTS, Item=to_item(values))


def test_a_fare_is_ordered_and_answered_with_the_qris_that_pays_it(provider):
    status, order, headers = post(
        {"product": "brt", "quantity": 2, "site": "koridor-1"}, str(uuid4())
    )
    assert status == 201
    assert is_order_number(order["order_id"])
    assert order["order_id"].startswith("SMG-BRT-")
    assert headers["Location"] == f"orders/{order['order_id']}"
    assert (order["amount"], order["status"], order["quantity"]) == (7000, "created", 2)
    assert order["qr_string"].endswith(order["order_id"])
    assert order["expires_at"] == "2026-11-23T06:15:00Z"
    ((method, url, asked),) = provider.asked
    assert (method, url) == ("POST", "https://midtrans.test/v2/charge")
    assert asked["transaction_details"] == {"order_id": order["order_id"], "gross_amount": 7000}
    stored = the_order(order["order_id"])
    assert stored.credits == (("revenue:semarang-dishub:4.1.04.15.01.0001", 7000),)
    assert stored.stale_at == stored.expires_at == NOON + timedelta(minutes=15)


def test_the_same_key_gives_the_same_order_and_charges_it_once(provider):
    key = str(uuid4())
    first = post({"product": "brt"}, key)
    again = post({"product": "brt", "quantity": 1}, key.upper())
    assert (first[0], again[0]) == (201, 200)
    assert again[1] == first[1]
    assert len(provider.asked) == 1
    assert len(items(PAYMENTS)) == 1


def test_the_same_key_for_something_else_is_refused():
    key = str(uuid4())
    post({"product": "brt"}, key)
    status, problem, _ = post({"product": "brt", "quantity": 2}, key)
    assert (status, problem["code"]) == (409, "idempotency_key_reused")


def test_the_same_key_of_another_client_is_another_order():
    key = str(uuid4())
    one, other = post({"product": "brt"}, key), post({"product": "brt"}, key, machine(BUS_APP))
    assert one[1]["order_id"] != other[1]["order_id"]


def test_a_weak_key_is_refused_and_none_is_made_up():
    assert post({"product": "brt"}, "1234")[1]["code"] == "invalid_input"
    assert post({"product": "brt"}, "  ")[0] == 201
    assert post({"product": "brt"})[0] == 201


def test_a_provider_that_does_not_answer_leaves_an_order_that_the_same_key_charges(provider):
    key = str(uuid4())
    provider.answers = [ProviderUnavailable("down")]
    status, problem, headers = post({"product": "brt"}, key)
    assert (status, problem["code"], headers["Retry-After"]) == (503, "provider_unavailable", "5")
    assert len(items(PAYMENTS)) == 1
    status, order, _ = post({"product": "brt"}, key)
    assert status == 200
    assert order["qr_string"]


def test_an_order_charged_by_another_request_meanwhile_has_its_qr(provider):
    key = str(uuid4())
    provider.answers = [ProviderUnavailable("down"), {"status_code": "406"}]
    post({"product": "brt"}, key)
    (item,) = items(PAYMENTS)
    order_id = item["order_id"]["S"]
    busy = post({"product": "brt"}, key)
    assert (busy[0], busy[1]["code"]) == (503, "busy")
    OrderDesk(PAYMENTS).charged(order_id, {"qr_string": "QR"})
    assert post({"product": "brt"}, key)[1]["qr_string"] == "QR"
    assert OrderDesk(PAYMENTS).charged(order_id, {"qr_string": "later"}) == {"qr_string": "QR"}


def test_an_order_whose_qr_was_lost_says_so(provider, monkeypatch):
    key = str(uuid4())
    provider.answers = [ProviderUnavailable("died"), {"status_code": "406"}]
    post({"product": "brt"}, key)
    monkeypatch.setattr(api, "now", lambda: NOON + timedelta(minutes=1))
    status, problem, _ = post({"product": "brt"}, key)
    assert (status, problem["code"]) == (409, "charge_lost")


def test_a_provider_that_refuses_is_told_apart(provider):
    provider.answers = [{"status_code": "402", "status_message": "no"}]
    status, problem, _ = post({"product": "brt"}, str(uuid4()))
    assert (status, problem["code"]) == (502, "provider_refused")


def test_an_order_that_has_expired_is_not_charged_any_more(provider, monkeypatch):
    key = str(uuid4())
    provider.answers = [ProviderUnavailable("down")]
    post({"product": "brt"}, key)
    monkeypatch.setattr(api, "now", lambda: NOON + timedelta(minutes=15))
    status, order, _ = post({"product": "brt"}, key)
    assert (status, order["qr_string"]) == (200, None)
    assert len(provider.asked) == 1


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"product": "bus"}, "product", "not_a_choice"),
        ({"product": "brt", "quantity": 11}, "quantity", "too_many"),
        ({"product": "brt", "quantity": 0}, "quantity", "greater_than_equal"),
        ({"product": "brt", "fare_class": "dog"}, "fare_class", "unknown"),
        ({"product": "brt", "site": "pasar-johar"}, "site", "not_a_choice"),
        ({"product": "brt", "amount": 3501}, "amount", "mismatch"),
        ({"product": "brt", "nop": NOP}, "nop", "not_of_product"),
        ({"product": "brt", "visit_on": "2026-12-01"}, "visit_on", "not_of_product"),
        ({"product": "tiket-goa-kreo", "visit_on": "2026-11-22"}, "visit_on", "out_of_range"),
        ({"product": "tiket-goa-kreo", "visit_on": "2028-11-22"}, "visit_on", "out_of_range"),
        ({"product": "retribusi-pasar"}, "amount", "missing"),
        ({"product": "retribusi-pasar", "amount": 499}, "amount", "out_of_range"),
        ({"product": "retribusi-pasar", "amount": 500, "quantity": 2}, "quantity", "too_many"),
        ({"product": "retribusi-pasar", "amount": 500, "nmid": "ID1"}, "nmid", "unknown"),
        ({"product": "pbb", "year": 2024}, "nop", "missing"),
        ({"product": "pbb", "nop": NOP}, "year", "missing"),
        ({"product": "pbb", "nop": "1", "year": 2024}, "nop", "format"),
        ({"product": "brt", "colour": "red"}, "colour", "unknown_field"),
        ({"product": 7}, "product", "string_type"),
        ([], "", "model_type"),
        ("{", "", "json_invalid"),
    ],
)
def test_what_cannot_be_ordered_is_told_why(provider, body, field, code):
    status, problem, _ = post(body, str(uuid4()))
    assert status == 400
    assert (problem["errors"][0]["field"], problem["errors"][0]["code"]) == (field, code)
    assert not items(PAYMENTS)
    assert not provider.asked


@pytest.mark.parametrize("day", ["2026-11-22", "2028-11-22"])
def test_a_visit_that_is_over_or_too_far_away_is_told_the_days_there_are(day):
    _, problem, _ = post({"product": "tiket-goa-kreo", "visit_on": day}, str(uuid4()))
    message = problem["errors"][0]["message"]
    assert "2026-11-23" in message
    assert "2027-11-24" in message


def test_products_are_named_in_any_case_and_with_spaces_around():
    assert post({"product": " BRT ", "fare_class": "Special"}, str(uuid4()))[1]["amount"] == 1000


def test_a_merchant_is_paid_by_its_nmid_into_its_account():
    order = ordered(product="retribusi-pasar", amount=5000, nmid="id1026000000001")
    stored = the_order(order["order_id"])
    assert stored.credits == (("revenue:semarang-disperdag:4.1.02.01.05.0001", 5000),)
    assert (stored.site, stored.order_id[:8]) == ("pasar-johar", "SMG-MRC-")


def test_what_is_without_a_tariff_costs_what_the_order_says():
    order = ordered(product="lain-lain", amount=12_345)
    assert (order["amount"], order["order_id"][:8]) == (12_345, "SMG-OTH-")


def test_a_tax_bill_is_ordered_with_todays_penalty_apart():
    put_bill()
    order = ordered(product="pbb", nop="33.74.010.001.001-0001.0", year=2024)
    assert order["bill"] == {"nop": NOP, "year": 2024, "principal": 100_000, "penalty": 2_000}
    assert order["amount"] == 102_000
    assert the_order(order["order_id"]).credits == (
        ("revenue:semarang-bapenda:4.1.01.15.01.0001", 100_000),
        ("revenue:semarang-bapenda:4.1.04.12.01.0015", 2_000),
    )


def test_a_tax_order_expires_before_it_would_cost_more(monkeypatch):
    late = NOON.replace(hour=16, minute=30)  # 23:30 WIB on the last day of the month
    monkeypatch.setattr(api, "now", lambda: late.replace(day=30))
    put_bill(due_on="2026-08-31")
    order = ordered(product="pbb", nop=NOP, year=2024)
    assert order["expires_at"] == "2026-11-30T16:59:59Z"
    monkeypatch.setattr(api, "now", lambda: late)
    assert ordered(product="pbb", nop=NOP, year=2024)["expires_at"] == "2026-11-23T17:30:00Z"


def test_a_bill_that_is_unknown_or_paid_is_not_ordered():
    body = {"product": "pbb", "nop": NOP, "year": 2024}
    assert post(body)[:1] == (404,)
    assert post(body)[1]["code"] == "bill_not_found"
    put_bill(status="paid")
    status, problem, _ = post(body)
    assert (status, problem["code"]) == (409, "bill_paid")


def test_a_repeat_still_gets_its_order_when_the_bill_was_paid_by_it():
    put_bill()
    key = str(uuid4())
    body = {"product": "pbb", "nop": NOP, "year": 2024}
    order = post(body, key)[1]
    tell(order["order_id"])
    status, again, _ = post(body, key)
    assert (status, again["order_id"], again["status"]) == (200, order["order_id"], "paid")
    assert post(body, str(uuid4()))[1]["code"] == "bill_paid"


def test_a_tax_bill_is_inquired_after():
    put_bill()
    path = "/pbb/33.74.010.001.001-0001.0/2024"
    status, bill, _ = call("GET", path, claims=machine(SELLER))
    assert status == 200
    assert bill == {
        "nop": NOP,
        "nop_printed": "33.74.010.001.001-0001.0",
        "year": 2024,
        "taxpayer": "B*** S******",
        "due_on": "2026-09-30",
        "status": "unpaid",
        "channel": "qris",
        "principal": 100_000,
        "penalty": 2_000,
        "total": 102_000,
        "receipt_number": None,
    }
    put_bill(status="paid", receipt_number="R")
    paid = call("GET", f"/pbb/{NOP}/2024", claims=machine(SELLER))[1]
    assert (paid["total"], paid["receipt_number"]) == (0, "R")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"/pbb/{NOP}/2023", 404),
        (f"/pbb/{NOP}/x", 404),
        ("/pbb/123/2024", 400),
        ("/pbb/357401000100100010/2024", 400),
    ],
)
def test_a_bill_that_is_not_there_is_not_found(path, status):
    assert call("GET", path, claims=machine(SELLER))[0] == status


def test_a_jurisdiction_without_such_a_tax_has_no_bills():
    assert call("GET", f"/pbb/{NOP}/2024", claims=machine("cl-jateng"))[0] == 404


@pytest.mark.parametrize(
    "claims",
    [
        machine(GATE, "gate/redeem"),
        machine(GATE),
        machine(SELLER, "gate/redeem"),
        machine("cl-gone"),
        machine("cl-jateng"),
        officer_claims("operator"),
        TREASURER,
    ],
)
def test_only_a_products_sellers_order_it(claims):
    body = {"product": "tiket-sam-poo-kong", "jurisdiction_id": "semarang"}
    assert post(body, str(uuid4()), claims)[0] == 403
    assert not items(PAYMENTS)


def test_a_seller_sells_its_own_products_alone():
    assert post({"product": "pbb"}, None, machine(BUS_APP))[0] == 403


def test_an_order_is_read_by_its_sellers_and_its_treasurer():
    order = ordered()
    path = f"/orders/{order['order_id'].lower()}"
    assert call("GET", path, claims=machine(SELLER))[1] == order
    assert call("GET", path, claims=machine(BUS_APP))[0] == 200
    assert call("GET", path, claims=TREASURER)[0] == 200
    assert call("GET", path, claims=officer_claims("treasurer"))[0] == 200
    assert call("GET", path, claims=machine("cl-jateng"))[0] == 404
    assert call("GET", path, claims=machine(GATE, "gate/redeem"))[0] == 404
    assert call("GET", path, claims=machine("cl-gone"))[0] == 404
    assert call("GET", path, claims=officer_claims("operator:semarang"))[0] == 403
    assert call("GET", path, claims=officer_claims("treasurer:jateng"))[0] == 404
    assert call("GET", "/orders/nonsense", claims=TREASURER)[0] == 404


def test_a_seller_of_other_products_does_not_see_an_order():
    order = ordered(product="lain-lain", amount=10)
    assert call("GET", f"/orders/{order['order_id']}", claims=machine(BUS_APP))[0] == 404


def test_what_pays_an_order_is_not_shown_any_more_once_it_is_paid():
    order = ordered()
    tell(order["order_id"])
    paid = call("GET", f"/orders/{order['order_id']}", claims=machine(SELLER))[1]
    assert (paid["status"], paid["qr_string"], paid["paid_amount"]) == ("paid", None, 3500)
    assert paid["tickets"] == []
    assert paid["transaction_id"] == f"tx-{order['order_id']}"
