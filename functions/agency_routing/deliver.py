"""Delivers a complaint: decides once, sends the stored decision, then removes the mark.

Every step may be repeated. Whoever comes second finds the first one's decision and sends that
again, so a crash or a deployment in between never feeds two queues.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from functions.agency_routing.decide import Facts, decide
from functions.agency_routing.follow import Followers, move_followers
from functions.agency_routing.suspicion import held, suspicion_of
from shared import config
from shared.clock import from_text, to_text
from shared.complaints import clocks, marks, promises
from shared.complaints.events import (
    AssignmentPendingV1,
    ComplaintAssignedV1,
    ComplaintChangedV1,
    ComplaintReceivedV1,
    assigned,
    changed,
)
from shared.complaints.law import Status
from shared.complaints.marks import Untold
from shared.complaints.record import Assignment, Complaint, TimelineEntry
from shared.complaints.visibility import PRIVATE, PUBLIC, stricter
from shared.jurisdiction import Category


class Store(Followers, Protocol):
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

    def delivered(
        self, complaint_id: str, mark: str, *, queued: tuple[int, datetime] | None = None
    ) -> None:
        """Remove a mark, if it is still that one; `queued`: the assignment's number and when."""
        ...

    def deliver_more(self, before: Complaint, after: Complaint) -> None:
        """Put a mark of what is left in the place of a mark, if it is still that one."""
        ...


def deliver(
    event: ComplaintReceivedV1 | AssignmentPendingV1,
    *,
    now: datetime,
    store: Store,
    send: Callable[[str, ComplaintAssignedV1 | ComplaintChangedV1], None],
) -> Complaint | None:
    """Bring a complaint, or news of it, to its agency; return it, or None if nothing was left to do.

    What follows it is moved as well, a page of it for each event.

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
    if complaint is None or not complaint.undelivered_since:
        return None
    if complaint.status is Status.RECEIVED:
        return None  # it is to be decided anew, and an event of its own says so
    assignment, untold = complaint.assignment, marks.untold(complaint)
    queued = None
    if assignment is not None:
        for one in untold:
            send(assignment.agency, _message(complaint, one, store))
        queued = (assignment.no, now) if any(one.assigns for one in untold) else None
    left = move_followers(complaint, now=now, store=store)
    if left is None:
        store.delivered(complaint.complaint_id, complaint.undelivered_since, queued=queued)
    else:
        store.deliver_more(complaint, left)
    return complaint


def _message(
    complaint: Complaint, one: Untold, store: Store
) -> ComplaintAssignedV1 | ComplaintChangedV1:
    """Return the message that tells an agency one thing.

    Raises:
        LookupError: a step is not there that was written together with the mark.
    """
    entry = store.action(complaint.complaint_id, one.action_id) if one.action_id else None
    if one.assigns:
        jurisdiction = config.load(complaint.jurisdiction_id)
        whole = store.get(complaint.part_of) if complaint.part_of else None
        note = entry.public_note if entry else None
        return assigned(complaint, jurisdiction, note=note, whole=whole)
    if entry is None:
        raise LookupError(f"{complaint.complaint_id} has no step {one.action_id}")
    return changed(complaint, entry)


def _decided(event: ComplaintReceivedV1, now: datetime, store: Store) -> Complaint | None:
    facts = Facts(
        service_code=event["service_code"],
        kind=event["kind"],
        description=event["description"],
        address_string=event["address_string"],
        attributes=event["attributes"],
        lat=event["lat"],
        long=event["long"],
        returned_by=tuple(event.get("returned_by", ())),
        created_at=from_text(event["created_at"]),
    )
    jurisdiction = config.load(event["jurisdiction_id"])
    decision = decide(facts, jurisdiction)
    suspicion = suspicion_of(event, jurisdiction)
    if suspicion:
        decision = held(decision, jurisdiction)
    category = jurisdiction.category_by_code.get(decision.service_code or "")
    dates = promises.dates(
        jurisdiction,
        event["kind"],
        category,
        from_text(event["created_at"]),
        _steps_before(event, store),
    )
    visibility = _visibility(event, category)
    public = visibility == PUBLIC and suspicion is None and not event.get("hidden", False)
    suggestions = decision.suggestions if decision.agency == jurisdiction.triage else ()
    assignment = Assignment(
        no=event.get("assignment_no", 1),
        agency=decision.agency,
        rule=decision.rule,
        because=decision.because,
        at=now,
        suggestions={code: round(share, 2) for code, share in suggestions},
    )
    running = clocks.of_decision(
        event["complaint_id"], assignment, dates, public=public, jurisdiction=jurisdiction
    )
    return store.assign(
        event,
        assignment,
        due_at=to_text(dates.due_at),
        service_code=decision.service_code,
        settled={
            "visibility": visibility,
            "suspicion": suspicion,
            "vehicle_known": event.get("vehicle_known"),
            "vehicle_partner": event.get("vehicle_partner"),
            **running,
        },
        public=public,
    )


def _steps_before(event: ComplaintReceivedV1, store: Store) -> Sequence[TimelineEntry]:
    """Return what was done to a complaint that is decided anew; nothing is read for a first time."""
    if event.get("assignment_no", 1) == 1:
        return ()
    found = store.with_timeline(event["complaint_id"], consistent=True)
    return found[1] if found else ()


def _visibility(event: ComplaintReceivedV1, category: Category | None) -> str:
    """Return who may read a complaint, now that its category is known.

    The category's default, unless the reporter chose; and when it is decided again, never more
    people than before.
    """
    before = event.get("visibility", PRIVATE)
    if category is None or category.other or event["visibility_chosen"]:
        return before
    again = event.get("assignment_no", 1) > 1
    return stricter(before, category.visibility) if again else category.visibility
