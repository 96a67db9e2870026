"""Says all that is held about a reporter with a complaint: the right to access, as one document."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from pydantic import Field

from functions.complaint_intake.related_views import agency_name
from functions.complaint_intake.rights.asking import TERM
from shared.complaints.law import Actor
from shared.complaints.photo_views import PhotoView
from shared.complaints.record import Complaint, TimelineEntry
from shared.jurisdiction import Jurisdiction
from shared.models import View


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """All items of a reporter with one complaint, as plain values; the log is oldest first."""

    contact: Mapping[str, Any] | None
    notices: Sequence[Mapping[str, Any]]
    log: Sequence[Mapping[str, Any]]


class HeldContact(View):
    """The contact data, and what it may be used for."""

    name: str | None = None
    phone: str | None = None
    email: str | None = None
    language: str = "id"
    notify: list[str] = Field(default_factory=list)
    share_with_agency: bool = False


class Written(View):
    """The complaint, in the reporter's own words."""

    description: str
    kind: str
    service_code: str | None
    lat: float | None
    long: float | None
    address_string: str | None
    attributes: dict[str, str]
    media_url: str | None
    visibility: str
    anonymous: bool
    channel: str
    client: str | None
    vehicle_code: str | None
    language: str
    drafted_at: datetime | None
    created_at: datetime
    #: Whether a pseudonym of the device is held, by which its submissions of that day are counted.
    device: bool


class Said(View):
    """What the reporter said later: an answer, why it is reopened."""

    at: datetime
    action: str
    note: str | None


class NoticeSent(View):
    """A notice to the reporter; `at` is null while it is on its way."""

    occasion: str | None
    channel: str
    outcome: Literal["sent", "failed", "on its way"]
    at: datetime | None


class Processing(View):
    """Who did what with the reporter's data."""

    at: datetime
    what: str
    by: str


class Recipient(View):
    """Who was given what of the complaint, and since when."""

    kind: Literal["agency", "partner", "client", "public"]
    name: str
    what: Literal["complaint", "progress", "public view"]
    since: datetime


class Kept(View):
    """How long it is kept: after the complaint is done, for as many days."""

    days: int
    source: str
    erase_at: datetime | None


class PersonalData(View):
    """Everything held about a reporter with a complaint."""

    complaint_id: str
    jurisdiction_id: str
    status: str
    contact: HeldContact | None
    complaint: Written
    said: list[Said]
    photos: list[PhotoView]
    notices: list[NoticeSent]
    processing: list[Processing]
    shared_with: list[Recipient]
    retention: Kept
    erasure_requested_at: datetime | None
    erase_by: datetime | None
    erased_at: datetime | None


def personal_data(
    complaint: Complaint,
    timeline: Sequence[TimelineEntry],
    held: Held,
    photos: Sequence[PhotoView],
    jurisdiction: Jurisdiction,
    language: str,
) -> PersonalData:
    """Return all that is held of a complaint's reporter."""
    asked = complaint.erasure_requested_at
    return PersonalData(
        complaint_id=complaint.complaint_id,
        jurisdiction_id=complaint.jurisdiction_id,
        status=complaint.status,
        contact=_contact(held.contact) if held.contact else None,
        complaint=_written(complaint),
        said=[
            Said(at=entry.at, action=entry.action, note=entry.public_note)
            for entry in timeline
            if entry.role is Actor.REPORTER
        ],
        photos=list(photos),
        notices=[_notice(item) for item in held.notices],
        processing=[
            Processing(at=item["at"], what=item["what"], by=item["by"]) for item in held.log
        ],
        shared_with=list(_recipients(complaint, jurisdiction, language)),
        retention=Kept(
            days=jurisdiction.retention.days,
            source=jurisdiction.retention.source,
            erase_at=_erase_at(complaint, jurisdiction),
        ),
        erasure_requested_at=asked,
        erase_by=asked + TERM if asked else None,
        erased_at=complaint.erased_at,
    )


def _contact(values: Mapping[str, Any]) -> HeldContact:
    return HeldContact(
        **{name: values[name] for name in HeldContact.model_fields.keys() & values.keys()}
    )


def _written(complaint: Complaint) -> Written:
    made: dict[str, Any] = {
        "attributes": dict(complaint.attributes),
        "device": complaint.device is not None,
    }
    same = Written.model_fields.keys() - made.keys()
    return Written(**{name: getattr(complaint, name) for name in same}, **made)


def _notice(item: Mapping[str, Any]) -> NoticeSent:
    at = item.get("sent_at") or item.get("failed_at")
    return NoticeSent(
        occasion=item.get("occasion"),
        channel=item["channel"],
        outcome="sent" if "sent_at" in item else "failed" if "failed_at" in item else "on its way",
        at=at,
    )


def _recipients(
    complaint: Complaint, jurisdiction: Jurisdiction, language: str
) -> Iterator[Recipient]:
    """Yield who was given the complaint; who read the contact stands in the processing log."""
    since: dict[str, datetime] = {}
    for assignment in complaint.assignments:
        since.setdefault(assignment.agency, assignment.at)
    for agency, at in since.items():
        name = agency_name(agency, language).name
        yield Recipient(kind="agency", name=name, what="complaint", since=at)
    at = complaint.created_at
    if complaint.vehicle_partner:
        yield Recipient(kind="partner", name=complaint.vehicle_partner, what="progress", since=at)
    if complaint.client:
        yield Recipient(kind="client", name=complaint.client, what="complaint", since=at)
    if complaint.is_public:
        name = jurisdiction.name.in_language(language)
        yield Recipient(kind="public", name=name, what="public view", since=at)


def _erase_at(complaint: Complaint, jurisdiction: Jurisdiction) -> datetime | None:
    """Return when a complaint that is done loses its reporter; None: not done, or lost already."""
    if complaint.closed_at is None or complaint.erased_at:
        return None
    return complaint.closed_at + timedelta(days=jurisdiction.retention.days)
