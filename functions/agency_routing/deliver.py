"""Delivers a complaint: decides once, sends the stored decision, then removes the mark.

Every step may be repeated. Whoever comes second finds the first one's decision and sends that
again, so a crash or a deployment in between never feeds two queues.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from functions.agency_routing.decide import Facts, decide
from shared import config
from shared.clock import from_text, to_text
from shared.complaints import promises
from shared.complaints.events import (
    AssignmentPendingV1,
    ComplaintAssignedV1,
    ComplaintReceivedV1,
    assigned,
)
from shared.complaints.record import Assignment, Complaint


class Store(Protocol):
    """What delivery needs of the complaint store."""

    def assign_first(
        self,
        complaint_id: str,
        due_at: str,
        assignment: Assignment,
        service_code: str | None,
        visibility: str | None = None,
    ) -> Complaint | None:
        """Record the first decision unless there is one; return what stands."""
        ...

    def get(self, complaint_id: str) -> Complaint | None:
        """Return a complaint as it is now."""
        ...

    def delivered(self, complaint_id: str, assignment_no: int) -> None:
        """Remove the mark of an assignment."""
        ...


def deliver(
    event: ComplaintReceivedV1 | AssignmentPendingV1,
    *,
    now: datetime,
    store: Store,
    send: Callable[[str, ComplaintAssignedV1], None],
) -> Complaint | None:
    """Bring a complaint to its agency; return it, or None if nothing was left to do.

    `send` puts a message on the queue of the agency whose code it is given.

    Raises:
        ValueError: the event is of a type that this version does not know.
    """
    match event["type"]:
        case "complaint_received.v1":
            complaint = _decided(event, now, store)
        case "assignment_pending.v1":
            complaint = store.get(event["complaint_id"])
        case _:
            raise ValueError(f"unknown event {event['type']!r}")
    if complaint is None or complaint.assignment is None or not complaint.undelivered_since:
        return None
    assignment = complaint.assignment
    send(assignment.agency, assigned(complaint, config.load(complaint.jurisdiction_id)))
    store.delivered(complaint.complaint_id, assignment.no)
    return complaint


def _decided(event: ComplaintReceivedV1, now: datetime, store: Store) -> Complaint | None:
    facts = Facts(
        service_code=event["service_code"],
        kind=event["kind"],
        description=event["description"],
        address_string=event["address_string"],
        attributes=event["attributes"],
        lat=event["lat"],
        long=event["long"],
    )
    jurisdiction = config.load(event["jurisdiction_id"])
    decision = decide(facts, jurisdiction)
    category = jurisdiction.category_by_code.get(decision.service_code or "")
    due_at = promises.due_at(jurisdiction, event["kind"], category, from_text(event["created_at"]))
    settles = category is not None and not category.other and not event["visibility_chosen"]
    assignment = Assignment(
        no=1, agency=decision.agency, rule=decision.rule, because=decision.because, at=now
    )
    return store.assign_first(
        event["complaint_id"],
        to_text(due_at),
        assignment,
        decision.service_code,
        category.visibility if category and settles else None,
    )
