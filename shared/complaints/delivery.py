"""Whether an assignment has reached its agency, and when it is sent again if nobody says so."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from shared.complaints.law import Action, Status
from shared.complaints.record import Assignment, Complaint

if TYPE_CHECKING:
    from shared.jurisdiction import Jurisdiction
    from shared.terms import Delivery

#: Statuses in which an agency has been given a complaint and has done nothing about it yet.
GIVEN: Final = (Status.ASSIGNED, Status.REOPENED)


def next_try(assignment: Assignment, terms: "Delivery") -> datetime | None:
    """Return when an assignment is to be sent again; None if it arrived, or was often enough."""
    if assignment.acknowledged_at or assignment.resends >= terms.resends:
        return None
    last = max(filter(None, (assignment.at, assignment.queued_at, assignment.resent_at)))
    return last + timedelta(hours=terms.resend_after_hours)


def next_try_of(complaint: Complaint, jurisdiction: "Jurisdiction") -> datetime | None:
    """Return when a complaint's assignment is to be sent again; None if it is not to be.

    The triage desk works from its list, and an agency that acknowledges nothing is not waited for.
    `jurisdiction` is the complaint's.
    """
    if complaint.assignment is None or complaint.status not in GIVEN:
        return None
    return next_try_for(complaint.assignment, jurisdiction)


def next_try_for(assignment: Assignment, jurisdiction: "Jurisdiction") -> datetime | None:
    """Return when an assignment that its agency has done nothing about is to be sent again."""
    if assignment.agency == jurisdiction.triage:
        return None
    agency = jurisdiction.agency_by_code.get(assignment.agency)
    if agency and not agency.acknowledges:
        return None
    return next_try(assignment, jurisdiction.delivery)


def acknowledged(complaint: Complaint, now: datetime) -> Complaint:
    """Return a complaint of which its agency has just said, or shown, that it has arrived."""
    current = complaint.assignment
    if current is None or current.acknowledged_at:
        return complaint
    known = replace(current, acknowledged_at=now)
    return replace(complaint, assignments=(*complaint.assignments[:-1], known))


def acted(complaint: Complaint, action: Action, now: datetime) -> Complaint:
    """Return a complaint of which its agency has just taken an action: so it has arrived."""
    complaint = acknowledged(complaint, now)
    if complaint.assignment is None or action is not Action.ACCEPT:
        return complaint
    accepted = replace(complaint.assignment, accepted_at=now)
    return replace(complaint, assignments=(*complaint.assignments[:-1], accepted))


def is_stuck(complaint: Complaint) -> bool:
    """Whether its agency was sent it as often as it is to be, and has said nothing yet."""
    assignment = complaint.assignment
    return (
        assignment is not None
        and complaint.status in GIVEN
        and assignment.stuck_at is not None
        and assignment.acknowledged_at is None
    )
