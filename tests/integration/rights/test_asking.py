"""A reporter sees what is held of them, and asks to be forgotten, by the token."""

from datetime import timedelta

import pytest

from functions.complaint_intake.rights.stores import complaints, register
from tests.builders import (
    a_complaint,
    an_action,
)
from tests.integration.rights.reporters import (
    CONTACT,
    GONE,
    everything,
    forget,
    path,
    present,
    reported,
    token,
)
from tests.integration.test_intake_api import call, json_of

pytestmark = [pytest.mark.usefixtures("small_config", "aws_double")]


def test_the_reporter_is_told_all_that_is_held():
    complaint = reported()
    told = json_of(call("GET", path(complaint), headers=token(complaint)))
    assert told["contact"] == CONTACT
    assert told["complaint"]["description"] == complaint.description
    assert told["complaint"]["attributes"] == dict(complaint.attributes)
    assert told["complaint"]["device"] is True
    assert [one["note"] for one in told["said"]] == ["Rahasia: belum selesai"]
    assert [one["photo_id"] for one in told["photos"]] == list(complaint.photo_ids)
    assert told["notices"] == [
        {
            "occasion": "resolved",
            "channel": "email",
            "outcome": "sent",
            "at": "2026-11-20T05:00:00Z",
        }
    ]
    assert [(one["what"], one["by"]) for one in told["processing"]] == [
        ("contact read", "client:semarang-dpu"),
        ("exported", "tracking token"),
    ]
    assert [(one["kind"], one["what"]) for one in told["shared_with"]] == [
        ("agency", "complaint"),
        ("partner", "progress"),
        ("public", "public view"),
    ]
    assert told["retention"]["days"] == 730
    assert told["retention"]["erase_at"] == "2028-11-19T05:00:00Z"
    assert told["erased_at"] is None


def test_of_what_nobody_gave_nothing_is_told():
    complaint = a_complaint(visibility="private", client="kota-lain")
    complaints().submit(complaint)
    told = json_of(call("GET", path(complaint), headers=token(complaint)))
    assert told["contact"] is None
    assert (told["photos"], told["notices"], told["said"]) == ([], [], [])
    assert [one["kind"] for one in told["shared_with"]] == ["client"]
    assert told["retention"]["erase_at"] is None


def test_asking_often_fills_no_log():
    complaint = reported()
    for _ in range(3):
        call("GET", path(complaint), headers=token(complaint))
    assert len(register().held(complaint.complaint_id).log) == 2


@pytest.mark.parametrize("method", ["GET", "DELETE"])
@pytest.mark.parametrize(("visibility", "status"), [("public", 403), ("secret", 404)])
def test_without_the_token_nothing_is_told_or_erased(method, visibility, status):
    complaint = reported(visibility=visibility)
    before = everything()
    for headers in ({}, {"X-Tracking-Token": "x"}, token(a_complaint())):
        assert call(method, path(complaint), headers=headers)["statusCode"] == status
    assert call(method, path(a_complaint()), headers=token(complaint))["statusCode"] == 404
    assert everything() == before


def test_erasing_hides_at_once_and_answers_by_when_it_is_done():
    complaint = reported()
    answer = call("DELETE", path(complaint), headers=token(complaint))
    receipt = json_of(answer)
    assert answer["statusCode"] == 202
    asked = present(complaint).erasure_requested_at
    assert asked is not None
    assert receipt["erase_by"] == (asked + timedelta(hours=72)).isoformat().replace("+00:00", "Z")
    shown = json_of(call("GET", f"/complaints/{complaint.complaint_id}"))
    assert (shown["description"], shown["address_string"], shown["lat"]) == (GONE, None, -6.991)
    assert json_of(call("DELETE", path(complaint), headers=token(complaint))) == receipt


def test_after_erasing_the_token_opens_nothing_but_the_proof_of_it():
    complaint = reported()
    call("DELETE", path(complaint), headers=token(complaint))
    forget(complaint.complaint_id)
    number = complaint.complaint_id
    assert call("GET", f"/complaints/{number}", headers=token(complaint))["statusCode"] == 403
    again = an_action("reopen", note="Rahasia")
    reply = {"action": "reopen", "action_id": again["action_id"], "note": "Rahasia"}
    refused = call("POST", f"/complaints/{number}/replies", headers=token(complaint), body=reply)
    assert refused["statusCode"] == 403
    told = json_of(call("GET", path(complaint), headers=token(complaint)))
    assert told["erased_at"]
    assert (told["contact"], told["photos"], told["notices"]) == (None, [], [])
    assert told["said"][0]["note"] == GONE
    assert [one["what"] for one in told["processing"]] == [
        "contact read",
        "erasure requested",
        "erased",
        "exported",
    ]
    receipt = json_of(call("DELETE", path(complaint), headers=token(complaint)))
    assert receipt["erased_at"] == told["erased_at"]
