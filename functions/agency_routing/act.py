"""Takes an agency's or an operator's action once."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from functions.agency_routing import work
from functions.agency_routing.requests import ActionRequest
from functions.agency_routing.views import ActionOutcome
from shared import config, ids
from shared.access import Caller
from shared.complaints.acting import Change, Store, take
from shared.complaints.examples import example_values
from shared.complaints.law import Action
from shared.complaints.record import Complaint


def act(
    complaint_id: str, request: ActionRequest, caller: Caller, *, now: datetime, store: Store
) -> ActionOutcome:
    """Take an action, or answer a repeated one as the first time.

    Raises:
        NotFound: there is no such complaint.
        Forbidden: it is not the caller's to work on.
        Conflict: its version, assignment or status does not allow the action.
    """

    def change(complaint: Complaint) -> Change:
        roles = work.authorize(complaint, request, caller)
        jurisdiction = config.load(complaint.jurisdiction_id)
        into = ids.read_complaint_number(request.into or "")
        made = work.apply(
            complaint,
            request,
            caller,
            roles,
            now,
            jurisdiction,
            into=store.get(into) if into else None,
        )
        return replace(made, learned=_learned(complaint, made))

    entry = take(
        complaint_id,
        str(request.action_id),
        actor=caller.id,
        fingerprint=work.fingerprint(request),
        change=change,
        store=store,
    )
    agency = entry.to_agency or entry.agency
    if agency is None:
        raise ValueError(f"action {entry.action_id} belongs to no agency")
    return ActionOutcome(
        complaint_id=complaint_id,
        action_id=entry.action_id,
        version=entry.version,
        status=entry.status,
        agency=agency,
        related=list(entry.related),
    )


def _learned(before: Complaint, made: Change) -> Mapping[str, Any] | None:
    """Return the labelled example that an operator's assignment is, if it may be kept.

    Nothing of what the desk keeps from the public. The operator names an agency and no category.
    """
    entry = made.entry
    if entry.action is not Action.ASSIGN or entry.to_agency is None:
        return None
    if before.hidden or before.public_description:
        return None
    return example_values(before, entry.to_agency, None, entry.at)
