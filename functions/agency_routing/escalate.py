"""Reports step by step that a complaint is due soon or overdue: to ever more, once each."""

from dataclasses import replace
from datetime import datetime

from functions.agency_routing.by_clock import stepped
from shared.complaints.acting import Change
from shared.complaints.clocks import next_level
from shared.complaints.law import Action
from shared.complaints.record import Complaint, Level
from shared.jurisdiction import Jurisdiction


def escalate(complaint: Complaint, now: datetime, jurisdiction: Jurisdiction) -> Change | None:
    """Return a complaint of which the next was told that it is due; None if nobody is left.

    The agency hears each of it at its queue: `code` says how far up it has come.
    """
    found = next_level(
        complaint.due_at,
        complaint.escalation,
        complaint.assignment,
        jurisdiction,
        public=complaint.is_public,
    )
    if found is None:
        return None
    level, _ = found
    action = Action.WARN if level is Level.WARNED else Action.ESCALATE
    higher = replace(complaint, escalation=int(level))
    return stepped(higher, action, now, told=True, until=complaint.due_at, code=level.name.lower())
