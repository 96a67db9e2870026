"""Looks at a shelter whose occupancy changes, as its evaluation does: at each change and each ring."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from functions.shelter_alerts.alerts.alert import Alert, Seen, looked_at
from functions.shelter_alerts.alerts.timers import Waits

SHELTER = "semarang-tugu-muda"
WAITS = Waits()


@dataclass
class Watch:
    """An alert, and the looks at its shelter so far. Times are in milliseconds."""

    capacity: int
    alert: Alert = field(default_factory=lambda: Alert(shelter_id=SHELTER))
    occupancy: int = 0
    reporting: bool = True
    now_ms: int = 0

    def look(self, at_ms: int) -> Iterator[Alert]:
        """Look at the shelter at an instant and at every ring until then; yield what is said."""
        while (due := self.alert.due_ms(WAITS)) is not None and due <= at_ms:
            yield from self._looked(max(due, self.now_ms))
        yield from self._looked(at_ms)

    def becomes(self, occupancy: int, at_ms: int) -> Iterator[Alert]:
        """Let so many vehicles be there from an instant on; yield what is said until then."""
        yield from self.look(at_ms)
        self.occupancy = occupancy
        yield from self._looked(at_ms)

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


def said_of(capacity: int, course: Iterable[tuple[int, int]], until_ms: int) -> list[Alert]:
    """Return all that is said of a shelter whose occupancy takes a course: (time, occupancy)."""
    watch = Watch(capacity)
    said = [alert for at_ms, occupancy in course for alert in watch.becomes(occupancy, at_ms)]
    return said + list(watch.look(until_ms))
