"""How complaints hang together: what may not be done to one for the sake of others."""

import pytest

from shared import ids
from shared.complaints import family, marks
from shared.complaints.acting import moved, possible
from shared.complaints.law import DONE, OPEN, Action, Actor, Status
from shared.complaints.marks import Untold
from shared.complaints.record import SPLIT
from tests.builders import NOW, a_complaint, a_number, an_assignment

ANYONE = tuple(Actor)
OTHER = a_number()
DIVIDED = a_complaint(
    status=Status.IN_PROGRESS,
    parts=(a_number(), a_number()),
    assignments=(an_assignment(rule=SPLIT, agency="semarang-diskominfo"),),
)


def test_a_complaint_waits_for_its_parts_from_the_split_until_it_is_assigned_or_done():
    assert family.is_divided(DIVIDED)
    assert not family.is_divided(moved(DIVIDED, Status.RESOLVED, NOW))
    assert not family.is_divided(a_complaint(status=Status.IN_PROGRESS, parts=DIVIDED.parts))
    assert not family.is_divided(a_complaint(parts=DIVIDED.parts))


def test_nobody_ends_or_passes_on_what_waits_for_its_parts():
    assert set(possible(DIVIDED, ANYONE)) == {
        *(Action.NOTE, Action.ANSWER, Action.HIDE, Action.SHOW, Action.REDACT, Action.WITHDRAW),
        *(Action.WARN, Action.ESCALATE, Action.FOLLOW),
    }


def test_what_waits_for_no_parts_follows_none():
    assert Action.FOLLOW not in possible(a_complaint(status=Status.IN_PROGRESS), ANYONE)
    assert Action.FOLLOW in possible(a_complaint(status=Status.DUPLICATE), ANYONE)


@pytest.mark.parametrize("status", [Status.ASSIGNED, Status.IN_PROGRESS])
def test_a_part_is_neither_split_nor_merged(status):
    own = set(possible(a_complaint(status=status), ANYONE))
    assert own - set(possible(a_complaint(status=status, part_of=OTHER), ANYONE)) == {
        Action.SPLIT,
        Action.MERGE,
    }


def test_what_others_were_merged_into_is_merged_into_nothing():
    own = set(possible(a_complaint(status=Status.ASSIGNED), ANYONE))
    followed = a_complaint(status=Status.ASSIGNED, duplicates=1)
    assert own - set(possible(followed, ANYONE)) == {Action.MERGE}


@pytest.mark.parametrize("related", [{"part_of": OTHER}, {"parts": (OTHER,)}, {"duplicates": 1}])
@pytest.mark.parametrize("to", Status)
def test_who_is_done_has_the_others_moved(to, related):
    after = moved(a_complaint(status=Status.ACCEPTED, **related), to, NOW)
    assert (marks.followers_after(after) == "") == (to in DONE)
    assert (after.undelivered_since is None) == (to not in DONE)


def test_who_was_done_already_has_nobody_moved_again():
    resolved = a_complaint(status=Status.RESOLVED, duplicates=1, closed_at=NOW)
    assert moved(resolved, Status.CLOSED, NOW).undelivered_since is None
    assert (
        moved(a_complaint(status=Status.ACCEPTED), Status.RESOLVED, NOW).undelivered_since is None
    )


@pytest.mark.parametrize("to", Status)
def test_what_is_open_is_no_duplicate(to):
    after = moved(a_complaint(status=Status.DUPLICATE, duplicate_of=OTHER), to, NOW)
    assert after.duplicate_of == (None if to in OPEN else OTHER)


def test_parts_have_numbers_of_their_own_that_are_derived_again():
    numbers = [family.part_number(DIVIDED, "SMG", index) for index in range(12)]
    assert len(set(numbers)) == 12
    assert numbers == [family.part_number(DIVIDED, "SMG", index) for index in range(12)]
    assert all(ids.read_complaint_number(one) == one for one in numbers)
    other = a_complaint(key_hash=ids.keyed_hash(b"another", "key"))
    assert family.part_number(other, "SMG", 0) not in numbers


class TestMarks:
    DONE_ONE = moved(a_complaint(status=Status.ACCEPTED, duplicates=2), Status.RESOLVED, NOW)

    def test_an_agency_is_told_nothing_of_those_that_follow(self):
        assert marks.untold(self.DONE_ONE) == []
        told = marks.to_tell(self.DONE_ONE, "withdraw", NOW, alone=True)
        assert marks.untold(told) == [Untold("withdraw", assigns=False)]

    def test_no_step_takes_away_that_others_are_to_be_moved(self):
        told = marks.to_tell(self.DONE_ONE, "answer", NOW)
        alone = marks.to_tell(told, "withdraw", NOW, alone=True)
        again = marks.to_assign(alone, NOW, said_in="reopen")
        assert marks.untold(again) == [Untold("reopen", assigns=True)]
        nobodys = marks.without_agency(again)
        for one in (told, alone, again, nobodys):
            assert marks.followers_after(one) == ""
        assert nobodys.undelivered_since == again.undelivered_since
        assert marks.untold(nobodys) == []

    def test_what_has_neither_agency_nor_followers_has_no_mark(self):
        nobodys = marks.without_agency(marks.to_assign(a_complaint(), NOW))
        assert (nobodys.undelivered_since, nobodys.undelivered_action) == (None, None)
        assert marks.followers_after(nobodys) is None

    def test_it_goes_on_behind_the_last_one_moved_and_starts_anew_when_done_again(self):
        more = marks.to_move_more(self.DONE_ONE, OTHER, NOW)
        assert marks.followers_after(more) == OTHER
        assert marks.untold(more) == []
        assert marks.followers_after(marks.to_move_followers(more, NOW)) == ""
