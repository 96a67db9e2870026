"""Who is told what, and when not: the rules of notices to a complaint's reporter."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from shared.complaints.law import Action, Actor, Status
from shared.complaints.record import Complaint, TimelineEntry
from shared.notices import Occasion

#: Later than this a notice confuses more than it tells; the page it leads to knows better.
TOO_LATE: Final = timedelta(days=3)
#: An agency found sooner than this is no news: the receipt names it, or the page it leads to.
WITH_THE_RECEIPT: Final = timedelta(minutes=10)

_OF_STATUS: Mapping[str, Occasion] = {
    Status.ASSIGNED: Occasion.ASSIGNED,
    Status.NEEDS_INFORMATION: Occasion.QUESTION,
    Status.RESOLVED: Occasion.RESOLVED,
    Status.RETURNED: Occasion.RETURNED,
    Status.REOPENED: Occasion.REOPENED,
    Status.CLOSED: Occasion.CLOSED,
    Status.WITHDRAWN: Occasion.WITHDRAWN,
    Status.RESOLVED_CONDITIONALLY: Occasion.RESOLVED_CONDITIONALLY,
    Status.REJECTED: Occasion.REJECTED,
    Status.DUPLICATE: Occasion.DUPLICATE,
}
#: Where it matters from which status it came: what was owed did not come; it is nobody's
#: duplicate any more.
_OF_STEP: Mapping[tuple[str, str], Occasion] = {
    (Status.RESOLVED_CONDITIONALLY, Status.IN_PROGRESS): Occasion.PROMISE_LAPSED,
    (Status.DUPLICATE, Status.RETURNED): Occasion.UNMERGED,
}
#: In which status a complaint still is while what was told is true.
_STILL_IN: Mapping[Occasion, str] = {
    **{occasion: status for status, occasion in _OF_STATUS.items()},
    **{occasion: status for (_, status), occasion in _OF_STEP.items()},
}
#: Steps after which what an occasion told is as true as before.
_CHANGES_NOTHING: Final = frozenset(
    {
        *(Action.ACKNOWLEDGE, Action.NOTE, Action.NOT_FIXED, Action.RESEND),
        *(Action.HIDE, Action.SHOW, Action.REDACT, Action.WARN, Action.ESCALATE),
    }
)
_STILL_ASSIGNED: Final = _CHANGES_NOTHING | {
    Action.ACCEPT, Action.START, Action.ASK, Action.ANSWER, Action.LAPSE, Action.SCHEDULE
}  # fmt: skip
#: What stays true whatever happens next.
_FOR_GOOD: Final = frozenset({Occasion.RECEIVED, Occasion.PHOTO_REJECTED})


def occasion_of(status: str, previous: str | None, *, planned: bool = False) -> Occasion | None:
    """Return on which occasion a complaint came into a status; None: its reporter is not told.

    `planned`: a day was named by which it is to be done, whether or not its status changed.

    Not told: that an agency accepted or began, which asks nothing of anyone, and that the
    reporter's own re-routing waits for the router.
    """
    if previous is None:
        return Occasion.RECEIVED
    if planned:
        return Occasion.SCHEDULED
    return _OF_STEP.get((previous, status)) or _OF_STATUS.get(status)


def worth_telling(
    occasion: Occasion, version: int, complaint: Complaint, timeline: Sequence[TimelineEntry]
) -> bool:
    """Tell whether what an occasion tells still holds of the complaint, and is news.

    `version` is the complaint's after the step that the occasion is about.
    """
    if complaint.is_forgotten or complaint.suspicion:
        return False  # nobody to tell any more, or perhaps nobody who asked for it
    if occasion in _FOR_GOOD:
        return True
    harmless = _STILL_ASSIGNED if occasion is Occasion.ASSIGNED else _CHANGES_NOTHING
    later = [entry for entry in timeline if entry.version > version]
    if any(entry.action not in harmless and not _is_interim(entry) for entry in later):
        return False
    if occasion is Occasion.SCHEDULED:
        return complaint.planned_at is not None
    if occasion is Occasion.ASSIGNED:
        return not _told_with_the_receipt(complaint)
    # Routing's own decision leaves no entry: the status tells of it.
    return complaint.status == _STILL_IN.get(occasion)


def _is_interim(entry: TimelineEntry) -> bool:
    """Tell whether a step is an agency's answer on the way, and not the reporter's."""
    return entry.action is Action.ANSWER and entry.role is Actor.AGENCY


def _told_with_the_receipt(complaint: Complaint) -> bool:
    """Tell whether the first agency was found so soon that a second e-mail would be a nuisance."""
    first = complaint.assignments[0]
    return len(complaint.assignments) == 1 and first.at - complaint.created_at < WITH_THE_RECEIPT


def too_late(at: datetime, now: datetime) -> bool:
    """Tell whether a step is too long ago to be told of."""
    return now - at > TOO_LATE


def step(version: int, timeline: Sequence[TimelineEntry]) -> TimelineEntry | None:
    """Return the timeline entry of the step that led to a version; None: routing's decision."""
    return next((entry for entry in timeline if entry.version == version), None)
