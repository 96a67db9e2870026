"""The messages between functions and to agencies: as their contracts say, and never changed."""

import hashlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from functions.complaint_intake.alerts import showing
from infra.contracts import CONTRACTS, FOLDER, rendered
from shared.complaints import events
from shared.complaints.law import Status
from shared.text import Text
from tests.builders import NOW, a_complaint, an_assignment, an_entry
from tests.small_config import SEMARANG
from tests.strategies import complaints, entries

#: Digests of what readers rely on. A message that has been released gets a new version instead of
#: another digest here.
RELEASED = {
    "assignment_pending.v1": "6b201b2a65aa2898",
    "complaint_assigned.v1": "95a40869c3dbf423",
    "complaint_changed.v1": "2623e92f6dcdc096",
    "complaint_escalated.v1": "c8f904c76260b256",
    "complaint_progressed.v1": "fc12906d11c4b25d",
    "erasure_requested.v1": "1eced49d26016ca0",
    "photos_claimed.v1": "50226cb9d9469786",
    "alert_asked.v1": "4a0a51e015ae0893",
    "alert_due.v1": "c2862cad70eb2387",
    "alerts_due.v1": "55b4f38af330b2c7",
    "complaint_shown.v1": "f2cfd3c40985140c",
    "notice_due.v1": "17561fd6a630ac67",
    "webhook_due.v1": "31bf42e8829f1408",
    "complaint.progressed.v1": "99490e94754fa042",
    "webhook.test.v1": "5cb0607fe427d454",
    "payment_check.v1": "b23e47cc2724dacb",
    "payment_notification.v1": "339b2d49a5dd876e",
    "settlement_file.v1": "20fbc673d1f850b7",
    "fleet_movements.v1": "e5aff10892225716",
    "fleet_unseen.v1": "96d976f6b35f5a68",
    "shelter_changed.v1": "3113dbdc9c15e2ff",
    "shelter_left.v1": "b31e3ceb6425eb15",
    "alert_said.v1": "0bbe9ef96ad3bd5f",
    "district_due.v1": "f2730d6539b94a05",
    "shelter.alert.v1": "11d0292e3079c5b4",
    "shelter_alert.v1": "707cb0885b3aeb6b",
    "shelter_timer.v1": "f743178b213047fc",
    "shelter_webhook_due.v1": "7b73d7bc2b11af84",
    "photo_uploaded.v1": "2ea00c499643efbe",
    "photo_rejected.v1": "3f8b38404bd8d400",
    "complaint_received.v1": "c0d302d21768467a",
}


def schema(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return found


def check(message: Any) -> None:
    contract = schema(message["type"])
    Draft202012Validator(contract).validate(message)
    assert set(message) == set(contract["properties"])


@pytest.mark.parametrize("name", CONTRACTS)
def test_a_contract_is_what_the_types_say(name):
    assert (FOLDER / f"{name}.json").read_text(encoding="utf-8") == rendered(name)


def test_every_contract_is_made_from_a_type():
    assert {path.stem for path in FOLDER.iterdir()} == set(CONTRACTS)


@pytest.mark.parametrize(("name", "digest"), RELEASED.items())
def test_a_released_message_is_never_changed(name, digest):
    words = {"description", "title"}

    def essence(part: Any) -> Any:
        match part:
            case {"properties": properties, **rest}:
                kept = {name: essence(one) for name, one in properties.items()}
                return essence(rest) | {"properties": kept}
            case dict():
                return {key: essence(value) for key, value in part.items() if key not in words}
            case list():
                return [essence(value) for value in part]
        return part

    text = json.dumps(essence(schema(name)), sort_keys=True)
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == digest


def test_every_message_is_released():
    assert set(RELEASED) == set(CONTRACTS)


@given(complaints())
def test_every_complaint_makes_an_event_that_keeps_its_contract(complaint):
    event = events.to_deliver(complaint)
    check(event)
    assert event["complaint_id"] == complaint.complaint_id
    assert event["type"] == (
        "complaint_received.v1" if complaint.status is Status.RECEIVED else "assignment_pending.v1"
    )


@given(complaints())
def test_every_delay_makes_an_event_that_keeps_its_contract(complaint):
    check(events.escalated(complaint))


@given(complaints().filter(lambda complaint: complaint.assignments))
def test_every_assigned_complaint_makes_a_message_that_keeps_its_contract(complaint):
    message = events.assigned(complaint, SEMARANG)
    check(message)
    assert message["agency"] == complaint.assignments[-1].agency


def test_an_event_says_what_the_first_decision_is_made_from():
    complaint = a_complaint(
        complaint_id="SMG-9QYRQW3H95CDB",
        lat=-6.99,
        long=110.42,
        address_string="Jl. Pandanaran",
        attributes={"pemilik_jalan": "kota"},
        created_at=NOW,
        visibility_chosen=False,
    )
    assert events.to_deliver(complaint) == {
        "type": "complaint_received.v1",
        "complaint_id": "SMG-9QYRQW3H95CDB",
        "jurisdiction_id": "semarang",
        "service_code": "jalan-rusak",
        "kind": "complaint",
        "description": "Jalan berlubang di depan pasar",
        "address_string": "Jl. Pandanaran",
        "attributes": {"pemilik_jalan": "kota"},
        "lat": -6.99,
        "long": 110.42,
        "visibility_chosen": False,
        "created_at": "2026-11-20T05:00:00.000Z",
        "visibility": "public",
        "version": 1,
        "assignment_no": 1,
        "returned_by": [],
        "suspicion": None,
        "hidden": False,
        "device_today": None,
        "vehicle_code": None,
        "vehicle_partner": None,
        "vehicle_known": None,
    }


def test_a_complaint_to_be_decided_again_says_who_gave_it_back():
    complaint = a_complaint(
        status=Status.RECEIVED,
        version=5,
        assignments=(
            an_assignment(1),
            an_assignment(2, "semarang-diskominfo", rule="returned"),
            an_assignment(3, "semarang-dlh", rule="operator"),
            an_assignment(4, "semarang-diskominfo", rule="returned"),
        ),
    )
    event = events.to_deliver(complaint)
    assert event["type"] == "complaint_received.v1"
    assert (event["version"], event["assignment_no"]) == (5, 5)
    assert event["returned_by"] == ["semarang-dpu", "semarang-dlh"]


@given(complaints(), st.none() | st.sampled_from(Status))
def test_progress_an_erasure_and_claimed_photos_keep_their_contracts(complaint, before):
    check(events.progressed(complaint, before))
    check(showing.shown(complaint))
    check(events.photos_claimed(complaint))
    check(events.erasure_requested(complaint.complaint_id, "retention"))


@given(complaints().filter(lambda complaint: complaint.assignments), entries())
def test_what_others_did_keeps_its_contract(complaint, entry):
    message = events.changed(complaint, entry)
    check(message)
    assert message["note"] == (entry.public_note or entry.internal_note)


def test_what_nobody_is_assigned_is_told_to_nobody():
    with pytest.raises(ValueError, match="has no assignment"):
        events.changed(a_complaint(), an_entry())


@pytest.mark.parametrize(("visibility", "shared"), [("private", True), ("secret", False)])
def test_who_reported_a_secret_is_never_shared(visibility, shared):
    complaint = a_complaint(
        status=Status.ASSIGNED, visibility=visibility, anonymous=False, contact_shared=True
    )
    assert events.assigned(complaint, SEMARANG)["contact_shared"] is shared


def test_a_message_names_the_current_assignment_and_repeats_its_id():
    complaint = a_complaint(
        status=Status.ASSIGNED,
        version=4,
        assignments=(an_assignment(1), an_assignment(2, agency="semarang-dlh", rule="operator")),
    )
    message = events.assigned(complaint, SEMARANG)
    assert message["message_id"] == f"{complaint.complaint_id}:2"
    assert message["message_id"] == events.assigned(complaint, SEMARANG)["message_id"]
    assert (message["agency"], message["assignment_no"], message["version"], message["rule"]) == (
        "semarang-dlh",
        2,
        4,
        "operator",
    )
    assert message["service_name"] == {"id": "Jalan rusak", "en": "Damaged road"}


def test_a_complaint_without_a_category_has_no_service_name():
    complaint = a_complaint(status=Status.ASSIGNED, service_code=None)
    assert events.assigned(complaint, SEMARANG)["service_name"] is None


def test_no_message_says_who_reported_or_by_which_key():
    for name in CONTRACTS:
        fields = set(schema(name)["properties"])
        assert not fields & {"contact", "name", "phone", "email", "key_hash", "fingerprint"}


def test_a_complaint_that_nobody_has_decided_cannot_be_given_to_an_agency():
    with pytest.raises(ValueError, match="has no assignment"):
        events.assigned(a_complaint(), SEMARANG)


def test_a_rejected_photo_makes_an_event_that_keeps_its_contract():
    event = events.photo_rejected(
        "SMG-0000000000000", "0" * 26, "not_a_photo", Text("Ini ZIP.", "This is ZIP."), NOW
    )
    check(event)
    assert event["reason"] == {"id": "Ini ZIP.", "en": "This is ZIP."}
    assert event["code"] == "not_a_photo"


def test_the_buckets_rule_makes_a_message_that_keeps_its_contract():
    check({"type": "photo_uploaded.v1", "key": "uploads/" + "0" * 26})
