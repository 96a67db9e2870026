"""What an action says besides its name: the day, the code and the words that it brings."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from string import Template
from typing import Final

from functions.agency_routing.requests import ActionRequest
from shared import config
from shared.complaints.law import Action
from shared.complaints.record import Assignment, Complaint
from shared.days import day_of, end_of, long_date
from shared.desk import DATED, AnswerTemplate, Desk, Outcome, Reason
from shared.errors import Fault, InvalidInput
from shared.jurisdiction import Jurisdiction
from shared.text import Text
from shared.validation import near

#: What goes with which actions alone.
_BELONGS_WITH: Final[Mapping[str, Sequence[Action]]] = {
    "agency": (Action.ASSIGN,),
    "parts": (Action.SPLIT,),
    "into": (Action.MERGE,),
    "until": DATED,
    "reason": (Action.REJECT,),
    "outcome": (Action.RESOLVE, Action.RESOLVE_CONDITIONALLY),
    "public_description": (Action.REDACT,),
}
#: What an action cannot do without.
_NEEDED: Final[Mapping[Action, str]] = {
    Action.SCHEDULE: "until",
    Action.RESOLVE_CONDITIONALLY: "until",
    Action.REJECT: "reason",
    Action.REDACT: "public_description",
}
_MISSING: Final[Mapping[str, Text]] = {
    "until": Text("Sebutkan tanggalnya.", "Name the day."),
    "reason": Text("Pilih alasan yang sah.", "Choose one of the legal reasons."),
    "public_description": Text(
        "Tulis yang boleh dibaca publik.", "Write what the public may read instead."
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What an action says, checked: its public note, the end of the day named, and its code."""

    public_note: str | None
    until: datetime | None = None
    code: str | None = None


def said(
    request: ActionRequest,
    complaint: Complaint,
    current: Assignment,
    now: datetime,
    jurisdiction: Jurisdiction,
) -> Said:
    """Return what an action says; `jurisdiction` is the complaint's.

    Raises:
        InvalidInput: something is missing, belongs to another action, or cannot be.
    """
    if faults := tuple(_misplaced(request)):
        raise InvalidInput(faults=faults)
    desk = jurisdiction.desk
    until = _until(request, now, desk)
    return Said(
        public_note=_public_note(request, complaint, current, until, jurisdiction),
        until=until,
        code=_known("reason", request.reason, desk.reasons)
        or _known("outcome", request.outcome, desk.outcomes),
    )


def _misplaced(request: ActionRequest) -> Iterator[Fault]:
    for field, actions in _BELONGS_WITH.items():
        if getattr(request, field) is not None and request.action not in actions:
            named = ", ".join(actions)
            only = Text(f"Hanya untuk tindakan {named}.", f"This goes with {named} only.")
            yield Fault(field, "not_with_this_action", only)
    needed = _NEEDED.get(request.action)
    if needed and getattr(request, needed) is None:
        yield Fault(needed, "missing", _MISSING[needed])


def _until(request: ActionRequest, now: datetime, desk: Desk) -> datetime | None:
    """Return the end of the day that is named: today at the earliest, within the desk's term."""
    if request.until is None:
        return None
    today = day_of(now)
    most = desk.plan_days if request.action is Action.SCHEDULE else desk.owe_days
    latest = today + timedelta(days=most)
    if not today <= request.until <= latest:
        raise InvalidInput.at(
            "until",
            "out_of_range",
            Text(
                f"Pilih tanggal dari {today} sampai {latest}.",
                f"Choose a day from {today} to {latest}.",
            ),
        )
    return end_of(request.until)


def _public_note(
    request: ActionRequest,
    complaint: Complaint,
    current: Assignment,
    until: datetime | None,
    jurisdiction: Jurisdiction,
) -> str | None:
    """Return the public note: what was written, or the template that is named."""
    if request.template is None:
        return request.public_note
    fitting = [one for one in jurisdiction.desk.templates if request.action in one.actions]
    code = _known("template", request.template, fitting)
    template = next(one for one in fitting if one.code == code)
    return request.public_note or filled(template, complaint, current.agency, until, jurisdiction)


def filled(
    template: AnswerTemplate,
    complaint: Complaint,
    agency: str,
    until: datetime | None,
    jurisdiction: Jurisdiction,
) -> str:
    """Return a template's words for a complaint, in its reporter's language."""
    language = complaint.language
    category = jurisdiction.category_by_code.get(complaint.service_code or "")
    known = config.load(agency.split("-", 1)[0]).agency_by_code.get(agency)
    nameless = Text("hal yang Anda laporkan", "what you reported")
    return Template(template.text.in_language(language)).substitute(
        number=complaint.complaint_id,
        category=(category.name if category else nameless).in_language(language),
        agency=known.short_name if known else agency,
        until=long_date(until, language) if until else "",
    )


def _known(
    field: str, code: str | None, listed: Sequence[Reason | Outcome | AnswerTemplate]
) -> str | None:
    """Return a code that is given, if it is one of those listed."""
    codes = [one.code for one in listed]
    if code is None or code in codes:
        return code
    meant = near(code, codes)
    choices = ", ".join(codes) or "–"
    raise InvalidInput.at(
        field,
        "not_a_choice",
        Text(f"Maksudnya “{meant}”?", f"Did you mean “{meant}”?")
        if meant
        else Text(f"Pilih salah satu: {choices}.", f"Choose one of: {choices}."),
    )
