"""Asks for a reporter to be forgotten: what they wrote is hidden at once, the rest erased soon after."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, Protocol
from uuid import UUID

from functions.complaint_intake import dialogue
from functions.complaint_intake.replies import Reply
from functions.complaint_intake.rights.forgetting import hidden
from shared import config
from shared.complaints.acting import ActionRepeated, StaleVersion, VersionConflict
from shared.complaints.clocks import wound
from shared.complaints.law import DONE, Action
from shared.complaints.record import Complaint, TimelineEntry
from shared.errors import NotFound
from shared.jurisdiction import Jurisdiction

#: UU PDP 27/2022: to be done within 3×24 hours of being asked for.
TERM: Final = timedelta(hours=72)
#: How often to try while others change the complaint.
_TRIES: Final = 3
#: The id of the step by which an open complaint is withdrawn. It has one of these at most.
_WITHDRAWAL: Final = UUID("5e5a5e5a-0000-4000-8000-000000000022")


class Store(Protocol):
    """What asking needs of the complaint store."""

    def get(self, complaint_id: str) -> Complaint | None:
        """Return a complaint as it is now."""
        ...

    def record_action(self, before: Complaint, after: Complaint, entry: TimelineEntry) -> None:
        """Write a change and its step together, on the version that it was made from."""
        ...

    def change(self, before: Complaint, after: Complaint) -> None:
        """Write a change that makes no step, on the version that it was made from."""
        ...


def ask_to_forget(complaint_id: str, *, by: str, now: datetime, store: Store) -> Complaint:
    """Mark a complaint for erasure and hide what its reporter wrote; return it as it stands.

    Nobody can work on a complaint without its words, so one that is open is withdrawn by the
    same write, and its agency told. Asked for again, the first time stands.

    Raises:
        NotFound: there is no such complaint.
        VersionConflict: it kept changing meanwhile; the same may be asked again.
    """
    for _ in range(_TRIES):
        complaint = store.get(complaint_id)
        if complaint is None:
            raise NotFound
        if complaint.is_forgotten:
            return complaint
        jurisdiction = config.load(complaint.jurisdiction_id)
        try:
            if complaint.status in DONE:
                after = replace(complaint, version=complaint.version + 1, updated_at=now)
                after = _marked(after, now, jurisdiction)
                store.change(complaint, after)
            else:
                reply = Reply(action=Action.WITHDRAW, action_id=_WITHDRAWAL)
                made = dialogue.apply(complaint, reply, now, jurisdiction)
                after = _marked(made.complaint, now, jurisdiction)
                store.record_action(complaint, after, replace(made.entry, actor=by))
        except (StaleVersion, ActionRepeated):
            continue
        return after
    raise VersionConflict


def _marked(complaint: Complaint, now: datetime, jurisdiction: Jurisdiction) -> Complaint:
    marked = replace(hidden(complaint, "request", jurisdiction), erasure_requested_at=now)
    return wound(marked, jurisdiction)
