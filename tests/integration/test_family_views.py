"""What anyone and the reporter read of a complaint's parts, and of what it was merged into."""

from typing import Any

import pytest

from functions.complaint_intake.stores import complaints
from shared import ids
from shared.complaints.law import Status
from shared.complaints.record import Complaint
from tests.builders import TOKEN_SECRET, a_complaint, a_number
from tests.integration.test_intake_api import call, json_of

pytestmark = [pytest.mark.usefixtures("small_config", "aws_double")]


def stored(**changes: Any) -> Complaint:
    complaint = a_complaint(**{"status": Status.ACCEPTED, **changes})
    assert complaints().submit(complaint) is None
    return complaint


def related(complaint: Complaint, *, own: bool = False) -> Any:
    token = ids.tracking_token(TOKEN_SECRET, complaint.complaint_id, 0)
    headers = {"X-Tracking-Token": token} if own else {}
    answer = call("GET", f"/complaints/{complaint.complaint_id}", headers=headers)
    assert answer["statusCode"] == 200
    return [(one["complaint_id"], one["relation"]) for one in json_of(answer)["related"]]


def test_a_public_complaint_names_its_public_parts_and_the_reporter_reads_of_all():
    numbers = (a_number(), a_number())
    whole = stored(status=Status.IN_PROGRESS, parts=numbers)
    part = stored(complaint_id=numbers[0], part_of=whole.complaint_id, agency="semarang-dlh")
    stored(complaint_id=numbers[1], part_of=whole.complaint_id, visibility="secret")
    assert related(whole) == [(numbers[0], "part")]
    assert related(whole, own=True) == [(one, "part") for one in numbers]
    assert related(part) == [(whole.complaint_id, "whole")]
    (first,) = json_of(call("GET", f"/complaints/{whole.complaint_id}"))["related"]
    assert (first["status"], first["agency"]["code"]) == ("accepted", "semarang-dlh")


def test_of_a_duplicate_the_other_is_named_only_while_it_is_public():
    public, private = stored(duplicates=1), stored(visibility="private", duplicates=1)
    one = stored(status=Status.DUPLICATE, duplicate_of=public.complaint_id)
    other = stored(status=Status.DUPLICATE, duplicate_of=private.complaint_id, visibility="private")
    assert related(one) == [(public.complaint_id, "same")]
    assert related(other, own=True) == []
    assert related(public) == []
    assert json_of(call("GET", f"/complaints/{public.complaint_id}"))["duplicates"] == 1


def test_a_part_of_what_is_not_public_does_not_name_it():
    number = a_number()
    whole = stored(status=Status.IN_PROGRESS, parts=(number,), hidden=True)
    assert related(stored(complaint_id=number, part_of=whole.complaint_id)) == []


def test_what_waits_for_an_agency_names_no_other():
    assert related(stored(status=Status.RECEIVED, service_code="jalan-rusak")) == []
