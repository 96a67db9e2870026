"""Splits a complaint into parts, each an agency's own; it waits at the desk until they are done."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from functions.agency_routing.requests import ActionRequest, PartRequest
from shared.complaints import family, marks
from shared.complaints.clocks import wound
from shared.complaints.law import Status
from shared.complaints.record import OPERATOR, SPLIT, Assignment, Complaint
from shared.complaints.visibility import stricter
from shared.errors import InvalidInput
from shared.jurisdiction import Jurisdiction
from shared.text import Text
from shared.validation import near

_WAITS = Text(
    "Dibagi kepada beberapa dinas; petugas menunggu semuanya selesai.",
    "Split between agencies; the desk waits until all have done their part.",
)
_PART = Text(
    "Satu bagian dari laporan yang dibagi petugas Diskominfo.",
    "One part of a report that a Diskominfo operator split.",
)


def held_at_desk(complaint: Complaint, now: datetime, jurisdiction: Jurisdiction) -> Assignment:
    """Return the assignment by which the desk keeps what it splits."""
    return Assignment(
        no=len(complaint.assignments) + 1,
        agency=jurisdiction.triage,
        rule=SPLIT,
        because=_WAITS,
        at=now,
    )


def parts_of(
    complaint: Complaint, request: ActionRequest, now: datetime, jurisdiction: Jurisdiction
) -> tuple[Complaint, ...]:
    """Return the complaints into which a complaint is split, each on its way to its agency.

    Each has what the complaint has, save who reported it; its own category may only make it
    less public. What was promised for the whole is promised for each.

    Raises:
        InvalidInput: parts are missing or not to be given, or an agency or category is unknown.
    """
    if request.parts is None:
        raise InvalidInput.at(
            "parts",
            "missing",
            Text("Sebutkan 2 sampai 10 bagian.", "Name 2 to 10 parts."),
        )
    first = len(complaint.parts)
    return tuple(
        _part(complaint, first + index, asked, now, jurisdiction)
        for index, asked in enumerate(_checked(request.parts, jurisdiction))
    )


def _checked(parts: Sequence[PartRequest], jurisdiction: Jurisdiction) -> Sequence[PartRequest]:
    own = [one.code for one in jurisdiction.agencies if not one.retired]
    known = {
        "agency": (*own, *jurisdiction.handoffs),
        "service_code": tuple(jurisdiction.category_by_code),
    }
    for index, part in enumerate(parts):
        for field, possible in known.items():
            named = getattr(part, field)
            if named is None or named in possible:
                continue
            meant = near(named, possible)
            hint = Text(f" Maksudnya “{meant}”?", f" Did you mean “{meant}”?") if meant else None
            raise InvalidInput.at(
                f"parts.{index}.{field}",
                f"unknown_{field}",
                Text(
                    f"Tidak dikenal.{hint.id if hint else ''}",
                    f"This is not known.{hint.en if hint else ''}",
                ),
            )
    return parts


def _part(
    complaint: Complaint,
    index: int,
    asked: PartRequest,
    now: datetime,
    jurisdiction: Jurisdiction,
) -> Complaint:
    key = family.part_key(complaint, index)
    made = Complaint(
        complaint_id=family.part_number(complaint, jurisdiction.id_prefix, index),
        jurisdiction_id=complaint.jurisdiction_id,
        key_hash=key,
        fingerprint=key,
        status=Status.ASSIGNED,
        kind=complaint.kind,
        service_code=asked.service_code or complaint.service_code,
        description=asked.description or complaint.description,
        lat=complaint.lat,
        long=complaint.long,
        address_string=complaint.address_string,
        attributes=complaint.attributes,
        visibility=_visibility(complaint, asked.service_code, jurisdiction),
        visibility_chosen=complaint.visibility_chosen,
        anonymous=True,
        channel=complaint.channel,
        vehicle_code=complaint.vehicle_code,
        vehicle_known=complaint.vehicle_known,
        hidden=complaint.hidden,
        public_description=None if asked.description else complaint.public_description,
        part_of=complaint.complaint_id,
        language=complaint.language,
        created_at=now,
        updated_at=now,
        dispatch_due_at=complaint.dispatch_due_at,
        due_at=complaint.due_at,
        legal_due_at=complaint.legal_due_at,
        assignments=(Assignment(no=1, agency=asked.agency, rule=OPERATOR, because=_PART, at=now),),
    )
    return wound(marks.to_assign(made, now), jurisdiction)


def _visibility(complaint: Complaint, service_code: str | None, jurisdiction: Jurisdiction) -> str:
    category = jurisdiction.category_by_code.get(service_code or "")
    if category is None or category.other:
        return complaint.visibility
    return stricter(complaint.visibility, category.visibility)


def with_parts(complaint: Complaint, parts: Sequence[Complaint]) -> Complaint:
    """Return a complaint that knows its parts; an operator has seen that it is no spam."""
    numbers = (one.complaint_id for one in parts)
    return replace(complaint, parts=(*complaint.parts, *numbers), suspicion=None)
