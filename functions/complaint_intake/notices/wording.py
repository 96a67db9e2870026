"""Puts a notice into words: from configuration's templates, and nothing that a submitter typed.

Anyone may give a stranger's address with a complaint. So what was typed is left out, the name
too: nobody can have us send words of theirs to others.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from string import Template
from typing import Final

from functions.complaint_intake.related_views import agency_name
from shared.clock import WIB
from shared.complaints.record import Complaint, TimelineEntry
from shared.days import long_date
from shared.jurisdiction import Jurisdiction
from shared.messengers.mail import Email
from shared.notices import Notice, Notices, Occasion

#: The date of an occasion, by its name in the record.
_UNTIL: Final[Mapping[Occasion, str]] = {
    Occasion.RECEIVED: "dispatch_due_at",
    Occasion.ASSIGNED: "due_at",
    Occasion.REOPENED: "due_at",
    Occasion.QUESTION: "clock_at",
    Occasion.SCHEDULED: "planned_at",
    Occasion.RESOLVED_CONDITIONALLY: "owed_by",
}
#: Until when the reporter may open it again.
_MAY_REOPEN: Final = (Occasion.RESOLVED, Occasion.CLOSED, Occasion.REJECTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Where a notice leads. `follow` opens the complaint, by a fragment that no server is sent."""

    follow: str
    stop: str  #: can do nothing but stop notices


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """What a notice is about: the occasion, the complaint as it is now, and the step taken."""

    occasion: Occasion
    complaint: Complaint
    jurisdiction: Jurisdiction
    notices: Notices
    entry: TimelineEntry | None  #: None: submitted, or routed

    @property
    def notice(self) -> Notice:
        """The templates of the occasion."""
        return self.notices.texts[self.occasion]


def links(base_url: str, complaint_id: str, token: str, stop_token: str) -> Links:
    """Return a complaint's links; `base_url` is the API's own, without a slash at its end."""
    return Links(
        follow=f"{base_url}/lacak#{complaint_id}.{token}",
        stop=f"{base_url}/notices/unsubscribe?c={complaint_id}&t={stop_token}",
    )


def email(happening: Happening, to: Links, language: str) -> Email:
    """Return a notice as an e-mail: what it is about is told only of a public complaint."""
    notice, notices = happening.notice, happening.notices
    plain = {"number": happening.complaint.complaint_id, "until": _long_date(happening, language)}
    paragraphs = [_filled(notice.body.in_language(language), plain)]
    if notice.details and happening.complaint.is_public:
        known = plain | _matter(happening, language)
        paragraphs.append(_told(notice.details.in_language(language), known))
    paragraphs += [
        _filled(notices.follow.in_language(language), {"link": to.follow}),
        "-- \n" + _filled(notices.footer.in_language(language), {"stop": to.stop}),
    ]
    return Email(
        subject=_filled(notice.subject.in_language(language), plain),
        text="\n\n".join(filter(None, paragraphs)) + "\n",
    )


def sms(happening: Happening, to: Links, language: str) -> str | None:
    """Return a notice as a text message; None: this occasion is not worth one."""
    template = happening.notice.sms
    if template is None:
        return None
    until = until_of(happening)
    return _filled(
        template.in_language(language),
        {
            "number": happening.complaint.complaint_id,
            "until": until.astimezone(WIB).strftime("%d-%m-%Y") if until else "",
            "link": to.follow,
            "stop": to.stop,
        },
    )


def until_of(happening: Happening) -> datetime | None:
    """Return the date that an occasion has (see `shared.notices.DATED`), where it is known."""
    complaint = happening.complaint
    if happening.occasion in _MAY_REOPEN and complaint.closed_at:
        return complaint.closed_at + timedelta(days=happening.jurisdiction.dialogue.reopen_days)
    name = _UNTIL.get(happening.occasion)
    until: datetime | None = getattr(complaint, name) if name else None
    return until


def _long_date(happening: Happening, language: str) -> str:
    until = until_of(happening)
    return long_date(until, language) if until else ""


def _matter(happening: Happening, language: str) -> dict[str, str]:
    """Return what a complaint is about and what was said of it, as far as it is known."""
    complaint, entry = happening.complaint, happening.entry
    category = happening.jurisdiction.category_by_code.get(complaint.service_code or "")
    assignment = complaint.assignment
    matter = {
        "category": category.name.in_language(language) if category else None,
        "agency": agency_name(assignment.agency, language).name if assignment else None,
        "note": entry.public_note if entry else None,
    }
    return {name: value for name, value in matter.items() if value}


def _told(template: str, values: dict[str, str]) -> str:
    """Fill a template line by line; a line about something that is not known is left out."""
    return "\n".join(
        _filled(line, values)
        for line in template.splitlines()
        if values.keys() >= set(Template(line).get_identifiers())
    ).strip()


def _filled(template: str, values: dict[str, str]) -> str:
    return Template(template).substitute(values).strip()
