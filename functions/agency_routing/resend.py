"""Sends an assignment again that its agency has not acknowledged in time; with the last it is stuck."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from functions.agency_routing.by_clock import stepped
from shared.complaints import marks
from shared.complaints.acting import Change
from shared.complaints.law import Action
from shared.complaints.record import Complaint
from shared.jurisdiction import Jurisdiction

#: The code of the step after which a complaint is in the desk's list of stuck ones.
STUCK: Final = "stuck"


def resend(complaint: Complaint, now: datetime, jurisdiction: Jurisdiction) -> Change | None:
    """Return a complaint whose assignment is to be sent once more; None if there is none.

    What still waits to be sent the first time is left to the sweep, and counts as a repetition.
    """
    current = complaint.assignment
    if current is None:
        return None
    resends = current.resends + 1
    stuck = resends >= jurisdiction.delivery.resends
    known = replace(
        current, resends=resends, resent_at=now, stuck_at=now if stuck else current.stuck_at
    )
    again = replace(complaint, assignments=(*complaint.assignments[:-1], known))
    made = stepped(again, Action.RESEND, now, told=False, code=STUCK if stuck else None)
    return replace(made, complaint=marks.to_assign_again(made.complaint, now))
