"""Agencies' queues that remember what they were sent, or take nothing."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from shared.complaints.record import Complaint
from shared.complaints.store import ComplaintStore
from tests.builders import NOW
from tests.twins import ComplaintStoreTwin

LATER = NOW + timedelta(minutes=2)


class QueueDown(Exception):
    """The queue took nothing."""


@dataclass
class Queues:
    """Remembers what was sent to whom."""

    sent: list[tuple[str, Any]] = field(default_factory=list)
    down: bool = False

    def send(self, agency: str, message: Any) -> None:
        if self.down:
            raise QueueDown
        self.sent.append((agency, message))


def present_one(store: ComplaintStore | ComplaintStoreTwin, number: str) -> Complaint:
    found = store.get(number)
    assert found is not None
    return found
