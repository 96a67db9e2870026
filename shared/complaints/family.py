"""How complaints hang together: the parts of one that was split, and those that say the same."""

from collections.abc import Collection
from typing import Final

from shared import ids
from shared.complaints.law import Action, Status
from shared.complaints.record import SPLIT, Complaint

#: What may still be done by hand to a complaint whose parts are being worked.
_WHILE_DIVIDED: Final = frozenset(
    {Action.NOTE, Action.ANSWER, Action.HIDE, Action.SHOW, Action.REDACT, Action.WITHDRAW}
    | {Action.WARN, Action.ESCALATE, Action.FOLLOW}
)
#: A part is neither split again nor merged: what it is a part of would not know.
_NOT_WITH_A_PART: Final = frozenset({Action.SPLIT, Action.MERGE})
_NOT_UNDIVIDED: Final = frozenset({Action.FOLLOW})
_NOT_WITH_DUPLICATES: Final = frozenset({Action.MERGE})


def is_divided(complaint: Complaint) -> bool:
    """Tell whether a complaint waits for its parts: it is done when the last of them is."""
    current = complaint.assignment
    split = current is not None and current.rule == SPLIT
    return split and complaint.status is Status.IN_PROGRESS


def moves_others(complaint: Complaint) -> bool:
    """Tell whether other complaints have to be looked at once this one is done."""
    return bool(complaint.part_of or complaint.parts or complaint.duplicates)


def withheld(complaint: Complaint) -> Collection[Action]:
    """Return what may not be done to a complaint for the sake of others, whatever the law says."""
    if is_divided(complaint):
        return frozenset(Action) - _WHILE_DIVIDED
    kept: frozenset[Action] = frozenset()
    if complaint.status is Status.IN_PROGRESS:
        kept |= _NOT_UNDIVIDED
    if complaint.part_of:
        kept |= _NOT_WITH_A_PART
    if complaint.duplicates:
        kept |= _NOT_WITH_DUPLICATES
    return kept


def part_number(complaint: Complaint, prefix: str, index: int) -> str:
    """Return the number of a complaint's part, which only who has the record can derive."""
    return next(ids.complaint_numbers(prefix, part_key(complaint, index)))


def part_key(complaint: Complaint, index: int) -> str:
    """Return what stands in a part for the hash of an idempotency key."""
    return ids.keyed_hash(complaint.key_hash.encode(), "part", complaint.complaint_id, str(index))
