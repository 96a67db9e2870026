"""What the benchmarks play: the names of a stage, its tables, and the events that AWS would send."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from functions.payment_webhooks.indexes import LEDGER_INDEXES, PAYMENTS_INDEXES
from functions.shelter_alerts.indexes import SHELTERS_INDEXES
from shared.complaints.indexes import COMPLAINTS_INDEXES, REPORTERS_INDEXES, Index

REGION: Final = "ap-southeast-3"
ACCOUNT: Final = "123456789012"
COMPLAINTS: Final = "simpul-bench-complaints"
REPORTERS: Final = "simpul-bench-reporters"
PAYMENTS: Final = "simpul-bench-payments"
LEDGER: Final = "simpul-bench-ledger"
SHELTERS: Final = "simpul-bench-shelters"
RAW_BUCKET: Final = "simpul-bench-payments"
SECRETS: Final = ("simpul/bench/complaint-id", "simpul/bench/tracking-token")
CLIENTS: Final = "/simpul/bench/clients/"
CLIENT: Final = "4f1mq2v8c0h7"
_QUEUES: Final = f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/simpul-bench"

ENVIRONMENT: Final[Mapping[str, str]] = {
    "STAGE": "bench",
    "COMPLAINTS_TABLE": COMPLAINTS,
    "REPORTERS_TABLE": REPORTERS,
    "PAYMENTS_TABLE": PAYMENTS,
    "LEDGER_TABLE": LEDGER,
    "SHELTERS_TABLE": SHELTERS,
    "MOVEMENTS_QUEUE_URL": f"{_QUEUES}-movements.fifo",
    "MOVEMENTS_DLQ_URL": f"{_QUEUES}-movements-dlq.fifo",
    "EVALUATION_QUEUE_URL": f"{_QUEUES}-evaluation",
    "ALERTS_QUEUE_URL": f"{_QUEUES}-alerts",
    "EMAIL_SENDER": "",
    "EMAIL_CONFIGURATION_SET": "",
    "SMS_REGION": "",
    "SMS_SENDER": "",
    "PARTNER_SECRET_PREFIX": "simpul/bench/partners/",
    "PUBLIC_URL": "https://simpul.bench/v1",
    "RAW_BUCKET": RAW_BUCKET,
    "MIDTRANS_API_URL": "https://midtrans.bench",
    "SNAP_API_URL": "https://snap.bench",
    "COMPLAINT_ID_SECRET": SECRETS[0],
    "TRACKING_TOKEN_SECRET": SECRETS[1],
    "CLIENTS_PARAMETER_PREFIX": CLIENTS,
    "ROUTING_QUEUE_URL": f"{_QUEUES}-routing",
    "OUTBOX_FAILURES_URL": f"{_QUEUES}-complaints-outbox-failures",
    "NOTICES_QUEUE_URL": f"{_QUEUES}-notices",
    "PHOTOS_QUEUE_URL": f"{_QUEUES}-photos",
    "ERASURES_QUEUE_URL": f"{_QUEUES}-erasures",
    "PHOTOS_BUCKET": "simpul-bench-photos",
    "OPEN_DATA_BUCKET": "simpul-bench-open-data",
    "AGENCY_QUEUE_URL_PREFIX": f"{_QUEUES}-agency-",
    "NOTIFICATIONS_QUEUE_URL": f"{_QUEUES}-payments",
    "PAYMENTS_SECRETS_PREFIX": "simpul/bench/payments/",
    "POWERTOOLS_METRICS_NAMESPACE": "Simpul",
    "POWERTOOLS_LOG_LEVEL": "INFO",
    "AWS_REGION": REGION,
    "AWS_DEFAULT_REGION": REGION,
    "AWS_ACCESS_KEY_ID": "bench",
    "AWS_SECRET_ACCESS_KEY": "bench",
    "AWS_CONFIG_FILE": "/dev/null",
    "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
    "AWS_LAMBDA_FUNCTION_NAME": "bench",
    "AWS_EC2_METADATA_DISABLED": "true",
}

#: The indexes of every table of complaints, whatever it is called.
INDEXES: Final = COMPLAINTS_INDEXES

#: As long as the sample complaints usually are; its record stays within the 1 KB that the
#: design's budgets are for (see `consumption.measure_sizes` for how many do).
SUBMISSION: Final[Mapping[str, Any]] = {
    "jurisdiction_id": "semarang",
    "service_code": "jalan-rusak",
    "description": (
        "Jalan depan SD Sambirejo berlubang dalam sekali, tadi pagi ada ibu2 jatuh dari motor. "
        "Sudah 3 minggu blm ditambal, kalau hujan ga kelihatan."
    ),
    "lat": -6.9966,
    "long": 110.4439,
    "attributes": {"pemilik_jalan": "kota"},
    "anonymous": True,
}
CONTACT: Final[Mapping[str, Any]] = {
    "name": "Bu Tutik Handayani",
    "phone": "+628120000063",
    "email": "tutik.handayani@example.id",
    "notify": ["email", "sms"],
    "share_with_agency": True,
}
WITH_CONTACT: Final[Mapping[str, Any]] = {
    name: value for name, value in SUBMISSION.items() if name != "anonymous"
} | {"contact": CONTACT}


def indexes_of(table: str) -> tuple[Index, ...]:
    """Return the indexes of a table."""
    others = {
        REPORTERS: REPORTERS_INDEXES,
        PAYMENTS: PAYMENTS_INDEXES,
        LEDGER: LEDGER_INDEXES,
        SHELTERS: SHELTERS_INDEXES,
    }
    return others.get(table, INDEXES)


def idempotency_key(number: int) -> str:
    """Return a key of random form, the same for the same number."""
    return str(UUID(int=0x9E3779B97F4A7C15F39CC0605CEDC835 * (number + 1) % (1 << 128)))


def submit(number: int, submission: Mapping[str, Any] = SUBMISSION) -> dict[str, Any]:
    """Return the event of `POST /complaints`."""
    key = {"Idempotency-Key": idempotency_key(number)}
    return request("POST", "/complaints", {}, body=submission, headers=key)


def show(complaint_id: str) -> dict[str, Any]:
    """Return the event of `GET /complaints/{complaint_id}`."""
    return request("GET", "/complaints/{complaint_id}", {"complaint_id": complaint_id})


def act(complaint_id: str, action: Mapping[str, Any]) -> dict[str, Any]:
    """Return the event of `POST /complaints/{complaint_id}/actions` by an agency's client."""
    path = {"complaint_id": complaint_id}
    return request("POST", "/complaints/{complaint_id}/actions", path, body=action, client=CLIENT)


def work_list(agency: str) -> dict[str, Any]:
    """Return the event of `GET /agencies/{agency}/complaints` by its client."""
    return request("GET", "/agencies/{agency}/complaints", {"agency": agency}, client=CLIENT)


def twin(agency: str, what: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the event of `POST /agencies/{agency}/messages/{what}` by its client."""
    path = {"agency": agency}
    resource = f"/agencies/{{agency}}/messages/{what}"
    return request("POST", resource, path, body=body, client=CLIENT)


def nearby(query: Mapping[str, str]) -> dict[str, Any]:
    """Return the event of `GET /complaints/nearby`."""
    return request("GET", "/complaints/nearby", {}, query=query)


def batch(first: int, size: int) -> dict[str, Any]:
    """Return the event of `POST /complaints/batch` with drafts numbered from `first`."""
    drafts = [
        {"key": idempotency_key(number), "drafted_at": "2026-11-22T08:00:00+07:00", **SUBMISSION}
        for number in range(first, first + size)
    ]
    return request("POST", "/complaints/batch", {}, body={"drafts": drafts})


#: An Open311 client's key, and how the table holds it.
OPEN311_KEY: Final = "bench-key-" + "0" * 32
OPEN311_KEY_ITEM: Final[Mapping[str, Any]] = {
    "pk": {"S": "OPEN311_KEYS"},
    "sk": {"S": sha256(OPEN311_KEY.encode()).hexdigest()},
    "client": {"S": "bench"},
    "created_at": {"S": "2026-11-22T01:00:00.000Z"},
}


def open311_submit() -> dict[str, Any]:
    """Return the event of Open311's `POST requests`, saying what `SUBMISSION` says."""
    said = {name: str(SUBMISSION[name]) for name in ("service_code", "description", "lat", "long")}
    form = {"api_key": OPEN311_KEY, "jurisdiction_id": "semarang", **said}
    form["attribute[pemilik_jalan]"] = "kota"
    event = open311("POST", "requests.json", form=form)
    event["headers"]["Idempotency-Key"] = idempotency_key(999)
    return event


def open311(
    method: str,
    resource: str,
    *,
    query: Mapping[str, str] | None = None,
    form: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return the event of a request under `/open311/v2`."""
    event = request(method, "/open311/v2/{proxy+}", {"proxy+": resource}, query=query)
    event["path"] = f"/open311/v2/{resource}"
    event["pathParameters"] = {"proxy": resource}
    if form is not None:
        event["body"] = urlencode(form)
        media_type = "application/x-www-form-urlencoded"
        event["headers"]["Content-Type"] = media_type
        event["multiValueHeaders"]["Content-Type"] = [media_type]
    return event


def stream(items: list[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the event of a table's stream that tells of new items."""
    return {
        "Records": [
            {"eventID": str(n), "eventName": "INSERT", "dynamodb": {"NewImage": item}}
            for n, item in enumerate(items)
        ]
    }


def messages(bodies: list[str]) -> dict[str, Any]:
    """Return the event of a queue with messages."""
    return {"Records": [{"messageId": str(n), "body": body} for n, body in enumerate(bodies)]}


def request(
    method: str,
    resource: str,
    path: Mapping[str, str],
    *,
    body: Mapping[str, Any] | None = None,
    query: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    client: str | None = None,
) -> dict[str, Any]:
    """Return the event of a request, by a machine client if one is named."""
    claims = {"client_id": client, "scope": "agency/work", "sub": client}
    sent = {
        "Accept": "application/json",
        "Accept-Language": "id-ID,id;q=0.9",
        "Content-Type": "application/json",
        "Host": "api.example.id",
        "User-Agent": "simpul-bench",
        **(headers or {}),
    }
    return {
        "resource": resource,
        "path": resource.format(**path),
        "httpMethod": method,
        "headers": sent,
        "multiValueHeaders": {name: [value] for name, value in sent.items()},
        "queryStringParameters": dict(query) if query else None,
        "multiValueQueryStringParameters": {name: [one] for name, one in query.items()}
        if query
        else None,
        "pathParameters": dict(path) or None,
        "stageVariables": None,
        "requestContext": {
            "requestId": "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
            "stage": "v1",
            "httpMethod": method,
            "resourcePath": resource,
            "path": "/v1" + resource.format(**path),
            "identity": {"sourceIp": "127.0.0.1", "userAgent": "simpul-bench"},
            **({"authorizer": {"claims": claims}} if client else {}),
        },
        "body": json.dumps(body, ensure_ascii=False) if body is not None else None,
        "isBase64Encoded": False,
    }
