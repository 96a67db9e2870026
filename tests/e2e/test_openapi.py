"""The OpenAPI document against the running API: nothing undocumented, nothing breaks."""

import json
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from cli import fleet_access, shop
from cli.surroundings import ROOT, Surroundings
from functions.complaint_intake import ticket
from functions.complaint_intake.alerts.subscription import area_of
from functions.complaint_intake.open311.keys import KeyStore
from infra.routes import ROUTES
from shared import ids
from shared.clock import now
from tests.e2e.citizen import Street, eventually
from tests.e2e.payment_requests import CLIENTS, a_provider, valid_payment_requests
from tests.e2e.photographs import settled, uploaded
from tests.e2e.shelter_requests import (
    FLEET,
    OFFICERS,
    REFUSED,
    a_full_shelter,
    valid_requests_about_an_alert,
    valid_shelter_requests,
)
from tests.photo_files import a_photo

AGENCY = "semarang-disperkim"
#: A month without complaints, published for these tests.
MONTH = "2025-01"
DOCUMENT = json.loads(Path(ROOT, "docs", "openapi.json").read_text(encoding="utf-8"))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]

FORM = "application/x-www-form-urlencoded"
#: Whose 200 says of each item whether it was good.
ANSWERED_ITEM_BY_ITEM = {
    "/complaints/batch",
    *(route.path for route in ROUTES if route.path.startswith(("/mds/", "/cds/"))),
}

#: What shows the work of a queue, which comes a moment later.
AFTER_A_QUEUE = {"showVehicleStatus"}

schema = schemathesis.openapi.from_dict(DOCUMENT)


@pytest.fixture(scope="module")
def street(surroundings: Surroundings) -> Street:
    return Street(surroundings)


@pytest.fixture(scope="module")
def receipt(street: Street) -> dict[str, Any]:
    given = street.submit(
        service_code="lampu-jalan", contact={"phone": "+6281200000019", "share_with_agency": True}
    )
    street.assigned(given, AGENCY)
    return given


@pytest.fixture(scope="module")
def open311_key(street: Street) -> str:
    key = secrets.token_urlsafe()
    tables = street.around.outputs.tables
    KeyStore(tables.complaints, street.around.dynamodb).add(key, "kota-lain", now())
    return key


def token_for(case: Any, street: Street) -> dict[str, str]:
    operation_id = case.operation.definition.raw["operationId"]
    scopes = next(route.scopes for route in ROUTES if route.operation_id == operation_id)
    if not scopes:
        return {}
    if scopes[0] in CLIENTS:
        return {"Authorization": f"Bearer {payments_token(street, scopes[0])}"}
    if operation_id == "refundOrder":
        return {"Authorization": f"Bearer {street.officer('treasurer:semarang')}"}
    if scopes[0] == "fleet/telemetry":
        return {"Authorization": f"Bearer {fleet_token(street)}"}
    if operation_id in OFFICERS:
        return {"Authorization": f"Bearer {street.officer('shelter_officer')}"}
    machine = scopes[0] == "agency/work"
    token = street.machine(AGENCY) if machine else street.officer("operator:semarang")
    return {"Authorization": f"Bearer {token}"}


def payments_token(street: Street, scope: str) -> str:
    """Return the token of a seller or gate, asked for once."""
    client = CLIENTS[scope]
    if client not in street.tokens:
        street.tokens[client] = shop.token(street.around, client)
    return street.tokens[client]


def fleet_token(street: Street) -> str:
    """Return the token of a fleet, asked for once."""
    if FLEET not in street.tokens:
        client = street.around.outputs.fleets[FLEET]
        street.tokens[FLEET] = fleet_access.token_of(street.around, client)
    return street.tokens[FLEET]


def test_the_document_names_every_answer_it_gives() -> None:
    for path, operations in DOCUMENT["paths"].items():
        for method, operation in operations.items():
            answers = set(operation["responses"])
            assert all(status.isdigit() for status in answers), (method, path, answers)


@schema.parametrize()
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_request_breaks_the_api_or_is_answered_in_an_undocumented_way(
    case: Any, street: Street, receipt: dict[str, Any], open311_key: str
) -> None:
    seeded = {"complaint_id": receipt["complaint_id"], "agency": AGENCY} | open311_path(receipt)
    if len(json.dumps(case.path_parameters or {})) % 2:  # half of them, chosen by the case itself
        given = case.path_parameters or {}
        case.path_parameters = {name: seeded.get(name, given[name]) for name in given}
        if isinstance(case.body, dict) and "api_key" in case.body:
            case.body["api_key"] = open311_key
    checks = list(CHECKS)
    if "application/json" in str(case.media_type) and case.path not in ANSWERED_ITEM_BY_ITEM:
        checks.append(negative_data_rejection)
    case.call_and_validate(
        base_url=street.around.outputs.api_url,
        headers=token_for(case, street),
        checks=checks,
        allow_redirects=False,  # a photo's link leads out of the API
    )


def open311_path(receipt: dict[str, Any]) -> dict[str, str]:
    """Return what stands in Open311's paths, but the format."""
    number = receipt["complaint_id"]
    return {"service_code": "lampu-jalan", "service_request_id": number, "token": number}


def valid_open311_requests(receipt: dict[str, Any], key: str) -> dict[str, dict[str, Any]]:
    """Return the same for another city's operations, some in each format."""
    path = open311_path(receipt)
    xml, json_ = {"format": "xml"}, {"format": "json"}
    semarang = {"jurisdiction_id": "semarang"}
    form = {"media_type": "application/x-www-form-urlencoded"}
    day = {"start_date": "2026-11-20T00:00:00Z", "end_date": "2026-11-21T00:00:00+07:00"}
    return {
        "open311Discovery": {"path_parameters": xml},
        "open311Services": {"path_parameters": json_, "query": semarang},
        "open311ServiceDefinition": {
            "path_parameters": {"service_code": path["service_code"], **json_},
            "query": semarang,
        },
        "open311Requests": {
            "path_parameters": json_,
            "query": semarang | day | {"status": "open,closed", "extensions": "true"},
        },
        "open311PostRequest": form
        | {
            "path_parameters": json_,
            "body": {
                "api_key": key,
                "service_code": "lampu-jalan",
                "address_string": "Jl. Pemuda",
                **semarang,
            },
        },
        "open311Request": {
            "path_parameters": {"service_request_id": path["service_request_id"], **xml}
        },
        "open311Token": {"path_parameters": {"token": path["token"], **json_}},
        "open311Updates": {"path_parameters": json_, "query": semarang | day | {"api_key": key}},
        "open311PostUpdate": form
        | {
            "path_parameters": xml,
            "body": {
                "api_key": key,
                "service_request_id": path["service_request_id"],
                "update_id": str(uuid4()),
                "status": "OPEN",
                "updated_datetime": day["end_date"],
                "description": "Masih mati.",
            },
        },
    }


def a_ticket(own: dict[str, Any]) -> str:
    """Return a ticket for a complaint's photos, as a page would make it."""
    until = datetime.now(UTC) + timedelta(minutes=10)
    return ticket.made(own["tracking_token"], own["complaint_id"], until)


def valid_alert_requests(street: Street) -> dict[str, dict[str, Any]]:
    """Return the same for who follows a place: someone who was asked just now."""
    address = f"warga-{uuid4().hex}@example.id"
    wanted = {"jurisdiction_id": "semarang", "lat": -7.05, "long": 110.4, "email": address}
    answer = street.call("POST", "/alerts", wanted | {"radius_m": 500})
    assert answer.status_code == 202, answer.text
    area = area_of("semarang", None, -7.05, 110.4, 500)
    name = ids.alert_id(a_secret(street, "complaint-id"), address, area)
    tokens = a_secret(street, "tracking-token")
    links = {each: {"a": name, "t": ids.alert_token(tokens, name, each)} for each in _PURPOSES}
    by_token = {
        "path_parameters": {"alert_id": name},
        "headers": {"X-Tracking-Token": links["stop"]["t"]},
    }
    return {
        "followPlace": {"body": wanted | {"email": f"warga-{uuid4().hex}@example.id"}},
        "showFollowingForm": {},
        "submitFollowingForm": {
            "body": {
                "jurisdiction_id": "semarang",
                "location": "-7.0512, 110.4093",
                "radius_m": "500",
                "email": f"warga-{uuid4().hex}@example.id",
            },
            "media_type": FORM,
        },
        "askToConfirmAlerts": {"query": links["confirm"]},
        "confirmAlerts": {"query": links["confirm"]},
        "showAlerts": by_token,
        "askToStopAlerts": {"query": links["stop"]},
        "stopAlerts": {"query": links["stop"]},
        "forgetAlerts": by_token,
    }


_PURPOSES = ("confirm", "stop")


def a_secret(street: Street, name: str) -> bytes:
    """Return a secret of the stage, by its own administrator's right."""
    prefix = street.around.outputs.partners_prefix.removesuffix("partners/")
    kept = street.around.client("secretsmanager").get_secret_value(SecretId=f"{prefix}{name}")
    secret: str = kept["SecretString"]
    return secret.encode()


def valid_requests(street: Street, receipt: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return for each operation the arguments of a request that must succeed."""
    version = street.see(receipt)["version"]
    known = {"complaint_id": receipt["complaint_id"]}
    agency = {"agency": AGENCY}
    street.submit(service_code="lampu-jalan")

    def received() -> str:
        answer = street.call(
            "POST", f"/agencies/{AGENCY}/messages/receive", {"max": 1}, token=street.machine(AGENCY)
        )
        handle: str = answer.json()["messages"][0]["receipt"]
        return handle

    draft = {"jurisdiction_id": "semarang", "description": "sampah"}
    form = {"key": str(uuid4()), **draft}
    own = street.submit(service_code="lampu-jalan")
    forgotten = street.submit(service_code="lampu-jalan")
    photo = uploaded(street, a_photo())
    pictured = street.submit(service_code="lampu-jalan", photo_ids=[photo])
    settled(street, pictured)
    street.around.functions.invoke(
        FunctionName=street.around.outputs.function("complaint-intake-every-month"),
        Payload=json.dumps({"jurisdiction_id": "semarang", "month": MONTH}).encode(),
    )
    of_pictured = {"complaint_id": pictured["complaint_id"]}
    done = street.submit(service_code="lampu-jalan")
    seen = street.assigned(done, AGENCY)["version"]
    for step, version_then in (("accept", seen), ("resolve", seen + 1)):
        street.act(done, step, version_then, street.machine(AGENCY), public_note="Sudah diganti.")
    stop = ids.stop_token(a_secret(street, "tracking-token"), receipt["complaint_id"])
    unsubscribe = {"c": receipt["complaint_id"], "t": stop}
    action = {"action": "note", "action_id": str(uuid4()), "expected_version": version}
    return {
        "listCategories": {"query": {"jurisdiction_id": "jateng"}},
        "submitBatch": {"body": {"drafts": [{"key": str(uuid4()), **draft}]}},
        "submitComplaint": {"body": {"jurisdiction_id": "jateng", "description": "jalan rusak"}},
        "showComplaint": {"path_parameters": known},
        "listNearby": {"query": {"jurisdiction_id": "semarang", "lat": -6.99, "lng": 110.42}},
        "replyToComplaint": {
            "path_parameters": {"complaint_id": own["complaint_id"]},
            "headers": {"X-Tracking-Token": own["tracking_token"]},
            "body": {"action": "withdraw", "action_id": str(uuid4())},
        },
        "supportComplaint": {"path_parameters": known, "body": {"device_id": "gawai-1"}},
        "sayNotFixed": {
            "path_parameters": {"complaint_id": done["complaint_id"]},
            "body": {"device_id": "gawai-1"},
        },
        "showPersonalData": {
            "path_parameters": known,
            "headers": {"X-Tracking-Token": receipt["tracking_token"]},
        },
        "erasePersonalData": {
            "path_parameters": {"complaint_id": forgotten["complaint_id"]},
            "headers": {"X-Tracking-Token": forgotten["tracking_token"]},
        },
        "chooseNotices": {
            "path_parameters": known,
            "headers": {"X-Tracking-Token": receipt["tracking_token"]},
            "body": {"email": False, "sms": True},
        },
        "askToUnsubscribe": {"query": unsubscribe},
        "unsubscribe": {"query": unsubscribe},
        "showSharedContact": {"path_parameters": known},
        "offerPhoto": {"body": {"content_type": "image/png"}},
        "addPhotos": {
            "path_parameters": of_pictured,
            "headers": {"X-Tracking-Token": pictured["tracking_token"]},
            "body": {"photo_ids": [photo]},
        },
        "showPhoto": {"path_parameters": of_pictured | {"photo_id": photo}},
        "getOpenData": {"path_parameters": {"jurisdiction_id": "semarang", "month": MONTH}},
        "showForm": {},
        "submitForm": {"body": form, "media_type": FORM},
        "showPhotoForm": {"query": {"ticket": a_ticket(own)}},
        "showTrackingForm": {},
        "showPublicPage": {"path_parameters": known},
        "track": {
            "body": {"complaint_id": own["complaint_id"], "token": own["tracking_token"]},
            "media_type": FORM,
        },
        "actOnComplaint": {
            "path_parameters": known,
            "body": action | {"internal_note": "dicatat"},
        },
        "receiveMessages": {"path_parameters": agency, "body": {}},
        "acknowledgeMessage": {"path_parameters": agency, "body": {"receipt": received()}},
        "extendMessage": {
            "path_parameters": agency,
            "body": {"receipt": received(), "seconds": 30},
        },
        "listWork": {"path_parameters": agency, "query": {"limit": 5}},
        "showWork": {"path_parameters": known | agency},
        "listTriage": {"query": {"jurisdiction_id": "semarang"}},
        "showAtTriage": {"path_parameters": known},
        "listLate": {"query": {"jurisdiction_id": "semarang"}},
        "listStuck": {"query": {"jurisdiction_id": "semarang"}},
        "listTemplates": {"path_parameters": agency},
        "listOverdue": {"query": {"jurisdiction_id": "semarang"}},
        "listDebts": {"query": {"jurisdiction_id": "semarang", "format": "csv"}},
    }


def test_every_operation_succeeds_for_a_good_request(
    street: Street, receipt: dict[str, Any], open311_key: str
) -> None:
    for _ in range(3):
        street.assigned(street.submit(service_code="lampu-jalan"), AGENCY)
    full = a_full_shelter(street.around, fleet_token(street))
    with a_provider(street.around) as provider, full:
        requests = (
            valid_requests(street, receipt)
            | valid_open311_requests(receipt, open311_key)
            | valid_alert_requests(street)
            | valid_payment_requests(street.around, provider)
            | valid_shelter_requests()
        )
        succeed(requests, street)  # meanwhile the alert is raised
        officer = street.officer("shelter_officer")
        about_an_alert = valid_requests_about_an_alert(street.around, officer)
        succeed(about_an_alert, street)
    told = {*requests, *about_an_alert}
    assert told | REFUSED == {route.operation_id for route in ROUTES}


def succeed(requests: dict[str, dict[str, Any]], street: Street) -> None:
    """Send requests, each of which must be answered with success, as the document says."""
    for operation_id, arguments in requests.items():
        operation = schema.find_operation_by_id(operation_id)
        case = operation.Case(**({"media_type": "application/json"} | arguments))

        def answered(case: Any = case) -> Any:
            return case.call(
                base_url=street.around.outputs.api_url,
                headers=token_for(case, street),
                allow_redirects=False,
            )

        if operation_id in AFTER_A_QUEUE:
            eventually(_found(answered))
        answer = answered()
        assert 200 <= answer.status_code < 400, (operation_id, answer.text)
        case.validate_response(answer, checks=CHECKS)


def _found(answered: Callable[[], Any]) -> Callable[[], bool]:
    return lambda: bool(answered().status_code != 404)
