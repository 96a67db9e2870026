"""Lets what was waited for in vain lapse: an answer, a promise to do the rest, an objection."""

from dataclasses import replace
from datetime import datetime

from functions.agency_routing.by_clock import stepped
from shared.complaints.acting import Change
from shared.complaints.law import Action
from shared.complaints.record import Complaint
from shared.jurisdiction import Jurisdiction


def lapse(complaint: Complaint, now: datetime, _jurisdiction: Jurisdiction) -> Change:
    """Return a complaint that is work again: its question was not answered, or the rest not done.

    The agency is told, since it waits at its queue.
    """
    freed = replace(complaint, owed_by=None)
    return stepped(freed, Action.LAPSE, now, told=True, until=complaint.clock_at)


def close(complaint: Complaint, now: datetime, _jurisdiction: Jurisdiction) -> Change:
    """Return a resolved complaint closed, since nobody objected. Its agency need not hear of it."""
    return stepped(complaint, Action.CLOSE, now, told=False)
