"""A bank pays a bill by its virtual account: taken if it asks for just that, else refused exactly."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from functions.payment_webhooks import reading
from functions.payment_webhooks.order_ids import number_unordered
from functions.payment_webhooks.orders import api, paying
from functions.payment_webhooks.orders.store import OrderDesk
from shared import aws
from tests import signed
from tests.aws_double import NOTIFICATIONS_QUEUE, PAYMENTS, answering, messages
from tests.integration.test_bills_and_sales import CUSTOMER, fail, put_bill
from tests.selling import NOON, call, open_shop
from tests.unit.payment_webhooks.orders import an_order

pytestmark = pytest.mark.usefixtures("aws_double")
REQUEST_ID = "202611231300000001"
#: What the bill asks for today: principal and two months' penalty, as the inquiry says.
OWED = 102_000
PAYMENT = {
    "partnerServiceId": "   33740",
    "customerNo": CUSTOMER,
    "virtualAccountNo": f"   33740{CUSTOMER}",
    "paymentRequestId": REQUEST_ID,
    "paidAmount": {"value": f"{OWED}.00", "currency": "IDR"},
    "trxDateTime": "2026-11-23T13:00:00+07:00",
    "flagAdvise": "N",
}
WRONG = {"paidAmount": {"value": "100000.00", "currency": "IDR"}}


@pytest.fixture(autouse=True)
def _shop(aws_double: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    open_shop()
    for module in (api, paying):
        monkeypatch.setattr(module, "now", lambda: NOON)
    for kept in (api.desk, api.keys):
        kept.cache_clear()
    yield
    for kept in (api.desk, api.keys):
        kept.cache_clear()


def pay(changes: Any = None, **headers: str) -> tuple[int, Any, dict[str, str]]:
    text = changes if isinstance(changes, str) else json.dumps(PAYMENT | (changes or {}))
    given = signed.snap_headers(signed.VA_PATH, text.encode()) | headers
    present = {name: value for name, value in given.items() if value}
    return call("POST", f"/payments/snap{signed.VA_PATH}", text, headers=present)


def queued() -> list[Any]:
    return [reading.from_message(one) for one in messages(NOTIFICATIONS_QUEUE)]


def test_a_bill_paid_as_it_asks_is_queued_and_repeated_with_its_spaces():
    put_bill()
    status, answer, headers = pay()
    assert (status, answer["responseCode"]) == (200, "2002500")
    told = answer["virtualAccountData"]
    for name in ("partnerServiceId", "customerNo", "virtualAccountNo", "paymentRequestId"):
        assert told[name] == PAYMENT[name]
    assert told["paymentFlagStatus"] == "00"
    assert headers["X-TIMESTAMP"] == "2026-11-23T13:00:00+07:00"
    (notice,) = queued()
    assert (notice.amount, notice.customer_no) == (OWED, CUSTOMER)


@pytest.mark.parametrize(
    "changes",
    [
        WRONG,
        {"paidAmount": {"value": "102001.00", "currency": "IDR"}},
        {"paidAmount": {"value": f"{OWED}.00", "currency": "USD"}},
        {"paidAmount": {"value": "a lot", "currency": "IDR"}},
        {"trxDateTime": "2026-10-01T08:00:00+07:00"},  # a month less of the penalty
        {"customerNo": None},
        {"flagAdvise": None},
    ],
)
def test_another_sum_than_the_bill_asks_for_is_refused_and_never_stored(changes, capsys):
    put_bill()
    wrong = WRONG if changes.keys() & {"customerNo", "flagAdvise"} else {}
    status, answer, _ = pay(wrong | changes)
    assert (status, answer["responseCode"]) == (404, "4042513")
    assert answer["responseMessage"] == "Invalid Amount"
    told = answer["virtualAccountData"]
    assert (told["paymentFlagStatus"], told["paymentRequestId"]) == ("01", REQUEST_ID)
    assert told["paymentFlagReason"]["indonesia"] == "Nominal tidak sesuai tagihan"
    assert queued() == []
    written = capsys.readouterr().out
    assert '"RefusedAmount":[1.0]' in written
    assert '"NotificationsRefused":[1.0]' in written


def test_the_sum_is_that_of_the_day_of_the_payment():
    put_bill(due_on="2026-09-30")
    told = {"trxDateTime": "2026-10-01T08:00:00+07:00"}
    assert pay(told | {"paidAmount": {"value": "101000.00", "currency": "IDR"}})[0] == 200


def test_a_bill_that_another_paid_is_refused_as_paid():
    put_bill(status="paid", paid_by="SMG-PBB-0000000000001")
    status, answer, _ = pay()
    assert (status, answer["responseCode"]) == (404, "4042514")
    assert answer["virtualAccountData"]["paymentFlagReason"]["english"] == "The bill has been paid"
    assert queued() == []


def test_a_payment_sent_again_is_taken_again_whatever_the_bill_says_by_now():
    number = number_unordered("va", REQUEST_ID)
    put_bill(status="paid", paid_by=number)
    OrderDesk(PAYMENTS).create(an_order(order_id=number, kind="tax", product="pbb"))
    assert pay()[1]["responseCode"] == "2002500"
    assert len(queued()) == 1


def test_money_that_was_taken_already_is_not_lost():
    put_bill()
    assert pay(WRONG | {"flagAdvise": "Y"})[1]["responseCode"] == "2002500"
    put_bill(status="paid", paid_by="SMG-PBB-0000000000001")
    assert pay({"flagAdvise": "y"})[1]["responseCode"] == "2002500"
    assert [one.amount for one in queued()] == [100_000, OWED]


@pytest.mark.parametrize(
    "changes", [{}, {"customerNo": "12", "virtualAccountNo": "   8889912", "trxId": signed.ORDER}]
)
def test_what_is_no_bill_that_we_know_is_a_notification(changes):
    assert pay(WRONG | changes)[1]["responseCode"] == "2002500"
    assert [one.amount for one in queued()] == [100_000]


@pytest.mark.parametrize(
    ("text", "headers", "status", "code"),
    [
        (None, {"X-SIGNATURE": ""}, 401, "4012500"),
        (None, {"X-SIGNATURE": "AAAA"}, 401, "4012500"),
        (None, {"X-TIMESTAMP": "today"}, 400, "4002501"),
        ("[]", {}, 400, "4002500"),
        ("{}", {}, 400, "4002502"),
        ('{"virtualAccountNo": "' + "1" * 70_000 + '"}', {}, 413, "4132500"),
    ],
)
def test_what_is_not_proven_or_malformed_is_refused_and_counted(
    text, headers, status, code, capsys
):
    put_bill()
    found, answer, _ = pay(text, **headers)
    assert (found, answer["responseCode"]) == (status, code)
    assert queued() == []
    assert '"NotificationsRefused":[1.0]' in capsys.readouterr().out


@pytest.mark.parametrize("client", [aws.dynamodb, aws.sqs])
def test_what_could_not_be_taken_is_to_be_sent_again(client):
    put_bill()
    with answering(client(), "before-parameter-build", fail):
        assert pay()[1]["responseCode"] == "5002500"
    assert queued() == []
