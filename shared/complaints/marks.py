"""What an agency is still to be told of a complaint, as the complaint itself remembers it.

`undelivered_since` says since when and at which version; `undelivered_action` says what, in the
order to tell it: steps that others took, by their action ids, and before them the assignment, if
that is still to be sent as well. So whoever adds a step before the last thing was delivered
takes nothing away from the agency. None is the assignment alone.

A complaint that is done may have others that follow it (see `family`): that they are still to be
moved is in the list as well, with the one to go on behind, and no other step takes it away. So is
that its parts are still to be kept from the public as it is itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from shared.complaints.items import undelivered_mark
from shared.complaints.record import Complaint

#: Stands for the current assignment; after a colon, the step that made it and said why.
_ASSIGNMENT: Final = "assignment"
#: Stands for the complaints that follow this one; after a colon, the last that was seen to.
_FOLLOWERS: Final = "followers"
#: Stands for the parts, of which is to be kept from the public what is kept of this one.
_PARTS: Final = "parts"


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
    return _marked(complaint, (_token(said_in), *_for_others(complaint)), now)


def to_assign_again(complaint: Complaint, now: datetime) -> Complaint:
    """Return a complaint whose assignment is to be sent once more, and all else after it.

    Of one that was not sent even once yet, nothing changes.
    """
    tokens = _tokens(complaint)
    if any(token.partition(":")[0] == _ASSIGNMENT for token in tokens):
        return complaint
    said_in = complaint.assignment.said_in if complaint.assignment else None
    return _marked(complaint, (_token(said_in), *tokens), now)


def to_tell(
    complaint: Complaint, action_id: str, now: datetime, *, alone: bool = False
) -> Complaint:
    """Return a complaint whose agency is to be told of a step.

    After all that it was to hear before; or of it `alone`, where that makes the rest moot.
    """
    before = _for_others(complaint) if alone else _tokens(complaint)
    return _marked(complaint, (*before, action_id), now)


def to_move_followers(complaint: Complaint, now: datetime) -> Complaint:
    """Return a complaint, just done, whose followers are still to be moved, from the first."""
    return _marked(complaint, (*_without(_FOLLOWERS, complaint), _FOLLOWERS), now)


def to_keep_back_parts(complaint: Complaint, now: datetime) -> Complaint:
    """Return a complaint, just hidden or redacted, whose parts are still to be so too."""
    return _marked(complaint, (*_without(_PARTS, complaint), _PARTS), now)


def keeps_back_parts(complaint: Complaint) -> bool:
    """Tell whether its parts are still to be kept from the public as it is itself."""
    return _PARTS in _tokens(complaint)


def to_move_more(complaint: Complaint, after: str, now: datetime) -> Complaint:
    """Return a complaint of which nothing is left but to move the followers after this number."""
    return _marked(complaint, (f"{_FOLLOWERS}:{after}",), now)


def without_agency(complaint: Complaint) -> Complaint:
    """Return a complaint that no agency has or will have: only other complaints are left to move."""
    left = " ".join(_for_others(complaint)) or None
    return replace(
        complaint,
        undelivered_since=complaint.undelivered_since if left else None,
        undelivered_action=left,
    )


def untold(complaint: Complaint) -> Sequence[Untold]:
    """Return what its agency is still to be told, in order."""
    found = []
    for token in _tokens(complaint):
        if token in _for_others(complaint):
            continue
        kind, _, said_in = token.partition(":")
        assigns = kind == _ASSIGNMENT
        found.append(Untold((said_in or None) if assigns else token, assigns))
    return found


def _token(said_in: str | None) -> str:
    return f"{_ASSIGNMENT}:{said_in}" if said_in else _ASSIGNMENT


def followers_after(complaint: Complaint) -> str | None:
    """Return behind which number its followers are to be moved ("" is all); None if none are."""
    found = (one.partition(":") for one in _tokens(complaint))
    return next((after for word, _, after in found if word == _FOLLOWERS), None)


def _marked(complaint: Complaint, tokens: Sequence[str], now: datetime) -> Complaint:
    told = " ".join(tokens)
    return replace(
        complaint,
        undelivered_since=undelivered_mark(now, complaint.version),
        undelivered_action=None if told == _ASSIGNMENT else told,
    )


def _for_others(complaint: Complaint) -> Sequence[str]:
    """Return what is no agency's to hear, but to be done to other complaints."""
    return [one for one in _tokens(complaint) if one.partition(":")[0] in {_FOLLOWERS, _PARTS}]


def _without(word: str, complaint: Complaint) -> Sequence[str]:
    return [one for one in _tokens(complaint) if one.partition(":")[0] != word]


def _tokens(complaint: Complaint) -> Sequence[str]:
    if complaint.undelivered_since is None:
        return ()
    return (complaint.undelivered_action or _ASSIGNMENT).split()
