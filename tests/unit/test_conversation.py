"""Complaints among all who may touch them, doing whatever comes to mind, in any order.

Reporter, agencies, operator, passers-by, clock and router act on a few complaints, which are
split and merged besides, through the rules of both contexts. Deliveries happen when they happen.
Whatever they do, the law holds, and in the end whoever has a complaint has been told everything,
and what follows another has moved with it.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from itertools import islice, pairwise
from typing import Any
from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from functions.agency_routing.act import act
from functions.agency_routing.clockwork import ring
from functions.agency_routing.deliver import deliver
from functions.agency_routing.requests import AT_A_DESK, ActionRequest
from functions.complaint_intake import dialogue
from functions.complaint_intake import support as voices
from functions.complaint_intake.replies import Reply
from functions.complaint_intake.support import NotFixedReport, SupportRequest
from shared import ids
from shared.complaints import family, marks
from shared.complaints.clocks import (
    ANSWER,
    CLOSE,
    DELIVERY,
    OVERDUE,
    OWED,
    RETENTION,
    WARNING,
    answer_due_at,
)
from shared.complaints.events import to_deliver
from shared.complaints.law import ACTORS, DONE, OPEN, TRANSITIONS, Action, Actor, Status
from shared.complaints.record import BY_PEOPLE, Complaint, TimelineEntry
from shared.complaints.visibility import stricter
from shared.errors import Problem
from tests.builders import ID_SECRET, NOW, a_complaint, an_agency_caller, an_operator
from tests.twins import ComplaintStoreTwin, VoiceStoreTwin

pytestmark = pytest.mark.usefixtures("small_config")

AGENCIES = ("semarang-dpu", "semarang-dlh", "semarang-inspektorat", "semarang-diskominfo")
#: The same ones each time, so that what fails can be repeated.
NUMBERS = tuple(islice(ids.complaint_numbers("SMG", ids.keyed_hash(ID_SECRET, "conversation")), 3))
#: Steps of others of which the agency hears as news.
NEWS = (Action.ANSWER, Action.WITHDRAW, Action.NOT_FIXED, Action.LAPSE, Action.MERGE)
#: Those that make all else moot that it was to hear.
ALONE = (Action.WITHDRAW, Action.MERGE)
#: By hand, what is about other complaints as well.
FAMILY = (Action.SPLIT, Action.MERGE, Action.UNMERGE)

#: The clocks of what someone is to work on; the router's own work has none.
OF_WORK = {DELIVERY, WARNING, OVERDUE, OWED, None}
#: What is tried: by anyone but the schedules, which do more than let questions lapse.
KNOWN = (
    *(Action(one) for one in AT_A_DESK),
    *(Action.ANSWER, Action.CONFIRM, Action.REOPEN, Action.WITHDRAW, Action.REROUTE),
    *(Action.NOT_FIXED, Action.LAPSE),
)


class Conversation(RuleBasedStateMachine):
    """Some complaints, their store, what every agency's queue has been sent, and the time."""

    @initialize(
        service_code=st.sampled_from(["jalan-rusak", "sampah", None]),
        routed=st.sampled_from([True, True, True, False]),
    )
    def submitted(self, service_code: str | None, routed: bool) -> None:
        self.store = ComplaintStoreTwin()
        self.counts = VoiceStoreTwin(self.store)
        self.now: datetime = NOW
        self.serial = 0
        self.sent: list[tuple[str, Any]] = []
        self.marks: dict[str, str | None] = {}
        self.events: list[Any] = []
        self.numbers: list[str] = []
        for number, code in zip(NUMBERS, (service_code, "jalan-rusak", "sampah"), strict=True):
            complaint = a_complaint(complaint_id=number, service_code=code, description="Halo")
            self.store.submit(complaint)
            self.numbers.append(complaint.complaint_id)
            self.heard_by_the_stream()
            if routed or code != service_code:
                self.an_event_is_worked_sooner_or_later_or_twice(back=0, lost=False)
        self.number = self.numbers[0]
        self.due = {one.complaint_id: one.due_at for one in self.all()}

    @rule(data=st.data())
    def attention_turns_to_another_complaint(self, data: st.DataObject) -> None:
        self.number = data.draw(st.sampled_from(list(self.store.complaints)))

    @property
    def complaint(self) -> Complaint:
        found = self.store.get(self.number)
        assert found is not None
        return found

    def all(self) -> list[Complaint]:
        """Return every complaint there is."""
        return list(self.store.complaints.values())

    def heard_by_the_stream(self) -> None:
        """Note an event of each complaint whose mark was set anew, as the outbox does."""
        for one in self.all():
            if one.undelivered_since and self.marks.get(one.complaint_id) != one.undelivered_since:
                self.events.append(to_deliver(one))
            self.marks[one.complaint_id] = one.undelivered_since

    def happens(self, action: Action | None, what: Callable[[], object]) -> None:
        """Let something be tried; whatever it was, the law allowed it or nothing changed."""
        self.now += timedelta(hours=1)
        before, everything = self.complaint, dict(self.store.complaints)
        try:
            what()
        except Problem:
            assert self.store.complaints == everything
            return
        after = self.complaint
        if action and after.version != before.version:
            assert (before.status, action) in TRANSITIONS
            assert action not in family.withheld(before)
            assert after.status is TRANSITIONS[before.status, action].to
            assert after.version == before.version + 1
        self.heard_by_the_stream()

    def fresh_id(self) -> UUID:
        self.serial += 1
        return UUID(int=self.serial, version=4)

    @rule(data=st.data())
    def something_lawful_is_tried(self, data: st.DataObject) -> None:
        """Withdrawing ends the conversation, so it is not what comes to mind first."""
        status = self.complaint.status
        lawful = [one for one in KNOWN if (status, one) in TRANSITIONS]
        others = [one for one in lawful if one is not Action.WITHDRAW]
        of_others = [one for one in lawful if one in FAMILY] * 2
        tried = [*(*others, *of_others) * 8, *lawful, Action.NOTE]
        self.try_to(data.draw(st.sampled_from(tried)), data)

    @rule(data=st.data(), action=st.sampled_from(KNOWN))
    def anything_is_tried(self, data: st.DataObject, action: Action) -> None:
        if action is not Action.WITHDRAW:
            self.try_to(action, data)

    def try_to(self, action: Action, data: st.DataObject) -> None:
        """Let whoever may take an action take it, mostly with all that belongs to it."""
        note = data.draw(st.sampled_from([None, *["Kata-kata"] * 5]))
        actors = {Actor.REPORTER} if action in {Action.ANSWER, Action.REOPEN} else ACTORS[action]
        match data.draw(st.sampled_from(sorted(actors))):
            case Actor.AGENCY | Actor.DESK:
                self.someone_at_a_desk_acts(action, note, data)
            case Actor.REPORTER:
                self.the_reporter_replies(action, note, data)
            case Actor.PUBLIC:
                self.someone_passes_by(data)
            case Actor.CLOCK if action is Action.LAPSE:
                self.now += timedelta(days=data.draw(st.sampled_from([0, 5, 11])))
                self.happens(
                    action, lambda: ring(ANSWER, self.number, now=self.now, store=self.store)
                )

    def someone_at_a_desk_acts(self, action: Action, note: str | None, data: st.DataObject) -> None:
        current = self.complaint.assignment
        agency = data.draw(
            st.sampled_from([*AGENCIES, *([current.agency] * 12 if current else [])])
        )
        desk = Actor.DESK in ACTORS[action] and Actor.AGENCY not in ACTORS[action]
        caller = an_operator() if desk else an_agency_caller(agency)
        request = ActionRequest.model_validate(
            {
                "action": action,
                "action_id": self.fresh_id(),
                "expected_version": self.complaint.version,
                "public_note": note,
                **self.what_belongs_to(action, data),
            }
        )
        self.happens(
            action, lambda: act(self.number, request, caller, now=self.now, store=self.store)
        )

    def what_belongs_to(self, action: Action, data: st.DataObject) -> dict[str, Any]:
        """Return what an action brings besides its notes."""
        if action is Action.ASSIGN:
            return {"agency": data.draw(st.sampled_from(AGENCIES))}
        if action is Action.MERGE:
            return {"into": data.draw(st.sampled_from(list(self.store.complaints)))}
        if action is Action.SPLIT:
            codes = st.sampled_from([None, "sampah", "pungli"])
            part = st.builds(
                lambda agency, code: {"agency": agency, "service_code": code},
                st.sampled_from(AGENCIES),
                codes,
            )
            return {"parts": data.draw(st.lists(part, min_size=2, max_size=3))}
        return {}

    @rule(data=st.data())
    def a_part_is_worked_to_its_end(self, data: st.DataObject) -> None:
        """Which comes to mind too seldom for all parts of one complaint to be done."""
        parts = [one.complaint_id for one in self.all() if one.part_of]
        if not parts:
            return
        self.number = data.draw(st.sampled_from(parts))
        for action in (Action.ACCEPT, Action.START, Action.RESOLVE):
            current = self.complaint.assignments[-1]
            request = ActionRequest(
                action=action,
                action_id=self.fresh_id(),
                expected_version=self.complaint.version,
                public_note="Selesai",
            )
            caller = an_agency_caller(current.agency)
            what = partial(act, self.number, request, caller, now=self.now, store=self.store)
            self.happens(action, what)

    @rule(data=st.data())
    def someone_acts_on_an_assignment_that_is_no_more(self, data: st.DataObject) -> None:
        """It is refused, whoever it is and whatever it would do."""
        complaint = self.complaint
        if len(complaint.assignments) < 2:
            return
        older = data.draw(st.sampled_from(complaint.assignments[:-1]))
        action = data.draw(st.sampled_from([Action.ACCEPT, Action.NOTE, Action.RETURN]))
        request = ActionRequest(
            action=action,
            action_id=self.fresh_id(),
            expected_version=complaint.version,
            assignment_no=older.no,
            public_note="Terlambat",
        )
        with pytest.raises(Problem):
            act(
                self.number,
                request,
                an_agency_caller(older.agency),
                now=self.now,
                store=self.store,
            )
        assert self.complaint == complaint

    def the_reporter_replies(self, action: Action, note: str | None, data: st.DataObject) -> None:
        code = data.draw(st.sampled_from(["jalan-rusak", "sampah", "pungli"]))
        said = Reply.model_validate(
            {
                "action": action,
                "action_id": self.fresh_id(),
                "note": note,
                "service_code": code if action is Action.REROUTE else None,
            }
        )
        self.happens(
            action, lambda: dialogue.reply(self.number, said, now=self.now, store=self.store)
        )

    def someone_passes_by(self, data: st.DataObject) -> None:
        device = data.draw(st.sampled_from([f"gawai-{number}" for number in range(8)]))
        report = NotFixedReport(device_id=device, note="Belum")
        self.happens(
            Action.NOT_FIXED, lambda: voices.not_fixed(self.number, report, **self.with_voices())
        )

    @rule(device=st.sampled_from(["gawai-1", "gawai-2", "gawai-3"]))
    def someone_has_the_same_trouble(self, device: str) -> None:
        said = SupportRequest(device_id=device)
        self.happens(None, lambda: voices.support(self.number, said, **self.with_voices()))

    def with_voices(self) -> dict[str, Any]:
        return {
            "now": self.now,
            "secret": ID_SECRET,
            "store": self.store,
            "counts": self.counts,
        }

    @rule(back=st.sampled_from([0, 0, 0, 0, 1, 2, 5]), lost=st.sampled_from([False, False, True]))
    def an_event_is_worked_sooner_or_later_or_twice(self, back: int, lost: bool) -> None:
        """Any event there has been may come now, again or for the first time."""
        event = self.events[max(0, len(self.events) - 1 - back)]

        def send(agency: str, message: Any) -> None:
            if lost:
                raise ConnectionError
            self.sent.append((agency, message))

        self.now += timedelta(minutes=1)
        with suppress(ConnectionError):
            deliver(event, now=self.now, store=self.store, send=send)
        self.heard_by_the_stream()

    @invariant()
    def assignments_are_counted_and_the_number_stays(self) -> None:
        for number, complaint in self.store.complaints.items():
            numbers = [one.no for one in complaint.assignments]
            assert numbers == list(range(1, len(numbers) + 1))
            assert complaint.complaint_id == number

    @invariant()
    def what_is_open_is_in_one_list_and_what_is_not_in_none(self) -> None:
        listed: dict[str, int] = {}
        for agency in AGENCIES:
            for one in self.store.work(agency, OPEN, limit=1000)[0]:
                listed[one.complaint_id] = listed.get(one.complaint_id, 0) + 1
        assert listed == {one.complaint_id: 1 for one in self.all() if one.status in OPEN}

    @invariant()
    def who_follows_has_one_to_follow_and_is_counted_there(self) -> None:
        for one in self.all():
            of_it = [other for other in self.all() if other.duplicate_of == one.complaint_id]
            assert one.duplicates == len(of_it)
            assert not (of_it and one.follows)
            assert (one.duplicate_of is None) or one.status not in OPEN
            assert one.duplicate_of or one.status is not Status.DUPLICATE

    @invariant()
    def parts_know_their_whole_and_it_knows_them(self) -> None:
        for whole in self.all():
            of_it = {one.complaint_id for one in self.all() if one.part_of == whole.complaint_id}
            assert of_it == set(whole.parts)
            assert len(of_it) == len(whole.parts)
            for number in whole.parts:
                part = self.store.complaints[number]
                assert part.anonymous
                has = (part.contact_shared, part.notify, part.parts, part.duplicate_of)
                assert not any(has)

    @invariant()
    def no_step_of_a_divided_whole_ends_it_while_a_part_is_open(self) -> None:
        for (number, _), entry in self.store.entries.items():
            if entry.action is Action.FOLLOW and not entry.related:
                assert self.store.complaints[number].parts

    @invariant()
    def no_promise_is_moved_to_an_earlier_day(self) -> None:
        for one in self.all():
            first = self.due.setdefault(one.complaint_id, one.due_at)
            assert one.due_at >= min(first, one.created_at)
            assert one.clock_at is None or one.clock_at >= one.created_at

    @invariant()
    def the_clock_is_the_one_of_the_status(self) -> None:
        for complaint in self.all():
            awaited = complaint.status is Status.NEEDS_INFORMATION
            done = complaint.status in DONE
            of_status = {ANSWER} if awaited else {RETENTION, CLOSE} if done else OF_WORK
            assert complaint.clock in of_status
            assert (complaint.paused_at is not None) == awaited
            assert (answer_due_at(complaint) is not None) == awaited
            assert (complaint.closed_at is not None) == done

    @invariant()
    def who_gave_it_back_does_not_get_it_again_by_the_router(self) -> None:
        gave_back: set[str] = set()
        given = self.complaint.assignments
        for before, after in pairwise(given):
            if after.rule == "returned":
                gave_back.add(before.agency)
            if after.rule not in BY_PEOPLE:
                assert after.agency not in gave_back

    @invariant()
    def every_voice_is_counted_once(self) -> None:
        for complaint in self.all():
            number = complaint.complaint_id
            kept = [count for one, count, _ in self.counts.kept if one == number]
            steps = [one for one in self.steps(number) if one.action is Action.NOT_FIXED]
            assert complaint.supporters == kept.count("supporters")
            assert complaint.not_fixed == kept.count("not_fixed") + len(steps)
            assert len(steps) <= voices.TOLD_ONE_BY_ONE

    @invariant()
    def what_was_withdrawn_stays_so(self) -> None:
        for (number, _), entry in self.store.entries.items():
            if entry.action is Action.WITHDRAW:
                assert self.store.complaints[number].status is Status.WITHDRAWN

    def steps(self, number: str) -> list[TimelineEntry]:
        """Return what was done to a complaint."""
        return [entry for (one, _), entry in self.store.entries.items() if one == number]

    def teardown(self) -> None:
        """Let the sweep have its way: in the end everyone concerned has been told."""
        if not hasattr(self, "store"):
            return
        while marked := [one for one in self.all() if one.undelivered_since]:
            for one in marked:
                deliver(
                    to_deliver(one),
                    now=self.now,
                    store=self.store,
                    send=lambda *told: self.sent.append(told),
                )
        for complaint in self.all():
            self.everything_was_told_of(complaint)
            self.nothing_is_left_behind(complaint)

    def everything_was_told_of(self, complaint: Complaint) -> None:
        """Whoever has a complaint knows it, and all that others did to it."""
        number, current = complaint.complaint_id, complaint.assignment
        sent = [(agency, one) for agency, one in self.sent if one["complaint_id"] == number]
        assert marks.untold(complaint) == []
        if current is None:
            assert complaint.status is Status.WITHDRAWN
            assert sent == []
            return
        assert complaint.status is not Status.RECEIVED
        told = {message["message_id"] for agency, message in sent if agency == current.agency}
        steps = [
            entry
            for entry in self.steps(number)
            if entry.at >= current.at and entry.agency == current.agency
        ]
        moot = max((entry.version for entry in steps if entry.action in ALONE), default=0)
        if not moot:
            assert f"{number}:{current.no}" in told
        for entry in steps:
            news = entry.action in NEWS or (entry.action is Action.FOLLOW and not entry.related)
            if news and entry.version >= moot:
                assert f"{number}:v{entry.version}" in told

    def nothing_is_left_behind(self, complaint: Complaint) -> None:
        """What follows another has moved with it."""
        if complaint.status is Status.DUPLICATE:
            assert self.store.complaints[complaint.duplicate_of or ""].status not in DONE
        parts = [self.store.complaints[number] for number in complaint.parts]
        if family.is_divided(complaint):
            assert any(part.status not in DONE for part in parts)
        if complaint.status is Status.WITHDRAWN:
            assert all(part.status in DONE for part in parts)
        for part in parts:
            assert stricter(part.visibility, complaint.visibility) == part.visibility


TestConversation = Conversation.TestCase
TestConversation.settings = settings(max_examples=100, stateful_step_count=50)
