"""A wallet asks for a bill, exactly answered; a marketplace sells, and its sale is paid like any."""

import base64
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError
from standardwebhooks import Webhook

from functions.payment_webhooks import posting, reading, states
from functions.payment_webhooks.orders import api, inquiring
from functions.payment_webhooks.store import PaymentStore
from shared import aws
from shared.dynamo import to_item
from tests import signed
from tests.aws_double import LEDGER, NOTIFICATIONS_QUEUE, PAYMENTS, answering, items, messages
from tests.selling import MARKET_SECRET, NOON, call, open_shop, the_order

pytestmark = pytest.mark.usefixtures("aws_double")
INQUIRY = "/v1.0/transfer-va/inquiry"
NOP = "337401000100100010"
CUSTOMER = f"{NOP}2024"
ASKED: dict[str, Any] = {
    "partnerServiceId": "   33740",
    "customerNo": CUSTOMER,
    "virtualAccountNo": f"   33740{CUSTOMER}",
    "inquiryRequestId": "abc-1",
    "trxDateInit": "2026-11-23T13:00:00+07:00",
    "additionalInfo": {"someField": 1},
}


@pytest.fixture(autouse=True)
def _shop(aws_double: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    open_shop()
    for module in (api, inquiring):
        monkeypatch.setattr(module, "now", lambda: NOON)
    for kept in (api.desk, api.keys):
        kept.cache_clear()
    yield
    for kept in (api.desk, api.keys):
        kept.cache_clear()


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


def ask(body: Any = ASKED, path: str = INQUIRY, **headers: str) -> tuple[int, Any, dict[str, str]]:
    text = body if isinstance(body, str) else json.dumps(body)
    given = signed.snap_headers(path, text.encode()) | headers
    present = {name: value for name, value in given.items() if value}
    return call("POST", f"/payments/snap{INQUIRY}", text, headers=present)


def test_an_inquiry_is_answered_with_what_is_owed_today():
    put_bill()
    status, answer, headers = ask()
    assert status == 200
    assert (answer["responseCode"], answer["responseMessage"]) == ("2002400", "Successful")
    account = answer["virtualAccountData"]
    assert {name: account[name] for name in ("partnerServiceId", "customerNo")} == {
        "partnerServiceId": "   33740",
        "customerNo": CUSTOMER,
    }
    assert account["virtualAccountNo"] == f"   33740{CUSTOMER}"
    assert account["inquiryRequestId"] == "abc-1"
    assert account["inquiryStatus"] == "00"
    assert account["virtualAccountName"] == "B*** S******"
    assert account["totalAmount"] == {"value": "102000.00", "currency": "IDR"}
    assert account["virtualAccountTrxType"] == "C"
    assert account["billDetails"][0]["billAmount"]["value"] == "102000.00"
    assert headers["X-TIMESTAMP"] == "2026-11-23T13:00:00+07:00"
    assert headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("path", [f"/payments/snap{INQUIRY}", f"/v1/payments/snap{INQUIRY}"])
def test_the_path_may_be_signed_as_it_is_registered(path):
    put_bill()
    assert ask(path=path)[0] == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"customerNo": f"{NOP}24"},
        {"customerNo": None},
        {"customerNo": None, "partnerServiceId": None},
        {"customerNo": f" {CUSTOMER} "},
        {"customerNo": int(CUSTOMER)},
    ],
)
def test_the_bill_is_known_by_any_spelling_of_its_number(changes):
    put_bill()
    body = {name: value for name, value in (ASKED | changes).items() if value is not None}
    assert ask(body)[1]["responseCode"] == "2002400"


@pytest.mark.parametrize(
    "changes",
    [
        {"customerNo": f"{NOP}2023"},
        {"customerNo": "357401000100100010" + "2024"},
        {"customerNo": "337401000100100011" + "2024"},
        {"customerNo": "1"},
        {"customerNo": None, "partnerServiceId": None, "virtualAccountNo": "99"},
    ],
)
def test_a_bill_that_is_not_there_is_answered_so(changes):
    put_bill()
    body = {name: value for name, value in (ASKED | changes).items() if value is not None}
    status, answer, _ = ask(body)
    assert (status, answer["responseCode"]) == (404, "4042412")
    assert answer["virtualAccountData"]["inquiryStatus"] == "01"
    assert answer["virtualAccountData"]["inquiryReason"]["english"] == "Bill not found"


def test_a_partner_that_configuration_does_not_name_may_ask_all_the_same(monkeypatch):
    put_bill()
    snap = {"gopay-2": {"public_keys": [signed.public_pem()]}}
    aws._client("secretsmanager").put_secret_value(
        SecretId="simpul/test/payments/snap", SecretString=json.dumps(snap)
    )
    assert ask()[1]["responseCode"] == "2002400"
    unprefixed = {name: value for name, value in ASKED.items() if name == "virtualAccountNo"}
    assert ask(unprefixed)[1]["responseCode"] == "4042412"


def test_a_bill_that_is_paid_is_answered_so():
    put_bill(status="paid", paid_by="x")
    status, answer, _ = ask()
    assert (status, answer["responseCode"], answer["responseMessage"]) == (
        404,
        "4042414",
        "Paid Bill",
    )


def test_a_bill_without_a_name_is_named_by_its_number():
    put_bill(taxpayer=None)
    assert ask()[1]["virtualAccountData"]["virtualAccountName"] == f"PBB {NOP} 2024"


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        (ASKED, {"X-SIGNATURE": ""}, 401, "4012400"),
        (ASKED, {"X-SIGNATURE": "AAAA"}, 401, "4012400"),
        (ASKED, {"X-TIMESTAMP": ""}, 400, "4002402"),
        (ASKED, {"X-TIMESTAMP": "today"}, 400, "4002401"),
        ("[]", {}, 400, "4002400"),
        ("{}", {}, 400, "4002402"),
        ('{"virtualAccountNo": "' + "1" * 70_000 + '"}', {}, 413, "4132400"),
    ],
)
def test_what_is_not_proven_or_malformed_is_refused_in_the_standards_words(
    body, headers, status, code
):
    put_bill()
    found, answer, _ = ask(body, **headers)
    assert (found, answer["responseCode"]) == (status, code)
    assert "virtualAccountData" not in answer


def test_a_table_that_does_not_answer_is_a_general_error():
    with answering(aws.dynamodb(), "before-parameter-build", fail):
        status, answer, _ = ask()
    assert (status, answer["responseCode"]) == (500, "5002400")


def fail(**_: Any) -> None:
    """Stand in for an AWS service that cannot be reached."""
    raise EndpointConnectionError(endpoint_url="https://aws.test")


def sell(
    kind: str = "ticket.sold", partner: str = "loket", *, secret: str = MARKET_SECRET, **data: Any
) -> tuple[int, Any]:
    told = {"sale_id": "L-1", "sku": "SPK-UMUM", "quantity": 2, "amount": 40_000, **data}
    text = json.dumps({"type": kind, "timestamp": "2026-11-23T06:00:00Z", "data": told})
    return webhook(text, partner, secret)


def webhook(text: str, partner: str = "loket", secret: str = MARKET_SECRET) -> tuple[int, Any]:
    headers = {
        "Webhook-Id": "msg_1",
        "Webhook-Timestamp": str(int(NOON.timestamp())),
        "Webhook-Signature": Webhook(secret).sign("msg_1", NOON, text),
        "Content-Type": "application/json",
    }
    return call("POST", f"/payments/marketplace/{partner}", text, headers=headers)[:2]


def work_through() -> list[str]:
    """Settle what is in the queue, as the processor does."""
    store, done = PaymentStore(PAYMENTS, LEDGER), []
    for message in messages(NOTIFICATIONS_QUEUE):
        notice = reading.from_message(message)
        assert notice.order_ref
        before = the_order(notice.order_ref)
        if states.is_repeated(before, notice):
            done.append(str(before.status))
            continue
        after = states.settle(before, notice, None, fee=lambda _: 0, at=NOON)
        if after.claim:
            entries = posting.entries(before, after.after, NOON)
            store.settle(after, entries, notification_id=message["notification_id"], at=NOON)
        done.append(str(after.after.status))
    return done


def test_a_marketplaces_sale_is_an_order_with_tickets_paid_by_the_queue():
    status, sale = sell()
    assert (status, sale["outcome"], len(sale["tickets"])) == (200, "queued", 2)
    order = the_order(sale["order_id"])
    assert (order.status, order.origin, order.amount) == ("created", "marketplace", 40_000)
    assert (order.site, order.details["fare_class"]) == ("sam-poo-kong", "general")
    assert work_through() == ["paid"]
    assert the_order(sale["order_id"]).paid_amount == 40_000
    assert len(items(LEDGER)) == 1


def test_a_sale_told_again_is_the_same_sale():
    assert sell() == sell()
    assert work_through() == ["paid", "paid"]
    assert len(items(LEDGER)) == 1


def test_a_sale_of_another_amount_is_held_without_tickets_and_not_lost():
    status, sale = sell(amount=1)
    assert (status, sale["outcome"], sale["tickets"]) == (200, "held", [])
    assert work_through() == ["quarantined"]
    assert the_order(sale["order_id"]).paid_amount == 1
    assert sell(amount=1)[1]["tickets"] == []


def test_a_price_that_was_told_wrong_once_hands_no_tickets_out_later():
    assert sell(amount=1)[1]["outcome"] == "held"
    assert sell()[1]["outcome"] == "held"
    work_through()
    assert sell()[1]["tickets"] == []


def test_a_price_that_is_told_wrong_later_takes_no_ticket_back():
    _, sale = sell()
    assert sell(amount=1)[1]["outcome"] == "held"
    assert work_through() == ["paid", "paid"]
    assert sell()[1] == sale


def test_a_cancelled_or_refunded_sale_is_given_back():
    _, sale = sell()
    assert sell("ticket.refunded", amount=20_000, refund_id="R-1")[1]["tickets"] == []
    assert work_through() == ["paid", "partially_refunded"]
    sell("ticket.cancelled")
    work_through()
    assert the_order(sale["order_id"]).revoked


def test_an_event_nobody_knows_is_taken_and_forgotten():
    assert sell("ticket.moved") == (200, {"order_id": None, "outcome": "ignored", "tickets": []})
    assert not messages(NOTIFICATIONS_QUEUE)


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"sale_id": None}, "data.sale_id"),
        ({"sku": "?"}, "data.sku"),
        ({"sku": None}, "data.sku"),
        ({"amount": None}, "data.amount"),
        ({"amount": -1}, "data.amount"),
        ({"quantity": 51}, "data.quantity"),
        ({"quantity": 0}, "data.quantity"),
        ({"quantity": "two"}, "data.quantity"),
        ({"visit_on": "01/12/2026"}, "data.visit_on"),
        ({"currency": "USD"}, "data.currency"),
    ],
)
def test_a_sale_that_cannot_be_ours_is_told_why(data, field):
    status, problem = sell(**data)
    assert (status, problem["errors"][0]["field"]) == (400, field)
    assert not items(PAYMENTS)


@pytest.mark.parametrize("text", ["[]", "", "{", "null"])
def test_a_body_that_is_no_event_is_refused(text):
    assert webhook(text)[0] == 400


def test_only_a_known_partner_with_its_own_secret_sells():
    other = "whsec_" + base64.b64encode(bytes(32)).decode()
    assert sell(secret=other)[1]["code"] == "signature_invalid"
    assert sell(secret=other)[0] == 401
    assert sell(partner="nobody")[0] == 404
    assert sell(partner="go-tix")[0] == 401  # configured, and its secret is not there
    assert not items(PAYMENTS)


def test_an_old_webhook_is_refused(monkeypatch):
    monkeypatch.setattr(api, "now", lambda: NOON + timedelta(seconds=301))
    assert sell()[0] == 401


def test_without_the_secret_a_partner_is_asked_to_send_again():
    with answering(aws._client("secretsmanager"), "before-parameter-build", fail):
        status, problem = sell()
    assert (status, problem["code"]) == (503, "busy")


def test_a_queue_that_takes_nothing_leaves_the_sale_to_be_sent_again():
    with answering(aws.sqs(), "before-parameter-build", fail):
        assert sell()[0] == 500
    assert sell()[0] == 200
    assert work_through() == ["paid"]
