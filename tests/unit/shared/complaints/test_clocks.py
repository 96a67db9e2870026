"""Which clock a complaint's state sets."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.complaints.clocks import ANSWER, ERASURE, RETENTION, wound
from shared.complaints.law import DONE, OPEN, Status
from tests.builders import NOW, a_complaint
from tests.small_config import SEMARANG


@pytest.mark.parametrize("status", [one for one in OPEN if one is not Status.NEEDS_INFORMATION])
def test_work_that_waits_for_nobody_outside_has_no_clock_here(status):
    running = a_complaint(status=status, clock=ANSWER, clock_at=NOW)
    after = wound(running, SEMARANG)
    assert (after.clock, after.clock_at) == (None, None)


def test_a_question_may_be_answered_for_as_long_as_the_jurisdiction_says():
    asked = a_complaint(status=Status.NEEDS_INFORMATION, updated_at=NOW)
    after = wound(asked, SEMARANG)
    assert (after.clock, after.clock_at) == (ANSWER, NOW + timedelta(days=10))


def test_a_note_meanwhile_gives_no_more_time_to_answer():
    asked = wound(a_complaint(status=Status.NEEDS_INFORMATION, updated_at=NOW), SEMARANG)
    noted = wound(replace(asked, updated_at=NOW + timedelta(days=3)), SEMARANG)
    assert noted.clock_at == asked.clock_at


@pytest.mark.parametrize("status", DONE)
def test_personal_data_is_kept_for_the_term_after_it_was_done(status):
    after = wound(a_complaint(status=status, closed_at=NOW), SEMARANG)
    assert (after.clock, after.clock_at) == (RETENTION, NOW + timedelta(days=730))
    forgotten = wound(replace(after, erased_at=NOW), SEMARANG)
    assert forgotten.clock is None


@pytest.mark.parametrize("status", Status)
def test_what_was_asked_to_be_erased_is_looked_for_within_the_hour(status):
    asked = a_complaint(status=status, closed_at=NOW, erasure_requested_at=NOW)
    after = wound(asked, SEMARANG)
    assert (after.clock, after.clock_at) == (ERASURE, NOW + timedelta(hours=1))
    assert wound(replace(after, erased_at=NOW), SEMARANG).clock != ERASURE
