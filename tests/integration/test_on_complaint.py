"""The routing queue and the sweep through their handlers: each complaint reaches one agency."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import repeat
from typing import Any

import pytest
from botocore.exceptions import ClientError

from functions.agency_routing import every_quarter_hour, on_complaint
from functions.agency_routing.clockwork import RINGS
from shared import aws
from shared.clock import now
from shared.complaints import marks, store
from shared.complaints.events import to_deliver
from shared.complaints.items import undelivered_mark, undelivered_shard
from shared.complaints.law import Action, Status
from shared.complaints.record import Complaint
from shared.complaints.store import ComplaintStore
from tests.aws_double import AGENCY_QUEUES, COMPLAINTS, ROUTING_QUEUE, messages
from tests.builders import CONTEXT, a_complaint, an_assignment, an_entry, an_sqs_event

pytestmark = pytest.mark.usefixtures("small_config", "aws_double")


@pytest.fixture
def table() -> ComplaintStore:
    return ComplaintStore(COMPLAINTS)


def stored(table: ComplaintStore, **changes: Any) -> Complaint:
    complaint = a_complaint(**changes)
    assert table.submit(complaint) is None
    return complaint


def queue_of(agency: str) -> str:
    return AGENCY_QUEUES + agency


def test_each_complaint_of_a_batch_reaches_its_agency(table):
    road, waste = stored(table), stored(table, service_code="sampah")
    unclear = stored(table, service_code=None, description="Halo")
    batch = an_sqs_event(*map(to_deliver, (road, waste, unclear)))
    assert on_complaint.handler(batch, CONTEXT) == {"batchItemFailures": []}
    for agency, complaint in (
        ("semarang-dpu", road),
        ("semarang-dlh", waste),
        ("semarang-diskominfo", unclear),
    ):
        (message,) = messages(queue_of(agency))
        assert message["complaint_id"] == complaint.complaint_id
        after = table.get(complaint.complaint_id)
        assert after is not None
        assert after.undelivered_since is None


def test_only_the_complaint_that_failed_comes_again_and_keeps_its_mark(table, monkeypatch):
    road, waste = stored(table), stored(table, service_code="sampah")
    broken = on_complaint.send

    def send(agency: str, message: Any) -> None:
        broken(f"{agency}-gone" if agency == "semarang-dlh" else agency, message)

    monkeypatch.setattr(on_complaint, "send", send)
    batch = an_sqs_event(to_deliver(waste), to_deliver(road), {"type": "unheard.of"})
    assert on_complaint.handler(batch, CONTEXT) == {
        "batchItemFailures": [{"itemIdentifier": "m0"}, {"itemIdentifier": "m2"}]
    }
    assert len(messages(queue_of("semarang-dpu"))) == 1
    after = table.get(waste.complaint_id)
    assert after is not None
    assert (after.status, after.undelivered_since) == (Status.ASSIGNED, waste.undelivered_since)


def test_a_message_that_comes_again_is_done_and_sends_nothing(table):
    batch = an_sqs_event(to_deliver(stored(table)))
    on_complaint.handler(batch, CONTEXT)
    assert on_complaint.handler(batch, CONTEXT) == {"batchItemFailures": []}
    assert len(messages(queue_of("semarang-dpu"))) == 1


@pytest.mark.parametrize(
    ("changes", "metric"), [({}, "Assigned"), ({"service_code": None}, "Triaged")]
)
def test_deliveries_are_counted(table, capsys, changes, metric):
    complaint = stored(table, description="Halo", **changes)
    on_complaint.handler(an_sqs_event(to_deliver(complaint)), CONTEXT)
    counted = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "_aws" in line]
    assert [one[metric] for one in counted] == [[1.0]]
    assert [one["service"] for one in counted] == ["agency_routing"]


def test_news_of_a_complaint_is_counted_apart(table, capsys):
    before = stored(table, status=Status.RESOLVED)
    said = an_entry(action=Action.NOT_FIXED)
    table.record_action(
        before, marks.to_tell(replace(before, version=3), said.action_id, now()), said
    )
    after = table.get(before.complaint_id)
    assert after is not None
    on_complaint.handler(an_sqs_event(to_deliver(after)), CONTEXT)
    counted = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "_aws" in line]
    assert [one["Told"] for one in counted] == [[1.0]]
    assert not {"Assigned", "Triaged"} & counted[0].keys()


@dataclass
class Invocation:
    """What Lambda tells a function about its invocation: how much of its time is left."""

    left_ms: Iterator[int]

    def get_remaining_time_in_millis(self) -> int:
        return next(self.left_ms)


def run_sweep(left_ms: Iterable[int] = ()) -> dict[str, int]:
    left_ms = left_ms or repeat(60_000)
    return every_quarter_hour.handler({}, Invocation(iter(left_ms)))


def sweep(left_ms: Iterable[int] = ()) -> int:
    """Run the sweep and return how many it sent again."""
    return run_sweep(left_ms)["resent"]


def counted(output: str) -> dict[str, Any]:
    """Return the metrics that a run printed, by name."""
    (line,) = (json.loads(line) for line in output.splitlines() if "_aws" in line)
    assert line["service"] == "agency_routing"
    (directive,) = line["_aws"]["CloudWatchMetrics"]
    assert directive["Namespace"] == "Simpul"
    return {one["Name"]: line[one["Name"]] for one in directive["Metrics"]}


class TestSweep:
    OLD = timedelta(minutes=6)

    def test_what_was_not_delivered_in_time_is_sent_again_of_either_kind(self, table):
        old = undelivered_mark(now() - self.OLD, 0)
        new = stored(table, undelivered_since=old)
        moved = stored(
            table,
            status=Status.RETURNED,
            assignments=(an_assignment(1), an_assignment(2, agency="semarang-diskominfo")),
            undelivered_since=undelivered_mark(now() - self.OLD, 2),
        )
        assert sweep() == 2
        sent = {message["complaint_id"]: message for message in messages(ROUTING_QUEUE)}
        assert sent == {one.complaint_id: to_deliver(one) for one in (new, moved)}

    def test_what_is_still_on_its_usual_way_is_left_alone(self, table):
        stored(table, undelivered_since=undelivered_mark(now() - timedelta(minutes=4), 0))
        stored(table, status=Status.ASSIGNED)
        assert sweep() == 0
        assert messages(ROUTING_QUEUE) == []

    def test_what_it_sends_is_delivered(self, table):
        complaint = stored(table, undelivered_since=undelivered_mark(now() - self.OLD, 0))
        sweep()
        on_complaint.handler(an_sqs_event(*messages(ROUTING_QUEUE)), CONTEXT)
        (message,) = messages(queue_of("semarang-dpu"))
        assert message["complaint_id"] == complaint.complaint_id
        assert sweep() == 0

    def test_a_mark_removed_while_the_sweep_reads_is_passed_over(self, table, monkeypatch):
        complaint = stored(
            table,
            status=Status.ASSIGNED,
            undelivered_since=undelivered_mark(now() - self.OLD, 1),
        )

        class LaggingIndex(ComplaintStore):
            def undelivered(self, *arguments: Any) -> Any:
                found = list(super().undelivered(*arguments))
                if found:
                    self.delivered(complaint.complaint_id, str(complaint.undelivered_since))
                return iter([*found, "SMG-GONE"])

        lagging = LaggingIndex(COMPLAINTS)
        monkeypatch.setattr(every_quarter_hour, "complaints", lambda: lagging)
        assert sweep() == 0

    def test_a_flood_is_sent_whole_page_by_page(self, table, monkeypatch):
        monkeypatch.setattr(store, "SWEEP_PAGE", 3)
        flood = {
            stored(table, undelivered_since=undelivered_mark(now() - self.OLD, 0)).complaint_id
            for _ in range(60)
        }
        assert sweep() == 60
        assert {message["complaint_id"] for message in messages(ROUTING_QUEUE)} == flood

    def test_it_stops_when_little_time_is_left_and_then_has_sent_the_oldest_of_each_shard(
        self, table
    ):
        waiting = [
            stored(table, undelivered_since=undelivered_mark(now() - self.OLD * n, 0))
            for n in range(60, 0, -1)
        ]
        shards = {undelivered_shard(one.complaint_id) for one in waiting}
        before_the_end = every_quarter_hour.RESERVE_MS + 1
        assert sweep([*[before_the_end] * len(shards), before_the_end - 1]) == len(shards)
        sent = {message["complaint_id"] for message in messages(ROUTING_QUEUE)}
        oldest = {undelivered_shard(one.complaint_id): one for one in reversed(waiting)}
        assert sent == {one.complaint_id for one in oldest.values()}

    def test_a_record_that_cannot_be_read_holds_up_no_other(self, table, caplog):
        broken, whole = (
            stored(table, undelivered_since=undelivered_mark(now() - self.OLD, 0)) for _ in range(2)
        )
        aws.dynamodb().update_item(
            TableName=COMPLAINTS,
            Key={"pk": {"S": f"C#{broken.complaint_id}"}, "sk": {"S": "RECORD"}},
            UpdateExpression="REMOVE created_at",
        )
        assert sweep() == 1
        assert [one["complaint_id"] for one in messages(ROUTING_QUEUE)] == [whole.complaint_id]
        (told,) = (one for one in caplog.records if one.message == "unreadable")
        assert vars(told)["complaint_id"] == broken.complaint_id

    def test_it_tells_how_many_it_sent_and_how_old_the_oldest_mark_is(self, table, capsys):
        for minutes in (6, 90, 30):
            mark = undelivered_mark(now() - timedelta(minutes=minutes), 0)
            stored(table, undelivered_since=mark)
        sweep()
        metrics = counted(capsys.readouterr().out)
        assert metrics["Resent"] == [3]
        assert metrics["OldestMarkAgeSeconds"] == [pytest.approx(90 * 60, abs=30)]

    def test_with_nothing_to_send_the_oldest_mark_has_no_age(self, capsys):
        assert sweep() == 0
        assert counted(capsys.readouterr().out) == {
            "Resent": [0],
            "OldestMarkAgeSeconds": [0],
            "Stuck": [0],
            **{f"Rung{kind.title()}": [0] for kind in RINGS},
        }

    def test_a_failing_send_fails_the_run(self, table, monkeypatch):
        stored(table, undelivered_since=undelivered_mark(now() - self.OLD, 0))
        monkeypatch.setenv("ROUTING_QUEUE_URL", f"{ROUTING_QUEUE}-gone")
        with pytest.raises(ClientError):
            sweep()


class TestLapse:
    """Questions whose time has run out, by the same schedule."""

    @staticmethod
    def asked(table: ComplaintStore, until: timedelta) -> Complaint:
        return stored(
            table,
            status=Status.NEEDS_INFORMATION,
            clock="answer",
            clock_at=now() + until,
        )

    def test_what_nobody_answered_goes_on_and_the_agency_hears_it(self, table, capsys):
        late, early = (self.asked(table, timedelta(minutes=one)) for one in (-1, 60))
        assert run_sweep() == {"resent": 0, **dict.fromkeys(RINGS, 0), "answer": 1}
        assert counted(capsys.readouterr().out)["RungAnswer"] == [1]
        after = table.get(late.complaint_id)
        assert after is not None
        assert after.status is Status.IN_PROGRESS
        on_complaint.handler(an_sqs_event(to_deliver(after)), CONTEXT)
        (message,) = messages(queue_of("semarang-dpu"))
        assert (message["type"], message["action"]) == ("complaint_changed.v1", "lapse")
        assert table.get(early.complaint_id) == early
        assert run_sweep()["answer"] == 0

    def test_what_was_done_and_waits_for_its_retention_does_not_lapse(self, table):
        stored(table, status=Status.RESOLVED, clock="retention", clock_at=now() - timedelta(days=1))
        assert run_sweep()["answer"] == 0

    def test_it_stops_when_little_time_is_left_and_goes_on_the_next_time(self, table):
        for _ in range(3):
            self.asked(table, -timedelta(minutes=1))
        enough = every_quarter_hour.RESERVE_MS + 1
        assert run_sweep([enough, enough, enough - 1])["answer"] == 2
        assert run_sweep()["answer"] == 1

    def test_one_that_cannot_be_read_keeps_no_other_waiting(self, table):
        broken = self.asked(table, -timedelta(minutes=2))
        late = self.asked(table, -timedelta(minutes=1))
        aws.dynamodb().update_item(
            TableName=COMPLAINTS,
            Key={"pk": {"S": f"C#{broken.complaint_id}"}, "sk": {"S": "RECORD"}},
            UpdateExpression="SET #kind = :none",
            ExpressionAttributeNames={"#kind": "status"},
            ExpressionAttributeValues={":none": {"S": "unheard-of"}},
        )
        assert run_sweep()["answer"] == 1
        after = table.get(late.complaint_id)
        assert after is not None
        assert after.status is Status.IN_PROGRESS

    def test_kinds_take_turns(self, table):
        for _ in range(3):
            self.asked(table, -timedelta(minutes=9))
        late = stored(
            table,
            status=Status.ACCEPTED,
            due_at=now() - timedelta(minutes=1),
            escalation=1,
            clock="overdue",
            clock_at=now() - timedelta(minutes=1),
        )
        enough = every_quarter_hour.RESERVE_MS + 1
        done = run_sweep([enough, enough, enough - 1])
        assert (done["answer"], done["overdue"]) == (1, 1)
        after = table.get(late.complaint_id)
        assert after is not None
        assert (after.escalation, after.clock) == (2, "overdue")
        on_complaint.handler(an_sqs_event(to_deliver(after)), CONTEXT)
        (message,) = messages(queue_of("semarang-dpu"))
        assert (message["action"], message["status"]) == ("escalate", "accepted")
