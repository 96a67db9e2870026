"""What was waited for in vain lapses once: an answer, the rest of the work, an objection."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from functions.agency_routing.clockwork import ring
from shared import config
from shared.complaints import clocks, marks
from shared.complaints.acting import Change
from shared.complaints.clocks import ANSWER, CLOSE, OVERDUE, OWED, RETENTION, WARNING, wound
from shared.complaints.law import Action, Status
from shared.complaints.marks import Untold
from shared.complaints.record import Complaint
from tests.builders import NOW, a_complaint, a_number, an_entry
from tests.small_config import SEMARANG, changed

pytestmark = pytest.mark.usefixtures("small_config")

UNTIL = NOW + timedelta(days=10)


@pytest.fixture
def asked(store: Any) -> Complaint:
    """A complaint whose agency waits for an answer."""
    complaint = wound(a_complaint(status=Status.NEEDS_INFORMATION), SEMARANG)
    assert complaint.clock_at == UNTIL
    assert store.submit(complaint) is None
    return complaint


def lapse(complaint: Complaint, store: Any, at: Any = UNTIL) -> bool:
    return ring(ANSWER, complaint.complaint_id, now=at, store=store)


def test_the_agency_goes_on_and_is_told_so(store, asked):
    assert lapse(asked, store)
    after, (entry,) = store.with_timeline(asked.complaint_id, consistent=True)
    assert (after.status, after.version, after.updated_at) == (Status.IN_PROGRESS, 3, UNTIL)
    assert after.clock in {WARNING, OVERDUE}
    assert marks.untold(after) == [Untold(entry.action_id, assigns=False)]
    assert (entry.action, entry.status, entry.actor) == (Action.LAPSE, after.status, "clock")
    assert (entry.version, entry.at, entry.agency) == (3, UNTIL, "semarang-dpu")
    assert (entry.public_note, entry.internal_note, entry.until) == (None, None, UNTIL)


def test_it_lapses_once(store, asked):
    assert [lapse(asked, store) for _ in range(2)] == [True, False]
    assert len(store.with_timeline(asked.complaint_id, consistent=True)[1]) == 1


def test_until_then_it_waits(store, asked):
    assert not lapse(asked, store, UNTIL - timedelta(milliseconds=1))
    assert store.get(asked.complaint_id) == asked


def test_an_answer_that_the_index_has_not_heard_of_stands(store, asked):
    answered = replace(asked, version=3, status=Status.IN_PROGRESS, clock=None, clock_at=None)
    store.record_action(asked, answered, an_entry(action=Action.ANSWER))
    assert not lapse(asked, store)
    assert store.get(asked.complaint_id) == answered


def test_a_clock_of_another_kind_is_not_looked_at(store):
    done = a_complaint(status=Status.RESOLVED, clock=RETENTION, clock_at=NOW, closed_at=NOW)
    store.submit(done)
    assert not lapse(done, store)


def test_what_is_not_there_does_not_lapse(store):
    assert not ring(ANSWER, a_number(), now=UNTIL, store=store)


def test_who_answers_at_the_last_moment_comes_first(store, asked, monkeypatch):
    write = store.record_action

    def racing(before: Complaint, after: Complaint, entry: Any, **others: Any) -> None:
        answered = replace(asked, version=3, status=Status.IN_PROGRESS, clock=None, clock_at=None)
        write(asked, answered, an_entry(action=Action.ANSWER))
        write(before, after, entry, **others)

    monkeypatch.setattr(store, "record_action", racing)
    assert not lapse(asked, store)
    (entry,) = store.with_timeline(asked.complaint_id, consistent=True)[1]
    assert entry.action is Action.ANSWER


def test_two_clocks_at_once_let_it_lapse_once(store, asked, monkeypatch):
    write = store.record_action
    done: list[bool] = []

    def racing(*arguments: Any, **others: Any) -> None:
        if not done:
            done.append(True)
            assert lapse(asked, store)
        write(*arguments, **others)

    monkeypatch.setattr(store, "record_action", racing)
    assert not lapse(asked, store)
    assert store.get(asked.complaint_id).version == 3


def test_what_is_owed_and_not_done_by_its_day_is_work_again(store):
    owing = wound(
        a_complaint(status=Status.RESOLVED_CONDITIONALLY, owed_by=UNTIL, closed_at=None), SEMARANG
    )
    store.submit(owing)
    assert (owing.clock, owing.clock_at) == (OWED, UNTIL)
    assert ring(OWED, owing.complaint_id, now=UNTIL, store=store)
    after, (entry,) = store.with_timeline(owing.complaint_id, consistent=True)
    assert (after.status, after.owed_by) == (Status.IN_PROGRESS, None)
    assert (entry.action, entry.until) == (Action.LAPSE, UNTIL)
    assert marks.untold(after) == [Untold(entry.action_id, assigns=False)]


def test_what_nobody_objects_to_is_closed_and_kept_for_its_term(store):
    resolved = wound(a_complaint(status=Status.RESOLVED, closed_at=NOW), SEMARANG)
    store.submit(resolved)
    assert resolved.clock == CLOSE
    assert resolved.clock_at is not None
    assert ring(CLOSE, resolved.complaint_id, now=resolved.clock_at, store=store)
    after, (entry,) = store.with_timeline(resolved.complaint_id, consistent=True)
    assert (after.status, after.closed_at, after.clock) == (Status.CLOSED, NOW, RETENTION)
    assert (entry.action, entry.actor) == (Action.CLOSE, "clock")
    assert marks.untold(after) == []


def longer() -> Any:
    """A jurisdiction that gives twice as long until a resolved complaint is closed."""
    terms = SEMARANG.deadlines
    close = terms.close.model_copy(update={"working_days": 20}) if terms.close else None
    return changed(SEMARANG, deadlines=terms.model_copy(update={"close": close}))


def test_a_clock_that_would_be_set_later_today_is_only_set_anew(store, monkeypatch):
    resolved = wound(a_complaint(status=Status.RESOLVED, closed_at=NOW), SEMARANG)
    store.submit(resolved)
    assert resolved.clock_at is not None
    monkeypatch.setattr(config, "load", lambda _: longer())
    assert not ring(CLOSE, resolved.complaint_id, now=resolved.clock_at, store=store)
    after, timeline = store.with_timeline(resolved.complaint_id, consistent=True)
    assert (after.status, after.version, len(timeline)) == (Status.RESOLVED, 3, 0)
    assert after.clock_at > resolved.clock_at


def test_who_acts_while_a_clock_is_set_anew_comes_first(store, monkeypatch):
    resolved = wound(a_complaint(status=Status.RESOLVED, closed_at=NOW), SEMARANG)
    store.submit(resolved)
    monkeypatch.setattr(config, "load", lambda _: longer())
    day = resolved.clock_at
    assert day is not None
    write = store.change

    def racing(before: Complaint, after: Complaint) -> None:
        write(before, replace(before, version=before.version + 1, clock=None, clock_at=None))
        write(before, after)

    monkeypatch.setattr(store, "change", racing)
    assert not ring(CLOSE, resolved.complaint_id, now=day, store=store)
    assert store.get(resolved.complaint_id).clock is None


def test_a_ring_that_changes_nothing_sets_the_clock_anew(store, monkeypatch):
    def nothing(*_: Any) -> Change | None:
        return None

    monkeypatch.setitem(ring.__globals__["RINGS"], clocks.CLOSE, nothing)
    resolved = wound(a_complaint(status=Status.RESOLVED, closed_at=NOW), SEMARANG)
    store.submit(resolved)
    long_after = UNTIL + timedelta(days=30)
    assert not ring(CLOSE, resolved.complaint_id, now=long_after, store=store)
    assert store.get(resolved.complaint_id).version == 3
