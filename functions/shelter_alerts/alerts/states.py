"""When a shelter counts as nearly full, full or too full: whole numbers, and two edges for each."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class State(StrEnum):
    """What a shelter's alert says."""

    NORMAL = "normal"
    WARNING = "warning"  #: nearly full
    FULL = "full"
    OVER = "over"  #: more than there are places
    UNKNOWN = "unknown"  #: nobody reports; what was said last still stands


#: The states in their order. A level is a place in it: 0 is normal, 3 is over.
LEVELS: Final = (State.NORMAL, State.WARNING, State.FULL, State.OVER)
NORMAL, WARNING, FULL, OVER = range(4)


@dataclass(frozen=True, slots=True)
class Edges:
    """From how many vehicles on a level is entered, and at how many it is left again."""

    enter: int
    leave: int


def edges(capacity: int) -> tuple[Edges | None, Edges, Edges]:
    """Return the edges of warning, full and over; a single place is never nearly full.

    Between entering and leaving lies a tenth of the capacity, so that one vehicle that comes and
    goes does not change the level each time.
    """
    gap = max(1, capacity // 10)
    nearly = min(capacity - 1, (4 * capacity + 4) // 5)
    beyond = capacity + max(1, (capacity + 19) // 20)
    return (
        Edges(nearly, nearly - gap) if nearly else None,
        Edges(capacity, capacity - gap),
        Edges(beyond, capacity),
    )


def level_at(occupancy: int, capacity: int, before: int) -> int:
    """Return the level for so many vehicles, where it was `before`: it is not left at once."""
    for level, edge in zip((OVER, FULL, WARNING), reversed(edges(capacity)), strict=True):
        if edge is None:
            continue
        if occupancy >= edge.enter or (level <= before and occupancy > edge.leave):
            return level
    return NORMAL
