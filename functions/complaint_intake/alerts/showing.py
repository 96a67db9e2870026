"""When neighbours may be told of a complaint: anyone may read of it, and it is somewhere."""

from functions.complaint_intake.notices.messages import ComplaintShownV1
from shared.clock import to_text
from shared.complaints.law import Status
from shared.complaints.record import Complaint


def is_shown_at_a_place(complaint: Complaint) -> bool:
    """Tell whether lists of what is near a place show a complaint to anyone, once it is routed."""
    at_a_place = complaint.lat is not None and complaint.long is not None
    return complaint.is_public and at_a_place and complaint.status is not Status.RECEIVED


def shown(complaint: Complaint) -> ComplaintShownV1:
    """Return the event of a complaint that the public may read of from now on."""
    return {
        "type": "complaint_shown.v1",
        "complaint_id": complaint.complaint_id,
        "jurisdiction_id": complaint.jurisdiction_id,
        "at": to_text(complaint.updated_at),
    }
