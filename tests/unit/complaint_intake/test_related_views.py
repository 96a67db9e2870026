"""Which relatives of a complaint are named, to whom, and as what."""

from dataclasses import replace

import pytest

from functions.complaint_intake.related_views import related, relatives
from shared.complaints.law import Status
from tests.builders import a_complaint, a_number

pytestmark = pytest.mark.usefixtures("small_config")

NUMBERS = (a_number(), a_number())
WHOLE = a_complaint(status=Status.IN_PROGRESS, parts=NUMBERS)
PART = a_complaint(
    status=Status.ACCEPTED,
    complaint_id=NUMBERS[0],
    part_of=WHOLE.complaint_id,
    agency="semarang-dlh",
)
SECRET = replace(PART, complaint_id=NUMBERS[1], visibility="secret")
SAME = a_complaint(duplicates=1)
DUPLICATE = a_complaint(status=Status.DUPLICATE, duplicate_of=SAME.complaint_id)


def test_a_complaint_knows_its_parts_and_what_it_follows():
    assert relatives(WHOLE) == NUMBERS
    assert relatives(PART) == (WHOLE.complaint_id,)
    assert relatives(DUPLICATE) == (SAME.complaint_id,)
    assert relatives(SAME) == ()


def test_each_is_named_by_what_it_is_to_the_other():
    (part,) = related(WHOLE, [PART], "id", own=False)
    assert (part.complaint_id, part.relation, part.status) == (NUMBERS[0], "part", "accepted")
    assert part.agency is not None
    assert part.agency.code == "semarang-dlh"
    assert [one.relation for one in related(PART, [WHOLE], "id", own=False)] == ["whole"]
    (same,) = related(DUPLICATE, [SAME], "id", own=False)
    assert (same.relation, same.agency) == ("same", None)


def test_what_is_not_public_is_named_to_the_reporter_of_the_whole_alone():
    named = [one.complaint_id for one in related(WHOLE, [PART, SECRET], "id", own=False)]
    assert named == [NUMBERS[0]]
    own = related(WHOLE, [PART, SECRET], "id", own=True)
    assert [one.public for one in own] == [True, False]
    hidden = replace(SAME, hidden=True)
    assert related(DUPLICATE, [hidden], "id", own=True) == []
