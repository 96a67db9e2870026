"""Delivery: decided once, sent at least once, and marked until then; on the store and its twin."""

from dataclasses import dataclass, field, replace
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
from shared.complaints.record import Complaint
from shared.complaints.store import ComplaintStore
from shared.deadlines import Span
from shared.jurisdiction import TextThresholds, When
from shared.working_days import due
from tests import aws_double as aws_double_tables
from tests.builders import NOW, a_complaint, a_number, an_assignment, an_entry
from tests.small_config import JURISDICTIONS, SEMARANG
from tests.twins import ComplaintStoreTwin

pytestmark = pytest.mark.usefixtures("small_config")

LATER = NOW + timedelta(minutes=2)


class QueueDown(Exception):
    """The queue took nothing."""


@dataclass
class Queues:
    """Remembers what was sent to whom."""

    sent: list[tuple[str, Any]] = field(default_factory=list)
    down: bool = False

    def send(self, agency: str, message: Any) -> None:
        if self.down:
            raise QueueDown
        self.sent.append((agency, message))


@pytest.fixture
def queues() -> Queues:
    return Queues()


def present_one(store: ComplaintStore | ComplaintStoreTwin, number: str) -> Complaint:
    found = store.get(number)
    assert found is not None
    return found


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


class TestNews:
    """What others do to a complaint reaches the agency that has it."""

    @staticmethod
    def answered(store: Any, before: Complaint, *entries: Any) -> Complaint:
        """Let steps be taken that the agency is to be told of, one after the other."""
        store.submit(before)
        for entry in entries:
            stepped = replace(before, version=entry.version, not_fixed=before.not_fixed + 1)
            after = marks.to_tell(stepped, entry.action_id, LATER)
            store.record_action(before, after, entry)
            before = after
        return before

    def test_a_step_of_another_is_told_with_its_words(self, store, queues):
        entry = an_entry(
            action=Action.ANSWER,
            status=Status.IN_PROGRESS,
            actor="reporter",
            public_note="Di depan nomor 12.",
            photo_ids=("01HZX3K9V7Q2M4N8P6R5S0T0WY",),
        )
        complaint = self.answered(store, a_complaint(status=Status.IN_PROGRESS), entry)
        deliver(to_deliver(complaint), now=LATER, store=store, send=queues.send)
        ((agency, message),) = queues.sent
        assert agency == "semarang-dpu"
        assert message == {
            "type": "complaint_changed.v1",
            "message_id": f"{complaint.complaint_id}:v3",
            "complaint_id": complaint.complaint_id,
            "jurisdiction_id": "semarang",
            "assignment_no": 1,
            "version": 3,
            "agency": "semarang-dpu",
            "action": "answer",
            "status": "in_progress",
            "note": "Di depan nomor 12.",
            "photos": 1,
            "not_fixed": 1,
            "code": None,
            "until": None,
            "at": "2026-11-20T05:00:00.000Z",
        }
        after = present_one(store, complaint.complaint_id)
        assert (after.undelivered_since, after.undelivered_action) == (None, None)

    def test_what_anyone_says_is_told_to_the_agency_alone(self, store, queues):
        entry = an_entry(action=Action.NOT_FIXED, internal_note="Masih gelap.", actor="anyone")
        complaint = self.answered(store, a_complaint(status=Status.RESOLVED), entry)
        deliver(to_deliver(complaint), now=LATER, store=store, send=queues.send)
        ((_, message),) = queues.sent
        assert message["note"] == "Masih gelap."

    def test_several_steps_are_each_told_in_their_order(self, store, queues):
        entries = [
            an_entry(version=version, action=Action.NOT_FIXED, internal_note=f"{version}")
            for version in (3, 4, 5)
        ]
        complaint = self.answered(store, a_complaint(status=Status.RESOLVED), *entries)
        deliver(to_deliver(complaint), now=LATER, store=store, send=queues.send)
        assert [message["note"] for _, message in queues.sent] == ["3", "4", "5"]
        assert {message["version"] for _, message in queues.sent} == {5}
        assert len({message["message_id"] for _, message in queues.sent}) == 3

    def test_an_assignment_that_was_not_sent_yet_comes_before_them(self, store, queues):
        before = a_complaint(status=Status.IN_PROGRESS, undelivered_since=undelivered_mark(NOW, 2))
        complaint = self.answered(store, before, an_entry(action=Action.ANSWER))
        deliver(to_deliver(complaint), now=LATER, store=store, send=queues.send)
        assert [message["type"] for _, message in queues.sent] == [
            "complaint_assigned.v1",
            "complaint_changed.v1",
        ]

    def test_a_step_taken_while_another_is_told_keeps_its_mark(self, store, queues):
        first, second = (
            an_entry(version=version, action=Action.NOT_FIXED, at=NOW) for version in (3, 4)
        )
        complaint = self.answered(store, a_complaint(status=Status.RESOLVED), first)

        def another_meanwhile(agency: str, message: Any) -> None:
            queues.send(agency, message)
            before = present_one(store, complaint.complaint_id)
            later = LATER + timedelta(seconds=1)
            after = marks.to_tell(replace(before, version=4), second.action_id, later)
            store.record_action(before, after, second)

        deliver(to_deliver(complaint), now=LATER, store=store, send=another_meanwhile)
        after = present_one(store, complaint.complaint_id)
        assert [one.action_id for one in marks.untold(after)] == [
            first.action_id,
            second.action_id,
        ]

    def test_a_failed_send_leaves_the_mark_and_the_repeat_tells_everything(self, store, queues):
        complaint = self.answered(store, a_complaint(status=Status.RESOLVED), an_entry())
        queues.down = True
        with pytest.raises(QueueDown):
            deliver(to_deliver(complaint), now=LATER, store=store, send=queues.send)
        assert present_one(store, complaint.complaint_id) == complaint
        queues.down = False
        for _ in range(2):
            deliver(to_deliver(complaint), now=LATER, store=store, send=queues.send)
        assert len(queues.sent) == 1

    def test_what_was_said_when_it_was_reopened_comes_with_the_new_assignment(self, store, queues):
        before = a_complaint(status=Status.RESOLVED)
        store.submit(before)
        said = an_entry(action=Action.REOPEN, public_note="Masih berlubang.")
        again = an_assignment(2, rule="reopened")
        reopened = replace(
            before, status=Status.REOPENED, version=3, assignments=(*before.assignments, again)
        )
        after = marks.to_assign(reopened, LATER, said_in=said.action_id)
        store.record_action(before, after, said)
        deliver(to_deliver(after), now=LATER, store=store, send=queues.send)
        ((agency, message),) = queues.sent
        assert (agency, message["type"]) == ("semarang-dpu", "complaint_assigned.v1")
        assert (message["assignment_no"], message["rule"]) == (2, "reopened")
        assert message["note"] == "Masih berlubang."

    def test_a_step_that_is_not_there_is_an_error_and_keeps_its_mark(self, store, queues):
        lost = a_complaint(
            status=Status.RESOLVED,
            undelivered_since=undelivered_mark(NOW, 2),
            undelivered_action="lost",
        )
        store.submit(lost)
        with pytest.raises(LookupError, match="has no step lost"):
            deliver(to_deliver(lost), now=LATER, store=store, send=queues.send)
        assert present_one(store, lost.complaint_id) == lost

    def test_what_was_withdrawn_before_it_was_routed_is_never_routed(self, store, queues):
        complaint = a_complaint()
        store.submit(complaint)
        event = to_deliver(complaint)
        withdrawn = replace(complaint, status=Status.WITHDRAWN, version=2, undelivered_since=None)
        store.record_action(complaint, withdrawn, an_entry(action=Action.WITHDRAW, agency=None))
        assert deliver(event, now=LATER, store=store, send=queues.send) is None
        assert queues.sent == []
        assert present_one(store, complaint.complaint_id) == withdrawn


def rerouted(**changes: Any) -> Complaint:
    """Return a complaint that DPU gave back, in another category, waiting for a decision."""
    given: dict[str, Any] = {
        "version": 4,
        "assignments": (
            an_assignment(1),
            an_assignment(2, "semarang-diskominfo", rule="returned"),
        ),
        "service_code": "sampah",
        "visibility_chosen": False,
        "undelivered_since": undelivered_mark(NOW, 4),
    }
    return a_complaint(**(given | changes))


class TestRerouted:
    def test_it_is_decided_anew_and_keeps_its_past(self, store, queues):
        complaint = rerouted()
        store.submit(complaint)
        deliver(to_deliver(complaint), now=LATER, store=store, send=queues.send)
        after = present_one(store, complaint.complaint_id)
        assert (after.status, after.version) == (Status.ASSIGNED, 5)
        assert [(one.no, one.agency) for one in after.assignments] == [
            (1, "semarang-dpu"),
            (2, "semarang-diskominfo"),
            (3, "semarang-dlh"),
        ]
        ((agency, message),) = queues.sent
        assert (agency, message["assignment_no"], message["version"]) == ("semarang-dlh", 3, 5)

    def test_its_pauses_count_by_the_law_and_the_promise_begins_anew(self, store, queues):
        complaint, monday = rerouted(version=1), NOW + timedelta(days=3)
        store.submit(complaint)
        for version, at, status, action in (
            (2, NOW, Status.NEEDS_INFORMATION, Action.ASK),
            (3, monday, Status.RETURNED, Action.RETURN),
            (4, monday, Status.RECEIVED, Action.REROUTE),
        ):
            entry = an_entry(version=version, at=at, status=status, action=action)
            before, complaint = complaint, replace(complaint, version=version)
            store.record_action(before, complaint, entry)
        deliver(to_deliver(complaint), now=LATER, store=store, send=queues.send)
        after = present_one(store, complaint.complaint_id)
        assert after.due_at == monday + timedelta(hours=48)
        law = due(SEMARANG.deadlines.legal["complaint"], NOW, SEMARANG.days_off)
        assert after.legal_due_at == law + timedelta(days=1)

    def test_who_gave_it_back_does_not_get_it_again(self, store, queues):
        complaint = rerouted(service_code="jalan-rusak")
        store.submit(complaint)
        deliver(to_deliver(complaint), now=LATER, store=store, send=queues.send)
        after = present_one(store, complaint.complaint_id).assignment
        assert after is not None
        assert (after.no, after.agency, after.rule) == (3, "semarang-diskominfo", "given-back")

    def test_the_event_of_an_older_version_decides_nothing(self, store, queues):
        first = a_complaint()
        complaint = rerouted(complaint_id=first.complaint_id)
        store.submit(complaint)
        assert deliver(to_deliver(first), now=LATER, store=store, send=queues.send) is None
        assert present_one(store, complaint.complaint_id) == complaint
        pending: Any = {
            "type": "assignment_pending.v1",
            "complaint_id": complaint.complaint_id,
            "assignment_no": 2,
        }
        assert deliver(pending, now=LATER, store=store, send=queues.send) is None
        assert queues.sent == []

    @pytest.mark.parametrize(
        ("visibility", "chosen", "to", "after"),
        [
            ("public", False, "sampah", "public"),
            ("secret", False, "sampah", "secret"),  # what was hidden stays so
            ("public", False, "pungli", "secret"),
            ("private", True, "sampah", "private"),
        ],
    )
    def test_a_second_decision_lets_no_more_people_read_it(
        self, store, queues, visibility, chosen, to, after
    ):
        complaint = rerouted(service_code=to, visibility=visibility, visibility_chosen=chosen)
        store.submit(complaint)
        deliver(to_deliver(complaint), now=LATER, store=store, send=queues.send)
        assert present_one(store, complaint.complaint_id).visibility == after
