"""What is done moves what follows it: each once, whatever dies or comes twice."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from functions.agency_routing import follow
from functions.agency_routing.deliver import deliver
from shared.complaints import marks
from shared.complaints.acting import StaleVersion, moved
from shared.complaints.events import to_deliver
from shared.complaints.law import DONE, Action, Actor, Status
from shared.complaints.marks import Untold
from shared.complaints.record import SPLIT, Complaint
from tests.builders import NOW, a_complaint, a_number, an_assignment, an_entry
from tests.twins import ComplaintStoreTwin

pytestmark = pytest.mark.usefixtures("small_config")

LATER = NOW + timedelta(hours=1)
AT_THE_DESK = an_assignment(2, "semarang-diskominfo", rule=SPLIT)


def present(store: Any, complaint: Complaint) -> Complaint:
    found = store.get(complaint.complaint_id)
    assert isinstance(found, Complaint)
    return found


def stored(store: Any, *complaints: Complaint) -> Complaint:
    for one in complaints:
        store.submit(one)
    return complaints[0]


def end(store: Any, complaint: Complaint, to: Status, note: str | None = None) -> Complaint:
    """Let an agency end a complaint, whatever it had been told before."""
    before = present(store, complaint)
    after = moved(before, to, LATER)
    entry = an_entry(version=after.version, status=to, at=LATER, public_note=note)
    store.record_action(before, after, entry)
    return present(store, complaint)


def work(store: Any, complaint: Complaint, *, times: int = 20) -> list[tuple[str, Any]]:
    """Work the events of a complaint until it has no mark any more; return what was sent."""
    sent: list[tuple[str, Any]] = []
    for _ in range(times):
        current = present(store, complaint)
        if not current.undelivered_since:
            return sent
        deliver(to_deliver(current), now=LATER, store=store, send=lambda *one: sent.append(one))
    raise AssertionError("it goes on for ever")


def a_whole(parts: int = 2, **changes: Any) -> tuple[Complaint, list[Complaint]]:
    """Return a complaint that was split, and its parts, which are being worked."""
    numbers = sorted(a_number() for _ in range(parts))
    whole = a_complaint(
        **{
            "status": Status.IN_PROGRESS,
            "version": 3,
            "parts": tuple(numbers),
            "assignments": (an_assignment(), AT_THE_DESK),
            **changes,
        }
    )
    return whole, [
        a_complaint(
            status=Status.ACCEPTED,
            complaint_id=number,
            part_of=whole.complaint_id,
            agency=("semarang-dpu", "semarang-dlh")[at % 2],
        )
        for at, number in enumerate(numbers)
    ]


def a_followed(duplicates: int, **changes: Any) -> tuple[Complaint, list[Complaint]]:
    """Return a complaint and its duplicates."""
    followed = a_complaint(**{"status": Status.ACCEPTED, "duplicates": duplicates, **changes})
    return followed, [
        a_complaint(status=Status.DUPLICATE, duplicate_of=followed.complaint_id, version=4)
        for _ in range(duplicates)
    ]


def last_step(store: Any, complaint: Complaint) -> Any:
    return store.with_timeline(complaint.complaint_id, consistent=True)[1][-1]


class TestParts:
    def test_the_whole_is_done_with_the_last_of_them_and_says_how_each_ended(self, store):
        whole, (first, second) = a_whole()
        stored(store, whole, first, second)
        end(store, first, Status.RESOLVED, "Sudah ditambal.")
        assert work(store, first) == []
        assert present(store, whole) == whole
        end(store, second, Status.REJECTED)
        work(store, second)
        after = present(store, whole)
        assert (after.status, after.version, after.closed_at) == (Status.RESOLVED, 4, LATER)
        step = last_step(store, whole)
        assert (step.action, step.role, step.actor) == (Action.FOLLOW, Actor.CLOCK, "clock")
        assert step.public_note == (
            "Semua bagian laporan ini sudah ditangani:\n"
            f"– {first.complaint_id} (SEMARANG-DPU): selesai. Sudah ditambal.\n"
            f"– {second.complaint_id} (SEMARANG-DLH): tidak dapat ditindaklanjuti."
        )

    def test_the_desk_hears_it(self, store):
        whole, parts = a_whole()
        stored(store, whole, *parts)
        for part in parts:
            end(store, part, Status.RESOLVED)
            work(store, part)
        ((agency, message),) = work(store, whole)
        assert (agency, message["action"], message["status"]) == (
            "semarang-diskominfo",
            "follow",
            "resolved",
        )

    def test_of_a_part_that_is_not_public_nothing_is_told_but_how_it_ended(self, store):
        whole, (first, second) = a_whole(language="en")
        stored(store, whole, replace(first, visibility="secret"), second)
        end(store, first, Status.RESOLVED, "Rahasia.")
        end(store, second, Status.RESOLVED, "a" * 400)
        work(store, second)
        assert last_step(store, whole).public_note.splitlines() == [
            "All parts of this report are done:",
            "– one part: resolved",
            f"– {second.complaint_id} (SEMARANG-DLH): resolved. {'a' * 299}…",
        ]

    def test_a_part_that_is_open_again_is_waited_for(self, store):
        whole, (first, second) = a_whole()
        stored(store, whole, first, second)
        end(store, first, Status.RESOLVED)
        again = moved(present(store, first), Status.REOPENED, LATER)
        store.record_action(present(store, first), again, an_entry(version=again.version))
        end(store, second, Status.RESOLVED)
        work(store, first)
        work(store, second)
        assert present(store, whole).status is Status.IN_PROGRESS

    def test_parts_of_what_is_withdrawn_are_withdrawn_and_their_agencies_hear_it(self, store):
        whole, (first, second) = a_whole()
        stored(store, whole, first, second)
        end(store, first, Status.RESOLVED)
        work(store, first)
        end(store, whole, Status.WITHDRAWN)
        work(store, whole)
        assert present(store, first).status is Status.RESOLVED
        ((agency, message),) = work(store, second)
        assert (agency, message["action"]) == ("semarang-dlh", "withdraw")
        assert present(store, second).status is Status.WITHDRAWN
        assert present(store, whole).status is Status.WITHDRAWN

    def test_a_whole_that_waits_for_nothing_or_is_not_there_is_left_alone(self, store):
        whole, (first, second) = a_whole(assignments=(an_assignment(),))
        stored(store, first, second)
        for known in (False, True):
            if known:
                store.submit(whole)
            one = second if known else first
            end(store, one, Status.RESOLVED)
            assert work(store, one) == []
        assert present(store, whole) == whole


class TestDuplicates:
    @pytest.mark.parametrize(
        ("public", "note"),
        [
            (True, "Laporan yang sama sudah selesai ditangani. Lampu sudah menyala."),
            (False, "Laporan yang sama sudah selesai ditangani."),
        ],
    )
    def test_they_are_done_with_what_they_follow_and_say_how(self, store, public, note):
        followed, (first, second) = a_followed(2, visibility="public" if public else "private")
        stored(store, followed, first, second)
        end(store, followed, Status.RESOLVED, "Lampu sudah menyala.")
        assert work(store, followed) == []
        for one in (first, second):
            after = present(store, one)
            assert (after.status, after.version, after.closed_at) == (Status.RESOLVED, 5, LATER)
            step = last_step(store, one)
            assert (step.action, step.public_note) == (Action.FOLLOW, note)
            assert step.related == (followed.complaint_id,)
            assert after.undelivered_since is None
        assert present(store, followed).duplicates == 2

    @pytest.mark.parametrize("to", [Status.WITHDRAWN, Status.REJECTED])
    def test_they_go_back_to_the_desk_when_it_is_not_pursued(self, store, to):
        followed, (one,) = a_followed(1)
        stored(store, followed, one)
        end(store, followed, to)
        work(store, followed)
        after = present(store, one)
        assert (after.status, after.duplicate_of) == (Status.RETURNED, None)
        assert (after.assignments[-1].no, after.assignments[-1].rule) == (2, "unmerged")
        step = last_step(store, one)
        assert (step.action, step.to_agency) == (Action.UNMERGE, "semarang-diskominfo")
        assert marks.untold(after) == [Untold(f"unmerge-{one.version}", assigns=True)]
        assert present(store, followed).duplicates == 0
        ((agency, message),) = work(store, one)
        assert agency == "semarang-diskominfo"
        assert message["note"].startswith("Laporan yang digabungkan dengannya tidak dilanjutkan")

    def test_many_are_moved_a_page_at_a_time(self, store, monkeypatch):
        monkeypatch.setattr(follow, "PAGE", 2)
        followed, many = a_followed(5)
        stored(store, followed, *many)
        end(store, followed, Status.RESOLVED)
        deliver(to_deliver(present(store, followed)), now=LATER, store=store, send=never)
        left = present(store, followed)
        assert marks.followers_after(left) == sorted(one.complaint_id for one in many)[1]
        assert sum(present(store, one).status is Status.RESOLVED for one in many) == 2
        work(store, followed)
        assert {present(store, one).status for one in many} == {Status.RESOLVED}

    def test_who_was_taken_out_or_withdrew_meanwhile_is_left_alone(self, store):
        followed, (out, gone) = a_followed(2)
        out = replace(out, status=Status.RETURNED)
        gone = replace(gone, status=Status.WITHDRAWN)
        stored(store, followed, out, gone)
        end(store, followed, Status.RESOLVED)
        work(store, followed)
        assert (present(store, out), present(store, gone)) == (out, gone)

    def test_what_is_open_again_moves_nobody(self, store):
        followed, (one,) = a_followed(1)
        stored(store, followed, one)
        ended = end(store, followed, Status.RESOLVED)
        again = marks.to_assign(moved(ended, Status.REOPENED, LATER), LATER)
        store.record_action(ended, again, an_entry(version=again.version))
        work(store, followed)
        assert present(store, one).status is Status.DUPLICATE

    def test_what_no_agency_has_moves_them_too(self, store):
        followed = a_complaint(duplicates=1)
        one = a_complaint(status=Status.DUPLICATE, duplicate_of=followed.complaint_id)
        stored(store, followed, one)
        store.record_action(
            followed,
            marks.without_agency(moved(followed, Status.WITHDRAWN, LATER)),
            an_entry(agency=None),
        )
        assert work(store, followed) == []
        assert present(store, one).status is Status.RETURNED


class TestCrashes:
    """The function dies, or others come between."""

    def test_after_a_crash_between_two_duplicates_the_rest_are_moved_and_none_twice(self, store):
        followed, many = a_followed(3)
        stored(store, followed, *many)
        end(store, followed, Status.RESOLVED)
        written = 0

        def dies_at_the_second(*_: Any) -> None:
            nonlocal written
            written += 1
            if written == 2:
                raise ConnectionError

        with pytest.raises(ConnectionError):
            deliver(
                to_deliver(present(store, followed)),
                now=LATER,
                store=Watched(store, record_action=dies_at_the_second),
                send=never,
            )
        assert present(store, followed).undelivered_since
        work(store, followed)
        for one in many:
            assert present(store, one).version == one.version + 1
            steps = store.with_timeline(one.complaint_id, consistent=True)[1]
            assert [step.action for step in steps] == [Action.FOLLOW]

    def test_a_duplicate_that_the_index_does_not_list_yet_brings_the_event_again(self):
        store = ComplaintStoreTwin()
        followed, many = a_followed(2)
        stored(store, followed, *many)
        end(store, followed, Status.RESOLVED)
        late = Watched(store, followers=lambda *_, **__: [], count_followers=lambda _: 1)
        with pytest.raises(follow.NotListedYet):
            deliver(to_deliver(present(store, followed)), now=LATER, store=late, send=never)
        assert present(store, followed).undelivered_since

    def test_a_step_is_tried_again_while_others_change_the_complaint(self):
        store = ComplaintStoreTwin()
        followed, (one,) = a_followed(1)
        stored(store, followed, one)
        end(store, followed, Status.RESOLVED)
        tries = 0

        def others_first(*_: Any) -> None:
            nonlocal tries
            tries += 1
            if tries < 3:
                raise StaleVersion

        watched = Watched(store, record_action=others_first)
        deliver(to_deliver(present(store, followed)), now=LATER, store=watched, send=never)
        assert present(store, one).status is Status.RESOLVED

    def test_and_left_to_the_queue_if_they_never_stop(self):
        store = ComplaintStoreTwin()
        followed, many = a_followed(1)
        stored(store, followed, *many)
        end(store, followed, Status.RESOLVED)

        def never_stops(*_: Any) -> None:
            raise StaleVersion

        watched = Watched(store, record_action=never_stops)
        with pytest.raises(StaleVersion):
            deliver(to_deliver(present(store, followed)), now=LATER, store=watched, send=never)

    @pytest.mark.parametrize("to", sorted(DONE))
    def test_a_repeated_event_moves_nobody_twice(self, to):
        store = ComplaintStoreTwin()
        followed, (one,) = a_followed(1)
        stored(store, followed, one)
        event = to_deliver(end(store, followed, to))
        for _ in range(2):
            deliver(event, now=LATER, store=store, send=never)
        assert present(store, one).version == one.version + 1


def never(*_: Any) -> None:
    raise AssertionError("nobody is told")


class Watched:
    """A store of which some calls are watched, or answered otherwise."""

    def __init__(
        self, store: Any, record_action: Callable[..., None] | None = None, **answers: Any
    ) -> None:
        self._store, self._before, self._answers = store, record_action, answers

    def __getattr__(self, name: str) -> Any:
        return self._answers.get(name) or getattr(self._store, name)

    def record_action(self, *written: Any, **more: Any) -> None:
        if self._before:
            self._before(*written)
        self._store.record_action(*written, **more)
