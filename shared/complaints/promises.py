"""When a complaint is due: intake promises it, and routing anew once it knows the category.

Two clocks each: the law's, and the jurisdiction's own promise where it has one.
"""

from datetime import datetime

from shared import working_days
from shared.deadlines import DeadlineClass, Span
from shared.jurisdiction import Category, Jurisdiction


def promise(jurisdiction: Jurisdiction, kind: str, category: Category | None) -> Span:
    """Return the jurisdiction's own promise; the law's span where it makes none."""
    span = jurisdiction.deadlines.promise.get(_class_of(kind, category))
    return span or law(jurisdiction, kind, category)


def law(jurisdiction: Jurisdiction, kind: str, category: Category | None) -> Span:
    """Return how long the law gives."""
    return jurisdiction.deadlines.legal[_class_of(kind, category)]


def due_at(
    jurisdiction: Jurisdiction, kind: str, category: Category | None, created_at: datetime
) -> datetime:
    """Return when an answer is due by the jurisdiction's own promise, or else by the law."""
    span = promise(jurisdiction, kind, category)
    return working_days.due(span, created_at, jurisdiction.days_off)


def legal_due_at(
    jurisdiction: Jurisdiction, kind: str, category: Category | None, created_at: datetime
) -> datetime:
    """Return when an answer is due by the law."""
    return working_days.due(law(jurisdiction, kind, category), created_at, jurisdiction.days_off)


def _class_of(kind: str, category: Category | None) -> DeadlineClass:
    if kind == "information":
        return "information"
    return category.deadline_class if category else "complaint"
