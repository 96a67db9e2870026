"""Which clock a complaint's state sets, and how its due dates stand still."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.clock import WIB, to_text
from shared.complaints.clocks import (
    ANSWER,
    CLOSE,
    DELIVERY,
    ERASURE,
    OVERDUE,
    OWED,
    RETENTION,
    WARNING,
    WORKED,
    next_level,
    of_decision,
    wound,
)
from shared.complaints.items import due_shard
from shared.complaints.law import DONE, Status
from shared.complaints.promises import Dates
from shared.complaints.record import Complaint, Level
from shared.deadlines import Escalation
from shared.jurisdiction import Jurisdiction
from tests.builders import NOW, a_complaint, an_assignment
from tests.small_config import SEMARANG, changed

#: The assignment has arrived, so that only due dates run.
ARRIVED = an_assignment(acknowledged_at=NOW)
DUE = NOW + timedelta(days=5)


def worked(**changes: Any) -> Complaint:
    values: dict[str, Any] = {"status": Status.IN_PROGRESS, "assignments": (ARRIVED,)}
    return a_complaint(**(values | changes))


def clock_of(complaint: Complaint, jurisdiction: Jurisdiction = SEMARANG) -> tuple[object, object]:
    after = wound(complaint, jurisdiction)
    return after.clock, after.clock_at


def wib(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=WIB)


@pytest.mark.parametrize("status", WORKED)
def test_work_is_warned_of_before_it_is_due(status):
    assert clock_of(worked(status=status)) == (WARNING, DUE - timedelta(hours=24))


@pytest.mark.parametrize(
    ("reached", "at"),
    [
        (Level.WARNED, wib("2026-11-26T17:00")),  # the head: at once
        (Level.HEAD, wib("2026-11-27T17:00")),  # triage: a working day later, a Friday
        (Level.TRIAGE, wib("2026-12-01T17:00")),  # everyone: three, over a weekend
    ],
)
def test_what_is_overdue_is_reported_step_by_step(reached, at):
    assert clock_of(worked(due_at=wib("2026-11-26T17:00"), escalation=int(reached))) == (
        OVERDUE,
        at,
    )


def test_after_the_last_step_nothing_falls_due():
    assert clock_of(worked(escalation=int(Level.PUBLIC))) == (None, None)


def test_what_is_not_public_is_not_reported_to_everyone():
    kept = worked(visibility="private", escalation=int(Level.TRIAGE))
    assert clock_of(kept) == (None, None)


def test_nobody_is_warned_of_what_was_given_to_them_with_less_time_than_that():
    late = an_assignment(at=DUE - timedelta(hours=24), acknowledged_at=NOW)
    assert clock_of(worked(assignments=(late,))) == (OVERDUE, DUE)
    just = replace(late, at=late.at - timedelta(milliseconds=1))
    assert clock_of(worked(assignments=(just,)))[0] == WARNING


def test_what_was_overdue_when_it_was_given_is_late_from_then_on():
    late = an_assignment(at=DUE + timedelta(days=2), acknowledged_at=NOW)
    assert clock_of(worked(assignments=(late,))) == (OVERDUE, DUE + timedelta(days=2))


def test_what_belongs_to_nobody_yet_is_warned_of_as_well():
    level = next_level(DUE, Level.NONE, None, SEMARANG, public=True)
    assert level == (Level.WARNED, DUE - timedelta(hours=24))


def test_steps_that_are_left_out_do_not_happen():
    terms = SEMARANG.deadlines.model_copy(update={"escalation": Escalation()})
    silent = changed(SEMARANG, deadlines=terms.model_copy(update={"close": None}))
    assert clock_of(worked(), silent) == (None, None)
    resolved = worked(status=Status.RESOLVED, closed_at=NOW)
    assert clock_of(resolved, silent) == (RETENTION, NOW + timedelta(days=730))


def test_what_has_not_arrived_is_sent_again_before_it_is_due():
    sent = worked(status=Status.ASSIGNED, assignments=(an_assignment(),))
    assert clock_of(sent) == (DELIVERY, NOW + timedelta(hours=24))


@pytest.mark.parametrize("status", [Status.RECEIVED, Status.DUPLICATE])
def test_what_waits_for_the_router_or_another_complaint_has_no_clock(status):
    running = a_complaint(status=status, clock=ANSWER, clock_at=NOW)
    assert clock_of(running) == (None, None)


def test_a_question_may_be_answered_for_as_long_as_the_jurisdiction_says():
    asked = a_complaint(status=Status.NEEDS_INFORMATION, updated_at=NOW)
    assert clock_of(asked) == (ANSWER, NOW + timedelta(days=10))


def test_a_note_meanwhile_gives_no_more_time_to_answer():
    asked = wound(a_complaint(status=Status.NEEDS_INFORMATION, updated_at=NOW), SEMARANG)
    noted = wound(replace(asked, updated_at=NOW + timedelta(days=3)), SEMARANG)
    assert (noted.clock_at, noted.paused_at) == (asked.clock_at, NOW)


def test_what_is_still_owed_is_due_on_its_day():
    owing = worked(status=Status.RESOLVED_CONDITIONALLY, owed_by=DUE)
    assert clock_of(owing) == (OWED, DUE)
    assert clock_of(replace(owing, owed_by=None)) == (None, None)


def test_a_resolved_complaint_is_closed_after_ten_working_days_and_kept_for_its_term():
    noon = wib("2026-12-18T12:00")  # a Friday; the 24th, the 25th and the 1st are days off
    resolved = worked(status=Status.RESOLVED, closed_at=noon)
    assert clock_of(resolved) == (CLOSE, wib("2027-01-06T23:59:59"))


@pytest.mark.parametrize("status", [one for one in DONE if one is not Status.RESOLVED])
def test_personal_data_is_kept_for_the_term_after_it_was_done(status):
    after = wound(a_complaint(status=status, closed_at=NOW), SEMARANG)
    assert (after.clock, after.clock_at) == (RETENTION, NOW + timedelta(days=730))


@pytest.mark.parametrize("status", DONE)
def test_what_was_forgotten_has_no_clock(status):
    assert clock_of(a_complaint(status=status, closed_at=NOW, erased_at=NOW)) == (None, None)


@pytest.mark.parametrize("status", Status)
def test_what_was_asked_to_be_erased_is_looked_for_within_the_hour(status):
    asked = a_complaint(status=status, closed_at=NOW, erasure_requested_at=NOW)
    after = wound(asked, SEMARANG)
    assert (after.clock, after.clock_at) == (ERASURE, NOW + timedelta(hours=1))
    assert (after.paused_at, after.due_at) == (asked.paused_at, asked.due_at)
    assert wound(replace(after, erased_at=NOW), SEMARANG).clock != ERASURE


class TestPause:
    """Both due dates stand still while the reporter is asked."""

    @staticmethod
    def asked(**changes: Any) -> Complaint:
        paused = worked(status=Status.NEEDS_INFORMATION, **changes)
        return wound(paused, SEMARANG)

    @staticmethod
    def answered(complaint: Complaint, at: datetime) -> Complaint:
        return wound(replace(complaint, status=Status.IN_PROGRESS, updated_at=at), SEMARANG)

    def test_it_moves_the_promise_by_hours_and_the_law_by_working_days(self):
        monday = wib("2026-11-23T09:00")
        legal = wib("2026-12-10T23:59:59")
        before = self.asked(updated_at=monday, due_at=wib("2026-11-24T08:00"), legal_due_at=legal)
        assert (before.paused_at, before.due_at) == (monday, wib("2026-11-24T08:00"))
        after = self.answered(before, wib("2026-11-28T10:30"))  # a Saturday
        assert after.due_at == wib("2026-11-29T09:30")
        assert after.legal_due_at == wib("2026-12-16T23:59:59")  # four working days later
        assert after.paused_at is None
        assert after.clock == WARNING

    def test_what_was_overdue_already_stays_so(self):
        before = self.asked(updated_at=NOW, due_at=NOW, legal_due_at=NOW - timedelta(days=1))
        after = self.answered(before, NOW + timedelta(days=3))
        assert (after.due_at, after.legal_due_at) == (before.due_at, before.legal_due_at)

    def test_a_complaint_from_before_there_was_a_legal_clock_gets_none(self):
        assert self.answered(self.asked(), NOW + timedelta(days=1)).legal_due_at is None

    @pytest.mark.parametrize("code", ["pungli", None, "unheard-of"])
    def test_the_span_is_its_categorys(self, code):
        friday = wib("2026-11-27T12:00")
        before = self.asked(service_code=code, updated_at=friday, due_at=wib("2026-12-02T23:59:59"))
        after = self.answered(before, wib("2026-11-30T12:00"))
        days_or_hours = "2026-12-03T23:59:59" if code == "pungli" else "2026-12-05T23:59:59"
        assert after.due_at == wib(days_or_hours)

    @given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), max_size=6))
    def test_pauses_add_up(self, gaps):
        """Of an hour's promise, what is left when it goes on is what was left when it was paused."""
        now, paused = NOW, timedelta()
        complaint = worked(due_at=NOW + timedelta(days=400))
        for runs, stands in gaps:
            now += timedelta(seconds=runs)
            complaint = wound(
                replace(complaint, status=Status.NEEDS_INFORMATION, updated_at=now), SEMARANG
            )
            overdue = complaint.due_at <= now
            now += timedelta(seconds=stands)
            complaint = self.answered(complaint, now)
            paused += timedelta() if overdue else timedelta(seconds=stands)
        assert complaint.due_at == NOW + timedelta(days=400) + paused


@pytest.mark.parametrize(
    ("public", "agency"),
    [(True, "semarang-dpu"), (False, "semarang-dpu"), (True, "semarang-diskominfo")],
)
def test_a_decision_sets_the_clock_that_the_decided_complaint_would_have(public, agency):
    assignment = an_assignment(agency=agency)
    decided = worked(
        status=Status.ASSIGNED,
        assignments=(assignment,),
        visibility="public" if public else "private",
    )
    found = of_decision(
        decided.complaint_id,
        assignment,
        Dates(due_at=decided.due_at, legal_due_at=wib("2026-12-10T23:59:59")),
        public=public,
        jurisdiction=SEMARANG,
    )
    clock, at = clock_of(decided)
    assert isinstance(at, datetime)
    assert found == {
        "legal_due_at": "2026-12-10T16:59:59.000Z",
        "escalation": None,
        "clock": clock,
        "clock_at": to_text(at),
        "due_shard": due_shard(str(clock), decided.complaint_id),
    }


def test_a_decision_without_any_term_sets_no_clock():
    terms = SEMARANG.deadlines.model_copy(update={"escalation": Escalation()})
    found = of_decision(
        "SMG-1",
        an_assignment(agency="semarang-diskominfo"),
        Dates(due_at=DUE, legal_due_at=DUE),
        public=True,
        jurisdiction=changed(SEMARANG, deadlines=terms),
    )
    assert {found[name] for name in ("clock", "clock_at", "due_shard")} == {None}
