"""The law of a complaint: the whole table, said a second time as the field would say it."""

import pytest

from shared.complaints.law import ACTORS, OPEN, TRANSITIONS, Action, Actor, Note, Status, allowed

LAW = """
assigned    accept  accepted    optional
assigned    return  returned    any
assigned    assign  assigned    optional
assigned    note    assigned    any
returned    accept  accepted    optional
returned    assign  assigned    optional
returned    note    returned    any
accepted    start   in_progress optional
accepted    resolve resolved    public
accepted    return  returned    any
accepted    assign  assigned    optional
accepted    note    accepted    any
in_progress resolve resolved    public
in_progress return  returned    any
in_progress note    in_progress any
resolved    note    resolved    any
"""


def test_the_whole_law_is_this_table():
    said = {
        (Status(status), Action(action)): (Status(to), Note(note))
        for status, action, to, note in map(str.split, LAW.strip().splitlines())
    }
    assert {key: (one.to, one.note) for key, one in TRANSITIONS.items()} == said


def test_only_the_desk_assigns_and_only_the_agency_does_the_rest():
    assert {action for action, actor in ACTORS.items() if actor is Actor.DESK} == {Action.ASSIGN}
    assert set(ACTORS) == set(Action)


def test_a_complaint_is_open_from_its_assignment_until_it_is_resolved():
    assert set(OPEN) == set(Status) - {Status.RECEIVED, Status.RESOLVED}


@pytest.mark.parametrize("status", Status)
def test_what_is_allowed_is_what_the_table_knows(status):
    assert [(status, action) in TRANSITIONS for action in Action] == [
        action in allowed(status) for action in Action
    ]


def test_nothing_can_be_done_before_the_first_decision():
    assert allowed(Status.RECEIVED) == ()


def test_every_open_complaint_can_still_be_resolved():
    reach = {Status.RESOLVED}
    while more := {
        status
        for (status, _), one in TRANSITIONS.items()
        if one.to in reach and status not in reach
    }:
        reach |= more
    assert reach == set(OPEN) | {Status.RESOLVED}
