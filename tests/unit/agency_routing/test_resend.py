"""What nobody acknowledges is sent again, says so, and is stuck in the end."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from functions.agency_routing.clockwork import ring
from functions.agency_routing.deliver import deliver
from functions.agency_routing.resend import resend
from shared.complaints import clocks, marks
from shared.complaints.events import to_deliver
from shared.complaints.law import Action, Actor, Status
from shared.complaints.marks import Untold
from shared.complaints.record import Complaint
from tests.builders import NOW, a_complaint, an_assignment, an_entry
from tests.small_config import SEMARANG
from tests.twins import ComplaintStoreTwin

pytestmark = pytest.mark.usefixtures("small_config")

DAY = timedelta(days=1)


def waiting(**changes: Any) -> Complaint:
    """Return a complaint that its agency was sent and has not acknowledged."""
    complaint = a_complaint(status=Status.ASSIGNED, due_at=NOW + 90 * DAY, **changes)
    return clocks.wound(complaint, SEMARANG)


def rung(store: ComplaintStoreTwin, number: str, now: datetime) -> bool:
    return ring(clocks.DELIVERY, number, now=now, store=store)


def test_it_is_sent_again_by_the_usual_way_with_the_same_id_and_says_so() -> None:
    store, complaint, sent = ComplaintStoreTwin(), waiting(), []
    number = complaint.complaint_id
    store.submit(complaint)

    assert rung(store, number, NOW + DAY)
    after = store.complaints[number]
    deliver(to_deliver(after), now=NOW + DAY, store=store, send=lambda *one: sent.append(one))

    ((agency, message),) = sent
    assert agency == "semarang-dpu"
    assert (message["type"], message["repeat"]) == ("complaint_assigned.v1", 1)
    assert (message["message_id"], message["version"]) == (f"{number}:1", after.version)
    assert after.status is Status.ASSIGNED
    assert store.complaints[number].undelivered_since is None
    (entry,) = store.entries.values()
    assert (entry.action, entry.role, entry.code) == (Action.RESEND, Actor.CLOCK, None)


def test_it_is_sent_again_as_often_as_configured_and_then_is_stuck() -> None:
    store, complaint = ComplaintStoreTwin(), waiting()
    number = complaint.complaint_id
    store.submit(complaint)

    for day in range(1, 9):
        rung(store, number, NOW + day * DAY)

    after = store.complaints[number].assignments[-1]
    most = SEMARANG.delivery.resends
    assert (after.resends, after.stuck_at) == (most, NOW + most * DAY)
    codes = [entry.code for entry in store.entries.values()]
    assert codes == [None] * (most - 1) + ["stuck"]
    assert store.complaints[number].clock != clocks.DELIVERY


def test_a_second_look_at_the_same_time_sends_nothing_more() -> None:
    store, complaint = ComplaintStoreTwin(), waiting()
    store.submit(complaint)

    assert rung(store, complaint.complaint_id, NOW + DAY)
    assert not rung(store, complaint.complaint_id, NOW + DAY)


def test_what_was_acknowledged_meanwhile_is_not_sent_again() -> None:
    store, complaint = ComplaintStoreTwin(), waiting()
    known = (replace(complaint.assignments[0], acknowledged_at=NOW),)
    store.submit(replace(complaint, assignments=known))  # whose clock was left as it was

    assert not rung(store, complaint.complaint_id, NOW + DAY)

    after = store.complaints[complaint.complaint_id]
    assert after.undelivered_since is None
    assert after.clock != clocks.DELIVERY


def test_what_was_queued_late_is_waited_for_from_then_on() -> None:
    store, complaint = ComplaintStoreTwin(), waiting()
    known = (replace(complaint.assignments[0], queued_at=NOW + DAY / 2),)
    store.submit(replace(complaint, assignments=known))

    assert not rung(store, complaint.complaint_id, NOW + DAY)

    after = store.complaints[complaint.complaint_id]
    assert (after.clock, after.clock_at) == (clocks.DELIVERY, NOW + DAY * 3 / 2)


def test_what_waits_to_be_sent_the_first_time_keeps_its_mark_and_counts() -> None:
    complaint = marks.to_assign(waiting(), NOW)

    change = resend(complaint, NOW + DAY, SEMARANG)

    assert change is not None
    assert change.complaint.undelivered_since == complaint.undelivered_since
    assert change.complaint.assignments[-1].resends == 1


def test_what_the_reporter_said_comes_with_it_again_and_before_later_news() -> None:
    said = an_entry(action=Action.REOPEN)
    reopened = replace(waiting(), assignments=(an_assignment(said_in=said.action_id),))
    told = marks.to_tell(reopened, "answer", NOW)

    change = resend(told, NOW + DAY, SEMARANG)

    assert change is not None
    assert marks.untold(change.complaint) == [
        Untold(said.action_id, assigns=True),
        Untold("answer", assigns=False),
    ]


def test_what_is_not_routed_yet_cannot_be_sent_again() -> None:
    assert resend(a_complaint(), NOW, SEMARANG) is None
