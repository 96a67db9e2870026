"""A shelter's alert, and what becomes of it when the shelter is looked at.

One alert a shelter: the type of vehicle that fares worst decides its level. `seq` counts what was
said of it, `revision` what was written. Times are milliseconds since 1970 (UTC).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from functions.shelter_alerts.alerts import timers
from functions.shelter_alerts.alerts.states import LEVELS, NORMAL, OVER, State, level_at
from functions.shelter_alerts.alerts.timers import Waits


class Action(StrEnum):
    """What is said of an alert, in the words of those who take alerts."""

    TRIGGER = "trigger"
    UPDATE = "update"
    RESOLVE = "resolve"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a shelter looks like at an instant; `reporting`: anybody tells of it at all."""

    occupancy: Mapping[str, int]  #: by the type under which vehicles are counted
    capacity: Mapping[str, int]
    reporting: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """What is said of a shelter, and what is about to be."""

    shelter_id: str
    seq: int = 0
    revision: int = 0
    level: int = NORMAL  #: said last; it stands while nobody reports
    unknown: bool = False
    since_ms: int = 0  #: when the state was entered
    previous: State = State.NORMAL
    action: Action | None = None  #: what `seq` said; None: nothing that anyone is told
    at_ms: int = 0  #: when `seq` was said
    opened_seq: int = 0  #: what `seq` said when it was raised
    #: `seq` and time of what was said before, since it was raised.
    follows: tuple[int, int] | None = None
    levels: Mapping[str, int] = field(default_factory=dict)  #: where types are that are not normal
    clocks: timers.Clocks = field(default_factory=dict)
    occupancy: Mapping[str, int] = field(default_factory=dict)  #: as last counted, by type
    counted_ms: int = 0  #: when that last changed; 0: nobody was ever there
    capacity: Mapping[str, int] = field(default_factory=dict)  #: when a level last changed
    history: timers.History = ()
    acknowledged_by: str | None = None
    silenced_by: str | None = None
    silenced_ms: int = 0
    silenced_until_ms: int = 0

    @property
    def state(self) -> State:
        """What is said of the shelter."""
        return State.UNKNOWN if self.unknown else LEVELS[self.level]

    @property
    def is_open(self) -> bool:
        """Whether something was raised and not taken back."""
        return self.level > NORMAL

    def is_silenced(self, at_ms: int) -> bool:
        """Tell whether people are left alone about it at an instant."""
        return self.silenced_ms <= at_ms < self.silenced_until_ms

    def due_ms(self, waits: Waits) -> int | None:
        """Return when it is to be looked at again, though nobody comes or goes."""
        if self.unknown:
            return None
        ring = timers.next_ring(self.level, self.clocks, self.history, waits)
        dues = [due for due in (ring, self.repeats_ms(waits)) if due is not None]
        return min(dues, default=None)

    def repeats_ms(self, waits: Waits) -> int | None:
        """Return when what was said is said again: an hour later while over, or after a silence."""
        if not self.is_open or self.acknowledged_by:
            return None
        if self.is_silenced(self.at_ms):
            return self.silenced_until_ms
        if self.level < OVER:
            return None
        return max(self.at_ms + waits.repeat_ms, self.silenced_until_ms)


def looked_at(alert: Alert, seen: Seen, waits: Waits, now_ms: int) -> Alert:
    """Return the alert after a look at its shelter; the same if there is nothing to write."""
    counted = _counted(alert, seen, now_ms)
    if not seen.reporting:
        if alert.unknown:
            return counted
        after = replace(counted, unknown=True, clocks={})
        return _said(alert, after, seen, now_ms)
    levels = _levels(alert, seen)
    target = max(levels.values(), default=NORMAL)
    history = timers.remembered(alert.history, now_ms, target)
    running = timers.clocks_for(alert.level, target, alert.clocks, now_ms)
    level = timers.level_said(alert.level, running, history, waits, now_ms)
    after = replace(
        counted,
        levels=levels,
        clocks=timers.clocks_for(level, target, running, now_ms),
        level=level,
        unknown=False,
        history=history,
    )
    if level != alert.level or alert.unknown:
        return _said(alert, after, seen, now_ms)
    repeats_ms = alert.repeats_ms(waits)
    if repeats_ms is not None and repeats_ms <= now_ms:
        return _said(alert, after, seen, now_ms)
    same = levels == alert.levels and after.clocks == alert.clocks
    return counted if same else _noted(after, seen)


def acknowledged(alert: Alert, by: str) -> Alert:
    """Return the alert as somebody has taken it up: it is not said again until it gets worse."""
    return replace(alert, acknowledged_by=by) if alert.is_open else alert


def silenced(alert: Alert, by: str, now_ms: int, until_ms: int) -> Alert:
    """Return the alert of which people are told nothing until some time.

    A silence that still holds keeps its beginning, however its end is set: what was said in it is
    said again when it ends.
    """
    began_ms = alert.silenced_ms if alert.is_silenced(now_ms) else now_ms
    return replace(alert, silenced_by=by, silenced_ms=began_ms, silenced_until_ms=until_ms)


def _levels(alert: Alert, seen: Seen) -> dict[str, int]:
    """Return the level of each type of vehicle that is not normal."""
    found = {
        each: level_at(seen.occupancy.get(each, 0), capacity, alert.levels.get(each, NORMAL))
        for each, capacity in seen.capacity.items()
    }
    return {each: level for each, level in found.items() if level}


def _said(before: Alert, after: Alert, seen: Seen, now_ms: int) -> Alert:
    """Return the alert with its new state said, or the same state said again."""
    action = _action(before, after)
    seq = before.seq + 1
    raised = action is Action.TRIGGER
    changed = after.state != before.state
    worse = after.level > before.level or not after.is_open
    return replace(
        _noted(after, seen),
        seq=seq,
        since_ms=now_ms if changed else before.since_ms,
        previous=before.state,
        action=action,
        at_ms=now_ms,
        opened_seq=seq if raised else before.opened_seq,
        follows=None if raised or action is None else (before.seq, before.at_ms),
        acknowledged_by=None if worse else before.acknowledged_by,
    )


def _counted(alert: Alert, seen: Seen, now_ms: int) -> Alert:
    """Return the alert with those counted who are there now; the same if they are as many."""
    if seen.occupancy == alert.occupancy:
        return alert
    return replace(alert, occupancy=dict(seen.occupancy), counted_ms=now_ms)


def _noted(alert: Alert, seen: Seen) -> Alert:
    return replace(alert, capacity=dict(seen.capacity))


def _action(before: Alert, after: Alert) -> Action | None:
    if after.is_open:
        return Action.UPDATE if before.is_open else Action.TRIGGER
    return Action.RESOLVE if before.is_open else None
