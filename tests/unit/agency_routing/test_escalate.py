"""That a complaint is due soon or overdue is reported step by step, to ever more, once each."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from functions.agency_routing.clockwork import ring
from functions.agency_routing.escalate import escalate
from shared.complaints import marks
from shared.complaints.clocks import OVERDUE, WARNING, wound
from shared.complaints.items import index_keys
from shared.complaints.law import Action, Status
from shared.complaints.record import Complaint, Level
from tests.builders import NOW, a_complaint, an_assignment
from tests.small_config import SEMARANG

pytestmark = pytest.mark.usefixtures("small_config")


@pytest.fixture
def accepted(store: Any) -> Complaint:
    complaint = wound(
        a_complaint(
            status=Status.ACCEPTED,
            assignments=(an_assignment(acknowledged_at=NOW),),
            undelivered_since=None,
        ),
        SEMARANG,
    )
    assert store.submit(complaint) is None
    return complaint


def rung(store: Any, complaint: Complaint) -> Complaint:
    """Return a complaint after its clock ran out."""
    now = store.get(complaint.complaint_id)
    assert now.clock is not None
    assert ring(now.clock, now.complaint_id, now=now.clock_at, store=store)
    found = store.get(complaint.complaint_id)
    assert isinstance(found, Complaint)
    return found


def test_the_agency_the_head_triage_and_everyone_hear_of_it_in_turn(store, accepted):
    kinds = [accepted.clock]
    for level in (Level.WARNED, Level.HEAD, Level.TRIAGE, Level.PUBLIC):
        after = rung(store, accepted)
        assert (after.escalation, after.status) == (level, Status.ACCEPTED)
        kinds.append(after.clock)
    assert kinds == [WARNING, OVERDUE, OVERDUE, OVERDUE, None]
    after, timeline = store.with_timeline(accepted.complaint_id, consistent=True)
    assert [(one.action, one.code) for one in timeline] == [
        (Action.WARN, "warned"),
        (Action.ESCALATE, "head"),
        (Action.ESCALATE, "triage"),
        (Action.ESCALATE, "public"),
    ]
    assert {(one.actor, one.until) for one in timeline} == {("clock", accepted.due_at)}
    assert [one.action_id for one in marks.untold(after)] == [one.action_id for one in timeline]


def test_it_is_in_the_list_of_whoever_heard_of_it(store, accepted):
    lists = [index_keys(rung(store, accepted))["late_list"] for _ in range(4)]
    assert lists == [None, None, "semarang#late", "semarang#overdue"]
    key = index_keys(store.get(accepted.complaint_id))["late_key"]
    assert key == f"2026-11-25T05:00:00.000Z#{accepted.complaint_id}"


def test_each_step_is_taken_once(store, accepted):
    at: datetime = accepted.clock_at or NOW
    again = [ring(WARNING, accepted.complaint_id, now=at, store=store) for _ in range(2)]
    assert again == [True, False]


def test_what_was_missed_is_caught_up_one_step_a_time(store, accepted):
    long_after = NOW + timedelta(days=90)
    kinds = [WARNING, OVERDUE, OVERDUE, OVERDUE, OVERDUE]
    done = [ring(one, accepted.complaint_id, now=long_after, store=store) for one in kinds]
    assert done == [True] * 4 + [False]


def test_who_has_heard_all_there_is_hears_no_more():
    told = a_complaint(status=Status.ACCEPTED, escalation=int(Level.PUBLIC))
    assert escalate(told, NOW, SEMARANG) is None


@pytest.mark.parametrize(
    ("changes", "listed"),
    [
        ({"status": Status.RESOLVED_CONDITIONALLY, "owed_by": NOW}, "semarang#debts"),
        ({"status": Status.RESOLVED_CONDITIONALLY}, None),
        ({"status": Status.RESOLVED_CONDITIONALLY, "owed_by": NOW, "hidden": True}, None),
        ({"status": Status.NEEDS_INFORMATION, "escalation": 4}, "semarang#overdue"),
        ({"status": Status.ACCEPTED, "escalation": 4, "visibility": "private"}, "semarang#late"),
        ({"status": Status.ACCEPTED, "escalation": 4, "suspicion": "flood"}, "semarang#late"),
        ({"status": Status.ACCEPTED, "escalation": 2}, None),
        ({"status": Status.RESOLVED, "escalation": 4}, None),
        ({"status": Status.RECEIVED, "escalation": 4}, None),
        ({"status": Status.DUPLICATE, "escalation": 4}, None),
    ],
)
def test_a_complaint_is_in_one_list_at_most_and_in_none_once_it_is_done(changes, listed):
    assert index_keys(a_complaint(**changes))["late_list"] == listed
