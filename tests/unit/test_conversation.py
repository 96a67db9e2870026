"""A complaint among all who may touch it, doing whatever comes to mind, in any order.

Reporter, agencies, operator, passers-by, clock and router act on one complaint, through the rules
of both contexts. Deliveries happen when they happen. Whatever they do, the law holds, and in the
end whoever has the complaint has been told everything.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from functions.agency_routing.act import act
from functions.agency_routing.deliver import deliver
from functions.agency_routing.lapse import lapse
from functions.agency_routing.requests import _THEIRS, ActionRequest
from functions.complaint_intake import dialogue
from functions.complaint_intake import support as voices
from functions.complaint_intake.replies import Reply
from functions.complaint_intake.support import NotFixedReport, SupportRequest
from shared.complaints import marks
from shared.complaints.clocks import ANSWER, RETENTION, answer_due_at
from shared.complaints.events import to_deliver
from shared.complaints.law import ACTORS, DONE, TRANSITIONS, Action, Actor, Status
from shared.complaints.record import Complaint
from shared.errors import Problem
from tests.builders import ID_SECRET, NOW, a_complaint, an_agency_caller, an_operator
from tests.twins import ComplaintStoreTwin, VoiceStoreTwin

pytestmark = pytest.mark.usefixtures("small_config")

AGENCIES = ("semarang-dpu", "semarang-dlh", "semarang-inspektorat", "semarang-diskominfo")
#: Steps of others of which the agency hears as news.
NEWS = (Action.ANSWER, Action.WITHDRAW, Action.NOT_FIXED, Action.LAPSE)


#: What is tried: by anyone but the schedules, which do more than let questions lapse.
KNOWN = (
    *(Action(one) for one in _THEIRS),
    *(Action.ANSWER, Action.CONFIRM, Action.REOPEN, Action.WITHDRAW, Action.REROUTE),
    *(Action.NOT_FIXED, Action.LAPSE),
)


class Conversation(RuleBasedStateMachine):
    """One complaint, its store, what every agency's queue has been sent, and the time."""

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
        complaint = a_complaint(service_code=service_code, description="Halo")
        self.store.submit(complaint)
        self.number = complaint.complaint_id
        self.events = [to_deliver(complaint)]
        if routed:
            self.an_event_is_worked_sooner_or_later_or_twice(back=0, lost=False)

    @property
    def complaint(self) -> Complaint:
        found = self.store.get(self.number)
        assert found is not None
        return found

    def happens(self, action: Action | None, what: Callable[[], object]) -> None:
        """Let something be tried; whatever it was, the law allowed it or nothing changed."""
        self.now += timedelta(hours=1)
        before = self.complaint
        try:
            what()
        except Problem:
            assert self.complaint == before
            return
        after = self.complaint
        if action and after.version != before.version:
            assert (before.status, action) in TRANSITIONS
            assert after.status is TRANSITIONS[before.status, action].to
            assert after.version == before.version + 1
        if after.undelivered_since and after.undelivered_since != before.undelivered_since:
            self.events.append(to_deliver(after))

    def fresh_id(self) -> UUID:
        self.serial += 1
        return UUID(int=self.serial, version=4)

    @rule(data=st.data())
    def something_lawful_is_tried(self, data: st.DataObject) -> None:
        """Withdrawing ends the conversation, so it is not what comes to mind first."""
        status = self.complaint.status
        lawful = [one for one in KNOWN if (status, one) in TRANSITIONS]
        others = [one for one in lawful if one is not Action.WITHDRAW]
        self.try_to(data.draw(st.sampled_from([*others * 8, *lawful, Action.NOTE])), data)

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
            case Actor.CLOCK:
                self.now += timedelta(days=data.draw(st.sampled_from([0, 5, 11])))
                self.happens(action, lambda: lapse(self.number, now=self.now, store=self.store))

    def someone_at_a_desk_acts(self, action: Action, note: str | None, data: st.DataObject) -> None:
        current = self.complaint.assignment
        agency = data.draw(
            st.sampled_from([*AGENCIES, *([current.agency] * 12 if current else [])])
        )
        caller = an_operator() if action is Action.ASSIGN else an_agency_caller(agency)
        request = ActionRequest(
            action=action,
            action_id=self.fresh_id(),
            expected_version=self.complaint.version,
            public_note=note,
            agency=data.draw(st.sampled_from(AGENCIES)) if action is Action.ASSIGN else None,
        )
        self.happens(
            action, lambda: act(self.number, request, caller, now=self.now, store=self.store)
        )

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

    @invariant()
    def assignments_are_counted_and_the_number_stays(self) -> None:
        complaint = self.complaint
        numbers = [one.no for one in complaint.assignments]
        assert numbers == list(range(1, len(numbers) + 1))
        assert complaint.complaint_id == self.number

    @invariant()
    def the_clock_is_the_one_of_the_status(self) -> None:
        complaint = self.complaint
        awaited = complaint.status is Status.NEEDS_INFORMATION
        done = complaint.status in DONE
        assert complaint.clock == (ANSWER if awaited else RETENTION if done else None)
        assert (complaint.clock_at is not None) == (awaited or done)
        assert (answer_due_at(complaint) is not None) == awaited
        assert (complaint.closed_at is not None) == done

    @invariant()
    def who_gave_it_back_does_not_get_it_again_by_the_router(self) -> None:
        gave_back: set[str] = set()
        given = self.complaint.assignments
        for before, after in pairwise(given):
            if after.rule == "returned":
                gave_back.add(before.agency)
            if after.rule not in {"returned", "operator", "reopened"}:
                assert after.agency not in gave_back

    @invariant()
    def every_voice_is_counted_once(self) -> None:
        complaint = self.complaint
        kept = [count for _, count, _ in self.counts.kept]
        steps = [one for one in self.store.entries.values() if one.action is Action.NOT_FIXED]
        assert complaint.supporters == kept.count("supporters")
        assert complaint.not_fixed == kept.count("not_fixed") + len(steps)
        assert len(steps) <= voices.TOLD_ONE_BY_ONE

    @invariant()
    def what_was_withdrawn_stays_so(self) -> None:
        if any(one.action is Action.WITHDRAW for one in self.store.entries.values()):
            assert self.complaint.status is Status.WITHDRAWN

    def teardown(self) -> None:
        """Let the sweep have its way: in the end everyone concerned has been told."""
        if not hasattr(self, "store"):
            return
        while self.complaint.undelivered_since:
            event = to_deliver(self.complaint)
            deliver(
                event, now=self.now, store=self.store, send=lambda *told: self.sent.append(told)
            )
        complaint, current = self.complaint, self.complaint.assignment
        assert marks.untold(complaint) == []
        if complaint.status is Status.WITHDRAWN and current is None:
            assert self.sent == []
            return
        assert current is not None
        assert complaint.status is not Status.RECEIVED
        to_them = [message for agency, message in self.sent if agency == current.agency]
        told = {one["message_id"] for one in to_them}
        withdrawn = complaint.status is Status.WITHDRAWN
        if not withdrawn:
            assert f"{self.number}:{current.no}" in told
        steps = [
            entry
            for entry in self.store.entries.values()
            if entry.action in NEWS and entry.at >= current.at and entry.agency == current.agency
        ]
        for entry in steps:
            if not withdrawn or entry.action is Action.WITHDRAW:
                assert f"{self.number}:v{entry.version}" in told


TestConversation = Conversation.TestCase
TestConversation.settings = settings(max_examples=150, stateful_step_count=50)
