"""An erasure is finished wherever it was cut short, and on the day that it is due."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from functions.complaint_intake import every_day, on_erasure
from functions.complaint_intake.rights import erasure
from functions.complaint_intake.rights.stores import complaints, register
from shared.clock import now
from shared.complaints.events import erasure_requested
from shared.complaints.law import Action
from shared.complaints.record import Complaint
from tests.aws_double import (
    ERASURES_QUEUE,
    messages,
)
from tests.builders import (
    CONTEXT,
    an_entry,
    an_sqs_event,
)
from tests.dying import Died, dying
from tests.integration.rights.reporters import (
    IN_TIME,
    SECRET,
    everything,
    forget,
    path,
    present,
    reported,
    token,
)
from tests.integration.test_intake_api import call

pytestmark = [pytest.mark.usefixtures("small_config", "aws_double")]


@pytest.mark.parametrize("reason", ["request", "retention"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_wherever_the_function_dies_a_repeat_finishes_the_erasure(reason, when):
    def start() -> Complaint:
        complaint = reported()
        if reason == "request":
            call("DELETE", path(complaint), headers=token(complaint))
        return complaint

    complaint = start()
    with dying() as made:
        forget(complaint.complaint_id, reason)
    calls = len(made)
    assert {"Query", "UpdateItem", "DeleteItem", "DeleteObject", "PutItem"} <= set(made)
    for call_no in range(calls):
        complaint = start()
        with pytest.raises(Died), dying(call_no, when):
            forget(complaint.complaint_id, reason)
        forget(complaint.complaint_id, reason)
        assert present(complaint).erased_at
        assert SECRET not in everything()
        log = register().held(complaint.complaint_id).log
        assert len([one for one in log if one["by"] == "simpul"]) == 1
    print(f"{reason}, {when}: {calls} crash points")


def test_whoever_changes_the_complaint_meanwhile_has_it_erased_a_little_later(monkeypatch):
    complaint = reported()
    call("DELETE", path(complaint), headers=token(complaint))
    take_words_out = erasure.Eraser._take_words_out

    def meanwhile(self: Any, complaint_id: str, *more: Any) -> None:
        monkeypatch.setattr(erasure.Eraser, "_take_words_out", take_words_out)
        before = present(complaint)
        note = an_entry(action=Action.NOTE, internal_note="Bu Rahasia lagi")
        complaints().record_action(before, replace(before, version=before.version + 1), note)
        take_words_out(self, complaint_id, *more)

    monkeypatch.setattr(erasure.Eraser, "_take_words_out", meanwhile)
    event = an_sqs_event(erasure_requested(complaint.complaint_id, "request"))
    assert on_erasure.handler(event, CONTEXT)["batchItemFailures"]
    forget(complaint.complaint_id)
    assert SECRET not in everything()


def test_the_daily_look_sends_what_is_over_and_what_is_late():
    long_ago = now() - timedelta(days=800)
    over = reported(closed_at=long_ago)
    reported(closed_at=now())
    late = reported(closed_at=now(), erasure_requested_at=now() - timedelta(hours=2))
    reported(closed_at=now(), erasure_requested_at=now())
    reported(closed_at=long_ago, erased_at=long_ago)
    assert every_day.handler({}, IN_TIME) == {"late": 1, "over": 1}
    sent = {one["complaint_id"]: one["reason"] for one in messages(ERASURES_QUEUE)}
    assert sent == {late.complaint_id: "request", over.complaint_id: "retention"}


def test_the_daily_look_stops_in_time_and_goes_on_tomorrow():
    for _ in range(3):
        reported(closed_at=now() - timedelta(days=800))
    left = iter([True, False])
    assert every_day.look(now(), lambda: next(left, False)) == {"late": 0, "over": 1}
    assert len(messages(ERASURES_QUEUE)) == 1
    assert every_day.look(now(), lambda: True) == {"late": 0, "over": 3}
