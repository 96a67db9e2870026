"""Who is told of what, and what is no longer worth telling."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from functions.complaint_intake.notices.occasions import (
    TOO_LATE,
    occasion_of,
    step,
    too_late,
    worth_telling,
)
from shared.complaints.law import Action, Actor, Status
from shared.notices import Occasion
from tests.builders import NOW, a_complaint, an_assignment, an_entry

OF_STATUS = {
    Status.ASSIGNED: Occasion.ASSIGNED,
    Status.NEEDS_INFORMATION: Occasion.QUESTION,
    Status.RESOLVED: Occasion.RESOLVED,
    Status.RETURNED: Occasion.RETURNED,
    Status.REOPENED: Occasion.REOPENED,
    Status.CLOSED: Occasion.CLOSED,
    Status.WITHDRAWN: Occasion.WITHDRAWN,
    Status.RESOLVED_CONDITIONALLY: Occasion.RESOLVED_CONDITIONALLY,
    Status.REJECTED: Occasion.REJECTED,
    Status.DUPLICATE: Occasion.DUPLICATE,
}
STATUSES = st.sampled_from(Status)
LATE = (an_assignment(at=NOW + timedelta(days=1)),)


@given(STATUSES)
def test_a_new_complaint_gives_a_receipt_whatever_its_status(status):
    assert occasion_of(status, None) is Occasion.RECEIVED


@given(STATUSES, STATUSES)
def test_a_step_is_told_if_its_new_status_concerns_the_reporter(status, previous):
    assume((previous, status) != (Status.RESOLVED_CONDITIONALLY, Status.IN_PROGRESS))
    assume((previous, status) != (Status.DUPLICATE, Status.RETURNED))
    assert occasion_of(status, previous) is OF_STATUS.get(status)


def test_that_a_promise_lapsed_is_told_until_it_is_dealt_with():
    before, after = Status.RESOLVED_CONDITIONALLY, Status.IN_PROGRESS
    assert occasion_of(after, before) is Occasion.PROMISE_LAPSED
    lapsed = an_entry(version=5, action=Action.LAPSE, status=after, role=Actor.CLOCK)
    complaint = a_complaint(status=after, version=5)
    assert worth_telling(Occasion.PROMISE_LAPSED, 5, complaint, [lapsed])
    done = replace(complaint, status=Status.RESOLVED, version=6)
    resolved = an_entry(version=6, action=Action.RESOLVE, status=Status.RESOLVED)
    assert not worth_telling(Occasion.PROMISE_LAPSED, 5, done, [lapsed, resolved])
    assert not worth_telling(Occasion.PROMISE_LAPSED, 5, done, [lapsed])


def test_what_is_no_duplicate_any_more_is_not_said_to_be_given_back_by_an_agency():
    assert occasion_of(Status.RETURNED, Status.DUPLICATE) is Occasion.UNMERGED
    apart = an_entry(version=5, action=Action.UNMERGE, status=Status.RETURNED)
    complaint = a_complaint(status=Status.RETURNED, version=5)
    assert worth_telling(Occasion.UNMERGED, 5, complaint, [apart])
    given = replace(complaint, status=Status.ASSIGNED, version=6)
    assigned = an_entry(version=6, action=Action.ASSIGN, status=Status.ASSIGNED)
    assert not worth_telling(Occasion.UNMERGED, 5, given, [apart, assigned])


def test_that_an_agency_accepted_or_began_is_not_told():
    for status in (Status.ACCEPTED, Status.IN_PROGRESS, Status.RECEIVED):
        assert occasion_of(status, Status.ASSIGNED) is None


@pytest.mark.parametrize("status", OF_STATUS)
def test_what_still_stands_is_told(status):
    complaint = a_complaint(status=status, version=5, assignments=LATE)
    assert worth_telling(OF_STATUS[status], 5, complaint, [an_entry(version=5, status=status)])


@given(STATUSES)
def test_a_day_that_was_named_is_told_whatever_the_status_was(previous):
    assert occasion_of(Status.IN_PROGRESS, previous, planned=True) is Occasion.SCHEDULED


def test_a_plan_is_told_while_it_stands_and_no_other_was_made():
    planned = a_complaint(status=Status.IN_PROGRESS, version=5, planned_at=NOW)
    made = an_entry(version=5, action=Action.SCHEDULE)
    again = an_entry(version=6, action=Action.SCHEDULE)
    assert worth_telling(Occasion.SCHEDULED, 5, planned, [made])
    assert not worth_telling(Occasion.SCHEDULED, 5, planned, [made, again])
    assert not worth_telling(Occasion.SCHEDULED, 5, replace(planned, planned_at=None), [made])


@pytest.mark.parametrize(("role", "told"), [(Actor.AGENCY, True), (Actor.REPORTER, False)])
def test_an_agencys_interim_answer_overtakes_nothing_and_the_reporters_does(role, told):
    owed = a_complaint(status=Status.RESOLVED_CONDITIONALLY, version=6)
    timeline = [an_entry(version=5), an_entry(version=6, action=Action.ANSWER, role=role)]
    assert worth_telling(Occasion.RESOLVED_CONDITIONALLY, 5, owed, timeline) is told


@pytest.mark.parametrize(
    "action", [Action.NOTE, Action.NOT_FIXED, Action.HIDE, Action.REDACT, Action.WARN]
)
def test_a_note_overtakes_nothing(action):
    complaint = a_complaint(status=Status.RESOLVED, version=6)
    timeline = [an_entry(version=5), an_entry(version=6, action=action)]
    assert worth_telling(Occasion.RESOLVED, 5, complaint, timeline)


def test_a_later_step_overtakes_what_is_no_longer_so():
    complaint = a_complaint(status=Status.REOPENED, version=6)
    timeline = [an_entry(version=5), an_entry(version=6, action=Action.REOPEN)]
    assert not worth_telling(Occasion.RESOLVED, 5, complaint, timeline)


def test_the_same_status_a_second_time_overtakes_the_first():
    complaint = a_complaint(status=Status.RESOLVED, version=7)
    timeline = [
        an_entry(version=5, action=Action.RESOLVE),
        an_entry(version=6, action=Action.REOPEN),
        an_entry(version=7, action=Action.RESOLVE),
    ]
    assert not worth_telling(Occasion.RESOLVED, 5, complaint, timeline)
    assert worth_telling(Occasion.RESOLVED, 7, complaint, timeline)


def test_that_it_was_forwarded_is_told_though_the_agency_has_begun():
    complaint = a_complaint(status=Status.IN_PROGRESS, version=4, assignments=LATE)
    timeline = [an_entry(version=3), an_entry(version=4, action=Action.START)]
    assert worth_telling(Occasion.ASSIGNED, 2, complaint, timeline)


def test_that_it_was_forwarded_is_no_news_where_the_receipt_could_tell_it():
    def told(*minutes):
        at = [NOW + timedelta(minutes=one) for one in minutes]
        made = tuple(an_assignment(no, at=one) for no, one in enumerate(at, 1))
        complaint = a_complaint(status=Status.ASSIGNED, version=2, assignments=made)
        return worth_telling(Occasion.ASSIGNED, 2, complaint, [])

    assert not told(9.99)
    assert told(10)
    assert told(0, 5)  # from the triage desk, say


@pytest.mark.parametrize("action", [Action.RETURN, Action.ASSIGN, Action.WITHDRAW, Action.RESOLVE])
def test_that_it_was_forwarded_is_not_told_when_it_has_gone_on(action):
    complaint = a_complaint(status=Status.RETURNED, version=3)
    assert not worth_telling(Occasion.ASSIGNED, 2, complaint, [an_entry(version=3, action=action)])


def test_routing_decides_anew_without_an_entry_and_overtakes_all_the_same():
    complaint = a_complaint(status=Status.ASSIGNED, version=6)
    assert not worth_telling(Occasion.RETURNED, 5, complaint, [an_entry(version=5)])


@pytest.mark.parametrize("occasion", [Occasion.RECEIVED, Occasion.PHOTO_REJECTED])
def test_a_receipt_stays_true(occasion):
    complaint = a_complaint(status=Status.WITHDRAWN, version=3)
    assert worth_telling(occasion, 1, complaint, [an_entry(version=3, action=Action.WITHDRAW)])


@pytest.mark.parametrize("occasion", Occasion)
@pytest.mark.parametrize("change", [{"suspicion": "honeypot"}, {"erasure_requested_at": NOW}])
def test_whoever_may_be_spam_or_is_forgotten_is_told_nothing(occasion, change):
    status = next((one for one, told in OF_STATUS.items() if told is occasion), Status.RECEIVED)
    complaint = replace(a_complaint(status=status, version=2), **change)
    assert not worth_telling(occasion, 2, complaint, [])


def test_after_three_days_nobody_is_told_any_more():
    assert not too_late(NOW, NOW + TOO_LATE)
    assert too_late(NOW, NOW + TOO_LATE + timedelta(milliseconds=1))
    assert timedelta(days=3) == TOO_LATE


def test_a_step_is_the_entry_of_its_version_and_routings_has_none():
    first, second = an_entry(version=3), an_entry(version=4)
    assert step(4, [first, second]) is second
    assert step(2, [first, second]) is None
