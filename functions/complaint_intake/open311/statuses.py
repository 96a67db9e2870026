"""Our statuses in the standard's two, and in the finer ones that FixMyStreet's updates carry."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, Literal

from shared.complaints.law import Status
from shared.text import Text

Standard = Literal["open", "closed"]


class UpdateStatus(StrEnum):
    """The statuses of an update, as mySociety's extension lists them."""

    OPEN = "open"
    CLOSED = "closed"
    FIXED = "fixed"
    IN_PROGRESS = "in_progress"
    PLANNED = "planned"
    ACTION_SCHEDULED = "action_scheduled"
    INVESTIGATING = "investigating"
    DUPLICATE = "duplicate"
    NOT_COUNCILS_RESPONSIBILITY = "not_councils_responsibility"
    NO_FURTHER_ACTION = "no_further_action"
    INTERNAL_REFERRAL = "internal_referral"
    CANCELLED = "cancelled"
    REOPEN = "reopen"
    FOR_TRIAGE = "for_triage"


#: How the standard would put each of our statuses.
STANDARD: Final[Mapping[Status, Standard]] = {
    Status.RECEIVED: "open",
    Status.ASSIGNED: "open",
    Status.ACCEPTED: "open",
    Status.IN_PROGRESS: "open",
    Status.NEEDS_INFORMATION: "open",
    Status.RETURNED: "open",
    Status.REOPENED: "open",
    Status.RESOLVED_CONDITIONALLY: "open",
    Status.RESOLVED: "closed",
    Status.REJECTED: "closed",
    Status.DUPLICATE: "closed",
    Status.CLOSED: "closed",
    Status.WITHDRAWN: "closed",
}

#: How an update would. A reopened one is plainly open again: `reopen` is what a client asks for.
EXTENDED: Final[Mapping[Status, UpdateStatus]] = {
    Status.RECEIVED: UpdateStatus.OPEN,
    Status.ASSIGNED: UpdateStatus.OPEN,
    Status.ACCEPTED: UpdateStatus.INVESTIGATING,
    Status.IN_PROGRESS: UpdateStatus.IN_PROGRESS,
    Status.NEEDS_INFORMATION: UpdateStatus.INVESTIGATING,
    Status.RETURNED: UpdateStatus.FOR_TRIAGE,
    Status.REOPENED: UpdateStatus.OPEN,
    Status.RESOLVED_CONDITIONALLY: UpdateStatus.ACTION_SCHEDULED,
    Status.RESOLVED: UpdateStatus.FIXED,
    Status.REJECTED: UpdateStatus.NO_FURTHER_ACTION,
    Status.DUPLICATE: UpdateStatus.DUPLICATE,
    Status.CLOSED: UpdateStatus.CLOSED,
    Status.WITHDRAWN: UpdateStatus.CANCELLED,
}

#: What people read where nobody wrote anything.
SAID: Final[Mapping[Status, Text]] = {
    Status.RECEIVED: Text("Diterima, menunggu diteruskan.", "Received, waiting to be forwarded."),
    Status.ASSIGNED: Text("Diteruskan ke dinas.", "Forwarded to the agency."),
    Status.ACCEPTED: Text("Diterima oleh dinas.", "Accepted by the agency."),
    Status.IN_PROGRESS: Text("Sedang dikerjakan.", "Being worked on."),
    Status.NEEDS_INFORMATION: Text(
        "Dinas menunggu jawaban pelapor.", "The agency waits for the reporter's answer."
    ),
    Status.RETURNED: Text(
        "Dikembalikan dinas; petugas mencarikan yang tepat.",
        "Given back by the agency; the desk looks for the right one.",
    ),
    Status.REOPENED: Text("Dibuka kembali oleh pelapor.", "Reopened by the reporter."),
    Status.RESOLVED_CONDITIONALLY: Text(
        "Selesai bersyarat: sisanya dijanjikan.", "Resolved in part: the rest is promised."
    ),
    Status.RESOLVED: Text("Selesai ditangani.", "Resolved."),
    Status.REJECTED: Text("Tidak dapat ditindaklanjuti.", "It cannot be acted upon."),
    Status.DUPLICATE: Text("Digabung dengan laporan lain.", "Merged into another report."),
    Status.CLOSED: Text("Ditutup: selesai.", "Closed: it is done."),
    Status.WITHDRAWN: Text("Ditarik oleh pelapor.", "Withdrawn by the reporter."),
}
