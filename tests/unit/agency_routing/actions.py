"""Actions as an agency or a desk asks for them."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from functions.agency_routing import work
from functions.agency_routing.requests import AT_A_DESK, ActionRequest
from shared.complaints.acting import Change
from shared.complaints.law import (
    ACTORS,
    Action,
    Actor,
    Status,
)
from shared.complaints.record import Assignment, Complaint
from tests.builders import (
    NOW,
    a_complaint,
    an_action,
    an_agency_caller,
)
from tests.small_config import SEMARANG

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


SAME = a_complaint(status=Status.ACCEPTED)
DESK_ACTIONS = [Action(one) for one in AT_A_DESK]
#: What is about other complaints as well: `test_split`, `test_merge` and `test_conversation`.
FAMILY = (Action.SPLIT, Action.MERGE, Action.UNMERGE)


def unseen(assignments: tuple[Assignment, ...]) -> tuple[Assignment, ...]:
    """Assignments as before their agencies showed that they knew of them."""
    return tuple(replace(one, acknowledged_at=None, accepted_at=None) for one in assignments)
