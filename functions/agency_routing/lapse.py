"""Lets a question that nobody answered in time lapse, so that the agency goes on without."""

from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import takewhile
from typing import Final

from shared import config
from shared.complaints import marks
from shared.complaints.acting import ActionRepeated, StaleVersion, Store, moved
from shared.complaints.clocks import answer_due_at, wound
from shared.complaints.law import TRANSITIONS, Action, Actor
from shared.complaints.record import Complaint, TimelineEntry

#: Who did it, in the timeline.
CLOCK: Final = "clock"


def lapse_all(
    due: Iterable[str], *, now: datetime, store: Store, has_time: Callable[[], bool]
) -> int:
    """Let the questions of these complaints lapse while there is time; return how many did."""
    return sum(lapse(one, now=now, store=store) for one in takewhile(lambda _: has_time(), due))


def lapse(complaint_id: str, *, now: datetime, store: Store) -> bool:
    """Let a complaint's question lapse if its time has run out; return whether it did.

    The agency is told, since it waits at its queue. Whoever acts meanwhile comes first.
    """
    complaint = store.get(complaint_id)
    if complaint is None or not _ran_out(complaint, now):
        return False
    action_id = f"lapse-{complaint.version}"
    changed = moved(complaint, TRANSITIONS[complaint.status, Action.LAPSE].to, now)
    changed = wound(marks.to_tell(changed, action_id, now), config.load(complaint.jurisdiction_id))
    entry = TimelineEntry(
        action_id=action_id,
        fingerprint=action_id,
        version=changed.version,
        at=now,
        action=Action.LAPSE,
        status=changed.status,
        agency=complaint.assignment.agency if complaint.assignment else None,
        actor=CLOCK,
        role=Actor.CLOCK,
    )
    try:
        store.record_action(complaint, changed, entry)
    except (ActionRepeated, StaleVersion):
        return False
    return True


def _ran_out(complaint: Complaint, now: datetime) -> bool:
    until = answer_due_at(complaint)
    return (complaint.status, Action.LAPSE) in TRANSITIONS and until is not None and until <= now
