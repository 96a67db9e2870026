"""Gives a complaint that is opened again back to the agency that had it."""

from dataclasses import replace
from datetime import datetime

from shared.complaints.record import REOPENED, Assignment, Complaint
from shared.jurisdiction import Jurisdiction
from shared.text import Text


def given_back(
    complaint: Complaint, because: Text, now: datetime, jurisdiction: Jurisdiction
) -> Complaint:
    """Return a reopened complaint with a new assignment to the agency that had it.

    To the triage desk if that agency takes nothing new any more. What was promised at first
    stands: the due date is not moved.
    """
    last = complaint.assignments[-1]
    working = {one.code for one in jurisdiction.agencies if not one.retired}
    agency = last.agency if last.agency in (*working, *jurisdiction.handoffs) else None
    again = Assignment(
        no=last.no + 1,
        agency=agency or jurisdiction.triage,
        rule=REOPENED,
        because=because,
        at=now,
    )
    return replace(complaint, assignments=(*complaint.assignments, again))
