"""What moving a complaint does to it, whoever moves it."""

from datetime import timedelta
from typing import Any

import pytest

from shared.complaints.acting import IllegalAction, moved, possible, transition_of
from shared.complaints.law import DONE, Action, Actor, Status
from tests.builders import NOW, a_complaint

LATER = NOW + timedelta(hours=1)


@pytest.mark.parametrize("to", Status)
def test_a_complaint_is_closed_from_when_it_is_first_done(to):
    after = moved(a_complaint(status=Status.ACCEPTED), to, LATER)
    assert (after.status, after.version, after.updated_at) == (to, 3, LATER)
    assert after.closed_at == (LATER if to in DONE else None)


def test_what_was_done_before_keeps_the_day():
    resolved = a_complaint(status=Status.RESOLVED, closed_at=NOW)
    assert moved(resolved, Status.CLOSED, LATER).closed_at == NOW
    assert moved(resolved, Status.REOPENED, LATER).closed_at is None


@pytest.mark.parametrize("mark", ["erasure_requested_at", "erased_at"])
@pytest.mark.parametrize("action", Action)
def test_nobody_adds_anything_once_the_reporter_is_forgotten(action, mark):
    marked: dict[str, Any] = {mark: NOW}
    for status in Status:
        forgotten = a_complaint(status=status, **marked)
        assert possible(forgotten, tuple(Actor)) == ()
        with pytest.raises(IllegalAction):
            transition_of(forgotten, action, tuple(Actor))


def test_a_reporter_is_told_what_is_possible():
    with pytest.raises(IllegalAction) as caught:
        transition_of(a_complaint(status=Status.RESOLVED), Action.ANSWER, (Actor.REPORTER,))
    assert caught.value.detail is not None
    assert caught.value.detail.en == "Cannot answer while resolved; possible: confirm, reopen."
