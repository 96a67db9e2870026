"""What those who work a complaint are shown besides: the photos of its whole, earlier redactions."""

from dataclasses import replace
from typing import Any

import pytest

from functions.agency_routing.api import complaints
from functions.agency_routing.deliver import deliver
from shared import ids
from shared.complaints.events import to_deliver
from shared.complaints.law import Action, Actor, Status
from shared.complaints.photos import PhotoStore
from shared.complaints.record import Complaint
from tests.aws_double import COMPLAINTS, PHOTOS_BUCKET
from tests.builders import NOW, a_complaint, a_number, an_assignment, an_entry
from tests.integration.routing_calls import DPU, OPERATOR, call, json_of, stored

pytestmark = pytest.mark.usefixtures("small_config", "aws_double")

PHOTO = ids.photo_id(1)


@pytest.fixture
def part() -> Complaint:
    """Store a complaint with a photo, of which DPU has a part that is to be sent; return that."""
    whole = a_complaint(
        status=Status.IN_PROGRESS,
        photo_ids=(PHOTO,),
        parts=(a_number(),),
        assignments=(an_assignment(), an_assignment(2, "semarang-diskominfo", rule="split")),
    )
    made = a_complaint(
        complaint_id=whole.parts[0], part_of=whole.complaint_id, status=Status.ASSIGNED,
        undelivered_since="2026-11-20T05:00:00Z#1",
    )  # fmt: skip
    stored(whole, made)
    photos = PhotoStore(COMPLAINTS, PHOTOS_BUCKET)
    photos.looked_at(PHOTO, NOW)
    photos.tie(photos.claim(PHOTO, whole.complaint_id, NOW))
    return made


@pytest.mark.parametrize(
    ("path", "claims"), [("/agencies/semarang-dpu/complaints", DPU), ("/triage", OPERATOR)]
)
def test_whoever_works_a_part_sees_the_photos_of_its_whole(part, path, claims):
    view = json_of(call("GET", f"{path}/{part.complaint_id}", claims))
    assert [(one["photo_id"], one["status"]) for one in view["photos"]] == [(PHOTO, "ready")]
    assert "X-Amz-Signature" in view["photos"][0]["url"]


def test_its_message_says_how_many_there_are(part):
    sent: list[Any] = []
    deliver(to_deliver(part), now=NOW, store=complaints(), send=lambda *one: sent.append(one))
    ((agency, message),) = sent
    assert (agency, message["complaint_id"]) == ("semarang-dpu", part.complaint_id)
    assert message["photos"] == 1


def test_what_was_redacted_before_is_told_to_the_desk_and_not_to_the_agency(part):
    version = part.version + 1
    entry = an_entry(version=version, action=Action.REDACT, role=Actor.DESK, replaced="Jalan X")
    complaints().record_action(part, replace(part, version=version), entry)
    number = part.complaint_id
    for path, claims, told in (
        ("/agencies/semarang-dpu/complaints", DPU, None),
        ("/agencies/semarang-dpu/complaints", OPERATOR, "Jalan X"),
        ("/triage", OPERATOR, "Jalan X"),
    ):
        (step,) = json_of(call("GET", f"{path}/{number}", claims))["timeline"]
        assert step["replaced"] == told
