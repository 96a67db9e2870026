"""The law of a complaint: the whole table, said a second time as the field would say it."""

import pytest

from shared.complaints.law import (
    ACTORS,
    DONE,
    OPEN,
    TRANSITIONS,
    Action,
    Actor,
    Note,
    Status,
    allowed,
)

LAW = """
received    withdraw withdrawn  optional
assigned    accept  accepted    optional
assigned    ask     needs_information public
assigned    return  returned    any
assigned    assign  assigned    optional
assigned    note    assigned    any
assigned    withdraw withdrawn  optional
reopened    accept  accepted    optional
reopened    ask     needs_information public
reopened    return  returned    any
reopened    assign  assigned    optional
reopened    note    reopened    any
reopened    withdraw withdrawn  optional
returned    accept  accepted    optional
returned    assign  assigned    optional
returned    note    returned    any
returned    reroute received    optional
returned    withdraw withdrawn  optional
accepted    start   in_progress optional
accepted    ask     needs_information public
accepted    resolve resolved    public
accepted    return  returned    any
accepted    assign  assigned    optional
accepted    note    accepted    any
accepted    withdraw withdrawn  optional
in_progress ask     needs_information public
in_progress resolve resolved    public
in_progress return  returned    any
in_progress note    in_progress any
in_progress withdraw withdrawn  optional
needs_information answer in_progress public
needs_information lapse in_progress optional
needs_information resolve resolved public
needs_information return returned any
needs_information note needs_information any
needs_information withdraw withdrawn optional
resolved    note    resolved    any
resolved    confirm closed      optional
resolved    reopen  reopened    public
resolved    not_fixed resolved  optional
closed      note    closed      any
closed      reopen  reopened    public
closed      not_fixed closed    optional
"""


def test_the_whole_law_is_this_table():
    said = {
        (Status(status), Action(action)): (Status(to), Note(note))
        for status, action, to, note in map(str.split, LAW.strip().splitlines())
    }
    assert {key: (one.to, one.note) for key, one in TRANSITIONS.items()} == said


WHOSE = {
    Actor.AGENCY: "accept start note ask resolve return",
    Actor.DESK: "assign",
    Actor.REPORTER: "answer confirm reopen withdraw reroute",
    Actor.PUBLIC: "not_fixed",
    Actor.CLOCK: "lapse",
}


def test_everyone_has_actions_of_their_own():
    assert {
        Action(action): actor for actor, actions in WHOSE.items() for action in actions.split()
    } == ACTORS


def test_a_complaint_is_open_from_its_assignment_until_it_is_done():
    assert set(DONE) == {Status.RESOLVED, Status.CLOSED, Status.WITHDRAWN}
    assert set(OPEN) == set(Status) - {Status.RECEIVED, *DONE}


@pytest.mark.parametrize("status", Status)
def test_what_is_allowed_is_what_the_table_knows(status):
    assert [(status, action) in TRANSITIONS for action in Action] == [
        action in allowed(status) for action in Action
    ]


def test_before_a_decision_a_complaint_can_only_be_withdrawn():
    assert allowed(Status.RECEIVED) == (Action.WITHDRAW,)


def test_nobody_takes_back_a_withdrawal():
    assert allowed(Status.WITHDRAWN) == ()


def test_every_open_complaint_can_still_be_resolved():
    reach = {Status.RESOLVED}
    while more := {
        status
        for (status, _), one in TRANSITIONS.items()
        if one.to in reach and status not in reach
    }:
        reach |= more
    assert reach == set(OPEN) | {Status.RESOLVED, Status.CLOSED}
