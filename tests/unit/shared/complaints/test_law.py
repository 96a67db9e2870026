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
assigned               accept                accepted               optional agency
assigned               ask                   needs_information      public   agency
assigned               return                returned               any      agency
assigned               assign                assigned               optional desk
assigned               split                 in_progress            optional desk
assigned               merge                 duplicate              optional desk
assigned               reject                rejected               public   agency desk
assigned               acknowledge           assigned               optional agency
assigned               note                  assigned               any      agency
assigned               answer                assigned               public   agency
assigned               hide                  assigned               any      desk clock
assigned               show                  assigned               any      desk
assigned               redact                assigned               any      desk clock
assigned               resend                assigned               optional clock
assigned               warn                  assigned               optional clock
assigned               escalate              assigned               optional clock
assigned               withdraw              withdrawn              optional reporter clock
reopened               accept                accepted               optional agency
reopened               ask                   needs_information      public   agency
reopened               return                returned               any      agency
reopened               assign                assigned               optional desk
reopened               split                 in_progress            optional desk
reopened               merge                 duplicate              optional desk
reopened               reject                rejected               public   agency desk
reopened               acknowledge           reopened               optional agency
reopened               note                  reopened               any      agency
reopened               answer                reopened               public   agency
reopened               hide                  reopened               any      desk clock
reopened               show                  reopened               any      desk
reopened               redact                reopened               any      desk clock
reopened               resend                reopened               optional clock
reopened               warn                  reopened               optional clock
reopened               escalate              reopened               optional clock
reopened               withdraw              withdrawn              optional reporter clock
returned               accept                accepted               optional agency
returned               assign                assigned               optional desk
returned               split                 in_progress            optional desk
returned               merge                 duplicate              optional desk
returned               reject                rejected               public   agency desk
returned               reroute               received               optional reporter
returned               acknowledge           returned               optional agency
returned               note                  returned               any      agency
returned               answer                returned               public   agency
returned               hide                  returned               any      desk clock
returned               show                  returned               any      desk
returned               redact                returned               any      desk clock
returned               resend                returned               optional clock
returned               warn                  returned               optional clock
returned               escalate              returned               optional clock
returned               withdraw              withdrawn              optional reporter clock
accepted               start                 in_progress            optional agency
accepted               ask                   needs_information      public   agency
accepted               schedule              in_progress            optional agency
accepted               resolve               resolved               public   agency
accepted               resolve_conditionally resolved_conditionally public   agency
accepted               return                returned               any      agency
accepted               assign                assigned               optional desk
accepted               split                 in_progress            optional desk
accepted               merge                 duplicate              optional desk
accepted               reject                rejected               public   agency desk
accepted               note                  accepted               any      agency
accepted               answer                accepted               public   agency
accepted               hide                  accepted               any      desk clock
accepted               show                  accepted               any      desk
accepted               redact                accepted               any      desk clock
accepted               warn                  accepted               optional clock
accepted               escalate              accepted               optional clock
accepted               withdraw              withdrawn              optional reporter clock
in_progress            ask                   needs_information      public   agency
in_progress            schedule              in_progress            optional agency
in_progress            resolve               resolved               public   agency
in_progress            resolve_conditionally resolved_conditionally public   agency
in_progress            return                returned               any      agency
in_progress            assign                assigned               optional desk
in_progress            split                 in_progress            optional desk
in_progress            merge                 duplicate              optional desk
in_progress            reject                rejected               public   agency desk
in_progress            follow                resolved               optional clock
in_progress            note                  in_progress            any      agency
in_progress            answer                in_progress            public   agency
in_progress            hide                  in_progress            any      desk clock
in_progress            show                  in_progress            any      desk
in_progress            redact                in_progress            any      desk clock
in_progress            warn                  in_progress            optional clock
in_progress            escalate              in_progress            optional clock
in_progress            withdraw              withdrawn              optional reporter clock
needs_information      answer                in_progress            public   reporter
needs_information      lapse                 in_progress            optional clock
needs_information      resolve               resolved               public   agency
needs_information      resolve_conditionally resolved_conditionally public   agency
needs_information      return                returned               any      agency
needs_information      assign                assigned               optional desk
needs_information      split                 in_progress            optional desk
needs_information      merge                 duplicate              optional desk
needs_information      reject                rejected               public   agency desk
needs_information      note                  needs_information      any      agency
needs_information      hide                  needs_information      any      desk clock
needs_information      show                  needs_information      any      desk
needs_information      redact                needs_information      any      desk clock
needs_information      warn                  needs_information      optional clock
needs_information      escalate              needs_information      optional clock
needs_information      withdraw              withdrawn              optional reporter clock
resolved_conditionally resolve               resolved               public   agency
resolved_conditionally lapse                 in_progress            optional clock
resolved_conditionally reopen                reopened               public   reporter desk
resolved_conditionally note                  resolved_conditionally any      agency
resolved_conditionally answer                resolved_conditionally public   agency
resolved_conditionally not_fixed             resolved_conditionally optional public
resolved_conditionally hide                  resolved_conditionally any      desk clock
resolved_conditionally show                  resolved_conditionally any      desk
resolved_conditionally redact                resolved_conditionally any      desk clock
resolved_conditionally warn                  resolved_conditionally optional clock
resolved_conditionally escalate              resolved_conditionally optional clock
resolved_conditionally withdraw              withdrawn              optional reporter clock
resolved               confirm               closed                 optional reporter
resolved               close                 closed                 optional clock
resolved               reopen                reopened               public   reporter desk
resolved               note                  resolved               any      agency
resolved               not_fixed             resolved               optional public
resolved               hide                  resolved               any      desk clock
resolved               show                  resolved               any      desk
resolved               redact                resolved               any      desk clock
closed                 reopen                reopened               public   reporter desk
closed                 note                  closed                 any      agency
closed                 not_fixed             closed                 optional public
closed                 hide                  closed                 any      desk clock
closed                 show                  closed                 any      desk
closed                 redact                closed                 any      desk clock
rejected               reopen                reopened               public   reporter desk
rejected               note                  rejected               any      agency
rejected               hide                  rejected               any      desk clock
rejected               show                  rejected               any      desk
rejected               redact                rejected               any      desk clock
duplicate              follow                resolved               optional clock
duplicate              unmerge               returned               optional desk clock
duplicate              hide                  duplicate              any      desk clock
duplicate              show                  duplicate              any      desk
duplicate              redact                duplicate              any      desk clock
duplicate              withdraw              withdrawn              optional reporter clock
received               hide                  received               any      desk clock
received               show                  received               any      desk
received               redact                received               any      desk clock
received               withdraw              withdrawn              optional reporter clock
withdrawn              hide                  withdrawn              any      desk clock
withdrawn              show                  withdrawn              any      desk
withdrawn              redact                withdrawn              any      desk clock
"""


def test_the_whole_law_is_this_table():
    said = {
        (Status(status), Action(action)): (Status(to), Note(note), tuple(map(Actor, by)))
        for status, action, to, note, *by in map(str.split, LAW.strip().splitlines())
    }
    assert {key: (one.to, one.note, one.by) for key, one in TRANSITIONS.items()} == said


def test_who_may_ever_take_an_action_is_who_may_in_some_status():
    assert ACTORS[Action.ANSWER] == {Actor.AGENCY, Actor.REPORTER}
    assert ACTORS[Action.LAPSE] == {Actor.CLOCK}
    assert all(ACTORS.values())


def test_what_is_allowed_may_be_asked_of_some_actors_alone():
    assert allowed(Status.RESOLVED, (Actor.REPORTER,)) == (Action.CONFIRM, Action.REOPEN)
    assert allowed(Status.RESOLVED, ()) == ()


def test_a_complaint_is_open_from_its_assignment_until_it_is_done():
    assert set(DONE) == {Status.RESOLVED, Status.REJECTED, Status.CLOSED, Status.WITHDRAWN}
    assert set(OPEN) == set(Status) - {Status.RECEIVED, Status.DUPLICATE, *DONE}


@pytest.mark.parametrize("status", Status)
def test_what_is_allowed_is_what_the_table_knows(status):
    assert [(status, action) in TRANSITIONS for action in Action] == [
        action in allowed(status) for action in Action
    ]


def test_before_a_decision_a_complaint_can_only_be_withdrawn_or_moderated():
    assert allowed(Status.RECEIVED) == (Action.HIDE, Action.SHOW, Action.REDACT, Action.WITHDRAW)


def test_nobody_takes_back_a_withdrawal():
    assert allowed(Status.WITHDRAWN) == (Action.HIDE, Action.SHOW, Action.REDACT)


def test_every_open_complaint_can_still_be_resolved():
    reach = {Status.RESOLVED}
    while more := {
        status
        for (status, _), one in TRANSITIONS.items()
        if one.to in reach and status not in reach
    }:
        reach |= more
    assert reach == set(Status) - {Status.RECEIVED, Status.WITHDRAWN}
