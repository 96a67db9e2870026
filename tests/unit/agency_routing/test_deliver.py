"""Delivery: decided once, sent at least once, and marked until then; on the store and its twin."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from functions.agency_routing.deliver import deliver
from functions.agency_routing.views import work_item
from shared.clock import now as present
from shared.complaints import marks
from shared.complaints.clocks import wound
from shared.complaints.events import to_deliver
from shared.complaints.items import undelivered_mark
from shared.complaints.law import Action, Status
from shared.complaints.listings import ComplaintListings
from shared.complaints.store import ComplaintStore
from shared.deadlines import Span
from shared.jurisdiction import TextThresholds, When
from shared.working_days import due
from tests import aws_double as aws_double_tables
from tests.builders import NOW, a_complaint, a_number, an_assignment, an_entry
from tests.small_config import JURISDICTIONS, SEMARANG
from tests.twins import ComplaintStoreTwin
from tests.unit.agency_routing.queues import LATER, QueueDown, present_one

pytestmark = pytest.mark.usefixtures("small_config")


def test_a_new_complaint_is_decided_sent_and_unmarked(store, queues):
    complaint = a_complaint()
    store.submit(complaint)
    delivered = deliver(to_deliver(complaint), now=LATER, store=store, send=queues.send)
    after = present_one(store, complaint.complaint_id)
    assert delivered is not None
    assert delivered.assignment == an_assignment(at=LATER)
    decided = replace(
        complaint,
        status=Status.ASSIGNED,
        version=2,
        updated_at=LATER,
        due_at=NOW + timedelta(hours=48),
        legal_due_at=due(SEMARANG.deadlines.legal["complaint"], NOW, SEMARANG.days_off),
        assignments=(an_assignment(at=LATER, queued_at=LATER),),
        undelivered_since=None,
    )
    assert after == wound(decided, SEMARANG)
    assert after.clock is not None
    ((agency, message),) = queues.sent
    assert agency == message["agency"] == "semarang-dpu"
    assert (message["complaint_id"], message["assignment_no"], message["version"]) == (
        complaint.complaint_id,
        1,
        2,
    )


def test_what_is_hidden_stays_out_of_the_publics_lists_when_it_is_decided_anew(queues, aws_double):
    store, listings = (
        ComplaintStore(aws_double_tables.COMPLAINTS),
        ComplaintListings(aws_double_tables.COMPLAINTS),
    )
    hidden, seen = a_complaint(hidden=True), a_complaint()
    for complaint in (hidden, seen):
        store.submit(complaint)
        deliver(to_deliver(complaint), now=LATER, store=store, send=queues.send)
    day = timedelta(days=1)
    found = listings.received_values("semarang", NOW - day, NOW + day)
    assert [one["pk"] for one in found] == [f"C#{seen.complaint_id}"]


def test_what_no_rule_claims_goes_to_triage(store, queues):
    complaint = a_complaint(service_code=None, description="Halo")
    store.submit(complaint)
    delivered = deliver(to_deliver(complaint), now=LATER, store=store, send=queues.send)
    assert delivered is not None
    assert delivered.assignment is not None
    assert (delivered.assignment.agency, delivered.assignment.rule) == (
        "semarang-diskominfo",
        "triage",
    )
    assert [agency for agency, _ in queues.sent] == ["semarang-diskominfo"]


def test_what_waits_for_an_operator_says_what_it_may_be_and_what_is_decided_does_not(
    store, queues, monkeypatch
):
    sure = TextThresholds(confidence=1)
    monkeypatch.setitem(JURISDICTIONS, "semarang", SEMARANG.model_copy(update={"text": sure}))
    unsure = a_complaint(service_code=None, description="Sampah di jalan berlubang")
    clear = a_complaint(service_code="sampah", description="Sampah menumpuk")
    for complaint in (unsure, clear):
        store.submit(complaint)
        deliver(to_deliver(complaint), now=LATER, store=store, send=queues.send)
    suggested, decided = (
        present_one(store, one.complaint_id).assignments[0] for one in (unsure, clear)
    )
    assert suggested.agency == "semarang-diskominfo"
    assert "sampah" in suggested.suggestions
    assert all(0 <= share <= 1 for share in suggested.suggestions.values())
    view = work_item(present_one(store, unsure.complaint_id)).assignment
    assert view is not None
    assert list(view.suggestions.values()) == sorted(view.suggestions.values(), reverse=True)
    assert decided.suggestions == {}


def test_a_category_found_in_the_words_is_kept(store, queues):
    complaint = a_complaint(service_code=None, description="Sampah menumpuk di pasar")
    store.submit(complaint)
    deliver(to_deliver(complaint), now=LATER, store=store, send=queues.send)
    assert present_one(store, complaint.complaint_id).service_code == "sampah"


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ({"kind": ("aspiration",)}, {"kind": "aspiration"}),
        ({"keywords": ("pasar johar",)}, {"description": "Kotor di Pasar Johar"}),
        ({"attributes": {"pemilik_jalan": ("kota",)}}, {"attributes": {"pemilik_jalan": "kota"}}),
        ({"area": ("kota-semarang",)}, {"address_string": "Jl. Pemuda, Semarang"}),
        ({"area": ("kota-semarang",)}, {"lat": -6.99, "long": 110.42}),
        (
            {"weekdays": ("thu",), "hours": ("11:00-13:00",)},
            {"created_at": NOW - timedelta(days=1)},
        ),
    ],
)
def test_all_that_a_complaint_says_counts_in_its_decision(queues, monkeypatch, when, said):
    area = SEMARANG.areas[0].model_copy(update={"boxes": ((-7.1, 110.3, -6.9, 110.5),)})
    rule = SEMARANG.rules[1].model_copy(update={"id": "satu", "when": When(**when)})
    changed = SEMARANG.model_copy(update={"areas": (area,), "rules": (rule,)})
    monkeypatch.setitem(JURISDICTIONS, "semarang", changed)
    store = ComplaintStoreTwin()
    for complaint, decided in ((a_complaint(**said), "satu"), (a_complaint(), "triage")):
        store.submit(complaint)
        delivered = deliver(to_deliver(complaint), now=LATER, store=store, send=queues.send)
        assert delivered is not None
        assert delivered.assignment is not None
        assert delivered.assignment.rule == decided


@pytest.mark.parametrize(
    ("said", "visibility", "working_days"),
    [
        ({"description": "ada pungli di loket"}, "secret", 60),
        ({"description": "jalan berlubang"}, "public", 0),
        ({"description": "halo"}, "private", 0),
        ({"description": "ada pungli di loket", "visibility_chosen": True}, "private", 60),
    ],
)
def test_what_a_category_found_in_the_words_says_of_visibility_and_deadline_counts(
    store, queues, said, visibility, working_days
):
    unnamed = {"service_code": None, "visibility": "private", "visibility_chosen": False}
    complaint = a_complaint(**(unnamed | said))
    store.submit(complaint)
    deliver(to_deliver(complaint), now=LATER, store=store, send=queues.send)
    after = present_one(store, complaint.complaint_id)
    span = Span(working_days=working_days, hours=0 if working_days else 48, source="x")
    assert after.visibility == visibility
    assert after.due_at == due(span, NOW, SEMARANG.holidays)


def test_a_decided_complaint_is_on_the_work_list_by_its_due_date(store, queues):
    # By their numbers alone they would lie the other way round.
    first, second = sorted([a_number(), a_number()])
    late = a_complaint(complaint_id=first, created_at=NOW + timedelta(days=3))
    soon = a_complaint(complaint_id=second, created_at=NOW + timedelta(days=2))
    for complaint in (late, soon):
        store.submit(complaint)
        deliver(to_deliver(complaint), now=LATER, store=store, send=queues.send)
    page, _ = store.work("semarang-dpu", [Status.ASSIGNED], limit=9)
    assert [one.complaint_id for one in page] == [soon.complaint_id, late.complaint_id]


def test_an_event_that_comes_again_sends_nothing_more(store, queues):
    complaint = a_complaint()
    store.submit(complaint)
    event = to_deliver(complaint)
    deliver(event, now=LATER, store=store, send=queues.send)
    assert deliver(event, now=present(), store=store, send=queues.send) is None
    assert len(queues.sent) == 1


def test_a_failed_send_leaves_the_mark_and_the_repeat_sends_the_same_decision(store, queues):
    complaint = a_complaint()
    store.submit(complaint)
    event = to_deliver(complaint)
    queues.down = True
    with pytest.raises(QueueDown):
        deliver(event, now=LATER, store=store, send=queues.send)
    decided = present_one(store, complaint.complaint_id)
    assert decided.undelivered_since == complaint.undelivered_since
    queues.down = False
    # Even if the rules would decide otherwise by now:
    changed = dict(event) | {"service_code": "sampah"}
    again = LATER + timedelta(hours=1)
    deliver(changed, now=again, store=store, send=queues.send)  # type: ignore[arg-type]
    assert [agency for agency, _ in queues.sent] == ["semarang-dpu"]
    (before,), (after,) = (
        decided.assignments,
        present_one(store, complaint.complaint_id).assignments,
    )
    assert before.queued_at is None
    assert after == replace(before, queued_at=again)


def test_news_alone_leaves_when_the_assignment_was_queued(store, queues):
    complaint = a_complaint(
        status=Status.IN_PROGRESS, assignments=(an_assignment(queued_at=NOW),), version=2
    )
    store.submit(complaint)
    entry = an_entry(action=Action.ANSWER)
    told = marks.to_tell(replace(complaint, version=3), entry.action_id, LATER)
    store.record_action(complaint, told, entry)
    deliver(to_deliver(told), now=LATER, store=store, send=queues.send)
    assert present_one(store, complaint.complaint_id).assignments == complaint.assignments


def test_two_who_deliver_at_once_send_the_same_decision(store, queues):
    complaint = a_complaint()
    store.submit(complaint)
    event = to_deliver(complaint)

    def sent_while_another_delivers(agency: str, message: Any) -> None:
        queues.send(agency, message)
        if len(queues.sent) == 1:
            deliver(event, now=present(), store=store, send=sent_while_another_delivers)

    deliver(event, now=LATER, store=store, send=sent_while_another_delivers)
    (first, second) = queues.sent
    assert first == second
    assert present_one(store, complaint.complaint_id).undelivered_since is None


def test_a_complaint_assigned_anew_is_sent_to_its_new_agency(store, queues):
    complaint = a_complaint(
        status=Status.ASSIGNED,
        version=4,
        assignments=(an_assignment(1), an_assignment(2, agency="semarang-dlh")),
        undelivered_since=undelivered_mark(NOW, 2),
    )
    store.submit(complaint)
    deliver(to_deliver(complaint), now=LATER, store=store, send=queues.send)
    ((agency, message),) = queues.sent
    assert (agency, message["assignment_no"], message["version"]) == ("semarang-dlh", 2, 4)
    assert present_one(store, complaint.complaint_id).undelivered_since is None


def test_a_late_first_event_sends_the_current_assignment_and_not_the_first(store, queues):
    complaint = a_complaint()
    event = to_deliver(complaint)
    moved = replace(
        complaint,
        status=Status.ASSIGNED,
        version=3,
        assignments=(an_assignment(1), an_assignment(2, agency="semarang-dlh")),
        undelivered_since=undelivered_mark(NOW, 2),
    )
    store.submit(moved)
    deliver(event, now=LATER, store=store, send=queues.send)
    assert [agency for agency, _ in queues.sent] == ["semarang-dlh"]


def test_an_assignment_made_while_another_is_sent_keeps_its_mark(store, queues):
    complaint = a_complaint()
    store.submit(complaint)

    def moved_meanwhile(agency: str, message: Any) -> None:
        queues.send(agency, message)
        before = present_one(store, complaint.complaint_id)
        after = replace(
            before,
            version=3,
            status=Status.RETURNED,
            assignments=(*before.assignments, an_assignment(2, agency="semarang-diskominfo")),
            undelivered_since=undelivered_mark(LATER, 2),
        )
        store.record_action(before, after, an_entry(action=Action.RETURN, status=Status.RETURNED))

    deliver(to_deliver(complaint), now=LATER, store=store, send=moved_meanwhile)
    after = present_one(store, complaint.complaint_id)
    assert after.undelivered_since == undelivered_mark(LATER, 2)
    deliver(to_deliver(after), now=LATER, store=store, send=queues.send)
    assert [agency for agency, _ in queues.sent] == ["semarang-dpu", "semarang-diskominfo"]


@pytest.mark.parametrize("assigned", [False, True])
def test_an_event_of_a_complaint_that_is_not_there_does_nothing(store, queues, assigned):
    complaint = a_complaint(status=Status.ASSIGNED) if assigned else a_complaint()
    assert deliver(to_deliver(complaint), now=LATER, store=store, send=queues.send) is None
    assert queues.sent == []
    assert store.get(complaint.complaint_id) is None


def test_an_event_ahead_of_its_assignment_does_nothing(store, queues):
    complaint = a_complaint()
    store.submit(complaint)
    event: Any = {
        "type": "assignment_pending.v1",
        "complaint_id": complaint.complaint_id,
        "assignment_no": 1,
    }
    assert deliver(event, now=LATER, store=store, send=queues.send) is None
    assert queues.sent == []


def test_an_event_of_a_later_version_is_left_to_whoever_knows_it(store, queues):
    event: Any = {"type": "complaint_received.v2", "complaint_id": a_number()}
    with pytest.raises(ValueError, match="unknown event"):
        deliver(event, now=LATER, store=store, send=queues.send)
