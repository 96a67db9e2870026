"""What is said about a complaint between functions, and to agencies: versioned messages.

The JSON Schemas in `events/contracts/` are made from these and held equal by a test. A message
that has been released is never changed in a way that breaks its readers: it gets a new version.
"""

import sys
from typing import TYPE_CHECKING, Literal

from shared.clock import to_text
from shared.complaints.record import Complaint

if sys.version_info >= (3, 12):
    from typing import TypedDict
else:
    from typing_extensions import TypedDict  # pydantic makes schemas of no other before 3.12

if TYPE_CHECKING:
    from shared.jurisdiction import Jurisdiction


class Bilingual(TypedDict):
    """A text in Indonesian and English."""

    id: str
    en: str


class ComplaintReceivedV1(TypedDict):
    """A complaint was submitted and awaits its first decision: what that is made from."""

    type: Literal["complaint_received.v1"]
    complaint_id: str
    jurisdiction_id: str
    service_code: str | None
    kind: str
    description: str
    address_string: str | None
    attributes: dict[str, str]
    lat: float | None
    long: float | None
    visibility_chosen: bool  #: by the reporter; else routing sets the category's default
    created_at: str


class AssignmentPendingV1(TypedDict):
    """A complaint has an assignment that its agency has not been sent yet."""

    type: Literal["assignment_pending.v1"]
    complaint_id: str
    assignment_no: int


class ComplaintAssignedV1(TypedDict):
    """To an agency's queue: this complaint is yours. The same one may come more than once."""

    type: Literal["complaint_assigned.v1"]
    message_id: str  #: the same for each repetition
    complaint_id: str
    jurisdiction_id: str
    assignment_no: int
    version: int  #: the `expected_version` of a first action
    agency: str
    rule: str
    because: Bilingual
    service_code: str | None
    service_name: Bilingual | None
    kind: str
    description: str
    lat: float | None
    long: float | None
    address_string: str | None
    attributes: dict[str, str]
    visibility: str
    channel: str
    vehicle_code: str | None
    anonymous: bool
    contact_shared: bool  #: GET /complaints/{complaint_id}/contact answers this agency
    created_at: str
    due_at: str


def to_deliver(complaint: Complaint) -> ComplaintReceivedV1 | AssignmentPendingV1:
    """Return the event by which routing delivers a complaint: decides it first, if need be."""
    if complaint.assignment:
        return {
            "type": "assignment_pending.v1",
            "complaint_id": complaint.complaint_id,
            "assignment_no": complaint.assignment.no,
        }
    return {
        "type": "complaint_received.v1",
        "complaint_id": complaint.complaint_id,
        "jurisdiction_id": complaint.jurisdiction_id,
        "service_code": complaint.service_code,
        "kind": complaint.kind,
        "description": complaint.description,
        "address_string": complaint.address_string,
        "attributes": dict(complaint.attributes),
        "lat": complaint.lat,
        "long": complaint.long,
        "visibility_chosen": complaint.visibility_chosen,
        "created_at": to_text(complaint.created_at),
    }


def assigned(complaint: Complaint, jurisdiction: "Jurisdiction") -> ComplaintAssignedV1:
    """Return the message that gives an assigned complaint to its agency."""
    assignment = complaint.assignment
    if assignment is None:
        raise ValueError(f"{complaint.complaint_id} has no assignment")
    category = jurisdiction.category_by_code.get(complaint.service_code or "")
    return {
        "type": "complaint_assigned.v1",
        "message_id": f"{complaint.complaint_id}:{assignment.no}",
        "complaint_id": complaint.complaint_id,
        "jurisdiction_id": complaint.jurisdiction_id,
        "assignment_no": assignment.no,
        "version": complaint.version,
        "agency": assignment.agency,
        "rule": assignment.rule,
        "because": {"id": assignment.because.id, "en": assignment.because.en},
        "service_code": complaint.service_code,
        "service_name": {"id": category.name.id, "en": category.name.en} if category else None,
        "kind": complaint.kind,
        "description": complaint.description,
        "lat": complaint.lat,
        "long": complaint.long,
        "address_string": complaint.address_string,
        "attributes": dict(complaint.attributes),
        "visibility": complaint.visibility,
        "channel": complaint.channel,
        "vehicle_code": complaint.vehicle_code,
        "anonymous": complaint.anonymous,
        "contact_shared": complaint.contact_shared,
        "created_at": to_text(complaint.created_at),
        "due_at": to_text(complaint.due_at),
    }
