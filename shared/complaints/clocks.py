"""Which thing of a complaint falls due next by itself, and when."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from shared.complaints.law import DONE, Status
from shared.complaints.record import Complaint
from shared.jurisdiction import Jurisdiction

#: The reporter's time to answer a question runs out: the agency goes on without.
ANSWER: Final = "answer"
#: The term for which personal data is kept runs out: it is erased.
RETENTION: Final = "retention"
#: What was asked to be erased should be by now: it is asked for again.
ERASURE: Final = "erasure"
#: How long an erasure may take before that. The law allows 3×24 hours (UU PDP 27/2022).
ERASED_WITHIN: Final = timedelta(hours=1)


def wound(complaint: Complaint, jurisdiction: Jurisdiction) -> Complaint:
    """Return a complaint, just changed, with the clock that its new state sets."""
    clock, at = _next(complaint, jurisdiction)
    return replace(complaint, clock=clock, clock_at=at)


def _next(
    complaint: Complaint, jurisdiction: Jurisdiction
) -> tuple[str, datetime] | tuple[None, None]:
    """Return the clock and when it runs out; a question's begins when it is asked."""
    if complaint.erasure_requested_at and not complaint.erased_at:
        return ERASURE, complaint.erasure_requested_at + ERASED_WITHIN
    if complaint.status is Status.NEEDS_INFORMATION:
        if complaint.clock == ANSWER and complaint.clock_at:
            return ANSWER, complaint.clock_at
        return ANSWER, complaint.updated_at + timedelta(days=jurisdiction.dialogue.answer_days)
    if complaint.status in DONE and complaint.closed_at and not complaint.erased_at:
        return RETENTION, complaint.closed_at + timedelta(days=jurisdiction.retention.days)
    return None, None


def answer_due_at(complaint: Complaint) -> datetime | None:
    """Return until when the reporter may answer what was asked; None if nothing is."""
    return complaint.clock_at if complaint.clock == ANSWER else None
