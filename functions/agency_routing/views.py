"""What agencies and operators read: their work, with internal notes and no reporter."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from shared.complaints.clocks import answer_due_at
from shared.complaints.photo_views import PhotoView
from shared.complaints.record import Complaint, TimelineEntry
from shared.jurisdiction import Jurisdiction
from shared.models import View
from shared.text import Text


class ActionOutcome(View):
    """What an action led to; the same again for the same action id."""

    complaint_id: str
    action_id: str
    version: int
    status: str
    agency: str
    #: The parts that it was split into, or what it was merged into.
    related: list[str]


class AssignmentView(View):
    """Whose a complaint was or is, and why."""

    no: int
    agency: str
    rule: str
    because: dict[str, str]
    #: Of what waits for an operator: the categories that it may be, and how likely (0 to 1).
    suggestions: dict[str, float]
    at: datetime
    queued_at: datetime | None
    received_at: datetime | None
    acknowledged_at: datetime | None
    accepted_at: datetime | None
    resends: int
    resent_at: datetime | None
    stuck_at: datetime | None


class WorkItem(View):
    """A complaint as the agency that works it sees it."""

    complaint_id: str
    jurisdiction_id: str
    version: int
    status: str
    kind: str
    service_code: str | None
    description: str
    lat: float | None
    long: float | None
    address_string: str | None
    attributes: dict[str, str]
    visibility: str
    anonymous: bool
    contact_shared: bool
    channel: str
    vehicle_code: str | None
    vehicle_known: bool | None
    vehicle_partner: str | None
    media_url: str | None
    suspicion: str | None
    supporters: int
    not_fixed: int
    part_of: str | None
    parts: list[str]
    duplicate_of: str | None
    duplicates: int
    answer_due_at: datetime | None
    assignment: AssignmentView | None
    created_at: datetime
    updated_at: datetime
    dispatch_due_at: datetime
    due_at: datetime
    legal_due_at: datetime | None
    paused_at: datetime | None  #: both due dates stand still since then
    escalation: int  #: how far up it is late: 1 warned, 2 the head, 3 triage, 4 everyone
    planned_at: datetime | None
    owed_by: datetime | None
    rejected_for: str | None
    #: The desk keeps it from the public.
    hidden: bool
    #: What the public reads instead of the description.
    public_description: str | None


class WorkList(View):
    """A page of work by due date; `cursor` asks for the next one, null at the end."""

    complaints: list[WorkItem]
    cursor: str | None


class Step(View):
    """One action, with who took it and its internal note."""

    action_id: str
    version: int
    at: datetime
    action: str
    status: str
    agency: str | None
    to_agency: str | None
    actor: str
    role: str
    public_note: str | None
    internal_note: str | None
    until: datetime | None
    #: Why it was rejected, or what came of it.
    code: str | None
    photo_ids: list[str]
    related: list[str]
    #: What the public read before it was redacted again; told to the desk alone.
    replaced: str | None


class WorkDetail(WorkItem):
    """A complaint with all that was done to it, oldest first; links to photos run out."""

    photos: list[PhotoView]
    assignments: list[AssignmentView]
    timeline: list[Step]


class Choice(View):
    """A reason, an outcome or a template, with its words in both languages."""

    code: str
    text: dict[str, str]


class Reason(Choice):
    """Why a complaint may be rejected, and the law that says so."""

    basis: dict[str, str]


class Template(Choice):
    """An answer to begin from, and the actions whose public note it may be."""

    actions: list[str]


class DeskWords(View):
    """What may be chosen from when acting on a complaint of a jurisdiction."""

    jurisdiction_id: str
    templates: list[Template]
    outcomes: list[Choice]
    reasons: list[Reason]


class Message(View):
    """A message of the agency's queue: `receipt` is for ack and extend."""

    receipt: str
    message_id: str
    received_count: int
    message: dict[str, Any]


class Messages(View):
    """What was on the queue just now."""

    messages: list[Message]


class Done(View):
    """The request was carried out."""

    done: bool = True


def desk_words(jurisdiction: Jurisdiction) -> DeskWords:
    """Return a jurisdiction's templates, outcomes and legal reasons."""
    desk = jurisdiction.desk
    return DeskWords(
        jurisdiction_id=jurisdiction.id,
        templates=[
            Template(code=one.code, text=_both(one.text), actions=list(one.actions))
            for one in desk.templates
        ],
        outcomes=[Choice(code=one.code, text=_both(one.text)) for one in desk.outcomes],
        reasons=[
            Reason(code=one.code, text=_both(one.text), basis=_both(one.basis))
            for one in desk.reasons
        ],
    )


def work_item(complaint: Complaint) -> WorkItem:
    """Return a complaint as a row of a work list."""
    return WorkItem(**_common(complaint))


def work_detail(
    complaint: Complaint,
    timeline: Sequence[TimelineEntry],
    photos: Sequence[PhotoView] = (),
    *,
    desk: bool = False,
) -> WorkDetail:
    """Return a complaint with its whole history: to its desk with what was redacted before."""
    return WorkDetail(
        **_common(complaint),
        photos=list(photos),
        assignments=[_assignment(complaint, no) for no in range(len(complaint.assignments))],
        timeline=[_step(entry, desk=desk) for entry in timeline],
    )


def _step(entry: TimelineEntry, *, desk: bool) -> Step:
    made: dict[str, Any] = {
        "photo_ids": list(entry.photo_ids),
        "related": list(entry.related),
        "replaced": entry.replaced if desk else None,
    }
    same = Step.model_fields.keys() - made.keys()
    return Step(**{name: getattr(entry, name) for name in same}, **made)


def _common(complaint: Complaint) -> dict[str, Any]:
    made = {
        "assignment": _assignment(complaint, -1) if complaint.assignments else None,
        "attributes": dict(complaint.attributes),
        "parts": list(complaint.parts),
        "contact_shared": complaint.agency_may_ask_who,
        "answer_due_at": answer_due_at(complaint),
    }
    names = WorkItem.model_fields.keys() - made.keys()
    return {name: getattr(complaint, name) for name in names} | made


def _assignment(complaint: Complaint, index: int) -> AssignmentView:
    one = complaint.assignments[index]
    because = _both(one.because)
    suggestions = dict(sorted(one.suggestions.items(), key=lambda of: -of[1]))
    names = AssignmentView.model_fields.keys() - {"because", "suggestions"}
    rest = {name: getattr(one, name) for name in names}
    return AssignmentView(because=because, suggestions=suggestions, **rest)


def _both(text: Text) -> dict[str, str]:
    return {"id": text.id, "en": text.en}
