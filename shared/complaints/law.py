"""The law of a complaint: its statuses, and who may move it from which to which."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """Where a complaint stands."""

    RECEIVED = "received"
    ASSIGNED = "assigned"
    ACCEPTED = "accepted"
    IN_PROGRESS = "in_progress"
    RETURNED = "returned"
    RESOLVED = "resolved"


#: Statuses in which an agency or the triage desk still has something to do.
OPEN = (
    Status.ASSIGNED,
    Status.ACCEPTED,
    Status.IN_PROGRESS,
    Status.RETURNED,
)


class Action(StrEnum):
    """What someone may do to a complaint."""

    ACCEPT = "accept"
    START = "start"
    NOTE = "note"
    RESOLVE = "resolve"
    RETURN = "return"
    ASSIGN = "assign"


class Actor(StrEnum):
    """In which role someone acts."""

    AGENCY = "agency"  #: the agency to which the complaint is assigned
    DESK = "desk"  #: the triage desk of the jurisdiction where it entered


#: Who may take an action.
ACTORS: Mapping[Action, Actor] = {
    action: Actor.DESK if action is Action.ASSIGN else Actor.AGENCY for action in Action
}


class Note(StrEnum):
    """Which words an action must bring."""

    OPTIONAL = "optional"
    ANY = "any"  #: a public or an internal note
    PUBLIC = "public"  #: a note that the citizen reads


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """What an action leads to, and which note it needs."""

    to: Status
    note: Note = Note.OPTIONAL


_RESOLVE = Transition(to=Status.RESOLVED, note=Note.PUBLIC)
_RETURN = Transition(to=Status.RETURNED, note=Note.ANY)
_ASSIGN = Transition(to=Status.ASSIGNED)

#: Which action is allowed in which status. The whole law is this table.
TRANSITIONS: Mapping[tuple[Status, Action], Transition] = {
    (Status.ASSIGNED, Action.ACCEPT): Transition(to=Status.ACCEPTED),
    (Status.ASSIGNED, Action.RETURN): _RETURN,
    (Status.ASSIGNED, Action.ASSIGN): _ASSIGN,
    (Status.RETURNED, Action.ACCEPT): Transition(to=Status.ACCEPTED),
    (Status.RETURNED, Action.ASSIGN): _ASSIGN,
    (Status.ACCEPTED, Action.START): Transition(to=Status.IN_PROGRESS),
    (Status.ACCEPTED, Action.RESOLVE): _RESOLVE,
    (Status.ACCEPTED, Action.RETURN): _RETURN,
    (Status.ACCEPTED, Action.ASSIGN): _ASSIGN,
    (Status.IN_PROGRESS, Action.RESOLVE): _RESOLVE,
    (Status.IN_PROGRESS, Action.RETURN): _RETURN,
    **{
        (status, Action.NOTE): Transition(to=status, note=Note.ANY)
        for status in (*OPEN, Status.RESOLVED)
    },
}


def allowed(status: Status) -> tuple[Action, ...]:
    """Return the actions that the law knows in a status."""
    return tuple(action for action in Action if (status, action) in TRANSITIONS)
