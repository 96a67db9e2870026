"""Which thing of a complaint falls due next by itself, and when.

All clocks of a complaint meet in one: the earliest. Both due dates stand still while the reporter
is asked something.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any, Final

from shared import working_days
from shared.clock import to_text
from shared.complaints import items, promises
from shared.complaints.delivery import next_try_for, next_try_of
from shared.complaints.law import DONE, Status
from shared.complaints.record import Assignment, Complaint, Level
from shared.deadlines import Delay
from shared.jurisdiction import Jurisdiction

#: The reporter's time to answer a question runs out: the agency goes on without.
ANSWER: Final = "answer"
#: What is still owed of a conditional resolution is due: it counts as work again.
OWED: Final = "owed"
#: Its agency has not said that it has it: it is sent again.
DELIVERY: Final = "delivery"
#: It is due soon: its agency is told.
WARNING: Final = "warning"
#: It is overdue: others are told, step by step.
OVERDUE: Final = "overdue"
#: It was resolved and nobody objected: it is closed.
CLOSE: Final = "close"
#: The term for which personal data is kept runs out: it is erased.
RETENTION: Final = "retention"
#: What was asked to be erased should be by now: it is asked for again.
ERASURE: Final = "erasure"
#: How long an erasure may take before that. The law allows 3×24 hours (UU PDP 27/2022).
ERASED_WITHIN: Final = timedelta(hours=1)
#: In these someone is at work on it, or ought to be.
WORKED: Final = (
    Status.ASSIGNED,
    Status.ACCEPTED,
    Status.IN_PROGRESS,
    Status.RETURNED,
    Status.REOPENED,
)

#: A kind of clock, and when it runs out.
Clock = tuple[str, datetime]


def wound(complaint: Complaint, jurisdiction: Jurisdiction) -> Complaint:
    """Return a complaint, changed at its `updated_at`, with the clock that its new state sets."""
    complaint = _stopped_or_gone_on(complaint, jurisdiction)
    clock, at = min(_running(complaint, jurisdiction), key=itemgetter(1), default=(None, None))
    return replace(complaint, clock=clock, clock_at=at)


def of_decision(
    complaint_id: str,
    assignment: Assignment,
    dates: promises.Dates,
    *,
    public: bool,
    jurisdiction: Jurisdiction,
) -> Mapping[str, Any]:
    """Return the attributes that routing's decision sets of a complaint's clocks, as they lie.

    It is a new agency's, so its head is told anew if it is late.
    """
    running = [*_of_work(dates.due_at, Level.NONE, assignment, jurisdiction, public=public)]
    if again_at := next_try_for(assignment, jurisdiction):
        running.append((DELIVERY, again_at))
    clock, at = min(running, key=itemgetter(1), default=(None, None))
    return {
        "legal_due_at": to_text(dates.legal_due_at),
        "escalation": None,
        "clock": clock,
        "clock_at": to_text(at) if at else None,
        "due_shard": items.due_shard(clock, complaint_id) if clock else None,
    }


def answer_due_at(complaint: Complaint) -> datetime | None:
    """Return until when the reporter may answer what was asked; None if nothing is."""
    return complaint.clock_at if complaint.clock == ANSWER else None


def next_level(
    due_at: datetime,
    reached: int,
    assignment: Assignment | None,
    jurisdiction: Jurisdiction,
    *,
    public: bool,
) -> tuple[Level, datetime] | None:
    """Return to whom it is reported next that a complaint is due, and when; None: to nobody.

    Nobody is warned of what was given to them with less time than that.
    """
    terms, days_off = jurisdiction.deadlines.escalation, jurisdiction.days_off
    if reached < Level.WARNED and terms.warn_before:
        at = working_days.earlier(due_at, terms.warn_before, days_off)
        if assignment is None or assignment.at < at:
            return Level.WARNED, at
    after: Mapping[Level, Delay | None] = {
        Level.HEAD: terms.head_after,
        Level.TRIAGE: terms.triage_after,
        Level.PUBLIC: terms.public_after if public else None,
    }
    for level, delay in after.items():
        if reached < level and delay is not None:
            return level, working_days.later(due_at, delay, days_off)
    return None


def _running(complaint: Complaint, jurisdiction: Jurisdiction) -> Iterator[Clock]:
    if complaint.erasure_requested_at and not complaint.erased_at:
        yield ERASURE, complaint.erasure_requested_at + ERASED_WITHIN
    elif complaint.status is Status.NEEDS_INFORMATION:
        yield ANSWER, _answer_due(complaint, jurisdiction)
    elif complaint.status is Status.RESOLVED_CONDITIONALLY and complaint.owed_by:
        yield OWED, complaint.owed_by
    elif complaint.status in WORKED:
        yield from _of_work(
            complaint.due_at,
            complaint.escalation,
            complaint.assignment,
            jurisdiction,
            public=complaint.is_public,
        )
        if again_at := next_try_of(complaint, jurisdiction):
            yield DELIVERY, again_at
    elif complaint.status in DONE and complaint.closed_at and not complaint.erased_at:
        yield RETENTION, complaint.closed_at + timedelta(days=jurisdiction.retention.days)
        if complaint.status is Status.RESOLVED and (term := jurisdiction.deadlines.close):
            yield CLOSE, working_days.due(term, complaint.closed_at, jurisdiction.days_off)


def _of_work(
    due_at: datetime,
    reached: int,
    assignment: Assignment | None,
    jurisdiction: Jurisdiction,
    *,
    public: bool,
) -> Iterator[Clock]:
    if found := next_level(due_at, reached, assignment, jurisdiction, public=public):
        level, at = found
        # What was overdue when it was given is late from then on.
        given = assignment.at if assignment else at
        yield WARNING if level is Level.WARNED else OVERDUE, max(at, given)


def _answer_due(complaint: Complaint, jurisdiction: Jurisdiction) -> datetime:
    """Return until when the reporter may answer; a question's time begins when it is asked."""
    if complaint.clock == ANSWER and complaint.clock_at:
        return complaint.clock_at
    return complaint.updated_at + timedelta(days=jurisdiction.dialogue.answer_days)


def _stopped_or_gone_on(complaint: Complaint, jurisdiction: Jurisdiction) -> Complaint:
    """Return a complaint whose due dates stand still while the reporter is asked, and then go on."""
    if complaint.is_forgotten:
        return complaint
    if complaint.status is Status.NEEDS_INFORMATION:
        return replace(complaint, paused_at=complaint.paused_at or complaint.updated_at)
    if complaint.paused_at is None:
        return complaint
    category = jurisdiction.category_by_code.get(complaint.service_code or "")
    about = jurisdiction, complaint.kind, category
    stood = complaint.paused_at, complaint.updated_at, jurisdiction.days_off
    legal = complaint.legal_due_at
    return replace(
        complaint,
        paused_at=None,
        due_at=working_days.put_off(promises.promise(*about), complaint.due_at, *stood),
        legal_due_at=legal and working_days.put_off(promises.law(*about), legal, *stood),
    )
