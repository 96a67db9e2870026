"""What the public, the reporter and the agency may read of a complaint."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from operator import attrgetter
from typing import Any, Literal

from functions.complaint_intake.meanings import Meaning, meaning_of
from functions.complaint_intake.related_views import (
    AgencyName,
    RelatedComplaint,
    agency_name,
    related,
)
from shared.complaints.clocks import answer_due_at
from shared.complaints.items import seen_by_public
from shared.complaints.law import Action, Actor, Status
from shared.complaints.photo_views import PhotoView
from shared.complaints.record import BY_PEOPLE, Complaint, TimelineEntry
from shared.complaints.visibility import PUBLIC
from shared.jurisdiction import Jurisdiction
from shared.models import View

#: What the public view leaves out while a complaint's category is not known.
_MAY_BE_PRIVATE = ("description", "lat", "long", "address_string", "because", "rejected_for")


class Event(View):
    """One step of a complaint's way, without who did it."""

    at: datetime
    action: str
    status: str
    agency: AgencyName | None
    note: str | None
    #: The day that was named, to its end: planned for, or promised by.
    until: datetime | None = None
    #: Why it was rejected, or what came of it.
    because: Meaning | None = None


class PublicComplaint(View):
    """What anyone may read of a public complaint."""

    complaint_id: str
    jurisdiction_id: str
    status: str
    version: int
    kind: str
    service_code: str | None
    service_name: str | None
    description: str | None
    lat: float | None
    long: float | None
    address_string: str | None
    agency: AgencyName | None
    because: str | None
    photos: list[PhotoView]
    timeline: list[Event]
    related: list[RelatedComplaint]
    #: How many others were merged into it.
    duplicates: int
    supporters: int
    not_fixed: int
    created_at: datetime
    updated_at: datetime
    dispatch_due_at: datetime
    due_at: datetime
    legal_due_at: datetime | None
    paused_at: datetime | None  #: both due dates stand still since then
    #: When the agency means to deal with it.
    planned_at: datetime | None
    #: Conditionally resolved: when what is owed is due.
    owed_by: datetime | None
    #: Why it was rejected.
    rejected_for: Meaning | None


class ReportersComplaint(PublicComplaint):
    """What the reporter reads besides, with the tracking token."""

    visibility: str
    #: The desk keeps it from the public.
    hidden: bool
    #: What the public reads instead of the description, where the desk covered some of it.
    public_description: str | None
    anonymous: bool
    contact_shared: bool
    attributes: dict[str, str]
    channel: str
    vehicle_code: str | None
    #: Whether a partner registered the vehicle; null until it was looked up.
    vehicle_known: bool | None
    drafted_at: datetime | None
    #: What the reporter may do now, by POST …/replies.
    possible: list[str]
    #: What the agency asked, and until when it waits for the answer.
    question: str | None
    answer_due_at: datetime | None


class SharedContact(View):
    """The contact data that a reporter lets the agency see."""

    name: str | None = None
    phone: str | None = None
    email: str | None = None
    language: Literal["id", "en"] = "id"


def public(
    complaint: Complaint,
    timeline: Sequence[TimelineEntry],
    jurisdiction: Jurisdiction,
    language: str,
    photos: Sequence[PhotoView] = (),
    others: Sequence[Complaint] = (),
) -> PublicComplaint:
    """Return what anyone may read of a complaint and of what was done to it.

    What finds a person in the reporter's words is masked; `photos` are those that anyone may see,
    and of its parts and what it follows (`others`) only those are named that are public.
    Of a complaint whose category is not known yet, only how it stands: it may turn out to be
    private.
    """
    from shared.masking import masked  # its patterns take time, and no submission needs them

    shown = [replace(entry, public_note=note_for_all(entry)) for entry in timeline]
    values = _common(complaint, shown, jurisdiction, language)
    if complaint.is_public:
        address = complaint.address_string
        values["description"] = masked(complaint.public_description or complaint.description)
        values["address_string"] = address and masked(address, is_address=True)
    else:
        values |= dict.fromkeys(_MAY_BE_PRIVATE)
        silent = {"note": None, "because": None}
        values["timeline"] = [step.model_copy(update=silent) for step in values["timeline"]]
    named = related(complaint, others, language, own=False)
    return PublicComplaint(**values, photos=list(photos), related=named)


def note_for_all(entry: TimelineEntry) -> str | None:
    """Return what anyone may read of a step: an agency's words, and the reporter's masked."""
    if entry.public_note is None or entry.role is not Actor.REPORTER:
        return entry.public_note
    from shared.masking import masked

    return masked(entry.public_note)


def seen_by_all(complaint: Complaint, jurisdiction: Jurisdiction) -> bool:
    """Tell whether the public may know of a complaint: it is public, or may yet become so.

    Not while it may be spam: an operator looks at that first. Not what the desk hides.
    """
    category = jurisdiction.category_by_code.get(complaint.service_code or "")
    unsettled = category is None or category.other
    private = complaint.visibility != PUBLIC and not (unsettled and not complaint.visibility_chosen)
    return complaint.suspicion is None and not (private or complaint.hidden)


def reporters(
    complaint: Complaint,
    timeline: Sequence[TimelineEntry],
    jurisdiction: Jurisdiction,
    language: str,
    now: datetime,
    photos: Sequence[PhotoView] = (),
    others: Sequence[Complaint] = (),
) -> ReportersComplaint:
    """Return what the reporter may read of their own complaint, and what to do about it now."""
    from functions.complaint_intake.dialogue import possible  # the public's view needs none of it

    until = answer_due_at(complaint)
    return ReportersComplaint(
        **_common(complaint, timeline, jurisdiction, language),
        photos=list(photos),
        related=related(complaint, others, language, own=True),
        visibility=complaint.visibility,
        hidden=complaint.hidden,
        public_description=complaint.public_description,
        anonymous=complaint.anonymous,
        contact_shared=complaint.contact_shared,
        attributes=dict(complaint.attributes),
        channel=complaint.channel,
        vehicle_code=complaint.vehicle_code,
        vehicle_known=complaint.vehicle_known,
        drafted_at=complaint.drafted_at,
        possible=list(possible(complaint, now, jurisdiction)),
        question=_question(timeline) if until else None,
        answer_due_at=until,
    )


def _question(timeline: Sequence[TimelineEntry]) -> str | None:
    """Return what was asked last."""
    asked = (entry.public_note for entry in reversed(timeline) if entry.action is Action.ASK)
    return next(asked, None)


def _common(
    complaint: Complaint,
    timeline: Sequence[TimelineEntry],
    jurisdiction: Jurisdiction,
    language: str,
) -> dict[str, Any]:
    assignment = complaint.assignment
    category = jurisdiction.category_by_code.get(complaint.service_code or "")
    return {
        "complaint_id": complaint.complaint_id,
        "jurisdiction_id": complaint.jurisdiction_id,
        "status": complaint.status,
        "version": complaint.version,
        "kind": complaint.kind,
        "service_code": complaint.service_code,
        "service_name": category.name.in_language(language) if category else None,
        "description": complaint.description,
        "lat": complaint.lat,
        "long": complaint.long,
        "address_string": complaint.address_string,
        "agency": agency_name(assignment.agency, language) if assignment else None,
        "because": assignment.because.in_language(language) if assignment else None,
        "timeline": list(_events(complaint, timeline, jurisdiction, language)),
        "duplicates": complaint.duplicates,
        "supporters": complaint.supporters,
        "not_fixed": complaint.not_fixed,
        "created_at": complaint.created_at,
        "updated_at": complaint.updated_at,
        "dispatch_due_at": complaint.dispatch_due_at,
        "due_at": complaint.due_at,
        "legal_due_at": complaint.legal_due_at,
        "paused_at": complaint.paused_at,
        "planned_at": complaint.planned_at,
        "owed_by": complaint.owed_by,
        "rejected_for": meaning_of(complaint.rejected_for, jurisdiction, language),
    }


def _events(
    complaint: Complaint,
    timeline: Sequence[TimelineEntry],
    jurisdiction: Jurisdiction,
    language: str,
) -> Iterator[Event]:
    yield Event(
        at=complaint.created_at, action="submit", status=Status.RECEIVED, agency=None, note=None
    )
    routed = [
        Event(
            at=one.at,
            action="route",
            status=Status.ASSIGNED,
            agency=agency_name(one.agency, language),
            note=one.because.in_language(language),
        )
        for one in complaint.assignments
        if one.rule not in BY_PEOPLE
    ]
    steps = [_step(one, jurisdiction, language) for one in timeline if seen_by_public(one)]
    yield from sorted([*routed, *steps], key=attrgetter("at"))


def _step(entry: TimelineEntry, jurisdiction: Jurisdiction, language: str) -> Event:
    agency = entry.to_agency or entry.agency
    return Event(
        at=entry.at,
        action=entry.action,
        status=entry.status,
        agency=agency_name(agency, language) if agency else None,
        note=entry.public_note,
        until=entry.until,
        because=meaning_of(entry.code, jurisdiction, language),
    )
