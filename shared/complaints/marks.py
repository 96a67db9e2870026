"""What an agency is still to be told of a complaint, as the complaint itself remembers it.

`undelivered_since` says since when and at which version; `undelivered_action` says what, in the
order to tell it: steps that others took, by their action ids, and before them the assignment, if
that is still to be sent as well. So whoever adds a step before the last thing was delivered
takes nothing away from the agency. None is the assignment alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from shared.complaints.items import undelivered_mark
from shared.complaints.record import Complaint

#: Stands for the current assignment; after a colon, the step that made it and said why.
_ASSIGNMENT: Final = "assignment"


@dataclass(frozen=True, slots=True)
class Untold:
    """One thing to tell: a step by its action id, or the assignment and the step that made it."""

    action_id: str | None
    assigns: bool


def to_assign(complaint: Complaint, now: datetime, *, said_in: str | None = None) -> Complaint:
    """Return a complaint, just assigned or to be decided, that is to be brought to its agency.

    `said_in` is the step whose words the agency is to read with it. Whatever a former agency
    was still to be told is told to nobody.
    """
    if said_in and complaint.assignment:
        current = replace(complaint.assignment, said_in=said_in)
        complaint = replace(complaint, assignments=(*complaint.assignments[:-1], current))
    return replace(
        complaint,
        undelivered_since=undelivered_mark(now, complaint.version),
        undelivered_action=_token(said_in) if said_in else None,
    )


def to_assign_again(complaint: Complaint, now: datetime) -> Complaint:
    """Return a complaint whose assignment is to be sent once more, and all else after it.

    Of one that was not sent even once yet, nothing changes.
    """
    tokens = _tokens(complaint)
    if any(token.partition(":")[0] == _ASSIGNMENT for token in tokens):
        return complaint
    said_in = complaint.assignment.said_in if complaint.assignment else None
    return replace(
        complaint,
        undelivered_since=undelivered_mark(now, complaint.version),
        undelivered_action=" ".join((_token(said_in), *tokens)),
    )


def to_tell(
    complaint: Complaint, action_id: str, now: datetime, *, alone: bool = False
) -> Complaint:
    """Return a complaint whose agency is to be told of a step.

    After all that it was to hear before; or of it `alone`, where that makes the rest moot.
    """
    before = () if alone else _tokens(complaint)
    return replace(
        complaint,
        undelivered_since=undelivered_mark(now, complaint.version),
        undelivered_action=" ".join((*before, action_id)),
    )


def untold(complaint: Complaint) -> Sequence[Untold]:
    """Return what its agency is still to be told, in order."""
    found = []
    for token in _tokens(complaint):
        kind, _, said_in = token.partition(":")
        assigns = kind == _ASSIGNMENT
        found.append(Untold((said_in or None) if assigns else token, assigns))
    return found


def _token(said_in: str | None) -> str:
    return f"{_ASSIGNMENT}:{said_in}" if said_in else _ASSIGNMENT


def _tokens(complaint: Complaint) -> Sequence[str]:
    if complaint.undelivered_since is None:
        return ()
    return (complaint.undelivered_action or _ASSIGNMENT).split()
