"""Updates that other systems post, through the handler."""

from dataclasses import replace
from typing import Any

import pytest

from functions.complaint_intake.open311 import api
from shared.clock import now
from shared.complaints.law import Status
from tests import aws_double
from tests.builders import a_complaint, a_number, an_assignment, an_entry
from tests.integration.geo_report import KEY, OTHER_KEY, get, post
from tests.integration.open311.requests import FORMATS
from tests.metering import metered


def stored(status: Status = Status.ASSIGNED, **changes: Any) -> str:
    """Store a complaint that kota-lain submitted, and return its number."""
    complaint = a_complaint(
        **{"status": status, "client": "kota-lain", "created_at": now(), **changes}
    )
    assert api.complaints().submit(complaint) is None
    return complaint.complaint_id


def an_update(number: str, **changes: str) -> dict[str, str]:
    return {
        "api_key": KEY,
        "service_request_id": number,
        "update_id": "77",
        "status": "OPEN",
        "updated_datetime": "2026-11-20T12:00:00+07:00",
        "description": "Masih berlubang",
        **changes,
    }


def fetched(key: str = "") -> list[str]:
    rows = get("/semarang/servicerequestupdates.json", api_key=key).said
    return [one["update_id"] for one in rows]


@pytest.mark.parametrize("written", FORMATS)
def test_an_update_is_taken_once_and_its_id_returned(written):
    number = stored()
    path = f"/servicerequestupdates.{written}"
    first, again = (post(path, an_update(number)) for _ in range(2))
    assert first.status == again.status == 200
    assert first.said == again.said == [{"update_id": f"{number}:3"}]


def test_a_note_is_for_the_agency_and_in_no_list():
    number = stored()
    post("/servicerequestupdates.xml", an_update(number))
    found = api.complaints().with_timeline(number)
    assert found is not None
    assert [step.internal_note for step in found[1]] == ["kota-lain: Masih berlubang"]
    assert fetched() == []
    assert "Masih berlubang" not in get(f"/requests/{number}.json", extensions="true").body


def test_a_sender_is_not_told_its_own_step_and_others_are():
    number = stored(Status.RESOLVED, closed_at=now(), assignments=(an_assignment(),))
    answer = post("/servicerequestupdates.json", an_update(number, status="REOPEN"))
    reopened = answer.said[0]["update_id"]
    assert fetched() == fetched(OTHER_KEY) == [reopened]
    assert fetched(KEY) == []
    (shown,) = get(f"/requests/{number}.json").said
    assert (shown["status"], shown["status_notes"]) == ("open", "Masih berlubang")


def test_the_words_of_a_step_are_masked_for_others():
    number = stored(Status.RESOLVED, closed_at=now())
    post(
        "/servicerequestupdates.json",
        an_update(number, status="REOPEN", description="Hubungi 081234567890"),
    )
    for answer in (
        get("/semarang/servicerequestupdates.json"),
        get(f"/requests/{number}.json", extensions="true"),
    ):
        assert "Hubungi" in answer.body
        assert "081234567890" not in answer.body


def test_who_wrote_it_is_kept_nowhere():
    number = stored()
    who = {"email": "tutik@example.id", "first_name": "Tutik", "last_name": "-", "title": "BU"}
    assert post("/servicerequestupdates.xml", an_update(number, **who)).status == 200
    kept = str(aws_double.items(aws_double.COMPLAINTS))
    kept += str(aws_double.items(aws_double.REPORTERS))
    assert "utik" not in kept


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"api_key": ""}, 403, "api_key was not provided or is not valid."),
        ({"api_key": "x"}, 403, "api_key was not provided or is not valid."),
        ({"service_request_id": ""}, 400, "service_request_id"),
        ({"service_request_id": "x"}, 404, "service_request_id"),
        ({"service_request_id": a_number()}, 404, "service_request_id"),
        ({"jurisdiction_id": "jateng"}, 404, "service_request_id"),
        ({"jurisdiction_id": "solo"}, 404, "jurisdiction_id"),
        ({"update_id": ""}, 400, "update_id"),
        ({"status": "DONE"}, 400, "status"),
        ({"status": "DUPLICATE"}, 400, "status"),
        ({"updated_datetime": "x"}, 400, "updated_datetime"),
        ({"description": ""}, 400, "description"),
        ({"media_url": "x"}, 400, "media_url"),
        ({"api_key": OTHER_KEY, "status": "FIXED"}, 400, "status"),
    ],
)
@pytest.mark.parametrize("written", FORMATS)
def test_a_wrong_update_is_told_with_the_fields_name(change, status, field, written):
    number = stored()
    answer = post(f"/servicerequestupdates.{written}", an_update(number, **change))
    assert (answer.status, answer.faults) == (status, [field])
    assert [error["code"] for error in answer.said] == [status]
    complaint = api.complaints().get(number)
    assert complaint is not None
    assert complaint.version == 2


def test_another_update_under_the_same_id_is_refused():
    number = stored()
    post("/servicerequestupdates.xml", an_update(number))
    answer = post("/servicerequestupdates.xml", an_update(number, description="Lain"))
    assert (answer.status, answer.faults) == (400, ["update_id"])


def test_an_update_that_the_request_cannot_take_is_told_with_the_fields_name():
    number = stored()
    post("/servicerequestupdates.xml", an_update(number, status="CLOSED"))
    answer = post("/servicerequestupdates.xml", an_update(number, update_id="78"))
    assert (answer.status, answer.faults) == (400, ["status"])


def test_an_update_costs_a_key_a_read_and_a_transaction():
    number = stored()
    post("/servicerequestupdates.xml", an_update(number))
    with metered() as bill:
        post("/servicerequestupdates.xml", an_update(number, update_id="78"))
    assert bill.calls == ["GetItem", "GetItem", "TransactWriteItems"]


def test_an_agencys_step_goes_to_every_system():
    number = stored()
    complaint = api.complaints().get(number)
    assert complaint is not None
    after = replace(complaint, status=Status.ACCEPTED, version=3, updated_at=now())
    api.complaints().record_action(complaint, after, an_entry(at=now()))
    assert fetched() == fetched(KEY) == [f"{number}:3"]
