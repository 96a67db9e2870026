"""Answers who asks for what is held of a reporter, or to forget it: the reporter, or an officer for them."""

from datetime import datetime
from typing import Final

from functions.complaint_intake.rights.asking import TERM, ask_to_forget
from functions.complaint_intake.rights.held import PersonalData, personal_data
from functions.complaint_intake.rights.stores import complaints, photos, register
from shared import config
from shared.clock import WIB
from shared.complaints import photo_views
from shared.complaints.record import Complaint
from shared.errors import NotFound
from shared.models import View

#: What the processing log calls what is done here.
EXPORTED: Final = "exported"
REQUESTED: Final = "erasure requested"
#: Who holds a complaint's token is its reporter; that is all there is to know.
TOKEN: Final = "tracking token"  # noqa: S105 (a name)


class ErasureReceipt(View):
    """When forgetting was asked for and by when it will be done, or when it was."""

    complaint_id: str
    status: str
    erasure_requested_at: datetime | None
    erase_by: datetime | None
    erased_at: datetime | None


def export(complaint_id: str, *, by: str, now: datetime, language: str) -> PersonalData:
    """Return all that is held, and note that it was given: of a day and of `by`, once.

    Raises:
        NotFound: there is no such complaint.
    """
    found = complaints().with_timeline(complaint_id, consistent=True)
    if found is None:
        raise NotFound
    register().note(
        complaint_id,
        EXPORTED,
        by=by,
        at=now,
        once=f"{now.astimezone(WIB):%Y-%m-%d}#{EXPORTED}#{by}",
    )
    complaint, timeline = found
    known = photos().many(complaint.photo_ids, consistent=True)
    return personal_data(
        complaint,
        timeline,
        register().held(complaint_id),
        photo_views.all_photos(complaint, known, photos().link, language),
        config.load(complaint.jurisdiction_id),
        language,
    )


def erase(complaint_id: str, *, by: str, now: datetime) -> ErasureReceipt:
    """Have a complaint's reporter forgotten, and note who asked; again, and it is as the first time.

    Raises:
        NotFound: there is no such complaint.
        VersionConflict: it kept changing meanwhile.
    """
    complaint = ask_to_forget(complaint_id, by=by, now=now, store=complaints())
    asked = complaint.erasure_requested_at
    if asked:
        register().note(complaint_id, REQUESTED, by=by, at=asked, once="ERASURE_REQUESTED")
    return receipt(complaint)


def standing(complaint_id: str) -> ErasureReceipt:
    """Return how a complaint stands, and whether its reporter is, or is being, forgotten.

    Raises:
        NotFound: there is no such complaint.
    """
    complaint = complaints().get(complaint_id)
    if complaint is None:
        raise NotFound
    return receipt(complaint)


def receipt(complaint: Complaint) -> ErasureReceipt:
    """Return how an erasure stands."""
    asked = complaint.erasure_requested_at
    return ErasureReceipt(
        complaint_id=complaint.complaint_id,
        status=complaint.status,
        erasure_requested_at=asked,
        erase_by=asked + TERM if asked else None,
        erased_at=complaint.erased_at,
    )
