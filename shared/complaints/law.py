"""The law of a complaint: its statuses, and who may move it from which to which."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """Where a complaint stands."""

    RECEIVED = "received"  #: waits for the router, for the first time or again
    ASSIGNED = "assigned"
    ACCEPTED = "accepted"
    IN_PROGRESS = "in_progress"
    NEEDS_INFORMATION = "needs_information"
    RETURNED = "returned"
    REOPENED = "reopened"
    RESOLVED = "resolved"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


#: Statuses in which an agency or the triage desk still has something to do.
OPEN = (
    Status.ASSIGNED,
    Status.ACCEPTED,
    Status.IN_PROGRESS,
    Status.NEEDS_INFORMATION,
    Status.RETURNED,
    Status.REOPENED,
)
#: Statuses in which nobody has anything to do any more, unless the reporter says so.
DONE = tuple(status for status in Status if status not in (Status.RECEIVED, *OPEN))


class Action(StrEnum):
    """What someone may do to a complaint."""

    ACCEPT = "accept"
    START = "start"
    NOTE = "note"
    ASK = "ask"
    RESOLVE = "resolve"
    RETURN = "return"
    ASSIGN = "assign"
    ANSWER = "answer"
    CONFIRM = "confirm"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"
    REROUTE = "reroute"
    NOT_FIXED = "not_fixed"
    LAPSE = "lapse"


class Actor(StrEnum):
    """In which role someone acts."""

    AGENCY = "agency"  #: the agency to which the complaint is assigned
    DESK = "desk"  #: the triage desk of the jurisdiction where it entered
    REPORTER = "reporter"  #: who holds the tracking token
    PUBLIC = "public"  #: anyone, of a public complaint
    CLOCK = "clock"  #: nobody: a deadline ran out


#: Who may take an action.
ACTORS: Mapping[Action, Actor] = {
    **dict.fromkeys(Action, Actor.AGENCY),
    Action.ASSIGN: Actor.DESK,
    Action.ANSWER: Actor.REPORTER,
    Action.CONFIRM: Actor.REPORTER,
    Action.REOPEN: Actor.REPORTER,
    Action.WITHDRAW: Actor.REPORTER,
    Action.REROUTE: Actor.REPORTER,
    Action.NOT_FIXED: Actor.PUBLIC,
    Action.LAPSE: Actor.CLOCK,
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


_ACCEPT = Transition(to=Status.ACCEPTED)
_START = Transition(to=Status.IN_PROGRESS)
_ASK = Transition(to=Status.NEEDS_INFORMATION, note=Note.PUBLIC)
_RESOLVE = Transition(to=Status.RESOLVED, note=Note.PUBLIC)
_RETURN = Transition(to=Status.RETURNED, note=Note.ANY)
_ASSIGN = Transition(to=Status.ASSIGNED)
_REOPEN = Transition(to=Status.REOPENED, note=Note.PUBLIC)

#: Which action is allowed in which status. The whole law is this table.
TRANSITIONS: Mapping[tuple[Status, Action], Transition] = {
    (Status.ASSIGNED, Action.ACCEPT): _ACCEPT,
    (Status.ASSIGNED, Action.ASK): _ASK,
    (Status.ASSIGNED, Action.RETURN): _RETURN,
    (Status.ASSIGNED, Action.ASSIGN): _ASSIGN,
    (Status.REOPENED, Action.ACCEPT): _ACCEPT,
    (Status.REOPENED, Action.ASK): _ASK,
    (Status.REOPENED, Action.RETURN): _RETURN,
    (Status.REOPENED, Action.ASSIGN): _ASSIGN,
    (Status.RETURNED, Action.ACCEPT): _ACCEPT,
    (Status.RETURNED, Action.ASSIGN): _ASSIGN,
    (Status.RETURNED, Action.REROUTE): Transition(to=Status.RECEIVED),
    (Status.ACCEPTED, Action.START): _START,
    (Status.ACCEPTED, Action.ASK): _ASK,
    (Status.ACCEPTED, Action.RESOLVE): _RESOLVE,
    (Status.ACCEPTED, Action.RETURN): _RETURN,
    (Status.ACCEPTED, Action.ASSIGN): _ASSIGN,
    (Status.IN_PROGRESS, Action.ASK): _ASK,
    (Status.IN_PROGRESS, Action.RESOLVE): _RESOLVE,
    (Status.IN_PROGRESS, Action.RETURN): _RETURN,
    (Status.NEEDS_INFORMATION, Action.ANSWER): Transition(to=Status.IN_PROGRESS, note=Note.PUBLIC),
    (Status.NEEDS_INFORMATION, Action.LAPSE): _START,
    (Status.NEEDS_INFORMATION, Action.RESOLVE): _RESOLVE,
    (Status.NEEDS_INFORMATION, Action.RETURN): _RETURN,
    (Status.RESOLVED, Action.CONFIRM): Transition(to=Status.CLOSED),
    (Status.RESOLVED, Action.REOPEN): _REOPEN,
    (Status.CLOSED, Action.REOPEN): _REOPEN,
    (Status.RESOLVED, Action.NOT_FIXED): Transition(to=Status.RESOLVED),
    (Status.CLOSED, Action.NOT_FIXED): Transition(to=Status.CLOSED),
    **{
        (status, Action.WITHDRAW): Transition(to=Status.WITHDRAWN)
        for status in (Status.RECEIVED, *OPEN)
    },
    **{
        (status, Action.NOTE): Transition(to=status, note=Note.ANY)
        for status in (*OPEN, Status.RESOLVED, Status.CLOSED)
    },
}


def allowed(status: Status) -> tuple[Action, ...]:
    """Return the actions that the law knows in a status."""
    return tuple(action for action in Action if (status, action) in TRANSITIONS)
