"""A data protection officer finds, exports and erases; what is read stands in the log."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from functions.complaint_intake import every_day, on_erasure, on_rights_request
from functions.complaint_intake.rights.stores import complaints, register
from shared.complaints.law import Status
from tests.aws_double import (
    REPORTERS,
)
from tests.builders import (
    CONTEXT,
    a_complaint,
    a_number,
    an_assignment,
    an_sqs_event,
    client_claims,
)
from tests.integration.rights.reporters import (
    CONTACT,
    IN_TIME,
    OFFICER,
    forget,
    path,
    reported,
    token,
)
from tests.integration.test_intake_api import call, json_of

pytestmark = [pytest.mark.usefixtures("small_config", "aws_double")]


def ask(**request: Any) -> Any:
    return on_rights_request.handler({"by": OFFICER, **request}, CONTEXT)


def test_an_officer_finds_exports_and_erases_by_telephone():
    mine = [reported(), reported(status=Status.ACCEPTED, closed_at=None)]
    complaints().submit(a_complaint(), reporter=(REPORTERS, CONTACT | {"phone": "+62811111111"}))
    numbers = {one.complaint_id for one in mine}
    found = ask(action="find", phone="0812-0000-0081")["complaints"]
    assert {one["complaint_id"] for one in found} == numbers
    exported = ask(action="export", phone="+6281200000081")["complaints"]
    assert {one["contact"]["name"] for one in exported} == {"Bu Rahasia"}
    erased = ask(action="erase", phone="081200000081")["complaints"]
    assert {one["status"] for one in erased} == {"closed", "withdrawn"}
    for number in numbers:
        logged = [(one["what"], one["by"]) for one in register().held(number).log]
        assert ("exported", OFFICER) in logged
        assert ("erasure requested", OFFICER) in logged
        forget(number)
    assert ask(action="find", phone="081200000081") == {"complaints": [], "alerts": []}


def test_an_officer_finds_by_e_mail_in_any_spelling_and_by_number_as_read_out():
    complaint = reported()
    number = complaint.complaint_id
    by_email = ask(action="find", email=" Rahasia@Example.ID")["complaints"]
    by_number = ask(action="find", complaint_ids=[number.lower().replace("-", " ")])["complaints"]
    assert (
        by_email
        == by_number
        == [
            {
                "complaint_id": number,
                "status": "closed",
                "erasure_requested_at": None,
                "erase_by": None,
                "erased_at": None,
            }
        ]
    )
    both = ask(action="find", email="rahasia@example.id", complaint_ids=[number])
    assert len(both["complaints"]) == 1


@pytest.mark.parametrize("action", ["find", "export", "erase"])
def test_a_number_that_there_is_not_is_its_own_problem(action):
    complaint, unknown = reported(), a_number()
    first, second = ask(action=action, complaint_ids=[unknown, complaint.complaint_id])[
        "complaints"
    ]
    assert first == {"complaint_id": unknown, "problem": "not_found"}
    assert "problem" not in second
    assert register().held(unknown).log == []


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"action": "steal", "complaint_ids": []}, ["action"]),
        ({"action": "find", "phone": "12"}, ["phone"]),
        ({"action": "find", "email": "x"}, ["email"]),
        ({"action": "find", "by": ""}, ["by"]),
        ({"action": "find", "complaint_ids": ["x"] * 101}, ["complaint_ids"]),
        ({"action": "find", "secret": "x"}, ["secret"]),
    ],
)
def test_a_request_that_makes_no_sense_is_refused_by_its_fields(wrong, fields):
    assert ask(**wrong) == {"problem": "invalid_input", "fields": fields}


def test_no_log_line_holds_anything_of_the_reporter(caplog):
    complaint = reported()
    number = complaint.complaint_id
    steps: list[Callable[[], Any]] = [
        lambda: call("GET", path(complaint), headers=token(complaint)),
        lambda: call("DELETE", path(complaint), headers=token(complaint)),
        lambda: ask(action="export", phone=CONTACT["phone"], email=CONTACT["email"]),
        lambda: ask(action="find", phone="rahasia"),
        lambda: forget(number),
        lambda: every_day.handler({}, IN_TIME),
        lambda: on_erasure.handler(an_sqs_event({"type": "rahasia", "complaint_id": "x"}), CONTEXT),
    ]
    with caplog.at_level("INFO", logger="complaint_intake"):
        for step in steps:
            step()
    written = json.dumps([vars(record) for record in caplog.records], default=str).lower()
    assert number.lower() in written
    for personal in ("rahasia", "81200000081", "example.id"):
        assert personal not in written


def test_agencies_reading_the_contact_stand_in_the_log():
    complaint = reported(status=Status.ACCEPTED, closed_at=None, assignments=(an_assignment(),))
    answer = call(
        "GET",
        f"/complaints/{complaint.complaint_id}/contact",
        claims=client_claims("client-of-dpu"),
    )
    assert answer["statusCode"] == 200
    told = json_of(call("GET", path(complaint), headers=token(complaint)))
    reads = [one for one in told["processing"] if one["what"] == "contact read"]
    assert [one["by"] for one in reads] == ["client:semarang-dpu"] * 2
