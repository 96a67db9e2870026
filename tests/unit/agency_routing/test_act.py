"""An action taken once, whatever is repeated or races; on the store and its twin."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from functions.agency_routing import work
from functions.agency_routing.act import act
from functions.agency_routing.requests import ActionRequest
from functions.agency_routing.views import ActionOutcome
from shared.access import Caller
from shared.complaints.acting import ActionIdReused, IllegalAction, VersionConflict
from shared.complaints.clocks import wound
from shared.complaints.law import Action, Status
from shared.complaints.record import Complaint
from shared.complaints.store import ComplaintStore
from shared.errors import Conflict, Forbidden, InvalidInput, NotFound
from tests.builders import (
    NOW,
    a_complaint,
    a_number,
    an_action,
    an_agency_caller,
    an_assignment,
    an_entry,
    an_operator,
)
from tests.small_config import SEMARANG
from tests.twins import ComplaintStoreTwin

pytestmark = pytest.mark.usefixtures("small_config")

Store = ComplaintStore | ComplaintStoreTwin
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def complaint(store: Store) -> Complaint:
    """A complaint that DPU has been sent."""
    assigned = a_complaint(status=Status.ASSIGNED)
    assert store.submit(assigned) is None
    return assigned


def request_of(action: Action | str, **changes: Any) -> ActionRequest:
    return ActionRequest.model_validate(an_action(action, **changes), strict=False)


def take(
    store: Store, number: str, request: ActionRequest, caller: Caller | None = None
) -> ActionOutcome:
    return act(number, request, caller or an_agency_caller(), now=LATER, store=store)


def test_an_action_changes_the_complaint_and_is_written_down(store, complaint):
    request = request_of(Action.ACCEPT, public_note="Kami cek besok.")
    outcome = take(store, complaint.complaint_id, request)
    assert outcome == ActionOutcome(
        complaint_id=complaint.complaint_id,
        action_id=str(request.action_id),
        version=3,
        status="accepted",
        agency="semarang-dpu",
        related=[],
    )
    found = store.with_timeline(complaint.complaint_id, consistent=True)
    assert found is not None
    after, (entry,) = found
    accepted = replace(
        complaint,
        status=Status.ACCEPTED,
        version=3,
        updated_at=LATER,
        assignments=(an_assignment(acknowledged_at=LATER, accepted_at=LATER),),
    )
    assert after == wound(accepted, SEMARANG)
    assert (entry.action_id, entry.public_note) == (outcome.action_id, "Kami cek besok.")


def test_a_repeated_action_is_answered_as_the_first_time_and_done_once(store, complaint):
    request = request_of(Action.ACCEPT)
    first = take(store, complaint.complaint_id, request)
    assert take(store, complaint.complaint_id, request) == first
    after, timeline = store.with_timeline(complaint.complaint_id, consistent=True)
    assert (after.version, len(timeline)) == (3, 1)


def test_a_repeat_is_answered_alike_even_after_others_acted(store, complaint):
    accept = request_of(Action.ACCEPT)
    first = take(store, complaint.complaint_id, accept)
    take(store, complaint.complaint_id, request_of(Action.START, expected_version=3))
    assert take(store, complaint.complaint_id, accept) == first


def test_a_repeated_return_is_answered_alike_though_it_is_another_agencys_by_now(store, complaint):
    request = request_of(Action.RETURN, internal_note="Jalan provinsi", assignment_no=1)
    first = take(store, complaint.complaint_id, request)
    assert (first.status, first.agency) == ("returned", "semarang-diskominfo")
    assert take(store, complaint.complaint_id, request) == first
    after = store.get(complaint.complaint_id)
    assert len(after.assignments) == 2


def test_a_repeated_assignment_is_answered_alike(store, complaint):
    request = request_of(Action.ASSIGN, agency="semarang-dlh")
    first = take(store, complaint.complaint_id, request, an_operator())
    assert first.agency == "semarang-dlh"
    assert take(store, complaint.complaint_id, request, an_operator()) == first


@pytest.mark.parametrize("change", [{"public_note": "Lain"}, {"assignment_no": 1}])
def test_an_action_id_used_for_another_action_is_refused(store, complaint, change):
    body = an_action(Action.NOTE, public_note="Kami cek besok.")
    first = ActionRequest.model_validate(body, strict=False)
    take(store, complaint.complaint_id, first)
    other = ActionRequest.model_validate(body | change, strict=False)
    with pytest.raises(ActionIdReused):
        take(store, complaint.complaint_id, other)
    assert store.get(complaint.complaint_id).version == 3


def test_another_callers_action_id_tells_nothing(store, complaint):
    request = request_of(Action.RETURN, internal_note="Jalan provinsi")
    take(store, complaint.complaint_id, request)
    with pytest.raises(Forbidden):
        take(store, complaint.complaint_id, request, an_agency_caller("semarang-dlh"))


def test_the_same_action_id_on_another_complaint_is_another_action(store, complaint):
    other = a_complaint(status=Status.ASSIGNED)
    store.submit(other)
    request = request_of(Action.ACCEPT)
    outcomes = [take(store, one.complaint_id, request) for one in (complaint, other)]
    assert [outcome.complaint_id for outcome in outcomes] == [
        complaint.complaint_id,
        other.complaint_id,
    ]


def test_an_action_on_a_version_past_is_refused(store, complaint):
    take(store, complaint.complaint_id, request_of(Action.ACCEPT))
    with pytest.raises(VersionConflict):
        take(store, complaint.complaint_id, request_of(Action.NOTE, public_note="x"))


def test_an_action_on_an_assignment_past_is_refused(store, complaint):
    take(
        store,
        complaint.complaint_id,
        request_of(Action.ASSIGN, agency="semarang-dlh"),
        an_operator(),
    )
    stale = request_of(Action.ACCEPT, assignment_no=1)
    with pytest.raises(work.StaleAssignment):
        take(store, complaint.complaint_id, stale, an_agency_caller("semarang-dlh"))


def test_an_illegal_action_is_refused_and_changes_nothing(store, complaint):
    with pytest.raises(IllegalAction):
        take(store, complaint.complaint_id, request_of(Action.START))
    assert store.get(complaint.complaint_id) == complaint


def test_an_action_without_its_note_is_bad_input(store, complaint):
    with pytest.raises(InvalidInput):
        take(store, complaint.complaint_id, request_of(Action.RETURN))


def test_another_agencys_complaint_is_forbidden(store, complaint):
    with pytest.raises(Forbidden):
        take(
            store,
            complaint.complaint_id,
            request_of(Action.ACCEPT),
            an_agency_caller("semarang-dlh"),
        )
    assert store.get(complaint.complaint_id) == complaint


def test_a_complaint_that_is_not_there_is_not_found(store):
    with pytest.raises(NotFound):
        take(store, a_number(), request_of(Action.ACCEPT))


def between_read_and_write(store: Any, monkeypatch: Any, happens: Any) -> None:
    """Let something happen once, after the complaint is read and before the change is written."""
    write = store.record_action

    def racing(*arguments: Any, **more: Any) -> None:
        monkeypatch.setattr(store, "record_action", write)
        happens()
        write(*arguments, **more)

    monkeypatch.setattr(store, "record_action", racing)


def test_of_two_actions_on_the_same_version_one_is_refused(store, complaint, monkeypatch):
    def another() -> None:
        take(store, complaint.complaint_id, request_of(Action.NOTE, internal_note="Duluan"))

    between_read_and_write(store, monkeypatch, another)
    with pytest.raises(VersionConflict):
        take(store, complaint.complaint_id, request_of(Action.ACCEPT))
    after, timeline = store.with_timeline(complaint.complaint_id, consistent=True)
    assert (after.version, after.status) == (3, Status.ASSIGNED)
    assert [entry.action for entry in timeline] == [Action.NOTE]


def test_of_the_same_action_sent_twice_at_once_both_are_answered_alike(
    store, complaint, monkeypatch
):
    request = request_of(Action.ACCEPT)
    outcomes = []
    between_read_and_write(
        store,
        monkeypatch,
        lambda: outcomes.append(take(store, complaint.complaint_id, request)),
    )
    outcomes.append(take(store, complaint.complaint_id, request))
    assert outcomes[0] == outcomes[1]
    after, timeline = store.with_timeline(complaint.complaint_id, consistent=True)
    assert (after.version, len(timeline)) == (3, 1)


def test_a_complaint_worked_to_its_end_can_still_be_noted(store, complaint):
    number = complaint.complaint_id
    for version, action in enumerate((Action.ACCEPT, Action.START, Action.RESOLVE), start=2):
        take(store, number, request_of(action, expected_version=version, public_note="Beres."))
    assert store.get(number).status is Status.RESOLVED
    with pytest.raises(Conflict):
        take(store, number, request_of(Action.RETURN, expected_version=5, internal_note="x"))
    outcome = take(
        store, number, request_of(Action.NOTE, expected_version=5, internal_note="Arsip")
    )
    assert (outcome.status, outcome.version) == ("resolved", 6)


def test_an_unused_entry_of_another_action_is_no_repeat(store, complaint):
    before = store.get(complaint.complaint_id)
    store.record_action(before, replace(before, version=3), an_entry())
    with pytest.raises(VersionConflict):
        take(store, complaint.complaint_id, request_of(Action.ACCEPT))


@pytest.mark.parametrize(
    ("action", "changes", "kept"),
    [
        (Action.ASSIGN, {}, True),
        (Action.ASSIGN, {"hidden": True}, False),
        (Action.ASSIGN, {"public_description": "Jalan"}, False),
        (Action.ASSIGN, {"visibility": "private"}, False),
        (Action.REJECT, {}, False),
    ],
)
def test_an_operators_assignment_is_kept_as_an_example_and_nothing_else_is(
    monkeypatch, action, changes, kept
):
    store = ComplaintStoreTwin()
    complaint = a_complaint(status=Status.ASSIGNED, **changes)
    store.submit(complaint)
    learned = []
    write = store.record_action

    def recording(*arguments: Any, **more: Any) -> None:
        learned.append(more["learned"])
        write(*arguments, **more)

    monkeypatch.setattr(store, "record_action", recording)
    said: dict[str, Any] = {
        Action.ASSIGN: {"agency": "semarang-dlh"},
        Action.REJECT: {"reason": "proses-hukum", "public_note": "x"},
    }[action]
    take(store, complaint.complaint_id, request_of(action, **said), an_operator())
    (one,) = learned
    assert (one is not None) == kept
    if one:
        assert (one["agency"], one["was_agency"], one["service_code"]) == (
            "semarang-dlh",
            "semarang-dpu",
            None,
        )
