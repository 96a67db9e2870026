"""Delivers a complaint: decides once, sends the stored decision, then removes the mark.

Every step may be repeated. Whoever comes second finds the first one's decision and sends that
again, so a crash or a deployment in between never feeds two queues.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol

from functions.agency_routing.decide import Facts, decide
from functions.agency_routing.suspicion import held, suspicion_of
from shared import config
from shared.clock import from_text, to_text
from shared.complaints import promises
from shared.complaints.events import (
    AssignmentPendingV1,
    ComplaintAssignedV1,
    ComplaintChangedV1,
    ComplaintReceivedV1,
    assigned,
    changed,
)
from shared.complaints.law import Status
from shared.complaints.record import Assignment, Complaint, TimelineEntry


class Store(Protocol):
    """What delivery needs of the complaint store."""

    def assign(
        self,
        event: ComplaintReceivedV1,
        assignment: Assignment,
        *,
        due_at: str,
        service_code: str | None,
        settled: Mapping[str, Any],
        public: bool,
    ) -> Complaint | None:
        """Record a decision once; return what stands."""
        ...

    def get(self, complaint_id: str) -> Complaint | None:
        """Return a complaint as it is now."""
        ...

    def action(self, complaint_id: str, action_id: str) -> TimelineEntry | None:
        """Return the entry that an action made."""
        ...

    def delivered(self, complaint_id: str, mark: str) -> None:
        """Remove a mark, if it is still that one."""
        ...


def deliver(
    event: ComplaintReceivedV1 | AssignmentPendingV1,
    *,
    now: datetime,
    store: Store,
    send: Callable[[str, ComplaintAssignedV1 | ComplaintChangedV1], None],
) -> Complaint | None:
    """Bring a complaint, or news of it, to its agency; return it, or None if nothing was left to do.

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
    if complaint.status is Status.RECEIVED:
        return None  # it is to be decided anew, and an event of its own says so
    send(complaint.assignment.agency, _message(complaint, store))
    store.delivered(complaint.complaint_id, complaint.undelivered_since)
    return complaint


def _message(complaint: Complaint, store: Store) -> ComplaintAssignedV1 | ComplaintChangedV1:
    if complaint.undelivered_action:
        entry = store.action(complaint.complaint_id, complaint.undelivered_action)
        if entry:
            return changed(complaint, entry)
    return assigned(complaint, config.load(complaint.jurisdiction_id))


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
    suspicion = suspicion_of(event, jurisdiction)
    if suspicion:
        decision = held(decision, jurisdiction)
    category = jurisdiction.category_by_code.get(decision.service_code or "")
    due_at = promises.due_at(jurisdiction, event["kind"], category, from_text(event["created_at"]))
    visibility = event.get("visibility", "private")
    if category is not None and not category.other and not event["visibility_chosen"]:
        visibility = category.visibility
    return store.assign(
        event,
        Assignment(
            no=event.get("assignment_no", 1),
            agency=decision.agency,
            rule=decision.rule,
            because=decision.because,
            at=now,
        ),
        due_at=to_text(due_at),
        service_code=decision.service_code,
        settled={
            "visibility": visibility,
            "suspicion": suspicion,
            "vehicle_known": event.get("vehicle_known"),
            "vehicle_partner": event.get("vehicle_partner"),
        },
        public=visibility == "public" and suspicion is None,
    )
