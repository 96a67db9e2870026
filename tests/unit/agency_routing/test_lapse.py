"""A question that nobody answered lapses once, when its time has run out and not before."""

from dataclasses import replace
from datetime import timedelta
from itertools import repeat
from typing import Any

import pytest

from functions.agency_routing.lapse import lapse, lapse_all
from shared.complaints import marks
from shared.complaints.clocks import ANSWER
from shared.complaints.law import Action, Status
from shared.complaints.marks import Untold
from shared.complaints.record import Complaint
from tests.builders import NOW, a_complaint, a_number, an_entry

pytestmark = pytest.mark.usefixtures("small_config")

UNTIL = NOW + timedelta(days=10)


@pytest.fixture
def asked(store: Any) -> Complaint:
    """A complaint whose agency waits for an answer."""
    complaint = a_complaint(status=Status.NEEDS_INFORMATION, clock=ANSWER, clock_at=UNTIL)
    assert store.submit(complaint) is None
    return complaint


def test_the_agency_goes_on_and_is_told_so(store, asked):
    assert lapse(asked.complaint_id, now=UNTIL, store=store)
    after, (entry,) = store.with_timeline(asked.complaint_id, consistent=True)
    assert (after.status, after.version, after.updated_at) == (Status.IN_PROGRESS, 3, UNTIL)
    assert (after.clock, after.clock_at) == (None, None)
    assert marks.untold(after) == [Untold(entry.action_id, assigns=False)]
    assert (entry.action, entry.status, entry.actor) == (Action.LAPSE, after.status, "clock")
    assert (entry.version, entry.at, entry.agency) == (3, UNTIL, "semarang-dpu")
    assert (entry.public_note, entry.internal_note) == (None, None)


def test_it_lapses_once(store, asked):
    assert [lapse(asked.complaint_id, now=UNTIL, store=store) for _ in range(2)] == [True, False]
    assert len(store.with_timeline(asked.complaint_id, consistent=True)[1]) == 1


def test_until_then_it_waits(store, asked):
    before = UNTIL - timedelta(milliseconds=1)
    assert not lapse(asked.complaint_id, now=before, store=store)
    assert store.get(asked.complaint_id) == asked


def test_an_answer_that_the_index_has_not_heard_of_stands(store, asked):
    answered = replace(asked, version=3, status=Status.IN_PROGRESS, clock=None, clock_at=None)
    store.record_action(asked, answered, an_entry(action=Action.ANSWER))
    assert not lapse(asked.complaint_id, now=UNTIL, store=store)
    assert store.get(asked.complaint_id) == answered


def test_a_clock_of_another_kind_is_not_looked_at(store):
    done = a_complaint(status=Status.RESOLVED, clock="retention", clock_at=NOW, closed_at=NOW)
    store.submit(done)
    assert not lapse(done.complaint_id, now=UNTIL, store=store)


def test_a_question_without_a_clock_waits_for_ever(store):
    asked = a_complaint(status=Status.NEEDS_INFORMATION)
    store.submit(asked)
    assert not lapse(asked.complaint_id, now=UNTIL, store=store)


def test_what_is_not_there_does_not_lapse(store):
    assert not lapse(a_number(), now=UNTIL, store=store)


def test_who_answers_at_the_last_moment_comes_first(store, asked, monkeypatch):
    write = store.record_action

    def racing(before: Complaint, after: Complaint, entry: Any) -> None:
        answered = replace(asked, version=3, status=Status.IN_PROGRESS, clock=None, clock_at=None)
        write(asked, answered, an_entry(action=Action.ANSWER))
        write(before, after, entry)

    monkeypatch.setattr(store, "record_action", racing)
    assert not lapse(asked.complaint_id, now=UNTIL, store=store)
    (entry,) = store.with_timeline(asked.complaint_id, consistent=True)[1]
    assert entry.action is Action.ANSWER


def test_two_clocks_at_once_let_it_lapse_once(store, asked, monkeypatch):
    write = store.record_action
    done: list[bool] = []

    def racing(*arguments: Any) -> None:
        if not done:
            done.append(True)
            assert lapse(asked.complaint_id, now=UNTIL, store=store)
        write(*arguments)

    monkeypatch.setattr(store, "record_action", racing)
    assert not lapse(asked.complaint_id, now=UNTIL, store=store)
    assert store.get(asked.complaint_id).version == 3


def test_all_that_are_due_lapse_while_there_is_time(store):
    due = [
        a_complaint(status=Status.NEEDS_INFORMATION, clock=ANSWER, clock_at=UNTIL) for _ in range(4)
    ]
    for one in due:
        store.submit(one)
    numbers = [one.complaint_id for one in due]
    time = iter([True, True, False])
    assert lapse_all(numbers, now=UNTIL, store=store, has_time=lambda: next(time)) == 2
    always = repeat(True)
    assert lapse_all(numbers, now=UNTIL, store=store, has_time=lambda: next(always)) == 2
    assert {store.get(one).status for one in numbers} == {Status.IN_PROGRESS}
