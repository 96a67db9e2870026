"""How long something must last before an alert says it: each level waits for itself.

A level that the shelter has reached, or is below of, starts a clock; it stops when that is over.
That a shelter goes to and fro between two higher levels stops the clock of neither one that it
keeps: else a shelter between full and over would never be called either.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from functions.shelter_alerts.alerts.states import FULL, NORMAL, OVER, WARNING

_MINUTE_MS: Final = 60_000
#: On how many minutes is looked back, as Nagios looks back on so many checks.
SAMPLES: Final = 21
#: In parts of 1520, which is a change at every look: newer changes weigh up to 1⅔ of the oldest.
_OLDEST_WEIGHT, _MORE_EACH, _ALL = 57, 2, 1520
#: From which share of changes on, in per cent, a level is unsteady.
_UNSTEADY_PERCENT: Final = 20

#: When each level's clock was started (ms).
Clocks = Mapping[int, int]
#: The levels at which the shelter was, whether said or not: from when on (ms), and which.
History = Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """How long a level lasts before it is said, and how long it is over before that is."""

    warning_ms: int = 60_000
    full_ms: int = 30_000
    over_ms: int = 30_000
    clear_ms: int = 120_000
    unsteady_ms: int = 900_000  #: … if the shelter came to it and left it too often lately
    repeat_ms: int = 3_600_000  #: after which it is said again that a shelter is over

    def before_raising(self, level: int) -> int:
        """Return how long a level lasts before it is said."""
        return {WARNING: self.warning_ms, FULL: self.full_ms, OVER: self.over_ms}[level]


def clocks_for(held: int, target: int, running: Clocks, now_ms: int) -> dict[int, int]:
    """Return the clocks of the levels about which what is said (`held`) and what is so differ."""
    between = range(min(held, target) + 1, max(held, target) + 1)
    return {level: running.get(level, now_ms) for level in between}


def rings_at(held: int, level: int, started_ms: int, history: History, waits: Waits) -> int:
    """Return when a level's clock rings (ms)."""
    if level > held:
        return started_ms + waits.before_raising(level)
    unsteady = is_unsteady(history, level, started_ms)
    return started_ms + (waits.unsteady_ms if unsteady else waits.clear_ms)


def next_ring(held: int, running: Clocks, history: History, waits: Waits) -> int | None:
    """Return when the first of the clocks rings (ms)."""
    rings = (rings_at(held, level, at, history, waits) for level, at in running.items())
    return min(rings, default=None)


def level_said(held: int, running: Clocks, history: History, waits: Waits, now_ms: int) -> int:
    """Return the level that is to be said now: the highest reached, or the lowest come down to."""
    rung = [
        level
        for level, at in running.items()
        if rings_at(held, level, at, history, waits) <= now_ms
    ]
    if not rung:
        return held
    return max(rung) if max(rung) > held else min(rung) - 1


def is_unsteady(history: History, level: int, at_ms: int) -> bool:
    """Tell whether a level came and went too often in twenty minutes, as Nagios reckons it."""
    looks = [at_ms - ago * _MINUTE_MS for ago in reversed(range(SAMPLES))]
    seen = [_level_at(history, look) >= level for look in looks]
    changed = sum(
        _OLDEST_WEIGHT + _MORE_EACH * place
        for place in range(SAMPLES - 1)
        if seen[place] != seen[place + 1]
    )
    return changed * 100 >= _UNSTEADY_PERCENT * _ALL


def remembered(history: History, now_ms: int, level: int) -> History:
    """Return the history with a level come to now: of each minute the last, as many as are seen."""
    if history and history[-1][1] == level:
        return history
    minute = now_ms // _MINUTE_MS
    older = [one for one in history if one[0] // _MINUTE_MS < minute]
    return (*older, (now_ms, level))[-SAMPLES:]


def _level_at(history: History, at_ms: int) -> int:
    return next((level for since, level in reversed(history) if since <= at_ms), NORMAL)
