"""What was done to requests, as others fetch it."""

from dataclasses import replace
from typing import Any

import pytest

from functions.complaint_intake.open311 import api
from shared.clock import now
from shared.complaints.law import Action, Status
from tests.builders import (
    a_complaint,
    an_assignment,
    an_entry,
)
from tests.integration.geo_report import KEY, get
from tests.integration.open311.requests import FORMATS, stored


def moved(complaint: Any, version: int, status: Status, **entry: Any) -> Any:
    after = replace(complaint, status=status, version=version, updated_at=now())
    step = an_entry(version=version, status=status, at=now(), **entry)
    api.complaints().record_action(complaint, after, step)
    return after


@pytest.mark.parametrize("written", FORMATS)
def test_steps_are_fetched_as_updates(written):
    complaint = a_complaint(status=Status.ASSIGNED, created_at=now())
    api.complaints().submit(complaint)
    accepted = moved(complaint, 3, Status.ACCEPTED)
    noted = moved(accepted, 4, Status.ACCEPTED, action=Action.NOTE, internal_note="Alat rusak")
    moved(noted, 5, Status.RESOLVED, action=Action.RESOLVE, public_note="Beres.")
    answer = get(f"/semarang/servicerequestupdates.{written}")
    number = complaint.complaint_id
    assert [(one["update_id"], one["status"], one["description"]) for one in answer.said] == [
        (f"{number}:3", "investigating", "Accepted by the agency."),
        (f"{number}:5", "fixed", "Beres."),
    ]
    assert "Alat rusak" not in answer.body


def test_the_steps_of_a_private_request_are_nobodys():
    complaint = a_complaint(status=Status.ASSIGNED, created_at=now(), visibility="private")
    api.complaints().submit(complaint)
    moved(complaint, 3, Status.ACCEPTED, public_note="x")
    assert get("/semarang/servicerequestupdates.json").said == []


def test_a_key_given_for_updates_must_be_good():
    assert get("/semarang/servicerequestupdates.json", api_key=KEY).status == 200
    assert get("/semarang/servicerequestupdates.json", api_key="").status == 200
    assert get("/semarang/servicerequestupdates.json", api_key="x").status == 403


@pytest.mark.parametrize("field", ["start_date", "end_date", "page", "page_size"])
def test_a_wrong_query_for_updates_is_told_with_the_parameters_name(field):
    answer = get("/semarang/servicerequestupdates.xml", **{field: "x"})
    assert (answer.status, answer.faults) == (400, [field])


def test_a_routed_request_names_its_agency():
    number = stored(status=Status.ASSIGNED, assignments=(an_assignment(),))
    (found,) = get(f"/requests/{number}.json").said
    assert found["agency_responsible"] == "semarang-dpu (en)"
