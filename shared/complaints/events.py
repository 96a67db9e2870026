"""What is said about a complaint between functions, and to agencies: versioned messages.

The JSON Schemas in `events/contracts/` are made from these and held equal by a test. A message
that has been released is never changed in a way that breaks its readers: it gets a new version.
"""

import sys
from datetime import datetime
from typing import TYPE_CHECKING, Literal, NotRequired

from shared.clock import to_text
from shared.complaints.law import Status
from shared.complaints.record import Assignment, Complaint, Level, TimelineEntry
from shared.text import Text

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
    """A complaint awaits a decision, its first or another: what that is made from."""

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
    visibility: NotRequired[str]
    version: NotRequired[int]  #: that the decision is made on; absent: 1
    assignment_no: NotRequired[int]  #: that the decision will have; absent: 1
    returned_by: NotRequired[list[str]]  #: agencies that gave it back
    suspicion: NotRequired[str | None]  #: why intake thinks that it may be spam
    hidden: NotRequired[bool]  #: the desk keeps it from the public
    device_today: NotRequired[int | None]  #: which of its device's submissions of the day it is
    vehicle_code: NotRequired[str | None]
    vehicle_partner: NotRequired[str | None]  #: who registered that vehicle
    vehicle_known: NotRequired[bool | None]  #: None: there is none, or nobody looked


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
    media_url: NotRequired[str | None]  #: a picture's link, of another city's system; unchecked
    photos: NotRequired[int]  #: how many there are: the complaint's detail links them
    supporters: NotRequired[int]  #: others who said "me too"
    vehicle_known: NotRequired[bool | None]
    note: NotRequired[str | None]  #: why the reporter reopened it
    repeat: NotRequired[int]  #: how often it was sent again, since nobody had acknowledged it


class ComplaintChangedV1(TypedDict):
    """To an agency's queue: what others did to a complaint of yours. It may come more than once."""

    type: Literal["complaint_changed.v1"]
    message_id: str  #: the same for each repetition
    complaint_id: str
    jurisdiction_id: str
    assignment_no: int
    version: int  #: the `expected_version` of the next action
    agency: str
    action: str  #: what was done: "answer", "withdraw", "escalate" …
    status: str
    note: str | None  #: what the reporter, or whoever it was, said
    photos: int
    not_fixed: NotRequired[int]  #: how many have said that it is not done
    code: NotRequired[str | None]  #: of a delay: who has been told by now
    until: NotRequired[str | None]  #: what it was due by
    at: str


class ComplaintProgressedV1(TypedDict):
    """A complaint was received, came into another status or is planned: whoever is told hears."""

    type: Literal["complaint_progressed.v1"]
    complaint_id: str
    jurisdiction_id: str
    version: int
    status: str
    previous_status: str | None  #: None: it is new
    notify: bool  #: the reporter wishes to be told
    vehicle_partner: str | None
    public: bool
    at: str
    planned: NotRequired[bool]  #: a day was named by which it is to be done


class ComplaintEscalatedV1(TypedDict):
    """A complaint is overdue, and its agency's head is to hear of it."""

    type: Literal["complaint_escalated.v1"]
    complaint_id: str
    jurisdiction_id: str
    version: int
    level: str  #: who is told: "head"
    at: str


class PhotosClaimedV1(TypedDict):
    """A complaint names photos as its own."""

    type: Literal["photos_claimed.v1"]
    complaint_id: str
    photo_ids: list[str]


class PhotoUploadedV1(TypedDict):
    """A client has put a photo into the bucket; a rule on the bucket's events says so."""

    type: Literal["photo_uploaded.v1"]
    key: str  #: the object's, in the photos' bucket


class PhotoRejectedV1(TypedDict):
    """A photo of a complaint was no good: its reporter may send another."""

    type: Literal["photo_rejected.v1"]
    complaint_id: str
    photo_id: str
    code: str
    reason: Bilingual
    at: str


class ErasureRequestedV1(TypedDict):
    """All that tells who reported a complaint is to be erased."""

    type: Literal["erasure_requested.v1"]
    complaint_id: str
    reason: Literal["request", "retention"]


def to_deliver(complaint: Complaint) -> ComplaintReceivedV1 | AssignmentPendingV1:
    """Return the event by which routing delivers a complaint: decides it first, if need be."""
    if complaint.status is not Status.RECEIVED:
        return {
            "type": "assignment_pending.v1",
            "complaint_id": complaint.complaint_id,
            "assignment_no": len(complaint.assignments),
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
        "visibility": complaint.visibility,
        "version": complaint.version,
        "assignment_no": len(complaint.assignments) + 1,
        "returned_by": list(complaint.returned_by),
        "suspicion": complaint.suspicion,
        "hidden": complaint.hidden,
        "device_today": None,
        "vehicle_code": complaint.vehicle_code,
        "vehicle_partner": complaint.vehicle_partner,
        "vehicle_known": complaint.vehicle_known,
    }


def progressed(
    complaint: Complaint, before: str | None, *, planned: bool = False
) -> ComplaintProgressedV1:
    """Return the event of a complaint that is new (`before` is None), left a status or is planned."""
    return {
        "type": "complaint_progressed.v1",
        "complaint_id": complaint.complaint_id,
        "jurisdiction_id": complaint.jurisdiction_id,
        "version": complaint.version,
        "status": complaint.status,
        "previous_status": before,
        "notify": complaint.notify,
        "vehicle_partner": complaint.vehicle_partner,
        "public": complaint.is_public,
        "at": to_text(complaint.updated_at),
        "planned": planned,
    }


def escalated(complaint: Complaint) -> ComplaintEscalatedV1:
    """Return the event of a complaint whose delay has just come as far as it says."""
    return {
        "type": "complaint_escalated.v1",
        "complaint_id": complaint.complaint_id,
        "jurisdiction_id": complaint.jurisdiction_id,
        "version": complaint.version,
        "level": Level(complaint.escalation).name.lower(),
        "at": to_text(complaint.updated_at),
    }


def photos_claimed(complaint: Complaint) -> PhotosClaimedV1:
    """Return the event that ties a complaint's photos to it."""
    return {
        "type": "photos_claimed.v1",
        "complaint_id": complaint.complaint_id,
        "photo_ids": list(complaint.photo_ids),
    }


def photo_rejected(
    complaint_id: str, photo_id: str, code: str, reason: Text, at: datetime
) -> PhotoRejectedV1:
    """Return the event by which a reporter is told that a photo was no good, and why."""
    return {
        "type": "photo_rejected.v1",
        "complaint_id": complaint_id,
        "photo_id": photo_id,
        "code": code,
        "reason": {"id": reason.id, "en": reason.en},
        "at": to_text(at),
    }


def erasure_requested(
    complaint_id: str, reason: Literal["request", "retention"]
) -> ErasureRequestedV1:
    """Return the event that has a complaint's reporter forgotten."""
    return {"type": "erasure_requested.v1", "complaint_id": complaint_id, "reason": reason}


def changed(complaint: Complaint, entry: TimelineEntry) -> ComplaintChangedV1:
    """Return the message that tells an agency what others did to a complaint of its."""
    assignment = _assignment_of(complaint)
    return {
        "type": "complaint_changed.v1",
        "message_id": f"{complaint.complaint_id}:v{entry.version}",
        "complaint_id": complaint.complaint_id,
        "jurisdiction_id": complaint.jurisdiction_id,
        "assignment_no": assignment.no,
        "version": complaint.version,
        "agency": assignment.agency,
        "action": entry.action,
        "status": complaint.status,
        "note": entry.public_note or entry.internal_note,
        "photos": len(entry.photo_ids),
        "not_fixed": complaint.not_fixed,
        "code": entry.code,
        "until": to_text(entry.until) if entry.until else None,
        "at": to_text(entry.at),
    }


def assigned(
    complaint: Complaint,
    jurisdiction: "Jurisdiction",
    *,
    note: str | None = None,
    whole: Complaint | None = None,
) -> ComplaintAssignedV1:
    """Return the message that gives an assigned complaint to its agency, with what was said.

    `whole` is what it is a part of, if it is: its photos are the part's to see.
    """
    assignment = _assignment_of(complaint)
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
        "contact_shared": complaint.agency_may_ask_who,
        "created_at": to_text(complaint.created_at),
        "due_at": to_text(complaint.due_at),
        "media_url": complaint.media_url,
        "photos": len((*complaint.photo_ids, *(whole.photo_ids if whole else ()))),
        "supporters": complaint.supporters,
        "vehicle_known": complaint.vehicle_known,
        "note": note,
        "repeat": assignment.resends,
    }


def _assignment_of(complaint: Complaint) -> Assignment:
    if complaint.assignment is None:
        raise ValueError(f"{complaint.complaint_id} has no assignment")
    return complaint.assignment
