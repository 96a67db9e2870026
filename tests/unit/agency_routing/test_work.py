"""What an action does to a complaint, and who may take it: the law, acted out at random."""

import pytest

from functions.agency_routing import work
from functions.agency_routing.requests import ActionRequest
from shared.complaints.acting import IllegalAction, VersionConflict
from shared.complaints.items import undelivered_mark
from shared.complaints.law import (
    ACTORS,
    OPEN,
    TRANSITIONS,
    Action,
    Actor,
    Status,
    allowed,
)
from shared.errors import Fault, Forbidden, InvalidInput
from shared.text import Text
from tests.builders import (
    a_complaint,
    an_action,
    an_agency_caller,
    an_assignment,
    an_operator,
)
from tests.small_config import SEMARANG
from tests.unit.agency_routing.actions import (
    BOTH,
    DESK_ACTIONS,
    LATER,
    at,
    enough,
    request_of,
    take,
    unseen,
)

pytestmark = pytest.mark.usefixtures("small_config")


ANSWER = Text("Tulis jawaban untuk warga.", "Write the answer that the citizen will read.")
EITHER = Text("Tulis catatan publik atau internal.", "Write a public or an internal note.")
ASSIGNED = a_complaint(status=Status.ASSIGNED)
AT_TRIAGE = a_complaint(status=Status.RETURNED, agency="semarang-diskominfo")


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
