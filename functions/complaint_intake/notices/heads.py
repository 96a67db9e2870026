"""Tells an agency's head by e-mail that a complaint is overdue, once: number and date, no matter."""

from dataclasses import dataclass
from datetime import datetime
from string import Template
from typing import Final

from functions.complaint_intake.notices import occasions
from functions.complaint_intake.notices.settings import NoticeSettings
from shared import config
from shared.clock import from_text
from shared.complaints.clocks import WORKED
from shared.complaints.events import ComplaintEscalatedV1
from shared.complaints.record import Complaint, TimelineEntry
from shared.complaints.store import ComplaintStore
from shared.days import long_date
from shared.jurisdiction import Agency
from shared.messengers.addresses import takes_mail
from shared.messengers.leases import NoticeLeases
from shared.messengers.mail import Email
from shared.messengers.sending import CanNeverBeSent, send_email
from shared.notices import HeadNotice

#: The channel in the key of its lease, and what the lease says that it was about.
HEAD: Final = "head"
OVERDUE: Final = "overdue"
#: Indonesian first, and English below.
_LANGUAGES: Final = ("id", "en")


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadTeller:
    """Who tells heads. Its answers are outcomes for the log, which name no one."""

    complaints: ComplaintStore
    leases: NoticeLeases
    settings: NoticeSettings

    def tell(self, escalated: ComplaintEscalatedV1, now: datetime) -> str:
        """Send a head an e-mail, unless it was sent, none is configured, or it is no longer so.

        Raises:
            BeingSent: another is sending it, or died while it did.
            ClientError: the service does not take it now.
        """
        if occasions.too_late(from_text(escalated["at"]), now):
            return "too late"
        found = self._overdue(escalated)
        if found is None:
            return "no news"
        complaint, agency = found
        words = _words_for(agency) if self.settings.email_sender else None
        if agency.head_email is None or words is None:
            return "nobody to tell"
        notice = (complaint.complaint_id, str(escalated["version"]), HEAD)
        if not self.leases.take(*notice, told={"occasion": OVERDUE}, now=now):
            return "sent before"
        email = wording(words, complaint, agency, self.settings.public_url)
        try:
            self._send(agency.head_email, email)
        except CanNeverBeSent as refusal:
            self.leases.failed(*notice, now, reason=refusal.reason)
            return f"refused: {refusal.reason}"
        self.leases.sent(*notice, now)
        return "sent"

    def _overdue(self, escalated: ComplaintEscalatedV1) -> tuple[Complaint, Agency] | None:
        """Return the complaint and the agency whose head is to hear of it, if it still is so."""
        found = self.complaints.with_timeline(escalated["complaint_id"], consistent=True)
        entry = occasions.step(escalated["version"], found[1]) if found else None
        if escalated["level"] != HEAD or found is None or entry is None:
            return None
        complaint, _ = found
        return (complaint, _agency(entry)) if _still_late(complaint, entry) else None

    def _send(self, address: str, email: Email) -> None:
        if not takes_mail(address):
            raise CanNeverBeSent("bad_address")
        names = self.settings
        send_email(names.email_sender, address, email, None, names.configuration_set)


def wording(notice: HeadNotice, complaint: Complaint, agency: Agency, base_url: str) -> Email:
    """Return the e-mail. It links the agency's own view, which only the agency's token opens."""

    def said(language: str) -> dict[str, str]:
        return {
            "number": complaint.complaint_id,
            "until": long_date(complaint.due_at, language),
            "agency": agency.name.in_language(language),
            "link": f"{base_url}/agencies/{agency.code}/complaints/{complaint.complaint_id}",
        }

    bodies = (
        Template(notice.body.in_language(each)).substitute(said(each)).strip()
        for each in _LANGUAGES
    )
    first = _LANGUAGES[0]
    return Email(
        subject=Template(notice.subject.in_language(first)).substitute(said(first)),
        text="\n\n".join(bodies) + "\n",
    )


def _still_late(complaint: Complaint, entry: TimelineEntry) -> bool:
    """Tell whether it is still work of the agency that had it, and nobody waits for the reporter."""
    current = complaint.assignment
    return (
        not complaint.is_forgotten
        and complaint.status in WORKED
        and current is not None
        and current.agency == entry.agency
    )


def _words_for(agency: Agency) -> HeadNotice | None:
    notices = config.load(agency.code.split("-", 1)[0]).notices
    return notices.head if notices else None


def _agency(entry: TimelineEntry) -> Agency:
    code = str(entry.agency)
    return config.load(code.split("-", 1)[0]).agency_by_code[code]
