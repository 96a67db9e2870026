"""Which changes in the complaints table tell routing of something to deliver."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given

from functions.complaint_intake.outbox import ERASURES, NOTICES, PHOTOS, written
from shared.complaints.events import to_deliver
from shared.complaints.items import undelivered_mark
from shared.complaints.law import Status
from tests.builders import NOW, a_complaint, a_stream_record, an_assignment, an_entry
from tests.builders import an_entry_image as image_of
from tests.strategies import complaints

NEW = a_complaint()
ASSIGNED = replace(NEW, status=Status.ASSIGNED, version=2, assignments=(an_assignment(),))
DELIVERED = replace(ASSIGNED, undelivered_since=None)
RETURNED = replace(
    DELIVERED,
    status=Status.RETURNED,
    version=3,
    assignments=(an_assignment(), an_assignment(2, agency="semarang-diskominfo")),
    undelivered_since=undelivered_mark(NOW + timedelta(hours=1), 2),
)
RETURNED_AT_ONCE = replace(RETURNED, undelivered_since=undelivered_mark(NOW, 2))


@given(complaints().filter(lambda complaint: complaint.undelivered_since))
def test_a_new_mark_is_told_with_what_is_to_be_delivered(complaint):
    found = written(a_stream_record(complaint))
    assert found is not None
    assert found.to_deliver
    assert found.complaint == complaint


@pytest.mark.parametrize(
    ("old", "new", "event"),
    [
        (None, NEW, "complaint_received.v1"),
        (NEW, ASSIGNED, None),  # the same mark is still on its way
        (ASSIGNED, DELIVERED, None),
        (DELIVERED, replace(DELIVERED, status=Status.ACCEPTED, version=3), None),
        (DELIVERED, RETURNED, "assignment_pending.v1"),
        (ASSIGNED, RETURNED, "assignment_pending.v1"),  # before the first was delivered
        (ASSIGNED, RETURNED_AT_ONCE, "assignment_pending.v1"),  # in the same millisecond
        (RETURNED, replace(RETURNED, version=4), None),
        (None, DELIVERED, None),
    ],
)
def test_an_event_follows_from_a_mark_set_anew_and_from_nothing_else(old, new, event):
    found = written(a_stream_record(new, old))
    assert found is not None
    assert (to_deliver(found.complaint)["type"] if found.to_deliver else None) == event


def test_a_timeline_entry_is_nothing_to_deliver():
    record = a_stream_record(image_of(NEW, an_entry()))
    assert written(record) is None


def told(new, old=None):
    found = written(a_stream_record(new, old))
    assert found is not None
    return found.events()


def test_a_new_complaint_and_each_change_of_status_is_told_to_the_notices():
    ((queue, new),) = told(NEW)
    assert (queue, new["previous_status"], new["status"]) == (NOTICES, None, "received")
    ((_, routed),) = told(ASSIGNED, NEW)
    assert (routed["previous_status"], routed["status"], routed["version"]) == (
        "received",
        "assigned",
        2,
    )
    assert told(DELIVERED, ASSIGNED) == []


def test_photos_are_claimed_when_a_complaint_names_them_and_when_it_names_more():
    one, two = "0" * 26, "1" * 26
    first = replace(NEW, photo_ids=(one,))
    assert [queue for queue, _ in told(first)] == [NOTICES, PHOTOS]
    more = replace(first, photo_ids=(one, two), version=2)
    ((queue, event),) = told(more, first)
    assert (queue, event["photo_ids"]) == (PHOTOS, [one, two])
    assert told(replace(more, version=3), more) == []


def test_an_erasure_is_told_once_when_it_is_asked_for():
    asked = replace(DELIVERED, erasure_requested_at=NOW)
    ((queue, event),) = told(asked, DELIVERED)
    assert (queue, event["complaint_id"]) == (ERASURES, asked.complaint_id)
    assert told(replace(asked, erased_at=NOW), asked) == []


NEAR = replace(NEW, lat=-6.99, long=110.42)
SHOWN = replace(ASSIGNED, lat=-6.99, long=110.42)


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        (None, NEAR, False),  # it is not routed yet
        (NEAR, SHOWN, True),
        (None, SHOWN, True),  # a part of another, which begins with an agency
        (NEW, ASSIGNED, False),  # it is nowhere
        (NEAR, replace(SHOWN, visibility="private"), False),
        (NEAR, replace(SHOWN, visibility="secret"), False),
        (NEAR, replace(SHOWN, suspicion="flood"), False),
        (NEAR, replace(SHOWN, hidden=True), False),
        (replace(SHOWN, suspicion="flood"), SHOWN, True),  # the desk looked at it
        (replace(SHOWN, hidden=True), SHOWN, True),
        (replace(NEAR, visibility="private"), SHOWN, True),  # routing found its category
        (SHOWN, replace(SHOWN, status=Status.ACCEPTED, version=3), False),
    ],
)
def test_neighbours_are_told_when_anyone_may_read_of_a_routed_complaint_and_not_again(
    old, new, shown
):
    events = [event for _, event in told(new, old) if event["type"] == "complaint_shown.v1"]
    assert len(events) == shown
    if shown:
        assert set(events[0]) == {"type", "complaint_id", "jurisdiction_id", "at"}
