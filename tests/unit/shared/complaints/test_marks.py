"""What an agency is still to be told: nothing of it is lost, whatever comes on top."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from shared.complaints import marks
from shared.complaints.items import undelivered_mark
from shared.complaints.law import Status
from shared.complaints.marks import Untold
from tests.builders import NOW, a_complaint

LATER = NOW + timedelta(minutes=1)
TOLD = a_complaint(status=Status.IN_PROGRESS)
TO_BE_ASSIGNED = marks.to_assign(TOLD, NOW)


def test_a_complaint_of_which_nothing_is_to_be_told_has_nothing_untold():
    assert marks.untold(TOLD) == []


def test_an_assignment_is_to_be_sent_alone():
    assert marks.untold(TO_BE_ASSIGNED) == [Untold(None, assigns=True)]
    assert TO_BE_ASSIGNED.undelivered_since == undelivered_mark(NOW, 2)
    assert TO_BE_ASSIGNED.undelivered_action is None


def test_an_assignment_may_carry_what_was_said_in_the_step_that_made_it():
    again = marks.to_assign(TOLD, NOW, said_in="reopened")
    assert marks.untold(again) == [Untold("reopened", assigns=True)]


def test_a_step_is_told_after_what_was_to_be_told_before():
    answered = marks.to_tell(TO_BE_ASSIGNED, "answer", LATER)
    assert marks.untold(answered) == [Untold(None, assigns=True), Untold("answer", assigns=False)]
    assert answered.undelivered_since == undelivered_mark(LATER, 2)
    reopened = marks.to_tell(marks.to_assign(TOLD, NOW, said_in="reopened"), "answer", LATER)
    assert marks.untold(reopened)[0] == Untold("reopened", assigns=True)


def test_a_step_that_makes_the_rest_moot_is_told_alone():
    withdrawn = marks.to_tell(TO_BE_ASSIGNED, "withdraw", LATER, alone=True)
    assert marks.untold(withdrawn) == [Untold("withdraw", assigns=False)]


def test_a_new_assignment_is_all_that_is_to_be_told():
    answered = marks.to_tell(TOLD, "answer", NOW)
    assert marks.untold(marks.to_assign(answered, LATER)) == [Untold(None, assigns=True)]


@given(st.lists(st.uuids().map(str), min_size=1, max_size=8), st.booleans())
def test_steps_are_told_each_and_in_the_order_in_which_they_were_taken(steps, assigned):
    complaint = TO_BE_ASSIGNED if assigned else TOLD
    for step in steps:
        complaint = marks.to_tell(complaint, step, LATER)
    told = [one.action_id for one in marks.untold(complaint)]
    assert told == ([None] if assigned else []) + steps


def test_an_assignment_is_sent_once_more_with_what_was_said_then_and_before_what_came_later():
    again = replace(
        marks.to_assign(TOLD, NOW, said_in="reopened"),
        undelivered_since=None,
        undelivered_action=None,
    )
    answered = marks.to_tell(again, "answer", NOW)

    assert marks.untold(marks.to_assign_again(again, LATER)) == [Untold("reopened", assigns=True)]
    assert marks.untold(marks.to_assign_again(answered, LATER)) == [
        Untold("reopened", assigns=True),
        Untold("answer", assigns=False),
    ]
    assert marks.to_assign_again(answered, LATER).undelivered_since == undelivered_mark(LATER, 2)


def test_an_assignment_sent_once_more_may_have_nothing_said_with_it():
    assert marks.untold(marks.to_assign_again(TOLD, LATER)) == [Untold(None, assigns=True)]
    unrouted = a_complaint(undelivered_since=None)
    assert marks.untold(marks.to_assign_again(unrouted, LATER)) == [Untold(None, assigns=True)]


def test_an_assignment_that_was_not_sent_yet_is_not_to_be_sent_twice():
    answered = marks.to_tell(TO_BE_ASSIGNED, "answer", LATER)

    assert marks.to_assign_again(TO_BE_ASSIGNED, LATER) is TO_BE_ASSIGNED
    assert marks.to_assign_again(answered, LATER) is answered


def test_parts_are_to_be_kept_back_once_whatever_else_is_to_be_told_or_moved():
    told = marks.to_tell(TO_BE_ASSIGNED, "answer", NOW)
    hidden = marks.to_keep_back_parts(marks.to_keep_back_parts(told, NOW), LATER)
    assert not marks.keeps_back_parts(told)
    assert marks.keeps_back_parts(hidden)
    assert marks.untold(hidden) == marks.untold(told)
    assert hidden.undelivered_since == undelivered_mark(LATER, 2)
    assert marks.followers_after(hidden) is None
    done = marks.to_move_followers(marks.to_move_followers(hidden, LATER), LATER)
    assert done.undelivered_action == "assignment answer parts followers"
    assert (marks.keeps_back_parts(done), marks.followers_after(done)) == (True, "")


def test_no_step_takes_away_what_is_to_be_done_to_others():
    done = marks.to_move_followers(marks.to_keep_back_parts(TOLD, NOW), NOW)
    for after in (
        marks.to_assign(done, LATER),
        marks.to_tell(done, "withdraw", LATER, alone=True),
        marks.without_agency(done),
    ):
        assert (marks.keeps_back_parts(after), marks.followers_after(after)) == (True, "")
