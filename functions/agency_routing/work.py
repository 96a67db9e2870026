"""What an action does to a complaint, and who may take it."""

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from functions.agency_routing import merge, split
from functions.agency_routing.handing import handed_on
from functions.agency_routing.requests import ActionRequest
from functions.agency_routing.saying import Said, said
from shared import config
from shared.access import Caller
from shared.complaints import delivery, marks
from shared.complaints.acting import (
    Change,
    IllegalAction,
    VersionConflict,
    check_note,
    moved,
    possible,
    replaced_text,
    transition_of,
)
from shared.complaints.clocks import wound
from shared.complaints.law import ACTORS, Action, Actor
from shared.complaints.record import Assignment, Complaint, TimelineEntry
from shared.errors import Conflict, Forbidden
from shared.jurisdiction import Jurisdiction
from shared.text import Text

#: What the desk keeps from the public of a complaint, it keeps of its parts.
_KEEPS_BACK: Final = (Action.HIDE, Action.REDACT)


class StaleAssignment(Conflict):
    """The action is on an assignment that is no longer the current one."""

    code = "stale_assignment"
    title = Text(
        "Penugasan ini sudah digantikan yang lebih baru.",
        "This assignment has been replaced by a newer one.",
    )


def fingerprint(request: ActionRequest) -> str:
    """Return what tells a repeated action from another one with the same id.

    It is what the action says, alike in every release. The version is left out: a careful
    client reads the complaint anew before it repeats what may have been lost.
    """
    content = request.model_dump(mode="json", exclude={"expected_version"}, exclude_defaults=True)
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def authorize(complaint: Complaint, request: ActionRequest, caller: Caller) -> frozenset[Actor]:
    """Return as whom the caller may take this kind of action on this complaint.

    A desk speaks for the external agency to which it handed a complaint over.

    Raises:
        StaleAssignment: it acts on an assignment that was the caller's and has been replaced.
        Forbidden: the complaint is another agency's, or another jurisdiction's desk's.
    """
    roles = set()
    current = complaint.assignment
    if complaint.jurisdiction_id in caller.desks:
        roles.add(Actor.DESK)
        if current is not None and _is_external(current.agency):
            roles.add(Actor.AGENCY)
    if current is not None and caller.acts_for(current.agency):
        roles.add(Actor.AGENCY)
    if not (roles := roles & ACTORS[request.action]):
        former = (one for one in complaint.assignments[:-1] if one.no == request.assignment_no)
        if any(caller.acts_for(one.agency) for one in former):
            raise StaleAssignment
        raise Forbidden(
            Text("Laporan ini bukan tugas Anda.", "This complaint is not yours to work on.")
        )
    return frozenset(roles)


def apply(
    complaint: Complaint,
    request: ActionRequest,
    caller: Caller,
    roles: frozenset[Actor],
    now: datetime,
    jurisdiction: Jurisdiction,
    *,
    into: Complaint | None = None,
) -> Change:
    """Return the change that an action of someone in these roles makes.

    `jurisdiction` is the complaint's; `into` the complaint that the request names to merge into.

    Raises:
        VersionConflict: the complaint has changed since the client saw it.
        StaleAssignment: it has been assigned anew.
        IllegalAction: its status does not allow the action.
        InvalidInput: something that goes with the action is missing or cannot be.
    """
    current = complaint.assignment
    if current is None:
        raise IllegalAction(Text("Laporan belum diteruskan.", "The complaint is not routed yet."))
    if (request.assignment_no or current.no) != current.no:
        raise StaleAssignment
    if request.expected_version != complaint.version:
        raise VersionConflict
    could = _possible(complaint, current, roles, jurisdiction)
    transition = transition_of(complaint, request.action, roles, could)
    words = said(request, complaint, current, now, jurisdiction)
    check_note(transition, words.public_note, request.internal_note)
    role = next(one for one in transition.by if one in roles)
    changed = _with(moved(complaint, transition.to, now), request, words)
    if role is Actor.AGENCY:
        changed = delivery.acted(changed, request.action, now)
    changed = handed_on(changed, request, now, jurisdiction)
    if request.action is Action.MERGE:
        changed = merge.merged(changed, merge.check(complaint, into), str(request.action_id), now)
    if request.action in _KEEPS_BACK and changed.parts:
        changed = marks.to_keep_back_parts(changed, now)
    if request.action is Action.REJECT and role is Actor.DESK:
        changed = marks.to_tell(changed, str(request.action_id), now, alone=True)
    changed = wound(changed, jurisdiction)
    parts: tuple[Complaint, ...] = ()
    if request.action is Action.SPLIT:
        parts = split.parts_of(changed, request, now, jurisdiction)
        changed = split.with_parts(changed, parts)
    new = changed.assignments[-1]
    entry = TimelineEntry(
        action_id=str(request.action_id),
        fingerprint=fingerprint(request),
        version=changed.version,
        at=now,
        action=request.action,
        status=changed.status,
        agency=current.agency,
        to_agency=new.agency if new.no != current.no else None,
        actor=caller.id,
        role=role,
        public_note=words.public_note,
        internal_note=request.internal_note,
        replaced=replaced_text(complaint, changed),
        related=_related(complaint, changed, parts),
        until=words.until,
        code=words.code,
    )
    return Change(changed, entry, created=parts)


def _related(before: Complaint, after: Complaint, parts: Sequence[Complaint]) -> tuple[str, ...]:
    """Return the other complaints that an action is about."""
    if before.duplicate_of != after.duplicate_of:
        return tuple(filter(None, (before.duplicate_of, after.duplicate_of)))
    return tuple(one.complaint_id for one in parts)


def _is_external(agency: str) -> bool:
    known = config.load(agency.split("-", 1)[0]).agency_by_code.get(agency)
    return known is not None and known.external


def _possible(
    complaint: Complaint, current: Assignment, roles: Collection[Actor], jurisdiction: Jurisdiction
) -> tuple[Action, ...]:
    """Return what the law allows and makes sense: nobody returns to themselves, or hides twice."""
    useless = {Action.HIDE if complaint.hidden else Action.SHOW}
    if current.agency == jurisdiction.triage:
        useless.add(Action.RETURN)
    return tuple(one for one in possible(complaint, roles) if one not in useless)


def _with(complaint: Complaint, request: ActionRequest, words: Said) -> Complaint:
    """Return a complaint with what an action says of it."""
    match request.action:
        case Action.SCHEDULE:
            return replace(complaint, planned_at=words.until)
        case Action.RESOLVE_CONDITIONALLY:
            return replace(complaint, owed_by=words.until)
        case Action.REJECT:
            return replace(complaint, rejected_for=words.code)
        case Action.HIDE | Action.SHOW:
            return replace(complaint, hidden=request.action is Action.HIDE)
        case Action.REDACT:
            return replace(complaint, public_description=request.public_description)
        case _:
            return complaint
