"""What an action does to a complaint, and who may take it: the law, acted out at random."""

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
from functions.agency_routing.requests import AT_A_DESK, ActionRequest
from shared.clock import to_text
from shared.complaints.acting import Change, IllegalAction, VersionConflict
from shared.complaints.clocks import wound
from shared.complaints.items import undelivered_mark
from shared.complaints.law import (
    ACTORS,
    DONE,
    OPEN,
    TRANSITIONS,
    Action,
    Actor,
    Note,
    Status,
    allowed,
)
from shared.complaints.record import Assignment, Complaint
from shared.desk import DATED
from shared.errors import Fault, Forbidden, InvalidInput, Problem
from shared.text import Text
from tests.builders import (
    NOW,
    a_complaint,
    an_action,
    an_agency_caller,
    an_assignment,
    an_operator,
)
from tests.small_config import SEMARANG

pytestmark = pytest.mark.usefixtures("small_config")

LATER = NOW + timedelta(hours=1)
AGENCIES = ("semarang-dpu", "semarang-dlh", "semarang-inspektorat", "jateng-sp4n")


def request_of(action: Action | str, **changes: Any) -> ActionRequest:
    return ActionRequest.model_validate(an_action(action, **changes), strict=False)


BOTH = frozenset({Actor.AGENCY, Actor.DESK})


def take(complaint: Complaint, action: Action | str, **changes: Any) -> Change:
    changes = {"expected_version": complaint.version, **changes}
    roles = BOTH & ACTORS[Action(action)]
    return work.apply(
        complaint,
        request_of(action, **changes),
        an_agency_caller(),
        roles,
        LATER,
        SEMARANG,
        into=SAME if action is Action.MERGE else None,
    )


def enough(action: Action) -> dict[str, Any]:
    """What an action needs to be taken."""
    merging = {"into": SAME.complaint_id} if action is Action.MERGE else {}
    return {"public_note": "Sudah kami kerjakan."} | merging | NEEDED.get(action, {})


NEEDED: dict[Action, dict[str, Any]] = {
    Action.ASSIGN: {"agency": "semarang-dlh"},
    Action.SPLIT: {"parts": [{"agency": "semarang-dlh"}, {"agency": "jateng-sp4n"}]},
    Action.SCHEDULE: {"until": "2026-11-27"},
    Action.RESOLVE_CONDITIONALLY: {"until": "2026-11-27"},
    Action.REJECT: {"reason": "proses-hukum"},
    Action.REDACT: {"public_description": "Jalan berlubang"},
}


def at(status: Status, action: Action) -> Complaint:
    """A complaint on which an action may make sense: nothing is shown that is not hidden."""
    return a_complaint(status=status, hidden=action is Action.SHOW)


ANSWER = Text("Tulis jawaban untuk warga.", "Write the answer that the citizen will read.")
EITHER = Text("Tulis catatan publik atau internal.", "Write a public or an internal note.")
ASSIGNED = a_complaint(status=Status.ASSIGNED)
SAME = a_complaint(status=Status.ACCEPTED)
AT_TRIAGE = a_complaint(status=Status.RETURNED, agency="semarang-diskominfo")


DESK_ACTIONS = [Action(one) for one in AT_A_DESK]
#: What is about other complaints as well: `test_split`, `test_merge` and `test_conversation`.
FAMILY = (Action.SPLIT, Action.MERGE, Action.UNMERGE)


@pytest.mark.parametrize(
    ("status", "action"),
    [
        (status, action)
        for (status, action), one in TRANSITIONS.items()
        if action in DESK_ACTIONS
        and BOTH.intersection(one.by)
        and status is not Status.RECEIVED  # nothing before the first decision: see below
    ],
)
def test_what_the_law_allows_is_done(status, action):
    complaint = at(status, action)
    change = take(complaint, action, **enough(action))
    assert change.complaint.status is TRANSITIONS[status, action].to
    assert change.complaint.version == complaint.version + 1
    assert change.complaint.updated_at == LATER


@pytest.mark.parametrize(
    ("status", "action"),
    [
        (status, action)
        for status in (*OPEN, Status.RESOLVED)
        for action in DESK_ACTIONS
        if not BOTH.intersection(getattr(TRANSITIONS.get((status, action)), "by", ()))
    ],
)
def test_what_the_law_does_not_allow_is_refused_with_what_it_does(status, action):
    with pytest.raises(IllegalAction) as caught:
        take(a_complaint(status=status), action, **enough(action))
    assert caught.value.detail is not None
    assert f"Cannot {action} while {status}; possible: " in caught.value.detail.en
    possible = caught.value.detail.en.split("possible: ")[1].removesuffix(".").split(", ")
    lawful = [str(one) for one in allowed(status, ACTORS[action] & BOTH) if one is not Action.SHOW]
    assert possible == (lawful or ["–"])


@pytest.mark.parametrize(
    ("action", "notes", "field", "what_to_do"),
    [
        (Action.RESOLVE, {}, "public_note", ANSWER),
        (Action.RESOLVE, {"public_note": " \n"}, "public_note", ANSWER),
        (Action.RESOLVE, {"internal_note": "Beres"}, "public_note", ANSWER),
        (Action.RETURN, {}, "internal_note", EITHER),
        (Action.RETURN, {"public_note": " ", "internal_note": ""}, "internal_note", EITHER),
        (Action.NOTE, {}, "internal_note", EITHER),
    ],
)
def test_an_action_without_the_words_it_needs_is_refused_with_what_to_write(
    action, notes, field, what_to_do
):
    with pytest.raises(InvalidInput) as caught:
        take(a_complaint(status=Status.ACCEPTED), action, **notes)
    assert caught.value.faults == (Fault(field, "missing", what_to_do),)


@pytest.mark.parametrize("notes", [{"public_note": "Kami cek"}, {"internal_note": "Cek alat"}])
def test_either_note_is_enough_for_a_note_and_for_a_return(notes):
    for action in (Action.NOTE, Action.RETURN):
        entry = take(ASSIGNED, action, **notes).entry
        assert (entry.public_note, entry.internal_note) == (
            notes.get("public_note"),
            notes.get("internal_note"),
        )


def test_an_entry_says_what_was_done_by_whom_and_when():
    request = request_of(Action.ACCEPT, internal_note="Tim A")
    entry = work.apply(ASSIGNED, request, an_agency_caller(), BOTH, LATER, SEMARANG).entry
    assert entry.action_id == str(request.action_id)
    assert entry.fingerprint == work.fingerprint(request)
    assert (entry.version, entry.at, entry.action, entry.status) == (
        3,
        LATER,
        Action.ACCEPT,
        Status.ACCEPTED,
    )
    assert (entry.agency, entry.to_agency, entry.actor) == (
        "semarang-dpu",
        None,
        "client:semarang-dpu",
    )
    assert entry.internal_note == "Tim A"


def test_a_return_moves_the_complaint_to_triage_and_marks_it_for_delivery():
    change = take(ASSIGNED, Action.RETURN, internal_note="Jalan provinsi")
    moved = change.complaint.assignments[-1]
    assert (moved.no, moved.agency, moved.rule, moved.at) == (
        2,
        "semarang-diskominfo",
        "returned",
        LATER,
    )
    assert moved.because == Text(
        "Dikembalikan dinas; petugas akan memilah ulang.",
        "Returned by the agency; an operator will sort it again.",
    )
    assert change.complaint.undelivered_since == undelivered_mark(LATER, 3)
    assert (change.entry.agency, change.entry.to_agency) == ("semarang-dpu", "semarang-diskominfo")


def test_an_operator_assigns_and_marks_it_for_delivery():
    change = take(AT_TRIAGE, Action.ASSIGN, agency="semarang-dlh")
    moved = change.complaint.assignments[-1]
    assert (moved.no, moved.agency, moved.rule) == (2, "semarang-dlh", "operator")
    assert moved.because == Text(
        "Ditetapkan oleh petugas Diskominfo.", "Decided by a Diskominfo operator."
    )
    assert change.complaint.undelivered_since == undelivered_mark(LATER, 3)
    assert change.complaint.assignments[:-1] == AT_TRIAGE.assignments


@pytest.mark.parametrize(
    "action",
    [one for one in DESK_ACTIONS if Actor.AGENCY in ACTORS[one] and one is not Action.RETURN],
)
def test_an_action_that_moves_nothing_leaves_mark_and_assignments_alone(action):
    first = action in (Action.ACCEPT, Action.ACKNOWLEDGE)
    status = Status.ASSIGNED if first else Status.ACCEPTED
    complaint = a_complaint(status=status, undelivered_since="2026-11-20T05:00:00.000Z#1")
    after = take(complaint, action, **enough(action)).complaint
    assert unseen(after.assignments) == complaint.assignments
    assert after.undelivered_since == complaint.undelivered_since


@pytest.mark.parametrize("status", [Status.ASSIGNED, Status.ACCEPTED])
def test_triage_cannot_return_to_itself(status):
    complaint = a_complaint(status=status, agency="semarang-diskominfo")
    with pytest.raises(IllegalAction):
        take(complaint, Action.RETURN, internal_note="?")


@pytest.mark.parametrize("agency", ["semarang-dpu", "semarang-dlh", "jateng-sp4n"])
def test_an_operator_may_assign_to_an_own_agency_or_hand_over(agency):
    after = take(AT_TRIAGE, Action.ASSIGN, agency=agency).complaint
    assert after.assignment is not None
    assert after.assignment.agency == agency


@pytest.mark.parametrize(
    ("agency", "code", "hint"),
    [
        (None, "missing", "Name the agency"),
        ("semarang-diskominfo", "unknown_agency", "cannot be assigned to: it has this complaint"),
        ("semarang-pasar", "unknown_agency", "cannot be assigned to"),  # retired
        ("jateng-dpubmck", "unknown_agency", "only these may be handed over to: jateng-sp4n."),
        ("semarang-dpuu", "unknown_agency", "Did you mean “semarang-dpu”?"),
        ("semarang-qqqqqqqqqqqqqqqq", "unknown_agency", "This agency cannot be assigned to."),
    ],
)
def test_an_agency_that_cannot_have_it_is_refused(agency, code, hint):
    with pytest.raises(InvalidInput) as caught:
        take(AT_TRIAGE, Action.ASSIGN, agency=agency)
    ((fault,),) = [caught.value.faults]
    assert (fault.field, fault.code) == ("agency", code)
    assert hint in fault.message.en


def test_an_agency_that_was_misspelt_is_refused_with_the_one_it_may_have_meant():
    with pytest.raises(InvalidInput) as caught:
        take(AT_TRIAGE, Action.ASSIGN, agency="semarang-dpuu")
    assert caught.value.faults[0].message == Text(
        "Dinas ini tidak bisa ditugasi. Maksudnya “semarang-dpu”?",
        "This agency cannot be assigned to. Did you mean “semarang-dpu”?",
    )


def test_an_own_agency_of_no_likeness_is_refused_without_a_guess():
    with pytest.raises(InvalidInput) as caught:
        take(AT_TRIAGE, Action.ASSIGN, agency="semarang-qqqqqqqqqqqqqqqq")
    assert caught.value.faults[0].message.en == "This agency cannot be assigned to."
    assert caught.value.faults[0].message.id == "Dinas ini tidak bisa ditugasi."


def test_of_agencies_elsewhere_those_are_named_that_may_be_handed_over_to():
    with pytest.raises(InvalidInput) as caught:
        take(AT_TRIAGE, Action.ASSIGN, agency="jateng-dpubmck")
    assert caught.value.faults[0].message.id == (
        "Dinas ini tidak bisa ditugasi; ke luar hanya bisa diserahkan kepada: jateng-sp4n."
    )


def test_the_agency_that_has_it_is_not_mistaken_for_another():
    with pytest.raises(InvalidInput) as caught:
        take(AT_TRIAGE, Action.ASSIGN, agency="semarang-diskominfo")
    assert caught.value.faults[0].message.id == (
        "Dinas ini tidak bisa ditugasi: laporan ini sudah ada padanya."
    )


def test_a_version_that_is_not_the_present_one_is_refused():
    for version in (1, 3):
        with pytest.raises(VersionConflict):
            take(ASSIGNED, Action.ACCEPT, expected_version=version)


def test_an_action_on_an_older_assignment_is_refused():
    moved = a_complaint(
        status=Status.ASSIGNED, assignments=(an_assignment(1), an_assignment(2, "semarang-dlh"))
    )
    with pytest.raises(work.StaleAssignment):
        take(moved, Action.ACCEPT, assignment_no=1)
    assert take(moved, Action.ACCEPT, assignment_no=2).complaint.status is Status.ACCEPTED


def test_nothing_can_be_done_before_the_first_decision():
    with pytest.raises(IllegalAction, match="not routed yet"):
        take(a_complaint(), Action.ASSIGN, agency="semarang-dlh")


def test_triage_is_not_told_that_it_could_return_a_complaint_to_itself():
    at_triage = a_complaint(status=Status.RETURNED, agency=SEMARANG.triage)
    with pytest.raises(IllegalAction) as caught:
        take(at_triage, Action.RETURN, internal_note="x")
    assert "return," not in str(caught.value)


def test_an_agency_is_named_with_an_assignment_only():
    with pytest.raises(InvalidInput) as caught:
        take(a_complaint(status=Status.ASSIGNED), Action.ACCEPT, agency="semarang-dlh")
    assert caught.value.faults[0].code == "not_with_this_action"


def test_a_repeat_may_have_seen_a_newer_version():
    body = an_action(Action.NOTE, public_note="a")
    first, again = (
        ActionRequest.model_validate(body | {"expected_version": version}, strict=False)
        for version in (2, 3)
    )
    assert work.fingerprint(first) == work.fingerprint(again)


def test_a_former_agency_learns_that_its_assignment_was_replaced_and_no_one_else_does():
    moved = a_complaint(
        status=Status.ASSIGNED, assignments=(an_assignment(1), an_assignment(2, "semarang-dlh"))
    )
    former, stranger = an_agency_caller(), an_agency_caller("semarang-dishub")
    on_the_first = request_of(Action.ACCEPT, assignment_no=1)
    with pytest.raises(work.StaleAssignment):
        work.authorize(moved, on_the_first, former)
    for request, caller in (
        (on_the_first, stranger),
        (request_of(Action.ACCEPT), former),
        (request_of(Action.ACCEPT, assignment_no=2), former),
    ):
        with pytest.raises(Forbidden):
            work.authorize(moved, request, caller)


def test_an_older_assignment_is_told_before_an_older_version():
    moved = a_complaint(
        status=Status.ASSIGNED, assignments=(an_assignment(1), an_assignment(2, "semarang-dlh"))
    )
    with pytest.raises(work.StaleAssignment):
        take(moved, Action.ACCEPT, assignment_no=1, expected_version=1)


@pytest.mark.parametrize(
    ("caller", "action", "agency", "may"),
    [
        (an_agency_caller(), Action.ACCEPT, "semarang-dpu", True),
        (an_agency_caller("semarang-dlh"), Action.ACCEPT, "semarang-dpu", False),
        (an_agency_caller(), Action.ASSIGN, "semarang-dpu", False),
        (an_operator(), Action.ASSIGN, "semarang-dpu", True),
        (an_operator(), Action.ACCEPT, "semarang-dpu", False),
        (an_operator(), Action.ACCEPT, "semarang-diskominfo", True),
        (an_operator("jateng"), Action.ASSIGN, "semarang-dpu", False),
        (an_operator("jateng"), Action.ASSIGN, "jateng-sp4n", False),
        (an_agency_caller("jateng-sp4n"), Action.RESOLVE, "jateng-sp4n", True),
    ],
)
def test_an_agency_works_what_is_its_own_and_a_desk_assigns_what_entered_there(
    caller, action, agency, may
):
    complaint = a_complaint(status=Status.ASSIGNED, agency=agency)
    request = request_of(action)
    if may:
        work.authorize(complaint, request, caller)
    else:
        with pytest.raises(Forbidden):
            work.authorize(complaint, request, caller)


def test_nobody_works_what_is_not_assigned():
    with pytest.raises(Forbidden) as caught:
        work.authorize(a_complaint(), request_of(Action.ACCEPT), an_agency_caller())
    assert caught.value.detail == Text(
        "Laporan ini bukan tugas Anda.", "This complaint is not yours to work on."
    )


def test_a_fingerprint_tells_a_repeat_from_another_action():
    body = an_action(Action.NOTE, public_note="a")
    same = ActionRequest.model_validate(body, strict=False)
    assert work.fingerprint(same) == work.fingerprint(
        ActionRequest.model_validate(dict(reversed(body.items())), strict=False)
    )
    for change in ({"public_note": "b"}, {"assignment_no": 3}, {"action": "accept"}):
        other = ActionRequest.model_validate(body | change, strict=False)
        assert work.fingerprint(other) != work.fingerprint(same)


def unseen(assignments: tuple[Assignment, ...]) -> tuple[Assignment, ...]:
    """Assignments as before their agencies showed that they knew of them."""
    return tuple(replace(one, acknowledged_at=None, accepted_at=None) for one in assignments)


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
