"""The law of a complaint: its statuses, and who may move it from which to which."""

from collections.abc import Collection, Mapping
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
    RESOLVED_CONDITIONALLY = "resolved_conditionally"  #: something is still owed, by a named day
    RESOLVED = "resolved"
    REJECTED = "rejected"
    DUPLICATE = "duplicate"  #: of another complaint, which it follows
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
    Status.RESOLVED_CONDITIONALLY,
)
#: Statuses in which nobody has anything to do any more, unless the reporter or the desk says so. A
#: duplicate is in none of both: what it is one of is still open.
DONE = (Status.RESOLVED, Status.REJECTED, Status.CLOSED, Status.WITHDRAWN)


class Action(StrEnum):
    """What someone may do to a complaint."""

    ACKNOWLEDGE = "acknowledge"  #: it has arrived; nobody has judged it yet
    ACCEPT = "accept"
    START = "start"
    NOTE = "note"
    ASK = "ask"
    SCHEDULE = "schedule"
    RESOLVE = "resolve"
    RESOLVE_CONDITIONALLY = "resolve_conditionally"
    RETURN = "return"
    REJECT = "reject"
    ASSIGN = "assign"
    SPLIT = "split"
    MERGE = "merge"
    UNMERGE = "unmerge"
    HIDE = "hide"
    SHOW = "show"
    REDACT = "redact"
    ANSWER = "answer"
    CONFIRM = "confirm"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"
    REROUTE = "reroute"
    NOT_FIXED = "not_fixed"
    LAPSE = "lapse"  #: what was waited for did not come in time
    RESEND = "resend"  #: nobody acknowledged it in time
    WARN = "warn"  #: it is due soon
    ESCALATE = "escalate"  #: it is overdue
    FOLLOW = "follow"  #: what it depends on is done
    CLOSE = "close"  #: resolved, and nobody has said otherwise in time


class Actor(StrEnum):
    """In which role someone acts."""

    AGENCY = "agency"  #: the agency to which the complaint is assigned
    DESK = "desk"  #: the triage desk of the jurisdiction where it entered
    REPORTER = "reporter"  #: who holds the tracking token
    PUBLIC = "public"  #: anyone, of a public complaint
    CLOCK = "clock"  #: nobody: a deadline ran out, or another complaint moved


class Note(StrEnum):
    """Which words an action must bring."""

    OPTIONAL = "optional"
    ANY = "any"  #: a public or an internal note
    PUBLIC = "public"  #: a note that the citizen reads


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """What an action leads to, whose it is, and which note it needs."""

    to: Status
    by: tuple[Actor, ...]
    note: Note = Note.OPTIONAL


_AGENCY, _DESK, _REPORTER, _CLOCK = (
    (one,) for one in (Actor.AGENCY, Actor.DESK, Actor.REPORTER, Actor.CLOCK)
)
_EITHER = (Actor.AGENCY, Actor.DESK)
_DESK_OR_CLOCK = (Actor.DESK, Actor.CLOCK)  #: the clock: as what it is a part of, or repeats
_ACCEPT = Transition(to=Status.ACCEPTED, by=_AGENCY)
_START = Transition(to=Status.IN_PROGRESS, by=_AGENCY)
_ASK = Transition(to=Status.NEEDS_INFORMATION, by=_AGENCY, note=Note.PUBLIC)
_SCHEDULE = Transition(to=Status.IN_PROGRESS, by=_AGENCY)
_RESOLVE = Transition(to=Status.RESOLVED, by=_AGENCY, note=Note.PUBLIC)
_OWE = Transition(to=Status.RESOLVED_CONDITIONALLY, by=_AGENCY, note=Note.PUBLIC)
_RETURN = Transition(to=Status.RETURNED, by=_AGENCY, note=Note.ANY)
_REJECT = Transition(to=Status.REJECTED, by=_EITHER, note=Note.PUBLIC)
_ASSIGN = Transition(to=Status.ASSIGNED, by=_DESK)
_SPLIT = Transition(to=Status.IN_PROGRESS, by=_DESK)
_MERGE = Transition(to=Status.DUPLICATE, by=_DESK)
_LAPSE = Transition(to=Status.IN_PROGRESS, by=_CLOCK)
_FOLLOW = Transition(to=Status.RESOLVED, by=_CLOCK)
_REOPEN = Transition(to=Status.REOPENED, by=(Actor.REPORTER, Actor.DESK), note=Note.PUBLIC)

#: What an agency may do that has just been given a complaint.
_AT_FIRST = {Action.ACCEPT: _ACCEPT, Action.ASK: _ASK, Action.RETURN: _RETURN}
#: What the desk may do with a complaint that nobody has settled yet; and reject it, who has it.
_SORTING = {
    Action.ASSIGN: _ASSIGN,
    Action.SPLIT: _SPLIT,
    Action.MERGE: _MERGE,
    Action.REJECT: _REJECT,
}
#: How work on a complaint may end.
_ENDING = {Action.RESOLVE: _RESOLVE, Action.RESOLVE_CONDITIONALLY: _OWE, Action.RETURN: _RETURN}

#: By status and action: what moves a complaint to another status, or keeps it there on purpose.
_MOVES: Mapping[Status, Mapping[Action, Transition]] = {
    Status.RECEIVED: {},
    Status.ASSIGNED: _AT_FIRST | _SORTING,
    Status.REOPENED: _AT_FIRST | _SORTING,
    Status.RETURNED: {
        Action.ACCEPT: _ACCEPT,
        **_SORTING,
        Action.REROUTE: Transition(to=Status.RECEIVED, by=_REPORTER),
    },
    Status.ACCEPTED: {
        Action.START: _START,
        Action.ASK: _ASK,
        Action.SCHEDULE: _SCHEDULE,
        **_ENDING,
        **_SORTING,
    },
    Status.IN_PROGRESS: {
        Action.ASK: _ASK,
        Action.SCHEDULE: _SCHEDULE,
        **_ENDING,
        **_SORTING,
        Action.FOLLOW: _FOLLOW,
    },
    Status.NEEDS_INFORMATION: {
        Action.ANSWER: Transition(to=Status.IN_PROGRESS, by=_REPORTER, note=Note.PUBLIC),
        Action.LAPSE: _LAPSE,
        **_ENDING,
        **_SORTING,
    },
    Status.RESOLVED_CONDITIONALLY: {
        Action.RESOLVE: _RESOLVE,
        Action.LAPSE: _LAPSE,
        Action.REOPEN: _REOPEN,
    },
    Status.RESOLVED: {
        Action.CONFIRM: Transition(to=Status.CLOSED, by=_REPORTER),
        Action.CLOSE: Transition(to=Status.CLOSED, by=_CLOCK),
        Action.REOPEN: _REOPEN,
    },
    Status.CLOSED: {Action.REOPEN: _REOPEN},
    Status.REJECTED: {Action.REOPEN: _REOPEN},
    Status.DUPLICATE: {
        Action.FOLLOW: _FOLLOW,
        Action.UNMERGE: Transition(to=Status.RETURNED, by=_DESK_OR_CLOCK),
    },
    Status.WITHDRAWN: {},
}
#: What leaves a complaint where it is: whose it is, which note it needs, and in which statuses.
_STAYS: Mapping[Action, tuple[tuple[Actor, ...], Note, Collection[Status]]] = {
    Action.ACKNOWLEDGE: (
        _AGENCY, Note.OPTIONAL, (Status.ASSIGNED, Status.REOPENED, Status.RETURNED),
    ),
    Action.NOTE: (_AGENCY, Note.ANY, (*OPEN, Status.RESOLVED, Status.CLOSED, Status.REJECTED)),
    Action.ANSWER: (
        _AGENCY, Note.PUBLIC, tuple(one for one in OPEN if one is not Status.NEEDS_INFORMATION),
    ),
    Action.NOT_FIXED: (
        (Actor.PUBLIC,), Note.OPTIONAL, (Status.RESOLVED_CONDITIONALLY, Status.RESOLVED, Status.CLOSED),
    ),
    Action.HIDE: (_DESK_OR_CLOCK, Note.ANY, tuple(Status)),
    Action.SHOW: (_DESK, Note.ANY, tuple(Status)),
    Action.REDACT: (_DESK_OR_CLOCK, Note.ANY, tuple(Status)),
    Action.RESEND: (_CLOCK, Note.OPTIONAL, (Status.ASSIGNED, Status.REOPENED, Status.RETURNED)),
    Action.WARN: (_CLOCK, Note.OPTIONAL, OPEN),
    Action.ESCALATE: (_CLOCK, Note.OPTIONAL, OPEN),
}  # fmt: skip
#: By the clock: with what it is a part of.
_WITHDRAW = Transition(to=Status.WITHDRAWN, by=(Actor.REPORTER, Actor.CLOCK))

#: Which action is allowed in which status, and to whom. The whole law is this table.
TRANSITIONS: Mapping[tuple[Status, Action], Transition] = {
    **{
        (status, action): transition
        for status, actions in _MOVES.items()
        for action, transition in actions.items()
    },
    **{
        (status, action): Transition(to=status, by=by, note=note)
        for action, (by, note, statuses) in _STAYS.items()
        for status in statuses
    },
    **{
        (status, Action.WITHDRAW): _WITHDRAW
        for status in (Status.RECEIVED, *OPEN, Status.DUPLICATE)
    },
}
#: Who may ever take an action.
ACTORS: Mapping[Action, frozenset[Actor]] = {
    action: frozenset(
        actor for (_, one), found in TRANSITIONS.items() if one is action for actor in found.by
    )
    for action in Action
}


def allowed(status: Status, actors: Collection[Actor] = tuple(Actor)) -> tuple[Action, ...]:
    """Return the actions that the law knows in a status, for any of these actors."""
    return tuple(
        action
        for action in Action
        if (found := TRANSITIONS.get((status, action))) and not set(actors).isdisjoint(found.by)
    )
