"""Plays the main job once on moto, through the handlers, and records each step's AWS calls."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from importlib import import_module
from typing import Any

from benchmarks import moto_cloud, notifications, scenario
from benchmarks.capacity import item_bytes
from benchmarks.recorder import Call, Recorder
from functions.complaint_intake import batch
from functions.payment_webhooks.provider_client import provider_client
from shared.clock import now
from shared.complaints.clocks import DELIVERY

Event = Mapping[str, Any]
Handler = Callable[[Any, object], Any]

INTAKE = "functions.complaint_intake.api"
OPEN311 = "functions.complaint_intake.open311.api"
OUTBOX = "functions.complaint_intake.outbox"
ROUTING = "functions.agency_routing.api"
ON_COMPLAINT = "functions.agency_routing.on_complaint"
SWEEP = "functions.agency_routing.every_quarter_hour"
RECEIVERS = "functions.payment_webhooks.api"
ON_NOTIFICATION = "functions.payment_webhooks.on_notification"

#: As many drafts as a batch takes.
BATCH = 25

ACTION: Mapping[str, Any] = {
    "action": "accept",
    "action_id": "0d0f0f5c-5f0f-4d8e-9a55-3f1f2b7f7c11",
    "expected_version": 2,
    "public_note": "Tim kami akan meninjau lokasi pekan ini. Terima kasih atas laporannya.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One operation as it went: which handler, asked what, answered what, with which AWS calls."""

    name: str
    handler: str
    event: Event
    answer: Any
    calls: Sequence[Call]
    record_bytes: int = 0  #: of the complaint's record after it
    items: int = 1  #: how many things it did at once; what it cost is told for one of them
    first: Sequence[Call] = ()  #: the calls that only a container's first one made


class LambdaContext:
    """What Powertools asks of a Lambda context."""

    function_name = "bench"
    memory_limit_in_mb = 1024
    invoked_function_arn = "arn:aws:lambda:ap-southeast-3:123456789012:function:bench"
    aws_request_id = "52fdfc07-2182-154f-163f-5f0f9a621d72"


def handler(module: str) -> Handler:
    """Return the handler of an entry point, imported when asked for."""
    found: Handler = import_module(module).handler
    return found


class Rehearsal:
    """The steps of the main job, each recorded; `run` plays them all."""

    def __init__(self) -> None:
        self.warm_up: list[Call] = []
        self.steps: dict[str, Step] = {}
        self._waiting: list[str] = []
        self._recorder = Recorder()

    def run(self, *, listed: int) -> "Rehearsal":
        """Play every step, with `listed` complaints on the work list. For a fresh process only."""
        self._recorder.install()
        # One after the other, so that it is seen which call is which draft's.
        batch.AT_ONCE = 1
        with moto_cloud.running():
            moto_cloud.put(scenario.COMPLAINTS, scenario.OPEN311_KEY_ITEM)
            agency = self._warmed_up(listed)
            moto_cloud.register_client(agency)
            self._play_warm(agency)
            self._play_payments()
        return self

    def _play_warm(self, agency: str) -> None:
        first = scenario.submit(0)
        number = _body(self._step("submit, anonymous", INTAKE, first))["complaint_id"]
        with_contact = scenario.submit(1, scenario.WITH_CONTACT)
        self._step("submit, with contact", INTAKE, with_contact)
        self._step("the same, anonymous, again", INTAKE, first, of=number)
        self._step("the same, with contact, again", INTAKE, with_contact)
        announced = scenario.stream([_record(number)])
        outbox = self._step("tell routing (stream)", OUTBOX, announced)
        routed = scenario.messages([outbox.calls[0].params["Entries"][0]["MessageBody"]])
        self._step("route", ON_COMPLAINT, routed, of=number)
        self._step("route, told twice", ON_COMPLAINT, routed, of=number)
        self._unrecorded(ROUTING, scenario.work_list(agency))  # learns whose client it is
        self._play_delivery(agency)
        accept = scenario.act(number, ACTION)
        self._step("agency action", ROUTING, accept, of=number)
        self._step("the same action again", ROUTING, accept, of=number)
        self._step("public view", INTAKE, scenario.show(number))
        self._step("work list, a page", ROUTING, scenario.work_list(agency))
        self._step("batch of 25, a draft", INTAKE, scenario.batch(100, BATCH), items=BATCH)
        self._step("Open311 submit", OPEN311, scenario.open311_submit())

    def _play_delivery(self, agency: str) -> None:
        """Take a message of the agency's by its twin and acknowledge it; send another one again."""
        receive = scenario.twin(agency, "receive", {"max": 1})
        (taken,) = _body(self._step("twin: receive a message", ROUTING, receive))["messages"]
        acknowledged = taken["message"]["complaint_id"]
        ack = scenario.twin(agency, "ack", {"receipt": taken["receipt"]})
        self._step("twin: ack", ROUTING, ack, of=acknowledged)
        number = next(one for one in self._waiting if one != acknowledged)
        self._recorded(
            "a repetition, when its clock rings", SWEEP, {}, partial(_rung, number), number
        )
        repeated = scenario.stream([_record(number)])
        with self._recorder.recording() as calls:
            handler(OUTBOX)(repeated, LambdaContext())
        message = scenario.messages([calls[0].params["Entries"][0]["MessageBody"]])
        self._step("a repetition, delivered", ON_COMPLAINT, message, of=number)

    def _play_payments(self) -> None:
        """Receive what providers send, each kind for a first and a second time."""
        for name, event in (
            ("accept a notification", notifications.midtrans()),
            ("accept one by BI-SNAP (RSA)", notifications.snap()),
        ):
            cold, warm = (self._step(name, RECEIVERS, event) for _ in range(2))
            self.steps[name] = replace(warm, first=cold.calls)
        self._play_processing()

    def _play_processing(self) -> None:
        """Process what was accepted, for a first and a second time; the provider confirms it."""
        provider_client().send = notifications.answer_of_provider
        provider_client().midtrans("semarang")  # whose keys a container fetches once
        moto_cloud.put(scenario.PAYMENTS, notifications.order_item())
        accepted = self.steps["accept a notification"].calls[0].params["MessageBody"]
        told = scenario.messages([accepted])
        for name in ("process a notification", "the same notification again"):
            self._step(name, ON_NOTIFICATION, told)

    def _warmed_up(self, listed: int) -> str:
        """Submit and route complaints, unrecorded but for what only a container's first one asks."""
        agency = ""
        for number in range(listed):
            with self._recorder.recording() as calls:
                answer = handler(INTAKE)(scenario.submit(1000 + number), LambdaContext())
            self.warm_up = self.warm_up or list(calls)
            complaint_id = json.loads(answer["body"])["complaint_id"]
            told = scenario.stream([_record(complaint_id)])
            with self._recorder.recording() as calls:
                handler(OUTBOX)(told, LambdaContext())
            body = calls[0].params["Entries"][0]["MessageBody"]
            handler(ON_COMPLAINT)(scenario.messages([body]), LambdaContext())
            self._waiting.append(complaint_id)
            agency = _record(complaint_id)["worklist"]["S"].partition("#")[0]
        return agency

    def _step(
        self, name: str, module: str, event: Event, *, of: str | None = None, items: int = 1
    ) -> Step:
        play = partial(handler(module), event, LambdaContext())
        return self._recorded(name, module, event, play, of, items)

    def _recorded(
        self,
        name: str,
        module: str,
        event: Event,
        play: Callable[[], Any],
        of: str | None = None,
        items: int = 1,
    ) -> Step:
        with self._recorder.recording() as calls:
            answer = play()
        assert not isinstance(answer, dict) or answer.get("statusCode", 200) < 300, answer
        step = Step(
            name=name,
            handler=module,
            event=event,
            answer=answer,
            calls=calls,
            record_bytes=item_bytes(_record(of)) if of else 0,
            items=items,
        )
        self.steps[name] = step
        return step

    def _unrecorded(self, module: str, event: Event) -> None:
        handler(module)(event, LambdaContext())


def rehearsed(listed: int) -> tuple[list[Call], dict[str, Step]]:
    """Return the calls of a container's first submission, and the steps of warm ones by name."""
    done = Rehearsal().run(listed=listed)
    return done.warm_up, done.steps


def _rung(complaint_id: str) -> bool:
    """Let a complaint's clock of delivery ring as if a day had passed."""
    from functions.agency_routing.clockwork import ring
    from functions.agency_routing.every_quarter_hour import complaints

    store = complaints()
    rung = ring(DELIVERY, complaint_id, now=now() + timedelta(days=1, hours=1), store=store)
    assert rung
    return rung


def _body(step: Step) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(step.answer["body"])
    return found


def _record(complaint_id: str) -> Mapping[str, Any]:
    found = moto_cloud.stored(scenario.COMPLAINTS, moto_cloud.record_key(complaint_id))
    assert found
    return found
