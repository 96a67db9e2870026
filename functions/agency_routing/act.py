"""Takes an action once: reads the complaint, applies the law, writes change and entry together."""

from datetime import datetime
from typing import Protocol

from functions.agency_routing import work
from functions.agency_routing.requests import ActionRequest
from functions.agency_routing.views import ActionOutcome
from shared import config
from shared.access import Caller
from shared.complaints.record import Complaint, TimelineEntry
from shared.complaints.store import ActionRepeated, StaleVersion
from shared.errors import Conflict, Forbidden, NotFound


class Store(Protocol):
    """What an action needs of the complaint store."""

    def get(self, complaint_id: str) -> Complaint | None:
        """Return a complaint as it is now."""
        ...

    def action(self, complaint_id: str, action_id: str) -> TimelineEntry | None:
        """Return the entry that an action made."""
        ...

    def record_action(self, before: Complaint, after: Complaint, entry: TimelineEntry) -> None:
        """Write change and entry together."""
        ...


def act(
    complaint_id: str, request: ActionRequest, caller: Caller, *, now: datetime, store: Store
) -> ActionOutcome:
    """Take an action, or answer a repeated one as the first time.

    Whether it is a repeat is looked up only when something stands in the way, since that is
    what a repeat meets: its own doing.

    Raises:
        NotFound: there is no such complaint.
        Forbidden: it is not the caller's to work on.
        Conflict: its version, assignment or status does not allow the action.
    """
    complaint = store.get(complaint_id)
    if complaint is None:
        raise NotFound
    try:
        work.authorize(complaint, request, caller)
        change = work.apply(complaint, request, caller, now, config.load(complaint.jurisdiction_id))
        store.record_action(complaint, change.complaint, change.entry)
    except (Conflict, Forbidden) as refusal:
        return _repeated(complaint_id, request, caller, store, refusal)
    except (ActionRepeated, StaleVersion):
        return _repeated(complaint_id, request, caller, store, work.VersionConflict())
    return _outcome(complaint_id, change.entry)


def _repeated(
    complaint_id: str, request: ActionRequest, caller: Caller, store: Store, refusal: Exception
) -> ActionOutcome:
    """Return what the action did when it was first taken; if it never was, refuse it."""
    entry = store.action(complaint_id, str(request.action_id))
    if entry is None or entry.actor != caller.id:
        raise refusal
    if entry.fingerprint != work.fingerprint(request):
        raise work.ActionIdReused
    return _outcome(complaint_id, entry)


def _outcome(complaint_id: str, entry: TimelineEntry) -> ActionOutcome:
    return ActionOutcome(
        complaint_id=complaint_id,
        action_id=entry.action_id,
        version=entry.version,
        status=entry.status,
        agency=entry.to_agency or entry.agency,
    )
