"""When a complaint is due, after it was asked about and sent to another category any number of times."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.clock import from_text
from shared.complaints import promises
from shared.complaints.clocks import wound
from shared.complaints.law import Action, Status
from shared.complaints.record import Complaint, TimelineEntry
from shared.deadlines import Span
from shared.jurisdiction import Jurisdiction
from shared.working_days import due
from tests.builders import NOW, a_complaint, an_assignment, an_entry
from tests.small_config import SEMARANG

ASKED, WORKED = Status.NEEDS_INFORMATION, Status.IN_PROGRESS
LAW = timedelta(days=400)
SECONDS = st.integers(0, 10**6)


def by_hours(**promise: Span) -> Jurisdiction:
    """Return a jurisdiction whose law counts hours, so that sums are plain."""
    span = Span(hours=24 * LAW.days, source="the law")
    legal = dict.fromkeys(("information", "complaint", "supervision"), span)
    terms = SEMARANG.deadlines.model_copy(update={"legal": legal, "promise": promise})
    return SEMARANG.model_copy(update={"deadlines": terms})


def step(version: int, at: datetime, status: Status, action: Action = Action.NOTE) -> TimelineEntry:
    return an_entry(version=version, at=at, status=status, action=action)


def dates(steps: list[TimelineEntry], jurisdiction: Jurisdiction = SEMARANG, **asked: Any) -> Any:
    category = jurisdiction.category_by_code[asked.get("category", "sampah")]
    return promises.dates(jurisdiction, "complaint", category, NOW, steps)


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def test_a_first_decision_promises_from_when_it_was_received():
    assert dates([]) == promises.Dates(
        due_at=NOW + timedelta(hours=48),
        legal_due_at=due(SEMARANG.deadlines.legal["complaint"], NOW, SEMARANG.days_off),
    )


def test_where_nothing_is_promised_the_law_is():
    found = dates([], category="pungli")
    law = due(SEMARANG.deadlines.legal["supervision"], NOW, SEMARANG.days_off)
    assert (found.due_at, found.legal_due_at) == (law, law)


@pytest.mark.parametrize(("kind", "name"), [("information", "information"), ("x", "complaint")])
def test_what_has_no_category_yet_has_the_terms_of_its_kind(kind, name):
    found = promises.dates(SEMARANG, kind, None, NOW)
    assert found.legal_due_at == due(SEMARANG.deadlines.legal[name], NOW, SEMARANG.days_off)


def test_who_gets_it_by_a_new_category_has_the_whole_promise_and_the_law_runs_on():
    friday, monday = from_text("2026-11-20T05:00:00Z"), from_text("2026-11-23T05:00:00Z")
    assert friday == NOW
    later = monday + timedelta(hours=2)
    steps = [
        step(3, NOW, ASKED, Action.ASK),
        step(4, NOW + timedelta(hours=1), ASKED),
        step(5, monday, WORKED, Action.ANSWER),
        step(6, later, Status.RETURNED, Action.RETURN),
        step(7, later, Status.RECEIVED, Action.REROUTE),
    ]
    found = dates(steps)
    assert found.due_at == later + timedelta(hours=48)
    first = dates([]).legal_due_at
    assert found.legal_due_at == first + timedelta(days=1)  # Friday to Monday: a working day


def test_nobody_is_promised_more_than_the_law_gives():
    legal = dates([]).legal_due_at
    late = legal - timedelta(hours=1)
    assert dates([step(7, late, Status.RECEIVED, Action.REROUTE)]).due_at == legal


@pytest.mark.parametrize("statuses", [[], [WORKED], [ASKED], [WORKED, ASKED, ASKED]])
def test_what_was_not_asked_or_not_answered_yet_is_no_pause(statuses):
    steps = [step(number, at(number), one) for number, one in enumerate(statuses)]
    assert list(promises.pauses(steps)) == []


def test_pauses_are_read_in_the_order_of_versions():
    steps = [step(4, at(9), WORKED), step(2, at(3), ASKED), step(3, at(5), ASKED)]
    assert list(promises.pauses(steps)) == [(at(3), at(9))]


@given(st.lists(st.tuples(SECONDS, SECONDS, st.booleans()), max_size=8))
def test_pauses_add_up_over_any_number_of_reroutes(gaps):
    """Decided anew each time, the law's date is the first one and all that stood still before it."""
    law = by_hours()
    complaint = replace(a_complaint(service_code="sampah"), assignments=(an_assignment(),))
    first = dates([], law)
    complaint = replace(complaint, due_at=first.due_at, legal_due_at=first.legal_due_at)
    steps: list[TimelineEntry] = []
    stood = timedelta()
    for now, asked in _conversation(complaint, gaps, steps, law):
        stood += asked
        assert now.legal_due_at == NOW + LAW + stood
        assert now.due_at == now.legal_due_at  # nothing else is promised here
    assert sum((b - a for a, b in promises.pauses(steps)), timedelta()) == stood


def _conversation(
    complaint: Complaint, gaps: Any, steps: list[TimelineEntry], law: Jurisdiction
) -> Iterator[tuple[Complaint, timedelta]]:
    """Yield a complaint after each question and its answer, and perhaps a reroute; how long it stood."""
    now = NOW
    for runs, stands, rerouted in gaps:
        asked_at = now + timedelta(seconds=runs)
        now = asked_at + timedelta(seconds=stands)
        for moment, status in ((asked_at, ASKED), (now, WORKED)):
            complaint = wound(replace(complaint, status=status, updated_at=moment), law)
            steps.append(step(len(steps), moment, status))
        if rerouted:
            steps.append(step(len(steps), now, Status.RECEIVED, Action.REROUTE))
            anew = dates(steps, law)
            complaint = replace(
                complaint, due_at=anew.due_at, legal_due_at=anew.legal_due_at, updated_at=now
            )
        yield complaint, now - asked_at


@given(st.lists(SECONDS, min_size=1, max_size=6))
def test_each_reroute_begins_the_promise_anew(moments):
    law = by_hours(complaint=Span(hours=48, source="the city's promise"))
    times = sorted(moments)
    steps = [
        step(number, at(one), Status.RECEIVED, Action.REROUTE) for number, one in enumerate(times)
    ]
    found = [dates(steps[: number + 1], law).due_at for number in range(len(steps))]
    assert found == [at(one) + timedelta(hours=48) for one in times]
    assert all(earlier <= later for earlier, later in pairwise(found))
