"""Merging: into what a complaint can be merged, who hears of it, and what is counted."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from functions.agency_routing.act import act
from functions.agency_routing.requests import ActionRequest
from functions.agency_routing.views import ActionOutcome
from shared.complaints import marks
from shared.complaints.acting import IllegalAction, StaleVersion, VersionConflict, moved
from shared.complaints.law import Status
from shared.complaints.marks import Untold
from shared.complaints.record import Complaint
from shared.errors import InvalidInput
from tests.builders import NOW, a_complaint, a_number, an_action, an_entry, an_operator
from tests.twins import ComplaintStoreTwin

pytestmark = pytest.mark.usefixtures("small_config")

LATER = NOW + timedelta(hours=1)


def stored(store: Any, **changes: Any) -> Complaint:
    complaint = a_complaint(**{"status": Status.ASSIGNED, **changes})
    store.submit(complaint)
    return complaint


def take(store: Any, number: str, action: str, **changes: Any) -> ActionOutcome:
    body = an_action(action, store.get(number).version, **changes)
    request = ActionRequest.model_validate(body, strict=False)
    return act(number, request, an_operator(), now=LATER, store=store)


def merge(store: Any, complaint: Complaint, into: Complaint) -> Complaint:
    take(store, complaint.complaint_id, "merge", into=into.complaint_id)
    found = store.get(complaint.complaint_id)
    assert isinstance(found, Complaint)
    return found


def test_a_merged_complaint_follows_and_is_counted_and_its_agency_hears_that_alone(store):
    into = stored(store)
    before = marks.to_tell(a_complaint(status=Status.ASSIGNED, suspicion="flood"), "answer", NOW)
    store.submit(before)
    after = merge(store, before, into)
    assert (after.status, after.duplicate_of) == (Status.DUPLICATE, into.complaint_id)
    assert after.suspicion is None
    (entry,) = store.with_timeline(after.complaint_id, consistent=True)[1]
    assert marks.untold(after) == [Untold(entry.action_id, assigns=False)]
    assert entry.related == (into.complaint_id,)
    followed = store.get(into.complaint_id)
    assert (followed.duplicates, followed.version) == (1, into.version)


def test_it_is_taken_out_again_and_goes_to_the_desk(store):
    into = stored(store)
    merge(store, other := stored(store), into)
    merge(store, stays := stored(store), into)
    outcome = take(store, other.complaint_id, "unmerge")
    after = store.get(other.complaint_id)
    assert (after.status, after.duplicate_of) == (Status.RETURNED, None)
    assert (after.assignment.agency, after.assignment.rule) == ("semarang-diskominfo", "unmerged")
    assert after.returned_by == ()
    assert outcome.related == [into.complaint_id]
    assert marks.untold(after) == [Untold(None, assigns=True)]
    assert store.get(into.complaint_id).duplicates == 1
    assert store.get(stays.complaint_id).status is Status.DUPLICATE


@pytest.mark.parametrize(
    ("into", "code"),
    [
        ({"duplicate_of": a_number(), "status": Status.DUPLICATE}, "follows_another"),
        ({"part_of": a_number()}, "follows_another"),
        ({"jurisdiction_id": "jateng"}, "other_jurisdiction"),
        ({"status": Status.RESOLVED}, "not_open"),
        ({"erasure_requested_at": NOW}, "not_open"),
        ({"visibility": "private"}, "not_public"),
        ({"hidden": True}, "not_public"),
    ],
)
def test_what_cannot_be_merged_into_is_refused(into, code):
    store = ComplaintStoreTwin()
    target, complaint = stored(store, **into), stored(store)
    with pytest.raises(InvalidInput) as caught:
        merge(store, complaint, target)
    assert [(one.field, one.code) for one in caught.value.faults] == [("into", code)]
    assert store.get(complaint.complaint_id) == complaint


@pytest.mark.parametrize(
    ("named", "code"), [(None, "missing"), ("x", "missing"), ("own", "itself")]
)
def test_another_complaint_has_to_be_named(named, code):
    store = ComplaintStoreTwin()
    complaint = stored(store)
    into = {"into": complaint.complaint_id if named == "own" else named} if named else {}
    with pytest.raises(InvalidInput) as caught:
        take(store, complaint.complaint_id, "merge", **into)
    assert [one.code for one in caught.value.faults] == [code]


def test_a_complaint_that_is_not_public_may_follow_one_that_is_not(store):
    into = stored(store, visibility="private")
    assert merge(store, stored(store, visibility="private"), into).duplicate_of == into.complaint_id


def test_one_that_waits_for_the_router_may_be_merged_into(store):
    into = a_complaint()
    store.submit(into)
    assert merge(store, stored(store), into).duplicate_of == into.complaint_id


def test_there_are_no_chains(store):
    last, middle, first = stored(store), stored(store), stored(store)
    merge(store, first, middle)
    with pytest.raises(IllegalAction):
        merge(store, middle, last)


class TestRaces:
    """What comes between reading and writing."""

    def test_nothing_is_merged_into_what_was_ended_or_merged_meanwhile(self, store):
        for status, more in (
            (Status.RESOLVED, {}),
            (Status.DUPLICATE, {"duplicate_of": a_number()}),
        ):
            into = stored(store, status=status, **more)
            before = stored(store)
            after = moved(before, Status.DUPLICATE, LATER)
            after = replace(after, duplicate_of=into.complaint_id)
            with pytest.raises(StaleVersion):
                store.record_action(before, after, an_entry())
            assert store.get(before.complaint_id) == before

    def test_nobody_ends_a_complaint_without_knowing_what_was_merged_into_it(self, store):
        into = stored(store, status=Status.IN_PROGRESS)
        read = store.get(into.complaint_id)
        merge(store, stored(store), into)
        ended = moved(read, Status.RESOLVED, LATER)
        with pytest.raises(StaleVersion):
            store.record_action(read, ended, an_entry())
        again = store.get(into.complaint_id)
        store.record_action(again, moved(again, Status.RESOLVED, LATER), an_entry())
        assert marks.followers_after(store.get(into.complaint_id)) == ""

    def test_what_lost_all_its_duplicates_ends_like_any_other(self, store):
        into = stored(store, status=Status.IN_PROGRESS)
        merge(store, other := stored(store), into)
        take(store, other.complaint_id, "unmerge")
        again = store.get(into.complaint_id)
        assert again.duplicates == 0
        store.record_action(again, moved(again, Status.RESOLVED, LATER), an_entry())
        assert store.get(into.complaint_id).undelivered_since is None

    def test_an_operator_is_told_to_look_again(self, store):
        into, before = stored(store), stored(store)

        class Meanwhile:
            """The other complaint is resolved once it has been read."""

            def __getattr__(self, name: str) -> Any:
                return getattr(store, name)

            def record_action(self, *written: Any, **more: Any) -> None:
                other = store.get(into.complaint_id)
                store.record_action(other, moved(other, Status.RESOLVED, LATER), an_entry())
                store.record_action(*written, **more)

        with pytest.raises(VersionConflict):
            merge(Meanwhile(), before, into)
