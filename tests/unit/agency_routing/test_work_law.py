"""Whatever is done in whatever order, a complaint stays lawful."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from functions.agency_routing import work
from functions.agency_routing.requests import ActionRequest
from shared.clock import to_text
from shared.complaints.clocks import wound
from shared.complaints.law import (
    ACTORS,
    DONE,
    TRANSITIONS,
    Action,
    Note,
    Status,
)
from shared.complaints.record import Complaint
from shared.desk import DATED
from shared.errors import Problem
from tests.builders import (
    NOW,
    a_complaint,
    an_operator,
)
from tests.small_config import SEMARANG
from tests.unit.agency_routing.actions import AGENCIES, BOTH, DESK_ACTIONS, FAMILY, unseen

pytestmark = pytest.mark.usefixtures("small_config")


def lawful(complaint: Complaint, request: ActionRequest) -> bool:
    """Say the law a second time, in one piece."""
    current = complaint.assignments[-1]
    transition = TRANSITIONS.get((complaint.status, request.action))
    public, internal = (request.public_note or "").strip(), (request.internal_note or "").strip()
    words = {Note.OPTIONAL: True, Note.PUBLIC: bool(public), Note.ANY: bool(public or internal)}
    return (
        transition is not None
        and not BOTH.isdisjoint(transition.by)
        and request.expected_version == complaint.version
        and request.assignment_no in (None, current.no)
        and words[transition.note]
        and not (request.action is Action.RETURN and current.agency == SEMARANG.triage)
        and (request.action is not Action.HIDE or not complaint.hidden)
        and (request.action is not Action.SHOW or complaint.hidden)
        and (
            request.agency in {*AGENCIES, SEMARANG.triage} - {current.agency}
            if request.action is Action.ASSIGN
            else request.agency is None
        )
        and (request.until is not None) == (request.action in DATED)
        and (request.reason is not None) == (request.action is Action.REJECT)
        and (request.public_description is not None) == (request.action is Action.REDACT)
    )


#: What actions may say of a complaint besides how it stands.
SAID = ("planned_at", "owed_by", "rejected_for", "hidden", "public_description")


class Law(RuleBasedStateMachine):
    """A complaint in the hands of agencies and operators who do whatever comes to mind."""

    complaint: Complaint
    now: datetime
    actions: int

    @initialize(agency=st.sampled_from([*AGENCIES, "semarang-diskominfo"]))
    def assigned(self, agency: str) -> None:
        self.complaint = a_complaint(status=Status.ASSIGNED, agency=agency)
        self.now, self.actions = NOW, 0

    @rule(
        action=st.sampled_from([one for one in DESK_ACTIONS if one not in FAMILY]),
        agency=st.none() | st.sampled_from([*AGENCIES, "semarang-pasar", "x"]),
        public_note=st.none() | st.sampled_from(["", "Sudah"]),
        internal_note=st.none() | st.sampled_from([" ", "Cek"]),
        behind=st.sampled_from([0, 0, 0, 1, -1]),
        assignment=st.sampled_from([None, 0, 0, 1]),
        more=st.sampled_from([True, True, True, False]),
    )
    def act(
        self,
        action: Action,
        agency: str | None,
        public_note: str | None,
        internal_note: str | None,
        behind: int,
        assignment: int | None,
        more: bool,
    ) -> None:
        before = self.complaint
        self.actions += 1
        self.now += timedelta(minutes=1)
        number = None if assignment is None else len(before.assignments) - assignment or None
        request = ActionRequest(
            action=action,
            action_id=UUID(int=self.actions, version=4),
            expected_version=max(1, before.version - behind),
            assignment_no=number,
            public_note=public_note,
            internal_note=internal_note,
            agency=agency,
            until=date(2026, 11, 27) if more is (action in DATED) else None,
            reason="proses-hukum" if more and action is Action.REJECT else None,
            public_description="Jalan" if more and action is Action.REDACT else None,
        )
        try:
            change = work.apply(
                before, request, an_operator(), BOTH & ACTORS[action], self.now, SEMARANG
            )
        except Problem:
            assert not lawful(before, request)
            return  # and, the complaint being a value, nothing has changed
        assert lawful(before, request)
        assert change.complaint.version == before.version + 1
        assert change.complaint.status is TRANSITIONS[before.status, action].to
        assert change.entry.status is change.complaint.status
        assert (change.entry.version, change.entry.at) == (change.complaint.version, self.now)
        moves = action in (Action.RETURN, Action.ASSIGN, Action.REOPEN)
        assert len(change.complaint.assignments) == len(before.assignments) + moves
        kept = change.complaint.assignments[: len(before.assignments)]
        assert unseen(kept) == unseen(before.assignments)
        assert (change.complaint.undelivered_since != before.undelivered_since) == moves
        assert moves or change.complaint.undelivered_action == before.undelivered_action
        unchanged: dict[str, Any] = {
            "version": before.version,
            "status": before.status,
            "updated_at": before.updated_at,
            "assignments": before.assignments,
            "undelivered_since": before.undelivered_since,
            "undelivered_action": before.undelivered_action,
            "closed_at": before.closed_at,
            "clock": before.clock,
            "clock_at": before.clock_at,
            "paused_at": before.paused_at,
            "due_at": before.due_at,
            "legal_due_at": before.legal_due_at,
            **{name: getattr(before, name) for name in SAID},
        }
        done = change.complaint.status in DONE
        assert (change.complaint.closed_at is not None) == done
        assert change.complaint == wound(change.complaint, SEMARANG)
        assert replace(change.complaint, **unchanged) == before
        self.complaint = change.complaint

    @invariant()
    def the_current_assignment_is_the_last_and_they_are_counted(self) -> None:
        assignments = self.complaint.assignments
        assert [one.no for one in assignments] == list(range(1, len(assignments) + 1))
        assert self.complaint.assignment is assignments[-1]

    @invariant()
    def no_agency_is_assigned_what_it_has(self) -> None:
        agencies = [one.agency for one in self.complaint.assignments]
        rules = [one.rule for one in self.complaint.assignments[1:]]
        pairs = zip(pairwise(agencies), rules, strict=True)
        assert all(one != other for (one, other), rule in pairs if rule != "reopened")

    @invariant()
    def what_belongs_to_a_status_is_there_with_it_and_only_then(self) -> None:
        status = self.complaint.status
        assert (self.complaint.owed_by is not None) == (status is Status.RESOLVED_CONDITIONALLY)
        assert (self.complaint.rejected_for is not None) == (status is Status.REJECTED)
        planned = status in (Status.IN_PROGRESS, Status.NEEDS_INFORMATION)
        assert self.complaint.planned_at is None or planned

    @invariant()
    def what_is_returned_lies_at_triage(self) -> None:
        assert self.complaint.assignment is not None
        at_triage = self.complaint.assignment.agency == SEMARANG.triage
        assert at_triage or self.complaint.status is not Status.RETURNED

    @invariant()
    def the_mark_is_of_when_the_current_assignment_was_made(self) -> None:
        mark, current = self.complaint.undelivered_since, self.complaint.assignments[-1]
        assert mark is None or mark.startswith(f"{to_text(current.at)}#")


TestLaw = Law.TestCase
TestLaw.settings = settings(max_examples=60, stateful_step_count=30)
