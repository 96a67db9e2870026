"""The citizens' API through its handler: gateway event in, tables written, answer out."""

import json
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode, urljoin

import pytest

from functions.complaint_intake.api import handler
from functions.complaint_intake.stores import complaints
from shared import ids
from shared.complaints.law import Status
from shared.complaints.store import ComplaintStore
from shared.errors import Busy
from tests import aws_double
from tests.builders import (
    CONTEXT,
    TOKEN_SECRET,
    a_complaint,
    a_contact,
    a_key,
    a_number,
    a_submission,
    an_api_event,
    an_assignment,
    an_entry,
    assign,
    client_claims,
    officer_claims,
)

pytestmark = [pytest.mark.usefixtures("small_config", "aws_double")]

DPU = client_claims("client-of-dpu")


def call(method: str, path: str, **event: Any) -> Any:
    answer = handler(an_api_event(method, path, **event), CONTEXT)
    headers = {name: values[-1] for name, values in (answer.get("multiValueHeaders") or {}).items()}
    return {**answer, "headers": headers | (answer.get("headers") or {})}


def json_of(answer: Any) -> Any:
    return json.loads(answer["body"])


def submit(key: str | None = None, **changes: Any) -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return call("POST", "/complaints", body=a_submission(**changes), headers=headers)


def submitted(**changes: Any) -> tuple[str, str]:
    """Submit and return the number and the token."""
    receipt = json_of(submit(**changes))
    return receipt["complaint_id"], receipt["tracking_token"]


def stored(complaint: Any) -> str:
    assert complaints().submit(complaint) is None
    return str(complaint.complaint_id)


def test_a_submission_is_answered_with_its_receipt_and_place():
    answer = submit(a_key())
    receipt = json_of(answer)
    number = receipt["complaint_id"]
    assert answer["statusCode"] == 201
    base = "https://api.example.id/v1/complaints"
    assert urljoin(base, answer["headers"]["Location"]) == f"{base}/{number}"
    assert set(receipt) == {"complaint_id", "tracking_token", "status", "dispatch_due_at", "links"}
    assert receipt["links"]["track"] == f"/lacak#{number}.{receipt['tracking_token']}"
    assert complaints().get(number) is not None


def test_the_same_submission_again_is_200_with_the_same_receipt():
    key = a_key()
    first, again = submit(key, contact=a_contact()), submit(key, contact=a_contact())
    assert (first["statusCode"], again["statusCode"]) == (201, 200)
    assert json_of(again) == json_of(first)


def test_the_same_key_with_another_body_is_409():
    key = a_key()
    submit(key)
    answer = submit(key, description="Lain")
    assert answer["statusCode"] == 409
    assert json_of(answer)["code"] == "idempotency_key_reused"


def test_without_a_key_each_submission_is_a_complaint_of_its_own():
    assert submitted()[0] != submitted()[0]


@pytest.mark.parametrize(
    ("event", "status", "code", "field"),
    [
        ({"headers": {"Idempotency-Key": "1"}}, 400, "weak_idempotency_key", "Idempotency-Key"),
        ({"body": "{"}, 400, "json_invalid", ""),
        ({"body": a_submission(descripton="x")}, 400, "unknown_field", "descripton"),
        ({"body": a_submission(service_code="x")}, 400, "unknown_category", "service_code"),
        ({"body": "a" * 70_000}, 413, None, None),
    ],
)
def test_bad_input_is_a_problem_and_stores_nothing(event, status, code, field):
    answer = call("POST", "/complaints", **{"body": a_submission(), **event})
    assert answer["statusCode"] == status
    found = [(one["code"], one["field"]) for one in json_of(answer).get("errors", [])]
    assert found == ([(code, field)] if code else [])
    assert aws_double.items(aws_double.COMPLAINTS) == []


def test_contact_data_lies_in_its_own_table_only():
    submit(contact=a_contact())
    complaint, contact = (
        json.dumps(aws_double.items(table))
        for table in (aws_double.COMPLAINTS, aws_double.REPORTERS)
    )
    assert "Tutik" in contact
    assert "Tutik" not in complaint


def test_an_anonymous_submission_leaves_the_reporters_table_empty():
    submit(anonymous=True, contact=a_contact())
    assert aws_double.items(aws_double.REPORTERS) == []


def test_the_public_reads_a_public_complaint():
    number, _ = submitted()
    answer = call("GET", f"/complaints/{number}", headers={"Accept-Language": "en"})
    assert answer["statusCode"] == 200
    assert json_of(answer)["service_name"] == "Damaged road"
    assert answer["headers"]["Vary"] == "Accept-Language, X-Tracking-Token"
    assert answer["headers"]["Cache-Control"] == "public, max-age=5"
    assert "channel" not in json_of(answer)


def test_a_number_may_be_written_as_a_person_writes_it():
    number, _ = submitted()
    answer = call("GET", f"/complaints/{number.lower().replace('-', '')}")
    assert json_of(answer)["complaint_id"] == number


@pytest.mark.parametrize("visibility", ["private", "secret"])
def test_what_is_not_public_is_as_if_it_were_not_there(visibility):
    number, _ = submitted(visibility=visibility)
    hidden = call("GET", f"/complaints/{number}")
    missing = call("GET", f"/complaints/{a_number()}")
    assert hidden["statusCode"] == missing["statusCode"] == 404
    assert json_of(hidden) == json_of(missing)


@pytest.mark.parametrize("visibility", ["public", "private", "secret"])
def test_the_reporter_reads_their_own_complaint_with_the_token(visibility):
    number, token = submitted(visibility=visibility)
    answer = call("GET", f"/complaints/{number}", headers={"X-Tracking-Token": token})
    assert answer["statusCode"] == 200
    assert json_of(answer)["visibility"] == visibility
    assert answer["headers"]["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize(
    "spoil",
    [lambda t: ("B" if t[0] == "A" else "A") + t[1:], lambda t: t[:-1], lambda t: "", str.lower],
)
def test_a_tampered_token_is_refused(spoil):
    number, token = submitted()
    answer = call("GET", f"/complaints/{number}", headers={"X-Tracking-Token": spoil(token)})
    assert answer["statusCode"] == 403
    assert "timeline" not in answer["body"]


def test_another_complaints_token_is_refused():
    number, _ = submitted()
    _, other = submitted()
    answer = call("GET", f"/complaints/{number}", headers={"X-Tracking-Token": other})
    assert answer["statusCode"] == 403


def test_a_token_of_an_epoch_past_is_refused():
    complaint = a_complaint(token_epoch=1)
    number = stored(complaint)
    old, new = (ids.tracking_token(TOKEN_SECRET, number, epoch) for epoch in (0, 1))
    answers = [
        call("GET", f"/complaints/{number}", headers={"X-Tracking-Token": token})["statusCode"]
        for token in (old, new)
    ]
    assert answers == [403, 200]


def decided(number, assignment):
    complaint = complaints().get(number)
    assert complaint is not None
    return assign(complaints(), complaint, assignment)


def test_an_unchanged_complaint_is_304_and_a_changed_one_is_not():
    number, _ = submitted()
    etag = call("GET", f"/complaints/{number}")["headers"]["ETag"]
    unchanged = call("GET", f"/complaints/{number}", headers={"If-None-Match": etag})
    assert (unchanged["statusCode"], unchanged["body"]) == (304, "")
    decided(number, an_assignment())
    changed = call("GET", f"/complaints/{number}", headers={"If-None-Match": etag})
    assert changed["statusCode"] == 200


@pytest.mark.parametrize("typed", ["x", "SMG-9QYRQW3H95CDC", "%20", "SMG-9QYRQW3H95CDB-1"])
def test_what_is_no_number_is_404_with_a_hint(typed):
    answer = call("GET", f"/complaints/{typed}", headers={"Accept-Language": "en"})
    assert answer["statusCode"] == 404
    assert json_of(answer)["detail"] == "This is not a complaint number; check the spelling."


def test_the_agency_reads_the_contact_that_the_reporter_shares():
    number, _ = submitted(contact=a_contact(share_with_agency=True))
    decided(number, an_assignment())
    answer = call("GET", f"/complaints/{number}/contact", claims=DPU)
    assert answer["statusCode"] == 200
    assert json_of(answer) == {
        "name": "Bu Tutik",
        "phone": "+628120000063",
        "email": "tutik@example.id",
        "language": "id",
    }
    assert answer["headers"]["Cache-Control"] == "no-store"


def test_reading_a_contact_is_logged_without_the_contact(caplog):
    number, _ = submitted(contact=a_contact(share_with_agency=True))
    decided(number, an_assignment())
    with caplog.at_level("INFO", logger="complaint_intake"):
        call("GET", f"/complaints/{number}/contact", claims=DPU)
    (record,) = [one for one in caplog.records if one.message == "contact read"]
    assert record.complaint_id == number
    assert record.caller == "client:semarang-dpu"
    assert "Tutik" not in str(vars(record))


@pytest.mark.parametrize(
    ("change", "assigned", "claims", "status"),
    [
        ({"contact": a_contact()}, "semarang-dpu", DPU, 404),
        ({}, "semarang-dpu", DPU, 404),
        ({"contact": a_contact(share_with_agency=True)}, "semarang-dlh", DPU, 403),
        ({"contact": a_contact(share_with_agency=True)}, None, DPU, 403),
        (
            {"contact": a_contact(share_with_agency=True)},
            "semarang-dpu",
            officer_claims("operator"),
            403,
        ),
        (
            {"contact": a_contact(share_with_agency=True)},
            "semarang-diskominfo",
            officer_claims("operator"),
            200,
        ),
        (
            {"contact": a_contact(share_with_agency=True)},
            "semarang-dpu",
            client_claims("nobody"),
            403,
        ),
    ],
)
def test_nobody_else_reads_a_contact(change, assigned, claims, status):
    number, _ = submitted(**change)
    if assigned:
        assignment = an_assignment(agency=assigned)
        decided(number, assignment)
    answer = call("GET", f"/complaints/{number}/contact", claims=claims)
    assert answer["statusCode"] == status
    assert ("Tutik" in answer["body"]) == (status == 200)


def test_the_contact_of_no_complaint_is_404():
    assert call("GET", f"/complaints/{a_number()}/contact", claims=DPU)["statusCode"] == 404


def test_a_complaint_whose_contact_is_gone_is_404():
    number = stored(a_complaint(status=Status.ASSIGNED, contact_shared=True))
    assert call("GET", f"/complaints/{number}/contact", claims=DPU)["statusCode"] == 404


def test_the_timeline_shows_what_was_done():
    complaint = a_complaint(status=Status.ASSIGNED)
    number = stored(complaint)
    after = replace(complaint, status=Status.ACCEPTED, version=3)
    complaints().record_action(complaint, after, an_entry(internal_note="Alat rusak"))
    answer = call("GET", f"/complaints/{number}")
    assert [event["action"] for event in json_of(answer)["timeline"]] == [
        "submit",
        "route",
        "accept",
    ]
    assert "Alat rusak" not in answer["body"]


def test_the_categories_are_offered_and_cached():
    answer = call("GET", "/categories", query={"jurisdiction_id": "semarang"})
    assert len(json_of(answer)["categories"]) == 4
    assert answer["headers"]["Cache-Control"] == "public, max-age=60"
    etag = answer["headers"]["ETag"]
    again = call(
        "GET",
        "/categories",
        query={"jurisdiction_id": "semarang"},
        headers={"If-None-Match": etag},
    )
    assert again["statusCode"] == 304


@pytest.mark.parametrize("query", [{}, {"jurisdiction_id": "solo"}])
def test_categories_of_no_jurisdiction_are_a_bad_request(query):
    answer = call("GET", "/categories", query=query)
    assert answer["statusCode"] == 400
    assert json_of(answer)["errors"][0]["code"] == "unknown_jurisdiction"


def test_the_form_is_shown_and_taken_in():
    shown = call("GET", "/lapor", query={"v": "GJK-4821"})
    assert shown["statusCode"] == 200
    assert shown["headers"]["Content-Type"] == "text/html; charset=utf-8"
    assert 'value="GJK-4821"' in shown["body"]
    fields = {"key": a_key(), "jurisdiction_id": "semarang", "description": "Lampu mati"}
    posted = [call("POST", "/lapor", body=urlencode(fields))["statusCode"] for _ in range(2)]
    assert posted == [201, 200]
    assert len(aws_double.items(aws_double.COMPLAINTS)) == 1


def test_an_unreachable_table_is_a_500_without_details(monkeypatch):
    monkeypatch.setattr(
        "functions.complaint_intake.stores.complaints", lambda: ComplaintStore("no-such-table")
    )
    answer = submit()
    assert answer["statusCode"] == 500
    assert "no-such-table" not in answer["body"]


def test_a_busy_table_is_503_with_the_time_to_wait(monkeypatch):
    class BusyStore(ComplaintStore):
        def submit(self, *_: Any, **__: Any) -> Any:
            raise Busy(headers={"Retry-After": "1"})

    monkeypatch.setattr(
        "functions.complaint_intake.stores.complaints", lambda: BusyStore(aws_double.COMPLAINTS)
    )
    answer = submit()
    assert answer["statusCode"] == 503
    assert answer["headers"]["Retry-After"] == "1"
