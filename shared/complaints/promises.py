"""When a complaint is due: intake promises it, and routing anew once it knows the category.

Two clocks each: the law's, and the jurisdiction's own promise where it has one.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from shared import working_days
from shared.complaints.law import Action, Status
from shared.complaints.record import TimelineEntry
from shared.deadlines import DeadlineClass, Span
from shared.jurisdiction import Category, Jurisdiction


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """Both dates of a complaint."""

    due_at: datetime  #: by the jurisdiction's own promise
    legal_due_at: datetime


def promise(jurisdiction: Jurisdiction, kind: str, category: Category | None) -> Span:
    """Return the jurisdiction's own promise; the law's span where it makes none."""
    span = jurisdiction.deadlines.promise.get(_class_of(kind, category))
    return span or law(jurisdiction, kind, category)


def law(jurisdiction: Jurisdiction, kind: str, category: Category | None) -> Span:
    """Return how long the law gives."""
    return jurisdiction.deadlines.legal[_class_of(kind, category)]


def dates(
    jurisdiction: Jurisdiction,
    kind: str,
    category: Category | None,
    created_at: datetime,
    steps: Sequence[TimelineEntry] = (),
) -> Dates:
    """Return both dates of a complaint, as far as its category is known.

    `steps` are what was done to it before, if the reporter sent it to another category. The law's
    clock runs from the receipt and keeps the time that it stood still; the promise begins anew for
    whoever gets it then, and ends with the law's at the latest.
    """
    legal_span, days_off = law(jurisdiction, kind, category), jurisdiction.days_off
    legal = working_days.due(legal_span, created_at, days_off)
    for paused_at, resumed_at in pauses(steps):
        legal = working_days.put_off(legal_span, legal, paused_at, resumed_at, days_off)
    own = jurisdiction.deadlines.promise.get(_class_of(kind, category))
    if own is None:
        return Dates(due_at=legal, legal_due_at=legal)
    rerouted = [step.at for step in steps if step.action is Action.REROUTE]
    if not rerouted:
        return Dates(due_at=working_days.due(own, created_at, days_off), legal_due_at=legal)
    anew = working_days.due(own, max(rerouted), days_off)
    return Dates(due_at=min(anew, legal), legal_due_at=legal)


def pauses(steps: Iterable[TimelineEntry]) -> Iterator[tuple[datetime, datetime]]:
    """Yield from when to when the reporter was asked something, of what is over."""
    since: datetime | None = None
    for step in sorted(steps, key=attrgetter("version")):
        if step.status is Status.NEEDS_INFORMATION:
            since = since or step.at
        elif since:
            yield since, step.at
            since = None


def _class_of(kind: str, category: Category | None) -> DeadlineClass:
    if kind == "information":
        return "information"
    return category.deadline_class if category else "complaint"
