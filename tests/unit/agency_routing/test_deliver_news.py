"""News of a complaint reaches the agency that has it; a rerouted one is decided anew."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from functions.agency_routing.deliver import deliver
from shared.complaints import marks
from shared.complaints.events import to_deliver
from shared.complaints.items import undelivered_mark
from shared.complaints.law import Action, Status
from shared.complaints.record import Complaint
from shared.working_days import due
from tests.builders import NOW, a_complaint, an_assignment, an_entry
from tests.small_config import SEMARANG
from tests.unit.agency_routing.queues import LATER, QueueDown, present_one

pytestmark = pytest.mark.usefixtures("small_config")


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
