"""A complaint as GeoReport's service request: what anyone may read of it, and no more."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from functions.complaint_intake import views
from functions.complaint_intake.open311.pictures import NO_LINKS, Links
from functions.complaint_intake.open311.shapes import (
    Answer,
    ExtendedRequest,
    MoreOfRequest,
    Note,
    RequestUpdate,
    ServiceRequest,
)
from functions.complaint_intake.open311.statuses import EXTENDED, SAID, STANDARD
from shared.clock import WIB
from shared.complaints.law import Status
from shared.complaints.record import Complaint, TimelineEntry
from shared.jurisdiction import Category, Jurisdiction


def service_request(
    complaint: Complaint,
    jurisdiction: Jurisdiction,
    language: str,
    *,
    timeline: Sequence[TimelineEntry] = (),
    pictures: Links = NO_LINKS,
) -> ServiceRequest:
    """Return a complaint as the standard shows it: what our own public view shows, and no more.

    `timeline` tells why it stands as it does; `pictures` are those that anyone may see.
    """
    seen = views.public(complaint, timeline, jurisdiction, language)
    return ServiceRequest(**_standard(seen, complaint, jurisdiction, language, pictures))


def extended_request(
    complaint: Complaint,
    jurisdiction: Jurisdiction,
    language: str,
    *,
    timeline: Sequence[TimelineEntry],
    pictures: Links = NO_LINKS,
) -> ExtendedRequest:
    """Return a complaint with what `extensions=true` adds."""
    seen = views.public(complaint, timeline, jurisdiction, language)
    return ExtendedRequest(
        **_standard(seen, complaint, jurisdiction, language, pictures),
        attributes=list(_answers(complaint, jurisdiction, language)),
        extended_attributes=MoreOfRequest(
            detailed_status=complaint.status,
            supporters=complaint.supporters,
            photos=list(pictures.values()),
        ),
        notes=[
            Note(
                datetime=to_second(step.at),
                type=step.action,
                description=step.note or SAID[Status(step.status)].in_language(language),
            )
            for step in seen.timeline
        ],
    )


def request_update(
    complaint: Complaint, entry: TimelineEntry, language: str, pictures: Links = NO_LINKS
) -> RequestUpdate:
    """Return a step of a complaint as an update that another system fetches."""
    return RequestUpdate(
        update_id=update_id(complaint.complaint_id, entry),
        service_request_id=complaint.complaint_id,
        status=EXTENDED[entry.status],
        updated_datetime=to_second(entry.at),
        description=views.note_for_all(entry) or SAID[entry.status].in_language(language),
        media_url=next((pictures[one] for one in entry.photo_ids if one in pictures), None),
        external_status_code=entry.status,
    )


def to_second(instant: datetime) -> str:
    """Return an instant as the standard writes it, to the second, in the cities' own time."""
    return instant.astimezone(WIB).isoformat(timespec="seconds")


def update_id(complaint_id: str, entry: TimelineEntry) -> str:
    """Return the id under which a step is known outside: its version names it for good."""
    return f"{complaint_id}:{entry.version}"


def _standard(
    seen: views.PublicComplaint,
    complaint: Complaint,
    jurisdiction: Jurisdiction,
    language: str,
    pictures: Links,
) -> dict[str, Any]:
    category = _category(complaint, jurisdiction)
    notice = category.notice if category else None
    return {
        "service_request_id": complaint.complaint_id,
        "status": STANDARD[complaint.status],
        "status_notes": _why(seen, complaint.status, language),
        "service_name": category.name.in_language(language) if category else None,
        "service_code": category.service_code if category else "",
        "description": seen.description,
        "agency_responsible": seen.agency.name if seen.agency else None,
        "service_notice": notice.in_language(language) if notice else None,
        "requested_datetime": to_second(complaint.created_at),
        "updated_datetime": to_second(complaint.updated_at),
        "expected_datetime": to_second(complaint.due_at),
        "address": seen.address_string,
        "lat": seen.lat,
        "long": seen.long,
        "media_url": next(iter(pictures.values()), None),
    }


def _category(complaint: Complaint, jurisdiction: Jurisdiction) -> Category | None:
    """Return a complaint's category: "something else" as long as none is known."""
    found = jurisdiction.category_by_code.get(complaint.service_code or "")
    return found or next((one for one in jurisdiction.categories if one.other), None)


def _why(seen: views.PublicComplaint, status: Status, language: str) -> str:
    """Return the last words with which the present status came, or what the status means."""
    for step in reversed(seen.timeline):
        if step.status != status:
            break
        if step.note:
            return step.note
    return SAID[status].in_language(language)


def _answers(complaint: Complaint, jurisdiction: Jurisdiction, language: str) -> Iterator[Answer]:
    """Yield the answers that were chosen from lists: what people typed may tell who they are."""
    if not complaint.is_public:
        return
    for code, given in complaint.attributes.items():
        attribute = jurisdiction.attribute_by_code.get(code)
        if attribute is None or not attribute.is_list:
            continue
        names = {value.key: value.name.in_language(language) for value in attribute.values}
        for key in given.split(","):
            yield Answer(
                label=attribute.description.in_language(language),
                code=key,
                name=code,
                value=names.get(key, key),
            )
