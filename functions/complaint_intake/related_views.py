"""What may be read of the complaints that another one was split into, is a part of, or repeats."""

from collections.abc import Sequence
from typing import Literal

from shared import config
from shared.complaints.record import Complaint
from shared.models import View


class AgencyName(View):
    """An agency as the public knows it."""

    code: str
    name: str
    short_name: str


class RelatedComplaint(View):
    """A complaint that another was split into, is a part of, or was merged into."""

    complaint_id: str
    relation: Literal["part", "whole", "same"]
    status: str
    agency: AgencyName | None
    #: Anyone may read it, under its number.
    public: bool


def relatives(complaint: Complaint) -> Sequence[str]:
    """Return the numbers of the complaints that a complaint's view may name."""
    return (*complaint.parts, *filter(None, (complaint.follows,)))


def with_whole(complaint: Complaint, others: Sequence[Complaint]) -> Sequence[Complaint]:
    """Return whose photos everyone sees with a complaint: its own, and of what it is a part of."""
    if not complaint.is_public:
        return ()
    return (complaint, *(one for one in others if one.complaint_id == complaint.part_of))


def related(
    complaint: Complaint, others: Sequence[Complaint], language: str, *, own: bool
) -> list[RelatedComplaint]:
    """Return a complaint's relatives as anyone reads of them, or its reporter (`own`).

    Its parts are the reporter's own, public or not; what it was merged into is someone else's.
    """
    return [
        _related(complaint, one, language)
        for one in others
        if one.is_public or (own and one.part_of == complaint.complaint_id)
    ]


def agency_name(code: str, language: str) -> AgencyName:
    """Return the names of an agency of any jurisdiction."""
    agency = config.load(code.split("-", 1)[0]).agency_by_code[code]
    return AgencyName(
        code=code, name=agency.name.in_language(language), short_name=agency.short_name
    )


def _related(complaint: Complaint, other: Complaint, language: str) -> RelatedComplaint:
    relation: Literal["part", "whole", "same"] = "same"
    if other.part_of == complaint.complaint_id:
        relation = "part"
    elif complaint.part_of == other.complaint_id:
        relation = "whole"
    current = other.assignment
    return RelatedComplaint(
        complaint_id=other.complaint_id,
        relation=relation,
        status=other.status,
        agency=agency_name(current.agency, language) if current else None,
        public=other.is_public,
    )
