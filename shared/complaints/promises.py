"""When a complaint is due: intake promises it, and routing anew once it knows the category."""

from datetime import datetime

from shared import working_days
from shared.jurisdiction import Category, DeadlineClass, Jurisdiction


def due_at(
    jurisdiction: Jurisdiction, kind: str, category: Category | None, created_at: datetime
) -> datetime:
    """Return when an answer is due: by the jurisdiction's own promise, or else by the law."""
    deadline_class: DeadlineClass = category.deadline_class if category else "complaint"
    if kind == "information":
        deadline_class = "information"
    deadlines = jurisdiction.deadlines
    span = deadlines.promise.get(deadline_class, deadlines.legal[deadline_class])
    return working_days.due(span, created_at, jurisdiction.holidays)
