"""The main job through the real deployment, IAM enforced: from a citizen to an agency and back."""

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from jsonschema import Draft202012Validator

from cli.surroundings import ROOT, Surroundings
from tests.e2e.citizen import Street, eventually

CONTRACT = json.loads(
    Path(ROOT, "events", "contracts", "complaint_assigned.v1.json").read_text(encoding="utf-8")
)
PHONE = "+6281200000017"


@pytest.fixture(scope="module")
def street(surroundings: Surroundings) -> Street:
    return Street(surroundings)


def native_poll(street: Street, agency: str, complaint_id: str) -> tuple[dict[str, Any], str]:
    """Poll an agency's queue with its own role until a complaint comes; return it and its receipt."""
    sqs, url = street.agency_queue(agency), street.around.outputs.agency(agency).queue_url

    def look() -> tuple[dict[str, Any], str] | None:
        answer = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=2)
        for message in answer.get("Messages", ()):
            body = json.loads(message["Body"])
            if body["complaint_id"] == complaint_id:
                return body, message["ReceiptHandle"]
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return None

    found: tuple[dict[str, Any], str] = eventually(look)
    return found


def test_a_complaint_reaches_its_agency_which_answers_and_the_citizen_sees_it(
    street: Street,
) -> None:
    receipt = street.submit(
        "Lampu jalan mati sudah seminggu, gelap sekali",
        address_string="Jl. Fatmawati, Pedurungan",
        contact={"phone": PHONE, "share_with_agency": True},
    )
    view = street.assigned(receipt, "semarang-disperkim")
    assert view["status"] == "assigned"
    assert "lampu" in view["because"]

    message, handle = native_poll(street, "semarang-disperkim", receipt["complaint_id"])
    Draft202012Validator(CONTRACT).validate(message)
    assert PHONE not in json.dumps(message)
    sqs = street.agency_queue("semarang-disperkim")
    url = street.around.outputs.agency("semarang-disperkim").queue_url
    sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=handle, VisibilityTimeout=60)

    token = street.machine("semarang-disperkim")
    contact = street.call("GET", f"/complaints/{receipt['complaint_id']}/contact", token=token)
    assert contact.json()["phone"] == PHONE

    accepted = street.act(receipt, "accept", message["version"], token)
    assert accepted.status_code == 200, accepted.text
    resolved = street.act(
        receipt,
        "resolve",
        accepted.json()["version"],
        token,
        public_note="Lampu sudah diganti.",
        internal_note="tiang 12, petugas shift malam",
    )
    assert resolved.json()["status"] == "resolved"
    sqs.delete_message(QueueUrl=url, ReceiptHandle=handle)

    seen = street.see(receipt)
    assert [step["action"] for step in seen["timeline"]] == ["submit", "route", "accept", "resolve"]
    assert seen["timeline"][-1]["note"] == "Lampu sudah diganti."
    assert "petugas shift malam" not in json.dumps(seen)
    public = street.call("GET", f"/complaints/{receipt['complaint_id']}")
    assert public.json()["status"] == "resolved"
    assert "petugas shift malam" not in public.text
    assert PHONE not in public.text


def test_the_public_view_is_not_sent_twice_to_who_has_it(street: Street) -> None:
    receipt = street.submit()
    street.assigned(receipt, "semarang-disperkim")
    first = street.call("GET", f"/complaints/{receipt['complaint_id']}")
    again = street.call(
        "GET", f"/complaints/{receipt['complaint_id']}", If_None_Match=first.headers["ETag"]
    )
    assert (again.status_code, again.content) == (304, b"")
    token = street.machine("semarang-disperkim")
    assert street.act(receipt, "accept", first.json()["version"], token).status_code == 200
    changed = eventually(
        lambda: (
            (
                answer := street.call(
                    "GET",
                    f"/complaints/{receipt['complaint_id']}",
                    If_None_Match=first.headers["ETag"],
                )
            ).status_code
            == 200
            and answer
        )
    )
    assert changed.json()["status"] == "accepted"


def test_the_same_key_and_body_give_the_first_receipt_and_another_body_conflicts(
    street: Street,
) -> None:
    key, body = str(uuid4()), {"jurisdiction_id": "jateng", "description": "jalan provinsi rusak"}
    first = street.call("POST", "/complaints", body, Idempotency_Key=key)
    again = street.call("POST", "/complaints", body, Idempotency_Key=key)
    other = street.call("POST", "/complaints", body | {"description": "lain"}, Idempotency_Key=key)
    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 409)
    assert first.json() == again.json()
    assert other.json()["code"] == "idempotency_key_reused"


def test_an_anonymous_complaint_shows_the_agency_no_contact(street: Street) -> None:
    receipt = street.submit(anonymous=True, contact={"phone": PHONE, "share_with_agency": True})
    street.assigned(receipt, "semarang-disperkim")
    message, _ = native_poll(street, "semarang-disperkim", receipt["complaint_id"])
    assert message["anonymous"] is True
    assert message["contact_shared"] is False
    assert PHONE not in json.dumps(message)
    token = street.machine("semarang-disperkim")
    path = f"/complaints/{receipt['complaint_id']}/contact"
    assert street.call("GET", path, token=token).status_code == 404
    stored = street.around.client("dynamodb").scan(TableName=street.around.outputs.tables.reporters)
    assert receipt["complaint_id"] not in json.dumps(stored["Items"])


def test_the_http_twin_receives_extends_and_acknowledges(street: Street) -> None:
    agency, token = "semarang-dishub", street.machine("semarang-dishub")
    receipt = street.submit("Mobil parkir liar menutup trotoar", service_code="parkir-liar")
    base = f"/agencies/{agency}/messages"

    def look() -> dict[str, Any] | None:
        answer = street.call("POST", f"{base}/receive", {"max": 10}, token=token)
        assert answer.status_code == 200, answer.text
        found = answer.json()["messages"]
        if not found:
            assert int(answer.headers["Retry-After"]) > 0
        wanted = [one for one in found if one["message"]["complaint_id"] == receipt["complaint_id"]]
        return wanted[0] if wanted else None

    message = eventually(look)
    handle = {"receipt": message["receipt"]}
    extended = street.call("POST", f"{base}/extend", {**handle, "seconds": 120}, token=token)
    assert extended.status_code == 200, extended.text
    assert street.call("POST", f"{base}/ack", handle, token=token).status_code == 200
    work = street.call("GET", f"/agencies/{agency}/complaints?status=assigned", token=token)
    listed = [one["complaint_id"] for one in work.json()["complaints"]]
    assert receipt["complaint_id"] in listed
    detail = street.call(
        "GET", f"/agencies/{agency}/complaints/{receipt['complaint_id']}", token=token
    )
    assert detail.json()["assignment"]["rule"] == message["message"]["rule"]


def test_what_nobody_can_place_goes_to_triage_and_an_operator_assigns_it(street: Street) -> None:
    receipt = street.submit("halo min apa kabar")
    view = street.assigned(receipt, "semarang-diskominfo")
    operator = street.officer("operator:semarang")
    listed = street.call("GET", "/triage", token=operator)
    assert receipt["complaint_id"] in [one["complaint_id"] for one in listed.json()["complaints"]]
    assigned = street.act(receipt, "assign", view["version"], operator, agency="semarang-dishub")
    assert assigned.status_code == 200, assigned.text
    message, _ = native_poll(street, "semarang-dishub", receipt["complaint_id"])
    assert message["assignment_no"] == 2
    listed = street.call("GET", "/triage", token=operator)
    assert receipt["complaint_id"] not in [
        one["complaint_id"] for one in listed.json()["complaints"]
    ]


def test_a_returned_complaint_goes_back_to_triage_and_its_old_assignment_is_refused(
    street: Street,
) -> None:
    receipt = street.submit(service_code="lampu-jalan")
    view = street.assigned(receipt, "semarang-disperkim")
    token = street.machine("semarang-disperkim")
    returned = street.act(
        receipt, "return", view["version"], token, internal_note="bukan wewenang kami"
    )
    assert returned.json()["agency"] == "semarang-diskominfo"
    message, _ = native_poll(street, "semarang-diskominfo", receipt["complaint_id"])
    assert message["assignment_no"] == 2
    version = returned.json()["version"]
    refused = street.act(receipt, "accept", version, token)
    assert refused.status_code == 403
    named = street.act(receipt, "accept", version, token, assignment_no=1)
    assert (named.status_code, named.json()["code"]) == (409, "stale_assignment")
    operator = street.officer("operator")
    stale = street.act(receipt, "accept", version, operator, assignment_no=1)
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_assignment")
    assert street.act(receipt, "accept", version, operator, assignment_no=2).status_code == 200


def test_the_form_of_a_sticker_takes_a_complaint_without_a_script(street: Street) -> None:
    page = street.call("GET", "/lapor?v=GJK-4821")
    assert page.headers["Content-Type"].startswith("text/html")
    assert "<script" not in page.text
    assert "GJK-4821" in page.text
    key = page.text.split('name="key" value="')[1].split('"')[0]
    form = {
        "key": key,
        "jurisdiction_id": "semarang",
        "description": "sampah menumpuk di halte",
        "vehicle_code": "GJK-4821",
    }
    url = street.around.outputs.api_url + "/lapor"
    sent = street.around.http.post(url, data=form)
    again = street.around.http.post(url, data=form)
    assert (sent.status_code, again.status_code) == (201, 200)
    number = next(part for part in sent.text.replace("<", " ").split(">") if "SMG-" in part)
    assert number.split()[0] in again.text
