"""Looks at a shelter whose occupancy changes, as its evaluation does: at each change and each ring."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from functions.shelter_alerts.alerts.alert import Alert, Seen, looked_at
from functions.shelter_alerts.alerts.timers import Waits

SHELTER = "semarang-tugu-muda"
WAITS = Waits()


@dataclass
class Watch:
    """An alert, and the looks at its shelter so far. Times are in milliseconds.

    A clock is heard at the next multiple of `heard_every_ms`: with 60 s, only by the sweep.
    """

    capacity: int
    heard_every_ms: int = 1
    alert: Alert = field(default_factory=lambda: Alert(shelter_id=SHELTER))
    occupancy: int = 0
    reporting: bool = True
    now_ms: int = 0

    def look(self, at_ms: int) -> Iterator[Alert]:
        """Look at the shelter at an instant and at every ring until then; yield what is said."""
        yield from self._rung(at_ms)
        yield from self._looked(at_ms)

    def becomes(self, occupancy: int, at_ms: int) -> Iterator[Alert]:
        """Let so many vehicles be there from an instant on; yield what is said until then."""
        yield from self._rung(at_ms)
        self.occupancy = occupancy
        yield from self._looked(at_ms)

    def _rung(self, until_ms: int) -> Iterator[Alert]:
        while (due_ms := self.alert.due_ms(WAITS)) is not None:
            heard_ms = -(-max(due_ms, self.now_ms) // self.heard_every_ms) * self.heard_every_ms
            if heard_ms > until_ms:
                return
            yield from self._looked(heard_ms)

    def _looked(self, at_ms: int) -> Iterator[Alert]:
        self.now_ms = at_ms
        seen = Seen(
            occupancy={"motorcycle": self.occupancy},
            capacity={"motorcycle": self.capacity},
            reporting=self.reporting,
        )
        before, after = self.alert, looked_at(self.alert, seen, WAITS, at_ms)
        if after is not before:
            self.alert = replace(after, revision=before.revision + 1)
        if after.seq != before.seq:
            yield self.alert


def said_of(
    capacity: int,
    course: Iterable[tuple[int, int]],
    until_ms: int,
    *,
    heard_every_ms: int = 1,
) -> list[Alert]:
    """Return all that is said of a shelter whose occupancy takes a course: (time, occupancy)."""
    watch = Watch(capacity, heard_every_ms)
    said = [alert for at_ms, occupancy in course for alert in watch.becomes(occupancy, at_ms)]
    return said + list(watch.look(until_ms))
