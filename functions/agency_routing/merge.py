"""Merges a complaint into another that says the same, and takes it out again."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from shared.complaints import marks
from shared.complaints.law import OPEN, Status
from shared.complaints.record import UNMERGED, Assignment, Complaint
from shared.errors import InvalidInput
from shared.jurisdiction import Jurisdiction
from shared.text import Text

_SORTED_AGAIN: Final = Text(
    "Tidak lagi digabung dengan laporan lain; petugas akan memilah ulang.",
    "No longer merged into another report; an operator will sort it again.",
)


def check(complaint: Complaint, into: Complaint | None) -> Complaint:
    """Return the complaint to merge into, if this one can be.

    It is of the same jurisdiction, still open, can be read where this one can be, and follows no
    other itself: whoever follows has one to follow.

    Raises:
        InvalidInput: it cannot; says why.
    """
    if into is None:
        raise _refused("missing", "Sebutkan nomor laporan yang sama.", "Name the same report.")
    if into.complaint_id == complaint.complaint_id:
        raise _refused("itself", "Ini laporan yang sama.", "This is the complaint itself.")
    if into.jurisdiction_id != complaint.jurisdiction_id:
        raise _refused(
            "other_jurisdiction",
            "Laporan itu milik pemerintah lain.",
            "That complaint is another government's.",
        )
    if into.follows:
        raise _refused(
            "follows_another",
            f"Laporan itu sendiri mengikuti {into.follows}; gabungkan ke sana.",
            f"That complaint itself follows {into.follows}; merge into that one.",
        )
    if into.status not in (Status.RECEIVED, *OPEN) or into.is_forgotten:
        raise _refused(
            "not_open", "Laporan itu tidak terbuka lagi.", "That complaint is not open any more."
        )
    if complaint.is_public and not into.is_public:
        raise _refused(
            "not_public",
            "Laporan itu tidak untuk umum, sedangkan yang ini untuk umum.",
            "That complaint is not public, while this one is.",
        )
    return into


def merged(complaint: Complaint, into: Complaint, action_id: str, now: datetime) -> Complaint:
    """Return a complaint as a duplicate; the agency that had it hears of that, and of nothing else."""
    return marks.to_tell(
        replace(complaint, duplicate_of=into.complaint_id, suspicion=None),
        action_id,
        now,
        alone=True,
    )


def sorted_again(complaint: Complaint, now: datetime, jurisdiction: Jurisdiction) -> Assignment:
    """Return the assignment to the desk of what was a duplicate."""
    return Assignment(
        no=len(complaint.assignments) + 1,
        agency=jurisdiction.triage,
        rule=UNMERGED,
        because=_SORTED_AGAIN,
        at=now,
    )


def _refused(code: str, indonesian: str, english: str) -> InvalidInput:
    return InvalidInput.at("into", code, Text(indonesian, english))
