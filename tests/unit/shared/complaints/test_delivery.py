"""Whether an assignment has arrived, and when it is sent again."""

from datetime import timedelta
from typing import Any

import pytest

from shared.complaints import delivery
from shared.complaints.law import Action, Status
from shared.complaints.record import Complaint
from shared.terms import Delivery
from tests.builders import NOW, a_complaint, an_assignment
from tests.small_config import SEMARANG, changed

HOUR = timedelta(hours=1)
TERMS = Delivery(resend_after_hours=6, resends=2)


def waiting(status: Status = Status.ASSIGNED, **changes: Any) -> Complaint:
    return a_complaint(status=status, assignments=(an_assignment(**changes),))


def test_what_nobody_acknowledges_is_sent_again_so_long_after_it_was_queued() -> None:
    assignment = an_assignment(queued_at=NOW + HOUR)

    assert delivery.next_try(an_assignment(), TERMS) == NOW + 6 * HOUR
    assert delivery.next_try(assignment, TERMS) == NOW + 7 * HOUR


def test_the_next_repetition_counts_from_the_last_whether_or_not_it_is_on_the_queue_yet() -> None:
    again = an_assignment(queued_at=NOW, resends=1, resent_at=NOW + 6 * HOUR)

    assert delivery.next_try(again, TERMS) == NOW + 12 * HOUR


@pytest.mark.parametrize(
    "arrived",
    [{"acknowledged_at": NOW}, {"resends": 2}],
    ids=["acknowledged", "often enough"],
)
def test_what_arrived_or_was_sent_often_enough_is_not_sent_again(arrived: dict[str, Any]) -> None:
    assert delivery.next_try(an_assignment(**arrived), TERMS) is None


@pytest.mark.parametrize("status", list(Status))
def test_only_what_an_agency_has_not_touched_is_sent_again(status: Status) -> None:
    due = delivery.next_try_of(waiting(status), SEMARANG)

    assert (due is not None) == (status in {Status.ASSIGNED, Status.REOPENED})


def test_what_is_not_routed_yet_is_not_sent_again() -> None:
    assert delivery.next_try_of(a_complaint(), SEMARANG) is None


def test_the_triage_desk_is_never_sent_anything_again() -> None:
    assert delivery.next_try_for(an_assignment(agency=SEMARANG.triage), SEMARANG) is None


def test_an_agency_that_acknowledges_nothing_is_not_waited_for() -> None:
    silent = changed(
        SEMARANG,
        agencies=tuple(
            one.model_copy(update={"acknowledges": one.code != "semarang-dpu"})
            for one in SEMARANG.agencies
        ),
    )

    assert delivery.next_try_for(an_assignment(agency="semarang-dpu"), silent) is None
    assert delivery.next_try_for(an_assignment(agency="jateng-dinkes"), silent) is not None


def test_the_first_action_says_that_it_has_arrived_and_the_acceptance_when_it_was_accepted() -> (
    None
):
    complaint = waiting()
    told = delivery.acted(complaint, Action.NOTE, NOW + HOUR)
    accepted = delivery.acted(told, Action.ACCEPT, NOW + 2 * HOUR)

    assert told.assignments == (an_assignment(acknowledged_at=NOW + HOUR),)
    assert accepted.assignments == (
        an_assignment(acknowledged_at=NOW + HOUR, accepted_at=NOW + 2 * HOUR),
    )


def test_a_later_acceptance_leaves_former_assignments_as_they_were() -> None:
    complaint = a_complaint(
        status=Status.ASSIGNED, assignments=(an_assignment(), an_assignment(no=2))
    )

    told = delivery.acted(complaint, Action.ACCEPT, NOW)

    assert told.assignments == (
        an_assignment(),
        an_assignment(no=2, acknowledged_at=NOW, accepted_at=NOW),
    )


def test_what_is_not_routed_yet_has_nothing_that_could_arrive() -> None:
    complaint = a_complaint()

    assert delivery.acted(complaint, Action.NOTE, NOW) is complaint


@pytest.mark.parametrize(
    ("complaint", "stuck"),
    [
        (waiting(stuck_at=NOW), True),
        (waiting(Status.REOPENED, stuck_at=NOW), True),
        (waiting(), False),
        (waiting(stuck_at=NOW, acknowledged_at=NOW), False),
        (waiting(Status.WITHDRAWN, stuck_at=NOW), False),
        (a_complaint(), False),
    ],
)
def test_stuck_is_what_was_sent_as_often_as_it_is_to_be_and_is_still_waited_for(
    complaint: Complaint, stuck: bool
) -> None:
    assert delivery.is_stuck(complaint) == stuck
