"""A step of the timeline that nobody took: a clock did."""

from datetime import datetime
from typing import Any, Final

from shared.complaints import marks
from shared.complaints.acting import Change, moved
from shared.complaints.law import TRANSITIONS, Action, Actor
from shared.complaints.record import Complaint, TimelineEntry

#: Who did it, in the timeline.
CLOCK: Final = "clock"


def stepped(
    complaint: Complaint, action: Action, now: datetime, *, told: bool, **said: Any
) -> Change:
    """Return the change that an action of the clock makes; the same again for the same version.

    The agency hears of it if it is to be `told`. `said` are further fields of the entry.

    Raises:
        KeyError: the law does not know the action in the complaint's status.
    """
    transition = TRANSITIONS[complaint.status, action]
    action_id = f"{action}-{complaint.version}"
    changed = moved(complaint, transition.to, now)
    if told:
        changed = marks.to_tell(changed, action_id, now)
    entry = TimelineEntry(
        action_id=action_id,
        fingerprint=action_id,
        version=changed.version,
        at=now,
        action=action,
        status=changed.status,
        agency=complaint.assignment.agency if complaint.assignment else None,
        actor=CLOCK,
        role=Actor.CLOCK,
        **said,
    )
    return Change(changed, entry)
