"""The receivers' handler with queue and secrets: proven, sent once, answered exactly, or refused."""

import json
import re
from base64 import b64decode, b64encode
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from moto import mock_aws

from functions.payment_webhooks import api, reading
from infra.contracts import FOLDER
from shared import aws
from tests import signed
from tests.aws_double import answering, messages
from tests.builders import CONTEXT, an_api_event

MIDTRANS = "/payments/notifications/midtrans"
GOBIZ = "/payments/notifications/gobiz"
SNAP = "/payments/snap"
REVERSAL_PATH = "/v1.0/transfer-va/payment-reversal"
SECRETS = {
    "midtrans": {"semarang": {"server_keys": [signed.SERVER_KEY, "previous"]}},
    "snap": {"gojek": {"public_keys": [signed.public_pem()]}},
    "gobiz": {"secrets": ["gobiz-secret"]},
}
CONTRACT = Draft202012Validator(json.loads((FOLDER / "payment_notification.v1.json").read_text()))


@pytest.fixture(autouse=True)
def queue(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Give a queue and the secrets of a stage named test."""
    with mock_aws():
        url = aws.sqs().create_queue(QueueName="simpul-test-payment-notifications")["QueueUrl"]
        monkeypatch.setenv("NOTIFICATIONS_QUEUE_URL", url)
        monkeypatch.setenv("PAYMENTS_SECRETS_PREFIX", "simpul/test/payments")
        api.keys.cache_clear()
        for name, value in SECRETS.items():
            aws._client("secretsmanager").create_secret(
                Name=f"simpul/test/payments/{name}", SecretString=json.dumps(value)
            )
        yield url
        api.keys.cache_clear()


def post(path: str, body: bytes, headers: dict[str, str] | None = None) -> Any:
    """Post a body and return status, answer and headers."""
    event = an_api_event("POST", path, body=body.decode("latin-1"), headers=headers)
    event |= {"body": b64encode(body).decode(), "isBase64Encoded": True}
    answer = api.handler(event, CONTEXT)
    given = {name: values[-1] for name, values in answer["multiValueHeaders"].items()}
    assert given["Content-Type"] == "application/json"
    return int(answer["statusCode"]), json.loads(answer["body"]), given


def post_snap(path: str, body: bytes, **headers: str) -> Any:
    return post(SNAP + path, body, signed.snap_headers(path, body) | headers)


def test_a_notification_of_midtrans_is_queued_as_it_came(queue):
    body = signed.raw(signed.midtrans(), indent=2)
    status, answer, _ = post(MIDTRANS, body, {"Content-Type": "application/json"})
    assert (status, answer) == (200, {"status_code": "200", "status_message": "OK"})
    (message,) = messages(queue)
    CONTRACT.validate(message)
    assert b64decode(message["body"]) == body
    assert (message["provider"], message["path"]) == ("midtrans", MIDTRANS)
    assert message["jurisdiction_id"] == "semarang"
    assert message["content_type"] == "application/json"
    assert re.fullmatch(r"\d{8}T\d{4}-[0-9a-f]{16}", message["notification_id"])
    assert reading.from_message(message).amount == 3500


def test_a_body_that_is_no_base64_arrives_as_it_is(queue):
    text = signed.raw(signed.midtrans(custom_field1="Sélamat 🙏")).decode()
    answer = api.handler(an_api_event("POST", MIDTRANS, body=text), CONTEXT)
    assert answer["statusCode"] == 200
    (message,) = messages(queue)
    assert b64decode(message["body"]).decode() == text
    assert message["content_type"] == ""


def test_a_repeat_is_answered_and_queued_again(queue):
    body = signed.raw(signed.midtrans())
    assert [post(MIDTRANS, body)[0] for _ in range(2)] == [200, 200]
    assert len(messages(queue)) == 2


@pytest.mark.parametrize(
    ("path", "body", "code", "provider"),
    [
        (signed.DEBIT_PATH, signed.raw(signed.debit()), "2005600", "gopay"),
        (signed.QR_PATH, signed.raw(signed.qr()), "2005200", "qris"),
        (REVERSAL_PATH, signed.raw(signed.virtual_account()), "2002500", "va"),
    ],
)
def test_each_service_of_snap_answers_with_its_code(queue, path, body, code, provider):
    status, answer, headers = post_snap(path, body)
    assert (status, answer["responseCode"]) == (200, code)
    assert answer["responseMessage"] == "Successful"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+07:00", headers["X-TIMESTAMP"])
    (message,) = messages(queue)
    CONTRACT.validate(message)
    assert (message["provider"], message["path"]) == (provider, SNAP + path)
    assert message["jurisdiction_id"] is None
    assert reading.from_message(message).provider == provider


def test_a_virtual_account_is_repeated_with_its_spaces(queue):
    sent = signed.virtual_account()
    answer = post_snap(REVERSAL_PATH, signed.raw(sent))[1]["virtualAccountData"]
    for name in ("partnerServiceId", "customerNo", "virtualAccountNo", "paymentRequestId"):
        assert answer[name] == sent[name]


def test_a_notification_of_gobiz_is_queued(queue):
    body = signed.raw(signed.gobiz())
    headers = {"X-GO-SIGNATURE": signed.gobiz_signature(body, "gobiz-secret")}
    assert post(GOBIZ, body, headers)[:2] == (200, {"success": True})
    assert reading.from_message(messages(queue)[0]).outlet_id == "G999"


def forged() -> list[Any]:
    """Return what must be refused: path, body, headers, status, and code where there is one."""
    notice, payment = signed.raw(signed.midtrans()), signed.raw(signed.qr())
    headers = signed.snap_headers(signed.QR_PATH, payment)
    unsigned = {name: value for name, value in headers.items() if name != "X-SIGNATURE"}
    no_time = {name: value for name, value in headers.items() if name != "X-TIMESTAMP"}
    qr, gobiz = SNAP + signed.QR_PATH, signed.raw(signed.gobiz())
    return [
        (MIDTRANS, signed.raw(signed.midtrans("another key")), {}, 400, "400"),
        (MIDTRANS, signed.raw(signed.midtrans(signature_key="")), {}, 400, "400"),
        (MIDTRANS, notice.replace(b'"3500.00"', b'"3501.00"'), {}, 400, "400"),
        (MIDTRANS, notice.replace(b'"3500.00"', b"3500.00"), {}, 400, "400"),
        (MIDTRANS, b"", {}, 400, "400"),
        (MIDTRANS, b"\xff", {}, 400, "400"),
        (MIDTRANS, b"[" * 60_000, {}, 400, "400"),
        (MIDTRANS, notice + b" " * 65_536, {}, 413, "413"),
        (qr, payment, {}, 401, "4015200"),
        (qr, payment, unsigned, 401, "4015200"),
        (qr, payment, no_time, 400, "4005202"),
        (qr, payment, headers | {"X-TIMESTAMP": "now"}, 400, "4005201"),
        (qr, payment, headers | {"X-SIGNATURE": "now"}, 401, "4015200"),
        (qr, signed.reserialised(payment), headers, 401, "4015200"),
        (qr, b"[]", signed.snap_headers(signed.QR_PATH, b"[]"), 400, "4005200"),
        (qr, b"{}", signed.snap_headers(signed.QR_PATH, b"{}"), 400, "4005202"),
        (qr, payment + b" " * 65_536, headers, 413, "4135200"),
        (SNAP + REVERSAL_PATH, payment, headers, 401, "4012500"),
        (GOBIZ, gobiz, {}, 401, None),
        (GOBIZ, gobiz, {"X-Go-Signature": "0" * 64}, 401, None),
        (GOBIZ, gobiz + b" " * 65_536, {}, 413, None),
    ]


@pytest.mark.parametrize(("path", "body", "headers", "status", "code"), forged())
def test_what_is_not_proven_is_refused_in_the_providers_format_counted_and_not_kept(
    queue, capsys, caplog, path, body, headers, status, code
):
    found, answer, _ = post(path, body, headers)
    assert found == status
    assert answer.get("responseCode", answer.get("status_code")) == code
    if path == GOBIZ:
        assert answer["success"] is False
    assert messages(queue) == []
    written = capsys.readouterr().out
    assert '"NotificationsRefused":[1.0]' in written
    (reason,) = [vars(one)["reason"] for one in caplog.records if one.message == "refused"]
    assert f'"Refused{reason}":[1.0]' in written


def test_nothing_of_a_body_is_logged(capsys, caplog):
    secret = "Bu-Tutik-0812"
    post(MIDTRANS, signed.raw(signed.midtrans(custom_field1=secret)))
    post(MIDTRANS, signed.raw(signed.midtrans("another key", order_id=secret)))
    post_snap(REVERSAL_PATH, signed.raw(signed.virtual_account(virtualAccountName=secret)))
    assert len(caplog.records) > 3
    assert not [one for one in caplog.records if secret in str(vars(one))]
    assert secret not in capsys.readouterr().out


def test_a_key_changes_without_a_gap(queue):
    new = "SB-Mid-server-NEW"
    assert post(MIDTRANS, signed.raw(signed.midtrans()))[0] == 200
    aws._client("secretsmanager").put_secret_value(
        SecretId="simpul/test/payments/midtrans",
        SecretString=json.dumps({"semarang": {"server_keys": [new, signed.SERVER_KEY]}}),
    )
    assert post(MIDTRANS, signed.raw(signed.midtrans(new)))[0] == 200
    assert post(MIDTRANS, signed.raw(signed.midtrans()))[0] == 200
    assert len(messages(queue)) == 3


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [(MIDTRANS, 503, "503"), (GOBIZ, 503, None), (SNAP + signed.QR_PATH, 500, "5005200")],
)
@pytest.mark.parametrize("broken", ["sqs", "secretsmanager"])
def test_a_fault_of_ours_asks_the_provider_to_send_again(queue, path, status, code, broken):
    def fail(**_: Any) -> None:
        raise ConnectionError

    body, headers = b"", {}
    if path == MIDTRANS:
        body = signed.raw(signed.midtrans())
    elif path == GOBIZ:
        body = signed.raw(signed.gobiz())
        headers = {"X-Go-Signature": signed.gobiz_signature(body, "gobiz-secret")}
    else:
        body = signed.raw(signed.qr())
        headers = signed.snap_headers(signed.QR_PATH, body)
    with answering(aws._client(broken), "before-call", fail):
        found, answer, _ = post(path, body, headers)
    assert found == status
    assert answer.get("responseCode", answer.get("status_code")) == code
    assert messages(queue) == []
    assert post(path, body, headers)[0] == 200


def test_a_secret_that_was_never_filled_is_a_fault_of_ours(queue):
    aws._client("secretsmanager").put_secret_value(
        SecretId="simpul/test/payments/midtrans", SecretString="generated, and no JSON"
    )
    assert post(MIDTRANS, signed.raw(signed.midtrans()))[0] == 503


def test_accepting_makes_one_call(queue):
    body = signed.raw(signed.midtrans())
    post(MIDTRANS, body)
    made: list[str] = []
    for service in ("sqs", "secretsmanager", "dynamodb"):
        aws._client(service).meta.events.register(
            "before-call", lambda model, **_: made.append(model.name)
        )
    assert post(MIDTRANS, body)[0] == 200
    assert made == ["SendMessage"]


def test_a_path_that_is_no_services_is_not_found():
    event = an_api_event("POST", "/payments/snap/v1.0/debit/other", body="{}")
    assert api.handler(event, CONTEXT)["statusCode"] == 404
