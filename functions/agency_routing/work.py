"""What an action does to a complaint, and who may take it."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from functions.agency_routing import merge, split
from functions.agency_routing.requests import ActionRequest
from shared.access import Caller
from shared.complaints import delivery, marks
from shared.complaints.acting import (
    Change,
    IllegalAction,
    VersionConflict,
    check_note,
    moved,
    possible,
    transition_of,
)
from shared.complaints.clocks import wound
from shared.complaints.law import ACTORS, Action, Actor
from shared.complaints.record import OPERATOR, RETURNED, Assignment, Complaint, TimelineEntry
from shared.errors import Conflict, Forbidden, InvalidInput
from shared.jurisdiction import Jurisdiction
from shared.text import Text
from shared.validation import near

#: What a request brings with one action alone.
_BELONGS_WITH = {"agency": Action.ASSIGN, "parts": Action.SPLIT, "into": Action.MERGE}


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
    said = request.model_dump(mode="json", exclude={"expected_version"}, exclude_defaults=True)
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def authorize(complaint: Complaint, request: ActionRequest, caller: Caller) -> frozenset[Actor]:
    """Return as whom the caller may take this kind of action on this complaint.

    Raises:
        StaleAssignment: it acts on an assignment that was the caller's and has been replaced.
        Forbidden: the complaint is another agency's, or another jurisdiction's desk's.
    """
    roles = set()
    if complaint.jurisdiction_id in caller.desks:
        roles.add(Actor.DESK)
    if complaint.assignment is not None and caller.acts_for(complaint.assignment.agency):
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
        InvalidInput: a note or the agency is missing, or the agency cannot have it.
    """
    assignment = complaint.assignment
    if assignment is None:
        raise IllegalAction(Text("Laporan belum diteruskan.", "The complaint is not routed yet."))
    if (request.assignment_no or assignment.no) != assignment.no:
        raise StaleAssignment
    if request.expected_version != complaint.version:
        raise VersionConflict
    at_triage = assignment.agency == jurisdiction.triage
    could = tuple(
        one for one in possible(complaint, roles) if not (one is Action.RETURN and at_triage)
    )
    transition = transition_of(complaint, request.action, roles, could)
    check_note(transition, request.public_note, request.internal_note)
    changed = moved(complaint, transition.to, now)
    role = next(one for one in transition.by if one in roles)
    if role is Actor.AGENCY:
        changed = delivery.acted(changed, request.action, now)
    new = _new_assignment(request, complaint, now, jurisdiction)
    if new:
        changed = replace(
            marks.to_assign(changed, now),
            assignments=(*changed.assignments, new),
            suspicion=None if request.action is Action.ASSIGN else complaint.suspicion,
        )
    if request.action is Action.MERGE:
        changed = merge.merged(changed, merge.check(complaint, into), str(request.action_id), now)
    changed = wound(changed, jurisdiction)
    parts: tuple[Complaint, ...] = ()
    if request.action is Action.SPLIT:
        parts = split.parts_of(changed, request, now, jurisdiction)
        changed = split.with_parts(changed, parts)
    entry = TimelineEntry(
        action_id=str(request.action_id),
        fingerprint=fingerprint(request),
        version=changed.version,
        at=now,
        action=request.action,
        status=changed.status,
        agency=assignment.agency,
        to_agency=new.agency if new else None,
        actor=caller.id,
        role=role,
        public_note=request.public_note,
        internal_note=request.internal_note,
        related=_related(complaint, changed, parts),
    )
    return Change(changed, entry, created=parts)


def _related(before: Complaint, after: Complaint, parts: Sequence[Complaint]) -> tuple[str, ...]:
    """Return the other complaints that an action is about."""
    if before.duplicate_of != after.duplicate_of:
        return tuple(filter(None, (before.duplicate_of, after.duplicate_of)))
    return tuple(one.complaint_id for one in parts)


def _new_assignment(
    request: ActionRequest, complaint: Complaint, now: datetime, jurisdiction: Jurisdiction
) -> Assignment | None:
    """Return the new assignment that an action makes, if it makes one."""
    current = complaint.assignments[-1]
    for field, action in _BELONGS_WITH.items():
        if getattr(request, field) and request.action not in {action, Action.RETURN}:
            raise InvalidInput.at(
                field,
                "not_with_this_action",
                Text(
                    f"Hanya untuk tindakan {action}.", f"This goes with the action {action} only."
                ),
            )
    if request.action is Action.RETURN:
        because = Text(
            "Dikembalikan dinas; petugas akan memilah ulang.",
            "Returned by the agency; an operator will sort it again.",
        )
        agency, rule = jurisdiction.triage, RETURNED
    elif request.action is Action.ASSIGN:
        agency, rule = _assignable(request.agency, current, jurisdiction), OPERATOR
        because = Text("Ditetapkan oleh petugas Diskominfo.", "Decided by a Diskominfo operator.")
    elif request.action is Action.SPLIT:
        return split.held_at_desk(complaint, now, jurisdiction)
    elif request.action is Action.UNMERGE:
        return merge.sorted_again(complaint, now, jurisdiction)
    else:
        return None
    return Assignment(no=current.no + 1, agency=agency, rule=rule, because=because, at=now)


def _assignable(agency: str | None, current: Assignment, jurisdiction: Jurisdiction) -> str:
    own = [one.code for one in jurisdiction.agencies if not one.retired]
    possible = [code for code in (*own, *jurisdiction.handoffs) if code != current.agency]
    if agency is None:
        raise InvalidInput.at(
            "agency", "missing", Text("Sebutkan dinas tujuan.", "Name the agency to assign to.")
        )
    if agency not in possible:
        meant = near(agency, possible)
        hint = Text(f" Maksudnya “{meant}”?", f" Did you mean “{meant}”?") if meant else None
        raise InvalidInput.at(
            "agency",
            "unknown_agency",
            Text(
                f"Dinas ini tidak bisa ditugasi.{hint.id if hint else ''}",
                f"This agency cannot be assigned to.{hint.en if hint else ''}",
            ),
        )
    return agency
