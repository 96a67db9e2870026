"""What anyone may say of a public complaint, once per device: "me too", or "it is not done"."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Annotated, Final, Literal, Protocol

from pydantic import Field

from functions.complaint_intake.submission import DeviceId
from shared import config, ids
from shared.cleaning import Blank, Cleaned
from shared.complaints import acting, marks
from shared.complaints.clocks import wound
from shared.complaints.law import DONE, Action, Actor, Status
from shared.complaints.record import Complaint, TimelineEntry
from shared.errors import NotFound
from shared.models import Body, View
from shared.text import Text

#: Who said it, in the timeline: nobody asks.
ANYONE: Final = "anyone"
#: So many are told to the agency one by one, with what they say; of more it sees the number.
TOLD_ONE_BY_ONE: Final = 5
#: How often it is tried while others change the complaint.
_TRIES = 3
_OPEN = tuple(status for status in Status if status not in DONE)
_CALLED_DONE = (Status.RESOLVED_CONDITIONALLY, Status.RESOLVED, Status.CLOSED)

Count = Literal["supporters", "not_fixed"]


class SupportRequest(Body):
    """The body of `POST /complaints/{complaint_id}/support`."""

    #: The same for all that a device sends; what is kept of it differs for each complaint.
    device_id: DeviceId


class NotFixedReport(Body):
    """The body of `POST /complaints/{complaint_id}/not-fixed`."""

    device_id: DeviceId
    #: What is still wrong. The agency reads it, the public does not.
    note: Annotated[Annotated[str, Field(max_length=1000), Cleaned] | None, Blank] = None


class Voices(View):
    """How many have spoken of a complaint by now."""

    complaint_id: str
    status: str
    supporters: int
    not_fixed: int


class Counts(Protocol):
    """What is needed of the store of voices."""

    def add(
        self,
        complaint_id: str,
        device: str,
        count: Count,
        *,
        among: Sequence[Status],
        until: datetime,
    ) -> bool:
        """Count a device, unless it was counted; needs a public complaint in a status `among` some."""
        ...


def support(
    complaint_id: str,
    said: SupportRequest,
    *,
    now: datetime,
    secret: bytes,
    store: acting.Store,
    counts: Counts,
) -> tuple[Voices, HTTPStatus]:
    """Count a supporter of an open complaint: 201, or 200 if the device was counted before.

    Raises:
        NotFound: there is no such public complaint.
        IllegalAction: it is not open any more.
        VersionConflict: it kept changing.
    """
    device = _device(secret, complaint_id, said.device_id)
    for _ in range(_TRIES):
        complaint = _public(complaint_id, store)
        if complaint.status in DONE:
            raise acting.IllegalAction(_why_not(complaint))
        try:
            fresh = counts.add(
                complaint_id, device, "supporters", among=_OPEN, until=_until(complaint, now)
            )
        except acting.StaleVersion:
            continue
        return _voices(complaint, supporters=fresh), _status(fresh)
    raise acting.VersionConflict


def not_fixed(
    complaint_id: str,
    said: NotFixedReport,
    *,
    now: datetime,
    secret: bytes,
    store: acting.Store,
    counts: Counts,
) -> tuple[Voices, HTTPStatus]:
    """Count someone who says that a complaint called done is not: 201, or 200 the second time.

    The first few become steps that the agency is told of; the rest is only counted, so that a
    crowd neither fills the agency's queue nor the complaint's history.

    Raises:
        NotFound: there is no such public complaint.
        IllegalAction: nobody has said yet that it is done.
        VersionConflict: it kept changing.
    """
    device = _device(secret, complaint_id, said.device_id)
    action_id = f"not-fixed-{device}"
    for _ in range(_TRIES):
        complaint = _public(complaint_id, store)
        acting.transition_of(complaint, Action.NOT_FIXED, (Actor.PUBLIC,))
        try:
            if complaint.not_fixed < TOLD_ONE_BY_ONE:
                fresh = _told(complaint, action_id, said.note, now, store)
            elif store.action(complaint_id, action_id):
                fresh = False
            else:
                fresh = counts.add(
                    complaint_id,
                    device,
                    "not_fixed",
                    among=_CALLED_DONE,
                    until=_until(complaint, now),
                )
        except acting.StaleVersion:
            continue
        return _voices(complaint, not_fixed=fresh), _status(fresh)
    raise acting.VersionConflict


def _told(
    complaint: Complaint, action_id: str, note: str | None, now: datetime, store: acting.Store
) -> bool:
    """Take it as a step that the agency is told of; return False if it was taken before."""
    changed = marks.to_tell(
        replace(acting.moved(complaint, complaint.status, now), not_fixed=complaint.not_fixed + 1),
        action_id,
        now,
    )
    assignment = complaint.assignment
    entry = TimelineEntry(
        action_id=action_id,
        fingerprint=action_id,
        version=changed.version,
        at=now,
        action=Action.NOT_FIXED,
        status=changed.status,
        agency=assignment.agency if assignment else None,
        actor=ANYONE,
        role=Actor.PUBLIC,
        internal_note=note,
    )
    try:
        store.record_action(
            complaint, wound(changed, config.load(complaint.jurisdiction_id)), entry
        )
    except acting.ActionRepeated:
        return False
    return True


def _public(complaint_id: str, store: acting.Store) -> Complaint:
    complaint = store.get(complaint_id)
    if complaint is None or not complaint.is_public:
        raise NotFound
    return complaint


def _why_not(complaint: Complaint) -> Text:
    if complaint.status in _CALLED_DONE:
        return Text(
            "Laporan ini sudah dinyatakan selesai; bila belum, kirim “belum selesai” (not-fixed).",
            "This complaint was called done; if it is not, say so with not-fixed.",
        )
    return Text(
        "Laporan ini ditarik pelapornya; kirim laporan Anda sendiri.",
        "The reporter withdrew this complaint; submit one of your own.",
    )


def _device(secret: bytes, complaint_id: str, device_id: str) -> str:
    """Return a device's pseudonym, another one for each complaint."""
    return ids.keyed_hash(secret, "voice", complaint_id, device_id)[:32]


def _until(complaint: Complaint, now: datetime) -> datetime:
    """Return until when it is remembered that a device was counted."""
    return now + timedelta(days=config.load(complaint.jurisdiction_id).retention.days)


def _voices(complaint: Complaint, *, supporters: bool = False, not_fixed: bool = False) -> Voices:
    return Voices(
        complaint_id=complaint.complaint_id,
        status=complaint.status,
        supporters=complaint.supporters + supporters,
        not_fixed=complaint.not_fixed + not_fixed,
    )


def _status(fresh: bool) -> HTTPStatus:  # noqa: FBT001
    return HTTPStatus.CREATED if fresh else HTTPStatus.OK
