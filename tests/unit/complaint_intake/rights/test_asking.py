"""Asking to be forgotten: hidden at once, withdrawn if open, once for all; on the store and its twin."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from functions.complaint_intake import dialogue
from functions.complaint_intake.rights.asking import TERM, ask_to_forget
from shared.complaints import marks
from shared.complaints.acting import VersionConflict
from shared.complaints.clocks import ERASURE
from shared.complaints.law import DONE, OPEN, Action, Status
from shared.complaints.record import Complaint
from shared.errors import NotFound
from tests.builders import NOW, a_complaint, a_number
from tests.small_config import SEMARANG
from tests.twins import ComplaintStoreTwin

pytestmark = pytest.mark.usefixtures("small_config")

LATER = NOW + timedelta(hours=1)
GONE = "[dihapus atas permintaan pelapor]"
OFFICER = "arn:aws:iam::123456789012:user/dpo"


def asked(store: Any, complaint: Complaint, by: str = "tracking token") -> Complaint:
    store.submit(complaint)
    after = ask_to_forget(complaint.complaint_id, by=by, now=LATER, store=store)
    assert after == store.get(complaint.complaint_id)
    return after


def closed(status: Status = Status.CLOSED, **changes: Any) -> Complaint:
    return a_complaint(status=status, closed_at=NOW, **changes)


@pytest.mark.parametrize("status", DONE)
def test_a_complaint_that_is_done_stays_as_it_ended(store, status):
    complaint = closed(status)
    after = asked(store, complaint)
    assert after.status is status
    assert after.description == GONE
    assert after.erasure_requested_at == LATER
    assert after.version == complaint.version + 1
    assert after.closed_at == NOW


@pytest.mark.parametrize("status", OPEN)
def test_an_open_complaint_is_withdrawn_in_the_same_write_and_its_agency_told(store, status):
    after = asked(store, a_complaint(status=status), by=OFFICER)
    assert (after.status, after.description) == (Status.WITHDRAWN, GONE)
    (untold,) = marks.untold(after)
    entry = store.action(after.complaint_id, untold.action_id)
    assert (entry.action, entry.actor, entry.public_note) == (Action.WITHDRAW, OFFICER, None)


def test_one_that_waits_for_the_router_is_never_routed(store):
    after = asked(store, a_complaint())
    assert (after.status, after.undelivered_since) == (Status.WITHDRAWN, None)


def test_its_clock_is_now_that_of_the_erasure(store):
    after = asked(store, closed(clock="retention", clock_at=NOW + timedelta(days=700)))
    assert (after.clock, after.clock_at) == (ERASURE, LATER + timedelta(hours=1))
    assert LATER + timedelta(hours=25) < LATER + TERM  # looked at daily, it is never too late


def test_asked_again_the_first_time_stands(store):
    first = asked(store, a_complaint(status=Status.ACCEPTED))
    again = ask_to_forget(
        first.complaint_id, by=OFFICER, now=LATER + timedelta(days=1), store=store
    )
    assert again == first


def test_what_its_term_has_erased_is_not_asked_for_again(store):
    complaint = closed(erased_at=NOW, description="[dihapus setelah masa simpannya habis]")
    assert asked(store, complaint) == store.get(complaint.complaint_id)
    assert store.get(complaint.complaint_id).erasure_requested_at is None


def test_there_must_be_such_a_complaint(store):
    with pytest.raises(NotFound):
        ask_to_forget(a_number(), by=OFFICER, now=LATER, store=store)


@pytest.mark.parametrize(
    "complaint", [closed(Status.RESOLVED), a_complaint(status=Status.RETURNED)]
)
def test_the_reporter_can_do_nothing_more(store, complaint):
    assert dialogue.possible(complaint, LATER, SEMARANG)
    after = asked(store, complaint)
    assert dialogue.possible(after, LATER, SEMARANG) == ()
    assert (
        dialogue.possible(replace(after, erasure_requested_at=None, erased_at=NOW), LATER, SEMARANG)
        == ()
    )


class Restless(ComplaintStoreTwin):
    """A complaint that others change a number of times, each just before it is written."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.times = times

    def change(self, before: Complaint, after: Complaint) -> None:
        self._meanwhile(before)
        super().change(before, after)

    def record_action(self, before: Complaint, after: Complaint, entry: Any, **more: Any) -> None:
        self._meanwhile(before)
        super().record_action(before, after, entry, **more)

    def _meanwhile(self, before: Complaint) -> None:
        if self.times:
            self.times -= 1
            self.complaints[before.complaint_id] = replace(before, version=before.version + 1)


@pytest.mark.parametrize("complaint", [closed(), a_complaint(status=Status.ACCEPTED)])
def test_what_others_do_meanwhile_is_no_obstacle_unless_it_goes_on(complaint):
    assert asked(Restless(2), complaint).erasure_requested_at == LATER
    with pytest.raises(VersionConflict):
        asked(Restless(3), complaint)
